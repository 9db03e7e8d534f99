import { kernelsAt } from '../../kernels/wasm/registry.ts';
import { kernelsOf, type Room, roomFor } from '../../kernels/wasm/room.ts';
import type { BinnedColumn, BinnedRows } from './binned-data.ts';
import { CELL } from './cell.ts';
import type { NodeSums, SearchLimits } from './split-search.ts';

/** Features that a pass over rows adds up at once where WASM does it. */
const FOUR = 4;

/** Where each feature's bins begin in a histogram; its nulls have the last one. */
export function layout(columns: readonly BinnedColumn[]): { readonly offsets: Int32Array; readonly size: number } {
  const offsets = new Int32Array(columns.length);
  let size = 0;
  columns.forEach(({ bins }, f) => {
    offsets[f] = size;
    size += CELL * (bins + 1);
  });
  // The last bin takes what is counted for want of a fourth feature.
  return { offsets, size: size + CELL };
}

/** Bytes of the histograms of so many nodes, of features of so many bins, and of what goes with them. */
export function histogramBytes(bins: readonly number[], nodes: number): number {
  const cells = bins.reduce((sum, own) => sum + own + 1, 1);
  return (
    (nodes + 2) * roomFor(16 * cells) +
    roomFor(8 * CELL * CODES) +
    roomFor(20 * Math.ceil(bins.length / FOUR)) +
    roomFor(8 * bins.length)
  );
}

/** Gradient and hessian of a row of weight 1 as two whole numbers of 64 bits, which WASM adds up. */
export interface Packing {
  /** The lowest bits of the second number, which count rows. */
  readonly bits: number;
  /** The hessian, in the bits above, is a multiple of this. */
  readonly unit: number;
}

/** What a byte of a code may be. */
export const CODES = 256;

/**
 * Histograms of the nodes of a tree: Σ `[gradient, hessian, weight]` of the rows in each bin of each feature. The sums are whole
 * numbers and exact, so that no order of additions shows. They are packed if a packing is given and the room has space.
 */
export class Histograms {
  /** Whether cells of rows and bins are packed. */
  readonly packed: boolean;
  readonly #offsets: Int32Array;
  readonly #columns: readonly BinnedColumn[];
  readonly #codes: Uint8Array;
  readonly #stride: number;
  readonly #cells: Float64Array;
  readonly #size: number;
  readonly #free: Float64Array[] = [];
  readonly #features: Int32Array;
  readonly #places: Int32Array;
  readonly #cuts: Int32Array;
  readonly #unpacked: Float64Array;
  readonly #packing: Packing;
  #count = 0;
  #fours = 0;

