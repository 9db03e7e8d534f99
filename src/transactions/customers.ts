import { CustomerIds } from './customer-ids.ts';
import { idOrder } from './id-order.ts';
import type { SummaryRules } from './summary-rules.ts';
import { BITS, BLOCK, type Block, CELLS, holdoutOrders, mergeCustomer, newBlock, ORDERS, tally } from './tally.ts';
import { TallyMemory } from './tally-memory.ts';

/** Rows of a block that wait until they are enough to be worth fetching its totals into the processor's cache. */
const ROOM = 4 * BLOCK;
/** More blocks than these do not stay in the processor's cache: WASM fetches from many at once, and no rows wait. */
const MANY = 16;

/**
 * Customers and their totals: 65 bytes each, 24 more with a holdout and, where days are merged, one bit per day of the months
 * in which they or their neighbours bought; without WASM up to four waiting rows of 16 bytes each.
 */
export class Customers {
  readonly ids: CustomerIds = new CustomerIds();
  readonly blocks: Block[] = [];
  private readonly rules: SummaryRules;
  /** Block `b` has `waiting[b]` rows from `b · ROOM` on, 16 bytes each, as `tally` takes them. */
  private waiting: Int32Array = new Int32Array(0);
  private words: Int32Array = new Int32Array(0);
  private amounts: Float64Array = new Float64Array(0);
  private memory: TallyMemory | null = null;
  /** Of the rows taken last. */
  private days: Float64Array = this.amounts;
  private paid: Float64Array = this.amounts;

  constructor(rules: SummaryRules) {
    this.rules = rules;
  }

  /** Makes blocks for customers who came since the last call. */
  makeRoom(): void {
    const { count } = this.ids.texts;
    const { blocks } = this;
    const missing = Math.ceil(count / BLOCK) - blocks.length;
    if (this.memory && missing > 0) this.memory.reserve(missing);
    while (blocks.length * BLOCK < count) {
      if (blocks.length === MANY) this.moveToMemory(missing);
      if (this.memory) this.memory.push();
      else blocks.push(newBlock(this.rules));
    }
    if (this.memory || blocks.length <= this.waiting.length) return;
    this.settle();
    const most = Math.max(blocks.length, 2 * this.waiting.length);
    this.waiting = new Int32Array(most);
    this.amounts = new Float64Array(2 * most * ROOM);
    this.words = new Int32Array(this.amounts.buffer);
  }

  private moveToMemory(missing: number): void {
    this.settle();
    this.memory = TallyMemory.of(this.blocks, this.rules);
    if (!this.memory) return;
    this.memory.reserve(missing);
    this.amounts = new Float64Array(0);
    this.words = new Int32Array(0);
    this.waiting = new Int32Array(0);
  }

  /** Notes a row before the window. */
  markEarly(customer: number): void {
    this.blocks[customer >>> BITS]!.early[customer & (BLOCK - 1)] = 1;
  }

  /** Whether `take` may be given cells that are not finite, and not yet marked as such. */
  get takesAll(): boolean {
    return this.memory !== null;
  }

  /** Takes up to 4,096 rows, for `add`; whether all are of the usual kind, no day before `start`: they count, whatever the rules. */
  take(customers: Int32Array, days: Float64Array, amounts: Float64Array, start: number): boolean {
    if (this.memory) return this.memory.takeRows(customers, days, amounts, start);
    this.days = days;
    this.paid = amounts;
    return allCount(customers, days, amounts, start, this.rules.end);
  }

  /** Takes other customers for the rows taken last: −1 for those that do not count. */
  sift(customers: Int32Array): void {
    this.memory?.sift(customers);
  }

  /** Adds the rows taken last, whose customers these are. */
  add(customers: Int32Array): void {
    if (this.memory) {
      this.memory.add(customers);
      return;
    }
    const { days, paid } = this;
    for (let row = 0; row < customers.length; ) {
      row = keep(row, customers, days, paid, this.waiting, this.words, this.amounts);
      const last = customers[row - 1]!;
      if (last >= 0 && this.waiting[last >>> BITS] === ROOM) this.settleBlock(last >>> BITS);
    }
  }

  private settle(): void {
    for (let block = 0; block < this.waiting.length; block++) if (this.waiting[block]! > 0) this.settleBlock(block);
  }

