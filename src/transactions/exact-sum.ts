/**
 * Adds `x` to the sum in the cells `at` and `at + 1`: the rounded sum so far and what its roundings lost (Knuth's TwoSum;
 * Ogita, Rump & Oishi 2005, SIAM J. Sci. Comput. 26, 1955–1988, algorithm 4.1). Together they are the exact sum,
 * whatever the order of the terms, as long as (number of terms) · Σ|x| < 2⁵³ · (the smallest |x| that is not 0): of a
 * thousand amounts the smallest may be 0.01 where all add up to 90 billion.
 */
export function addTo(sums: Float64Array, at: number, x: number): void {
  const before = sums[at]!;
  const after = before + x;
  const part = after - before;
  sums[at] = after;
  sums[at + 1]! += before - (after - part) + (x - part);
}

/** The sum, rounded once. */
export function sumOf(sums: Float64Array, at: number): number {
  return sums[at]! + sums[at + 1]!;
}

/** What the rounded sum lacks. What stands in the two cells depends on the order of the terms; these two numbers do not. */
export function remainderOf(sums: Float64Array, at: number): number {
  const sum = sumOf(sums, at);
  const before = sums[at]!;
  const part = sum - before;
  return before - (sum - part) + (sums[at + 1]! - part);
}

/** The sum at `all` less the one at `some`. */
export function differenceOf(sums: Float64Array, all: number, some: number): number {
  const a = sumOf(sums, all);
  const b = sumOf(sums, some);
  const difference = a - b;
  const part = difference - a;
  const lost = a - (difference - part) - (b + part);
  return difference + (lost + (remainderOf(sums, all) - remainderOf(sums, some)));
}
