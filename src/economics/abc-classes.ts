import { fail } from '../errors.ts';
import type { CategoryColumn, PlainColumn } from '../model/batch.ts';
import { knownOptions } from '../model/options.ts';
import { ascending } from '../numerics/rank.ts';
import { sum } from '../numerics/sum.ts';
import { requireDistinct } from './amounts.ts';
import { cumulative, type NegativeValues, treatedValues } from './ranked-values.ts';

export interface AbcOptions {
  /** Cumulative shares of the value that end all classes but the last, rising. Default: 0.8, 0.95. */
  readonly shares?: readonly number[];
  /** Names of the classes, one more than shares. Default: A, B, C. */
  readonly classes?: readonly string[];
  /** What becomes of values below 0. Default: `'refuse'`. */
  readonly negative?: NegativeValues;
}

export interface AbcClass {
  readonly class: string;
  readonly count: number;
  readonly shareOfCustomers: number;
  readonly value: number;
  readonly shareOfValue: number | null;
}

export interface AbcClasses {
  /** The class of every row; null where the value is, and everywhere when the total is 0 or less. */
  readonly classes: CategoryColumn;
  readonly table: readonly AbcClass[];
  readonly nulls: number;
}

/**
 * ABC classes by cumulative share of the value, from the largest customer down (S57). A customer is in class A when the
 * share *before* them is below the first limit, so whoever crosses it is still in A. Equal values are ranked by input
 * order and may be parted; the cut rule `shareOfValue` of a pyramid keeps them together.
 *
 * @throws ClienteleError `invalid-option`; `all-null`; `invalid-value` for a value below 0.
 * @example abcClasses([70, 20, 10]).table.map(({ count }) => count) // [2, 1, 0]
 */
export function abcClasses(column: PlainColumn, options: AbcOptions = {}): AbcClasses {
  const {
    shares = [0.8, 0.95],
    classes = ['A', 'B', 'C'],
    negative = 'refuse',
  } = knownOptions(options, 'abcClasses', 'shares classes negative');
  if (!shares.every((share, i) => share > (i > 0 ? shares[i - 1]! : 0) && share < 1))
    fail('invalid-option', `invalid shares: ${shares.join(', ')}; use rising numbers between 0 and 1`);
  if (classes.length !== shares.length + 1)
    fail('invalid-option', `${shares.length} shares make ${shares.length + 1} classes, got ${classes.join(', ')}`);
  requireDistinct(classes, 'class');
  const { values, nulls } = treatedValues(column, negative);
  const descending = ascending(values).reverse();
  const n = descending.length;
  const running = cumulative(descending);
  const total = running[n - 1]!;
  const known = total > 0;
  // A class ends before the first customer with as large a share before them; nobody is classified without a total.
  const ends = known
    ? shares.map((share) => 1 + running.subarray(0, n - 1).findIndex((value) => value / total >= share) || n)
    : [];
  const codes = new Int32Array(values.length).fill(known ? 0 : -1);
  for (const end of ends) {
    const least = descending[end - 1]!;
    let room = end - descending.indexOf(least);
    values.forEach((x, row) => {
      if (x < least || (x === least && room-- <= 0)) codes[row]!++;
    });
  }
  values.forEach((x, row) => {
    if (x !== x) codes[row] = -1;
  });
  const table = classes.map((name, c): AbcClass => {
    const own = known ? descending.subarray(ends[c - 1] ?? 0, ends[c] ?? n) : [];
    const value = sum(own);
    return {
      class: name,
      count: own.length,
      shareOfCustomers: own.length / n,
      value,
      shareOfValue: known ? value / total : null,
    };
  });
  return { classes: { codes, levels: classes }, table, nulls };
}
