import type { BinnedColumn } from './binned-data.ts';

/** Cells per bin: gradient, hessian, weight. */
export const CELL = 3;

/** Where each feature's bins begin in a histogram; its nulls have the last one. */
export function layout(columns: readonly BinnedColumn[]): { readonly offsets: Int32Array; readonly size: number } {
  const offsets = new Int32Array(columns.length);
  let size = 0;
  columns.forEach(({ bins }, f) => {
    offsets[f] = size;
    size += CELL * (bins + 1);
  });
  return { offsets, size };
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

/** `whole −= part`. */
export function subtract(whole: Float64Array, part: Float64Array): void {
  for (let k = 0; k < whole.length; k++) whole[k] = whole[k]! - part[k]!;
}
