import { columnNames, matches, readCategories, readNumbers, rowCount } from '../../columns/index.ts';
import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { names, object } from '../../model/options.ts';

/** One row per cohort and period. */
export interface CountColumns {
  /** Whole number of renewals that came up so far: 0 at acquisition. */
  readonly period: string;
  /** Customers who made the renewal of that period and are still there; in period 0, all of the cohort. */
  readonly active: string;
  /**
   * Customers who left at that renewal. With it every row stands for itself (`active + lost` were there before), so that
   * periods may be missing and customers may join or drop out of sight in between. Without it, who is missing from one
   * period to the next has left, and the periods of a cohort must follow each other.
   */
  readonly lost?: string;
  /** Cohort of the row; without it all rows are one cohort. */
  readonly cohort?: string;
}

/** Who left, as a column: of 0/1 or true/false, or one whose cell is `churned`. */
export type ChurnedColumn = string | { readonly column: string; readonly churned: string | number };

/** How a table tells who left and when: one row per customer, or with `counts` one per cohort and period. */
export interface RenewalColumns<T extends string = string> {
  /**
   * Whole number of renewals that came up so far. Of a customer who is there: all were made. Of one who left: the last
   * was not. Default `tenure`.
   */
  readonly tenure?: T;
  /** Default `churned`. */
  readonly churned?: ChurnedColumn;
  readonly counts?: CountColumns;
}

/** Renewals t = 1 … that came up: how many were made and how many were not. All that the models learn from. */
export interface RenewalTable {
  /** `kept[t − 1]` of the `kept[t − 1] + lost[t − 1]` customers whose renewal t was seen. */
  readonly kept: Float64Array;
  readonly lost: Float64Array;
  /** Customers behind them. */
  readonly customers: number;
  readonly rows: number;
  /** Rows with a null. */
  readonly nulls: number;
}

/** The columns by which a table tells who left: never a feature. */
export function outcomeColumns({ churned = 'churned', counts }: RenewalColumns): readonly string[] {
  if (counts === undefined) return [typeof churned === 'string' ? churned : churned.column];
  return counts.lost === undefined ? [counts.active] : [counts.active, counts.lost];
}

/** Checks the names of the columns; `invalid-option`. */
export function checkRenewalColumns(columns: RenewalColumns): void {
  const { tenure = 'tenure', churned = 'churned', counts } = columns;
  names({ tenure });
  if (counts !== undefined) {
    if (columns.churned !== undefined) fail('invalid-option', 'counts and churned exclude each other: drop one');
    const { period, active, lost, cohort } = object(counts, 'counts');
    names({ 'counts.period': period, 'counts.active': active });
    if (lost !== undefined) names({ 'counts.lost': lost });
    if (cohort !== undefined) names({ 'counts.cohort': cohort });
    distinct([period, active, lost, cohort]);
    return;
  }
  if (typeof churned === 'string') names({ churned });
  else {
    const { column, churned: value } = object(churned, 'churned');
    names({ 'churned.column': column });
    if (typeof value !== 'string' && typeof value !== 'number')
      fail(
        'invalid-option',
        `invalid churned.churned: ${String(value)}; use the cell of those who left, such as "Yes"`,
      );
  }
  distinct([tenure, ...outcomeColumns(columns)]);
}

function distinct(columns: readonly (string | undefined)[]): void {
  const given = columns.filter((name) => name !== undefined);
  if (new Set(given).size < given.length)
    fail('invalid-option', `each column can stand for one thing only, got ${given.join(', ')}`);
}

/**
 * Reads either shape.
 * @throws ClienteleError `invalid-value` for a cell that cannot be, with its row; `empty-input`; `unknown-column`
 */
export function readRenewals(data: Columns, columns: RenewalColumns): RenewalTable {
  if (rowCount(data) === 0)
    fail('empty-input', `there are no rows to fit in a table with ${columnNames(data).join(', ') || 'no columns'}`);
  const { counts } = columns;
  const table = counts === undefined ? fromCustomers(data, columns) : fromCounts(data, counts);
  if (table.rows === 0) fail('empty-input', `every row has a null in one of its columns: there is nothing to fit`);
  if (table.kept.every((made, i) => made + table.lost[i]! === 0))
    fail('empty-input', 'no renewal was seen: every customer is in the first period, there is nothing to learn from');
  return table;
}

/** Renewals beyond this are no contract's. */
const MAX_PERIOD = 1e6;

function whole(value: number, column: string, row: number, what: string, most: number): number {
  return Number.isInteger(value) && value >= 0 && value <= most
    ? value
    : fail('invalid-value', `column "${column}", row ${row}: ${value} is not ${what} of 0 … ${most}`);
}

