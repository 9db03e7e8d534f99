import { NO_CODES, NO_VALUES } from '../columns/lane.ts';
import { type Lane, WHY } from '../model/batch.ts';
import type { Affine, Explanation } from '../model/contract.ts';
import { BLOCK } from './block.ts';
import { addressNear } from './cells-near.ts';
import { type Scratch, scratchAt } from './wasm/registry.ts';

/** Columns lie a cache line more than a block apart, so that one row of all does not fall into one set of the cache. */
const STRIDE = 8 * BLOCK + 64;

/** What is positive in name only; WASM compares the upper halves of float64, which order normal numbers. */
const LEAST = 2 ** -1000;

/**
 * Per row the columns with the largest cells of at least 2^−1000, the largest first and at a tie the earlier column: their numbers to
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
      if (!(amount >= LEAST) || amounts[k - 1]![row]! >= amount) continue;
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

/** A kernel that may be told that no cell of its inputs is null, and then need not look. */
export type TopTerms = (rows: number, inputs: readonly Lane[], outputs: readonly Lane[], noNulls: boolean) => void;

/**
 * A kernel whose outputs are the `k` terms that push each row's output up most, as codes into the explanation's terms. The
 * contributions of a block are never held beyond it. −1, with no cause, where fewer terms push up, or the output is null.
 */
export function bindTopTerms({ terms, kernel, affine }: Explanation, k: number): TopTerms {
  const why = terms.map(() => new Uint8Array(BLOCK));
  const lanes = why.map((own): Lane => ({ values: NO_VALUES, codes: NO_CODES, why: own, clean: true }));
  const amounts = Array.from({ length: k }, () => new Float64Array(BLOCK));
  const codes: Int32Array[] = [];
  const at = new Int32Array(3);
  const strongest = affine && k <= 3 && affine.length > 0 ? bindAffine(affine, at) : null;
  const columns: Float64Array[] = [];
  /** The columns to the room that is free; the same ones as before, where it is. */
  const lay = (scratch: Scratch | undefined): void => {
    const at = scratch ? scratch.bytes(STRIDE * terms.length) : -1;
    const buffer = scratch?.memory.buffer;
    if (at >= 0 && columns[0]?.buffer === buffer && columns[0]!.byteOffset === at) return;
    terms.forEach((_, t) => {
      columns[t] = at < 0 ? new Float64Array(BLOCK) : new Float64Array(buffer!, at + t * STRIDE, BLOCK);
      lanes[t]!.values = columns[t]!;
    });
  };
  return (rows, inputs, outputs, noNulls) => {
    const scratch = scratchAt(outputs[0]!.codes.buffer);
    const mark = scratch?.mark() ?? 0;
    for (let place = 0; place < k; place++) codes[place] = outputs[place]!.codes;
    if (!(scratch && noNulls && strongest?.(rows, inputs, codes, scratch))) {
      scratch?.release(mark);
      lay(scratch);
      kernel(rows, inputs, lanes);
      if (!topThree(columns, rows, codes, at)) topTerms(columns, rows, codes, amounts);
      // A clean lane, as all are at first, has no cause in `why`.
      for (const lane of lanes)
        if (!lane.clean) {
          lane.why.fill(WHY.valid);
          lane.clean = true;
        }
    }
    scratch?.release(mark);
  };
}

/** Lays to `at` the addresses where WASM is to put the codes of a block, by four rows; false without room. */
function places(rows: number, codes: readonly Int32Array[], scratch: Scratch, at: Int32Array): boolean {
  const { buffer } = codes[0]!;
  for (let place = 0; place < 3; place++) {
    const own = codes[place] ?? scratch.codes();
    if (own.buffer !== buffer || own.length < byFour(rows)) return false;
    at[place] = own.byteOffset;
  }
  return true;
}
const byFour = (rows: number): number => (rows + 3) & ~3;

/** The same codes by WASM; false where that cannot be. */
function topThree(
  columns: readonly Float64Array[],
  rows: number,
  codes: readonly Int32Array[],
  at: Int32Array,
): boolean {
  const { buffer } = codes[0]!;
  const scratch = scratchAt(buffer);
  if (!scratch || codes.length > 3 || columns.length === 0 || rows === 0) return false;
  const columnsAt = scratch.bytes(4 * columns.length);
  if (columnsAt < 0 || !places(rows, codes, scratch, at)) return false;
  for (let c = 0; c < columns.length; c++) {
    const own = columns[c]!;
    if (own.buffer !== buffer || own.length < byFour(rows)) return false;
    scratch.words[(columnsAt >> 2) + c] = own.byteOffset;
  }
  scratch.kernels.topThree(columnsAt, columns.length, rows, at[0]!, at[1]!, at[2]!);
  return true;
}

/** The codes by WASM from the inputs themselves, none of which is null; false where that cannot be. */
function bindAffine(
  affine: readonly Affine[],
  at: Int32Array,
): (rows: number, inputs: readonly Lane[], codes: readonly Int32Array[], scratch: Scratch) => boolean {
  const scales = new Uint8Array(Float64Array.from(affine.flatMap(({ weight, less }) => [weight, less])).buffer);
  return (rows, inputs, codes, scratch) => {
    const { buffer } = codes[0]!;
    const scalesAt = scratch.program(scales);
    const columnsAt = scratch.bytes(4 * affine.length);
    if (rows === 0 || scalesAt < 0 || columnsAt < 0 || !places(rows, codes, scratch, at)) return false;
    for (let t = 0; t < affine.length; t++) {
      const address = addressNear(scratch, rows, inputs[affine[t]!.at]!, buffer);
      if (address < 0 || address + 8 * byFour(rows) > buffer.byteLength) return false;
      scratch.words[(columnsAt >> 2) + t] = address;
    }
    scratch.kernels.topThreeScaled(columnsAt, affine.length, rows, at[0]!, at[1]!, at[2]!, scalesAt);
    return true;
  };
}
