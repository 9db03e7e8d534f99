import { readNumbers } from '../columns/index.ts';
import { fail } from '../errors.ts';
import type { PlainColumn } from '../model/batch.ts';

/** Answers 0 … `top` of a survey by score, and how many were not given. */
export interface ScoreCounts {
  readonly counts: readonly number[];
  readonly nulls: number;
}

/** Counts answers that must be whole numbers of `[low, high]`; `counts[score − low]`. */
export function scoreCounts(scores: PlainColumn, low: number, high: number): ScoreCounts {
  const counts = new Array<number>(high - low + 1).fill(0);
  let nulls = 0;
  readNumbers({ scores }, 'scores').forEach((score, row) => {
    if (score !== score) nulls++;
    else if (Number.isInteger(score) && score >= low && score <= high) counts[score - low]!++;
    else fail('invalid-value', `scores, row ${row}: ${score} is not a whole number from ${low} to ${high}`);
  });
  return { counts, nulls };
}

/** Stops unless a two-sided coverage lies strictly between 0 and 1. */
export function checkLevel(level: number): void {
  if (!(level > 0 && level < 1)) fail('invalid-option', `invalid level: ${level}; use a coverage such as 0.95`);
}

/** Stops unless every named count is a whole number of at least 0. */
export function checkCounts(counts: { readonly [name: string]: number }): void {
  for (const [name, count] of Object.entries(counts))
    if (!(Number.isSafeInteger(count) && count >= 0))
      fail('invalid-value', `invalid ${name}: ${count}; use a whole number of at least 0`);
}
