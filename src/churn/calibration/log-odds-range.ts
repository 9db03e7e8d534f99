import { fail } from '../../errors.ts';
import { type Check, finite, record } from '../../model/checks.ts';
import { log, log1p } from '../../numerics/elementary.ts';

/**
 * How far logarithms of probabilities reach. A probability of 0 or 1 has none: it counts as half the smallest (or half the
 * distance to 1 of the largest) of the fit, and so does whatever lies beyond.
 */
export interface LogRange {
  /** Least ln p. */
  readonly low: number;
  /** Least ln(1 − p). */
  readonly rest: number;
}

export const logRange: Check<LogRange> = record({ low: finite, rest: finite });

/** The range of the probabilities of a fit. */
export function logRangeOf(probabilities: Float64Array, column: string): LogRange {
  let smallest = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (const p of probabilities)
    if (p > 0 && p < 1) {
      smallest = Math.min(smallest, p);
      largest = Math.max(largest, p);
    }
  if (smallest > largest) fail('invalid-value', `"${column}" holds nothing between 0 and 1: there are no log-odds`);
  return { low: log(smallest) - Math.LN2, rest: log1p(-largest) - Math.LN2 };
}

export const logOf = (p: number, { low }: LogRange): number => Math.max(log(p), low);
export const logOfRest = (p: number, { rest }: LogRange): number => Math.max(log1p(-p), rest);
