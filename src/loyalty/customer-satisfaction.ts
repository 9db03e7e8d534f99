import { fail } from '../errors.ts';
import type { PlainColumn } from '../model/batch.ts';
import { knownOptions } from '../model/options.ts';
import type { IntervalOptions } from './net-promoter-score.ts';
import { type Proportion, proportion } from './proportion.ts';
import { checkCounts, checkLevel, scoreCounts } from './survey-scores.ts';

export interface CustomerSatisfactionOptions extends IntervalOptions {
  /** Answers run from 1 to this. Default 5. */
  readonly scale?: number;
  /** How many of the highest answers count as satisfied. Default 2: the top-two-box share. */
  readonly top?: number;
}

/** Share of the highest answers; `successes` are the satisfied, `interval` is Wilson's. */
export interface CustomerSatisfaction extends Proportion {
  /** Answers 1, 2, … */
  readonly counts: readonly number[];
  /** Mean answer; null without one. */
  readonly mean: number | null;
  /** Answers that were not given. */
  readonly nulls: number;
}

/**
 * Customer satisfaction score: the share of answers in the top boxes of a scale 1 … k, with Wilson's interval (S70).
 *
 * @param ratings a column of answers; nulls are counted and left out
 * @throws invalid-value for an answer off the scale; invalid-option.
 * @example customerSatisfaction([5, 4, 4, 1]).rate // 0.75
 */
export function customerSatisfaction(
  ratings: PlainColumn,
  options: CustomerSatisfactionOptions = {},
): CustomerSatisfaction {
  const { scale = 5, ...rest } = knownOptions(options, 'customerSatisfaction', 'scale top level');
  checkScale(scale, rest.top);
  const { counts, nulls } = scoreCounts(ratings, 1, scale);
  return { ...satisfactionFromCounts(counts, rest), nulls };
}

/**
 * The same from counts of the answers 1, 2, …, whose number is the scale.
 * @throws invalid-value for counts that are not whole or below 0; invalid-option.
 * @example satisfactionFromCounts([6, 9, 25, 70, 90]).rate // 0.8
 */
export function satisfactionFromCounts(
  counts: readonly number[],
  options: Omit<CustomerSatisfactionOptions, 'scale'> = {},
): CustomerSatisfaction {
  const { top = 2, level = 0.95 } = knownOptions(options, 'satisfactionFromCounts', 'top level');
  checkScale(counts.length, top);
  checkCounts(Object.fromEntries(counts.map((count, i) => [`count of ${i + 1}`, count])));
  checkLevel(level);
  const n = counts.reduce((a, b) => a + b, 0);
  const satisfied = counts.slice(-top).reduce((a, b) => a + b, 0);
  const points = counts.reduce((total, count, i) => total + count * (i + 1), 0);
  return { ...proportion(satisfied, n, level), counts: [...counts], mean: n === 0 ? null : points / n, nulls: 0 };
}

function checkScale(scale: number, top = 2): void {
  if (!(Number.isInteger(scale) && scale >= 2 && scale <= 1000))
    fail('invalid-option', `invalid scale: ${scale}; use a whole number from 2 to 1000`);
  if (!(Number.isInteger(top) && top >= 1 && top < scale))
    fail('invalid-option', `invalid top: ${top}; use a whole number from 1 to ${scale - 1}`);
}
