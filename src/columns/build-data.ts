import { type Data, Dictionary, Float64, Int32, makeData, Utf8, Vector } from 'apache-arrow';
import { fail } from '../errors.ts';
import type { CategoryColumn, PlainColumn } from '../model/batch.ts';
import { isFloat64Array } from '../numerics/float64.ts';
import { plainColumn } from './batch.ts';
import { isCategoryColumn } from './plain.ts';
import { isNumeric, readCategories, readNumbers } from './whole.ts';

export type CategoryType = Dictionary<Utf8, Int32>;

/** A plain column as a result column; what already is one is passed on, not copied. */
export function resultColumn(
  columns: { readonly [name: string]: PlainColumn },
  name: string,
): Float64Array | CategoryColumn {
  const numeric = isNumeric(columns, name);
  const column = plainColumn(columns, name);
  if (isCategoryColumn(column) || isFloat64Array(column)) return column;
  return numeric ? readNumbers(columns, name) : readCategories(columns, name);
}

export function categoryType(id: number): CategoryType {
  return new Dictionary(new Utf8(), new Int32(), id);
}

/** Numbers as Arrow data over the same buffer; NaN becomes null by the bitmap. */
export function numberData(
  values: Float64Array,
  rows: number,
  name: string,
  beside: Views,
  full = false,
): Data<Float64> {
  const { nullBitmap, nullCount } = full ? NO_NULLS : numberBitmap(values, rows, name);
  return makeData({ type: new Float64(), length: rows, nullCount, nullBitmap, data: apart(values, beside) });
}

/** Codes as Arrow data over the same buffer; −1 becomes null by the bitmap. */
export function categoryData(
  type: CategoryType,
  codes: Int32Array,
  dictionary: Vector<Utf8>,
  rows: number,
  name: string,
  beside: Views,
  full = false,
): Data<CategoryType> {
  const { nullBitmap, nullCount } = full ? NO_NULLS : codeBitmap(codes, rows, name);
  return makeData({ type, length: rows, nullCount, nullBitmap, data: apart(codes, beside), dictionary });
}

/** The buffers of the other columns of a batch. */
export type Views = ArrayBufferView[];

/** The stream writer merges overlapping buffers that follow each other, and so loses bytes: a second one is copied. */
function apart<T extends Float64Array | Int32Array>(values: T, beside: Views): T {
  const start = values.byteOffset;
  const end = start + values.byteLength;
  const shared = beside.some(
    (other) => other.buffer === values.buffer && other.byteOffset < end && start < other.byteOffset + other.byteLength,
  );
  const own = shared ? (values.slice() as T) : values;
  beside.push(own);
  return own;
}

interface Bitmap {
  /** null when every cell holds a value. */
  readonly nullBitmap: Uint8Array | null;
  readonly nullCount: number;
}

const NO_NULLS: Bitmap = { nullBitmap: null, nullCount: 0 };

/** Bits of the codes that are not negative. */
function codeBitmap(codes: Int32Array, rows: number, name: string): Bitmap {
  checkRows(codes, rows, name);
  let i = 0;
  while (i < rows && codes[i]! >= 0) i++;
  if (i === rows) return NO_NULLS;
  const nullBitmap = new Uint8Array(((rows + 63) & ~63) >> 3);
  let valid = 0;
  // A byte at a time: the sign of the first code becomes bit 0.
  const whole = rows & ~7;
  for (let i = 0; i < whole; i += 8) {
    const low = signs(codes[i]!, codes[i + 1]!, codes[i + 2]!, codes[i + 3]!);
    const high = signs(codes[i + 4]!, codes[i + 5]!, codes[i + 6]!, codes[i + 7]!);
    nullBitmap[i >> 3] = ~(low | (high << 4));
    valid += SET[~low & 15]! + SET[~high & 15]!;
  }
  for (let i = whole; i < rows; i++) {
    const bit = ~codes[i]! >>> 31;
    nullBitmap[i >> 3]! |= bit << (i & 7);
    valid += bit;
  }
  return { nullBitmap, nullCount: rows - valid };
}

function signs(a: number, b: number, c: number, d: number): number {
  return (a >>> 31) | ((b >>> 31) << 1) | ((c >>> 31) << 2) | ((d >>> 31) << 3);
}
/** How many of four bits are set. */
const SET: Uint8Array = Uint8Array.of(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);

/** Bits of the numbers that are not NaN. */
function numberBitmap(values: Float64Array, rows: number, name: string): Bitmap {
  checkRows(values, rows, name);
  let nullCount = 0;
  for (let i = 0; i < rows; i++) nullCount += Number(values[i] !== values[i]);
  if (nullCount === 0) return { nullBitmap: null, nullCount };
  const nullBitmap = new Uint8Array(((rows + 63) & ~63) >> 3);
  for (let i = 0; i < rows; i++) nullBitmap[i >> 3]! |= Number(values[i] === values[i]) << (i & 7);
  return { nullBitmap, nullCount };
}

function checkRows(cells: ArrayLike<number>, rows: number, name: string): void {
  if (cells.length !== rows)
    fail('wrong-length', `column "${name}" has ${cells.length} rows, the batch has ${rows}: make them equal`);
}

const vectors = new WeakMap<readonly string[], Vector<Utf8>>();

/**
 * Levels as an Arrow text vector; the same list gives the same vector, so that a stream writer writes it once for all
 * batches.
 */
export function levelsVector(levels: readonly string[]): Vector<Utf8> {
  const known = vectors.get(levels);
  if (known) return known;
  const encoder = new TextEncoder();
  const texts = levels.map((level) => encoder.encode(level));
  const valueOffsets = new Int32Array(levels.length + 1);
  texts.forEach((text, i) => {
    valueOffsets[i + 1] = valueOffsets[i]! + text.length;
  });
  const data = new Uint8Array(valueOffsets[levels.length]!);
  texts.forEach((text, i) => {
    data.set(text, valueOffsets[i]);
  });
  const vector = new Vector([makeData({ type: new Utf8(), length: levels.length, nullCount: 0, valueOffsets, data })]);
  vectors.set(levels, vector);
  return vector;
}