  /**
   * @param cells `[gradient, hessian, weight]` of every row, or room for them packed.
   * @param nodes Histograms that are needed at once.
   */
  constructor(
    { columns, codes, stride }: BinnedRows,
    cells: Float64Array,
    nodes: number,
    packing: Packing | null,
    room: Room,
  ) {
    const { offsets, size } = layout(columns);
    this.#offsets = offsets;
    this.#columns = columns;
    this.#codes = codes;
    this.#stride = stride;
    this.#cells = cells;
    this.#features = new Int32Array(columns.length);
    this.#places = room.int32((1 + FOUR) * Math.ceil(columns.length / FOUR));
    this.#cuts = room.int32(2 * columns.length);
    this.#unpacked = room.float64(CELL * CODES);
    this.#packing = packing ?? { bits: 0, unit: 1 };
    const packedSize = (size / CELL) * 2;
    const free = packing === null ? [] : Array.from({ length: nodes }, () => room.float64(packedSize));
    this.packed =
      free.length > 0 && kernelsOf(cells, codes, this.#places, this.#cuts, this.#unpacked, ...free) !== undefined;
    this.#size = this.packed ? packedSize : size;
    if (this.packed) this.#free = free;
  }

  /** From now on, sums are needed of these features only. */
  use(features: Int32Array): void {
    this.#features.set(features);
    this.#count = features.length;
    const { length } = this.#columns;
    features.forEach((feature, k) => {
      this.#cuts[2 * k] = (16 * this.#offsets[feature]!) / CELL;
      this.#cuts[2 * k + 1] = this.#columns[feature]!.bins;
    });
    const needed = new Set(Array.from(features, (feature) => Math.floor(feature / FOUR)));
    let at = 0;
    for (const four of needed) {
      this.#places[at++] = FOUR * four;
      for (let k = FOUR * four; k < FOUR * (four + 1); k++)
        this.#places[at++] = k < length ? (16 * this.#offsets[k]!) / CELL : 8 * (this.#size - 2);
    }
    this.#fours = needed.size;
  }

  /** The histogram of `rows[from … to)`. */
  of(rows: Int32Array, from: number, to: number): Float64Array {
    const histogram = this.#free.pop()?.fill(0) ?? new Float64Array(this.#size);
    if (from === to || this.#count === 0) return histogram;
    const codes = this.#codes;
    const cells = this.#cells;
    if (this.packed)
      kernelsAt(cells.buffer)!.addToHistograms(
        codes.byteOffset,
        this.#stride,
        this.#places.byteOffset,
        this.#fours,
        rows.byteOffset + 4 * from,
        to - from,
        cells.byteOffset,
        histogram.byteOffset,
      );
    else
      addRows(this.#columns, this.#offsets, this.#features.subarray(0, this.#count), cells, rows, from, to, histogram);
    return histogram;
  }

  /** `whole −= part`. */
  subtract(whole: Float64Array, part: Float64Array): void {
    if (this.packed) kernelsAt(whole.buffer)!.subtractAll(whole.byteOffset, part.byteOffset, this.#size / 2);
    else for (let k = 0; k < whole.length; k++) whole[k] = whole[k]! - part[k]!;
  }

  /**
   * The best cut of `count` numbers in use, from the `first` on, that beats what `best` holds (score, gradient, hessian, weight,
   * bin) and is written there. Returns 0 where none does, else 4·(place after `first`) + 1, or + 2 with nulls at the left.
   * For packed sums, with `best` in their memory.
   */
  bestCuts(
    histogram: Float64Array,
    first: number,
    count: number,
    { gradient, hessian, weight }: NodeSums,
    { minLeaf, minHessian, l2 }: SearchLimits,
    best: Float64Array,
  ): number {
    const { bits, unit } = this.#packing;
    return kernelsAt(histogram.buffer)!.bestCuts(
      this.#cuts.byteOffset + 8 * first,
      count,
      histogram.byteOffset,
      bits,
      unit,
      gradient,
      hessian,
      weight,
      minLeaf,
      minHessian,
      l2,
      best.byteOffset,
    );
  }

  /** A histogram, or a part of it, in which the bins of a feature begin at {@link start}; until the next call. */
  read(feature: number, histogram: Float64Array): Float64Array {
    if (!this.packed) return histogram;
    const { bits, unit } = this.#packing;
    kernelsAt(histogram.buffer)!.unpackCells(
      histogram.byteOffset + (16 * this.#offsets[feature]!) / CELL,
      this.#columns[feature]!.bins + 1,
      bits,
      unit,
      this.#unpacked.byteOffset,
    );
    return this.#unpacked;
  }

  start(feature: number): number {
    return this.packed ? 0 : this.#offsets[feature]!;
  }

  /** Gives a histogram back. */
  free(histogram: Float64Array): void {
    this.#free.push(histogram);
  }
}

/** Rows that are gathered together, so that their sums stay in a core's own cache for all features. */
const BLOCK = 1024;

/** Adds `[gradient, hessian, weight]` of `rows[from … to)` to the bins of the features. */
export function addRows(
  columns: readonly BinnedColumn[],
  offsets: Int32Array,
  features: Int32Array,
  cells: Float64Array,
  rows: Int32Array,
  from: number,
  to: number,
  histogram: Float64Array,
): void {
  const sums = new Float64Array(Math.min(BLOCK, to - from) * CELL);
  for (let start = from; start < to; start += BLOCK) {
    const end = Math.min(to, start + BLOCK);
    for (let i = start, at = 0; i < end; i++, at += CELL) {
      const row = CELL * rows[i]!;
      sums[at] = cells[row]!;
      sums[at + 1] = cells[row + 1]!;
      sums[at + 2] = cells[row + 2]!;
    }
    let k = 0;
    for (; k + 1 < features.length; k += 2) {
      const one = features[k]!;
      const two = features[k + 1]!;
      const { codes } = columns[one]!;
      addPair(codes, columns[two]!.codes, rows, start, end, sums, histogram, offsets[one]!, offsets[two]!);
    }
    if (k < features.length) {
      const last = features[k]!;
      addOne(columns[last]!.codes, rows, start, end, sums, histogram, offsets[last]!);
    }
  }
}

/** Two features in a pass: what a row adds is read once for both. */
function addPair(
  codes: Uint8Array,
  others: Uint8Array,
  rows: Int32Array,
  start: number,
  end: number,
  sums: Float64Array,
  histogram: Float64Array,
  offset: number,
  other: number,
): void {
  for (let i = start, at = 0; i < end; i++, at += CELL) {
    const row = rows[i]!;
    const g = sums[at]!;
    const h = sums[at + 1]!;
    const w = sums[at + 2]!;
    const a = offset + CELL * codes[row]!;
    histogram[a] = histogram[a]! + g;
    histogram[a + 1] = histogram[a + 1]! + h;
    histogram[a + 2] = histogram[a + 2]! + w;
    const b = other + CELL * others[row]!;
    histogram[b] = histogram[b]! + g;
    histogram[b + 1] = histogram[b + 1]! + h;
    histogram[b + 2] = histogram[b + 2]! + w;
  }
}

function addOne(
  codes: Uint8Array,
  rows: Int32Array,
  start: number,
  end: number,
  sums: Float64Array,
  histogram: Float64Array,
  offset: number,
): void {
  for (let i = start, at = 0; i < end; i++, at += CELL) {
    const bin = offset + CELL * codes[rows[i]!]!;
    histogram[bin] = histogram[bin]! + sums[at]!;
    histogram[bin + 1] = histogram[bin + 1]! + sums[at + 1]!;
    histogram[bin + 2] = histogram[bin + 2]! + sums[at + 2]!;
  }
}
