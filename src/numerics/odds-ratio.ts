import { exp, log } from './elementary.ts';
import { normalQuantile } from './normal.ts';

/** Odds ratio of a two-by-two table, with its interval. */
export interface OddsRatio {
  readonly oddsRatio: number;
  /** exp(ln OR ± z·√(1/a + 1/b + 1/c + 1/d)). */
  readonly interval: readonly [number, number];
  /** Whether ½ was added to every cell because one was 0. */
  readonly corrected: boolean;
}

/**
 * Odds ratio ad/(bc) of the table [[a, b], [c, d]] with Woolf's interval (Woolf 1955, Annals of Human Genetics 19, 251–253).
 * With an empty cell ½ is added to all four (Haldane 1956); null when a whole row or column is empty.
 * @param level two-sided coverage
 * @example oddsRatio(10, 5, 4, 8)?.oddsRatio // 4
 */
export function oddsRatio(a: number, b: number, c: number, d: number, level = 0.95): OddsRatio | null {
  if (a + b === 0 || c + d === 0 || a + c === 0 || b + d === 0) return null;
  const corrected = a === 0 || b === 0 || c === 0 || d === 0;
  const [p, q, r, s] = corrected ? [a + 0.5, b + 0.5, c + 0.5, d + 0.5] : [a, b, c, d];
  const ratio = (p * s) / (q * r);
  const half = normalQuantile((1 + level) / 2) * Math.sqrt(1 / p + 1 / q + 1 / r + 1 / s);
  return { oddsRatio: ratio, interval: [exp(log(ratio) - half), exp(log(ratio) + half)], corrected };
}
