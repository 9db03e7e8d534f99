import { readCategories, readDays, readNumbers } from '../columns/index.ts';
import { fail } from '../errors.ts';
import type { Columns } from '../model/batch.ts';
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

/** The rows of a log that count, in 16 bytes each (customer code, day, amount); a customer's may lie anywhere in it. */
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
  /** Ids of customers with a row before the window. */
  readonly early: Set<string> = new Set();
  private readonly rules: SummaryRules;
  private readonly codes = new Map<string, number>();
  private customers = new Int32Array(1024);
  private days = new Int32Array(1024);
  private amounts = new Float64Array(1024);
  private kept = 0;

  constructor(rules: SummaryRules) {
    this.rules = rules;
  }

  add(batch: Columns): void {
    const { counts, rules } = this;
    const ids = readCategories(batch, rules.customer);
    const days = readDays(batch, rules.date);
    const amounts = readNumbers(batch, rules.amount);
    const own = new Int32Array(ids.levels.length).fill(-1);
    this.reserve(days.length);
    for (let row = 0; row < days.length; row++) {
      const level = ids.codes[row]!;
      const day = days[row]!;
      const amount = amounts[row]!;
      counts.rows++;
      if (level < 0) counts.missingCustomer++;
      else if (day !== day) counts.missingDate++;
      else if (day > rules.end) counts.after++;
      else if (day < rules.start) {
        counts.before++;
        this.early.add(ids.levels[level]!);
      } else if (amount !== amount) counts.missingAmount++;
      else if (amount > 0 || this.keeps(amount)) {
        if (own[level]! < 0) own[level] = this.code(ids.levels[level]!);
        this.push(own[level]!, day, amount);
      }
    }
  }

  /** Takes in what another log gathered. */
  merge(other: PurchaseLog): void {
    const own = Int32Array.from(other.codes.keys(), (id) => this.code(id));
    this.reserve(other.kept);
    const { kept } = other;
    for (let i = 0; i < kept; i++) this.push(own[other.customers[i]!]!, other.days[i]!, other.amounts[i]!);
    for (const id of other.early) this.early.add(id);
    for (const key of Object.keys(this.counts) as (keyof RowCounts)[]) this.counts[key] += other.counts[key];
  }

  /** How many rows count. */
  get used(): number {
    return this.kept;
  }

  /** How many customers they belong to. */
  get customerCount(): number {
    return this.codes.size;
  }

  /**
   * Calls `use` once per customer, ids ascending in UTF-16 order, with that customer's rows by day and within a day by
   * amount: the order of the rows in the log, and how it was cut into batches, never shows. Both arrays may be
   * overwritten.
   */
  eachCustomer(use: (id: string, days: Int32Array, amounts: Float64Array) => void): void {
    const { codes, kept } = this;
    const byDay = sortedBy(this.days.subarray(0, kept));
    const order = sortedBy(this.customers.subarray(0, kept), byDay);
    const days = order.map((row) => this.days[row]!);
    const amounts = Float64Array.from(order, (row) => this.amounts[row]!);
    const starts = new Int32Array(codes.size + 1);
    for (let i = 0; i < kept; i++) starts[this.customers[i]! + 1]!++;
    for (let code = 0; code < codes.size; code++) starts[code + 1]! += starts[code]!;
    for (const id of [...codes.keys()].sort()) {
      const code = codes.get(id)!;
      const start = starts[code]!;
      const stop = starts[code + 1]!;
      sortWithinDays(days, amounts, start, stop);
      use(id, days.subarray(start, stop), amounts.subarray(start, stop));
    }
  }

  /** Counts an amount ≤ 0 and tells whether the rule keeps it. */
  private keeps(amount: number): boolean {
    const { counts, rules } = this;
    if (rules.nonPositive === 'refuse')
      fail(
        'invalid-value',
        `column "${rules.amount}", row ${counts.rows - 1} of the log: ${amount} is not above 0; correct it, or choose another rule in nonPositive`,
      );
    if (amount < 0) counts.negative++;
    else counts.zero++;
    const keep = rules.nonPositive === 'keep' || (rules.nonPositive === 'keep-zero' && amount === 0);
    if (!keep) counts.dropped++;
    return keep;
  }

  private code(id: string): number {
    const known = this.codes.get(id);
    if (known !== undefined) return known;
    this.codes.set(id, this.codes.size);
    return this.codes.size - 1;
  }

  private push(customer: number, day: number, amount: number): void {
    this.customers[this.kept] = customer;
    this.days[this.kept] = day;
    this.amounts[this.kept++] = amount;
  }

  private reserve(more: number): void {
    const need = this.kept + more;
    if (need <= this.days.length) return;
    const room = Math.max(need, 2 * this.days.length);
    this.customers = grown(this.customers, new Int32Array(room));
    this.days = grown(this.days, new Int32Array(room));
    this.amounts = grown(this.amounts, new Float64Array(room));
  }
}

function grown<A extends Int32Array | Float64Array>(from: A, to: A): A {
  to.set(from);
  return to;
}

/** Row numbers by ascending key, those of equal keys in the order of `rows` (counting sort: keys span a small range). */
function sortedBy(keys: Int32Array, rows?: Int32Array): Int32Array {
  let low = keys[0] ?? 0;
  let high = low;
  for (let i = 0; i < keys.length; i++) {
    low = Math.min(low, keys[i]!);
    high = Math.max(high, keys[i]!);
  }
  const next = new Int32Array(high - low + 2);
  for (let i = 0; i < keys.length; i++) next[keys[i]! - low + 1]!++;
  for (let k = 1; k < next.length; k++) next[k]! += next[k - 1]!;
  const order = new Int32Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    const row = rows === undefined ? i : rows[i]!;
    order[next[keys[row]! - low]!++] = row;
  }
  return order;
}

/** Amounts of one day in ascending order, for every day of `[start, stop)`. */
function sortWithinDays(days: Int32Array, amounts: Float64Array, start: number, stop: number): void {
  for (let from = start, to = start; from < stop; from = to) {
    while (to < stop && days[to] === days[from]) to++;
    if (to - from > 1) amounts.subarray(from, to).sort();
  }
}
