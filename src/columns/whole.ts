import { fail } from '../errors.ts';
import type { CategoryColumn, Columns } from '../model/batch.ts';
import { list } from '../model/options.ts';
import { arrowKind } from './arrow.ts';
import { isArrowLike, plainColumn, requireColumn, rowCount } from './batch.ts';
import { allCodes, allNumbers } from './each-block.ts';
import { openCategories, openNumbers } from './open.ts';
import { plainKind } from './plain.ts';
import type { ColumnKind } from './reader.ts';

/**
 * A whole number column: NaN where the cell is null or not finite. Booleans read as 0 and 1, Arrow dates and timestamps
 * as whole UTC days since 1970-01-01. Always a fresh array.
 * @example readNumbers({ spend: [12.5, null] }, 'spend') // Float64Array [12.5, NaN]
 */
export function readNumbers(batch: Columns, name: string): Float64Array {
  return allNumbers(openNumbers(batch, name));
}

/**
 * A whole category column: −1 where null. A dictionary keeps the order of its levels, other columns have theirs in
 * order of first appearance. Always fresh codes.
 * @example readCategories({ plan: ['b', null, 'a'] }, 'plan') // { codes: Int32Array [0, -1, 1], levels: ['b', 'a'] }
 */
export function readCategories(batch: Columns, name: string): CategoryColumn {
  const reader = openCategories(batch, name);
  return { codes: allCodes(reader), levels: reader.levels };
}

/** What a column holds: numbers, booleans, days (Arrow dates and timestamps) or categories. */
export function columnKind(batch: Columns, name: string): ColumnKind {
  requireColumn(batch, name);
  return isArrowLike(batch) ? arrowKind(batch, name) : plainKind(plainColumn(batch, name));
}

/** Whether a column is to be treated as numbers (else as categories). */
export function isNumeric(batch: Columns, name: string): boolean {
  return columnKind(batch, name) !== 'category';
}

/**
 * Rows `rows`, by number, of the named columns as a plain batch (fresh buffers).
 * @throws ClienteleError `invalid-option` for rows or names that are no list; `invalid-value` for a row that is none of the batch.
 * @example takeRows({ spend: [12.5, null, 7] }, [2, 0], ['spend']) // { spend: Float64Array [7, 12.5] }
 */
export function takeRows(
  batch: Columns,
  rows: ArrayLike<number>,
  names: readonly string[],
): { [name: string]: Float64Array | CategoryColumn } {
  const total = rowCount(batch);
  if (typeof rows !== 'object' || rows === null || !('length' in rows))
    fail('invalid-option', `invalid rows: ${rows}; use a list of row numbers, such as [0, 5]`);
  list(names, 'names');
  const count = rows.length;
  for (let i = 0; i < count; i++) {
    const row = rows[i]!;
    if (!(row >= 0 && row < total && Number.isInteger(row)))
      fail('invalid-value', `row ${row} of a batch of ${total} rows: number them from 0`);
  }
  const take = (name: string): Float64Array | CategoryColumn => {
    if (isNumeric(batch, name)) {
      const all = readNumbers(batch, name);
      const values = new Float64Array(count);
      for (let i = 0; i < count; i++) values[i] = all[rows[i]!]!;
      return values;
    }
    const { codes: all, levels } = readCategories(batch, name);
    const codes = new Int32Array(count);
    for (let i = 0; i < count; i++) codes[i] = all[rows[i]!]!;
    return { codes, levels };
  };
  return Object.fromEntries(names.map((name) => [name, take(name)]));
}
