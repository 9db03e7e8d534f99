import { gammaDraw } from '../../numerics/draw.ts';
import type { Random } from '../../numerics/random.ts';
import type { BgNbdParameters } from './posterior.ts';

export interface SimulatedHistories {
  readonly [name: string]: Float64Array;
  frequency: Float64Array;
  recency: Float64Array;
  T: Float64Array;
  /** Purchases in the `ahead` after T. */
  later: Float64Array;
}

/** Histories drawn from the BG/NBD story itself; `grid` rounds times up to whole steps, as daily data are. */
export function simulate(
  { r, alpha, a, b }: BgNbdParameters,
  rows: number,
  random: Random,
  { shortest = 27, longest = 39, ahead = 0, grid = 0 } = {},
): SimulatedHistories {
  const out = {
    frequency: new Float64Array(rows),
    recency: new Float64Array(rows),
    T: new Float64Array(rows),
    later: new Float64Array(rows),
  };
  for (let i = 0; i < rows; i++) {
    const rate = gammaDraw(random, r, alpha);
    const g = gammaDraw(random, a, 1);
    const p = a === 0 ? 0 : g / (g + gammaDraw(random, b, 1));
    const T =
      grid > 0
        ? Math.round((shortest + (longest - shortest) * random.uniform()) / grid) * grid
        : shortest + (longest - shortest) * random.uniform();
    let t = 0;
    let x = 0;
    let last = 0;
    for (;;) {
      t -= Math.log(1 - random.uniform()) / rate;
      if (!(t <= T + ahead)) break;
      if (t <= T) {
        x++;
        last = t;
      } else out.later[i]!++;
      if (random.uniform() < p) break;
    }
    out.frequency[i] = x;
    out.recency[i] = grid > 0 ? Math.min(T, Math.ceil(last / grid) * grid) : last;
    out.T[i] = T;
  }
  return out;
}
