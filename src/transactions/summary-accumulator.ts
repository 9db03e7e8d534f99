import { fail } from '../errors.ts';
import type { Columns } from '../model/batch.ts';
import { DAYS } from '../model/field.ts';
import { sum } from '../numerics/sum.ts';
import { PurchaseLog } from './purchase-log.ts';
import type { HoldoutColumns, Summary, SummaryColumns, SummaryOptions } from './summary.ts';
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
 * The streaming form of `summarize`, for logs that arrive batch by batch or shard by shard. It holds 16 bytes per row
 * that counts; `finish` gives the same bits whatever the order of updates and merges.
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
    return summaryOf(this.log, this.rules);
  }
}

function summaryOf(log: PurchaseLog, rules: SummaryRules): Summary {
  const { calibrationEnd, end } = rules;
  const perUnit = DAYS[rules.unit];
  const column = (): Float64Array => new Float64Array(log.customerCount);
  const ids: string[] = [];
  const frequency = column();
  const recency = column();
  const T = column();
  const monetaryValue = column();
  const orders = column();
  const total = column();
  const meanOrder = column();
  const daysSinceLast = column();
  const firstDate = column();
  const lastDate = column();
  const holdoutFrequency = column();
  const holdoutTotal = column();
  let merged = 0;
  let holdoutOnly = 0;
  let truncated = 0;

  log.eachCustomer((id, days, amounts) => {
    const purchases = rules.sameDay === 'merge' ? mergeDays(days, amounts) : days.length;
    merged += days.length - purchases;
    let bought = purchases;
    while (bought > 0 && days[bought - 1]! > calibrationEnd) bought--;
    if (bought === 0) {
      holdoutOnly++;
      return;
    }
    if (log.early.has(id)) truncated++;
    const row = ids.push(id) - 1;
    const first = days[0]!;
    const last = days[bought - 1]!;
    frequency[row] = bought - 1;
    recency[row] = (last - first) / perUnit;
    T[row] = (calibrationEnd - first) / perUnit;
    monetaryValue[row] = sumOf(amounts, 1, bought) / (bought - 1);
    orders[row] = bought;
    total[row] = sumOf(amounts, 0, bought);
    meanOrder[row] = total[row]! / bought;
    daysSinceLast[row] = calibrationEnd - last;
    firstDate[row] = first;
    lastDate[row] = last;
    holdoutFrequency[row] = purchases - bought;
    holdoutTotal[row] = sumOf(amounts, bought, purchases);
  });

  const filled = (values: Float64Array): Float64Array => values.slice(0, ids.length);
  const customers: SummaryColumns = {
    customer: { codes: Int32Array.from(ids, (_, code) => code), levels: ids },
    frequency: filled(frequency),
    recency: filled(recency),
    T: filled(T),
    monetaryValue: filled(monetaryValue),
    orders: filled(orders),
    total: filled(total),
    meanOrder: filled(meanOrder),
    daysSinceLast: filled(daysSinceLast),
    firstDate: filled(firstDate),
    lastDate: filled(lastDate),
  };
  const holdout = {
    holdoutFrequency: filled(holdoutFrequency),
    holdoutTotal: filled(holdoutTotal),
    holdoutPeriods: new Float64Array(ids.length).fill((end - calibrationEnd) / perUnit),
  };
  const { rows, before, after, missingCustomer, missingDate, missingAmount, zero, negative, dropped } = log.counts;
  return {
    customers: calibrationEnd < end ? { ...customers, ...holdout } : customers,
    report: {
      rows,
      used: log.used,
      before,
      after,
      missing: { customer: missingCustomer, date: missingDate, amount: missingAmount },
      zero,
      negative,
      dropped,
      merged,
      customers: ids.length,
      holdoutOnly,
      truncated,
    },
  };
}

/** Adds the amounts of each day up, in place; returns how many days there are. Days ascend. */
function mergeDays(days: Int32Array, amounts: Float64Array): number {
  let groups = 0;
  for (let start = 0, stop = 0; start < days.length; start = stop) {
    while (stop < days.length && days[stop] === days[start]) stop++;
    amounts[groups] = sumOf(amounts, start, stop);
    days[groups++] = days[start]!;
  }
  return groups;
}

function sumOf(amounts: Float64Array, start: number, stop: number): number {
  if (stop - start < 2) return stop > start ? amounts[start]! : 0;
  return sum(amounts.subarray(start, stop));
}
