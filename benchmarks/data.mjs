// Seeded data for the benchmarks.
import {
  Dictionary,
  Field,
  Float64,
  Int32,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';

/** Rows of a record batch. */
export const BATCH = 65_536;

/** xorshift32: enough for benchmark data, and the same everywhere. Uniform on [0, 1). */
export function seeded(seed) {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Roughly normal: the sum of four uniforms, centred and scaled to variance 1. */
export const bell = (uniform) => (uniform() + uniform() + uniform() + uniform() - 2) * Math.sqrt(3);

/** `count` columns x0, x1, … of `rows` bell-shaped numbers. */
export function bellColumns(rows, count, seed) {
  const uniform = seeded(seed);
  const columns = {};
  for (let c = 0; c < count; c++) {
    const values = new Float64Array(rows);
    for (let i = 0; i < rows; i++) values[i] = bell(uniform);
    columns[`x${c}`] = values;
  }
  return columns;
}

/** `count` weights that put linear predictors of bell-shaped columns between −4 and 4, mostly. */
export function bellWeights(count, seed) {
  const uniform = seeded(seed);
  return Array.from({ length: count }, () => (bell(uniform) * 1.5) / Math.sqrt(count));
}

/** Columns – Float64Array, or `{ codes, levels }` – as record batches of at most `size` rows, over the same buffers. */
export function toBatches(columns, size = BATCH) {
  const made = Object.entries(columns).map(([name, column], c) => {
    if (column instanceof Float64Array) {
      const type = new Float64();
      const part = (start, end) => ({ type, data: column.subarray(start, end) });
      return { field: new Field(name, type, true), rows: column.length, part };
    }
    const type = new Dictionary(new Utf8(), new Int32(), c);
    const dictionary = vectorFromArray([...column.levels], new Utf8());
    const part = (start, end) => ({ type, data: column.codes.subarray(start, end), dictionary });
    return { field: new Field(name, type, true), rows: column.codes.length, part };
  });
  const schema = new Schema(made.map(({ field }) => field));
  const type = new Struct(schema.fields);
  const rows = made[0].rows;
  const batches = [];
  for (let start = 0; start < rows; start += size) {
    const length = Math.min(size, rows - start);
    const children = made.map(({ part }) => makeData({ ...part(start, start + length), length, nullCount: 0 }));
    batches.push(new RecordBatch(schema, makeData({ type, length, nullCount: 0, children })));
  }
  return batches;
}

/** One column of scored batches as one array. */
export function gather(batches, name) {
  const rows = batches.reduce((n, batch) => n + batch.numRows, 0);
  const out = new Float64Array(rows);
  let at = 0;
  for (const batch of batches) {
    const { values } = batch.getChild(name).data[0];
    out.set(values.subarray(0, batch.numRows), at);
    at += batch.numRows;
  }
  return out;
}

function normal(uniform) {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Gamma(shape, 1) by Marsaglia & Tsang (2000). */
function gamma(uniform, shape) {
  if (shape < 1) return gamma(uniform, shape + 1) * (1 - uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const z = normal(uniform);
    const v = (1 + z / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - uniform()) < (z * z) / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}

/**
 * Purchase histories as BG/NBD tells them, in weeks: purchases at the rate of each customer, T between 27 and 39 weeks,
 * times noted to the day.
 */
export function purchaseHistories({ r, alpha, a, b }, rows, seed) {
  const uniform = seeded(seed);
  const frequency = new Float64Array(rows);
  const recency = new Float64Array(rows);
  const T = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const rate = gamma(uniform, r) / alpha;
    const stay = gamma(uniform, b);
    const leave = gamma(uniform, a);
    const dropout = leave / (leave + stay);
    T[i] = (189 + Math.floor(85 * uniform())) / 7;
    for (let t = 0; ; ) {
      t -= Math.log(1 - uniform()) / rate;
      if (!(t <= T[i])) break;
      frequency[i]++;
      recency[i] = Math.min(T[i], Math.ceil(7 * t) / 7);
      if (uniform() < dropout) break;
    }
  }
  return { frequency, recency, T };
}

/**
 * Purchase histories as the Pareto/NBD tells them, in weeks with daily times: T of 27 to 39 weeks, purchase rate
 * Gamma(r, alpha), dropout rate Gamma(s, beta).
 */
export function lifetimeHistories({ r, alpha, s, beta }, rows, seed) {
  const uniform = seeded(seed);
  const frequency = new Float64Array(rows);
  const recency = new Float64Array(rows);
  const T = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const rate = gamma(uniform, r) / alpha;
    const leaves = -Math.log(1 - uniform()) / (gamma(uniform, s) / beta);
    T[i] = (189 + Math.floor(85 * uniform())) / 7;
    for (let t = 0; ; ) {
      t -= Math.log(1 - uniform()) / rate;
      if (!(t <= Math.min(T[i], leaves))) break;
      frequency[i]++;
      recency[i] = Math.min(T[i], Math.ceil(7 * t) / 7);
    }
  }
  return { frequency, recency, T };
}
