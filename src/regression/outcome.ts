import { requireColumn, rowCount } from '../columns/batch.ts';
import { matches } from '../columns/matches.ts';
import { isNumeric, readCategories, readNumbers } from '../columns/whole.ts';
import { fail } from '../errors.ts';
import type { CategoryColumn, Columns } from '../model/batch.ts';

/** 1 where the column equals `value`, 0 where it differs, NaN where it is null. */
export function outcome(data: Columns, column: string, value: string | number): Float64Array {
  const yes = matches(data, { column, equals: value });
  const no = matches(data, { column, not: value });
  const y = new Float64Array(yes.length);
  for (let i = 0; i < y.length; i++) y[i] = yes[i] === 1 ? 1 : no[i] === 1 ? 0 : Number.NaN;
  return y;
}

/** Stops unless some cell of a label's column is given. A plain column without any is of no type to compare with. */
export function requireLabel(data: Columns, column: string, what: string): void {
  requireColumn(data, column);
  if (rowCount(data) === 0) fail('empty-input', `${what}: there are no rows to fit`);
  const given = isNumeric(data, column)
    ? readNumbers(data, column).some((x) => x === x)
    : readCategories(data, column).codes.some((code) => code >= 0);
  if (!given) fail('all-null', `${what} is null in all ${rowCount(data)} rows: leave it out, or check the column`);
}

/** As {@link outcome}; stops unless both classes are there. */
export function twoClasses(data: Columns, column: string, value: string | number): Float64Array {
  const what = `label "${column}"`;
  requireLabel(data, column, what);
  const y = outcome(data, column, value);
  if (!y.includes(1)) fail('one-class', `${what} is never ${JSON.stringify(value)}; it holds ${found(data, column)}`);
  if (!y.includes(0))
    fail(
      'one-class',
      `${what} is always ${JSON.stringify(value)}: a second class is needed to learn the difference from`,
    );
  return y;
}

/** A warning when a label has more than two values, all but one of which count as the other class. */
export function labelWarnings(data: Columns, column: string, value: string | number): readonly string[] {
  const others = values(data, column).filter((own) => String(own) !== String(value));
  return others.length < 2
    ? []
    : [
        `label "${column}" has ${others.length + 1} values: ${listed(others)} all count as not ${JSON.stringify(value)}; make those null that say nothing of it`,
      ];
}

/** The values that occur, as they are written in options: levels of a dictionary that no row has are not among them. */
function found(data: Columns, column: string): string {
  return listed(values(data, column));
}

function values(data: Columns, column: string): readonly (string | number)[] {
  return isNumeric(data, column) ? distinct(readNumbers(data, column)) : occurring(readCategories(data, column));
}

function listed(distinct: readonly (string | number)[]): string {
  return distinct
    .slice(0, 12)
    .map((v) => JSON.stringify(v))
    .concat(distinct.length > 12 ? ['…'] : [])
    .join(', ');
}

function occurring({ codes, levels }: CategoryColumn): readonly string[] {
  const counts = new Int32Array(levels.length);
  for (const code of codes) if (code >= 0) counts[code]!++;
  return levels.filter((_, code) => counts[code]! > 0);
}

/** What is not NaN, in order of first appearance. */
function distinct(numbers: Float64Array): readonly number[] {
  const out = new Set<number>();
  // Most columns of labels hold two values: a look into the set takes far longer than a comparison.
  let last = Number.NaN;
  let other = Number.NaN;
  for (const x of numbers)
    if (x === x && x !== last && x !== other) {
      out.add(x);
      other = last;
      last = x;
    }
  return [...out];
}
