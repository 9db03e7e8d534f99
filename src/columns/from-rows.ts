import { fail } from '../errors.ts';
import type { PlainColumn } from '../model/batch.ts';
import { list } from '../model/options.ts';

/** The plain column that cells of type `V` make. */
export type ColumnOf<V> = readonly (Exclude<V, undefined> | null)[] extends PlainColumn
  ? readonly (Exclude<V, undefined> | null)[]
  : PlainColumn;

/**
 * Plain columns of an array of objects, such as rows of a database or of JSON: those named, else every own key of any row, in
 * order of first appearance. A key that a row lacks, and `undefined`, are null. Cells are passed on as they are: numbers,
 * booleans, bigints or text, one type to a column; another cell is refused once its column is read. With names the columns
 * are the same whatever the rows hold, also where there are none.
 *
 * @throws ClienteleError `wrong-type` for what is no array of objects; `invalid-option` for names that are no list.
 * @example fromRows([{ id: 'a', spend: 12.5 }, { id: 'b' }]) // { id: ['a', 'b'], spend: [12.5, null] }
 * @example fromRows([{ id: 'a', spend: 12.5, note: 'x' }], ['spend', 'id']) // { spend: [12.5], id: ['a'] }
 */
export function fromRows<R extends object>(rows: readonly R[]): { readonly [K in keyof R & string]: ColumnOf<R[K]> };
export function fromRows<R extends object, const N extends string>(
  rows: readonly R[],
  names: readonly N[],
): { readonly [K in N]: K extends keyof R ? ColumnOf<R[K]> : PlainColumn };
export function fromRows(
  rows: readonly object[],
  names?: readonly string[],
): { readonly [name: string]: readonly unknown[] } {
  const cells = rows as readonly { readonly [key: string]: unknown }[];
  if (!Array.isArray(rows)) fail('wrong-type', 'fromRows: expected an array of row objects');
  for (let i = 0; i < rows.length; i++) {
    const row: unknown = rows[i];
    if (typeof row !== 'object' || row === null || Array.isArray(row))
      fail('wrong-type', `fromRows, row ${i}: expected an object of cells by column name, got ${shown(row)}`);
  }
  const wanted = names === undefined ? keysOf(rows) : list(names, 'names');
  // Entries, as assignment would take a column `__proto__` for the prototype.
  return Object.fromEntries(
    wanted.map((name) => [name, cells.map((row) => (Object.hasOwn(row, name) ? (row[name] ?? null) : null))]),
  );
}

function keysOf(rows: readonly object[]): readonly string[] {
  const keys = new Set<string>();
  for (const row of rows) for (const key of Object.keys(row)) keys.add(key);
  return [...keys];
}

function shown(row: unknown): string {
  return Array.isArray(row) ? 'a list' : row === null ? 'null' : typeof row;
}
