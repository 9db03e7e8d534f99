import * as flechette from '@uwdata/flechette';
import * as arrow21 from 'apache-arrow';
import * as arrow17 from 'apache-arrow-17';
import type { ArrowLike } from '../model/batch.ts';
import { seededRandom } from '../numerics/random.ts';

/** Both copies of apache-arrow under one name; their declarations differ only in corners that tests do not touch. */
export type Arrow = typeof arrow21;
export const COPIES: readonly (readonly [string, Arrow])[] = [
  ['apache-arrow 21', arrow21],
  ['apache-arrow 17', arrow17 as unknown as Arrow],
];

const seeded = seededRandom(20_261);
export const random = (): number => seeded.uniform();

/** A bitmap of `bits` cells of which about a third are null, with garbage beyond its end. */
export function someNulls(bits: number): Uint8Array {
  const out = new Uint8Array((((bits + 63) & ~63) >> 3) + 8).fill(0xa5);
  for (let i = 0; i < bits; i++) {
    if (random() < 0.33) out[i >> 3]! &= ~(1 << (i & 7));
    else out[i >> 3]! |= 1 << (i & 7);
  }
  return out;
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Text buffers for Utf8 (32-bit offsets) and LargeUtf8 (64-bit offsets). */
export function textBuffers(texts: readonly string[]): { offsets: Int32Array; bytes: Uint8Array } {
  const parts = texts.map(bytesOf);
  const offsets = new Int32Array(texts.length + 1);
  parts.forEach((part, i) => {
    offsets[i + 1] = offsets[i]! + part.length;
  });
  const bytes = new Uint8Array(offsets[texts.length]!);
  parts.forEach((part, i) => {
    bytes.set(part, offsets[i]);
  });
  return { offsets, bytes };
}

/** View buffers: short texts inline, long ones in one of two data buffers. */
export function viewBuffers(texts: readonly string[]): { views: Uint8Array; buffers: Uint8Array[] } {
  const views = new Uint8Array(texts.length * 16);
  const view = new DataView(views.buffer);
  const long: number[][] = [[], []];
  texts.forEach((text, i) => {
    const bytes = bytesOf(text);
    view.setInt32(i * 16, bytes.length, true);
    if (bytes.length <= 12) views.set(bytes, i * 16 + 4);
    else {
      views.set(bytes.subarray(0, 4), i * 16 + 4);
      view.setInt32(i * 16 + 8, i & 1, true);
      view.setInt32(i * 16 + 12, long[i & 1]!.length, true);
      long[i & 1]!.push(...bytes);
    }
  });
  return { views, buffers: long.map((part) => Uint8Array.from(part)) };
}

export const TEXTS = ['', 'a', 'Übermäßig', '客户', 'loyal', 'a text longer than twelve bytes', '👋 again and again'];

/** Something to fill a column with: its type in a copy of apache-arrow, and data for `n` cells. */
export interface Sample {
  readonly name: string;
  readonly type: (lib: Arrow) => arrow21.DataType | null;
  readonly data: (lib: Arrow, n: number) => object;
  /** From what `Vector.get` returns to the number (or null) that is to be read. */
  readonly number?: (cell: never, type: arrow21.DataType) => number | null;
  /** From what `Vector.get` returns to the text (or null) that is to be read. */
  readonly text: (cell: never, type: arrow21.DataType) => string | null;
}

const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));
const signed = (scale: number): number => Math.floor((random() - 0.5) * 2 * scale);
const plain = (cell: number): number => cell;
const finite = (cell: number): number | null => (Number.isFinite(cell) ? cell : null);
const written = (cell: number): string | null => (Number.isFinite(cell) ? String(cell) : null);
const day = (ms: number): number => Math.floor(ms / 86_400_000);
const iso = (ms: number): string => new Date(day(ms) * 86_400_000).toISOString().slice(0, 10);
const safe = (cell: bigint): number | null => (Number.isSafeInteger(Number(cell)) ? Number(cell) : null);
const digits = (cell: bigint): string => String(cell);
const oddFloats = [0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -2.25];
const bigs = [0n, -1n, 1n, 2n ** 53n - 1n, -(2n ** 53n) + 1n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n), 2n ** 62n, 42n];

