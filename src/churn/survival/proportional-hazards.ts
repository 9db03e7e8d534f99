import { choleskyFactor, choleskySolve } from '../../numerics/cholesky.ts';
import { log } from '../../numerics/elementary.ts';
import { type ChiSquaredTest, chiSquaredTest } from './chi-squared-test.ts';
import type { CoxLikelihood } from './cox-likelihood.ts';
import { productLimit } from './product-limit.ts';
import { atEvents, atRisk, lastAtMost, type RiskSets, riskSets } from './risk-sets.ts';

/**
 * The function of time g that an effect is tested to change with: 1 − S(t−) of Kaplan–Meier, which spreads events evenly and
 * is not ruled by a few late ones; t; or ln t.
 */
export type TimeTransform = 'km' | 'identity' | 'log';

/** Whether effects change with time; a small p-value says that they do. */
export interface ProportionalHazardsTest {
  readonly transform: TimeTransform;
  readonly global: ChiSquaredTest;
  /** Per feature, all its columns at once. */
  readonly features: readonly ({ readonly column: string } & ChiSquaredTest)[];
}

/**
 * Score test of γ = 0 in β(t) = β + γ·g(t), from the Schoenfeld residuals U_k and their variances V_k at the event times:
 * u = Σ g_k·U_k has the variance Σ g²V − (ΣgV)(ΣV)⁻¹(ΣgV), β being estimated as well.
 * Source: Schoenfeld (1982); Grambsch & Therneau (1994), in the exact form of the R package survival since 3.0.
 *
 * @param owner feature index per design column.
 */
export function testProportionalHazards(
  likelihood: CoxLikelihood,
  beta: Float64Array,
  time: Float64Array,
  {
    transform,
    features,
    owner,
    dropped,
  }: {
    readonly transform: TimeTransform;
    readonly features: readonly string[];
    readonly owner: readonly number[];
    readonly dropped: Uint8Array;
  },
): ProportionalHazardsTest | null {
  const live = owner.flatMap((_, j) => (dropped[j + 1] === 0 ? [j + 1] : []));
  const p = live.length;
  const g = unitRange(time);
  if (p === 0 || g === null) return null;
  const { size } = likelihood;
  const gradient = new Float64Array(size);
  const pack = (weight: Float64Array): Float64Array => {
    const full = new Float64Array(size * size);
    likelihood.weighted(beta, weight, gradient, full);
    const out = new Float64Array(p * p);
    live.forEach((j, a) => {
      live.forEach((k, b) => {
        out[a * p + b] = full[Math.max(j, k) * size + Math.min(j, k)]!;
      });
    });
    return out;
  };
  const plain = pack(new Float64Array(g.length).fill(1));
  const schur = pack(g.map((x) => x * x));
  const mixed = pack(g);
  const u = Float64Array.from(live, (j) => gradient[j]!);
  if (choleskyFactor(plain, p) === 0) return null;
  const column = new Float64Array(p);
  for (let b = 0; b < p; b++) {
    for (let a = 0; a < p; a++) column[a] = mixed[a * p + b]!;
    choleskySolve(plain, p, column);
    for (let a = 0; a < p; a++)
      for (let c = 0; c < p; c++) schur[a * p + b] = schur[a * p + b]! - mixed[a * p + c]! * column[c]!;
  }
  const test = (of: readonly number[]): ChiSquaredTest | null => {
    const n = of.length;
    const factor = new Float64Array(n * n);
    const solved = Float64Array.from(of, (a) => u[a]!);
    of.forEach((a, i) => {
      of.forEach((b, j) => {
        factor[i * n + j] = schur[a * p + b]!;
      });
    });
    if (n === 0 || choleskyFactor(factor, n) === 0) return null;
    choleskySolve(factor, n, solved);
    return chiSquaredTest(
      of.reduce((sum, a, i) => sum + u[a]! * solved[i]!, 0),
      n,
    );
  };
  const global = test(live.map((_, a) => a));
  if (global === null) return null;
  return {
    transform,
    global,
    features: features.flatMap((name, f) => {
      const own = test(live.flatMap((j, a) => (owner[j - 1] === f ? [a] : [])));
      return own === null ? [] : [{ column: name, ...own }];
    }),
  };
}

/** g at the event times of `sets`; Kaplan–Meier over all strata together, just before each time. */
export function transformTimes(
  transform: TimeTransform,
  sets: RiskSets,
  times: { readonly entry: Float64Array; readonly exit: Float64Array; readonly event: Float64Array },
): Float64Array {
  if (transform === 'identity') return sets.times.slice();
  if (transform === 'log') return sets.times.map(log);
  const pooled = riskSets(times, { codes: new Int32Array(times.exit.length), count: 1 });
  const { survival } = productLimit(atRisk(pooled), atEvents(pooled, times.event));
  return sets.times.map((t) => {
    const k = lastAtMost(pooled.times, 0, pooled.times.length, t);
    return k <= 0 ? 0 : 1 - survival[k - 1]!;
  });
}

/** Shifted and scaled to 0 … 1, which the test does not notice; null when all times are alike. */
function unitRange(g: Float64Array): Float64Array | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < g.length; k++) {
    low = Math.min(low, g[k]!);
    high = Math.max(high, g[k]!);
  }
  return low < high ? g.map((x) => (x - low) / (high - low)) : null;
}
