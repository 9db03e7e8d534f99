import { kernelsOf, plainRoom, type Room, roomOf } from '../kernels/wasm/room.ts';
import { exp, log, log1p } from '../numerics/elementary.ts';
import { sigmoid } from '../numerics/sigmoid.ts';
import { BLOCK, Block, blockBytes } from './block.ts';
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
  slope(beta: Float64Array, gradient: Float64Array): number;
  /** η of every row. */
  predictor(beta: Float64Array): Float64Array;
  /**
   * Σ s sᵀ of the rows' scores s = w(y − p)x, added up within clusters first, row-major, both triangles: the middle of the
   * sandwich.
   */
  scores(beta: Float64Array, clusters?: Clusters): Float64Array;
}

/** The cluster of every row, 0 … count − 1. */
export interface Clusters {
  readonly codes: Int32Array;
  readonly count: number;
}

/** What is left beside the numbers of a design, or a room as large. */
function roomBeside({ room, width }: Design): Room {
  const needed = blockBytes(width + 1, 5);
  return room === plainRoom || room.left() >= needed ? room : roomOf(needed);
}

/**
 * Log-likelihood Σ w·(y·η − ln(1 + e^η)) of η = offset + β₀ + xβ, its gradient Σ w(y − p)x and its information
 * Σ w·p(1 − p)·xxᵀ, in one pass over blocks of the design.
 */
export function logisticLikelihood(
  { design, y, weight, offset }: LogisticProblem,
  room: Room = roomBeside(design),
): LogisticLikelihood {
  const size = design.width + 1;
  const block = new Block(size, room);
  block.columns[0]!.fill(1);
  const eta = room.float64(BLOCK);
  const residual = room.float64(BLOCK);
  const decay = room.float64(BLOCK);
  const product = room.float64(1);
  const outcomes = room.float64(BLOCK);
  const wasm = kernelsOf(eta, residual, decay, product, outcomes);
  let total = 0;
  let events = 0;
  for (let i = 0; i < design.rows; i++) {
    const w = weight === undefined ? 1 : weight[i]!;
    total += w;
    events += w * y[i]!;
  }

  const logOdds = log(events / (total - events));

  const load = (beta: Float64Array, from: number): number => {
    const rows = design.fillBlock(from, block.cells, BLOCK, block.places);
    block.combine(rows, beta, eta);
    if (offset !== undefined) for (let i = 0; i < rows; i++) eta[i] = eta[i]! + offset[from + i]!;
    return rows;
  };
  const unweightedTerms = (rows: number, from: number): number => {
    if (!wasm) return plainTerms(rows, from, eta, y, residual, decay, product);
    for (let i = 0; i < rows; i++) outcomes[i] = y[from + i]!;
    return wasm.logisticTerms(
      eta.byteOffset,
      rows,
      outcomes.byteOffset,
      residual.byteOffset,
      decay.byteOffset,
      product.byteOffset,
    );
  };
  /** Leaves the residuals in `residual` and e^−|η| in `decay`; returns the log-likelihood. */
  const rowTerms = (rows: number, from: number): number =>
    weight === undefined
      ? unweightedTerms(rows, from) - log(product[0]!)
      : weightedTerms(rows, from, eta, y, weight, residual, decay);
  const roots = (rows: number, from: number): void => {
    if (wasm && weight === undefined) {
      wasm.logisticRoots(decay.byteOffset, rows);
      return;
    }
    for (let i = 0; i < rows; i++) {
      const e = decay[i]!;
      decay[i] = Math.sqrt(weight === undefined ? e : weight[from + i]! * e) / (1 + e);
    }
  };

  return {
    size,
    total,
    start: offset === undefined ? logOdds : shiftedIntercept(logOdds, y, weight, offset),
    slope(beta, gradient) {
      gradient.fill(0);
      let ll = 0;
      for (let from = 0; from < design.rows; from += BLOCK) {
        const rows = load(beta, from);
        ll += rowTerms(rows, from);
        block.addProducts(rows, residual, gradient);
      }
      return ll;
    },
    evaluate(beta, gradient, hessian) {
      gradient.fill(0);
      block.clearGram();
      let ll = 0;
      for (let from = 0; from < design.rows; from += BLOCK) {
        const rows = load(beta, from);
        ll += rowTerms(rows, from);
        block.addProducts(rows, residual, gradient);
        roots(rows, from);
        block.addGram(rows, decay);
      }
      for (let a = 0; a < size; a++) for (let b = 0; b <= a; b++) hessian[a * size + b] = block.gram(a, b);
      return ll;
    },
    predictor(beta) {
      const out = new Float64Array(design.rows);
      for (let from = 0; from < design.rows; from += BLOCK) out.set(eta.subarray(0, load(beta, from)), from);
      return out;
    },
    scores(beta, clusters) {
      block.clearGram();
      if (clusters === undefined)
        for (let from = 0; from < design.rows; from += BLOCK) {
          const rows = load(beta, from);
          rowTerms(rows, from);
          block.addGram(rows, residual);
        }
      else {
        const { codes, count } = clusters;
        const sums = new Float64Array(count * size);
        const own = new Block(size);
        own.columns[0]!.fill(1);
        for (let from = 0; from < design.rows; from += BLOCK) {
          const rows = load(beta, from);
          rowTerms(rows, from);
          design.fillBlock(from, own.cells, BLOCK);
          for (let j = 0; j < size; j++) {
            const x = own.columns[j]!;
            for (let i = 0; i < rows; i++) {
              const at = codes[from + i]! * size + j;
              sums[at] = sums[at]! + residual[i]! * x[i]!;
            }
          }
        }
        residual.fill(1);
        for (let from = 0; from < count; from += BLOCK) {
          const rows = Math.min(BLOCK, count - from);
          for (let j = 0; j < size; j++)
            for (let i = 0; i < rows; i++) own.columns[j]![i] = sums[(from + i) * size + j]!;
          own.addGram(rows, residual);
        }
        return gramOf(own, size);
      }
      return gramOf(block, size);
    },
  };
}

