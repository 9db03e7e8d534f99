import { exp, log, log1p } from './elementary.ts';

const HALF_LOG_TWO_PI = 0.9189385332046727;
const EULER = 0.5772156649015329;

// (ζ(k) − 1)/k for k = 2 … 29: lnΓ(2 + z) = (1 − γ)z + Σ (−1)^k (ζ(k) − 1) z^k / k, |z| ≤ 1/2 (DLMF 5.7.3).
const ZETA = Float64Array.of(
  0.3224670334241132,
  0.0673523010531981,
  0.020580808427784546,
  0.007385551028673986,
  0.0028905103307415234,
  0.001192753911703261,
  0.0005096695247430425,
  0.00022315475845357939,
  9.945751278180853e-5,
  4.492623673813314e-5,
  2.050721277567069e-5,
  9.439488275268397e-6,
  4.374866789907488e-6,
  2.039215753801366e-6,
  9.55141213040742e-7,
  4.492469198764566e-7,
  2.1207184805554665e-7,
  1.0043224823968099e-7,
  4.7698101693639804e-8,
  2.2711094608943164e-8,
  1.0838659214896955e-8,
  5.183475041970047e-9,
  2.4836745438024785e-9,
  1.1921401405860912e-9,
  5.731367241678862e-10,
  2.7595228851242334e-10,
  1.330476437424449e-10,
  6.4229645638381e-11,
);

/** Where the asymptotic series take over: their last kept term is then below 1e-17 of the first. */
const LARGE = 10;

/** lnΓ(x) − ((x − ½)ln x − x + ½ln 2π) for x ≥ {@link LARGE} (DLMF 5.11.1). */
function stirling(x: number): number {
  const w = 1 / (x * x);
  return (
    (1 / 12 +
      w *
        (-1 / 360 +
          w *
            (1 / 1260 +
              w * (-1 / 1680 + w * (1 / 1188 + w * (-691 / 360360 + w * (1 / 156 + w * (-3617 / 122400)))))))) /
    x
  );
}

/** ψ(x) − ln x for x ≥ {@link LARGE} (DLMF 5.11.2). */
function digammaTail(x: number): number {
  const w = 1 / (x * x);
  return (
    -0.5 / x -
    w *
      (1 / 12 +
        w *
          (-1 / 120 +
            w * (1 / 252 + w * (-1 / 240 + w * (1 / 132 + w * (-691 / 32760 + w * (1 / 12 + w * (-3617 / 8160))))))))
  );
}

/** ψ′(x) for x ≥ {@link LARGE} (DLMF 5.15.8). */
function trigammaLarge(x: number): number {
  const w = 1 / (x * x);
  return (
    1 / x +
    w / 2 +
    (w / x) *
      (1 / 6 +
        w *
          (-1 / 30 + w * (1 / 42 + w * (-1 / 30 + w * (5 / 66 + w * (-691 / 2730 + w * (7 / 6 + w * (-3617 / 510))))))))
  );
}

/** lnΓ(2 + z) for |z| ≤ 1/2. */
function lgammaNearTwo(z: number): number {
  let sum = 0;
  for (let k = ZETA.length - 1; k >= 0; k--) sum = ZETA[k]! - z * sum;
  return z * (1 - EULER + z * sum);
}

/**
 * lnΓ(x) for x > 0, to a few units in the last place, relative also near its zeros at 1 and 2. Infinity at 0, NaN below.
 * @example lgamma(10) // 12.801827480081469 = ln 9!
 */
export function lgamma(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  if (x >= LARGE)
    return x > 1e306 ? Number.POSITIVE_INFINITY : (x - 0.5) * log(x) - x + (HALF_LOG_TWO_PI + stirling(x));
  if (x < 0.5) return lgammaNearTwo(x) - log1p(x) - log(x);
  if (x < 1.5) return lgammaNearTwo(x - 1) - log1p(x - 1);
  let product = 1;
  while (x >= 2.5) {
    x -= 1;
    product *= x;
  }
  return log(product) + lgammaNearTwo(x - 2);
}

/**
 * ψ(x), the derivative of lnΓ, for x > 0; absolute error a few 1e-16 (relative error grows at its zero 1.4616…).
 * @example digamma(1) // −0.5772156649015329 = −γ
 */
export function digamma(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  let shift = 0;
  while (x < LARGE) {
    shift += 1 / x;
    x += 1;
  }
  return log(x) + (digammaTail(x) - shift);
}

/**
 * ψ′(x), the second derivative of lnΓ, for x > 0.
 * @example trigamma(1) // 1.6449340668482264 = π²/6
 */
export function trigamma(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  let shift = 0;
  while (x < LARGE) {
    shift += 1 / (x * x);
    x += 1;
  }
  return shift + trigammaLarge(x);
}

/**
 * lnΓ(c + d) − lnΓ(c) for c > 0, d ≥ 0, without the cancellation of two large logarithms.
 * @example lgammaRise(1e12, 2) // 55.26204223185… = ln(c(c+1))
 */
export function lgammaRise(c: number, d: number): number {
  if (c < LARGE) return lgamma(c + d) - lgamma(c);
  return (c - 0.5) * log1p(d / c) + d * (log(c + d) - 1) + (stirling(c + d) - stirling(c));
}

/** ψ(c + d) − ψ(c) for c > 0, d ≥ 0, without cancellation for large c or small d (there to 1e-11). */
export function digammaRise(c: number, d: number): number {
  if (d < 1e-5 * c) return d * trigamma(c + d / 2);
  if (c < LARGE) return digamma(c + d) - digamma(c);
  return log1p(d / c) + (digammaTail(c + d) - digammaTail(c));
}

/** ln B(a, b) = lnΓ(a) + lnΓ(b) − lnΓ(a + b) for a, b > 0. */
export function lbeta(a: number, b: number): number {
  const small = Math.min(a, b);
  return lgamma(small) - lgammaRise(Math.max(a, b), small);
}

/** ln(1 + e^x) without overflow. */
export function log1pexp(x: number): number {
  return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

/** ln(e^a + e^b) without overflow. */
export function logaddexp(a: number, b: number): number {
  const high = Math.max(a, b);
  return high === Number.NEGATIVE_INFINITY ? high : high + log1p(exp(-Math.abs(a - b)));
}
