import { isNumeric, readCategories, readNumbers } from '../../columns/whole.ts';
import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { type CutRule, fitCuts } from '../../numerics/cut-rule.ts';
import { codeOf } from '../../numerics/cuts.ts';

/** A feature of a profile; a bare column name takes the defaults. */
export interface ProfileFeature {
  readonly column: string;
  /** How the column is read. Default: as it is stored; `'category'` treats numbers as levels. */
  readonly type?: 'number' | 'category';
  /** How numbers are cut. Default: the rule of the profile. */
  readonly bins?: CutRule;
}

/** A column in bins: the code of every row, −1 where the cell is null. */
export interface BinnedColumn {
  readonly codes: ArrayLike<number>;
  readonly names: readonly string[];
  /** Of a number column; a bin is (lo, hi]. */
  readonly cuts: readonly number[] | null;
  /** NaN where null; null for a category. */
  readonly values: Float64Array | null;
}

/**
 * Bins a feature by the rows with `use`: levels that occur, by code point, or intervals (lo, hi]. Learned cuts that leave
 * an interval empty are merged, fixed ones are kept.
 */
export function binColumn(
  data: Columns,
  { column, type, bins }: ProfileFeature,
  rule: CutRule,
  use: (row: number) => boolean,
): BinnedColumn {
  if ((type ?? (isNumeric(data, column) ? 'number' : 'category')) === 'category') {
    if (bins !== undefined) fail('wrong-type', `feature "${column}" is a category: bins are for numbers`);
    const { codes, levels } = readCategories(data, column);
    const occurs = new Uint8Array(levels.length);
    for (let row = 0; row < codes.length; row++) if (codes[row]! >= 0 && use(row)) occurs[codes[row]!] = 1;
    const names = levels.filter((_, code) => occurs[code] === 1).sort();
    const place = new Map(names.map((name, code) => [name, code]));
    const map = levels.map((level) => place.get(level) ?? -1);
    return { codes: codes.map((code) => (code < 0 ? -1 : map[code]!)), names, cuts: null, values: null };
  }
  const values = readNumbers(data, column).map((value, row) => (use(row) ? value : Number.NaN));
  const cuts = cutsOf(values, bins ?? rule, column);
  const codes = Int32Array.from(values, (value) => (value === value ? codeOf(value, cuts, 'right') : -1));
  return { codes, names: intervals(cuts), cuts, values };
}

function cutsOf(values: Float64Array, rule: CutRule, column: string): readonly number[] {
  const fixed = typeof rule !== 'string' && 'fixed' in rule;
  if (!fixed && !values.some((value) => value === value)) return [];
  const cuts = fitCuts(values, rule, 'right', column);
  if (fixed) return cuts;
  const filled = new Uint8Array(cuts.length + 1);
  for (const value of values) if (value === value) filled[codeOf(value, cuts, 'right')] = 1;
  const last = filled.lastIndexOf(1);
  return cuts.filter((_, bin) => filled[bin] === 1 && bin < last);
}

function intervals(cuts: readonly number[]): readonly string[] {
  if (cuts.length === 0) return ['all'];
  const inner = cuts.slice(1).map((cut, i) => `(${cuts[i]}, ${cut}]`);
  return [`≤ ${cuts[0]}`, ...inner, `> ${cuts[cuts.length - 1]}`];
}
