import { type Lane, WHY } from '../model/batch.ts';
import type { Explanation, Kernel } from '../model/contract.ts';
import { BLOCK } from './block.ts';
import { type Scratch, scratchAt } from './wasm/registry.ts';

/** Columns lie a cache line more than a block apart, so that one row of all does not fall into one set of the cache. */
const STRIDE = 8 * BLOCK + 64;

/**
 * Per row the columns with the largest cells above 0, the largest first and at a tie the earlier column: their numbers to
 * `codes`, −1 where there are fewer, and the cells to `amounts`, NaN where there are fewer.
 */
export function topTerms(
  columns: readonly Float64Array[],
  rows: number,
  codes: readonly Int32Array[],
  amounts: readonly Float64Array[],
): void {
  const k = codes.length;
  for (let place = 0; place < k; place++) {
    codes[place]!.fill(-1, 0, rows);
    amounts[place]!.fill(Number.NaN, 0, rows);
  }
  // Insertion into a short sorted list, column by column; strictly greater keeps the earlier one at a tie.
  for (let term = 0; term < columns.length; term++) {
    const own = columns[term]!;
    for (let row = 0; row < rows; row++) {
      const amount = own[row]!;
      if (!(amount > 0) || amounts[k - 1]![row]! >= amount) continue;
      let place = k - 1;
      while (place > 0 && !(amounts[place - 1]![row]! >= amount)) {
        amounts[place]![row] = amounts[place - 1]![row]!;
        codes[place]![row] = codes[place - 1]![row]!;
        place--;
      }
      amounts[place]![row] = amount;
      codes[place]![row] = term;
    }
  }
}

/**
 * A kernel whose outputs are the `k` terms that push each row's output up most, as codes into the explanation's terms. The
 * contributions of a block are never held beyond it. −1, with no cause, where fewer terms push up, or the output is null.
 */
export function bindTopTerms({ terms, kernel }: Explanation, k: number): Kernel {
  const empty = new Int32Array(0);
  const why = terms.map(() => new Uint8Array(BLOCK));
  const amounts = Array.from({ length: k }, () => new Float64Array(BLOCK));
  let held: readonly Float64Array[] = [];
  /** Columns in the room that is free; the same ones as before, where it is. */
  const columnsIn = (scratch: Scratch): readonly Float64Array[] => {
    const at = scratch.bytes(STRIDE * terms.length);
    const { buffer } = scratch.memory;
    if (held.length > 0 && held[0]!.buffer === buffer && held[0]!.byteOffset === at) return held;
    held = terms.map((_, t) => (at < 0 ? new Float64Array(BLOCK) : new Float64Array(buffer, at + t * STRIDE, BLOCK)));
    return held;
  };
  return (rows, inputs, outputs) => {
    const scratch = scratchAt(outputs[0]!.codes.buffer);
    const mark = scratch?.mark() ?? 0;
    const columns = scratch ? columnsIn(scratch) : terms.map(() => new Float64Array(BLOCK));
    const lanes = columns.map((values, t): Lane => ({ values, codes: empty, why: why[t]!, clean: true }));
    kernel(rows, inputs, lanes);
    const codes = outputs.map((lane) => lane.codes);
    if (!topThree(columns, rows, codes)) topTerms(columns, rows, codes, amounts);
    // A clean lane, as all are at first, has no cause in `why`.
    for (const lane of lanes) if (!lane.clean) lane.why.fill(WHY.valid);
    scratch?.release(mark);
  };
}

/** The same codes by WASM; false where that cannot be. */
function topThree(columns: readonly Float64Array[], rows: number, codes: readonly Int32Array[]): boolean {
  const { buffer } = codes[0]!;
  const scratch = scratchAt(buffer);
  if (!scratch || codes.length > 3 || columns.length === 0 || rows === 0) return false;
  // Rows are taken by four.
  if ([...columns, ...codes].some((own) => own.buffer !== buffer || own.length < ((rows + 3) & ~3))) return false;
  const at = scratch.bytes(4 * columns.length);
  if (at < 0) return false;
  columns.forEach(({ byteOffset }, c) => {
    scratch.words[(at >> 2) + c] = byteOffset;
  });
  const [first, second, third] = [0, 1, 2].map((place) => codes[place] ?? scratch.codes());
  if (second!.buffer !== buffer || third!.buffer !== buffer) return false;
  scratch.kernels.topThree(at, columns.length, rows, first!.byteOffset, second!.byteOffset, third!.byteOffset);
  return true;
}
