import { addTo } from './exact-sum.ts';
import type { SummaryRules } from './summary-rules.ts';

/** Customer `c` is number `c & (BLOCK − 1)` of block `c >>> BITS`. */
export const BITS = 12;
export const BLOCK: number = 2 ** BITS;

/** Cells of `Block.cells`, eight to a customer: one line of a processor's cache. Sums take two cells each (see `addTo`). */
export const CELLS = 8;
export const ORDERS = 0;
/* The next cell takes two days. */
export const TOTAL = 3;
/** Amount of the first day; under `separate` the smallest one of that day. */
export const FIRST_AMOUNT = 5;
/* The last cell takes what is not kept. */
/** Halves of cells, as in `Block.halves`, sixteen to a customer; {@link NEVER} where there is none, the last day −`NEVER`. */
export const HALVES = 16;
export const FIRST_DAY = 2;
export const LAST_DAY = 3;
/** Far from any day, and differences fit into 32 bits. */
export const NEVER: number = 2 ** 30;
/** Cells of `Block.holdout`, three to a customer: the purchases and their total. */
export const HOLDOUT_CELLS = 3;

/** The totals of up to 4,096 customers; they fit into a processor's cache while rows are added. */
export interface Block {
  /** What lies in the calibration period. */
  readonly cells: Float64Array;
  /** The same memory. */
  readonly halves: Int32Array;
  /** What lies in the holdout; empty where there is none. */
  readonly holdout: Float64Array;
  /** 1 for a customer with a row before the window. */
  readonly early: Uint8Array;
  /** `days[p][customer]`: purchase days under `merge`, as bits of the 32 days with ⌊day ÷ 32⌋ = ⌊end ÷ 32⌋ − p. */
  readonly days: Int32Array[];
}

export function newBlock({ calibrationEnd, end }: SummaryRules): Block {
  const cells = new Float64Array(CELLS * BLOCK);
  const halves = new Int32Array(cells.buffer);
  markNever(halves);
  return {
    cells,
    halves,
    early: new Uint8Array(BLOCK),
    holdout: new Float64Array(calibrationEnd < end ? HOLDOUT_CELLS * BLOCK : 0),
    days: [],
  };
}

/** Sets the days of a block of zeros. */
export function markNever(halves: Int32Array): void {
  for (let at = 0; at < halves.length; at += HALVES) {
    halves[at + FIRST_DAY] = NEVER;
    halves[at + LAST_DAY] = -NEVER;
  }
}

/** Purchases in the holdout. */
export function holdoutOrders({ holdout }: Block, customer: number): number {
  return holdout.length === 0 ? 0 : holdout[HOLDOUT_CELLS * customer]!;
}

/** Whether a customer has a row: a level of a dictionary that no row used has none. */
export function has(block: Block, customer: number): boolean {
  return block.cells[CELLS * customer + ORDERS]! + block.early[customer]! + holdoutOrders(block, customer) > 0;
}

/**
 * Adds `rows` rows up, in any order. Row `r` has its customer in `words[4r]`, its day in `words[4r + 1]` and its amount in
 * `amounts[2r + 1]`: 16 bytes.
 */
