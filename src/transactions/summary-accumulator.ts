import { fail } from '../errors.ts';
import type { Columns } from '../model/batch.ts';
import { PurchaseLog } from './purchase-log.ts';
import { readState, type SummaryState } from './read-summary-state.ts';
import type { HoldoutColumns, Summary, SummaryColumns, SummaryOptions } from './summary.ts';
import { summaryOf } from './summary-columns.ts';
import { type SummaryRules, summaryRules } from './summary-rules.ts';
import { stateOf } from './summary-state.ts';

/** A summary under way: batches in, in any order and from any number of shards. */
export interface SummaryAccumulator<C extends SummaryColumns = SummaryColumns> {
  /** Reads one batch of the log. */
  update(batch: Columns): void;
  /** Takes in what another accumulator of the same options gathered. */
  merge(other: SummaryAccumulator<C>): void;
  /** The summary of everything gathered so far. */
  finish(): Summary<C>;
  /** Everything gathered so far as plain JSON, for `summaryAccumulatorFromJSON`; it does not depend on the order either. */
  toJSON(): SummaryState;
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
  return new Gathering(new PurchaseLog(summaryRules(options)));
}

/**
 * Goes on from a stored state, or merges what other machines have gathered.
 * @param json what `toJSON` gave, through `JSON.parse` or not
 * @throws ClienteleError `invalid-model` for anything else, with the place; `invalid-option` for dates out of order
 * @example
 * const shards = texts.map((text) => summaryAccumulatorFromJSON(JSON.parse(text)));
 * for (const shard of shards.slice(1)) shards[0].merge(shard);
 * const { customers } = shards[0].finish();
 */
export function summaryAccumulatorFromJSON(json: unknown): SummaryAccumulator {
  return new Gathering(readState(json));
}

class Gathering implements SummaryAccumulator {
  private readonly log: PurchaseLog;

  constructor(log: PurchaseLog) {
    this.log = log;
  }

  update(batch: Columns): void {
    this.log.add(batch);
  }

  merge(other: Gathering): void {
    const { rules } = this.log;
    for (const key of Object.keys(rules) as (keyof SummaryRules)[])
      if (rules[key] !== other.log.rules[key])
        fail(
          'invalid-option',
          `cannot merge summaries: ${key} is ${rules[key]} here and ${other.log.rules[key]} there`,
        );
    this.log.merge(other.log);
  }

  finish(): Summary {
    const { counts, customers, rules } = this.log;
    return summaryOf(customers, counts, rules);
  }

  toJSON(): SummaryState {
    return stateOf(this.log);
  }
}
