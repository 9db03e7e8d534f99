import { fail } from '../errors.ts';
import { type CategoryColumn, type Columns, type PlainColumn, WHY } from '../model/batch.ts';
import { list } from '../model/options.ts';
import { columnNames, rowCount } from './batch.ts';
import { allWhy } from './each-block.ts';
import { openNumbers } from './open.ts';
import { columnKind, readCategories, readNumbers } from './whole.ts';

/** A cell of {@link toRows}: categories are text, bigints numbers. */
export type Cell = number | string | boolean | null;

/** What the cells of a plain column become. */
export type CellOf<C> = C extends CategoryColumn
  ? string | null
  : C extends ArrayLike<infer V>
    ? (V extends bigint ? number : NonNullable<V>) | null
    : Cell;

/**
 * A batch as an array of plain objects, one per row: for JSON, a template, a database. All columns, or those named in their
 * order. Numbers and booleans are themselves, categories and text are text, Arrow dates and timestamps the UTC day as
 * `yyyy-mm-dd`; what is null or not finite (in a result: NaN, −1) is null. The inverse of {@link fromRows} for plain columns.
 *
 * @throws ClienteleError `unknown-column`, `duplicate-column`, `wrong-type`, `wrong-length`; `invalid-value` for a 64-bit
 * integer that a number cannot hold.
 * @example toRows({ id: ['a', 'b'], churn: Float64Array.of(0.25, NaN) }) // [{ id: 'a', churn: 0.25 }, { id: 'b', churn: null }]
 */
export function toRows<
  C extends { readonly [name: string]: PlainColumn },
  const N extends keyof C & string = keyof C & string,
>(columns: C, names?: readonly N[]): { [K in N]: CellOf<C[K]> }[];
export function toRows(columns: Columns, names?: readonly string[]): { [name: string]: Cell }[];
export function toRows(columns: Columns, names?: readonly string[]): { [name: string]: Cell }[] {
  const rows = rowCount(columns);
  const wanted = names === undefined ? columnNames(columns) : list(names, 'names');
  const cells = wanted.map((name) => cellsOf(columns, name));
  // Copies have every key as their own, so that a column `__proto__` is assigned to like any other.
  const blank: { [name: string]: Cell } = Object.fromEntries(wanted.map((name) => [name, null]));
  const out: { [name: string]: Cell }[] = new Array(rows);
  for (let i = 0; i < rows; i++) {
    const row = { ...blank };
    for (let c = 0; c < wanted.length; c++) row[wanted[c]!] = cells[c]![i]!;
    out[i] = row;
  }
  return out;
}

function cellsOf(columns: Columns, name: string): readonly Cell[] {
  const kind = columnKind(columns, name);
  if (kind === 'category' || kind === 'day') {
    const { codes, levels } = readCategories(columns, name);
    return Array.from(codes, (code) => (code < 0 ? null : levels[code]!));
  }
  const values = readNumbers(columns, name);
  const beyond = allWhy(openNumbers(columns, name)).indexOf(WHY.outOfRange);
  if (beyond >= 0)
    fail(
      'invalid-value',
      `column "${name}", row ${beyond}: beyond 2^53 − 1, not exact as a number: cast the column to text, or leave it out`,
    );
  return Array.from(values, (value) => (value !== value ? null : kind === 'boolean' ? value === 1 : value));
}
