import { selectRanks } from './select.ts';
import { sift } from './sift.ts';

/**
 * The p-quantile of ascending `sorted` by linear interpolation of order statistics (type 7 of Hyndman & Fan 1996):
 * position h = (n−1)p, value lo + (h − ⌊h⌋)(hi − lo). This form is exact when both neighbours are equal.
 * @example quantile([1, 2, 3, 4], 0.5) // 2.5
 */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  return between(sorted.length, p, (rank) => sorted[rank]!);
}

/**
 * Several quantiles of a column in any order, as sorting it without its NaN cells would give them; `probabilities` ascend.
 * @returns NaN where no cell is left
 * @example quantiles(Float64Array.of(4, NaN, 1, 3, 2), [0.5]) // [2.5]
 */
export function quantiles(values: Float64Array, probabilities: readonly number[]): number[] {
  const sifted = sift(values, probabilities);
  if (sifted !== null) {
    const found = probabilities.map((p) => between(sifted.count, p, sifted.at));
    // A rank that the sample misjudged is NaN.
    if (found.every((x) => x === x)) return found;
  }
  const cells = values.filter((x) => x === x);
  const last = cells.length - 1;
  const ranks = probabilities.map((p) => Math.floor(position(cells.length, p)));
  selectRanks(
    cells,
    ranks.flatMap((rank) => (rank < last ? [rank, rank + 1] : [rank])),
  );
  return probabilities.map((p) => quantile(cells, p));
}

/** @param at the cell of a rank, counted from 0 */
function between(count: number, p: number, at: (rank: number) => number): number {
  const h = position(count, p);
  const below = Math.floor(h);
  const lo = at(below);
  // The neighbour is not asked for where it takes no part.
  return lo + (h - below) * (at(Math.min(below + 1, count - 1)) - lo);
}

function position(count: number, p: number): number {
  const exact = (count - 1) * p;
  const whole = Math.round(exact);
  // 0.57·100 is a rounding error below 57: a position that close to an order statistic is meant to be it.
  return Math.abs(exact - whole) <= 4 * Number.EPSILON * whole ? whole : exact;
}
