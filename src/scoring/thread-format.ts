// How a batch is written down for a thread, in float64 numbers:
//
//   batch       rows, 1 if Arrow else 0, the columns in the order of the model's inputs
//   column      of an Arrow batch: number of its type, length, number of chunks, chunks
//               of a plain one: TYPED and view; CODES and view of the codes (levels: the next of `cells`);
//               CELLS (the column: the next of `cells`)
//   chunk       which of the parts there are (the sum of HAS), length, null count, offset, parts: three views, a list, a
//               dictionary. What libraries call differently is called as apache-arrow does
//   view        its index in ARRAYS, its length, number of its buffer, address there; with KEPT in place of the number, the
//               whole of the next of `kept`
//   list        its length, views
//   dictionary  its number; below 0 when it follows: then the number of one to be forgotten or 0, and the column
export const TYPED = 0;
export const CODES = 1;
export const CELLS = 2;
export const KEPT = -1;

export const HAS: {
  readonly values: number;
  readonly nullBitmap: number;
  readonly valueOffsets: number;
  readonly variadicBuffers: number;
  readonly dictionary: number;
} = { values: 1, nullBitmap: 2, valueOffsets: 4, variadicBuffers: 8, dictionary: 16 };

/** Typed arrays by name. */
export const ARRAYS: readonly string[] = [
  'Float64Array',
  'Float32Array',
  'Int32Array',
  'Uint32Array',
  'Int16Array',
  'Uint16Array',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'BigInt64Array',
  'BigUint64Array',
  'Float16Array',
];
