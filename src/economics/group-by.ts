import { readCategories, readNumbers } from '../columns/index.ts';
import { fail } from '../errors.ts';
import type { CategoryColumn, PlainColumn } from '../model/batch.ts';

/** A group column as codes; numbers and booleans count as levels too. */
export function groupsOf(column: PlainColumn, name: string, rows: number): CategoryColumn {
  const groups = readCategories({ [name]: column }, name);
  return groups.codes.length === rows
    ? groups
    : fail('wrong-length', `${name} has ${groups.codes.length} rows, expected ${rows}`);
}

/** A number column, NaN where null. */
export function numbersOf(column: PlainColumn, name: string, rows?: number): Float64Array {
  const values = readNumbers({ [name]: column }, name);
  return rows === undefined || values.length === rows
    ? values
    : fail('wrong-length', `${name} has ${values.length} rows, expected ${rows}`);
}

/** The values of each level, NaN left out; a last list holds those whose group is null. */
export function partsOf(values: Float64Array, groups: CategoryColumn): readonly (readonly number[])[] {
  const parts: number[][] = [...groups.levels, null].map(() => []);
  values.forEach((value, row) => {
    const code = groups.codes[row]!;
    if (value === value) parts[code < 0 ? groups.levels.length : code]!.push(value);
  });
  return parts;
}

/** Rows per level; a last number counts the rows whose group is null. */
export function countsOf(groups: CategoryColumn): readonly number[] {
  const counts = new Array<number>(groups.levels.length + 1).fill(0);
  for (const code of groups.codes) counts[code < 0 ? groups.levels.length : code]!++;
  return counts;
}

/** part / whole, or null when the whole is 0. */
export const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
