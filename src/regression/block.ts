/** Rows of a block: 128 rows × 24 columns of float64, and the same once more, stay in a second-level cache with room to spare. */
export const BLOCK = 128;

const TILE = 3;
/** So many columns with those of zeros that fill the last tile. */
export const strideOf = (columns: number): number => Math.ceil(columns / TILE) * TILE;

/**
 * A block of rows of a design, column after column in one buffer, with the sums that likelihoods need: `Σ_j weight·x`,
 * `Σ_i factor·x` and, over many blocks, the Gram matrix `Σ_i (root·x)ᵀ(root·x)`.
 *
 * The Gram matrix is most of the work of a fit. Its tidy form is `h[a][b] += (root[i] * x[a][i]) * (root[i] * x[b][i])`; here
 * the sums of a tile of 3 × 3 columns stay in registers, as many as a processor has, and all operands come from one
 * buffer, so that one address and one length do for all. Columns of zeros fill the last tile. Sums over rows are those of
 * even rows and those of odd ones, added at the end, as WASM sums both at once (gram.as.ts).
 */
export class Block {
  /** The columns, of {@link BLOCK} cells each, to be filled before each use. */
  readonly columns: readonly Float64Array[];
  /** The same, column after column. */
  readonly cells: Float64Array;
  readonly #weighted: Float64Array;
  readonly #stride: number;
  readonly #sums: Float64Array;
  readonly #weights: Float64Array;
  readonly #products: Float64Array;
  readonly #even = new Float64Array(TILE ** 2);
  readonly #odd = new Float64Array(TILE ** 2);

  constructor(columns: number) {
    this.#stride = strideOf(columns);
    this.cells = new Float64Array(this.#stride * BLOCK);
    this.#weighted = new Float64Array(this.#stride * BLOCK);
    this.#sums = new Float64Array(this.#stride ** 2);
    this.#weights = new Float64Array(this.#stride);
    this.#products = new Float64Array(this.#stride);
    this.columns = Array.from({ length: columns }, (_, j) => this.cells.subarray(j * BLOCK, (j + 1) * BLOCK));
  }

  /** `out[i] = Σ_j weights[j]·x_j[i]`. */
  combine(rows: number, weights: Float64Array, out: Float64Array): void {
    const own = this.#weights;
    for (let j = 0; j < this.columns.length; j++) own[j] = weights[j]!;
    out.fill(0, 0, rows);
    for (let j = 0; j < this.#stride; j += TILE) addThree(rows, this.cells, j * BLOCK, own, j, out);
  }

  /** `sums[j] += Σ_i factor[i]·x_j[i]`. */
  addProducts(rows: number, factor: Float64Array, sums: Float64Array): void {
    const own = this.#products;
    for (let j = 0; j < this.#stride; j += TILE) threeProducts(rows, this.cells, j * BLOCK, factor, own, j);
    for (let j = 0; j < this.columns.length; j++) sums[j] = sums[j]! + own[j]!;
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
      for (let b = 0; b <= a; b += TILE)
        addTile(rows, x, a * BLOCK, b * BLOCK, this.#sums, a * n + b, n, this.#even, this.#odd);
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
  even: Float64Array,
  odd: Float64Array,
): void {
  tile(0, rows, x, left, right, even);
  tile(1, rows, x, left, right, odd);
  for (let k = 0; k < TILE; k++)
    for (let l = 0; l < TILE; l++) {
      const place = at + k * stride + l;
      sums[place] = sums[place]! + (even[TILE * k + l]! + odd[TILE * k + l]!);
    }
}

/** The products of a tile over every second row. */
function tile(first: number, rows: number, x: Float64Array, left: number, right: number, out: Float64Array): void {
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
  for (let i = first; i < rows; i += 2) {
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
  out[0] = s00;
  out[1] = s01;
  out[2] = s02;
  out[3] = s10;
  out[4] = s11;
  out[5] = s12;
  out[6] = s20;
  out[7] = s21;
  out[8] = s22;
}

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
  const b = weights[j + 1]!;
  const c = weights[j + 2]!;
  for (let i = 0; i < rows; i++)
    out[i] = out[i]! + (a * x[(at + i) | 0]! + b * x[(at1 + i) | 0]! + c * x[(at2 + i) | 0]!);
}

function threeProducts(
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
  let d = 0;
  let e = 0;
  let g = 0;
  for (let i = 0; i + 1 < rows; i += 2) {
    const f = factor[i]!;
    a += f * x[(at + i) | 0]!;
    b += f * x[(at1 + i) | 0]!;
    c += f * x[(at2 + i) | 0]!;
    const h = factor[i + 1]!;
    d += h * x[(at + i + 1) | 0]!;
    e += h * x[(at1 + i + 1) | 0]!;
    g += h * x[(at2 + i + 1) | 0]!;
  }
  if (rows % 2 === 1) {
    const i = rows - 1;
    const f = factor[i]!;
    a += f * x[at + i]!;
    b += f * x[at1 + i]!;
    c += f * x[at2 + i]!;
  }
  sums[j] = a + d;
  sums[j + 1] = b + e;
  sums[j + 2] = c + g;
}
