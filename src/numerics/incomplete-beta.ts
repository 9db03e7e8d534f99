import { exp, log, log1p } from './elementary.ts';
import { lbeta } from './special.ts';

/**
 * Regularised incomplete beta function I_x(a, b) for a, b > 0, with y = 1 − x given beside x so that neither end loses its
 * digits: the continued fraction DLMF 8.17.22, on the side where it converges fast.
 * @example incompleteBeta(0.5, 0.5, 2, 2) // 0.5
 */
export function incompleteBeta(x: number, y: number, a: number, b: number): number {
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
