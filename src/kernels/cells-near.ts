import { addressIn, heldCells, InputLane } from '../columns/input-lane.ts';
import { type Lane, WHY } from '../model/batch.ts';
import { type Scratch, scratchAt, type WasmKernels } from './wasm/registry.ts';

/**
 * The cells of a block in the memory of `scratch`, copied there when they lie elsewhere and there is room. Nobody has looked at
 * them: where one is not finite, the result of a kernel has to tell.
 */
export function cellsNear(scratch: Scratch | undefined, rows: number, lane: Lane): Float64Array {
  const cells = heldCells(lane) ?? lane.values;
  return scratch === undefined || cells.buffer === scratch.words.buffer ? cells : copyOf(cells, rows, scratch);
}

/** Their address, without a view where they lie in the memory of `buffer`, that of `scratch`; −1 without room. */
export function addressNear(scratch: Scratch, rows: number, lane: Lane, buffer: ArrayBufferLike): number {
  const own = addressIn(buffer, lane);
  if (own >= 0) return own;
  const copy = copyOf(heldCells(lane) ?? lane.values, rows, scratch);
  return copy.buffer === buffer ? copy.byteOffset : -1;
}

/** Moves cells that nobody has looked at into the memory of `scratch`, for all kernels that are to read them. */
export function bringNear(scratch: Scratch, lane: Lane, buffer: ArrayBufferLike): void {
  if (!(lane instanceof InputLane) || lane.held === null || addressIn(buffer, lane) >= 0) return;
  const { held } = lane;
  const copy = scratch.numbers();
  if (copy.buffer !== buffer || held.length > copy.length) return;
  copy.set(held);
  lane.hold(copy, 0, held.length);
}

function copyOf(cells: Float64Array, rows: number, scratch: Scratch): Float64Array {
  const copy = scratch.numbers();
  if (rows > copy.length) return cells;
  copy.set(cells.length > rows ? cells.subarray(0, rows) : cells);
  return copy;
}

/** Makes a column of another one, both in the memory of the kernels; 1 when no row wants another look. */
export type CellKernel = (kernels: WasmKernels, from: number, to: number, rows: number) => number;

/** What a kernel makes of a lane: its answer, or −1 where it cannot be asked. */
export function eachCell(rows: number, input: Lane, { values }: Lane, kernel: CellKernel): number {
  const scratch = scratchAt(values.buffer);
  if (scratch === undefined) return -1;
  const mark = scratch.mark();
  const cells = cellsNear(scratch, rows, input);
  const answer =
    cells.buffer === values.buffer ? kernel(scratch.kernels, cells.byteOffset, values.byteOffset, rows) : -1;
  scratch.release(mark);
  return answer;
}

/** Says that all rows of an output are valid. */
export function settle(out: Lane): void {
  if (!out.clean) out.why.fill(WHY.valid);
  out.clean = true;
}
