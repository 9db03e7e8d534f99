import { exp, log, log1p } from './elementary.ts';
import { normalQuantile } from './normal.ts';
import { lgamma } from './special.ts';

const TWO_PI = 2 * Math.PI;
const ROUNDS = 100_000;

/** x^a e^(−x)/Γ(a + 1), the front factor of both expansions. */
function front(a: number, x: number): number {
  if (a < 20) return exp(a * log(x) - x - lgamma(a + 1));
  // Stirling's series (DLMF 5.11.1) about x = a, so that no large logarithms cancel.
  const u = (x - a) / a;
  const w = 1 / (a * a);
  const tail = (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w / 1188)))) / a;
  return exp(a * ((u > -0.5 ? log1p(u) : log(x / a)) - u) - tail) / Math.sqrt(TWO_PI * a);
}

/** P(a, x) by the series DLMF 8.7.1, for x < a + 1. */
function series(a: number, x: number): number {
  let term = 1;
  let total = 1;
  for (let n = 1; n < ROUNDS && term > 1e-17 * total; n++) {
    term *= x / (a + n);
    total += term;
  }
  return front(a, x) * total;
}

/** Q(a, x) by the continued fraction DLMF 8.9.2 in its even form (Lentz's method), for x ≥ a + 1. */
function fraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = Number.POSITIVE_INFINITY;
  let d = 1 / b;
  let product = d;
  for (let n = 1; n < ROUNDS; n++) {
    const step = n * (a - n);
    b += 2;
    d = 1 / (b + step * d);
    c = b + step / c;
    product *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return a * front(a, x) * product;
}

const defined = (a: number, x: number): boolean => a > 0 && a < Number.POSITIVE_INFINITY && x >= 0;

/**
 * Regularised lower incomplete gamma function P(a, x) = γ(a, x)/Γ(a) for a > 0, x ≥ 0; NaN elsewhere. Relative precision
 * about 1e-14 while P is small. Source: DLMF 8.2.4.
 * @example lowerGamma(1, 1) // 0.6321205588285577 = 1 − 1/e
 */
export function lowerGamma(a: number, x: number): number {
  if (!defined(a, x)) return Number.NaN;
  if (x === 0) return 0;
  if (x === Number.POSITIVE_INFINITY) return 1;
  return x < a + 1 ? series(a, x) : 1 - fraction(a, x);
}

/**
 * Regularised upper incomplete gamma function Q(a, x) = Γ(a, x)/Γ(a) = 1 − P(a, x) for a > 0, x ≥ 0; NaN elsewhere.
 * Relative precision about 1e-14 in the far tail. Source: DLMF 8.2.4.
 * @example upperGamma(1, 1) // 0.36787944117144233 = 1/e
 */
export function upperGamma(a: number, x: number): number {
  if (!defined(a, x)) return Number.NaN;
  if (x === 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  return x < a + 1 ? 1 - series(a, x) : fraction(a, x);
}

/**
 * P(X > x) for X chi-squared with `df` > 0 degrees of freedom: the p-value of a test (Abramowitz & Stegun 26.4.19).
 * @example chiSquaredTail(3.841458820694124, 1) // 0.05
 */
export function chiSquaredTail(x: number, df: number): number {
  return upperGamma(df / 2, Math.max(x, 0) / 2);
}

/** P(X ≤ x). */
export function chiSquaredCdf(x: number, df: number): number {
  return lowerGamma(df / 2, Math.max(x, 0) / 2);
}

/**
 * The x with P(X ≤ x) = p for X chi-squared with `df` > 0 degrees of freedom: Newton's method from the Wilson–Hilferty
 * approximation, kept inside a bracket. 0 and Infinity at p = 0 and 1, NaN outside [0, 1].
 * @example chiSquaredQuantile(0.95, 1) // 3.841458820694124
 */
export function chiSquaredQuantile(p: number, df: number): number {
  if (!(p >= 0 && p <= 1 && df > 0 && df < Number.POSITIVE_INFINITY)) return Number.NaN;
  if (p === 0) return 0;
  if (p === 1) return Number.POSITIVE_INFINITY;
  const a = df / 2;
  // The smaller tail is solved for, since only it keeps its digits.
  const upper = p > 0.5;
  const excess = upper ? (x: number): number => 1 - p - upperGamma(a, x) : (x: number): number => lowerGamma(a, x) - p;
  const h = 2 / (9 * df);
  const cube = 1 - h + normalQuantile(p) * Math.sqrt(h);
  // Where that leaves the support, p ≈ x^a/Γ(a + 1).
  const start = a * cube * cube * cube;
  let x = cube > 0.1 ? start : exp((log(p) + lgamma(a + 1)) / a);
  if (x === 0) return 0;
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 500; round++) {
    const over = excess(x);
    if (over === 0) break;
    if (over > 0) high = x;
    else low = x;
    const density = (a / x) * front(a, x);
    const newton = x - over / density;
    const next =
      newton > low && newton < high ? newton : high === Number.POSITIVE_INFINITY ? 2 * x : low + (high - low) / 2;
    const step = Math.abs(next - x);
    x = next;
    if (step <= 2e-16 * x) break;
  }
  return 2 * x;
}
