import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { exp, log1p } from '../../numerics/elementary.ts';
import type { Design } from '../../regression/design.ts';
import { type LogisticProblem, logisticLikelihood } from '../../regression/logistic-likelihood.ts';
import type { Likelihood } from '../../regression/newton.ts';
import { lambdaSequence, largestLambda, penalisedPath } from '../../regression/penalised-path.ts';
import type { PenaltyCrossValidation } from '../../regression/report.ts';
import { usedGroups } from '../../validation/groups.ts';
import { dealFolds } from '../../validation/stratified.ts';
import type { CrossValidatedPenalty } from './options.ts';
import type { LogisticData } from './problem.ts';

// The error of a held-out deviance is of this order, far below its standard error.
const FOLD_TOLERANCE = 1e-8;
const STEPS = 100;

/** 1 per column, or 1/scale where the penalty is meant for raw columns; 0 for the intercept. */
export function penaltyFactor({ columns, width }: Design, standardise: boolean): Float64Array {
  const factor = new Float64Array(width + 1);
  columns.forEach(({ scale }, j) => {
    factor[j + 1] = standardise ? 1 : 1 / scale;
  });
  return factor;
}

/** glmnet's sequence: 100 penalties from the smallest that leaves no column, down to 1e-4 of it (.01 with fewer rows than columns). */
export function defaultLambdas(
  likelihood: Likelihood,
  rows: number,
  mix: number,
  factor: Float64Array,
  count = 100,
  ratio: number = rows > likelihood.size ? 1e-4 : 0.01,
): readonly number[] {
  const largest = largestLambda(likelihood, mix, factor);
  return largest > 0 ? lambdaSequence(largest, count, ratio) : [1];
}

/** Deals rows to folds, groups as a whole, and finds the λ that predicts the rows of each fold best from the others. */
export function crossValidatePenalty(
  data: Columns,
  problem: LogisticData,
  { folds = 10, seed = 1, mix = 1, rule = 'min', group, lambdas }: CrossValidatedPenalty['crossValidate'],
  standardise: boolean,
): PenaltyCrossValidation {
  const { design, y } = problem;
  const groups = group === undefined ? null : usedGroups(data, group, problem.used);
  const fold = dealFolds(y.length, folds, seed, y, groups, 'penalty.crossValidate.folds');
  const factor = penaltyFactor(design, standardise);
  const tried = lambdas
    ? [...lambdas].sort((a, b) => b - a)
    : defaultLambdas(logisticLikelihood(problem), y.length, mix, factor);
  const held = Array.from({ length: folds }, (_, own) =>
    heldOutDeviance(problem, fold, own, tried, { mix, factor, tolerance: FOLD_TOLERANCE, maxIterations: STEPS }),
  );
  const total = held.reduce((sum, { weight }) => sum + weight, 0);
  const average = (of: (deviance: number) => number, k: number): number =>
    held.reduce((sum, { weight, deviance }) => sum + weight * of(deviance[k]!), 0) / total;
  const deviance = tried.map((_, k) => average((d) => d, k));
  const standardError = tried.map((_, k) => Math.sqrt(average((d) => (d - deviance[k]!) ** 2, k) / (folds - 1)));
  const best = deviance.indexOf(Math.min(...deviance));
  const limit = deviance[best]! + standardError[best]!;
  return {
    folds,
    seed,
    ...(group === undefined ? {} : { group }),
    rule,
    lambdas: tried,
    deviance,
    standardError,
    min: tried[best]!,
    oneStandardError: tried[deviance.findIndex((d) => d <= limit)]!,
  };
}

/** Held-out deviance per observation of one fold, by the path fitted to the others. */
function heldOutDeviance(
  problem: LogisticProblem,
  fold: Int32Array,
  own: number,
  lambdas: readonly number[],
  options: Parameters<typeof penalisedPath>[2],
): { readonly weight: number; readonly deviance: readonly number[] } {
  const { y, weight: weights } = problem;
  const weight = Float64Array.from(y, (_, i) => (fold[i] === own ? 0 : weights === undefined ? 1 : weights[i]!));
  let events = 0;
  let rest = 0;
  for (let i = 0; i < y.length; i++)
    if (y[i] === 1) events += weight[i]!;
    else rest += weight[i]!;
  if (!(events > 0 && rest > 0))
    fail('one-class', `without fold ${own + 1} the label has one class: lower penalty.crossValidate.folds`);
  const likelihood = logisticLikelihood({ ...problem, weight });
  let total = 0;
  for (let i = 0; i < y.length; i++) if (fold[i] === own) total += weights === undefined ? 1 : weights[i]!;
  const deviance = penalisedPath(likelihood, lambdas, options).map(({ beta }) => {
    const eta = likelihood.predictor(beta);
    let sum = 0;
    for (let i = 0; i < y.length; i++)
      if (fold[i] === own) {
        const z = eta[i]!;
        const loss = Math.max(z, 0) - y[i]! * z + log1p(exp(-Math.abs(z)));
        sum += (weights === undefined ? 1 : weights[i]!) * loss;
      }
    return (2 * sum) / total;
  });
  return { weight: total, deviance };
}
