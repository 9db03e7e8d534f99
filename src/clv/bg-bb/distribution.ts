import { exp, log } from '../../numerics/elementary.ts';
import { lgammaRise } from '../../numerics/special.ts';
import type { BgBbParameters } from './posterior.ts';

const LARGE = 1e200;

/**
 * P(X(n) = x) for a new customer, x = 0 … upTo (Fader, Hardie & Shang 2010): the sum over the opportunities m ≤ n
 * at which the customer was alive of C(m, x)·B(α+x, β+m−x)/B(α, β), weighted with the chance of each m.
 */
export function purchaseDistribution(
  { alpha, beta, gamma, delta }: BgBbParameters,
  n: number,
  upTo: number,
): Float64Array {
  const out = new Float64Array(upTo + 1);
  for (let x = 0; x <= Math.min(n, upTo); x++) {
    if (alpha === 0 && x > 0) break;
    // ln of the term m = x, in units of which the sum runs; the terms may grow beyond any bound from there.
    let unit =
      x === 0
        ? 0
        : lgammaRise(alpha, x) - lgammaRise(alpha + beta, x) + lgammaRise(delta, x) - lgammaRise(gamma + delta, x);
    let alive = 1;
    let sum = 0;
    for (let m = x; m < n; m++) {
      const end = alive / (gamma + delta + m);
      sum += gamma * end;
      alive = (((delta + m) * end) / (alpha + beta + m)) * (beta + (m - x)) * ((m + 1) / (m + 1 - x));
      if (alive > LARGE) {
        alive /= LARGE;
        sum /= LARGE;
        unit += log(LARGE);
      }
    }
    out[x] = exp(unit + log(sum + alive));
  }
  return out;
}
