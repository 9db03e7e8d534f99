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
  name: string,
  texts: ReadonlySet<string> = new Set(),
): Promise<Table> {
  const parts: Table[] = [];
  for await (const batch of batches) parts.push(decoded(batch, texts));
  const first = parts[0] ?? fail('empty-input', `source "${name}" has no rows`);
  const out: { [name: string]: Float64Array | CategoryColumn } = {};
  for (const column of Object.keys(first)) {
    const pieces = parts.map(
      (part) => part[column] ?? fail('wrong-schema', `source "${name}": a batch lacks column "${column}"`),
    );
    out[column] = pieces.every(isCategory)
      ? joinCategories(pieces)
      : joinNumbers(
          pieces.filter(
            (piece) =>
              !isCategory(piece) || fail('wrong-schema', `source "${name}": column "${column}" changes its type`),
          ),
        );
  }
  return out;
}

export function decoded(batch: Columns, texts: ReadonlySet<string> = new Set()): Table {
  return Object.fromEntries(
    columnNames(batch).map((name) => [
      name,
      isNumeric(batch, name) && !texts.has(name) ? readNumbers(batch, name) : readCategories(batch, name),
    ]),
  );
}

function joinNumbers(pieces: readonly (Float64Array | CategoryColumn)[]): Float64Array {
  const numbers = pieces as readonly Float64Array[];
  const out = new Float64Array(numbers.reduce((n, piece) => n + piece.length, 0));
  let at = 0;
  for (const piece of numbers) {
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
  const column = table[name] ?? unknown(table, name);
  return isCategory(column)
    ? Array.from(column.codes, (code) => (code < 0 ? null : column.levels[code]!))
    : Array.from(column, (value) => (Number.isNaN(value) ? null : String(value)));
}

export function unknown(table: Table, name: string): never {
  return fail('unknown-column', `unknown column "${name}": the table has ${Object.keys(table).join(', ')}`);
}
