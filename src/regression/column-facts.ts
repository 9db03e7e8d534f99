import { kernelsOf } from '../kernels/wasm/room.ts';

/** Numbers that facts are found in. */
export const FACTS = 6;

/** Sums are taken over runs of this many cells first, which bounds their rounding errors. */
const RUN = 256;
/** Rows of one call into WASM, a multiple of {@link RUN}: the code of a loop is only made better between calls. */
const CALL = 2048;

export interface ColumnFacts {
  /** Values that are not NaN. */
  readonly known: number;
  /** Whether there is one value at most. */
  readonly constant: boolean;
  /** Whether all values are 0 or 1. */
  readonly flag: boolean;
  readonly mean: number;
}

/** What the first `rows` numbers of a column are like, NaN left out. `found`: room for {@link FACTS} numbers. */
export function facts(column: Float64Array, rows: number, found: Float64Array): ColumnFacts {
  const wasm = kernelsOf(column, found);
  found.set([0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]);
  if (!wasm) addFacts(column, rows, found);
  else
    for (let from = 0; from < rows; from += CALL)
      wasm.columnFacts(column.byteOffset + 8 * from, Math.min(CALL, rows - from), found.byteOffset);
  const [known, total, least, most, others] = found as unknown as [number, number, number, number, number];
  const constant = known === 0 || least === most;
  return { known, constant, flag: others === 0, mean: known === 0 ? 0 : constant ? least + 0 : total / known };
}

function addFacts(column: Float64Array, rows: number, found: Float64Array): void {
  let known = 0;
  let total = 0;
  let least = found[2]!;
  let most = found[3]!;
  let others = 0;
  for (let from = 0; from < rows; from += RUN) {
    const to = Math.min(from + RUN, rows);
    // Two sums, so that an addition need not wait for the one before.
    let even = 0;
    let odd = 0;
    for (let i = from; i < to; i++) {
      const x = column[i]!;
      if (x !== x) continue;
      known++;
      if ((i & 1) === 0) even += x;
      else odd += x;
      if (x < least) least = x;
      if (x > most) most = x;
      if (x !== 0 && x !== 1) others++;
    }
    total += even + odd;
  }
  found.set([known, total, least, most, others]);
}

/** Population standard deviation of the first `rows` numbers of a column, the mean standing for NaN. */
export function deviation(column: Float64Array, rows: number, mean: number, found: Float64Array): number {
  const wasm = kernelsOf(column, found);
  found.fill(0);
  if (!wasm) addSquares(column, rows, mean, found);
  else
    for (let from = 0; from < rows; from += CALL)
      wasm.columnSquares(column.byteOffset + 8 * from, Math.min(CALL, rows - from), mean, found.byteOffset);
  return Math.sqrt((found[0]! + found[1]!) / rows);
}

function addSquares(column: Float64Array, rows: number, mean: number, found: Float64Array): void {
  let even = 0;
  let odd = 0;
  for (let i = 0; i < rows; i++) {
    const d = column[i]! - mean;
    const square = d === d ? d * d : 0;
    if ((i & 1) === 0) even += square;
    else odd += square;
  }
  found[0] = even;
  found[1] = odd;
}

/** `(x − mean)·factor` in place, `ifNull` first put for NaN. */
export function standardise(column: Float64Array, rows: number, mean: number, factor: number, ifNull: number): void {
  const wasm = kernelsOf(column);
  const absent = (ifNull - mean) * factor;
  if (!wasm) shift(column, rows, mean, factor, absent);
  else
    for (let from = 0; from < rows; from += CALL)
      wasm.standardise(column.byteOffset + 8 * from, Math.min(CALL, rows - from), mean, factor, absent);
}

function shift(column: Float64Array, rows: number, mean: number, factor: number, absent: number): void {
  for (let i = 0; i < rows; i++) {
    const d = (column[i]! - mean) * factor;
    column[i] = d === d ? d : absent;
  }
}
