import { formatDay, parseDay, readCategories, readDays } from '../../columns/index.ts';
import { fail } from '../../errors.ts';
import { checked, flag, oneOf } from '../../model/checks.ts';
import { DAYS, type TimeUnit } from '../../model/field.ts';
import { knownOptions, list, names } from '../../model/options.ts';
import { type CovariatePeriods, covariatePeriods, noPeriods, ofPath } from './covariate-periods.ts';
import { nextPeriod } from './periods.ts';
import { type CovariateWalks, type Tables, tablesOf, type WalkOptions } from './walks.ts';

/**
 * Puts purchases and covariates that change with time side by side, for {@link paretoNbdDynamic}. A row of the covariates
 * holds from its day on for one period; a path must have every period from the one of the first purchase to the one of
 * `asOf`, and may go on: predictions look as far ahead as it goes. Covariates that differ only after `asOf` are scenarios
 * of one fit.
 *
 * Time is continuous and counts from the customer's first purchase, which is itself no observation; purchases fall on the
 * start of their day, and several of one day are one. The covariates of a purchase are those that hold on its day. Order
 * of rows and periods that repeat the values of the one before change nothing.
 *
 * @param log purchases: one table, or several
 * @param covariates one table, or several, such as past and future
 * @throws ClienteleError `invalid-option`; `unknown-column`, `wrong-type`; `empty-input` without a purchase by `asOf`;
 * `invalid-value` for a path that has a gap, an overlap or a null, starts late or ends early (with the customer and the
 * day), and for a cell that is no date
 * @example
 * const log = { id: ['a', 'a'], day: ['2024-01-01', '2024-01-10'] };
 * const sale = { id: ['a', 'a', 'a'], week: ['2024-01-01', '2024-01-08', '2024-01-15'], sale: [0, 1, 0] };
 * const walks = covariateWalks(log, sale, {
 *   customer: 'id', date: 'day', start: 'week', columns: ['sale'], unit: 'week', asOf: '2024-01-19',
 * });
 * walks.until; // [1, 2, 3]
 * walks.purchases; // [0, 1, 0]
 */
export function covariateWalks<const Z extends string>(
  log: Tables,
  covariates: Tables,
  options: WalkOptions<Z>,
): CovariateWalks<Z> {
  const {
    customer,
    date,
    start,
    columns,
    unit,
    period = unit,
    shared = false,
  } = knownOptions(options, 'covariateWalks', 'customer date start columns unit period asOf shared');
  names({ customer, date, start });
  list(columns, 'columns').forEach((column, j) => {
    names({ [`columns[${j}]`]: column });
    if (columns.indexOf(column) < j) fail('invalid-option', `columns: "${column}" stands twice`);
  });
  const units = oneOf(...(Object.keys(DAYS) as TimeUnit[]));
  checked('invalid-option', units, unit, 'unit');
  checked('invalid-option', units, period, 'period');
  checked('invalid-option', flag, shared, 'shared');
  const asOf = typeof options.asOf === 'string' ? parseDay(options.asOf) : Number.NaN;
  if (asOf !== asOf) fail('invalid-option', `invalid asOf: ${String(options.asOf)}; write a day as yyyy-mm-dd`);

  const { ids, days, report } = purchaseDays(log, customer, date, asOf);
  const periods = covariatePeriods(covariates, ids, options);
  const n = columns.length;
  const from = new Int32Array(ids.length + 1);
  const until: number[] = [];
  const purchases: number[] = [];
  const values: number[] = [];
  days.forEach((bought, i) => {
    const birth = bought[0]!;
    let next = 1;
    let run = until.length - 1;
    eachPeriod(
      periods,
      { path: shared ? 0 : i, id: shared ? null : ids[i]!, birth, asOf, period, columns },
      (row, end) => {
        const at = row * n;
        let same = run >= from[i]!;
        for (let j = 0; same && j < n; j++) same = values[run * n + j] === periods.values[at + j];
        if (!same) {
          run = until.push(0) - 1;
          purchases.push(0);
          for (let j = 0; j < n; j++) values.push(periods.values[at + j]!);
        }
        until[run] = (end - birth) / DAYS[unit];
        for (; next < bought.length && bought[next]! < end; next++) purchases[run]!++;
      },
    );
    from[i + 1] = until.length;
  });
  const times = (of: (bought: readonly number[]) => number): Float64Array =>
    Float64Array.from(days, (bought) => of(bought) / DAYS[unit]);
  return {
    ...{ unit, asOf, columns, from },
    customers: {
      customer: { codes: Int32Array.from(ids, (_, i) => i), levels: ids },
      frequency: Float64Array.from(days, (bought) => bought.length - 1),
      recency: times((bought) => bought[bought.length - 1]! - bought[0]!),
      T: times((bought) => asOf - bought[0]!),
    },
    until: Float64Array.from(until),
    purchases: Float64Array.from(purchases),
    values: Float64Array.from(values),
    report: { ...report, missingCovariates: periods.missing },
  };
}

