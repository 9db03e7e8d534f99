import { exp, log, log1p } from '../../numerics/elementary.ts';
import type { BgNbdParameters } from './posterior.ts';

/**
 * P(X(t) = x) for a new customer, x = 0 … upTo (Fader, Hardie & Lee 2005, eq. 8): with n_x the negative binomial
 * probability of x purchases by an immortal customer and N_x that of x or more,
 * B(a, b+x)/B(a, b)·n_x + [x > 0]·B(a+1, b+x−1)/B(a, b)·N_x.
 */
export function purchaseDistribution({ r, alpha, a, b }: BgNbdParameters, t: number, upTo: number): Float64Array {
  return withDropout(negativeBinomial(r, t / alpha, upTo), a, b);
}

/** The probabilities that an immortal customer makes x purchases, and x or more. */
export interface Purchases {
  readonly at: Float64Array;
  readonly atLeast: Float64Array;
}

/** The distribution of purchases of a customer who drops out after each with probability p ~ Beta(a, b). */
export function withDropout({ at, atLeast }: Purchases, a: number, b: number): Float64Array {
  const upTo = at.length - 1;
  const out = new Float64Array(upTo + 1);
  out[0] = at[0]!;
  let survived = 1;
  for (let x = 1; x <= upTo; x++) {
    // survived: B(a, b+x−1)/B(a, b); of these a/(a+b+x−1) drop out at purchase x.
    const drop = a / (a + b + x - 1);
    out[x] = survived * ((1 - drop) * at[x]! + drop * atLeast[x]!);
    survived *= 1 - drop;
  }
  return out;
}

/** The distribution of a new customer's repeat purchases where the first purchase may be the last one. */
export function orNoneAtAll(p: Float64Array, { a, b }: Pick<BgNbdParameters, 'a' | 'b'>): Float64Array {
  const out = p.map((q) => (q * b) / (a + b));
  out[0]! += a / (a + b);
  return out;
}

/**
 * The negative binomial distribution with shape r and odds ratio q = t/α: P(X = x) and P(X ≥ x), x = 0 … upTo. The tail
 * is summed from above where 1 − Σ would cancel.
 */
export function negativeBinomial(r: number, q: number, upTo: number): Purchases {
  const at = new Float64Array(upTo + 1);
  const z = q / (1 + q);
  const step = (x: number): number => log(((r + x) * z) / (x + 1));
  let ln = -r * log1p(q);
  for (let x = 0; x <= upTo; x++) {
    at[x] = exp(ln);
    ln += r + x === 0 ? Number.NEGATIVE_INFINITY : step(x);
  }
  let below = 0;
  for (let x = 0; x <= upTo; x++) below += at[x]!;
  let tail = 0;
  if (below < 0.5) tail = 1 - below;
  // Among the smallest numbers a product may round back to its factor, and never end.
  else
    for (let x = upTo + 1, term = exp(ln); term > 1e-18 * tail && term > 1e-300; x++) {
      tail += term;
      term *= ((r + x) * z) / (x + 1);
    }
  const atLeast = new Float64Array(upTo + 1);
  for (let x = upTo; x >= 0; x--) {
    tail += at[x]!;
    atLeast[x] = tail;
  }
  return { at, atLeast };
}
