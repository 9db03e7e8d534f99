import { BITS, BLOCK, CustomerBlock } from './customer-block.ts';
import type { SummaryRules } from './summary-rules.ts';

/** Rows of a block that wait until they are enough to be worth fetching the block's totals into the processor's cache. */
const ROOM = 4 * BLOCK;

/** Customers by id, and their totals in blocks. */
export class Customers {
  /** By customer. An id stands twice when the first dictionary held it twice; `merge` puts them together. */
  ids: string[] = [];
  readonly blocks: CustomerBlock[] = [];
  private readonly rules: SummaryRules;
  /** Needed once ids come from more than one dictionary. */
  private byId: Map<string, number> | undefined;
  /** Block `b` has `waiting[b]` rows from `b · ROOM` on: at most four of 14 bytes per customer. */
  private waiting = new Int32Array(0);
  private who = new Uint16Array(0);
  private dates = new Int32Array(0);
  private amounts = new Float64Array(0);

  constructor(rules: SummaryRules) {
    this.rules = rules;
  }

  /**
   * Customers by level of a dictionary, −1 where `customer` is to be asked; `null` for the first one, whose levels are
   * taken as the customers they are.
   */
  open(levels: readonly string[]): Int32Array | null {
    if (this.ids.length > 0) return new Int32Array(levels.length).fill(-1);
    this.widen(Math.ceil(levels.length / BLOCK));
    this.ids = levels.slice();
    for (let block = 0; block * BLOCK < levels.length; block++) this.blocks.push(new CustomerBlock(this.rules));
    return null;
  }

  /** The customer of an id, a new one if need be. */
  customer(id: string): number {
    this.byId ??= new Map(this.ids.map((known, customer) => [known, customer]));
    const known = this.byId.get(id);
    if (known !== undefined) return known;
    this.byId.set(id, this.ids.length);
    return this.push(id);
  }

  private push(id: string): number {
    const customer = this.ids.push(id) - 1;
    if ((customer & (BLOCK - 1)) === 0) {
      this.blocks.push(new CustomerBlock(this.rules));
      if (this.blocks.length > this.waiting.length) this.widen(2 * this.blocks.length);
    }
    return customer;
  }

  private widen(blocks: number): void {
    this.settle();
    this.waiting = new Int32Array(blocks);
    this.who = new Uint16Array(blocks * ROOM);
    this.dates = new Int32Array(blocks * ROOM);
    this.amounts = new Float64Array(blocks * ROOM);
  }

  /** Notes a row before the window. */
  markEarly(customer: number): void {
    this.blocks[customer >>> BITS]!.early[customer & (BLOCK - 1)] = 1;
  }

  /** Takes rows in; `customers[row]` is −1 where a row does not count. */
  add(customers: Int32Array, days: Float64Array, amounts: Float64Array): void {
    const { waiting, who, dates, amounts: money } = this;
    for (let row = 0; row < customers.length; row++) {
      const customer = customers[row]!;
      if (customer < 0) continue;
      const block = customer >>> BITS;
      const at = block * ROOM + waiting[block]!++;
      who[at] = customer & (BLOCK - 1);
      dates[at] = days[row]!;
      money[at] = amounts[row]!;
      if (waiting[block] === ROOM) this.settleBlock(block);
    }
  }

  /** Adds the waiting rows up; to be called before the totals are read. */
  settle(): void {
    for (let block = 0; block < this.waiting.length; block++) if (this.waiting[block]! > 0) this.settleBlock(block);
  }

  private settleBlock(block: number): void {
    const [from, to] = [block * ROOM, block * ROOM + this.waiting[block]!];
    this.blocks[block]!.add(
      this.who.subarray(from, to),
      this.dates.subarray(from, to),
      this.amounts.subarray(from, to),
    );
    this.waiting[block] = 0;
  }

  /** Takes in what another one of the same rules holds. */
  merge(other: Customers): void {
    other.settle();
    for (let theirs = 0; theirs < other.ids.length; theirs++) {
      const from = other.blocks[theirs >>> BITS]!;
      if (!from.has(theirs & (BLOCK - 1))) continue;
      const customer = this.customer(other.ids[theirs]!);
      this.blocks[customer >>> BITS]!.merge(customer & (BLOCK - 1), from, theirs & (BLOCK - 1));
    }
  }
}
