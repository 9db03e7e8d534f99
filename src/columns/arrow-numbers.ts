import { type Lane, WHY } from '../model/batch.ts';
import { cellsIn, type Decode, decoder } from './arrow-decode.ts';
import { type ArrowColumn, type ArrowType, ChunkWalker, markMissing, TYPE, validity } from './arrow-shape.ts';
import { allNumbers, allWhy } from './each-block.ts';
import { readFloat64, roomFor } from './input-lane.ts';
import { NO_VALUES } from './lane.ts';
import type { Reader } from './reader.ts';

/** A block reader for the numbers of an Arrow column; clean Float64 blocks within one chunk are not copied. */
export function numberReader(column: ArrowColumn, name: string): Reader {
  return new ArrowNumbers(column, name);
}

class ArrowNumbers implements Reader {
  static readonly kept: ArrowNumbers = new ArrowNumbers(
    { length: 0, type: { typeId: TYPE.float, precision: 2 }, data: [] },
    '',
  );
  readonly rows: number;
  readonly buffer: ArrayBufferLike | undefined;
  private readonly type: ArrowType;
  private readonly direct: boolean;
  private readonly decode: Decode;
  private readonly walker: ChunkWalker;
  private own: Float64Array = NO_VALUES;

  constructor(column: ArrowColumn, name: string) {
    const { type, data } = column;
    this.rows = column.length;
    this.type = type;
    this.direct = type.typeId === TYPE.float && type.precision === 2;
    this.buffer = this.direct && data.length > 0 ? data[0]!.values?.buffer : undefined;
    this.decode = type.typeId === TYPE.dictionary ? gather(column, name) : decoder(type, name);
    this.walker = new ChunkWalker(data);
  }

  read(start: number, count: number, lane: Lane): void {
    const { walker } = this;
    if (this.direct && count > 0) {
      walker.seek(start, count);
      if (walker.piece === count && !validity(walker.chunk)) {
        readFloat64(walker.chunk.values as Float64Array, walker.from, count, lane);
        return;
      }
    }
    this.copy(start, count, lane);
  }

  private copy(start: number, count: number, lane: Lane): void {
    const { walker, type, decode } = this;
    const scratch = roomFor(lane, count, this.own);
    this.own = scratch;
    const { why } = lane;
    if (!lane.clean) why.fill(WHY.valid);
    let clean = true;
    for (let at = 0; at < count; at += walker.piece) {
      walker.seek(start + at, count - at);
      const { chunk, from, piece } = walker;
      const held = Math.max(0, Math.min(piece, cellsIn(chunk, type) - from));
      if (held < piece) why.fill(WHY.missing, at + held, at + piece);
      const decoded = decode(chunk, from, held, scratch, why, at);
      const valid = markMissing(chunk, from, piece, why, at);
      clean = clean && held === piece && decoded && valid;
    }
    if (!clean) for (let i = 0; i < count; i++) if (why[i] !== WHY.valid) scratch[i] = Number.NaN;
    lane.values = scratch;
    lane.clean = clean;
  }
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