  private settleBlock(block: number): void {
    const [from, count] = [block * ROOM, this.waiting[block]!];
    const words = this.words.subarray(4 * from, 4 * (from + count));
    tally(this.blocks[block]!, words, this.amounts.subarray(2 * from, 2 * (from + count)), count, this.rules);
    this.waiting[block] = 0;
  }

  /** Those who have a row, by id: adds the waiting rows up, and merges customers of one id that a dictionary held twice. */
  inOrder(): { readonly customers: Customers; readonly order: Uint32Array; readonly found: Found } {
    this.settle();
    const found = survey(this.blocks, this.memory);
    const { order, repeats } = idOrder(this.ids.texts, found.present);
    if (!repeats) return { customers: this, order, found };
    const once = new Customers(this.rules);
    once.merge(this);
    return once.inOrder();
  }

  /** Fills columns of a summary, see `TallyMemory.fill`; false where that is to be done from `blocks`. */
  fill(customers: Uint32Array, columns: readonly Float64Array[], perUnit: number): boolean {
    return this.memory?.fill(customers, columns, perUnit) ?? false;
  }

  /** Takes in what another one of the same rules holds. */
  merge(other: Customers): void {
    this.settle();
    other.settle();
    const { bytes, starts } = other.ids.texts;
    for (const theirs of survey(other.blocks, other.memory).present) {
      const customer = this.ids.ofEncoded(bytes, starts[theirs]!, starts[theirs + 1]!);
      this.makeRoom();
      const [to, from] = [this.blocks[customer >>> BITS]!, other.blocks[theirs >>> BITS]!];
      mergeCustomer(to, customer & (BLOCK - 1), from, theirs & (BLOCK - 1), this.rules);
    }
  }
}

/** What customers have. */
export interface Found {
  /** Those who have a row: a level of a dictionary that no row used has none. */
  readonly present: Uint32Array;
  /** Customers who bought in the calibration period. */
  readonly buyers: number;
  readonly purchases: number;
  readonly holdoutOnly: number;
  readonly truncated: number;
}

function survey(blocks: readonly Block[], memory: TallyMemory | null): Found {
  const present = new Uint32Array(blocks.length * BLOCK);
  let [count, buyers, purchases, holdoutOnly, truncated] = [0, 0, 0, 0, 0];
  for (const [b, block] of blocks.entries()) {
    const usual = memory?.survey(b, present, count);
    if (usual) {
      count += usual.found;
      buyers += usual.found;
      purchases += usual.purchases;
      continue;
    }
    const { cells, early } = block;
    for (let customer = 0; customer < BLOCK; customer++) {
      const orders = cells[CELLS * customer + ORDERS]!;
      const later = holdoutOrders(block, customer);
      const buys = Number(orders > 0);
      purchases += orders + later;
      buyers += buys;
      truncated += buys & early[customer]!;
      holdoutOnly += Number(orders === 0 && later > 0);
      present[count] = b * BLOCK + customer;
      count += Number(orders + early[customer]! + later > 0);
    }
  }
  return { present: present.subarray(0, count), buyers, purchases, holdoutOnly, truncated };
}

/** Puts rows behind those that wait, until a block has no more room; returns the row to go on with. */
function keep(
  from: number,
  customers: Int32Array,
  days: Float64Array,
  amounts: Float64Array,
  waiting: Int32Array,
  words: Int32Array,
  howMuch: Float64Array,
): number {
  const [bits, mask, room] = [BITS, BLOCK - 1, ROOM];
  for (let row = from; row < customers.length; row++) {
    const customer = customers[row]!;
    if (customer < 0) continue;
    const block = customer >>> bits;
    const count = waiting[block]!;
    const at = block * room + count;
    words[4 * at] = customer & mask;
    words[4 * at + 1] = days[row]!;
    howMuch[2 * at + 1] = amounts[row]!;
    waiting[block] = count + 1;
    if (count === room - 1) return row + 1;
  }
  return customers.length;
}

/** Whether all rows are of the usual kind: they count, whatever the rules. */
function allCount(found: Int32Array, days: Float64Array, amounts: Float64Array, start: number, end: number): boolean {
  for (let row = 0; row < found.length; row++) {
    const day = days[row]!;
    const amount = amounts[row]!;
    if (
      !(found[row]! >= 0 && amount > 0 && amount <= Number.MAX_VALUE && day >= start && day <= end && (day | 0) === day)
    )
      return false;
  }
  return true;
}
