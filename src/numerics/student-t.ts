import { exp, log, log1p } from './elementary.ts';
import { normalQuantile } from './normal.ts';
import { lbeta } from './special.ts';

/**
 * Regularised incomplete beta function I_x(a, b) for a, b > 0, with y = 1 − x given beside x so that neither end loses its
 * digits: the continued fraction DLMF 8.17.22, on the side where it converges fast.
 */
function incompleteBeta(x: number, y: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(y, x, b, a);
  const logX = x < 0.5 ? log(x) : log1p(-y);
  const logY = y < 0.5 ? log(y) : log1p(-x);
  const front = exp(a * logX + b * logY - lbeta(a, b)) / a;
  // Lentz's method: the fraction as a running product of convergents c·d.
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    fraction *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return front * fraction;
}

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
