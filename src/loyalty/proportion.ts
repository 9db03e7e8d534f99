import { wilsonInterval } from '../numerics/wilson.ts';

/** A rate with the counts behind it. */
export interface Proportion {
  readonly successes: number;
  readonly n: number;
  /** successes ÷ n; null when n is 0. */
  readonly rate: number | null;
  /** Wilson's score interval; null when n is 0. */
  readonly interval: readonly [number, number] | null;
}

/** The proportion of some counts, with its interval at `level`. */
export function proportion(successes: number, n: number, level: number): Proportion {
  return { successes, n, rate: n === 0 ? null : successes / n, interval: wilsonInterval(successes, n, level) };
}
