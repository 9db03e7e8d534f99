import { formatDay, parseDay } from '../columns/days.ts';
import { readDays } from '../columns/read-days.ts';
import { columnKind, readCategories } from '../columns/whole.ts';
import { fail } from '../errors.ts';
import type { Columns } from '../model/batch.ts';
import type { Span } from '../model/field.ts';

/** One as-of date that is judged, and the earlier ones whose outcomes were known on it. All dates are days since 1970. */
export interface DatedSplit {
  readonly test: number;
  readonly train: readonly number[];
  /** Earlier dates whose outcomes were not known yet. */
  readonly overlapping: readonly number[];
  readonly trainRows: Int32Array;
  readonly testRows: Int32Array;
}

/**
 * The split of one test date: rows of earlier as-of dates train whose outcomes are known by then, `known(date) ≤ test`.
 *
 * @param dates the as-of dates, ascending
 * @param days as-of day of each row
 * @param atMost train on so many of the newest dates only
 */
export function splitAt(
  dates: readonly number[],
  days: Float64Array,
  test: number,
  known: (asOf: number) => number,
  atMost: number = Number.POSITIVE_INFINITY,
): DatedSplit {
  const earlier = dates.filter((date) => date < test);
  const learnable = earlier.filter((date) => known(date) <= test);
  const train = learnable.slice(Math.max(0, learnable.length - atMost));
  const own = new Set(train);
  return {
    test,
    train,
    overlapping: earlier.filter((date) => known(date) > test),
    trainRows: rowsWhere(days, (day) => own.has(day)),
    testRows: rowsWhere(days, (day) => day === test),
  };
}

/** The rows whose cell passes. */
export function rowsWhere<T>(cells: ArrayLike<T>, passes: (cell: T) => boolean): Int32Array {
  const rows: number[] = [];
  for (let row = 0; row < cells.length; row++) if (passes(cells[row]!)) rows.push(row);
  return Int32Array.from(rows);
}

/** Stops unless a window of training dates is usable. */
export function checkWindow(atLeast: number, atMost: number, at = ''): void {
  if (!(Number.isSafeInteger(atLeast) && atLeast >= 1))
    fail('invalid-option', `invalid ${at}atLeast: ${atLeast}; use a whole number from 1 on`);
  if (!(atMost >= atLeast && (Number.isSafeInteger(atMost) || atMost === Number.POSITIVE_INFINITY)))
    fail('invalid-option', `invalid ${at}atMost: ${atMost}; use a whole number not below atLeast, ${atLeast}`);
}

/**
 * The day on which the outcome of an as-of date is known: its horizon later, months by the calendar (three months after
 * 30 November is the last day of February).
 */
export function knownAfter({ every, unit }: Span): (asOf: number) => number {
  const months = { day: 0, week: 0, month: every, quarter: 3 * every, year: 12 * every }[unit];
  if (months === 0) return (day) => day + Math.ceil(unit === 'week' ? 7 * every : every);
  if (!Number.isInteger(months)) return (day) => day + Math.ceil((months * 365.25) / 12);
  return (day) => {
    const [year, month, date] = formatDay(day).split('-').map(Number) as [number, number, number];
    const at = 12 * year + month - 1 + months;
    const head = `${String(Math.floor(at / 12)).padStart(4, '0')}-${String((at % 12) + 1).padStart(2, '0')}`;
    for (let d = date; d > 28; d--) {
      const last = parseDay(`${head}-${d}`);
      if (last === last) return last;
    }
    return parseDay(`${head}-${String(Math.min(date, 28)).padStart(2, '0')}`);
  };
}

/** A column's days when every cell of it is one, as in a panel; null when it is something else. */
export function daysIfDates(data: Columns, name: string): Float64Array | null {
  const kind = columnKind(data, name);
  if (kind === 'boolean') return null;
  if (kind === 'category') {
    const { levels } = readCategories(data, name);
    return levels.length > 0 && levels.every((level) => !Number.isNaN(parseDay(level))) ? readDays(data, name) : null;
  }
  try {
    return readDays(data, name);
  } catch {
    return null;
  }
}

/**
 * Warns of a column of dates that a model reads and that runs past the row's as-of date. Numbers that stand for days cannot
 * be told from other numbers, and are not looked at.
 */
export function pastAsOf(
  data: Columns,
  { column: asOf, days }: { readonly column: string; readonly days: Float64Array },
  inputs: readonly { readonly name: string }[],
): readonly string[] {
  return inputs.flatMap(({ name }) => {
    const own = name === asOf || columnKind(data, name) === 'number' ? null : daysIfDates(data, name);
    const row = own?.findIndex((day, at) => day > days[at]!) ?? -1;
    if (own === null || row < 0) return [];
    const count = own.reduce((n, day, at) => n + (day > days[at]! ? 1 : 0), 0);
    return [
      `"${name}" runs past the row's as-of date in ${count} rows, as in row ${row}: ${formatDay(own[row]!)} after ${formatDay(days[row]!)}; leave it out unless it was known then, such as the end of a contract`,
    ];
  });
}
