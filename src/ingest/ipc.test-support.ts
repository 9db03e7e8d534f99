import * as arrow from 'apache-arrow';

/** A stream with one column of each common kind, nulls in all of them, three batches and growing dictionaries. */
export function sampleStream(): Uint8Array {
  return arrow.tableToIPC(sampleTable(), 'stream');
}

export const SAMPLE_ROWS = 16;

export function sampleTable(): arrow.Table {
  const batches = [9, 1, 6].map((rows, b) => sampleBatch(rows, 100 * b));
  return new arrow.Table(batches);
}

const category = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), 7);

function sampleBatch(rows: number, seed: number): arrow.RecordBatch {
  const levels = utf8(['gold', 'iron', ...(seed > 0 ? [`level ${seed}`] : [])], 0);
  const bits = Uint8Array.from({ length: (rows + 7) >> 3 }, () => 0b10110111);
  const nullCount = Array.from({ length: rows }, (_, i) => ((bits[i >> 3]! >> (i & 7)) & 1 ? 0 : 1)).reduce<number>(
    (a, b) => a + b,
    0,
  );
  const nulls = { length: rows, nullCount, nullBitmap: bits };
  const children: { [name: string]: arrow.Data } = {
    id: utf8(
      Array.from({ length: rows }, (_, i) => `customer ${seed + i}`),
      0,
    ),
    value: arrow.makeData({
      type: new arrow.Float64(),
      data: Float64Array.from({ length: rows }, (_, i) => i / 4),
      ...nulls,
    }),
    visits: arrow.makeData({
      type: new arrow.Int32(),
      data: Int32Array.from({ length: rows }, (_, i) => i),
      length: rows,
    }),
    active: arrow.makeData({ type: new arrow.Bool(), data: Uint8Array.from(bits), ...nulls }),
    since: arrow.makeData({ type: new arrow.DateDay(), data: new Int32Array(rows).fill(9862), ...nulls }),
    tier: arrow.makeData({
      type: category,
      data: Int32Array.from({ length: rows }, (_, i) => i % levels.length),
      dictionary: new arrow.Vector([levels]),
      ...nulls,
    }),
  };
  const fields = Object.entries(children).map(([name, { type }]) => new arrow.Field(name, type, true));
  const schema = new arrow.Schema(fields, new Map([['origin', 'test']]));
  return new arrow.RecordBatch(
    schema,
    arrow.makeData({ type: new arrow.Struct(fields), length: rows, nullCount: 0, children: Object.values(children) }),
  );
}

function utf8(strings: readonly string[], nullCount: number): arrow.Data<arrow.Utf8> {
  const encoded = strings.map((s) => new TextEncoder().encode(s));
  const valueOffsets = new Int32Array(strings.length + 1);
  encoded.forEach((bytes, i) => {
    valueOffsets[i + 1] = valueOffsets[i]! + bytes.length;
  });
  const data = new Uint8Array(valueOffsets[strings.length]!);
  encoded.forEach((bytes, i) => {
    data.set(bytes, valueOffsets[i]!);
  });
  return arrow.makeData({ type: new arrow.Utf8(), length: strings.length, nullCount, valueOffsets, data });
}
