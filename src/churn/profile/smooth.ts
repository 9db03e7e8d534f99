/** A series smoothed exponentially. */
export interface Smoothed {
  readonly alpha: number;
  readonly initialLevel: number;
  readonly finalLevel: number;
  /** Σ of the squared errors one period ahead. */
  readonly squares: number;
}

const GRID = 200;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Simple exponential smoothing with the α in [0, 1] and the first level of least squared errors: errors are linear in the
 * first level, so that only α is searched for, on a grid (there may be several minima) and then by golden section. Of
 * equally good ones the smallest α.
 */
export function smooth(y: ArrayLike<number>): Smoothed {
  let best = smoothedBy(y, 0);
  for (let k = 1; k <= GRID; k++) {
    const next = smoothedBy(y, k / GRID);
    if (next.squares < best.squares) best = next;
  }
  let low = Math.max(best.alpha - 1 / GRID, 0);
  let high = Math.min(best.alpha + 1 / GRID, 1);
  for (let round = 0; round < 40; round++) {
    const left = smoothedBy(y, high - GOLDEN * (high - low));
    const right = smoothedBy(y, low + GOLDEN * (high - low));
    const better = left.squares <= right.squares ? left : right;
    if (better === left) high = right.alpha;
    else low = left.alpha;
    if (better.squares < best.squares) best = better;
  }
  return best;
}

function smoothedBy(y: ArrayLike<number>, alpha: number): Smoothed {
  // Relative to the first value, which keeps the digits of a series far from 0.
  const origin = y[0]!;
  let level = 0;
  let weight = 1;
  let errors = 0;
  let weights = 0;
  for (let t = 0; t < y.length; t++) {
    const error = y[t]! - origin - level;
    errors += weight * error;
    weights += weight * weight;
    level += alpha * error;
    weight *= 1 - alpha;
  }
  const first = errors / weights;
  level = first;
  let squares = 0;
  for (let t = 0; t < y.length; t++) {
    const error = y[t]! - origin - level;
    squares += error * error;
    level += alpha * error;
  }
  return { alpha, initialLevel: origin + first, finalLevel: origin + level, squares };
}
