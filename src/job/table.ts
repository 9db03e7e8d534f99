import { columnNames } from '../columns/batch.ts';
import { isNumeric, readCategories, readNumbers } from '../columns/whole.ts';
import { fail } from '../errors.ts';
import type { CategoryColumn, Columns } from '../model/batch.ts';

/** A whole table in memory: numbers (NaN is null) and categories (−1 is null), all equally long. */
export type Table = { readonly [name: string]: Float64Array | CategoryColumn };

export function isCategory(column: Float64Array | CategoryColumn): column is CategoryColumn {
  return 'codes' in column;
}

export function tableRows(table: Table): number {
  for (const column of Object.values(table)) return isCategory(column) ? column.codes.length : column.length;
  return 0;
}

/**
 * Batches of one schema as one table. `texts`: columns to read as categories whatever they hold; 64-bit ids keep all
 * their digits only so.
 */
export async function collect(
  batches: Iterable<Columns> | AsyncIterable<Columns>,
  texts: ReadonlySet<string> = new Set(),
): Promise<Table> {
  const parts: Table[] = [];
  for await (const batch of batches) parts.push(decoded(batch, texts));
  const names = Object.keys(parts[0] ?? {});
  parts.forEach((part, i) => {
    const odd = Object.keys(part).find((name) => !names.includes(name)) ?? names.find((n) => !Object.hasOwn(part, n));
    if (odd !== undefined)
      fail('wrong-schema', `batch ${i} and batch 0 do not both have a column "${odd}": make their columns equal`);
  });
  if (!parts.some((part) => tableRows(part) > 0)) fail('empty-input', 'there are no rows: check what was exported');
  return Object.fromEntries(
    names.map((name) => [
      name,
      joined(
        parts.map((part) => part[name]!),
        name,
      ),
    ]),
  );
}

function joined(pieces: readonly (Float64Array | CategoryColumn)[], name: string): Float64Array | CategoryColumn {
  if (pieces.every(isCategory)) return joinCategories(pieces);
  const numbers = pieces.flatMap((piece) => (isCategory(piece) ? [] : [piece]));
  if (numbers.length < pieces.length)
    fail('wrong-schema', `column "${name}" holds numbers in one batch and text in another: make its type equal`);
  return joinNumbers(numbers);
}

export function decoded(batch: Columns, texts: ReadonlySet<string> = new Set()): Table {
  return Object.fromEntries(
    columnNames(batch).map((name) => [
      name,
      isNumeric(batch, name) && !texts.has(name) ? readNumbers(batch, name) : readCategories(batch, name),
    ]),
  );
}

function joinNumbers(pieces: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(pieces.reduce((n, piece) => n + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

function joinCategories(pieces: readonly CategoryColumn[]): CategoryColumn {
  const index = new Map<string, number>();
  const codes = new Int32Array(pieces.reduce((n, piece) => n + piece.codes.length, 0));
  let at = 0;
  for (const { codes: own, levels } of pieces) {
    const map = levels.map((level) => {
      const known = index.get(level);
      if (known !== undefined) return known;
      index.set(level, index.size);
      return index.size - 1;
    });
    for (const code of own) codes[at++] = code < 0 ? -1 : map[code]!;
  }
  return { codes, levels: [...index.keys()] };
}

/** Rows of a table, in the given order; −1 gives a null cell. */
export function pick(table: Table, rows: Int32Array): Table {
  return Object.fromEntries(
    Object.entries(table).map(([name, column]) => [
      name,
      isCategory(column)
        ? { codes: rows.map((row) => (row < 0 ? -1 : column.codes[row]!)), levels: column.levels }
        : Float64Array.from(rows, (row) => (row < 0 ? Number.NaN : column[row]!)),
    ]),
  );
}

/** The cells of a column as text, null where null: ids and keys. */
export function texts(table: Table, name: string): readonly (string | null)[] {
  const column = columnOf(table, name);
  return isCategory(column)
    ? Array.from(column.codes, (code) => (code < 0 ? null : column.levels[code]!))
    : Array.from(column, (value) => (Number.isNaN(value) ? null : String(value)));
}

/** The table's own column of this name. */
export function columnOf(table: Table, name: string): Float64Array | CategoryColumn {
  return Object.hasOwn(table, name)
    ? table[name]!
    : fail('unknown-column', `unknown column "${name}": the table has ${Object.keys(table).join(', ')}`);
}

/** The table's own column of this name, as numbers. */
export function numbersOf(table: Table, name: string): Float64Array {
  const column = columnOf(table, name);
  return isCategory(column) ? fail('wrong-type', `column "${name}" holds text where numbers are needed`) : column;
}
