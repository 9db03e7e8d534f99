import { exp, log, log1p } from '../numerics/elementary.ts';
import { BLOCK, Block } from './block.ts';
import type { Design } from './design.ts';
import { GRADIENT, INFORMATION, type LogisticRows, SCORES } from './logistic-blocks.ts';

/** The cluster of every row, 0 … count − 1. */
export interface Clusters {
  readonly codes: Int32Array;
  readonly count: number;
}

/** Passes over the rows of a design, block by block: the twin of LogisticBlocks, with the same bits, and what only it has. */
export class PlainBlocks {
  readonly #design: Design;
  readonly #block: Block;
  readonly #gradient: Float64Array;
  readonly #eta = new Float64Array(BLOCK);
  readonly #residual = new Float64Array(BLOCK);
  readonly #decay = new Float64Array(BLOCK);
  readonly #product = new Float64Array(1);

  constructor(design: Design) {
    this.#design = design;
    this.#block = new Block(design.width + 1);
    this.#block.columns[0]!.fill(1);
    this.#gradient = new Float64Array(design.width + 1);
  }

  /** See LogisticBlocks. */
  pass(beta: Float64Array, rows: LogisticRows, sums: number, every: number): number {
    const residual = this.#residual;
    const decay = this.#decay;
    const block = this.#block;
    if (sums & GRADIENT) this.#gradient.fill(0);
    if (sums & (INFORMATION | SCORES)) block.clearGram();
    let ll = 0;
    for (let from = 0; from < this.#design.rows; from += every * BLOCK) {
      const count = this.#load(beta, rows, from);
      ll += this.#terms(count, rows, from);
      if (sums & GRADIENT) block.addProducts(count, residual, this.#gradient);
      if (sums & INFORMATION) {
        roots(decay, count, rows.weight, from);
        block.addGram(count, decay);
      }
      if (sums & SCORES) block.addGram(count, residual);
    }
    return ll;
  }

  gradient(out: Float64Array): void {
    out.set(this.#gradient);
  }

  gram(out: Float64Array): void {
    lowerTriangle(this.#block, out);
  }

  /** η of every row. */
  predictor(beta: Float64Array, rows: LogisticRows): Float64Array {
    const out = new Float64Array(this.#design.rows);
    for (let from = 0; from < out.length; from += BLOCK)
      out.set(this.#eta.subarray(0, this.#load(beta, rows, from)), from);
    return out;
  }

  /** Writes the lower triangle of Σ s sᵀ, of scores that are added up within clusters first. */
  clusterScores(beta: Float64Array, rows: LogisticRows, { codes, count }: Clusters, out: Float64Array): void {
    const block = this.#block;
    const residual = this.#residual;
    const size = block.columns.length;
    const sums = new Float64Array(count * size);
    for (let from = 0; from < this.#design.rows; from += BLOCK) {
      const some = this.#load(beta, rows, from);
      this.#terms(some, rows, from);
      for (let j = 0; j < size; j++) addScores(some, residual, block.columns[j]!, codes, from, sums, j, size);
    }
    const own = new Block(size);
    const ones = new Float64Array(BLOCK).fill(1);
    for (let from = 0; from < count; from += BLOCK) {
      const some = Math.min(BLOCK, count - from);
      for (let j = 0; j < size; j++) for (let i = 0; i < some; i++) own.columns[j]![i] = sums[(from + i) * size + j]!;
      own.addGram(some, ones);
    }
    lowerTriangle(own, out);
  }

  #load(beta: Float64Array, { offset }: LogisticRows, from: number): number {
    const eta = this.#eta;
    const rows = this.#design.fillBlock(from, this.#block.cells, BLOCK);
    this.#block.combine(rows, beta, eta);
    if (offset !== undefined) for (let i = 0; i < rows; i++) eta[i] = eta[i]! + offset[from + i]!;
    return rows;
  }

  /** Leaves the residuals in `residual` and e^−|η| in `decay`; returns the log-likelihood. */
  #terms(count: number, { y, weight }: LogisticRows, from: number): number {
    if (weight !== undefined) return weightedTerms(count, from, this.#eta, y, weight, this.#residual, this.#decay);
    const linear = plainTerms(count, from, this.#eta, y, this.#residual, this.#decay, this.#product);
    return linear - log(this.#product[0]!);
  }
}

function lowerTriangle(block: Block, out: Float64Array): void {
  const size = block.columns.length;
  for (let a = 0; a < size; a++) for (let b = 0; b <= a; b++) out[a * size + b] = block.gram(a, b);
}

/** √(w·e)/(1 + e) in place. */
function roots(decay: Float64Array, rows: number, weight: Float64Array | undefined, from: number): void {
  for (let i = 0; i < rows; i++) {
    const e = decay[i]!;
    decay[i] = Math.sqrt(weight === undefined ? e : weight[from + i]! * e) / (1 + e);
  }
}

function addScores(
  rows: number,
  residual: Float64Array,
  x: Float64Array,
  codes: Int32Array,
  from: number,
  sums: Float64Array,
  j: number,
  size: number,
): void {
  for (let i = 0; i < rows; i++) {
    const at = codes[from + i]! * size + j;
    sums[at] = sums[at]! + residual[i]! * x[i]!;
  }
}

/**
 * What of the log-likelihood is linear in η; the rest is the logarithm of Π(1 + e^−|η|), below 2^128, which is left in `product`.
 * Even and odd rows are summed apart.
 */
function plainTerms(
  rows: number,
  from: number,
  eta: Float64Array,
  y: Float64Array,
  residual: Float64Array,
  decay: Float64Array,
  product: Float64Array,
): number {
  let even = 0;
  let odd = 0;
  let evens = 1;
  let odds = 1;
  for (let i = 0; i < rows; i++) {
    const z = eta[i]!;
    const e = exp(-Math.abs(z));
    const both = 1 + e;
    const hit = y[(from + i) | 0]!;
    const linear = hit * z - (z > 0 ? z : 0);
    residual[i] = hit - (z < 0 ? e : 1) / both;
    decay[i] = e;
    if (i % 2 === 0) {
      evens *= both;
      even += linear;
    } else {
      odds *= both;
      odd += linear;
    }
  }
  product[0] = evens * odds;
  return even + odd;
}

function weightedTerms(
  rows: number,
  from: number,
  eta: Float64Array,
  y: Float64Array,
  weight: Float64Array,
  residual: Float64Array,
  decay: Float64Array,
): number {
  let even = 0;
  let odd = 0;
  for (let i = 0; i < rows; i++) {
    const z = eta[i]!;
    const e = exp(-Math.abs(z));
    const hit = y[(from + i) | 0]!;
    const own = weight[(from + i) | 0]!;
    const term = own * (hit * z - (z > 0 ? z : 0) - log1p(e));
    if (i % 2 === 0) even += term;
    else odd += term;
    residual[i] = own * (hit - (z < 0 ? e : 1) / (1 + e));
    decay[i] = e;
  }
  return even + odd;
}
