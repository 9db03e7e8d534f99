import { selectRanks } from './select.ts';

/**
 * The p-quantile of ascending `sorted` by linear interpolation of order statistics (type 7 of Hyndman & Fan 1996):
 * position h = (n−1)p, value lo + (h − ⌊h⌋)(hi − lo). This form is exact when both neighbours are equal.
 * @example quantile([1, 2, 3, 4], 0.5) // 2.5
 */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  const h = position(sorted.length, p);
  const below = Math.floor(h);
  const lo = sorted[below]!;
  const hi = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return lo + (h - below) * (hi - lo);
}

/** Several quantiles of cells in any order, which are moved about; `probabilities` ascend. Equal to sorting first. */
export function quantiles(cells: Float64Array, probabilities: readonly number[]): number[] {
  const last = cells.length - 1;
  const ranks = probabilities.map((p) => Math.floor(position(cells.length, p)));
  selectRanks(
    cells,
    ranks.flatMap((rank) => (rank < last ? [rank, rank + 1] : [rank])),
  );
  return probabilities.map((p) => quantile(cells, p));
}

function position(count: number, p: number): number {
  const exact = (count - 1) * p;
  const whole = Math.round(exact);
  // 0.57·100 is a rounding error below 57: a position that close to an order statistic is meant to be it.
  return Math.abs(exact - whole) <= 4 * Number.EPSILON * whole ? whole : exact;
}
