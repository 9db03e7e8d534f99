import { kernelsOf, plainRoom, type Room, roomFor } from '../../kernels/wasm/room.ts';
import { between } from '../trees/node-bins.ts';
import type { Mass, TrainingColumn, TrainingData } from '../trees/training-data.ts';

/** One feature at one byte per row. */
export interface BinnedColumn {
  /** Bin of every row; `bins` where null. */
  readonly codes: Uint8Array;
  /** Bins of values, at most 255. */
  readonly bins: number;
  /** Numbers: the threshold between bin b and the next. Null for a category. */
  readonly edges: Float64Array | null;
  /** Categories: the codes of the levels in each bin. Null for a number. */
  readonly levels: readonly (readonly number[])[] | null;
}

export interface BinnedRows {
  readonly columns: readonly BinnedColumn[];
  /** The codes of the columns once more, `stride` after each other for every row, where WASM reads them; else empty. */
  readonly codes: Uint8Array;
  readonly stride: number;
}

/** Bytes of the codes of so many rows. */
export function binnedBytes(rows: number, columns: number): number {
  return columns * roomFor(rows) + roomFor(rows * strideOf(columns) + VECTOR);
}

/** WASM reads up to so many bytes after the codes of a row. */
const VECTOR = 16;
/** Four codes are read at once. */
const strideOf = (columns: number): number => 4 * Math.ceil(columns / 4);

/**
 * Puts the features of the rows `order` into at most `most` bins. A number with more distinct values is cut where its
 * ranks, by weight, pass equal shares; a category with more levels keeps the heaviest and tells the others as one.
 */
export function binnedData(
  data: TrainingData,
  mass: Mass,
  order: Int32Array,
  most: number,
  room: Room = plainRoom,
): BinnedRows {
  const own = new Uint8Array(order.length);
  const sums = new Float64Array(data.columns.reduce((longest, { size }) => Math.max(longest, size), 0));
  const columns = data.columns.map((column): BinnedColumn => {
    const binOf = column.size <= most ? identity(column.size) : coarse(column, weights(column, mass, sums), most);
    const bins = last(binOf) + 1;
    binsOf(column.codes, binOf, bins, own);
    const codes = room.uint8(order.length);
    take(own, order, codes);
    if (column.values !== null) return { codes, bins, edges: edgesOf(column.values, binOf, bins), levels: null };
    const levels = Array.from({ length: bins }, (): number[] => []);
    binOf.forEach((bin, code) => {
      levels[bin]!.push(code);
    });
    return { codes, bins, edges: null, levels };
  });
  const stride = strideOf(columns.length);
  const inWasm = columns.length > 0 && kernelsOf(...(columns.map(({ codes }) => codes) as [Uint8Array])) !== undefined;
  return { columns, codes: inWasm ? sideBySide(columns, stride, order.length, room) : new Uint8Array(0), stride };
}

/** The largest bin. */
function last(binOf: Uint8Array): number {
  let found = -1;
  for (let code = 0; code < binOf.length; code++) if (binOf[code]! > found) found = binOf[code]!;
  return found;
}

function binsOf(codes: Int32Array, binOf: Uint8Array, bins: number, out: Uint8Array): void {
  for (let i = 0; i < out.length; i++) {
    const code = codes[i]!;
    out[i] = code < 0 ? bins : binOf[code]!;
  }
}

function take(bins: Uint8Array, order: Int32Array, out: Uint8Array): void {
  for (let i = 0; i < out.length; i++) out[i] = bins[order[i]!]!;
}

/** Rows whose codes stay in a core's own cache while column after column is laid beside the others. */
const ROWS = 1024;

function sideBySide(columns: readonly BinnedColumn[], stride: number, rows: number, room: Room): Uint8Array {
  const out = room.uint8(rows * stride + VECTOR);
  for (let from = 0; from < rows; from += ROWS)
    for (let f = 0; f < columns.length; f++)
      spread(columns[f]!.codes, from, Math.min(rows, from + ROWS), out, stride, f);
  return out;
}

function spread(codes: Uint8Array, from: number, to: number, out: Uint8Array, stride: number, place: number): void {
  for (let i = from, at = from * stride + place; i < to; i++, at += stride) out[at] = codes[i]!;
}

const identity = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, k) => k);

/** Weight of each value or level, in `sums`. */
function weights({ codes, size }: TrainingColumn, { cells }: Mass, sums: Float64Array): Float64Array {
  const out = sums.subarray(0, size).fill(0);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code >= 0) out[code] = out[code]! + cells[2 * i]!;
  }
  return out;
}

/** What is below this share of a product is below its rounding as well. */
const SURELY = 1 - 1e-12;

function coarse({ values }: TrainingColumn, weight: Float64Array, most: number): Uint8Array {
  const out = new Uint8Array(weight.length);
  if (values === null) {
    // Equal weights by code, so that no order of rows decides.
    const heaviest = [...weight.keys()].sort((a, b) => weight[b]! - weight[a]! || a - b);
    heaviest.forEach((code, place) => {
      out[code] = Math.min(place, most - 1);
    });
    return out;
  }
  let total = 0;
  for (let k = 0; k < weight.length; k++) total += weight[k]!;
  let below = 0;
  let bin = -1;
  let share = -1;
  let bar = 0;
  for (let k = 0; k < weight.length; k++) {
    const middle = most * (below + weight[k]! / 2);
    // Few values need a division.
    if (!(middle < bar)) {
      const own = Math.min(most - 1, Math.floor(middle / total));
      if (own > share) {
        bin++;
        share = own;
        bar = (share + 1) * total * SURELY;
      }
    }
    out[k] = bin;
    below += weight[k]!;
  }
  return out;
}

function edgesOf(values: Float64Array, binOf: Uint8Array, bins: number): Float64Array {
  const out = new Float64Array(Math.max(bins - 1, 0));
  for (let k = 1; k < values.length; k++) {
    const bin = binOf[k]!;
    if (bin > binOf[k - 1]!) out[bin - 1] = between(values[k - 1]!, values[k]!);
  }
  return out;
}
