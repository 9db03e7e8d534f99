import { fail } from '../errors.ts';
import type { PlainColumn } from '../model/batch.ts';
import { knownOptions } from '../model/options.ts';
import { sum } from '../numerics/sum.ts';
import { hhiOf } from './concentration.ts';
import { type NegativeValues, rankedValues } from './ranked-values.ts';

export interface TopLoss {
  /** How many of the largest customers leave. */
  readonly customers: number;
  readonly valueLost: number;
  /** Of the total; null when that is 0 or less. */
  readonly share: number | null;
  readonly valueLeft: number;
  /** HHI of who is left; null when nothing is. */
  readonly hhiLeft: number | null;
}

/**
 * What is lost when the k largest customers leave (S58).
 * @param counts the k to try; more than there are customers means all.
 * @throws ClienteleError `invalid-option` for a k that is not a whole number of at least 0; `all-null` and `invalid-value` as `concentration`.
 * @example loseTop([50, 30, 20], [1])[0].share // 0.5
 */
export function loseTop(
  values: PlainColumn,
  counts: readonly number[],
  options: { readonly negative?: NegativeValues } = {},
): readonly TopLoss[] {
  const { negative = 'refuse' } = knownOptions(options, 'loseTop', 'negative');
  const { descending } = rankedValues(values, negative);
  const total = sum(descending);
  return counts.map((count) => {
    if (!(Number.isInteger(count) && count >= 0))
      fail('invalid-option', `invalid count: ${count}; use a whole number of at least 0`);
    const left = descending.subarray(count);
    const valueLeft = sum(left);
    const valueLost = sum(descending.subarray(0, count));
    return {
      customers: Math.min(count, descending.length),
      valueLost,
      share: total > 0 ? valueLost / total : null,
      valueLeft,
      hhiLeft: hhiOf(left, valueLeft),
    };
  });
}
