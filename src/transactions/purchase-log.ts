import { FIRST_DAY, isDay } from '../columns/days.ts';
import { readDays, rowCount } from '../columns/index.ts';
import { heldCells, InputLane } from '../columns/input-lane.ts';
import { openNumbers } from '../columns/open.ts';
import { columnKind } from '../columns/whole.ts';
import { fail } from '../errors.ts';
import type { Columns } from '../model/batch.ts';
import { Customers } from './customers.ts';
import { IdColumn } from './id-column.ts';
import type { SummaryRules } from './summary-rules.ts';
import { ROWS } from './tally-memory.ts';

export const ROW_COUNTS = [
  'rows',
  'before',
  'after',
  'missingCustomer',
  'missingDate',
  'missingAmount',
  'zero',
  'negative',
  'dropped',
] as const;
/** Rows read so far, by what became of them. */
export type RowCounts = { [name in (typeof ROW_COUNTS)[number]]: number };

/** Rows that count. */
export function usedRows(counts: RowCounts): number {
  const { rows, before, after, missingCustomer, missingDate, missingAmount, dropped } = counts;
  return rows - before - after - missingCustomer - missingDate - missingAmount - dropped;
}

/** Reads a log batch by batch: counts its rows, and adds those that count to their customers' totals. */
export class PurchaseLog {
  readonly counts: RowCounts = Object.fromEntries(ROW_COUNTS.map((name) => [name, 0])) as RowCounts;
  readonly customers: Customers;
  readonly rules: SummaryRules;
  private readonly ids: IdColumn;
  private readonly days: InputLane = new InputLane(ROWS);
  private readonly amounts: InputLane = new InputLane(ROWS);
  private readonly found: Int32Array = new Int32Array(ROWS);

  constructor(rules: SummaryRules) {
    this.rules = rules;
    this.customers = new Customers(rules);
    this.ids = new IdColumn(this.customers.ids, rules.customer, ROWS);
  }

  add(batch: Columns): void {
    const { customers, rules } = this;
    const rows = rowCount(batch);
    const ids = this.ids.open(batch);
    const text = ['category', 'boolean'].includes(columnKind(batch, rules.date));
    const days = openNumbers(text ? { [rules.date]: readDays(batch, rules.date) } : batch, rules.date);
    const amounts = openNumbers(batch, rules.amount);
    const first = Math.max(FIRST_DAY, rules.start);
    for (let start = 0; start < rows; start += ROWS) {
      const count = Math.min(ROWS, rows - start);
      const found = this.found.subarray(0, count);
      ids(start, count, found);
      customers.makeRoom();
      amounts.read(start, count, this.amounts);
      days.read(start, count, this.days);
      if (!customers.take(found, this.cells(this.days, count), this.cells(this.amounts, count), first)) {
        const [on, paid] = [this.days.values.subarray(0, count), this.amounts.values.subarray(0, count)];
        // The whole column is read for its error message.
        if (!areDays(on, count)) readDays(batch, rules.date);
        this.sift(found, on, paid);
        customers.sift(found);
      }
      this.counts.rows += count;
      customers.add(found);
    }
  }

  private cells(lane: InputLane, count: number): Float64Array {
    return (this.customers.takesAll ? heldCells(lane) : null) ?? lane.values.subarray(0, count);
  }

  /** Puts −1 where a row does not count. */
  private sift(found: Int32Array, days: Float64Array, amounts: Float64Array): void {
    const { counts, customers } = this;
    const { end, start } = this.rules;
    for (let row = 0; row < found.length; row++) {
      const customer = found[row]!;
      const day = days[row]!;
      const amount = amounts[row]!;
      if (customer >= 0 && day >= start && day <= end && (amount > 0 || (amount === amount && this.keeps(amount, row))))
        continue;
      found[row] = -1;
      if (customer < 0) counts.missingCustomer++;
      else if (day !== day) counts.missingDate++;
      else if (day > end) counts.after++;
      else if (day < start) {
        counts.before++;
        customers.markEarly(customer);
      } else if (amount !== amount) counts.missingAmount++;
    }
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
    for (const name of ROW_COUNTS) this.counts[name] += other.counts[name];
  }
}

/** Whether the cells that are not null are whole days of the years 0 to 9999. */
function areDays(values: Float64Array, count: number): boolean {
  for (let row = 0; row < count; row++) {
    const day = values[row]!;
    if (day === day && !isDay(day)) return false;
  }
  return true;
}
