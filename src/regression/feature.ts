import { requireColumn } from '../columns/batch.ts';
import { makeLane } from '../columns/lane.ts';
import { isNumeric, readCategories } from '../columns/whole.ts';
import { fail } from '../errors.ts';
import type { Columns, Lane } from '../model/batch.ts';
import type { Field } from '../model/field.ts';
import { knownOptions, list, object } from '../model/options.ts';
import { heldNumbers } from './held-numbers.ts';
import { shortList } from './quoted.ts';

/**
 * What a null does: `'null'` – a row without it is left out of the fit and scored null; `'level'` – being missing has
 * a weight of its own; `'impute'` – the mean stands for a missing number, the reference level for a missing category.
 */
export type Missing = 'null' | 'level' | 'impute';

/** A feature with its options; a bare column name takes the defaults. */
export interface Feature<C extends string = string> {
  readonly column: C;
  /** How the column is read. Default: as it is stored; `'category'` treats numbers as levels. */
  readonly type?: 'number' | 'category';
  /** The level that the other levels are compared with. Default: the most frequent one. Makes the feature a category. */
  readonly reference?: string;
  /** Default `'null'`. */
  readonly missing?: Missing;
  /** What a level does that the fit did not see: it counts as the reference level (default), or gives null. */
  readonly unseen?: 'reference' | 'null';
}

/** A feature's column, read whole. */
export interface FeatureColumn {
  readonly field: Field;
  readonly missing: Missing;
  readonly unseen: 'reference' | 'null';
  readonly reference: string | undefined;
  /** Numbers (NaN = null), or null for a category. May be the caller's own: not to be written to. */
  readonly values: Float64Array | null;
  /** Whether it is known that no cell is null. */
  readonly complete?: boolean;
  /** Codes into `field.levels` (−1 = null), or null for numbers. */
  readonly codes: Int32Array | null;
  /** Whether it is a category by its cells alone, and not by choice. */
  readonly stored?: boolean;
}

/** Options of features with their defaults; a column given twice is an error. */
export function normaliseFeatures<C extends string>(features: readonly (C | Feature<C>)[]): readonly Feature<C>[] {
  const given = list(features, 'features').map((feature, k) =>
    typeof feature === 'string'
      ? { column: feature }
      : knownOptions(object(feature, `features[${k}]`), `features[${k}]`, 'column type reference missing unseen'),
  );
  const seen = new Set<string>();
  for (const { column, type, reference, missing, unseen } of given) {
    if (typeof column !== 'string' || column === '') fail('invalid-option', 'invalid feature: name its column');
    const at = `feature "${column}"`;
    if (seen.has(column)) fail('invalid-option', `${at} is given twice`);
    seen.add(column);
    if (type !== undefined && type !== 'number' && type !== 'category')
      fail('invalid-option', `${at}: invalid type: ${String(type)}; use "number" or "category"`);
    if (type === 'number' && reference !== undefined)
      fail('invalid-option', `${at}: a reference level belongs to a category, not to a number`);
    if (missing !== undefined && !['null', 'level', 'impute'].includes(missing))
      fail('invalid-option', `${at}: invalid missing: ${String(missing)}; use "null", "level" or "impute"`);
    if (unseen !== undefined && unseen !== 'reference' && unseen !== 'null')
      fail('invalid-option', `${at}: invalid unseen: ${String(unseen)}; use "reference" or "null"`);
  }
  return given;
}

/**
 * Reads the columns of features. Levels are those that occur in rows with `use`, sorted by code point, so that a model
 * does not depend on the order of rows.
 */
export function readFeatures(
  data: Columns,
  features: readonly Feature[],
  use: (row: number) => boolean,
): readonly FeatureColumn[] {
  const lane: Lane = makeLane({ type: 'number' }, 0);
  return features.map(({ column, type, reference, missing = 'null', unseen = 'reference' }) => {
    requireColumn(data, column);
    const rules = { missing, unseen, reference };
    const kind = type ?? (reference === undefined && isNumeric(data, column) ? 'number' : 'category');
    if (kind === 'number')
      return { ...rules, field: { name: column, type: kind }, ...heldNumbers(data, column, lane), codes: null };
    const { codes, levels: own } = readCategories(data, column);
    const occurs = new Uint8Array(own.length);
    for (let i = 0; i < codes.length; i++) if (codes[i]! >= 0 && use(i)) occurs[codes[i]!] = 1;
    const levels = own.filter((_, code) => occurs[code] === 1).sort(byCodePoint);
    if (reference !== undefined && !own.includes(reference))
      fail('invalid-option', `feature "${column}": no level "${reference}"; the column has ${shortList(own)}`);
    const code = new Map(levels.map((level, k) => [level, k]));
    const map = own.map((level) => code.get(level) ?? -1);
    return {
      ...rules,
      field: { name: column, type: kind, levels },
      values: null,
      stored: type === undefined && reference === undefined,
      codes: codes.map((c) => (c < 0 ? -1 : map[c]!)),
    };
  });
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
