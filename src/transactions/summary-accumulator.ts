import { fail } from '../errors.ts';
import type { Columns } from '../model/batch.ts';
import { PurchaseLog } from './purchase-log.ts';
import type { HoldoutColumns, Summary, SummaryColumns, SummaryOptions } from './summary.ts';
import { summaryOf } from './summary-columns.ts';
import { type SummaryRules, summaryRules } from './summary-rules.ts';

/** A summary under way: batches in, in any order and from any number of shards. */
export interface SummaryAccumulator<C extends SummaryColumns = SummaryColumns> {
  /** Reads one batch of the log. */
  update(batch: Columns): void;
  /** Takes in what another accumulator of the same options gathered. */
  merge(other: SummaryAccumulator<C>): void;
  /** The summary of everything gathered so far. */
  finish(): Summary<C>;
}

/**
 * The streaming form of `summarize`, for logs that arrive batch by batch or shard by shard. It holds totals per
 * customer, not rows; `finish` gives the same bits whatever the order of updates and merges.
 * @throws ClienteleError `invalid-option`; `update` as `summarize`; `merge` `invalid-option` when the options differ
 * @example
 * const summary = summaryAccumulator({ customer: 'id', date: 'day', amount: 'paid', unit: 'week', end: '2024-12-31' });
 * for await (const batch of batches) summary.update(batch);
 * const { customers, report } = summary.finish();
 */
export function summaryAccumulator(
  options: SummaryOptions & { readonly calibrationEnd: string },
): SummaryAccumulator<HoldoutColumns>;
export function summaryAccumulator(options: SummaryOptions): SummaryAccumulator;
export function summaryAccumulator(options: SummaryOptions): SummaryAccumulator {
  return new Gathering(summaryRules(options));
}

class Gathering implements SummaryAccumulator {
  private readonly rules: SummaryRules;
  private readonly log: PurchaseLog;

  constructor(rules: SummaryRules) {
    this.rules = rules;
    this.log = new PurchaseLog(rules);
  }

  update(batch: Columns): void {
    this.log.add(batch);
  }

  merge(other: Gathering): void {
    for (const key of Object.keys(this.rules) as (keyof SummaryRules)[])
      if (this.rules[key] !== other.rules[key])
        fail(
          'invalid-option',
          `cannot merge summaries: ${key} is ${this.rules[key]} here and ${other.rules[key]} there`,
        );
    this.log.merge(other.log);
  }

  finish(): Summary {
    return summaryOf(this.log.customers, this.log.counts, this.rules);
  }
}
