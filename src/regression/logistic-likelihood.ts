import { log } from '../numerics/elementary.ts';
import { sigmoid } from '../numerics/sigmoid.ts';
import { BLOCK } from './block.ts';
import type { Design } from './design.ts';
import { GRADIENT, INFORMATION, LogisticBlocks, type LogisticRows, SCORES } from './logistic-blocks.ts';
import type { Likelihood } from './newton.ts';
import { type Clusters, PlainBlocks } from './plain-blocks.ts';

export type { Clusters } from './plain-blocks.ts';

/** Outcomes 0 or 1 for the rows of a design, with optional observation weights and offsets on the log-odds scale. */
export interface LogisticProblem extends LogisticRows {
  readonly design: Design;
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

/** Rows per coefficient that a sample has at least, and blocks of which it has one at least. */
const SAMPLED = 200;
const MOST_BLOCKS = 8;

/**
 * Log-likelihood Σ w·(y·η − ln(1 + e^η)) of η = offset + β₀ + xβ, its gradient Σ w(y − p)x and its information
 * Σ w·p(1 − p)·xxᵀ, in one pass over blocks of the design: in WASM where `fast` has it, else by the loops below.
 */
export function logisticLikelihood(
  problem: LogisticProblem,
  fast: LogisticBlocks | null = LogisticBlocks.of(problem.design),
): LogisticLikelihood {
  const { design, y, weight, offset } = problem;
  const size = design.width + 1;
  const { total, events } = totals(y, weight);
  const logOdds = log(events / (total - events));
  let made: PlainBlocks | undefined;
  const plain = (): PlainBlocks => {
    made ??= new PlainBlocks(design);
    return made;
  };
  /** Of every `every`-th block. */
  const evaluate = (beta: Float64Array, gradient: Float64Array, information: Float64Array, every: number): number => {
    const blocks = fast ?? plain();
    const ll = blocks.pass(beta, problem, GRADIENT | INFORMATION, every);
    blocks.gradient(gradient);
    blocks.gram(information);
    return ll;
  };
  const every = Math.min(MOST_BLOCKS, Math.floor(design.rows / (SAMPLED * size)));
  const sampled = every < 2 ? 0 : sampleTotal(y, weight, every);

  return {
    size,
    total,
    start: offset === undefined ? logOdds : shiftedIntercept(logOdds, y, weight, offset),
    slope(beta, gradient) {
      const blocks = fast ?? plain();
      const ll = blocks.pass(beta, problem, GRADIENT, 1);
      blocks.gradient(gradient);
      return ll;
    },
    evaluate: (beta, gradient, information) => evaluate(beta, gradient, information, 1),
    sample:
      sampled > 0
        ? {
            factor: total / sampled,
            evaluate: (beta, gradient, information) => evaluate(beta, gradient, information, every),
          }
        : undefined,
    predictor: (beta) => plain().predictor(beta, problem),
    scores(beta, clusters) {
      const out = new Float64Array(size * size);
      if (clusters !== undefined) plain().clusterScores(beta, problem, clusters, out);
      else {
        const blocks = fast ?? plain();
        blocks.pass(beta, problem, SCORES, 1);
        blocks.gram(out);
      }
      for (let a = 0; a < size; a++) for (let b = 0; b < a; b++) out[b * size + a] = out[a * size + b]!;
      return out;
    },
  };
}

/** Sum of the weights, and of those of events. */
export function totals(
  y: Float64Array,
  weight: Float64Array | undefined,
): { readonly total: number; readonly events: number } {
  let total = 0;
  let events = 0;
  for (let i = 0; i < y.length; i++) {
    const w = weight === undefined ? 1 : weight[i]!;
    total += w;
    events += w * y[i]!;
  }
  return { total, events };
}

/** Sum of the weights of every `every`-th block. */
function sampleTotal(y: Float64Array, weight: Float64Array | undefined, every: number): number {
  let total = 0;
  for (let from = 0; from < y.length; from += every * BLOCK) {
    const to = Math.min(from + BLOCK, y.length);
    if (weight === undefined) total += to - from;
    else for (let i = from; i < to; i++) total += weight[i]!;
  }
  return total;
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
