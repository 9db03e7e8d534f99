import { columnNames, rowCount } from '../columns/batch.ts';
import { formatDay } from '../columns/days.ts';
import { readDays } from '../columns/read-days.ts';
import { fail } from '../errors.ts';
import type { Columns } from '../model/batch.ts';
import type { Span } from '../model/field.ts';
import { knownOptions, names, object } from '../model/options.ts';
import { groupsOf, splitCustomers } from './groups.ts';
import { dealFolds } from './stratified.ts';
import { checkWindow, daysIfDates, knownAfter, rowsWhere, splitAt } from './temporal.ts';

/** Rows to learn from and rows to judge on. */
export interface Split {
  readonly train: ArrayLike<number>;
  readonly test: ArrayLike<number>;
}

/**
 * How rows are parted into those to learn from and those to judge on.
 *
 * Default: where the data carry several as-of dates, in the column `asOf` as a panel of `observe` does, by time; elsewhere
 * five folds, seed 1, stratified by outcome, and by customer where there is a column `customer`.
 */
export type Folds =
  /**
   * Seeded folds (`count` default 5, `seed` 1), each with its share of every outcome. `by`: rows with equal values in this
   * column, a customer's, stay in one fold; default the column `customer`, where there is one.
   */
  | { readonly count?: number; readonly seed?: number; readonly by?: string }
  /** Row number modulo `count`: for comparing with published figures. */
  | { readonly count: number; readonly rule: 'row-modulo' }
  | TemporalFolds;

/**
 * Every as-of date is judged by what was known on it: by a fit to the rows of earlier dates whose outcomes had come in. The
 * window grows; rows of the first dates, with nothing before them, are only learned from. A customer may stand on both
 * sides, on different dates, as when a model is in use.
 */
export interface TemporalFolds {
  readonly rule: 'temporal';
  /** Column of the as-of date. Default `asOf`. */
  readonly asOf?: string;
  /**
   * Days after its as-of date on which a row's outcome is known. Default: that of the panel, else the label's horizon;
   * with a gap between the date and the label's days it must be given.
   */
  readonly lookAhead?: number;
  /** Dates to learn from at least. Default 1. */
  readonly atLeast?: number;
  /** Learn from so many of the newest dates only. Default: all. */
  readonly atMost?: number;
}

/** A data set that carries its as-of dates, as `observe` gives it. */
export interface DatedSet {
  readonly columns: Columns;
  readonly asOf: readonly string[];
  readonly lookAhead: number;
}

/** The columns of data given with or without their dates, and the days after which a data set knows its labels. */
export function openDated(data: Columns | DatedSet): {
  readonly data: Columns;
  readonly lookAhead: number | undefined;
} {
  const { lookAhead } = data as Partial<DatedSet>;
  // No column is a bare number.
  return typeof lookAhead === 'number'
    ? { data: (data as DatedSet).columns, lookAhead }
    : { data: data as Columns, lookAhead: undefined };
}

/** Rows parted, and by which rule. */
export interface Parted {
  readonly splits: readonly Split[];
  readonly rule: 'temporal' | 'stratified' | 'row-modulo' | 'given';
  /** What each split is, for messages: "fold 2 of 5", "as of 2024-06-30". */
  readonly titles: readonly string[];
  readonly warnings: readonly string[];
  /** Where the data carry one. */
  readonly dates?: AsOf | undefined;
}

/** The as-of column and the day of each row. */
interface AsOf {
  readonly column: string;
  readonly days: Float64Array;
}

/** What is known of the outcome. */
export interface Known {
  /** 1, 0 or NaN per row; null: none. */
  readonly actual: Float64Array | null;
  /** Days after which the data set knows its labels. */
  readonly lookAhead?: number | undefined;
  /** Horizon of the label, asked for only when rows are parted by time and the days are not known. */
  readonly horizon: () => Span | null;
}

const ASOF = 'asOf';
const CUSTOMER = 'customer';

/** Stops at folds that cannot be used. */
export function checkFolds(folds: Folds, option = 'folds'): void {
  object(folds, option);
  if ('rule' in folds && folds.rule === 'temporal') {
    const {
      asOf = ASOF,
      lookAhead = 0,
      atLeast = 1,
      atMost = Number.POSITIVE_INFINITY,
    } = knownOptions(folds, option, 'rule asOf lookAhead atLeast atMost');
    names({ [`${option}.asOf`]: asOf });
    if (!(Number.isSafeInteger(lookAhead) && lookAhead >= 0))
      fail('invalid-option', `invalid ${option}.lookAhead: ${lookAhead}; use a whole number of days`);
    checkWindow(atLeast, atMost, `${option}.`);
    return;
  }
  const { count = 5 } = folds;
  if (!Number.isInteger(count) || count < 2)
    fail('invalid-option', `invalid ${option}.count: ${count}; use a whole number of at least 2`);
  if ('rule' in folds) {
    const rule: string = folds.rule;
    if (rule !== 'row-modulo')
      fail('invalid-option', `invalid ${option}.rule: ${rule}; use "row-modulo" or "temporal"`);
    knownOptions(folds, option, 'count rule');
    return;
  }
  const { seed = 1, by } = knownOptions(folds, option, 'count seed by');
  if (!Number.isSafeInteger(seed)) fail('invalid-option', `invalid ${option}.seed: ${seed}; use a whole number`);
  if (by !== undefined) names({ [`${option}.by`]: by });
}