/** Both triangles, row-major. */
function gramOf(block: Block, size: number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, at) => {
    const a = Math.floor(at / size);
    const b = at % size;
    return block.gram(Math.max(a, b), Math.min(a, b));
  });
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
  let ll = 0;
  for (let i = 0; i < rows; i++) {
    const z = eta[i]!;
    const e = exp(-Math.abs(z));
    const hit = y[(from + i) | 0]!;
    const own = weight[(from + i) | 0]!;
    ll += own * (hit * z - (z > 0 ? z : 0) - log1p(e));
    residual[i] = own * (hit - (z < 0 ? e : 1) / (1 + e));
    decay[i] = e;
  }
  return ll;
}

/** The intercept of the model without features: the root of Σ w(y − p) over known offsets, kept inside a bracket. */
function shiftedIntercept(
  logOdds: number,
  y: Float64Array,
  weight: Float64Array | undefined,
  offset: Float64Array,
): number {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const o of offset) {
    least = Math.min(least, o);
    most = Math.max(most, o);
  }
  // With every offset equal to the least or to the most, the root would be at an end.
  let low = logOdds - most;
  let high = logOdds - least;
  let at = Math.min(high, Math.max(low, logOdds));
  for (let iteration = 0; iteration < 100; iteration++) {
    let slope = 0;
    let curvature = 0;
    for (let i = 0; i < y.length; i++) {
      const w = weight === undefined ? 1 : weight[i]!;
      const p = sigmoid(at + offset[i]!);
      slope += w * (y[i]! - p);
      curvature += w * p * (1 - p);
    }
    if (slope > 0) low = at;
    else high = at;
    const newton = at + slope / curvature;
    const next = newton >= low && newton <= high ? newton : (low + high) / 2;
    if (Math.abs(next - at) <= 1e-14 * (1 + Math.abs(at))) return next;
    at = next;
  }
  return at;
}
