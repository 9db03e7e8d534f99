import { isArrowLike } from '../columns/index.ts';
import type { Columns } from '../model/batch.ts';
import type { HoldoutColumns, Summary, SummaryOptions } from './summary.ts';
import { summaryAccumulator } from './summary-accumulator.ts';

/**
 * A transaction log as one row per customer: frequency, recency, T and monetary value for buy-till-you-die models
 * (Fader, Hardie & Lee 2005, Marketing Science 24, 275–284), days since the last order, orders and total for RFM, and
 * the holdout when asked.
 *
 * The log is read once; memory grows with the customers, not with the rows: 65 bytes each, 24 more with a holdout, the ids,
 * under `merge` one bit per day of the months anyone bought in, and up to 64 for rows that wait where there are few
 * customers or no WASM. The ids become strings when `customer.levels` is first asked for. Amounts are added
 * without loss as long as (rows of a customer) · Σ|amount| is below 2⁵³ times the smallest amount; then the result has the
 * same bits whatever the order of the rows and the batch boundaries. A log that arrives asynchronously goes through
 * `summaryAccumulator`.
 *
 * @param log one batch, plain or Arrow, or an iterable of batches
 * @returns `customers`, plain columns fit for every estimator, and `report`, which counts what was left out
 * @throws ClienteleError `unknown-column`, `wrong-type`, `invalid-option` (an unknown word, a date out of order),
 * `invalid-value` (a cell that is not a date; an amount ≤ 0 under `refuse`)
 * @example
 * const log = { id: ['a', 'a', 'a'], day: ['2024-01-01', '2024-01-15', '2024-02-01'], paid: [10, 20, 40] };
 * const { customers } = summarize(log, {
 *   customer: 'id', date: 'day', amount: 'paid', unit: 'week', end: '2024-02-05', calibrationEnd: '2024-01-29',
 * });
 * customers.frequency[0] // 1
 * customers.recency[0] // 2
 * customers.T[0] // 4
 * customers.monetaryValue[0] // 20
 * customers.holdoutFrequency[0] // 1
 */
export function summarize(
  log: Columns | Iterable<Columns>,
  options: SummaryOptions & { readonly calibrationEnd: string },
): Summary<HoldoutColumns>;
export function summarize(log: Columns | Iterable<Columns>, options: SummaryOptions): Summary;
export function summarize(log: Columns | Iterable<Columns>, options: SummaryOptions): Summary {
  const accumulator = summaryAccumulator(options);
  for (const batch of isBatch(log) ? [log] : log) accumulator.update(batch);
  return accumulator.finish();
}

// An Arrow table is iterable as well, over its rows: its shape is asked first.
function isBatch(log: Columns | Iterable<Columns>): log is Columns {
  return isArrowLike(log as Columns) || !(Symbol.iterator in log);
}
