import { columnNames } from '../columns/batch.ts';
import { readNumbers, takeRows } from '../columns/whole.ts';
import { fail } from '../errors.ts';
import type { CategoryColumn, Columns } from '../model/batch.ts';
import { knownOptions } from '../model/options.ts';
import { BASELINES, type Baseline } from '../regression/baseline.ts';
import { outcome } from '../regression/outcome.ts';

/** Which periods each customer was watched in, and whether the last of them ended with the event. */
export interface DurationOptions {
  /** Column of whole periods completed, 0 or more. */
  readonly duration: string;
  /** The event happened in the last period where `column` equals `churned`; else the customer is censored after it. */
  readonly event: { readonly column: string; readonly churned: string | number };
  /**
   * Column of whole periods watched after `duration`, for data observed from an as-of date on (delayed entry, left
   * truncation): the person-periods are t = duration + 1 … duration + observed. An outcome, needed for fitting only.
   * Absent: the whole life was watched, t = 1 … duration.
   */
  readonly observed?: string;
}

/** One row per customer and period. `period` is t, `event` 1 in the period the customer left in, else 0. */
export interface PersonPeriods {
  readonly [column: string]: Float64Array | CategoryColumn;
  readonly period: Float64Array;
  readonly event: Float64Array;
}

/**
 * Expands each customer into the person-periods t = 1 … duration with event = 1 only in the last one of those who left
 * (Allison 1982; Singer & Willett 1993); with `observed` into t = duration + 1 … duration + observed. Customers without
 * such a period, or with a null in duration, event or observed, have no rows.
 *
 * `discreteTimeHazard` fits the same model without this expansion; the builder is for fitting other models to it.
 *
 * @param options.columns columns of `data` to repeat beside each period.
 * @param options.baseline functions of t to add: `ln(t)`, `[t=1]`, `t/12`.
 * @throws output-taken when a repeated column is called like an added one; invalid-value for a time that is not whole.
 * @example
 * personPeriods({ months: [2, 1], left: ['yes', 'no'] }, { duration: 'months', event: { column: 'left', churned: 'yes' } });
 * // { period: [1, 2, 1], event: [0, 1, 0] }
 */
export function personPeriods(
  data: Columns,
  options: DurationOptions & { readonly columns?: readonly string[]; readonly baseline?: readonly Baseline[] },
): PersonPeriods {
  const { columns = [], baseline = [] } = knownOptions(
    options,
    'personPeriods',
    'duration event observed columns baseline',
  );
  const added = ['period', 'event', ...baseline.map((name) => BASELINES[name].column)];
  for (const column of columns)
    if (added.includes(column))
      fail('output-taken', `column "${column}" is called like one that is added (${columnNames(data).join(', ')})`);
  const { after, last, events } = readPeriods(data, options);
  let total = 0;
  for (let i = 0; i < last.length; i++) total += last[i] === last[i] ? last[i]! - after[i]! : 0;
  const rows = new Int32Array(total);
  const period = new Float64Array(total);
  const happened = new Float64Array(total);
  let at = 0;
  for (let i = 0; i < last.length; i++)
    for (let t = after[i]! + 1; t <= last[i]!; t++, at++) {
      rows[at] = i;
      period[at] = t;
      happened[at] = t === last[i] ? events[i]! : 0;
    }
  const out: { [column: string]: Float64Array | CategoryColumn } = takeRows(data, rows, columns);
  for (const name of baseline) out[BASELINES[name].column] = period.map((t) => BASELINES[name].at(t));
  return { ...out, period, event: happened };
}

/** A customer was watched in the periods after + 1 … last; all three are NaN where a cell is null. */
export interface Periods {
  readonly after: Float64Array;
  readonly last: Float64Array;
  /** 1 where the event happened in the last period, else 0. */
  readonly events: Float64Array;
}

export function readPeriods(data: Columns, { duration, event, observed }: DurationOptions): Periods {
  const events = outcome(data, event.column, event.churned);
  const done = readWhole(data, 'duration', duration);
  const watched = observed === undefined ? null : readWhole(data, 'observed', observed);
  const after = new Float64Array(done.length);
  const last = new Float64Array(done.length);
  for (let i = 0; i < done.length; i++) {
    after[i] = watched === null ? 0 : done[i]!;
    last[i] = watched === null ? done[i]! : done[i]! + watched[i]!;
    if (last[i]! > MAX_DURATION)
      fail('invalid-value', `row ${i}: watched up to period ${last[i]}; at most ${MAX_DURATION} are fitted`);
    if (last[i] === last[i] && events[i] === events[i]) continue;
    after[i] = Number.NaN;
    last[i] = Number.NaN;
    events[i] = Number.NaN;
  }
  return { after, last, events };
}

function readWhole(data: Columns, role: string, column: string): Float64Array {
  const periods = readNumbers(data, column);
  periods.forEach((t, i) => {
    if (t === t && !(Number.isSafeInteger(t) && t >= 0 && t <= MAX_DURATION))
      fail('invalid-value', `${role} "${column}", row ${i}: ${t}; use whole periods from 0 to ${MAX_DURATION}`);
  });
  return periods;
}

/** Longest duration that is fitted or scored: it bounds the tables over t. */
export const MAX_DURATION = 100_000;
