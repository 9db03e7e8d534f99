import { scratchAt } from './wasm/registry.ts';

/**
 * Adds factor·(score − offset) of the first `rows` cells of `from` to `to`. What is not a finite number – a null is NaN –
 * leaves something that is none either, so that a sum tells by itself whether any cell was null.
 */
export type AddScores = (rows: number, from: Float64Array, to: Float64Array) => void;

/**
 * The pieces of a curve, of which a value is in the one after the limits it is above: base + way/span·rise, with the way
 * x·slope + shift.
 */
export interface Pieces {
  readonly slope: ArrayLike<number>;
  readonly shift: ArrayLike<number>;
  readonly span: ArrayLike<number>;
  readonly rise: ArrayLike<number>;
  readonly base: ArrayLike<number>;
}

/*
 * Where a value lies among limits cannot be foretold, and a branch that is guessed wrongly costs more than all the
 * arithmetic of a cell: no loop below has one that hangs on a value. A comparison is the number 0 or 1; limits
 * passed are counted, eight at once or in a binary search of a fixed number of steps, and tables are read by that count.
 *
 * The loops are functions of their own: V8 reads what a closure holds anew in every step of a loop, an argument but once.
 */
type Cells = Float64Array;

/** A curve of pieces, one more than there are limits. */
export function bindPieces(above: readonly number[], pieces: Pieces, factor: number, offset: number): AddScores {
  const limits = searchable(above);
  const slope = Float64Array.from(pieces.slope);
  const shift = Float64Array.from(pieces.shift);
  const span = Float64Array.from(pieces.span);
  const rise = Float64Array.from(pieces.rise);
  const base = Float64Array.from(pieces.base);
  const tree = halved(above);
  const half = 4 * (tree.length + 1);
  const records = new Float64Array(tree.length + 6 * base.length);
  records.set(tree);
  for (let at = 0; at < base.length; at++)
    records.set([slope[at]!, shift[at]!, span[at]!, rise[at]!, base[at]!], tree.length + 6 * at);
  const program = new Uint8Array(records.buffer);
  let passed = new Int32Array(0);
  let share = new Float64Array(0);
  return (rows, from, to) => {
    const scratch = from.buffer === to.buffer ? scratchAt(to.buffer) : undefined;
    const at = scratch === undefined ? -1 : scratch.program(program);
    if (at >= 0) {
      const table = at + 8 * tree.length;
      scratch!.kernels.addPieces(from.byteOffset, to.byteOffset, rows, at, half, table, factor, offset);
      return;
    }
    if (passed.length < rows) {
      passed = new Int32Array(rows);
      share = new Float64Array(rows);
    }
    countPassed(rows, from, limits, passed);
    shareOfSpan(rows, from, passed, slope, shift, span, share);
    addHeights(rows, share, passed, rise, base, to, factor, offset);
  };
}

/** One height from below all limits to above them; `parts` are what is added. */
export function bindSteps(above: readonly number[], parts: Float64Array): AddScores {
  const limits = searchable(above);
  const tree = halved(above);
  const half = 4 * (tree.length + 1);
  const program = new Uint8Array(Float64Array.of(...tree, ...parts).buffer);
  let passed = new Int32Array(0);
  return (rows, from, to) => {
    const scratch = from.buffer === to.buffer ? scratchAt(to.buffer) : undefined;
    const at = scratch === undefined ? -1 : scratch.program(program);
    if (at >= 0) {
      scratch!.kernels.addSteps(from.byteOffset, to.byteOffset, rows, at, half, at + 8 * tree.length);
      return;
    }
    if (passed.length < rows) passed = new Int32Array(rows);
    countPassed(rows, from, limits, passed);
    addParts(rows, from, passed, parts, to);
  };
}

/** Filled up with +Infinity, which no value is above, to 8 limits or to 4^k − 1. */
function searchable(limits: readonly number[]): Float64Array {
  let room = 8;
  if (limits.length > room) for (room = 15; room < limits.length; ) room = 4 * room + 3;
  return filled(limits, room);
}

/** Filled up to 2^k − 1, of which each step of a search leaves one half. */
function halved(limits: readonly number[]): Float64Array {
  let room = 1;
  while (room < limits.length) room = 2 * room + 1;
  return filled(limits, room);
}

function filled(limits: readonly number[], room: number): Float64Array {
  return new Float64Array(room).fill(Number.POSITIVE_INFINITY).map((end, at) => limits[at] ?? end);
}

/** How many of the limits each cell is above, 0 for NaN. */
function countPassed(rows: number, from: Cells, limits: Cells, passed: Int32Array): void {
  if (limits.length === 8) {
    passEight(
      rows,
      from,
      passed,
      limits[0]!,
      limits[1]!,
      limits[2]!,
      limits[3]!,
      limits[4]!,
      limits[5]!,
      limits[6]!,
      limits[7]!,
    );
    return;
  }
  passed.fill(0, 0, rows);
  for (let quarter = (limits.length + 1) >> 2; quarter > 0; quarter >>= 2)
    passQuarters(rows, from, limits, quarter, passed);
}

function passEight(
  rows: number,
  from: Cells,
  passed: Int32Array,
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  g: number,
  h: number,
): void {
  for (let i = 0; i < rows; i++) {
    const x = from[i]!;
    passed[i] =
      Number(x > a) +
      Number(x > b) +
      Number(x > c) +
      Number(x > d) +
      Number(x > e) +
      Number(x > f) +
      Number(x > g) +
      Number(x > h);
  }
}

function passQuarters(rows: number, from: Cells, limits: Cells, quarter: number, passed: Int32Array): void {
  const half = 2 * quarter;
  for (let i = 0; i < rows; i++) {
    const x = from[i]!;
    const start = passed[i]!;
    const middle = start + Number(x > limits[start + half - 1]!) * half;
    passed[i] = middle + Number(x > limits[middle + quarter - 1]!) * quarter;
  }
}

function shareOfSpan(
  rows: number,
  from: Cells,
  passed: Int32Array,
  slope: Cells,
  shift: Cells,
  span: Cells,
  share: Cells,
): void {
  for (let i = 0; i < rows; i++) {
    const at = passed[i]!;
    share[i] = (from[i]! * slope[at]! + shift[at]!) / span[at]!;
  }
}

function addHeights(
  rows: number,
  share: Cells,
  passed: Int32Array,
  rise: Cells,
  base: Cells,
  to: Cells,
  factor: number,
  offset: number,
): void {
  for (let i = 0; i < rows; i++) {
    const at = passed[i]!;
    to[i]! += factor * (base[at]! + share[i]! * rise[at]! - offset);
  }
}

function addParts(rows: number, from: Cells, passed: Int32Array, parts: Cells, to: Cells): void {
  for (let i = 0; i < rows; i++) to[i]! += parts[passed[i]!]! + from[i]! * 0;
}
