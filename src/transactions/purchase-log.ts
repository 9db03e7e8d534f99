import { readDays, rowCount } from '../columns/index.ts';
import { makeLane } from '../columns/lane.ts';
import { openCategories, openNumbers } from '../columns/open.ts';
import { fail } from '../errors.ts';
import type { Columns } from '../model/batch.ts';
import { Customers } from './customers.ts';
import type { SummaryRules } from './summary-rules.ts';

/** Rows read so far, by what became of them. */
export interface RowCounts {
  rows: number;
  before: number;
  after: number;
  missingCustomer: number;
  missingDate: number;
  missingAmount: number;
  zero: number;
  negative: number;
  dropped: number;
}

/** Rows read at once. */
const AT_ONCE = 4096;

/** Reads a log batch by batch: counts its rows, and adds those that count to their customers' totals. */
export class PurchaseLog {
  readonly counts: RowCounts = {
    rows: 0,
    before: 0,
    after: 0,
    missingCustomer: 0,
    missingDate: 0,
    missingAmount: 0,
    zero: 0,
    negative: 0,
    dropped: 0,
  };
  readonly customers: Customers;
  private readonly rules: SummaryRules;
  /** The dictionary of the last batch, and the customers of its levels: `null` when they are the levels themselves. */
  private levels: readonly string[] = [];
  private known = 0;
  private byLevel: Int32Array | null = null;
  private readonly ids = makeLane({ type: 'category' }, AT_ONCE);
  private readonly amounts = makeLane({ type: 'number' }, AT_ONCE);

  constructor(rules: SummaryRules) {
    this.rules = rules;
    this.customers = new Customers(rules);
  }

  add(batch: Columns): void {
    const { rules } = this;
    const rows = rowCount(batch);
    const ids = openCategories(batch, rules.customer);
    const days = readDays(batch, rules.date);
    const amounts = openNumbers(batch, rules.amount);
    if (ids.levels !== this.levels || ids.levels.length !== this.known) {
      this.byLevel = this.customers.open(ids.levels);
      this.levels = ids.levels;
      this.known = ids.levels.length;
    }
    for (let start = 0; start < rows; start += AT_ONCE) {
      const count = Math.min(AT_ONCE, rows - start);
      ids.read(start, count, this.ids);
      amounts.read(start, count, this.amounts);
      const codes = this.ids.codes.subarray(0, count);
      const when = days.subarray(start);
      this.toCustomers(codes, when, this.amounts.values);
      this.customers.add(codes, when, this.amounts.values);
    }
  }

  /** Turns codes into customers, −1 where a row does not count. */
  private toCustomers(codes: Int32Array, days: Float64Array, amounts: Float64Array): void {
    const { byLevel, counts, customers } = this;
    const { end, start } = this.rules;
    for (let row = 0; row < codes.length; row++) {
      const level = codes[row]!;
      const day = days[row]!;
      const amount = amounts[row]!;
      if (level >= 0 && day >= start && day <= end && (amount > 0 || (amount === amount && this.keeps(amount, row)))) {
        if (byLevel !== null) codes[row] = this.customer(level);
        continue;
      }
      codes[row] = -1;
      if (level < 0) counts.missingCustomer++;
      else if (day !== day) counts.missingDate++;
      else if (day > end) counts.after++;
      else if (day < start) {
        counts.before++;
        customers.markEarly(byLevel === null ? level : this.customer(level));
      } else if (amount !== amount) counts.missingAmount++;
    }
    counts.rows += codes.length;
  }

  private customer(level: number): number {
    const byLevel = this.byLevel!;
    if (byLevel[level]! < 0) byLevel[level] = this.customers.customer(this.levels[level]!);
    return byLevel[level]!;
  }

  /** Counts an amount ≤ 0 and tells whether the rule keeps it. */
  private keeps(amount: number, row: number): boolean {
    const { counts, rules } = this;
    if (rules.nonPositive === 'refuse')
      fail(
        'invalid-value',
        `column "${rules.amount}", row ${counts.rows + row} of the log: ${amount} is not above 0; correct it, or choose another rule in nonPositive`,
      );
    if (amount < 0) counts.negative++;
    else counts.zero++;
    const keep = rules.nonPositive === 'keep' || (rules.nonPositive === 'keep-zero' && amount === 0);
    if (!keep) counts.dropped++;
    return keep;
  }

  /** Takes in what another log of the same rules gathered. */
  merge(other: PurchaseLog): void {
    this.customers.merge(other.customers);
    for (const key of Object.keys(this.counts) as (keyof RowCounts)[]) this.counts[key] += other.counts[key];
  }
}
