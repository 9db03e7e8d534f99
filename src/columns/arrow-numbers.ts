import { type Lane, WHY } from '../model/batch.ts';
import { cellsIn, type Decode, decoder } from './arrow-decode.ts';
import { type ArrowColumn, chunkWalker, markMissing, TYPE, validity } from './arrow-shape.ts';
import { allNumbers, allWhy } from './each-block.ts';
import { readFloat64, roomFor } from './input-lane.ts';
import type { Reader } from './reader.ts';

/** A block reader for the numbers of an Arrow column; clean Float64 blocks within one chunk are not copied. */
export function numberReader(column: ArrowColumn, name: string): Reader {
  const { type } = column;
  const direct = type.typeId === TYPE.float && type.precision === 2;
  const decode = type.typeId === TYPE.dictionary ? gather(column, name) : decoder(type, name);
  const walker = chunkWalker(column.data);
  let own: Float64Array = new Float64Array(0);

  function copy(start: number, count: number, lane: Lane): void {
    const scratch = roomFor(lane, count, own);
    own = scratch;
    const { why } = lane;
    if (!lane.clean) why.fill(WHY.valid);
    let clean = true;
    walker.each(start, count, (chunk, from, piece, at) => {
      const held = Math.max(0, Math.min(piece, cellsIn(chunk, type) - from));
      if (held < piece) why.fill(WHY.missing, at + held, at + piece);
      const decoded = decode(chunk, from, held, scratch, why, at);
      const valid = markMissing(chunk, from, piece, why, at);
      clean = clean && held === piece && decoded && valid;
    });
    if (!clean) for (let i = 0; i < count; i++) if (why[i] !== WHY.valid) scratch[i] = Number.NaN;
    lane.values = scratch;
    lane.clean = clean;
  }

  return {
    rows: column.length,
    ...(direct && column.data.length > 0 ? { buffer: column.data[0]!.values?.buffer } : {}),
    read(start, count, lane) {
      const only = direct ? walker.only(start, count) : null;
      if (only && !validity(only.chunk)) readFloat64(only.chunk.values as Float64Array, only.from, count, lane);
      else copy(start, count, lane);
    },
  };
}

/** Numbers behind a dictionary. */
function gather(column: ArrowColumn, name: string): Decode {
  const tables = new Map<ArrowColumn | undefined, { readonly numbers: Float64Array; readonly why: Uint8Array }>();
  for (const { dictionary } of column.data) {
    if (!dictionary || tables.has(dictionary)) continue;
    const reader = numberReader(dictionary, name);
    tables.set(dictionary, { numbers: allNumbers(reader), why: allWhy(reader) });
  }
  if (tables.size === 0 && column.type.dictionary) decoder(column.type.dictionary, name);
  return (chunk, from, count, out, why, at) => {
    const table = tables.get(chunk.dictionary);
    let clean = true;
    for (let i = 0; i < count; i++) {
      const index = Number(chunk.values![from + i]);
      const cause = table?.why[index] ?? WHY.missing;
      if (cause === WHY.valid) out[at + i] = table!.numbers[index]!;
      else {
        why[at + i] = cause;
        clean = false;
      }
    }
    return clean;
  };
}
