import { selectRanks } from './select.ts';
import { type Sifted, sift } from './sift.ts';

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
 * Linear expected time.
 * @returns NaN where no cell is left
 * @example quantiles(Float64Array.of(4, NaN, 1, 3, 2), [0.5]) // [2.5]
 */
export function quantiles(values: Float64Array, probabilities: readonly number[]): number[] {
  const near = sift(values, probabilities);
  const found = near && fromCells(near, probabilities);
  if (found) return found;
  const cells = values.filter((x) => x === x);
  return fromCells({ count: cells.length, cells, placeOf: (rank) => rank }, probabilities)!;
}

/** `null` when a rank is not among the cells. */
function fromCells({ count, cells, placeOf }: Sifted, probabilities: readonly number[]): number[] | null {
  if (count === 0) return probabilities.map(() => Number.NaN);
  const ranks = probabilities.flatMap((p) => {
    const below = Math.floor(position(count, p));
    return below < count - 1 ? [below, below + 1] : [below];
  });
  const places = ranks.map(placeOf);
  if (places.some((place) => place < 0)) return null;
  selectRanks(cells, places);
  return probabilities.map((p) => between(count, p, (rank) => cells[placeOf(rank)]!));
}

function between(count: number, p: number, at: (rank: number) => number): number {
  const h = position(count, p);
  const below = Math.floor(h);
  const lo = at(below);
  return lo + (h - below) * (at(Math.min(below + 1, count - 1)) - lo);
}

function position(count: number, p: number): number {
  const exact = (count - 1) * p;
  const whole = Math.round(exact);
  // 0.57·100 is a rounding error below 57: a position that close to an order statistic is meant to be it.
  return Math.abs(exact - whole) <= 4 * Number.EPSILON * whole ? whole : exact;
}
