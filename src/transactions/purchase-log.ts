import { readCategories, readDays, readNumbers, rowCount } from '../columns/index.ts';
import { fail } from '../errors.ts';
import type { Columns } from '../model/batch.ts';
import { BITS, BLOCK } from './customer-block.ts';
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
  /** The dictionary of the last batch, and the customers of its levels. */
  private levels: readonly string[] = [];
  private byLevel: Int32Array = new Int32Array(0);

  constructor(rules: SummaryRules) {
    this.rules = rules;
    this.customers = new Customers(rules);
  }

  add(batch: Columns): void {
    const { rules, counts, customers } = this;
    const { codes, levels } = readCategories(batch, rules.customer);
    const days = readDays(batch, rules.date);
    const amounts = readNumbers(batch, rules.amount);
    rowCount({ [rules.customer]: codes, [rules.date]: days, [rules.amount]: amounts });
    if (levels !== this.levels || levels.length !== this.byLevel.length) {
      this.byLevel = customers.open(levels);
      this.levels = levels;
    }
    const { byLevel } = this;
    for (let row = 0; row < codes.length; row++) {
      const level = codes[row]!;
      const day = days[row]!;
      const amount = amounts[row]!;
      const early = day < rules.start;
      if (level < 0) counts.missingCustomer++;
      else if (day !== day) counts.missingDate++;
      else if (day > rules.end) counts.after++;
      else if (!early && amount !== amount) counts.missingAmount++;
      else if (early || amount > 0 || this.keeps(amount, row)) {
        if (byLevel[level]! < 0) byLevel[level] = customers.customer(levels[level]!);
        const customer = byLevel[level]!;
        if (early) {
          counts.before++;
          customers.blocks[customer >>> BITS]!.early[customer % BLOCK] = 1;
        } else customers.add(customer, day, amount);
      }
    }
    counts.rows += codes.length;
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
