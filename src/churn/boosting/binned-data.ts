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
  return columns * roomFor(rows) + roomFor(rows * strideOf(columns));
}

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
  const columns = data.columns.map((column): BinnedColumn => {
    const binOf = column.size <= most ? identity(column.size) : coarse(column, weights(column, mass), most);
    const bins = binOf.reduce((last, bin) => Math.max(last, bin), -1) + 1;
    const codes = room.uint8(order.length);
    for (let i = 0; i < codes.length; i++) {
      const code = column.codes[order[i]!]!;
      codes[i] = code < 0 ? bins : binOf[code]!;
    }
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

function sideBySide(columns: readonly BinnedColumn[], stride: number, rows: number, room: Room): Uint8Array {
  const out = room.uint8(rows * stride);
  columns.forEach(({ codes }, f) => {
    for (let i = 0, at = f; i < rows; i++, at += stride) out[at] = codes[i]!;
  });
  return out;
}

const identity = (size: number): Int32Array => Int32Array.from({ length: size }, (_, k) => k);

function weights({ codes, size }: TrainingColumn, { cells }: Mass): Float64Array {
  const out = new Float64Array(size);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code >= 0) out[code] = out[code]! + cells[2 * i]!;
  }
  return out;
}

function coarse({ values }: TrainingColumn, weight: Float64Array, most: number): Int32Array {
  const out = new Int32Array(weight.length);
  if (values === null) {
    // Equal weights by code, so that no order of rows decides.
    const heaviest = identity(weight.length).sort((a, b) => weight[b]! - weight[a]! || a - b);
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
  for (let k = 0; k < weight.length; k++) {
    const own = Math.min(most - 1, Math.floor((most * (below + weight[k]! / 2)) / total));
    if (own > share) bin++;
    share = Math.max(share, own);
    out[k] = bin;
    below += weight[k]!;
  }
  return out;
}

function edgesOf(values: Float64Array, binOf: Int32Array, bins: number): Float64Array {
  const out = new Float64Array(Math.max(bins - 1, 0));
  for (let k = 1; k < values.length; k++) {
    const bin = binOf[k]!;
    if (bin > binOf[k - 1]!) out[bin - 1] = between(values[k - 1]!, values[k]!);
  }
  return out;
}
