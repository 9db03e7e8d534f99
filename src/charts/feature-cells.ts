import { type Columns, isNumeric, readCategories, readNumbers } from '../columns/index.ts';
import { ascending } from '../numerics/rank.ts';

/** What a feature is in some rows. */
export interface FeatureCells {
  readonly value: readonly (number | string | null)[];
  /** Share of the rows below it, of those below the highest: from 0 to 1; null for nulls, text and a constant. */
  readonly level: readonly (number | null)[];
}

export function featureCells(batch: Columns, column: string, rows: readonly number[]): FeatureCells {
  if (!isNumeric(batch, column)) {
    const { codes, levels } = readCategories(batch, column);
    return { value: rows.map((row) => levels[codes[row]!] ?? null), level: rows.map(() => null) };
  }
  const all = readNumbers(batch, column);
  const own = rows.map((row) => all[row]!);
  const sorted = ascending(own);
  const below = new Map<number, number>();
  sorted.forEach((value, i) => {
    if (!below.has(value)) below.set(value, i);
  });
  const most = below.get(sorted.at(-1) ?? Number.NaN) ?? 0;
  return {
    value: own.map((value) => (value === value ? value + 0 : null)),
    level: own.map((value) => (most > 0 && value === value ? below.get(value)! / most : null)),
  };
}
