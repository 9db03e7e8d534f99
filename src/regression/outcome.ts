import { requireColumn, rowCount } from '../columns/batch.ts';
import { comparesNumbers, matches } from '../columns/matches.ts';
import { isNumeric, readCategories, readNumbers } from '../columns/whole.ts';
import { fail } from '../errors.ts';
import type { CategoryColumn, Columns } from '../model/batch.ts';
import { heldNumbers } from './held-numbers.ts';

/** 1 where the column equals `value`, 0 where it differs, NaN where it is null. */
export function outcome(data: Columns, column: string, value: string | number): Float64Array {
  if (comparesNumbers(data, column, [value])) {
    // What is no number is told of by `matches`.
    if (Number.isNaN(numberOf(value))) matches(data, { column, equals: value });
    return sameNumber(heldNumbers(data, column).values, numberOf(value));
  }
  const { codes, levels } = readCategories(data, column);
  const text = String(value);
  return sameLevel(
    codes,
    Uint8Array.from(levels, (level) => (level === text ? 1 : 0)),
  );
}

function numberOf(value: string | number): number {
  const number = typeof value === 'number' ? value : value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : Number.NaN;
}

function sameNumber(numbers: Float64Array, value: number): Float64Array {
  const y = new Float64Array(numbers.length);
  for (let i = 0; i < y.length; i++) {
    const x = numbers[i]!;
    y[i] = x === value ? 1 : x === x ? 0 : Number.NaN;
  }
  return y;
}

function sameLevel(codes: Int32Array, same: Uint8Array): Float64Array {
  const y = new Float64Array(codes.length);
  for (let i = 0; i < y.length; i++) y[i] = codes[i]! < 0 ? Number.NaN : same[codes[i]!]!;
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
  requireColumn(data, column);
  if (rowCount(data) === 0 || (Number.isNaN(numberOf(value)) && isNumeric(data, column)))
    requireLabel(data, column, what);
  const y = outcome(data, column, value);
  if (!y.includes(1)) requireLabel(data, column, what);
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
  return isNumeric(data, column) ? distinct(heldNumbers(data, column).values) : occurring(readCategories(data, column));
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
  for (let i = nextOther(numbers, 0, last, other); i < numbers.length; i = nextOther(numbers, i, last, other)) {
    other = last;
    last = numbers[i]!;
    out.add(last);
  }
  return [...out];
}

/** Place of the first number from `from` on that is neither NaN nor one of the two. */
function nextOther(numbers: Float64Array, from: number, one: number, two: number): number {
  for (let i = from; i < numbers.length; i++) {
    const x = numbers[i]!;
    if (x === x && x !== one && x !== two) return i;
  }
  return numbers.length;
}
