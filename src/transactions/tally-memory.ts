import type { WasmKernels } from '../kernels/wasm/registry.ts';
import { scratchIn, supported, TABLES_END } from '../kernels/wasm/scratch.ts';
import type { SummaryRules } from './summary-rules.ts';
import { BITS, BLOCK, type Block, CELLS, HOLDOUT_CELLS, newBlock, tally } from './tally.ts';

const PAGE = 65536;
/** Rows taken at once, at most. */
export const ROWS = 4096;
// Where things lie; tally.as.ts knows what follows HEADER.
/** Addresses of blocks, 0 for one that lies elsewhere: as many as there are numbers for customers, as kernels ask for any. */
const TABLE_AT: number = TABLES_END;
const ROWS_AT: number = TABLE_AT + 4 * 2 ** (31 - BITS);
const DAYS_AT: number = ROWS_AT + 4 * ROWS;
const AMOUNTS_AT: number = DAYS_AT + 8 * ROWS;
/** Columns of customers in a summary; summary.as.ts knows how far they lie apart. */
const OUT_AT: number = AMOUNTS_AT + 8 * ROWS;
const OUT_ROWS = 1024;
const OUT_STEP: number = 8 * OUT_ROWS + 64;
const BLOCKS_AT: number = ROWS_AT + 3 * PAGE;
/** Addresses of the pages of days of a block, 0 for one that lies elsewhere; the cells follow, then those of the holdout. */
const HEADER = 1024;
const HOLDOUT: number = HEADER + 8 * CELLS * BLOCK;
const PAGES: number = HEADER / 4;

/**
 * Blocks in a memory that WASM works on, which grows with them. What finds no room there, and days more than 22 years before
 * the end, stay ordinary arrays, and rows of theirs are added one by one.
 */
export class TallyMemory {
  private readonly memory: WebAssembly.Memory;
  private readonly kernels: WasmKernels;
  private readonly rules: SummaryRules;
  private readonly blocks: Block[];
  private readonly holdoutCells: number;
  private next: number = BLOCKS_AT;
  // Made anew when the memory grows, like all that lies in it.
  private words!: Uint32Array;
  private customers!: Int32Array;
  private days!: Float64Array;
  private amounts!: Float64Array;
  /** A row for `tally`. */
  private readonly row: Float64Array = new Float64Array(2);
  private readonly rowWords: Int32Array = new Int32Array(this.row.buffer);

  /** @param blocks whose views are made anew when the memory grows */
  private constructor(blocks: Block[], rules: SummaryRules) {
    this.blocks = blocks;
    this.rules = rules;
    this.holdoutCells = rules.calibrationEnd < rules.end ? HOLDOUT_CELLS * BLOCK : 0;
    // The kernel fetches, but does not use, what a block at address 0 would hold where a block lies elsewhere.
    this.memory = new WebAssembly.Memory({ initial: Math.ceil((BLOCKS_AT + HOLDOUT) / PAGE) });
    this.kernels = scratchIn(this.memory).kernels;
    this.look();
    for (let b = 0; b < blocks.length; b++) this.take(b);
  }

  /** `null` where there is no such memory. */
  static of(blocks: Block[], rules: SummaryRules): TallyMemory | null {
    try {
      return supported() ? new TallyMemory(blocks, rules) : null;
    } catch {
      return null;
    }
  }

  /** Makes room for `count` more blocks at once, if there is any. */
  reserve(count: number): void {
    this.reach(count * (HOLDOUT + 8 * this.holdoutCells));
  }

  /** Adds a block, here if there is room. */
  push(): void {
    const b = this.blocks.length;
    const at = this.allotBlock(b);
    if (at === 0) {
      this.blocks.push(newBlock(this.rules));
      return;
    }
    this.blocks.push(this.blockAt(at, new Uint8Array(BLOCK), []));
    this.kernels.markNever(at);
  }

  /** Moves block `b` here. */
  private take(b: number): void {
    const at = this.allotBlock(b);
    if (at === 0) return;
    const { cells, days, early, holdout } = this.blocks[b]!;
    this.blocks[b] = this.blockAt(at, early, days);
    this.blocks[b].cells.set(cells);
    this.blocks[b].holdout.set(holdout);
    this.takePages(b);
  }

  private allotBlock(b: number): number {
    const at = this.allot(HOLDOUT + 8 * this.holdoutCells);
    if (at !== 0) this.words[TABLE_AT / 4 + b] = at;
    return at;
  }

  /** Lays up to 4,096 rows here; whether all of them are of the usual kind. */
  takeRows(customers: Int32Array, days: Float64Array, amounts: Float64Array, start: number): boolean {
    const { length } = customers;
    if (length === 0) return true;
    this.customers.set(customers);
    this.days.set(days);
    this.amounts.set(amounts);
    // Rows are looked at in pairs.
    if (length % 2 === 1)
      for (const cells of [this.customers, this.days, this.amounts]) cells[length] = cells[length - 1]!;
    return this.kernels.allCount(ROWS_AT, DAYS_AT, AMOUNTS_AT, length, start, this.rules.end) === 1;
  }

  /** Takes other customers for the rows taken last: −1 for those that do not count. */
  sift(customers: Int32Array): void {
    this.customers.set(customers);
  }

