import { fail } from '../errors.ts';
import type { PlainColumn } from '../model/batch.ts';
import { ascending } from '../numerics/rank.ts';
import { numbersOf } from './group-by.ts';

/**
 * What becomes of values below 0: an error; counted as 0; or kept, where the Lorenz curve dips below 0 and shares, Gini
 * and HHI may exceed 1.
 */
export type NegativeValues = 'refuse' | 'zero' | 'keep';

/** A value column as it is ranked. */
export interface RankedValues {
  readonly descending: Float64Array;
  readonly nulls: number;
  readonly negatives: number;
}

/** The values in row order with the rule for negative ones carried out; NaN where null. */
export function treatedValues(
  column: PlainColumn,
  negative: NegativeValues,
): { readonly values: Float64Array; readonly nulls: number; readonly negatives: number } {
  if (!['refuse', 'zero', 'keep'].includes(negative))
    fail('invalid-option', `invalid negative: ${negative}; use "refuse", "zero" or "keep"`);
  const values = numbersOf(column, 'values');
  let nulls = 0;
  let negatives = 0;
  for (let row = 0; row < values.length; row++) {
    const x = values[row]!;
    if (x !== x) nulls++;
    if (!(x < 0)) continue;
    if (negative === 'refuse')
      fail('invalid-value', `values, row ${row}: ${x} is below 0; set "negative" to 'zero' or 'keep'`);
    negatives++;
    if (negative === 'zero') values[row] = 0;
  }
  if (nulls === values.length) fail('all-null', 'values: no cell to rank, all are null');
  return { values, nulls, negatives };
}

/** The values from the largest to the smallest. */
export function rankedValues(column: PlainColumn, negative: NegativeValues): RankedValues {
  const { values, nulls, negatives } = treatedValues(column, negative);
  return { descending: ascending(values).reverse(), nulls, negatives };
}

/** Running compensated (Neumaier) sums: the last one is the total. */
export function cumulative(values: ArrayLike<number>): Float64Array {
  const out = new Float64Array(values.length);
  let total = 0;
  let lost = 0;
  for (let i = 0; i < out.length; i++) {
    const x = values[i]!;
    const next = total + x;
    lost += Math.abs(total) >= Math.abs(x) ? total - next + x : x - next + total;
    total = next;
    out[i] = total + lost;
  }
  return out;
}
