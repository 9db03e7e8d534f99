import { exp, log, log1p } from './elementary.ts';
import { incompleteBeta } from './incomplete-beta.ts';
import { normalQuantile } from './normal.ts';
import { lbeta } from './special.ts';

/** P(T > t) of Student's t distribution with `df` degrees of freedom, for t ≥ 0: ½ I_{ν/(ν+t²)}(ν/2, ½). */
function upperTail(t: number, df: number): number {
  const square = t * t;
  return 0.5 * incompleteBeta(df / (df + square), square / (df + square), df / 2, 0.5);
}

/**
 * Distribution function of Student's t distribution with `df` > 0 degrees of freedom (Abramowitz & Stegun 26.7.1).
 * @example studentTCdf(1, 1) // 0.75
 */
export function studentTCdf(t: number, df: number): number {
  if (!(df > 0) || t !== t) return Number.NaN;
  const tail = upperTail(Math.abs(t), df);
  return t < 0 ? tail : 1 - tail;
}

/**
 * Quantile of Student's t distribution with `df` > 0 degrees of freedom: the root of the tail probability by Newton's
 * method, kept inside a bracket. −Infinity and Infinity at p = 0 and 1, NaN outside [0, 1].
 * @example studentTQuantile(0.975, 9) // 2.262157162798205
 */
export function studentTQuantile(p: number, df: number): number {
  if (!(p >= 0 && p <= 1 && df > 0)) return Number.NaN;
  if (p === 0.5) return 0;
  const tail = p < 0.5 ? p : 1 - p;
  const sign = p < 0.5 ? -1 : 1;
  if (tail === 0) return sign * Number.POSITIVE_INFINITY;
  let low = 0;
  let high = Math.max(1, -normalQuantile(tail));
  while (upperTail(high, df) > tail) {
    low = high;
    high *= 2;
  }
  const scale = -lbeta(df / 2, 0.5) - log(df) / 2;
  let t = (low + high) / 2;
  for (let round = 0; round < 200; round++) {
    const excess = upperTail(t, df) - tail;
    if (excess > 0) low = t;
    else high = t;
    const density = exp(scale - ((df + 1) / 2) * log1p((t * t) / df));
    const newton = t + excess / density;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    const step = Math.abs(next - t);
    t = next;
    if (step <= 2e-16 * t) break;
  }
  return sign * t;
}
