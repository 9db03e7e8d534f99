import { BITS, BLOCK, CustomerBlock } from './customer-block.ts';
import type { SummaryRules } from './summary-rules.ts';

/** Rows of a block that wait until they are enough to be worth fetching the block's totals into the processor's cache. */
const ROOM = 4 * BLOCK;

/** Customers by id, and their totals in blocks. */
export class Customers {
  /** By customer. An id stands twice when the first dictionary held it twice; `merge` puts them together. */
  readonly ids: string[] = [];
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

  /** Customers by level: all of the first dictionary, as they stand; later −1, and `customer` is to be asked. */
  open(levels: readonly string[]): Int32Array {
    const customers = new Int32Array(levels.length).fill(-1);
    if (this.ids.length === 0)
      for (let level = 0; level < levels.length; level++) customers[level] = this.push(levels[level]!);
    return customers;
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
    if (customer % BLOCK === 0) {
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

  /** Takes a purchase in. */
  add(customer: number, day: number, amount: number): void {
    const block = customer >>> BITS;
    const at = block * ROOM + this.waiting[block]!++;
    this.who[at] = customer % BLOCK;
    this.dates[at] = day;
    this.amounts[at] = amount;
    if (this.waiting[block] === ROOM) this.settleBlock(block);
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
      if (!from.has(theirs % BLOCK)) continue;
      const customer = this.customer(other.ids[theirs]!);
      this.blocks[customer >>> BITS]!.merge(customer % BLOCK, from, theirs % BLOCK);
    }
  }
}