/** The distinct days of each customer's purchases by `asOf`, ascending; customers ascending by id. */
function purchaseDays(
  log: Tables,
  customer: string,
  date: string,
  asOf: number,
): {
  readonly ids: readonly string[];
  readonly days: readonly (readonly number[])[];
  readonly report: Omit<CovariateWalks['report'], 'missingCovariates'>;
} {
  const bought = new Map<string, number[]>();
  let [rows, after, missing, sameDay] = [0, 0, 0, 0];
  for (const table of tablesOf(log)) {
    const { codes, levels } = readCategories(table, customer);
    const when = readDays(table, date);
    rows += codes.length;
    for (let row = 0; row < codes.length; row++) {
      const day = when[row]!;
      if (codes[row]! < 0 || day !== day) missing++;
      else if (day > asOf) after++;
      else {
        const id = levels[codes[row]!]!;
        const own = bought.get(id);
        if (own) own.push(day);
        else bought.set(id, [day]);
      }
    }
  }
  const ids = [...bought.keys()].sort();
  if (ids.length === 0)
    fail('empty-input', `no purchase by ${formatDay(asOf)}: ${rows} rows, ${after} after it, ${missing} with a null`);
  const days = ids.map((id) => {
    const all = bought.get(id)!;
    const own = [...new Set(all)].sort((a, b) => a - b);
    sameDay += all.length - own.length;
    return own;
  });
  return { ids, days, report: { rows, after, missing, sameDay } };
}

/** Visits the periods of a path from the one of the first purchase on, each with its end; stops at the first fault. */
function eachPeriod(
  { from, start, values }: CovariatePeriods,
  {
    path,
    id,
    birth,
    asOf,
    period,
    columns,
  }: {
    readonly path: number;
    readonly id: string | null;
    readonly birth: number;
    readonly asOf: number;
    readonly period: TimeUnit;
    readonly columns: readonly string[];
  },
  visit: (row: number, end: number) => void,
): void {
  const who = ofPath(id);
  const [first, last] = [from[path]!, from[path + 1]!];
  if (first === last) noPeriods(id, formatDay(birth), formatDay(asOf));
  if (start[first]! > birth)
    fail(
      'invalid-value',
      `${who}: the covariates start on ${formatDay(start[first]!)}, after the first purchase on ${formatDay(birth)}; add the periods before`,
    );
  // The last period that starts by the first purchase.
  let row = first;
  for (let beyond = last; beyond - row > 1; ) {
    const middle = (row + beyond) >> 1;
    if (start[middle]! <= birth) row = middle;
    else beyond = middle;
  }
  if (row > first && start[row - 1] === start[row]) row--;
  let end = nextPeriod(start[row]!, period);
  if (end <= birth && row + 1 === last) lapse(end);
  for (; row < last; row++) {
    const day = start[row]!;
    end = nextPeriod(day, period);
    columns.forEach((column, j) => {
      const z = values[row * columns.length + j]!;
      if (z !== z)
        fail(
          'invalid-value',
          `${who}: "${column}" is null in the ${period} from ${formatDay(day)}; fill it${day > asOf ? ', or end the path before it' : ''}`,
        );
    });
    const following = row + 1 < last ? start[row + 1]! : end;
    if (following < end)
      fail(
        'invalid-value',
        following === day
          ? `${who}: two rows of covariates start on ${formatDay(day)}; keep one`
          : `${who}: the ${period} from ${formatDay(day)} overlaps the one from ${formatDay(following)}; a row holds for one ${period}`,
      );
    if (following > end)
      fail(
        'invalid-value',
        `${who}: no covariates from ${formatDay(end)} to ${formatDay(following - 1)}; add the rows of that gap`,
      );
    visit(row, end);
  }
  if (end <= asOf) lapse(end);

  function lapse(ended: number): never {
    return fail(
      'invalid-value',
      `${who}: the covariates end on ${formatDay(ended - 1)}, before ${formatDay(asOf)}; add the periods up to it`,
    );
  }
}
