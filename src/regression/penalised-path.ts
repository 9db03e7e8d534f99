import type { FitStatus } from '../model/contract.ts';
import { exp, log } from '../numerics/elementary.ts';
import { type ElasticNetPenalty, elasticNetSolver } from './elastic-net.ts';
import type { Likelihood } from './newton.ts';

/** The solutions at one strength of the penalty. */
export interface PathPoint {
  readonly lambda: number;
  readonly status: FitStatus;
  /** On scaled columns. */
  readonly beta: Float64Array;
  readonly logLikelihood: number;
  readonly iterations: number;
  readonly violation: number;
  /** Coefficients that are not 0, the intercept aside. */
  readonly df: number;
}

/**
 * The penalty `total·λ·Σ f_j·(mix·|β_j| + (1 − mix)/2·f_j·β_j²)`. `factor` is 1, or 1/scale where the penalty is meant for the
 * raw columns.
 */
export function elasticNetPenalty(lambda: number, mix: number, total: number, factor: Float64Array): ElasticNetPenalty {
  return {
    l1: factor.map((f) => total * lambda * mix * f),
    l2: factor.map((f) => total * lambda * (1 - mix) * f * f),
  };
}

/** Solutions for decreasing λ, each starting from the one before. */
export function penalisedPath(
  likelihood: Likelihood,
  lambdas: readonly number[],
  options: {
    readonly mix: number;
    readonly factor: Float64Array;
    readonly tolerance: number;
    readonly maxIterations: number;
  },
): readonly PathPoint[] {
  const solve = elasticNetSolver(likelihood);
  let beta: Float64Array = new Float64Array(likelihood.size);
  beta[0] = likelihood.start;
  return lambdas.map((lambda) => {
    const penalty = elasticNetPenalty(lambda, options.mix, likelihood.total, options.factor);
    const fit = solve(penalty, beta, options.tolerance, options.maxIterations);
    beta = fit.beta;
    return { lambda, ...fit, df: fit.beta.reduce((count, b, j) => count + (j > 0 && b !== 0 ? 1 : 0), 0) };
  });
}

/** The smallest λ at which every coefficient is 0. A `mix` below .001 counts as .001, as there is none for a ridge. */
export function largestLambda(likelihood: Likelihood, mix: number, factor: Float64Array): number {
  const n = likelihood.size;
  const beta = new Float64Array(n);
  beta[0] = likelihood.start;
  const gradient = new Float64Array(n);
  if (likelihood.slope) likelihood.slope(beta, gradient);
  else likelihood.evaluate(beta, gradient, new Float64Array(n * n));
  let most = 0;
  for (let j = 1; j < n; j++) most = Math.max(most, Math.abs(gradient[j]!) / factor[j]!);
  return most / (likelihood.total * Math.max(mix, 0.001));
}

/** `count` values from `largest` down to `largest·ratio`, evenly spaced on the log scale. */
export function lambdaSequence(largest: number, count: number, ratio: number): readonly number[] {
  const step = count > 1 ? log(ratio) / (count - 1) : 0;
  return Array.from({ length: count }, (_, k) => (k === 0 ? largest : largest * exp(k * step)));
}
