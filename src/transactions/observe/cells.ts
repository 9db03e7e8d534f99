import { addTo, remainderOf, sumOf } from '../exact-sum.ts';
import { BEYOND, CELL, NEVER, type Slot } from './slots.ts';

const BITS = 10;
const PAGE: number = 2 ** BITS;

/** The rows of a batch that a slot may count; `customers` is −1 where a row does not count at all. */
export interface EventRows {
  readonly customers: Int32Array;
  readonly days: Float64Array;
  /** From when on an event is known: never before its day. */
  readonly known: Float64Array;
}

/** A fixed number of cells per customer, in pages. */
export class Cells {
  private readonly kinds: readonly number[];
  private readonly pages: Float64Array[] = [];

  constructor(kinds: readonly number[]) {
    this.kinds = kinds;
  }

  makeRoom(customers: number): void {
    const width = this.kinds.length;
    const blank = this.kinds.map((kind) =>
      kind === CELL.first ? BEYOND : kind === CELL.last || kind === CELL.day ? NEVER : 0,
    );
    while (this.pages.length * PAGE < customers) {
      const page = new Float64Array(width * PAGE);
      for (let at = 0; at < page.length; at += width) page.set(blank, at);
      this.pages.push(page);
    }
  }

  /** The cells of one customer, to read and to write. */
  of(customer: number): Float64Array {
    const width = this.kinds.length;
    const at = (customer & (PAGE - 1)) * width;
    return this.pages[customer >>> BITS]!.subarray(at, at + width);
  }

  /**
   * Lets the slots of every as-of date look at rows. All cells of a customer are near each other in memory: rows come
   * first, slots within.
   * @param hits by slot: the rows that it may count, null: all
   * @param amounts by slot: what it adds up, null: it counts
   */
  gather(
    slots: readonly Slot[],
    asOf: readonly number[],
    { customers, days, known }: EventRows,
    hits: readonly (Uint8Array | null)[],
    amounts: readonly (Float64Array | null)[],
  ): void {
    const width = this.kinds.length;
    const perDate = (width - 1) / asOf.length;
    const least = Math.min(...slots.map(({ from }) => from));
    for (let row = 0; row < customers.length; row++) {
      const customer = customers[row]!;
      if (customer < 0) continue;
      const page = this.pages[customer >>> BITS]!;
      const own = (customer & (PAGE - 1)) * width + 1;
      const day = days[row]!;
      for (let date = 0; date < asOf.length; date++) {
        const before = asOf[date]! - day;
        if (before < least) continue;
        const late = known[row]! > asOf[date]!;
        for (let s = 0; s < slots.length; s++) {
          const slot = slots[s]!;
          const back = before - slot.from;
          const hit = hits[s]!;
          if (back < 0 || back >= slot.beyond || (late && slot.known) || (hit !== null && hit[row] === 0)) continue;
          const column = amounts[s]!;
          const cell = own + date * perDate + slot.at;
          if (slot.op === 'total') {
            const period = slot.periods === 1 ? 0 : Math.floor(back / slot.every);
            if (column === null) page[cell + period]! += 1;
            else if (column[row] === column[row]) {
              page[cell + 3 * period]! += 1;
              addTo(page, cell + 3 * period + 1, column[row]!);
            }
          } else if (slot.op === 'first') {
            if (day < page[cell]!) page[cell] = day;
          } else if (slot.op === 'last') {
            if (day > page[cell]!) page[cell] = day;
          } else if (column![row] === column![row]) takeLevel(page, cell, day, column![row]!);
        }
      }
    }
  }

  /** Adds another customer's cells, such as the same one's from another shard. */
  merge(customer: number, other: ArrayLike<number>): void {
    const own = this.of(customer);
    for (let c = 0; c < own.length; c++) {
      const theirs = other[c]!;
      switch (this.kinds[c]) {
        case CELL.count:
          own[c]! += theirs;
          break;
        case CELL.sum:
          addTo(own, c, theirs);
          addTo(own, c, other[c + 1]!);
          break;
        case CELL.first:
          own[c] = Math.min(own[c]!, theirs);
          break;
        case CELL.last:
          own[c] = Math.max(own[c]!, theirs);
          break;
        case CELL.day:
          takeLevel(own, c, theirs, other[c + 1]!);
      }
    }
  }

  /** The cells of one customer as they are stored: they do not depend on the order of events. */
  stored(customer: number): number[] {
    const own = this.of(customer);
    return this.kinds.map((kind, c) => {
      if (kind === CELL.sum) return sumOf(own, c) + 0;
      if (kind === CELL.rest) return remainderOf(own, c - 1) + 0;
      return own[c]! + 0;
    });
  }
}

/** The newest day wins, and on that day the largest amount. */
function takeLevel(cells: Float64Array, at: number, day: number, amount: number): void {
  if (day < cells[at]! || (day === cells[at]! && !(amount > cells[at + 1]!))) return;
  cells[at] = day;
  cells[at + 1] = amount + 0;
}
