/**
 * Adds `x` to the sum of `item`, kept in two cells: the rounded sum so far, and what the roundings lost (Knuth's TwoSum;
 * Ogita, Rump & Oishi 2005, SIAM J. Sci. Comput. 26, 1955–1988, algorithm 4.1). Together they are the exact sum,
 * whatever the order of the terms, as long as (number of terms) · Σ|x| < 2⁵³ · (the smallest |x| that is not 0): of a
 * thousand amounts the smallest may be 0.01 where all add up to 90 billion.
 */
export function addTo(sums: Float64Array, item: number, x: number): void {
  const before = sums[2 * item]!;
  const after = before + x;
  const part = after - before;
  sums[2 * item] = after;
  sums[2 * item + 1]! += before - (after - part) + (x - part);
}

/** The sum of `item`, rounded once. */
export function sumOf(sums: Float64Array, item: number): number {
  return sums[2 * item]! + sums[2 * item + 1]!;
}

/** The sum of `item` in `all` less the one in `some`. */
export function differenceOf(all: Float64Array, some: Float64Array, item: number): number {
  // What stands in the two cells depends on the order of the terms; the rounded sum and its remainder do not.
  const a = sumOf(all, item);
  const b = sumOf(some, item);
  const difference = a - b;
  const part = difference - a;
  const lost = a - (difference - part) - (b + part);
  return difference + (lost + (remainder(all, item, a) - remainder(some, item, b)));
}

function remainder(sums: Float64Array, item: number, sum: number): number {
  const before = sums[2 * item]!;
  const part = sum - before;
  return before - (sum - part) + (sums[2 * item + 1]! - part);
}
