import { negativeBinomial, type Purchases } from '../bg-nbd/distribution.ts';

/**
 * P(x purchases) and P(x or more), x = 0 … upTo, of an immortal customer with j of k phases ended, when the number of
 * phases to come is negative binomial with shape s and odds q; `weight` times them is added to `out`.
 */
export function addPurchases(
  out: Purchases,
  weight: number,
  { k, j, s, q }: { readonly k: number; readonly j: number; readonly s: number; readonly q: number },
): void {
  const upTo = out.at.length - 1;
  const phases = negativeBinomial(s, q, (upTo + 1) * k);
  for (let x = 0; x <= upTo; x++) {
    const from = Math.max(0, x * k - j);
    for (let m = from; m < (x + 1) * k - j; m++) out.at[x]! += weight * phases.at[m]!;
    out.atLeast[x]! += weight * phases.atLeast[from]!;
  }
}

/** Nothing added yet. */
export function noPurchases(upTo: number): Purchases {
  return { at: new Float64Array(upTo + 1), atLeast: new Float64Array(upTo + 1) };
}
