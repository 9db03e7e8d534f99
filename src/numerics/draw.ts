import { exp, log, log1p } from './elementary.ts';
import { cosPi } from './quadrature.ts';
import type { Random } from './random.ts';

/** A draw from the exponential distribution with mean 1. */
export function exponentialDraw(random: Random): number {
  return -log1p(-random.uniform());
}

/** A standard normal draw (Box & Muller 1958). */
export function normalDraw(random: Random): number {
  return Math.sqrt(2 * exponentialDraw(random)) * cosPi(2 * random.uniform(), 1);
}

/**
 * A draw from Gamma(shape, rate) by Marsaglia & Tsang (2000); a shape below 1 by their boost U^(1/shape). A shape of
 * 0 gives 0.
 */
export function gammaDraw(random: Random, shape: number, rate: number): number {
  if (shape === 0) return 0;
  if (shape < 1) return gammaDraw(random, shape + 1, rate) * exp(-exponentialDraw(random) / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const z = normalDraw(random);
    const w = 1 + c * z;
    const v = w * w * w;
    if (v > 0 && -exponentialDraw(random) < (z * z) / 2 + d - d * v + d * log(v)) return (d * v) / rate;
  }
}

/** A draw from Beta(a, b); a = 0 gives 0, b = 0 gives 1. */
export function betaDraw(random: Random, a: number, b: number): number {
  if (a === 0 || b === 0) return a === 0 ? 0 : 1;
  if (a > 1e-2 || b > 1e-2) {
    const g = gammaDraw(random, a, 1);
    const h = gammaDraw(random, b, 1);
    if (g + h > 0) return g / (g + h);
  }
  // Both tiny: in logarithms, where U^(1/a) does not underflow (Jöhnk 1964).
  const g = -exponentialDraw(random) / a;
  const h = -exponentialDraw(random) / b;
  return 1 / (1 + exp(h - g));
}