function decimalText(words: Uint32Array, scale: number): string {
  let value = BigInt.asIntN(32, BigInt(words[words.length - 1]!));
  for (let k = words.length - 2; k >= 0; k--) value = (value << 32n) | BigInt(words[k]!);
  return String(Number(`${value}e-${scale}`));
}

const ints = (
  name: string,
  make: (lib: Arrow) => arrow21.DataType,
  Values: new (n: number) => { set(v: number[]): void },
): Sample => ({
  name,
  type: make,
  data: (_lib, n) => {
    const data = new Values(n + 5);
    data.set(times(n, () => signed(300)));
    return { data };
  },
  number: plain,
  text: String,
});
const stamps = (name: string, make: (lib: Arrow) => arrow21.DataType, perMs: (ms: number) => bigint): Sample => ({
  name,
  type: make,
  data: (_lib, n) => ({
    data: BigInt64Array.from(times(n, (i) => perMs([0, -1, 86_400_000, -86_400_000, 86_399_999][i] ?? signed(3e12)))),
  }),
  number: day,
  text: iso,
});

export const SAMPLES: readonly Sample[] = [
  {
    name: 'Float64',
    type: (lib) => new lib.Float64(),
    data: (_l, n) => ({ data: Float64Array.from(times(n, (i) => oddFloats[i % 11] ?? random())) }),
    number: finite,
    text: written,
  },
  {
    name: 'Float64 without odd values',
    type: (lib) => new lib.Float64(),
    data: (_l, n) => ({ data: Float64Array.from(times(n + 9, random)) }),
    number: finite,
    text: written,
  },
  {
    name: 'Float32',
    type: (lib) => new lib.Float32(),
    data: (_l, n) => ({ data: Float32Array.from(times(n, (i) => oddFloats[i % 11] ?? random())) }),
    number: finite,
    text: written,
  },
  {
    name: 'Float16',
    type: (lib) => new lib.Float16(),
    data: (_l, n) => ({
      data: Uint16Array.from(
        times(n, (i) => [0, 0x8000, 1, 0x3c00, 0x7bff, 0x7c00, 0xfc00, 0x7e00, 0xc123][i] ?? random() * 65_536),
      ),
    }),
    number: finite,
    text: written,
  },
  ints('Int8', (lib) => new lib.Int8(), Int8Array),
  ints('Int16', (lib) => new lib.Int16(), Int16Array),
  ints('Int32', (lib) => new lib.Int32(), Int32Array),
  ints('Uint8', (lib) => new lib.Uint8(), Uint8Array),
  ints('Uint16', (lib) => new lib.Uint16(), Uint16Array),
  ints('Uint32', (lib) => new lib.Uint32(), Uint32Array),
  {
    name: 'Int64',
    type: (lib) => new lib.Int64(),
    data: (_l, n) => ({ data: BigInt64Array.from(times(n, (i) => bigs[i % 13] ?? BigInt(signed(1e12)))) }),
    number: safe,
    text: digits,
  },
  {
    name: 'Uint64',
    type: (lib) => new lib.Uint64(),
    data: (_l, n) => ({
      data: BigUint64Array.from(
        times(n, (i) => [2n ** 64n - 1n, ...bigs.map((v) => (v < 0n ? -v : v))][i % 13] ?? BigInt(i)),
      ),
    }),
    number: safe,
    text: digits,
  },
  {
    name: 'Bool',
    type: (lib) => new lib.Bool(),
    data: (_l, n) => ({ data: Uint8Array.from(times((n >> 3) + 3, () => random() * 256)), length: n }),
    number: Number,
    text: String,
  },
  ...(
    [
      [128, 2],
      [128, 0],
      [128, 20],
      [256, 30],
    ] as const
  ).map(
    ([bits, scale]): Sample => ({
      name: `Decimal${bits} scale ${scale}`,
      type: (lib) => new lib.Decimal(scale, bits === 128 ? 38 : 76, bits),
      data: (_l, n) => {
        const words = new Uint32Array((n * bits) / 32);
        for (let i = 0; i < n; i++) {
          const cell =
            i % 3 === 0
              ? BigInt(signed(1e15))
              : i % 3 === 1
                ? BigInt(signed(1e15)) * 10n ** 15n + 12_345n
                : BigInt(i - 50);
          for (let k = 0; k < bits / 32; k++)
            words[(i * bits) / 32 + k] = Number(BigInt.asUintN(32, cell >> BigInt(32 * k)));
        }
        return { data: words };
      },
      number: (words: Uint32Array, type) => Number(decimalText(words, (type as arrow21.Decimal).scale)),
      text: (words: Uint32Array, type) => decimalText(words, (type as arrow21.Decimal).scale),
    }),
  ),
  {
    name: 'DateDay',
    type: (lib) => new lib.DateDay(),
    data: (_l, n) => ({ data: Int32Array.from(times(n, () => signed(40_000))) }),
    number: day,
    text: iso,
  },
  stamps(
    'DateMillisecond',
    (lib) => new lib.DateMillisecond(),
    (ms) => BigInt(ms),
  ),
  stamps(
    'TimestampSecond',
    (lib) => new lib.TimestampSecond(),
    (ms) => BigInt(Math.floor(ms / 1000)),
  ),
  stamps(
    'TimestampMillisecond',
    (lib) => new lib.TimestampMillisecond('UTC'),
    (ms) => BigInt(ms),
  ),
  stamps(
    'TimestampMicrosecond',
    (lib) => new lib.TimestampMicrosecond(),
    (ms) => BigInt(ms) * 1000n,
  ),
  stamps(
    'TimestampNanosecond',
    (lib) => new lib.TimestampNanosecond(),
    (ms) => BigInt(ms) * 1_000_000n,
  ),
  {
    name: 'Utf8',
    type: (lib) => new lib.Utf8(),
    data: (_l, n) => {
      const { offsets, bytes } = textBuffers(times(n, () => TEXTS[Math.floor(random() * TEXTS.length)]!));
      return { valueOffsets: offsets, data: bytes };
    },
    text: String,
  },
  {
    name: 'LargeUtf8',
    type: (lib) => new lib.LargeUtf8(),
    data: (_l, n) => {
      const { offsets, bytes } = textBuffers(times(n, () => TEXTS[Math.floor(random() * TEXTS.length)]!));
      return { valueOffsets: BigInt64Array.from(offsets, BigInt), data: bytes };
    },
    text: String,
  },
  {
    name: 'Utf8View',
    type: (lib) => ('Utf8View' in lib ? new lib.Utf8View() : null),
    data: (_l, n) => {
      const { views, buffers } = viewBuffers(times(n, () => TEXTS[Math.floor(random() * TEXTS.length)]!));
      return { views, variadicBuffers: buffers };
    },
    text: String,
  },
  ...(['Int8', 'Int16', 'Int32', 'Uint8'] as const).map(
    (index): Sample => ({
      name: `Dictionary<Utf8, ${index}>`,
      type: (lib) => new lib.Dictionary(new lib.Utf8(), new lib[index]() as never, 3),
      data: (lib, n) => {
        // Every chunk has its own dictionary: an order of its own, one entry twice, one null.
        const entries = [...TEXTS, 'twice', 'twice', 'null here'].sort(() => random() - 0.5);
        const { offsets, bytes } = textBuffers(entries);
        const nullBitmap = Uint8Array.of(255, 255);
        const gone = entries.indexOf('null here');
        nullBitmap[gone >> 3]! &= ~(1 << (gone & 7));
        const dictionary = new lib.Vector([
          lib.makeData({
            type: new lib.Utf8(),
            length: entries.length,
            nullCount: 1,
            nullBitmap,
            valueOffsets: offsets,
            data: bytes,
          }),
        ]);
        const Values = { Int8: Int8Array, Int16: Int16Array, Int32: Int32Array, Uint8: Uint8Array }[index];
        return { data: Values.from(times(n, () => random() * entries.length)), dictionary };
      },
      text: String,
    }),
  ),
  {
    name: 'Dictionary<Float64, Int32>',
    type: (lib) => new lib.Dictionary(new lib.Float64(), new lib.Int32(), 3),
    data: (lib, n) => {
      const data = Float64Array.of(1.5, Number.NaN, -3, 7);
      const dictionary = new lib.Vector([
        lib.makeData({ type: new lib.Float64(), length: 4, nullCount: 1, nullBitmap: Uint8Array.of(7), data }),
      ]);
      return { data: Int32Array.from(times(n, () => random() * 4)), dictionary };
    },
    number: finite,
    text: written,
  },
  { name: 'Null', type: (lib) => new lib.Null(), data: (_l, n) => ({ length: n }), number: plain, text: String },
];

