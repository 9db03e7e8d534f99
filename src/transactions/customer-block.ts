import { addTo } from './exact-sum.ts';
import type { SummaryRules } from './summary-rules.ts';

/** Customer `c` is number `c % BLOCK` of block `c >>> BITS`. */
export const BITS = 12;
export const BLOCK: number = 2 ** BITS;
/**
 * The totals of up to 4,096 customers: 65 bytes each and, under `merge`, one bit per day of the months in which any of
 * them bought. Rows may come in any order. Sums take two cells each (`addTo`).
 */
export class CustomerBlock {
  /** Purchases in the calibration period. */
  readonly orders: Int32Array = new Int32Array(BLOCK);
  /** Days of the first and the last of them. */
  readonly first: Int32Array = new Int32Array(BLOCK);
  readonly last: Int32Array = new Int32Array(BLOCK);
  readonly total: Float64Array = new Float64Array(2 * BLOCK);
  /** Amount of the first day; under `separate` the smallest of that day. */
  readonly firstAmount: Float64Array = new Float64Array(2 * BLOCK);
  readonly holdoutOrders: Int32Array = new Int32Array(BLOCK);
  readonly holdoutTotal: Float64Array = new Float64Array(2 * BLOCK);
  /** 1 for a customer with a row before the window. */
  readonly early: Uint8Array = new Uint8Array(BLOCK);
  /** `days[p][customer]`: the purchase days, as bits, among the 32 with ⌊day ÷ 32⌋ = ⌊end ÷ 32⌋ − p. */
  readonly days: Int32Array[] = [];
  private readonly rules: SummaryRules;

  constructor(rules: SummaryRules) {
    this.rules = rules;
  }

  /** Adds rows up. */
  add(customers: Uint16Array, days: Int32Array, amounts: Float64Array): void {
    const { first, firstAmount, holdoutOrders, holdoutTotal, last, orders, total } = this;
    const { calibrationEnd } = this.rules;
    const separate = this.rules.sameDay === 'separate';
    for (let row = 0; row < customers.length; row++) {
      const customer = customers[row]!;
      const day = days[row]!;
      const amount = amounts[row]!;
      const purchases = separate || this.mark(customer, day) ? 1 : 0;
      if (day > calibrationEnd) {
        addTo(holdoutTotal, customer, amount);
        holdoutOrders[customer]! += purchases;
        continue;
      }
      addTo(total, customer, amount);
      const before = orders[customer]!;
      orders[customer] = before + purchases;
      const later = day - first[customer]!;
      if (before === 0 || later < 0 || (later === 0 && separate && amount < firstAmount[2 * customer]!)) {
        first[customer] = day;
        firstAmount[2 * customer] = amount;
        firstAmount[2 * customer + 1] = 0;
      } else if (later === 0 && !separate) addTo(firstAmount, customer, amount);
      if (before === 0 || day > last[customer]!) last[customer] = day;
    }
  }

  /** Adds what another block knows of its customer `theirs`. */
  merge(customer: number, other: CustomerBlock, theirs: number): void {
    const [amount, rest] = [other.firstAmount[2 * theirs]!, other.firstAmount[2 * theirs + 1]!];
    if (other.orders[theirs]! > 0) this.date(customer, other.first[theirs]!, other.last[theirs]!, amount, rest);
    for (const sums of ['total', 'holdoutTotal'] as const)
      for (const cell of [2 * theirs, 2 * theirs + 1]) addTo(this[sums], customer, other[sums][cell]!);
    this.orders[customer]! += other.orders[theirs]!;
    this.holdoutOrders[customer]! += other.holdoutOrders[theirs]!;
    this.early[customer]! |= other.early[theirs]!;
    // A day that both know is one purchase.
    other.days.forEach((page, p) => {
      const days = this.page(p);
      const both = days[customer]! & page[theirs]!;
      days[customer]! |= page[theirs]!;
      const calibration = this.calibrationDays(p);
      this.orders[customer]! -= ones(both & calibration);
      this.holdoutOrders[customer]! -= ones(both & ~calibration);
    });
  }

  /** Whether a customer has a row: a level of a dictionary that no row used has none. */
  has(customer: number): boolean {
    return this.orders[customer]! + this.holdoutOrders[customer]! + this.early[customer]! > 0;
  }

  /** Purchases lie between `start` and `end`; `amount + rest` is what `firstAmount` holds for them. */
  private date(customer: number, start: number, end: number, amount: number, rest: number): void {
    const { first, firstAmount, last } = this;
    const none = this.orders[customer] === 0;
    const separate = this.rules.sameDay === 'separate';
    const later = start - first[customer]!;
    if (none || later < 0 || (later === 0 && separate && amount < firstAmount[2 * customer]!)) {
      first[customer] = start;
      firstAmount[2 * customer] = amount;
      firstAmount[2 * customer + 1] = rest;
    } else if (later === 0 && !separate) {
      addTo(firstAmount, customer, amount);
      addTo(firstAmount, customer, rest);
    }
    if (none || end > last[customer]!) last[customer] = end;
  }

  /** Marks a purchase day; true when it is new. */
  private mark(customer: number, day: number): boolean {
    const page = this.page((this.rules.end >> 5) - (day >> 5));
    const known = page[customer]!;
    page[customer] = known | (1 << (day & 31));
    return page[customer] !== known;
  }

  private page(p: number): Int32Array {
    this.days[p] ??= new Int32Array(BLOCK);
    return this.days[p];
  }

  /** The days of page `p` that belong to the calibration period, as bits. */
  private calibrationDays(p: number): number {
    const count = this.rules.calibrationEnd + 1 - 32 * ((this.rules.end >> 5) - p);
    return count >= 32 ? -1 : count <= 0 ? 0 : 2 ** count - 1;
  }
}

/** How many bits are set. */
function ones(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