  /** Adds the rows taken last. */
  add(customers: Int32Array): void {
    const { calibrationEnd, end, sameDay } = this.rules;
    const add = sameDay === 'merge' ? this.kernels.tallyMerged : this.kernels.tallySeparate;
    const { length } = customers;
    for (let row = 0; row < length; row++) {
      row = add(TABLE_AT, ROWS_AT, DAYS_AT, AMOUNTS_AT, row, length, end >> 5, calibrationEnd);
      if (row < length) this.addRow(customers[row]!, this.days[row]!, this.amounts[row]!);
    }
  }

  /**
   * Puts the customers of block `b` who have a row into `into` from `at` on; how many they are, and their purchases. `null`
   * where some have rows that did not count, or a holdout.
   */
  survey(b: number, into: Uint32Array, at: number): { readonly found: number; readonly purchases: number } | null {
    const block = this.words[TABLE_AT / 4 + b]!;
    if (block === 0 || this.holdoutCells > 0 || this.blocks[b]!.early.includes(1)) return null;
    this.amounts[0] = 0;
    const found = this.kernels.surveyBlock(block, b * BLOCK, ROWS_AT, AMOUNTS_AT);
    into.set(this.words.subarray(ROWS_AT / 4, ROWS_AT / 4 + found), at);
    return { found, purchases: this.amounts[0]! };
  }

  /** Fills columns of a summary, in the order of `COLUMNS`, with the rows of `customers`; false where some lie elsewhere. */
  fill(customers: Uint32Array, columns: readonly Float64Array[], perUnit: number): boolean {
    for (let b = 0; b < this.blocks.length; b++) if (this.words[TABLE_AT / 4 + b] === 0) return false;
    const { calibrationEnd } = this.rules;
    const made = columns.map((_, k) => new Float64Array(this.memory.buffer, OUT_AT + k * OUT_STEP, OUT_ROWS));
    for (let from = 0; from < customers.length; from += OUT_ROWS) {
      const some = customers.subarray(from, from + OUT_ROWS);
      this.customers.set(some);
      this.kernels.summaryRows(TABLE_AT, ROWS_AT, some.length, OUT_AT, calibrationEnd, perUnit);
      for (const [k, own] of made.entries())
        columns[k]!.set(some.length === OUT_ROWS ? own : own.subarray(0, some.length), from);
    }
    return true;
  }

  private addRow(customer: number, day: number, amount: number): void {
    const b = customer >>> BITS;
    this.rowWords[0] = customer & (BLOCK - 1);
    this.rowWords[1] = day;
    this.row[1] = amount;
    tally(this.blocks[b]!, this.rowWords, this.row, 1, this.rules);
    if (this.words[TABLE_AT / 4 + b] !== 0) this.takePages(b);
  }

  /** Moves the pages of days of a block here. */
  private takePages(b: number): void {
    const header = this.words[TABLE_AT / 4 + b]! / 4;
    const { days } = this.blocks[b]!;
    days.forEach((page, p) => {
      if (p >= PAGES || this.words[header + p] !== 0) return;
      const at = this.allot(4 * BLOCK);
      if (at === 0) return;
      days[p] = new Int32Array(this.memory.buffer, at, BLOCK);
      days[p].set(page);
      this.words[header + p] = at;
    });
  }

  /** The address of so many bytes of zeros, 0 where there is no room. */
  private allot(bytes: number): number {
    if (!this.reach(bytes)) return 0;
    const at = this.next;
    this.next = at + bytes;
    return at;
  }

  /** Whether there is room for so many bytes more; the memory grows if need be. */
  private reach(bytes: number): boolean {
    const at = this.next;
    const beyond = at + bytes - this.words.byteLength;
    if (beyond <= 0) return true;
    try {
      this.memory.grow(Math.ceil(Math.max(beyond, Math.min(at / 4, 2 ** 32 - PAGE - this.words.byteLength)) / PAGE));
    } catch {
      return false;
    }
    this.look();
    for (let b = 0; b < this.blocks.length; b++) this.lookAt(b);
    return true;
  }

  private look(): void {
    const { buffer } = this.memory;
    this.words = new Uint32Array(buffer);
    this.customers = new Int32Array(buffer, ROWS_AT, ROWS);
    this.days = new Float64Array(buffer, DAYS_AT, ROWS);
    this.amounts = new Float64Array(buffer, AMOUNTS_AT, ROWS);
  }

  /** Makes the views of block `b` anew. */
  private lookAt(b: number): void {
    const at = this.words[TABLE_AT / 4 + b]!;
    if (at === 0) return;
    const { days, early } = this.blocks[b]!;
    days.forEach((_, p) => {
      const page = p < PAGES ? this.words[at / 4 + p]! : 0;
      if (page !== 0) days[p] = new Int32Array(this.memory.buffer, page, BLOCK);
    });
    this.blocks[b] = this.blockAt(at, early, days);
  }

  private blockAt(at: number, early: Uint8Array, days: Int32Array[]): Block {
    const { buffer } = this.memory;
    return {
      cells: new Float64Array(buffer, at + HEADER, CELLS * BLOCK),
      halves: new Int32Array(buffer, at + HEADER, 2 * CELLS * BLOCK),
      holdout: new Float64Array(buffer, at + HOLDOUT, this.holdoutCells),
      early,
      days,
    };
  }
}
