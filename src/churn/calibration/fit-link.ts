import { exp, log, log1p } from '../../numerics/elementary.ts';
import { inverseHessian, minimise } from '../../numerics/newton.ts';
import { sigmoid } from '../../numerics/sigmoid.ts';
import { sum } from '../../numerics/sum.ts';

/** logit P = intercept + Σ slopes·x, by maximum likelihood. */
export interface LinkFit {
  readonly intercept: number;
  readonly slopes: readonly number[];
  /** Of the intercept, then of the slopes; null where the likelihood is flat. */
  readonly standardErrors: readonly (number | null)[];
  readonly loss: number;
  readonly converged: boolean;
}

/**
 * Fits probabilities `target` (0 and 1, or smoothed) on a few columns: Newton on centred and scaled columns. A constant
 * column gets the slope 0.
 */
export function fitLink(columns: readonly Float64Array[], target: Float64Array, weight: Float64Array): LinkFit {
  const total = sum(weight);
  const centred = columns.map((x) => {
    const mean = sum(x.map((value, i) => value * weight[i]!)) / total;
    const scale = Math.sqrt(sum(x.map((value, i) => weight[i]! * (value - mean) ** 2)) / total);
    const constant = x.every((value) => value === x[0]);
    return { mean, scale: constant ? 0 : scale, z: x.map((value) => (constant ? 0 : (value - mean) / scale)) };
  });
  const used = centred.filter(({ scale }) => scale > 0);
  const k = used.length + 1;
  const row = new Float64Array(k);
  const rate = sum(target.map((t, i) => t * weight[i]!)) / total;
  const start = new Float64Array(k);
  start[0] = log(rate) - log1p(-rate);
  const fit = minimise((beta, gradient, hessian) => {
    gradient.fill(0);
    hessian.fill(0);
    const losses = new Float64Array(target.length);
    for (let i = 0; i < target.length; i++) {
      row[0] = 1;
      let eta = beta[0]!;
      for (let j = 1; j < k; j++) {
        row[j] = used[j - 1]!.z[i]!;
        eta += beta[j]! * row[j]!;
      }
      const t = target[i]!;
      const w = weight[i]! / total;
      const p = sigmoid(eta);
      losses[i] = w * (log1p(exp(-Math.abs(eta))) + (eta > 0 ? (1 - t) * eta : -t * eta));
      for (let j = 0; j < k; j++) {
        gradient[j]! += w * (p - t) * row[j]!;
        for (let l = 0; l < k; l++) hessian[j * k + l]! += w * p * (1 - p) * row[j]! * row[l]!;
      }
    }
    return sum(losses);
  }, start);
  const at = centred.map((column) => used.indexOf(column as (typeof used)[number]) + 1);
  const slopes = centred.map(({ scale }, c) => (at[c]! > 0 ? fit.x[at[c]!]! / scale : 0));
  const inverse = inverseHessian(fit.hessian, k);
  // The intercept on the raw scale is β₀ − Σ βⱼ·mean/scale.
  const combination = [1, ...used.map(({ mean, scale }) => -mean / scale)];
  const variance = (g: readonly number[]): number => {
    let all = 0;
    for (let j = 0; j < k; j++) for (let l = 0; l < k; l++) all += g[j]! * inverse![j * k + l]! * g[l]!;
    return all / total;
  };
  const unit = (place: number, scale: number): number[] =>
    Array.from({ length: k }, (_, j) => (j === place ? 1 / scale : 0));
  return {
    intercept: fit.x[0]! - sum(centred.map(({ mean }, c) => slopes[c]! * mean)),
    slopes,
    standardErrors: inverse
      ? [
          Math.sqrt(variance(combination)),
          ...centred.map(({ scale }, c) => (at[c]! > 0 ? Math.sqrt(variance(unit(at[c]!, scale))) : null)),
        ]
      : [null, ...columns.map(() => null)],
    loss: fit.value,
    converged: fit.converged,
  };
}

/** Whether some cut of the scores parts the classes, in either direction; no slope is then the likeliest one. */
export function separated(scores: Float64Array, y: Float64Array): boolean {
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  scores.forEach((s, i) => {
    const side = y[i]!;
    low[side] = Math.min(low[side]!, s);
    high[side] = Math.max(high[side]!, s);
  });
  return high[0]! <= low[1]! || high[1]! <= low[0]!;
}
