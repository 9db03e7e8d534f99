import { log, log1p } from '../../numerics/elementary.ts';

/** Where the asymptotic series takes over. */
const LARGE = 16;

/** lnΓ(x) − ((x − ½)ln x − x + ½ln 2π) − 1/(12x) for x ≥ {@link LARGE} (DLMF 5.11.1). */
function stirlingRest(x: number): number {
  const w = 1 / (x * x);
  return (w / x) * (-1 / 360 + w * (1 / 1260 + w * (-1 / 1680 + w * (1 / 1188 + w * (-691 / 360360 + w / 156)))));
}

/**
 * −ln E[(1 − θ)^d] for θ ~ Beta(a, x), that is −ln B(a, x + d)/B(a, x) = lnΓ(x) + lnΓ(x+a+d) − lnΓ(x+a) − lnΓ(x+d),
 * for x, a, d ≥ 0: no log-gamma is computed, so that nothing cancels where the arguments are huge or the result is tiny.
 * By Γ(y+1) = yΓ(y), raising x by one takes ln(1 + ad/(x(x+a+d))) > 0 off; at x ≥ 16 the four Stirling series are
 * subtracted term by term.
 */
export function betaHazard(x: number, a: number, d: number): number {
  if (a === 0 || d === 0) return 0;
  if (x === 0) return Number.POSITIVE_INFINITY;
  // The product Π(1 + q) − 1, kept as such: one logarithm, and no digit lost where every q is small.
  let product = 0;
  let total = 0;
  while (x < LARGE) {
    const q = (a / x) * (d / (x + a + d));
    product += q + product * q;
    if (product > 1e100) {
      total += log1p(product);
      product = 0;
    }
    x += 1;
  }
  const withA = x + a;
  const withD = x + d;
  const withBoth = withA + d;
  const q = (a / withA) * (d / withD);
  const ratio = q < 0.5 ? log1p(-q) : log((x / withA) * (withBoth / withD));
  const main = (x - 0.5) * ratio + a * log1p(d / withA) + d * log1p(a / withD);
  const first = (q * ((x + withBoth) / withBoth)) / (12 * x);
  const rest = stirlingRest(x) - stirlingRest(withA) - (stirlingRest(withD) - stirlingRest(withBoth));
  return total + log1p(product) + (main + (first + rest));
}
