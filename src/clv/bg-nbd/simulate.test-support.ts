import type { Random } from '../../numerics/random.ts';
import type { BgNbdParameters } from './posterior.ts';

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
}

/** Gamma(shape, rate) by Marsaglia & Tsang (2000). */
export function gammaDraw(random: Random, shape: number, rate: number): number {
  if (shape < 1) return gammaDraw(random, shape + 1, rate) * (1 - random.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const z = normal(random);
    const v = (1 + c * z) ** 3;
    if (v > 0 && Math.log(1 - random.uniform()) < (z * z) / 2 + d - d * v + d * Math.log(v)) return (d * v) / rate;
  }
}

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