/** How null cells are laid out in the chunks. */
export const NULLS = ['no bitmap', 'empty bitmap', 'some nulls', 'some nulls at an offset', 'all null'] as const;
export type Nulls = (typeof NULLS)[number];

/** A chunk of `n` cells. */
export function makeChunk(lib: Arrow, sample: Sample, type: arrow21.DataType, n: number, nulls: Nulls): arrow21.Data {
  const make = lib.makeData as unknown as (props: object) => arrow21.Data;
  if (sample.name === 'Null') return make({ type, length: n });
  const lead = nulls === 'some nulls at an offset' ? 11 : 0;
  const total = n + lead;
  const bitmap =
    nulls === 'no bitmap'
      ? {}
      : nulls === 'empty bitmap'
        ? { nullBitmap: new Uint8Array(0), nullCount: 0 }
        : nulls === 'all null'
          ? { nullBitmap: new Uint8Array((total >> 3) + 1), nullCount: total }
          : { nullBitmap: someNulls(total) };
  const whole = make({ type, length: total, ...sample.data(lib, total), ...bitmap });
  return lead > 0 ? whole.slice(lead, n) : whole;
}

/** A table of one column `x` in chunks of the given lengths. */
export function tableOf(lib: Arrow, sample: Sample, lengths: readonly number[], nulls: Nulls): arrow21.Table | null {
  const type = sample.type(lib);
  if (!type) return null;
  const schema = new lib.Schema([new lib.Field('x', type, true)]);
  const batches = lengths.map((n) => {
    const struct = {
      type: new lib.Struct(schema.fields),
      length: n,
      nullCount: 0,
      children: [makeChunk(lib, sample, type, n, nulls)],
    };
    return new lib.RecordBatch(schema, lib.makeData(struct));
  });
  return new lib.Table(schema, batches);
}

/** The cells of `x` by the library's own `get`, one by one. */
export function cellsOf(table: {
  getChild(name: string): { length: number; get(i: number): unknown } | null;
}): unknown[] {
  const vector = table.getChild('x')!;
  return times(vector.length, (i) => vector.get(i));
}

export function asFlechette(bytes: Uint8Array, options: object = {}): ArrowLike {
  return flechette.tableFromIPC(bytes, options) as unknown as ArrowLike;
}

/** A fingerprint of every buffer below an object, to show that nothing was written. */
export function fingerprint(value: unknown, seen: Set<unknown> = new Set()): number {
  if (typeof value !== 'object' || value === null || seen.has(value)) return 0;
  seen.add(value);
  if (ArrayBuffer.isView(value)) {
    let hash = value.byteLength;
    for (const byte of new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
      hash = Math.imul(hash ^ byte, 16_777_619);
    return hash;
  }
  let hash = 0;
  for (const key of Reflect.ownKeys(value)) hash = Math.imul(hash ^ fingerprint(Reflect.get(value, key), seen), 31) + 1;
  return hash;
}