function fromCustomers(data: Columns, { tenure = 'tenure', churned = 'churned' }: RenewalColumns): RenewalTable {
  const last = readNumbers(data, tenure);
  const left = readChurned(data, churned);
  let longest = 0;
  for (let row = 0; row < last.length; row++)
    if (last[row] === last[row] && left[row] === left[row])
      longest = Math.max(longest, whole(last[row]!, tenure, row, 'a whole number of renewals', MAX_PERIOD));
  const kept = new Float64Array(longest);
  const lost = new Float64Array(longest);
  let customers = 0;
  for (let row = 0; row < last.length; row++) {
    const t = last[row]!;
    if (t !== t || left[row] !== left[row]) continue;
    customers++;
    if (left[row] === 1 && t === 0)
      fail(
        'invalid-value',
        `column "${tenure}", row ${row}: a customer who left did so at renewal 1 or later, got 0: count the renewal that was not made`,
      );
    if (t > 0) (left[row] === 1 ? lost : kept)[t - 1]!++;
  }
  // Whoever was seen at renewal t made all before it.
  for (let t = longest - 1; t > 0; t--) kept[t - 1]! += kept[t]! + lost[t]!;
  return { kept, lost, customers, rows: customers, nulls: last.length - customers };
}

/** 1 for those who left, 0 for those who are there, NaN where null. */
function readChurned(data: Columns, churned: ChurnedColumn): Float64Array {
  if (typeof churned === 'string') {
    const left = readNumbers(data, churned);
    left.forEach((value, row) => {
      if (value !== 0 && value !== 1 && value === value)
        fail('invalid-value', `column "${churned}", row ${row}: ${value} is neither 0 nor 1`);
    });
    return left;
  }
  const { column, churned: value } = churned;
  const yes = matches(data, { column, equals: value });
  const no = matches(data, { column, not: value });
  return Float64Array.from(yes, (hit, row) => (hit === 1 ? 1 : no[row] === 1 ? 0 : Number.NaN));
}

/** One cohort, its rows by period. */
export interface Cohort {
  readonly name: string | null;
  readonly period: readonly number[];
  readonly active: readonly number[];
  /** Row of the table. */
  readonly row: readonly number[];
}

/** The rows of a table of counts by cohort and period, rows with a null left out; cohorts in order of appearance. */
export function readCohorts(data: Columns, { period, active, cohort }: CountColumns): readonly Cohort[] {
  const times = readNumbers(data, period);
  const counts = readNumbers(data, active);
  const { codes, levels } =
    cohort === undefined ? { codes: new Int32Array(times.length), levels: [null] } : readCategories(data, cohort);
  const rows = new Map<number, number[]>();
  for (let row = 0; row < times.length; row++) {
    if (times[row] !== times[row] || counts[row] !== counts[row] || codes[row]! < 0) continue;
    whole(times[row]!, period, row, 'a whole number of renewals', MAX_PERIOD);
    whole(counts[row]!, active, row, 'a number of customers (not a share)', Number.MAX_SAFE_INTEGER);
    const own = rows.get(codes[row]!);
    if (own === undefined) rows.set(codes[row]!, [row]);
    else own.push(row);
  }
  return Array.from(rows, ([code, own]) => {
    const name = levels[code]!;
    const row = own.sort((a, b) => times[a]! - times[b]!);
    row.forEach((r, i) => {
      if (i > 0 && times[r] === times[row[i - 1]!])
        fail('invalid-value', `column "${period}", row ${r}: ${inCohort(name)}period ${times[r]} comes twice`);
    });
    return { name, row, period: row.map((r) => times[r]!), active: row.map((r) => counts[r]!) };
  });
}

const inCohort = (name: string | null): string => (name === null ? '' : `of cohort ${JSON.stringify(name)} `);

function fromCounts(data: Columns, columns: CountColumns): RenewalTable {
  const { period: time, active: count, lost: gone } = columns;
  const losses = gone === undefined ? null : readNumbers(data, gone);
  const seen: (readonly [t: number, kept: number, lost: number])[] = [];
  let customers = 0;
  let rows = 0;
  for (const { name, period, active, row } of readCohorts(data, columns)) {
    let before = 0;
    period.forEach((t, i) => {
      const r = row[i]!;
      const now = active[i]!;
      if (losses !== null) {
        const lost = losses[r]!;
        if (lost !== lost) return;
        rows++;
        whole(lost, gone!, r, 'a number of customers', Number.MAX_SAFE_INTEGER);
        if (t === 0 && lost > 0) fail('invalid-value', `column "${gone}", row ${r}: nobody can leave in period 0`);
        if (t > 0) seen.push([t, now, lost]);
        customers += Math.max(0, now + lost - before);
      } else {
        rows++;
        if (i === 0) customers += now;
        else if (t !== period[i - 1]! + 1)
          fail(
            'invalid-value',
            `column "${time}", row ${r}: ${inCohort(name)}period ${period[i - 1]! + 1} is missing before ${t}: add it, or name a column of the lost`,
          );
        else if (now > before)
          fail(
            'invalid-value',
            `column "${count}", row ${r}: ${now} customers ${inCohort(name)}in period ${t} after ${before} before: who has left cannot return`,
          );
        else seen.push([t, now, before - now]);
      }
      before = now;
    });
  }
  const longest = seen.reduce((most, [t]) => Math.max(most, t), 0);
  const kept = new Float64Array(longest);
  const lost = new Float64Array(longest);
  for (const [t, made, not] of seen) {
    kept[t - 1]! += made;
    lost[t - 1]! += not;
  }
  return { kept, lost, customers, rows, nulls: rowCount(data) - rows };
}