export function tally(
  block: Block,
  words: Int32Array,
  amounts: Float64Array,
  rows: number,
  { calibrationEnd, end, sameDay }: SummaryRules,
): void {
  const { cells, halves, holdout, days: pages } = block;
  const lastPage = end >> 5;
  const separate = sameDay === 'separate';
  // The places of cells as literals: a bundler may turn constants of a module into variables, read anew for every row.
  // Comparisons as bits: a processor cannot foretell whether a day is the first or last so far.
  for (let row = 0; row < rows; row++) {
    const customer = words[row << 2]!;
    const day = words[(row << 2) + 1]!;
    const amount = amounts[(row << 1) + 1]!;
    let purchases = 1;
    if (!separate) {
      const p = lastPage - (day >> 5);
      if (pages[p] === undefined) pages[p] = new Int32Array(BLOCK);
      const page = pages[p];
      const known = page[customer]!;
      const bit = 1 << (day & 31);
      page[customer] = known | bit;
      purchases = Number((known & bit) === 0);
    }
    if (day > calibrationEnd) {
      holdout[3 * customer]! += purchases;
      addTo(holdout, 3 * customer + 1, amount);
      continue;
    }
    const at = customer << 3;
    cells[at]! += purchases;
    addTo(cells, at + 3, amount);
    const first = halves[(at << 1) + 2]!;
    const sinceFirst = (day - first) | 0;
    if (sinceFirst === 0) {
      if (!separate) addTo(cells, at + 5, amount);
      else if (amount < cells[at + 5]!) cells[at + 5] = amount;
    } else {
      const earlier = sinceFirst >> 31;
      halves[(at << 1) + 2] = first + (sinceFirst & earlier);
      cells[at + 7 + 2 * earlier] = amount;
      cells[at + 6]! *= 1 + earlier;
    }
    const last = halves[(at << 1) + 3]!;
    const sinceLast = (day - last) | 0;
    halves[(at << 1) + 3] = last + (sinceLast & ~(sinceLast >> 31));
  }
}

/** Adds what `other` knows of its customer `theirs`. */
export function mergeCustomer(block: Block, customer: number, other: Block, theirs: number, rules: SummaryRules): void {
  const { cells, days, halves, holdout } = block;
  const [to, from] = [CELLS * customer, CELLS * theirs];
  if (other.cells[from + ORDERS]! > 0) {
    const separate = rules.sameDay === 'separate';
    const [first, last] = [HALVES * customer + FIRST_DAY, HALVES * customer + LAST_DAY];
    const theirFirst = other.halves[HALVES * theirs + FIRST_DAY]!;
    const later = theirFirst - halves[first]!;
    const less = other.cells[from + FIRST_AMOUNT]! < cells[to + FIRST_AMOUNT]!;
    if (later < 0 || (later === 0 && separate && less)) {
      halves[first] = theirFirst;
      for (const cell of [FIRST_AMOUNT, FIRST_AMOUNT + 1]) cells[to + cell] = other.cells[from + cell]!;
    } else if (later === 0 && !separate) addSum(cells, to + FIRST_AMOUNT, other.cells, from + FIRST_AMOUNT);
    halves[last] = Math.max(halves[last]!, other.halves[HALVES * theirs + LAST_DAY]!);
  }
  addSum(cells, to + TOTAL, other.cells, from + TOTAL);
  cells[to + ORDERS]! += other.cells[from + ORDERS]!;
  block.early[customer]! |= other.early[theirs]!;
  const later = HOLDOUT_CELLS * customer;
  if (holdout.length > 0) {
    holdout[later]! += other.holdout[HOLDOUT_CELLS * theirs]!;
    addSum(holdout, later + 1, other.holdout, HOLDOUT_CELLS * theirs + 1);
  }
  // A day that both know is one purchase.
  other.days.forEach((page, p) => {
    days[p] ??= new Int32Array(BLOCK);
    const both = days[p][customer]! & page[theirs]!;
    days[p][customer]! |= page[theirs]!;
    const calibration = calibrationDays(p, rules);
    cells[to + ORDERS]! -= ones(both & calibration);
    if (holdout.length > 0) holdout[later]! -= ones(both & ~calibration);
  });
}

function addSum(sums: Float64Array, at: number, from: Float64Array, other: number): void {
  addTo(sums, at, from[other]!);
  addTo(sums, at, from[other + 1]!);
}

/** The days of page `p` that belong to the calibration period, as bits. */
export function calibrationDays(p: number, { calibrationEnd, end }: SummaryRules): number {
  const count = calibrationEnd + 1 - 32 * ((end >> 5) - p);
  return count >= 32 ? -1 : count <= 0 ? 0 : 2 ** count - 1;
}

/** How many bits are set. */
export function ones(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
