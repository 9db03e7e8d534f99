/**
 * The p-quantile of ascending `sorted` by linear interpolation of order statistics (type 7 of Hyndman & Fan 1996):
 * position h = (n−1)p, value lo + (h − ⌊h⌋)(hi − lo). This form is exact when both neighbours are equal.
 * @example quantile([1, 2, 3, 4], 0.5) // 2.5
 */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  const exact = (sorted.length - 1) * p;
  const whole = Math.round(exact);
  // 0.57·100 is a rounding error below 57: a position that close to an order statistic is meant to be it.
  const h = Math.abs(exact - whole) <= 4 * Number.EPSILON * whole ? whole : exact;
  const below = Math.floor(h);
  const lo = sorted[below]!;
  const hi = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return lo + (h - below) * (hi - lo);
}
