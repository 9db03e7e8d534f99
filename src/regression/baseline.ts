import { log } from '../numerics/elementary.ts';

/** A function of the period t = 1, 2, …: `'log'` ln t, `'first'` [t = 1], `'linear'` t/12. */
export type Baseline = 'log' | 'first' | 'linear';

/** The functions by name, and the names their weights have in tables and expanded data. */
export const BASELINES: {
  readonly [B in Baseline]: { readonly column: string; readonly at: (t: number) => number };
} = {
  log: { column: 'ln(t)', at: log },
  first: { column: '[t=1]', at: (t) => (t === 1 ? 1 : 0) },
  linear: { column: 't/12', at: (t) => t / 12 },
};
