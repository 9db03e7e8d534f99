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
    (nodes + 2) * roomFor(8 * CELL * cells) +
    roomFor(8 * CELL * CODES) +
    roomFor(20 * Math.ceil(bins.length / FOUR)) +
    roomFor(heldBytes(4 * Math.ceil(bins.length / FOUR))) +
    roomFor(8 * bins.length)
  );
}

/** Rows whose cells and codes WASM brings together. */
const HELD = 1024;
/** For codes of `stride` bytes, up to 15 more are written. */
const heldBytes = (stride: number): number => HELD * (8 * CELL + stride) + 16;

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
 * numbers and exact, so that no order of additions shows. WASM adds them up if the room has space, packed if a packing is given.
 */
export class Histograms {
  /** Whether cells of rows and bins are packed. */
  readonly packed: boolean;
  /** Whether WASM adds them up, packed or as they are. */
  readonly inWasm: boolean;
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
  readonly #held: Uint8Array;
  readonly #packing: Packing;
  #count = 0;
  #fours = 0;

  /**
   * @param cells `[gradient, hessian, weight]` of every row, or room for them packed.
   * @param nodes Histograms that are needed at once.
   * @param packing `'wide'`: cells are added up as they are. Null: not in WASM, where rows or cells do not lie.
   */
  constructor(
    { columns, codes, stride }: BinnedRows,
    cells: Float64Array,
    nodes: number,
    packing: Packing | 'wide' | null,
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
    this.#held = room.uint8(packing === null ? 0 : heldBytes(stride));
    this.#packing = packing === null || packing === 'wide' ? { bits: 0, unit: 1 } : packing;
    const packed = packing !== null && packing !== 'wide';
    const ownSize = packed ? (size / CELL) * 2 : size;
    const free = packing === null ? [] : Array.from({ length: nodes }, () => room.float64(ownSize));
    const own = [codes, this.#places, this.#cuts, this.#unpacked, this.#held, ...free];
    this.inWasm = free.length > 0 && kernelsOf(cells, ...own) !== undefined;
    this.packed = this.inWasm && packed;
    this.#size = this.inWasm ? ownSize : size;
    if (this.inWasm) this.#free = free;
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
    const byteOf = (cell: number): number => (this.packed ? (16 * cell) / CELL : 8 * cell);
    const { size } = layout(this.#columns);
    const needed = new Set(Array.from(features, (feature) => Math.floor(feature / FOUR)));
    let at = 0;
    for (const four of needed) {
      this.#places[at++] = FOUR * four;
      for (let k = FOUR * four; k < FOUR * (four + 1); k++)
        this.#places[at++] = byteOf(k < length ? this.#offsets[k]! : size - CELL);
    }
    this.#fours = needed.size;
  }

  /** The histogram of `rows[from … to)`. */
  of(rows: Int32Array, from: number, to: number): Float64Array {
    const histogram = this.#free.pop()?.fill(0) ?? new Float64Array(this.#size);
    if (from === to || this.#count === 0) return histogram;
    const codes = this.#codes;
    const cells = this.#cells;
    if (!this.inWasm) {
      addRows(this.#columns, this.#offsets, this.#features.subarray(0, this.#count), cells, rows, from, to, histogram);
      return histogram;
    }
    const wasm = kernelsAt(cells.buffer)!;
    const addTo = this.packed ? wasm.addToHistograms : wasm.addToWideHistograms;
    addTo(
      codes.byteOffset,
      this.#stride,
      this.#places.byteOffset,
      this.#fours,
      rows.byteOffset + 4 * from,
      to - from,
      cells.byteOffset,
      histogram.byteOffset,
      this.#held.byteOffset,
    );
    return histogram;
  }

  /** `whole −= part`. */
  subtract(whole: Float64Array, part: Float64Array): void {
    const wasm = kernelsAt(whole.buffer);
    if (this.packed) wasm!.subtractAll(whole.byteOffset, part.byteOffset, this.#size / 2);
    else if (this.inWasm) wasm!.subtractWide(whole.byteOffset, part.byteOffset, this.#size);
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
