import { type Lane, WHY } from '../model/batch.ts';
import { makeLane } from './lane.ts';
import type { Reader } from './reader.ts';

const BLOCK = 4096;

/** Reads a column from end to end, block by block. */
export function eachBlock(reader: Reader, lane: Lane, use: (start: number, count: number, lane: Lane) => void): void {
  for (let start = 0; start < reader.rows; start += BLOCK) {
    const count = Math.min(BLOCK, reader.rows - start);
    reader.read(start, count, lane);
    use(start, count, lane);
  }
}

/** All numbers of a reader in a fresh array, NaN where null. */
export function allNumbers(reader: Reader): Float64Array {
  const out = new Float64Array(reader.rows);
  eachBlock(reader, makeLane({ type: 'number' }, Math.min(BLOCK, reader.rows)), (start, count, lane) => {
    out.set(lane.values.subarray(0, count), start);
    if (!lane.clean) for (let i = 0; i < count; i++) if (lane.why[i] !== WHY.valid) out[start + i] = Number.NaN;
  });
  return out;
}

/** All codes of a reader in a fresh array, −1 where null. */
export function allCodes(reader: Reader): Int32Array {
  const out = new Int32Array(reader.rows);
  eachBlock(reader, makeLane({ type: 'category' }, Math.min(BLOCK, reader.rows)), (start, count, lane) => {
    out.set(lane.codes.subarray(0, count), start);
    if (!lane.clean) for (let i = 0; i < count; i++) if (lane.why[i] !== WHY.valid) out[start + i] = -1;
  });
  return out;
}

/** Why each cell of a number reader is null, 0 where it is not. */
export function allWhy(reader: Reader): Uint8Array {
  const out = new Uint8Array(reader.rows);
  eachBlock(reader, makeLane({ type: 'number' }, Math.min(BLOCK, reader.rows)), (start, count, lane) =>
    out.set(lane.why.subarray(0, count), start),
  );
  return out;
}
