/** Rows of a block: 128 rows × 24 columns of float64, and the same once more, stay in a second-level cache with room to spare. */
export const BLOCK = 128;

const TILE = 3;

/**
 * A block of rows of a design, column after column in one buffer, with the sums that likelihoods need: `Σ_j weight·x`,
 * `Σ_i factor·x` and, over many blocks, the Gram matrix `Σ_i (root·x)ᵀ(root·x)`.
 *
 * The Gram matrix is most of the work of a fit. Its tidy form is `h[a][b] += (root[i] * x[a][i]) * (root[i] * x[b][i])`; here
 * the sums of a tile of 3 × 3 columns stay in registers, as many as a processor has, and all operands come from one
 * buffer, so that one address and one length do for all. Columns of zeros fill the last tile.
 */
export class Block {
  /** The columns, of {@link BLOCK} cells each, to be filled before each use. */
  readonly columns: readonly Float64Array[];
  /** The same, column after column. */
  readonly cells: Float64Array;
  readonly #weighted: Float64Array;
  readonly #stride: number;
  readonly #sums: Float64Array;

  constructor(columns: number) {
    this.#stride = Math.ceil(columns / TILE) * TILE;
    this.cells = new Float64Array(this.#stride * BLOCK);
    this.#weighted = new Float64Array(this.#stride * BLOCK);
    this.#sums = new Float64Array(this.#stride ** 2);
    this.columns = Array.from({ length: columns }, (_, j) => this.cells.subarray(j * BLOCK, (j + 1) * BLOCK));
  }

  /** `out[i] = Σ_j weights[j]·x_j[i]`. */
  combine(rows: number, weights: Float64Array, out: Float64Array): void {
    out.fill(0, 0, rows);
    for (let j = 0; j < this.#stride; j += TILE) addThree(rows, this.cells, j * BLOCK, weights, j, out);
  }

  /** `sums[j] += Σ_i factor[i]·x_j[i]`. */
  addProducts(rows: number, factor: Float64Array, sums: Float64Array): void {
    for (let j = 0; j < this.#stride; j += TILE) addThreeProducts(rows, this.cells, j * BLOCK, factor, sums, j);
  }

  clearGram(): void {
    this.#sums.fill(0);
  }

  /** Adds the rows of the block, each times its root of the weight, to the Gram matrix. */
  addGram(rows: number, root: Float64Array): void {
    const x = this.#weighted;
    const n = this.#stride;
    for (let j = 0; j < n; j++) multiply(rows, this.cells, j * BLOCK, root, x);
    for (let a = 0; a < n; a += TILE)
      for (let b = 0; b <= a; b += TILE) addTile(rows, x, a * BLOCK, b * BLOCK, this.#sums, a * n + b, n);
  }

  /** Element (a, b) of the Gram matrix, a ≥ b. */
  gram(a: number, b: number): number {
    return this.#sums[a * this.#stride + b]!;
  }
}

// In the loops below `| 0` says that an index is a small integer, which spares a check for overflow.

function multiply(rows: number, x: Float64Array, at: number, factor: Float64Array, out: Float64Array): void {
  for (let i = 0; i < rows; i++) out[(at + i) | 0] = factor[i]! * x[(at + i) | 0]!;
}

function addTile(
  rows: number,
  x: Float64Array,
  left: number,
  right: number,
  sums: Float64Array,
  at: number,
  stride: number,
): void {
  const left1 = (left + BLOCK) | 0;
  const left2 = (left1 + BLOCK) | 0;
  const right1 = (right + BLOCK) | 0;
  const right2 = (right1 + BLOCK) | 0;
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
    const p = x[(left + i) | 0]!;
    const q = x[(left1 + i) | 0]!;
    const r = x[(left2 + i) | 0]!;
    const a = x[(right + i) | 0]!;
    const b = x[(right1 + i) | 0]!;
    const c = x[(right2 + i) | 0]!;
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

// Beyond the last column there are zeros, with weights and sums that are not there.

function addThree(
  rows: number,
  x: Float64Array,
  at: number,
  weights: Float64Array,
  j: number,
  out: Float64Array,
): void {
  const at1 = (at + BLOCK) | 0;
  const at2 = (at1 + BLOCK) | 0;
  const a = weights[j]!;
  const b = j + 1 < weights.length ? weights[j + 1]! : 0;
  const c = j + 2 < weights.length ? weights[j + 2]! : 0;
  for (let i = 0; i < rows; i++)
    out[i] = out[i]! + (a * x[(at + i) | 0]! + b * x[(at1 + i) | 0]! + c * x[(at2 + i) | 0]!);
}

function addThreeProducts(
  rows: number,
  x: Float64Array,
  at: number,
  factor: Float64Array,
  sums: Float64Array,
  j: number,
): void {
  const at1 = (at + BLOCK) | 0;
  const at2 = (at1 + BLOCK) | 0;
  let a = 0;
  let b = 0;
  let c = 0;
  for (let i = 0; i < rows; i++) {
    const f = factor[i]!;
    a += f * x[(at + i) | 0]!;
    b += f * x[(at1 + i) | 0]!;
    c += f * x[(at2 + i) | 0]!;
  }
  sums[j] = sums[j]! + a;
  if (j + 1 < sums.length) sums[j + 1] = sums[j + 1]! + b;
  if (j + 2 < sums.length) sums[j + 2] = sums[j + 2]! + c;
}
