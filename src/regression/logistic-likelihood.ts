import { exp, log, log1p } from '../numerics/elementary.ts';
import { BLOCK, Block } from './block.ts';
import type { Design } from './design.ts';
import type { Likelihood } from './newton.ts';

/** Outcomes 0 or 1 for the rows of a design, with optional observation weights and offsets on the log-odds scale. */
export interface LogisticProblem {
  readonly design: Design;
  readonly y: Float64Array;
  readonly weight?: Float64Array | undefined;
  readonly offset?: Float64Array | undefined;
}

export interface LogisticLikelihood extends Likelihood {
  /** η of every row. */
  predictor(beta: Float64Array): Float64Array;
  /** Σ s sᵀ of the rows' scores s = w(y − p)x, row-major, both triangles: the middle of the sandwich. */
  scores(beta: Float64Array): Float64Array;
}

/**
 * Log-likelihood Σ w·(y·η − ln(1 + e^η)) of η = offset + β₀ + xβ, its gradient Σ w(y − p)x and its information
 * Σ w·p(1 − p)·xxᵀ, in one pass over blocks of the design.
 */
export function logisticLikelihood({ design, y, weight, offset }: LogisticProblem): LogisticLikelihood {
  const size = design.width + 1;
  const block = new Block(size);
  block.columns[0]!.fill(1);
  const features = block.columns.slice(1);
  const eta = new Float64Array(BLOCK);
  const residual = new Float64Array(BLOCK);
  const root = new Float64Array(BLOCK);
  let total = 0;
  let events = 0;
  for (let i = 0; i < design.rows; i++) {
    const w = weight === undefined ? 1 : weight[i]!;
    total += w;
    events += w * y[i]!;
  }

  const load = (beta: Float64Array, from: number): number => {
    const rows = Math.min(BLOCK, design.rows - from);
    design.fill(from, rows, features);
    block.combine(rows, beta, eta);
    if (offset !== undefined) for (let i = 0; i < rows; i++) eta[i] = eta[i]! + offset[from + i]!;
    return rows;
  };
  // A block's Π(1 + e^−|η|) stays below 2^128, so that one logarithm serves its rows.
  const unweighted = (rows: number, from: number): number => {
    let product = 1;
    let linear = 0;
    for (let i = 0; i < rows; i++) {
      const z = eta[i]!;
      const e = exp(-Math.abs(z));
      const odds = 1 + e;
      const p = (z < 0 ? e : 1) / odds;
      const hit = y[from + i]!;
      product *= odds;
      linear += hit * z - (z > 0 ? z : 0);
      residual[i] = hit - p;
      root[i] = Math.sqrt(e) / odds;
    }
    return linear - log(product);
  };
  const weighted = (rows: number, from: number, w: Float64Array): number => {
    let ll = 0;
    for (let i = 0; i < rows; i++) {
      const z = eta[i]!;
      const e = exp(-Math.abs(z));
      const odds = 1 + e;
      const hit = y[from + i]!;
      const own = w[from + i]!;
      ll += own * (hit * z - (z > 0 ? z : 0) - log1p(e));
      residual[i] = own * (hit - (z < 0 ? e : 1) / odds);
      root[i] = Math.sqrt(own * e) / odds;
    }
    return ll;
  };
  const rowTerms = (rows: number, from: number): number =>
    weight === undefined ? unweighted(rows, from) : weighted(rows, from, weight);

  return {
    size,
    total,
    start: log(events / (total - events)),
    evaluate(beta, gradient, hessian) {
      gradient.fill(0);
      block.clearGram();
      let ll = 0;
      for (let from = 0; from < design.rows; from += BLOCK) {
        const rows = load(beta, from);
        ll += rowTerms(rows, from);
        block.addProducts(rows, residual, gradient);
        block.addGram(rows, root);
      }
      for (let a = 0; a < size; a++) for (let b = 0; b <= a; b++) hessian[a * size + b] = block.gram(a, b);
      return ll;
    },
    predictor(beta) {
      const out = new Float64Array(design.rows);
      for (let from = 0; from < design.rows; from += BLOCK) out.set(eta.subarray(0, load(beta, from)), from);
      return out;
    },
    scores(beta) {
      block.clearGram();
      for (let from = 0; from < design.rows; from += BLOCK) {
        const rows = load(beta, from);
        rowTerms(rows, from);
        block.addGram(rows, residual);
      }
      return Float64Array.from({ length: size * size }, (_, at) => {
        const a = Math.floor(at / size);
        const b = at % size;
        return block.gram(Math.max(a, b), Math.min(a, b));
      });
    },
  };
}
