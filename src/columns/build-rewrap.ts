import type { Data, DataType, Field, Vector } from 'apache-arrow';
import * as arrow from 'apache-arrow';
import { fail } from '../errors.ts';
import { type ArrowColumn, type ArrowType, type Chunk, TYPE, typeName } from './arrow-shape.ts';

/** A field of any copy or library that is Arrow-shaped. */
export interface AnyField {
  readonly name: string;
  readonly type: AnyType;
  readonly nullable?: boolean;
  readonly metadata?: Map<string, string> | null;
}
interface AnyType extends Omit<ArrowType, 'dictionary'> {
  readonly dictionary?: AnyType;
  readonly indices?: AnyType;
  readonly id?: number;
  readonly isOrdered?: boolean;
  readonly ordered?: boolean;
  readonly timezone?: string | null;
  readonly children?: readonly AnyField[] | null;
  readonly mode?: number;
  readonly typeIds?: ArrayLike<number>;
  readonly byteWidth?: number;
  readonly listSize?: number;
  readonly stride?: number;
  readonly keysSorted?: boolean;
}
type AnyChunk = Omit<Chunk, 'children'> & {
  readonly typeIds?: Int8Array;
  readonly children?: readonly AnyChunk[] | null;
};

/** Makes columns of another copy of apache-arrow, or of another library, columns of the copy imported here. */
export interface Rewrapper {
  /** `source` keeps the dictionary ids of two batches apart. */
  field(field: AnyField, source: number): Field;
  /** The chunks of a column over the same buffers, with the type of its new field. */
  chunks(column: ArrowColumn, type: DataType): Data[];
  /** An id that no dictionary has yet. */
  nextId(): number;
}

/**
 * Dictionary ids are numbered afresh, in order, so that no two sources clash and the same schema always gives the same
 * ids.
 */
export function rewrapper(): Rewrapper {
  const values = new Map<string, { readonly id: number; readonly type: DataType }>();

  function field(from: AnyField, source: number): Field {
    const metadata = new Map(from.metadata ?? []);
    return new arrow.Field(from.name, typeOf(from.type, source, from.name), from.nullable ?? true, metadata);
  }

  function dictionaryType(from: AnyType, source: number, name: string): DataType {
    // flechette gives −1 to dictionaries that are not numbered yet.
    const key = from.id === undefined || from.id < 0 ? `new ${values.size}` : `${source} ${from.id}`;
    const value = values.get(key) ?? { id: values.size, type: typeOf(from.dictionary!, source, name) };
    values.set(key, value);
    const indices = typeOf(from.indices!, source, name) as arrow.Int32;
    return new arrow.Dictionary(value.type, indices, value.id, from.isOrdered ?? from.ordered ?? false);
  }

  function typeOf(from: AnyType, source: number, name: string): DataType {
    const children = (from.children ?? []).map((child) => field(child, source));
    switch (from.typeId) {
      case TYPE.dictionary:
        return dictionaryType(from, source, name);
      case TYPE.null:
        return new arrow.Null();
      case TYPE.int:
        return new arrow.Int(from.isSigned ?? from.signed ?? true, from.bitWidth as 8 | 16 | 32 | 64);
      case TYPE.float:
        return new arrow.Float(from.precision!);
      case 4:
        return new arrow.Binary();
      case TYPE.utf8:
        return new arrow.Utf8();
      case TYPE.bool:
        return new arrow.Bool();
      case TYPE.decimal:
        return new arrow.Decimal(from.scale!, from.precision!, from.bitWidth ?? 128);
      case TYPE.date:
        return new arrow.Date_(from.unit!);
      case 9:
        return new arrow.Time(from.unit!, from.bitWidth as 32 | 64);
      case TYPE.timestamp:
        return new arrow.Timestamp(from.unit!, from.timezone ?? null);
      case 11:
        return new arrow.Interval(from.unit!);
      case 12:
        return new arrow.List(children[0]!);
      case 13:
        return new arrow.Struct(children);
      case 14:
        return new arrow.Union(from.mode!, Array.from(from.typeIds!), children);
      case 15:
        return new arrow.FixedSizeBinary(from.byteWidth ?? from.stride!);
      case 16:
        return new arrow.FixedSizeList(from.listSize ?? from.stride!, children[0]!);
      case 17:
        return new arrow.Map_(children[0] as Field<arrow.Struct<{ key: DataType; value: DataType }>>, from.keysSorted);
      case 18:
        return new arrow.Duration(from.unit!);
      case 19:
        return new arrow.LargeBinary();
      case TYPE.largeUtf8:
        return new arrow.LargeUtf8();
    }
    // Only newer versions have these, so they are not imported by name.
    if (from.typeId === 21 && 'LargeList' in arrow) return new arrow.LargeList(children[0]!);
    if (from.typeId === 23 && 'BinaryView' in arrow) return new arrow.BinaryView();
    if (from.typeId === TYPE.utf8View && 'Utf8View' in arrow) return new arrow.Utf8View();
    return fail(
      'wrong-type',
      `column "${name}": this version of apache-arrow cannot hold ${typeName(from)}; drop or cast the column`,
    );
  }

  return {
    field,
    chunks: (column, type) => column.data.map((chunk) => dataOf(chunk, type)),
    nextId() {
      const id = values.size;
      values.set(`new ${id}`, { id, type: new arrow.Utf8() });
      return id;
    },
  };
}

