import { fail } from '../errors.ts';
import { type ArrowLike, WHY } from '../model/batch.ts';

export type NumberArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;
export type BigArray = BigInt64Array | BigUint64Array;

/** What apache-arrow's type objects and flechette's have in common, and the few names in which they differ. */
export interface ArrowType {
  readonly typeId: number;
  readonly bitWidth?: number;
  readonly isSigned?: boolean;
  readonly signed?: boolean;
  readonly precision?: number;
  readonly scale?: number;
  readonly unit?: number;
  readonly dictionary?: ArrowType;
}

/** One chunk of a column: `Data` of apache-arrow, `Batch` of flechette. */
export interface Chunk {
  readonly length: number;
  readonly nullCount: number;
  readonly offset?: number;
  readonly values?: NumberArray | BigArray;
  readonly nullBitmap?: Uint8Array;
  readonly validity?: Uint8Array;
  readonly valueOffsets?: Int32Array | BigInt64Array;
  readonly offsets?: Int32Array | BigInt64Array;
  readonly variadicBuffers?: readonly Uint8Array[];
  readonly data?: readonly Uint8Array[];
  readonly dictionary?: ArrowColumn;
}

export interface ArrowColumn {
  readonly length: number;
  readonly type: ArrowType;
  readonly data: readonly Chunk[];
}

/** `typeId`s of the Arrow format that are read; apache-arrow and flechette number them alike. */
export const TYPE = {
  dictionary: -1,
  null: 1,
  int: 2,
  float: 3,
  utf8: 5,
  bool: 6,
  decimal: 7,
  date: 8,
  timestamp: 10,
  struct: 13,
  largeUtf8: 20,
  utf8View: 24,
} as const;

const NAMES =
  'None Null Int Float Binary Utf8 Bool Decimal Date Time Timestamp Interval List Struct Union FixedSizeBinary FixedSizeList Map Duration LargeBinary LargeUtf8 LargeList RunEndEncoded BinaryView Utf8View ListView LargeListView'.split(
    ' ',
  );

export function typeName(type: ArrowType): string {
  if (type.typeId === TYPE.dictionary && type.dictionary) return `Dictionary<${typeName(type.dictionary)}>`;
  return `${NAMES[type.typeId] ?? `type ${type.typeId}`}${type.bitWidth ?? ''}`;
}

/** The column's chunks. */
export function arrowColumn(batch: ArrowLike, name: string): ArrowColumn {
  const column = batch.getChild(name) as Partial<ArrowColumn> | null;
  if (!column || typeof column.type?.typeId !== 'number' || !Array.isArray(column.data))
    return fail('wrong-type', `column "${name}" is not an Arrow column: pass a table or record batch`);
  if (column.length !== batch.numRows)
    fail('wrong-length', `column "${name}" has ${column.length} rows, the batch has ${batch.numRows}: make them equal`);
  return column as ArrowColumn;
}

/** The validity bitmap, or null when every cell is valid. */
export function validity(chunk: Chunk): Uint8Array | null {
  const bits = chunk.nullBitmap ?? chunk.validity;
  return bits && bits.length > 0 && chunk.nullCount !== 0 ? bits : null;
}

/** Marks the null cells of `chunk[from … from + count)` in `why[at …)`; true when there is none. */
export function markMissing(chunk: Chunk, from: number, count: number, why: Uint8Array, at: number): boolean {
  const bits = validity(chunk);
  if (!bits) return true;
  const first = (chunk.offset ?? 0) + from;
  let clean = true;
  for (let i = 0; i < count; i++) {
    const bit = first + i;
    const byte = bits[bit >> 3]!;
    if (byte === 255 && (bit & 7) === 0) i += 7;
    else if ((byte & (1 << (bit & 7))) === 0) {
      why[at + i] = WHY.missing;
      clean = false;
    }
  }
  return clean;
}

export type Part = (chunk: Chunk, from: number, count: number, at: number) => void;

/** Splits ranges of a column's rows into ranges of its chunks. */
export class ChunkWalker {
  static readonly kept: ChunkWalker = new ChunkWalker([]);
  private readonly chunks: readonly Chunk[];
  private readonly starts: number[] = [0];
  private cursor = 0;
  /** The chunk's row that was gone to, and how many from there on it holds of those wanted. */
  from = 0;
  piece = 0;

  constructor(chunks: readonly Chunk[]) {
    this.chunks = chunks;
    for (const chunk of chunks) this.starts.push(this.starts[this.starts.length - 1]! + chunk.length);
  }

  /** Goes to the chunk that holds the first of `count` rows. */
  seek(row: number, count: number): void {
    if (this.starts[this.cursor]! > row) this.cursor = 0;
    while (this.starts[this.cursor + 1]! <= row) this.cursor++;
    this.from = row - this.starts[this.cursor]!;
    this.piece = Math.min(count, this.starts[this.cursor + 1]! - row);
  }
  get chunk(): Chunk {
    return this.chunks[this.cursor]!;
  }
  /** Calls `part` for every piece; `at` is its place in the block. */
  each(start: number, count: number, part: Part): void {
    for (let at = 0; at < count; at += this.piece) {
      this.seek(start + at, count - at);
      part(this.chunk, this.from, this.piece, at);
    }
  }
}
