import { exp, log } from '../numerics/elementary.ts';
import { BASELINES, type Baseline } from './baseline.ts';
import { BLOCK, Block } from './block.ts';
import type { Design } from './design.ts';
import type { Likelihood } from './newton.ts';

/** Customers with the periods after + 1 … last each was watched in, and whether the event came in the last of them. */
export interface HazardProblem {
  readonly design: Design;
  readonly after: Float64Array;
  readonly last: Float64Array;
  readonly event: Float64Array;
  readonly baseline: readonly Baseline[];
}

/**
 * The logistic likelihood of person-periods t = after + 1 … last with η = β₀ + z·γ + Σ β_k b_k(t), without expanding them:
 * z does not change over a customer's periods, so Σ_t w, Σ_t w·b and Σ_t w·bbᵀ per customer are all that the
 * gradient and the information need. Coefficients: intercept, baseline, design columns.
 */
export function hazardLikelihood({ design, after, last, event, baseline }: HazardProblem): Likelihood {
  const k = baseline.length;
  const size = 1 + k + design.width;
  const longest = last.reduce((most, t) => Math.max(most, t), 0);
  const basis = baseline.map((name) =>
    Float64Array.from({ length: longest + 1 }, (_, t) => BASELINES[name].at(t || 1)),
  );
  const block = new Block(design.width + 1);
  const { columns } = block;
  columns[0]!.fill(1);
  const weights = new Float64Array(columns.length);
  const place = Int32Array.from(columns, (_, j) => (j === 0 ? 0 : j + k));
  const eta = new Float64Array(BLOCK);
  const residual = new Float64Array(BLOCK);
  const root = new Float64Array(BLOCK);
  const cross = basis.map(() => new Float64Array(BLOCK));
  const odds = new Float64Array(longest + 1);
  const ownCross = new Float64Array(k);
  let total = 0;
  let events = 0;
  for (let i = 0; i < design.rows; i++) {
    total += last[i]! - after[i]!;
    events += event[i]!;
  }

  return {
    size,
    total,
    start: log(events / (total - events)),
    evaluate(beta, gradient, hessian) {
      gradient.fill(0);
      hessian.fill(0);
      block.clearGram();
      for (let j = 0; j < weights.length; j++) weights[j] = beta[place[j]!]!;
      const level = (t: number): number => basis.reduce((sum, b, m) => sum + beta[m + 1]! * b[t]!, 0);
      for (let t = 1; t <= longest; t++) odds[t] = exp(level(t));
      const zGradient = new Float64Array(columns.length);
      const crossGradient = basis.map(() => new Float64Array(columns.length));
      let ll = 0;
      for (let from = 0; from < design.rows; from += BLOCK) {
        const rows = design.fillBlock(from, block.cells, BLOCK);
        block.combine(rows, weights, eta);
        for (let i = 0; i < rows; i++) {
          const until = last[from + i]!;
          const hit = event[from + i]!;
          const u = exp(eta[i]!);
          let product = 1;
          let expected = 0;
          let w = 0;
          ownCross.fill(0);
          for (let t = after[from + i]! + 1; t <= until; t++) {
            const r = u * odds[t]!;
            const q = 1 / (1 + r);
            const p = r * q;
            const own = p * q;
            expected += p;
            w += own;
            product *= q;
            if (product < 1e-200) {
              ll += log(product);
              product = 1;
            }
            for (let m = 0; m < k; m++) {
              const b = basis[m]![t]!;
              gradient[m + 1] = gradient[m + 1]! - p * b;
              ownCross[m] = ownCross[m]! + own * b;
              const row = (m + 1) * size;
              for (let l = 0; l <= m; l++) hessian[row + l + 1] = hessian[row + l + 1]! + own * b * basis[l]![t]!;
            }
          }
          ll += log(product);
          if (hit === 1) {
            ll += eta[i]! + level(until);
            for (let m = 0; m < k; m++) gradient[m + 1] = gradient[m + 1]! + basis[m]![until]!;
          }
          residual[i] = hit - expected;
          root[i] = Math.sqrt(w);
          for (let m = 0; m < k; m++) cross[m]![i] = ownCross[m]!;
        }
        block.addProducts(rows, residual, zGradient);
        for (let m = 0; m < k; m++) block.addProducts(rows, cross[m]!, crossGradient[m]!);
        block.addGram(rows, root);
      }
      for (let a = 0; a < columns.length; a++) {
        gradient[place[a]!] = zGradient[a]!;
        for (let b = 0; b <= a; b++) hessian[place[a]! * size + place[b]!] = block.gram(a, b);
        for (let m = 0; m < k; m++) {
          const high = Math.max(place[a]!, m + 1);
          const low = Math.min(place[a]!, m + 1);
          hessian[high * size + low] = crossGradient[m]![a]!;
        }
      }
      return ll;
    },
  };
}
