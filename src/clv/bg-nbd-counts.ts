import { exp, log1p } from '../numerics/elementary.ts';
import type { BgNbdParameters } from './bg-nbd-posterior.ts';

/**
 * P(X(t) = x) for a new customer, x = 0 … upTo (Fader, Hardie & Lee 2005, eq. 8): with n_x the negative binomial
 * probability of x purchases by an immortal customer and N_x that of x or more,
 * B(a, b+x)/B(a, b)·n_x + [x > 0]·B(a+1, b+x−1)/B(a, b)·N_x. N_x is summed from above where 1 − Σ n would cancel.
 */
export function purchaseCounts({ r, alpha, a, b }: BgNbdParameters, t: number, upTo: number): Float64Array {
  const z = t / (alpha + t);
  const immortal = new Float64Array(upTo + 1);
  immortal[0] = exp(-r * log1p(t / alpha));
  for (let x = 1; x <= upTo; x++) immortal[x] = (immortal[x - 1]! * (r + x - 1) * z) / x;
  let tail = 0;
  for (let x = upTo, term = immortal[upTo]!; term > 1e-18 * tail; x++) {
    term *= ((r + x) * z) / (x + 1);
    tail += term;
  }
  const atLeast = new Float64Array(upTo + 1);
  for (let x = upTo; x >= 0; x--) {
    tail += immortal[x]!;
    atLeast[x] = tail;
  }
  const out = new Float64Array(upTo + 1);
  out[0] = immortal[0]!;
  let survived = 1;
  for (let x = 1; x <= upTo; x++) {
    // survived: B(a, b+x−1)/B(a, b); of these a/(a+b+x−1) drop out at purchase x.
    const drop = a / (a + b + x - 1);
    out[x] = survived * ((1 - drop) * immortal[x]! + drop * atLeast[x]!);
    survived *= 1 - drop;
  }
  return out;
}
