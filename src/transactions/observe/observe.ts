import type { Columns } from '../../model/batch.ts';
import { batchesOf } from './batches.ts';
import { observeAccumulator } from './observe-accumulator.ts';
import type { LabelName, LabelRule, ObserveOptions } from './options.ts';
import type { Panel } from './panel.ts';

/**
 * Events as a data set for churn models: one row per customer and as-of date, with features from (asOf − window, asOf]
 * and a label from (asOf + gap, asOf + gap + horizon]. An event of the as-of date itself is known; no later one touches a
 * feature, or who is a row. Several as-of dates make one panel, from one pass.
 *
 * Memory grows with customers × as-of dates × features, not with events. Amounts are added without loss as long as
 * (events of a customer) · Σ|amount| is below 2⁵³ times the smallest amount; then the panel has the same bits whatever
 * the order of events and batches.
 *
 * A customer whose label is not known has NaN there: the label's days go beyond `end`, the customer showed fraud by their
 * last day, or had left already within the gap. The panel of a date whose label lies in the future is what to score.
 *
 * @param events one batch, plain or Arrow, or an iterable of batches, with a row per event
 * @throws ClienteleError `unknown-column`, `wrong-type`, `invalid-option`, `output-taken` (a feature called like another
 * column), `invalid-value` (a cell that is not a date; a late time under `refuse`)
 * @example
 * const panel = observe(
 *   { id: ['a', 'b', 'a', 'b', 'a'], day: ['2024-01-05', '2024-01-20', '2024-01-30', '2024-01-31', '2024-02-10'] },
 *   {
 *     customer: 'id', date: 'day', asOf: '2024-01-31', window: 30, horizon: 28, end: '2024-02-28',
 *     label: { rule: 'inactivity' },
 *     features: [{ name: 'orders', family: 'count' }, { name: 'quiet', family: 'daysSince' }],
 *   },
 * );
 * panel.columns.orders // Float64Array [2, 2]
 * panel.columns.quiet // Float64Array [1, 0]
 * panel.columns.churned // Float64Array [0, 1]
 */
export function observe<const F extends string, const R extends LabelRule | undefined = undefined>(
  events: Columns | Iterable<Columns>,
  options: ObserveOptions<F, R>,
): Panel<F, LabelName<R>> {
  const accumulator = observeAccumulator(options);
  for (const batch of batchesOf(events)) accumulator.update(batch);
  return accumulator.finish();
}
