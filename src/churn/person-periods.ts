import { columnNames } from '../columns/batch.ts';
import { readNumbers, takeRows } from '../columns/whole.ts';
import { fail } from '../errors.ts';
import type { CategoryColumn, Columns } from '../model/batch.ts';
import { BASELINES, type Baseline } from '../regression/baseline.ts';
import { outcome } from '../regression/outcome.ts';

/** How long each customer was observed, and whether that time ended with the event. */
export interface DurationOptions {
  /** Column of whole periods completed, 0 or more. */
  readonly duration: string;
  /** The event happened in the last period where `column` equals `churned`; else the customer is censored after it. */
  readonly event: { readonly column: string; readonly churned: string | number };
}

/** One row per customer and period. `period` is t, `event` 1 in the period the customer left in, else 0. */
export interface PersonPeriods {
  readonly [column: string]: Float64Array | CategoryColumn;
  readonly period: Float64Array;
  readonly event: Float64Array;
}

/**
 * Expands (duration, event) into person-periods t = 1 … duration with event = 1 only in the last one of those who left
 * (Allison 1982; Singer & Willett 1993). Customers with duration 0, or with a null in duration or event, have no rows.
 *
 * `discreteTimeHazard` fits the same model without this expansion; the builder is for fitting other models to it.
 *
 * @param options.columns columns of `data` to repeat beside each period.
 * @param options.baseline functions of t to add: `ln(t)`, `[t=1]`, `t/12`.
 * @throws output-taken when a repeated column is called like an added one; invalid-value for a duration that is not whole.
 * @example
 * personPeriods({ months: [2, 1], left: ['yes', 'no'] }, { duration: 'months', event: { column: 'left', churned: 'yes' } });
 * // { period: [1, 2, 1], event: [0, 1, 0] }
 */
export function personPeriods(
  data: Columns,
  {
    duration,
    event,
    columns = [],
    baseline = [],
  }: DurationOptions & { readonly columns?: readonly string[]; readonly baseline?: readonly Baseline[] },
): PersonPeriods {
  const added = ['period', 'event', ...baseline.map((name) => BASELINES[name].column)];
  for (const column of columns)
    if (added.includes(column))
      fail('output-taken', `column "${column}" is called like one that is added (${columnNames(data).join(', ')})`);
  const { durations, events } = readDurations(data, { duration, event });
  let total = 0;
  for (const t of durations) total += t === t ? t : 0;
  const rows = new Int32Array(total);
  const period = new Float64Array(total);
  const happened = new Float64Array(total);
  let at = 0;
  for (let i = 0; i < durations.length; i++)
    for (let t = 1; t <= durations[i]!; t++, at++) {
      rows[at] = i;
      period[at] = t;
      happened[at] = t === durations[i] ? events[i]! : 0;
    }
  const out: { [column: string]: Float64Array | CategoryColumn } = takeRows(data, rows, columns);
  for (const name of baseline) out[BASELINES[name].column] = period.map((t) => BASELINES[name].at(t));
  return { ...out, period, event: happened };
}

/** Durations and events, both NaN where either is null. */
export function readDurations(
  data: Columns,
  { duration, event }: DurationOptions,
): { readonly durations: Float64Array; readonly events: Float64Array } {
  const events = outcome(data, event.column, event.churned);
  const durations = readNumbers(data, duration);
  for (let i = 0; i < durations.length; i++) {
    const t = durations[i]!;
    if (t === t && !(Number.isSafeInteger(t) && t >= 0 && t <= MAX_DURATION))
      fail(
        'invalid-value',
        `duration "${duration}", row ${i}: ${t}; use whole completed periods from 0 to ${MAX_DURATION}`,
      );
    if (t !== t || events[i] !== events[i]) {
      durations[i] = Number.NaN;
      events[i] = Number.NaN;
    }
  }
  return { durations, events };
}

/** Longest duration that is fitted or scored: it bounds the tables over t. */
export const MAX_DURATION = 100_000;