/** Parts rows by the rule given, or by the default one. */
export function partRows(data: Columns, folds: Folds | undefined, known: Known, option = 'folds'): Parted {
  if (folds) checkFolds(folds, option);
  if (folds && 'rule' in folds && folds.rule === 'temporal') {
    const column = folds.asOf ?? ASOF;
    const parted = byTime({ column, days: readDays(data, column) }, folds, known, option);
    return parted.splits.length > 0
      ? parted
      : fail(
          'invalid-option',
          `${option}: no as-of date in "${column}" has ${folds.atLeast ?? 1} before it whose outcomes were known and of both classes: add dates`,
        );
  }
  const days = columnNames(data).includes(ASOF) ? daysIfDates(data, ASOF) : null;
  const dates = days === null ? undefined : { column: ASOF, days };
  if (folds && 'rule' in folds) {
    const foldOf = Int32Array.from({ length: rowCount(data) }, (_, row) => row % folds.count);
    return { ...byFold(foldOf), rule: 'row-modulo', dates };
  }
  if (folds === undefined && dates && new Set(days).size > 1) {
    const parted = byTime(dates, { rule: 'temporal' }, known, option);
    if (parted.splits.length > 0) return parted;
  }
  return { ...seeded(data, folds ?? {}, known, option), dates };
}

/** How many splits there will be, before the label's horizon is known: dates that are too near each other may take some away. */
export function expectedSplits(data: Columns, folds: Folds | undefined): number {
  if (folds && !('rule' in folds && folds.rule === 'temporal')) return folds.count ?? 5;
  const column = folds?.asOf ?? ASOF;
  const days = columnNames(data).includes(column) ? daysIfDates(data, column) : null;
  const dates = new Set(days?.filter((day) => day === day)).size;
  return folds || dates > 1 ? Math.max(0, dates - 1) : 5;
}

/** One split per fold: it is judged by a fit to the others. */
export function byFold(foldOf: Int32Array): Omit<Parted, 'rule'> {
  const folds = [...new Set(foldOf)].sort((a, b) => a - b);
  return {
    splits: folds.map((own) => ({
      train: rowsWhere(foldOf, (fold) => fold !== own),
      test: rowsWhere(foldOf, (fold) => fold === own),
    })),
    titles: folds.map((_, k) => `fold ${k + 1} of ${folds.length}`),
    warnings: [],
  };
}

function seeded(
  data: Columns,
  { count = 5, seed = 1, by }: Exclude<Folds, { readonly rule: string }>,
  { actual }: Known,
  option: string,
): Parted {
  const rows = rowCount(data);
  const named = by ?? (columnNames(data).includes(CUSTOMER) ? CUSTOMER : undefined);
  let groups = named === undefined ? null : groupsOf(data, named);
  // A column of that name with a handful of values is no customer's id.
  const taken = by !== undefined || (groups !== null && groups.count >= count);
  if (!taken) groups = null;
  const foldOf = dealFolds(rows, count, seed, actual, groups, `${option}.count`);
  return {
    ...byFold(foldOf),
    rule: 'stratified',
    warnings: splitCustomers(data, foldOf, taken ? named : undefined),
  };
}

/** Every date judged by earlier ones; no splits when none can be. */
function byTime(
  { column, days }: AsOf,
  { lookAhead: given, atLeast = 1, atMost }: TemporalFolds,
  { actual, horizon, lookAhead }: Known,
  option: string,
): Parted {
  const dates = [...new Set(days)].filter((day) => day === day).sort((a, b) => a - b);
  const ahead = given ?? lookAhead;
  const span = ahead === undefined ? horizon() : null;
  const knownOn = span === null ? (day: number) => day + (ahead ?? 0) : knownAfter(span);
  const open = dates
    .map((test) => splitAt(dates, days, test, knownOn, atMost))
    .filter(({ train }) => train.length >= atLeast);
  const judged = open.filter(({ trainRows }) => actual === null || bothClasses(actual, trainRows));
  const blind = open.filter((split) => !judged.includes(split)).map(({ test }) => formatDay(test));
  const undated = days.reduce((count, day) => count + (day === day ? 0 : 1), 0);
  return {
    splits: judged.map(({ trainRows, testRows }) => ({ train: trainRows, test: testRows })),
    rule: 'temporal',
    dates: { column, days },
    titles: judged.map(({ test }) => `as of ${formatDay(test)}`),
    warnings: [
      ...(blind.length > 0
        ? [`not judged as of ${blind.join(', ')}: the outcomes known by then are of one class`]
        : []),
      ...(undated > 0 ? [`${undated} rows without an as-of date are neither learned from nor judged in folds`] : []),
      ...(ahead === undefined && span === null
        ? [`the label's horizon is not known: outcomes are taken as known on the as-of date; name ${option}.lookAhead`]
        : []),
    ],
  };
}

function bothClasses(actual: Float64Array, rows: Int32Array): boolean {
  return rows.some((row) => actual[row] === 1) && rows.some((row) => actual[row] === 0);
}
