/** Rows that are held at once: 256 rows × 24 columns of float64 fit a second-level cache with room to spare. */
export const BLOCK = 256;

const TILE = 3;

/**
 * Accumulates `Σ weight·xᵀx` over blocks of columns. The tidy form is `h[a][b] += weight[i] * x[a][i] * x[b][i]`; here the
 * sums of a tile of 3 × 3 columns stay in registers, as many as a processor has. Columns of zeros fill the last tile.
 */
export class Gram {
  readonly #columns: readonly Float64Array[];
  readonly #weighted: readonly Float64Array[];
  readonly #stride: number;
  readonly #sums: Float64Array;

  /** `columns` are the block's buffers, of {@link BLOCK} cells, refilled by the caller for every block. */
  constructor(columns: readonly Float64Array[]) {
    this.#stride = Math.ceil(columns.length / TILE) * TILE;
    const padding = Array.from({ length: this.#stride - columns.length }, () => new Float64Array(BLOCK));
    this.#columns = [...columns, ...padding];
    this.#weighted = this.#columns.map(() => new Float64Array(BLOCK));
    this.#sums = new Float64Array(this.#stride ** 2);
  }

  clear(): void {
    this.#sums.fill(0);
  }

  add(rows: number, weight: Float64Array): void {
    const x = this.#columns;
    const wx = this.#weighted;
    const n = this.#stride;
    for (let j = 0; j < n; j++) multiply(rows, weight, x[j]!, wx[j]!);
    for (let a = 0; a < n; a += TILE)
      for (let b = 0; b <= a; b += TILE)
        addTile(rows, wx[a]!, wx[a + 1]!, wx[a + 2]!, x[b]!, x[b + 1]!, x[b + 2]!, this.#sums, a * n + b, n);
  }

  /** Element (a, b) of the sum, a ≥ b. */
  at(a: number, b: number): number {
    return this.#sums[a * this.#stride + b]!;
  }
}

function multiply(rows: number, a: Float64Array, b: Float64Array, out: Float64Array): void {
  for (let i = 0; i < rows; i++) out[i] = a[i]! * b[i]!;
}

function addTile(
  rows: number,
  x0: Float64Array,
  x1: Float64Array,
  x2: Float64Array,
  y0: Float64Array,
  y1: Float64Array,
  y2: Float64Array,
  sums: Float64Array,
  at: number,
  stride: number,
): void {
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s20 = 0;
  let s21 = 0;
  let s22 = 0;
  for (let i = 0; i < rows; i++) {
    const p = x0[i]!;
    const q = x1[i]!;
    const r = x2[i]!;
    const a = y0[i]!;
    const b = y1[i]!;
    const c = y2[i]!;
    s00 += p * a;
    s01 += p * b;
    s02 += p * c;
    s10 += q * a;
    s11 += q * b;
    s12 += q * c;
    s20 += r * a;
    s21 += r * b;
    s22 += r * c;
  }
  const second = at + stride;
  const third = second + stride;
  sums[at] = sums[at]! + s00;
  sums[at + 1] = sums[at + 1]! + s01;
  sums[at + 2] = sums[at + 2]! + s02;
  sums[second] = sums[second]! + s10;
  sums[second + 1] = sums[second + 1]! + s11;
  sums[second + 2] = sums[second + 2]! + s12;
  sums[third] = sums[third]! + s20;
  sums[third + 1] = sums[third + 1]! + s21;
  sums[third + 2] = sums[third + 2]! + s22;
}

/** `out = Σ weights[j]·columns[j]` for the first `rows` cells, four columns per pass. */
export function combine(
  rows: number,
  columns: readonly Float64Array[],
  weights: Float64Array,
  out: Float64Array,
): void {
  out.fill(0, 0, rows);
  let j = 0;
  for (; j + 4 <= columns.length; j += 4)
    addFour(rows, columns[j]!, columns[j + 1]!, columns[j + 2]!, columns[j + 3]!, weights, j, out);
  for (; j < columns.length; j++) {
    const a = columns[j]!;
    const w = weights[j]!;
    for (let i = 0; i < rows; i++) out[i] = out[i]! + w * a[i]!;
  }
}

function addFour(
  rows: number,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  d: Float64Array,
  weights: Float64Array,
  j: number,
  out: Float64Array,
): void {
  const wa = weights[j]!;
  const wb = weights[j + 1]!;
  const wc = weights[j + 2]!;
  const wd = weights[j + 3]!;
  for (let i = 0; i < rows; i++) out[i] = out[i]! + wa * a[i]! + wb * b[i]! + wc * c[i]! + wd * d[i]!;
}

/** `sums[j] += Σ_i factor[i]·columns[j][i]`, four columns per pass. */
export function addProducts(
  rows: number,
  columns: readonly Float64Array[],
  factor: Float64Array,
  sums: Float64Array,
): void {
  let j = 0;
  for (; j + 4 <= columns.length; j += 4)
    fourProducts(rows, columns[j]!, columns[j + 1]!, columns[j + 2]!, columns[j + 3]!, factor, sums, j);
  for (; j < columns.length; j++) {
    const a = columns[j]!;
    let s = 0;
    for (let i = 0; i < rows; i++) s += factor[i]! * a[i]!;
    sums[j] = sums[j]! + s;
  }
}

function fourProducts(
  rows: number,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  d: Float64Array,
  factor: Float64Array,
  sums: Float64Array,
  j: number,
): void {
  let sa = 0;
  let sb = 0;
  let sc = 0;
  let sd = 0;
  for (let i = 0; i < rows; i++) {
    const f = factor[i]!;
    sa += f * a[i]!;
    sb += f * b[i]!;
    sc += f * c[i]!;
    sd += f * d[i]!;
  }
  sums[j] = sums[j]! + sa;
  sums[j + 1] = sums[j + 1]! + sb;
  sums[j + 2] = sums[j + 2]! + sc;
  sums[j + 3] = sums[j + 3]! + sd;
}