function dataOf(chunk: AnyChunk, type: DataType): Data {
  const isView = type.typeId === 23 || type.typeId === TYPE.utf8View;
  const offset = chunk.offset ?? 0;
  let bitmap = chunk.nullBitmap ?? chunk.validity;
  // The stream writer applies the offset of a sliced view column twice: give it none.
  if (isView && offset > 0 && bitmap && bitmap.length > 0) bitmap = shifted(bitmap, offset, chunk.length);
  const children = (chunk.children ?? []).map((child, i) => dataOf(child, type.children[i]!.type));
  const buffers = {
    0: chunk.valueOffsets ?? chunk.offsets,
    1: valuesFor(type, chunk),
    2: bitmap,
    3: chunk.typeIds,
  };
  return new arrow.Data(
    type,
    isView ? 0 : offset,
    chunk.length,
    type.typeId === TYPE.null ? chunk.length : chunk.nullCount,
    buffers as unknown as Data,
    children,
    arrow.DataType.isDictionary(type) ? dictionaryOf(chunk.dictionary, type.dictionary) : undefined,
    [...(chunk.variadicBuffers ?? (isView ? chunk.data : undefined) ?? [])],
  );
}

const dictionaries = new WeakMap<ArrowColumn, Vector>();

/** One vector per dictionary for good: the stream writer writes a dictionary again when its vector is another one. */
function dictionaryOf(column: ArrowColumn | undefined, type: DataType): Vector {
  const known = column && dictionaries.get(column);
  if (known) return known;
  const chunks = (column?.data ?? []).map((chunk) => dataOf(chunk, type));
  const vector = new arrow.Vector(
    chunks.length > 0 ? chunks : [arrow.makeData({ type, length: 0 } as { type: arrow.Utf8 })],
  );
  if (column) dictionaries.set(column, vector);
  return vector;
}

type Typed = {
  new (buffer: ArrayBufferLike, offset: number, length: number): ArrayBufferView;
  BYTES_PER_ELEMENT: number;
};

/** The values as the array that the type asks for: libraries view the same bytes through different ones. */
function valuesFor(type: DataType, { values }: AnyChunk): ArrayBufferView | undefined {
  if (!values) return undefined;
  const Wanted = (arrow.DataType.isDictionary(type) ? type.indices.ArrayType : type.ArrayType) as Typed;
  if (values.constructor === Wanted || Wanted.BYTES_PER_ELEMENT === undefined) return values;
  const { buffer, byteOffset, byteLength } = values;
  const length = byteLength / Wanted.BYTES_PER_ELEMENT;
  return byteOffset % Wanted.BYTES_PER_ELEMENT === 0
    ? new Wanted(buffer, byteOffset, length)
    : new Wanted(buffer.slice(byteOffset, byteOffset + byteLength), 0, length);
}

function shifted(bits: Uint8Array, offset: number, length: number): Uint8Array {
  const out = new Uint8Array(((length + 63) & ~63) >> 3);
  for (let i = 0; i < length; i++) {
    const bit = offset + i;
    out[i >> 3]! |= ((bits[bit >> 3]! >> (bit & 7)) & 1) << (i & 7);
  }
  return out;
}
