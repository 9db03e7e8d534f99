import { choleskyFactor, choleskyInverse, choleskySolve } from '../numerics/cholesky.ts';
import { factorInOrder, RANK_TOLERANCE } from './rank.ts';

// A smaller standardised share of an exact combination is rounding.
const COMBINED = 1e-6;

export interface Collinearity {
  /** Variance inflation factor per design column; null where it was left out, or is an exact combination of earlier ones. */
  readonly columns: readonly (number | null)[];
  /** Per feature: its variance inflation, comparable across features of one and of several columns. */
  readonly features: readonly (number | null)[];
  /** Features (two or more) whose weights cannot be told apart. */
  readonly groups: readonly (readonly number[])[];
}

/**
 * How far columns can be told apart, from their Gram matrix with the intercept first.
 *
 * Column: VIF = (R⁻¹)_jj of the correlation matrix R, the factor by which the variance of its weight grows because of
 * the other columns. Feature of k columns: GVIF^(1/k), GVIF = det R₁₁·det (R⁻¹)₁₁ (Fox & Monette 1992), which does not
 * depend on the reference level and is the VIF for k = 1.
 *
 * Two features are grouped when weights of theirs correlate by `threshold` or more in size,
 * |R⁻¹_ij|/√(R⁻¹_ii·R⁻¹_jj): at 0.9, leaving out one would divide the variance of the other's weight by 5.3. Groups are the
 * connected components. A column that is an exact combination of earlier ones, which only a penalised fit keeps, has no
 * VIF, and its feature joins those of the columns it is made of.
 *
 * @param gram row-major size × size, lower triangle, weighted Σ xxᵀ; row 0 is the intercept.
 * @param dropped 1 = not in the model.
 * @param feature feature index per column, the intercept left out; −1 for columns that belong to none.
 */
export function collinearity(
  gram: Float64Array,
  size: number,
  dropped: Uint8Array,
  feature: readonly number[],
  threshold: number,
): Collinearity {
  const total = gram[0]!;
  const spread = (j: number, k: number): number =>
    gram[Math.max(j, k) * size + Math.min(j, k)]! - (gram[j * size]! * gram[k * size]!) / total;
  const correlate = (rows: readonly number[], columns: readonly number[]): Float64Array =>
    Float64Array.from(
      rows.flatMap((j) => columns.map((k) => (j === k ? 1 : spread(j, k) / Math.sqrt(spread(j, j) * spread(k, k))))),
    );
  const present: number[] = [];
  for (let j = 1; j < size; j++) if (dropped[j] === 0 && spread(j, j) > 0) present.push(j);
  const combined = new Uint8Array(present.length);
  const pivots = new Float64Array(present.length);
  factorInOrder(correlate(present, present), present.length, () => RANK_TOLERANCE, combined, pivots);
  const active = present.filter((_, a) => combined[a] === 0);
  const n = active.length;
  const correlation = correlate(active, active);
  const factor = correlation.slice();
  const vif: (number | null)[] = feature.map(() => null);
  const features: (number | null)[] = Array.from({ length: Math.max(-1, ...feature) + 1 }, () => null);
  if (n === 0 || choleskyFactor(factor, n) === 0) return { columns: vif, features, groups: [] };
  const inverse = choleskyInverse(factor, n);
  const owner = active.map((j) => feature[j - 1]!);
  active.forEach((j, a) => {
    vif[j - 1] = inverse[a * n + a]!;
  });
  features.forEach((_, f) => {
    const own = owner.flatMap((o, a) => (o === f ? [a] : []));
    if (own.length > 0)
      features[f] = (determinant(correlation, n, own) * determinant(inverse, n, own)) ** (1 / own.length);
  });

  const root = features.map((_, f) => f);
  const find = (f: number): number => (root[f] === f ? f : find(root[f]!));
  for (let a = 0; a < n; a++)
    for (let b = 0; b < a; b++) {
      const [f, g] = [owner[a]!, owner[b]!];
      if (f < 0 || g < 0 || f === g) continue;
      const size = Math.abs(inverse[a * n + b]!) / Math.sqrt(inverse[a * n + a]! * inverse[b * n + b]!);
      if (size >= threshold) root[Math.max(find(f), find(g))] = Math.min(find(f), find(g));
    }
  // A combination of earlier columns, which only a penalty gives a weight, shares it with those it is made of.
  for (const j of threshold > 1 ? [] : present.filter((_, a) => combined[a] === 1)) {
    const shares = correlate([j], active);
    choleskySolve(factor, n, shares);
    shares.forEach((share, a) => {
      const [f, g] = [feature[j - 1]!, owner[a]!];
      if (f >= 0 && g >= 0 && Math.abs(share) > COMBINED) root[Math.max(find(f), find(g))] = Math.min(find(f), find(g));
    });
  }
  const groups = features.map((_, f) => features.flatMap((_, g) => (find(g) === f ? [g] : [])));
  return { columns: vif, features, groups: groups.filter((group) => group.length > 1) };
}

function determinant(matrix: Float64Array, n: number, rows: readonly number[]): number {
  const k = rows.length;
  const own = new Float64Array(k * k);
  for (let a = 0; a < k; a++) for (let b = 0; b < k; b++) own[a * k + b] = matrix[rows[a]! * n + rows[b]!]!;
  if (choleskyFactor(own, k) === 0) return 0;
  let product = 1;
  for (let a = 0; a < k; a++) product *= own[a * k + a]! ** 2;
  return product;
}
