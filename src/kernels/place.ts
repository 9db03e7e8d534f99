import { addressIn, heldCells } from '../columns/input-lane.ts';
import type { Lane } from '../model/batch.ts';
import type { Scratch } from './wasm/registry.ts';

/** Address of a block's cells in the memory of `scratch`, where they are copied if they lie elsewhere; −1 without room. */
export function placeCells(lane: Lane, rows: number, scratch: Scratch, buffer: ArrayBufferLike): number {
  const own = addressIn(buffer, lane);
  if (own >= 0) return own;
  const copy = scratch.numbers();
  if (copy.buffer !== buffer) return -1;
  const cells = heldCells(lane) ?? lane.values;
  copy.set(cells.length > rows ? cells.subarray(0, rows) : cells);
  return copy.byteOffset;
}
