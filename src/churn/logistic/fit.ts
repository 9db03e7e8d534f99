import type { LinearPart, LinearTerm } from '../../kernels/linear.ts';
import type { Columns } from '../../model/batch.ts';
import { elasticNetSolver } from '../../regression/elastic-net.ts';
import { ridgePenalty, summaryOf } from '../../regression/fit-logistic.ts';
import { type LogisticLikelihood, logisticLikelihood } from '../../regression/logistic-likelihood.ts';
import { maximise, type NewtonFit } from '../../regression/newton.ts';
import { elasticNetPenalty } from '../../regression/penalised-path.ts';
import { type ErrorReport, type LogisticReport, type PenaltyReport, summarise } from '../../regression/report.ts';
import { type LogisticOptions, NO_ERRORS, offsetColumn } from './options.ts';
import { crossValidatePenalty, penaltyFactor } from './penalty.ts';
import type { LogisticData } from './problem.ts';

// Asked for of a stored model, per observation and on scaled columns; rounding may end the search before, well below 1e-12.
const TOLERANCE = 1e-14;
// Fewer clusters than this give errors that are too small (Cameron & Miller 2015, §VI).
const FEW_CLUSTERS = 20;

/** Fits, corrects for class weights, and writes the report. */
export function fitProblem(
  data: Columns,
  problem: LogisticData,
  options: LogisticOptions<string, string>,
): { readonly part: LinearPart; readonly report: LogisticReport } {
  const { design, clusters, classWeights, totalWeight } = problem;
  const { maxIterations = 100, standardise = true } = options;
  const likelihood = logisticLikelihood(problem);
  const penalty = chosenPenalty(data, problem, options, likelihood.total);
  const lasso = penalty !== undefined && penalty.l1 > 0;
  const fit = lasso
    ? maximiseElasticNet(likelihood, penalty, penaltyFactor(design, standardise), maxIterations)
    : maximise(likelihood, ridgePenalty(design, { l2: penalty?.l2 ?? 0, standardise }), maxIterations);
  const df = fit.beta.reduce((count, b, j) => count + (j > 0 && b !== 0 ? 1 : 0), 0);
  const errors = errorReport(options, lasso, problem, fit);
  const { intercept, groups, report } = summarise(fit, {
    ...summaryOf(problem, options),
    scores: lasso ? undefined : likelihood.scores(fit.beta, clusters),
    errors,
    intervals: options.intervals,
    interceptShift: classWeights?.interceptShift,
    used: lasso ? df + 1 : undefined,
  });
  const offset = offsetColumn(options.offset);
  const scored = typeof options.offset === 'string';
  const terms: LinearTerm[] = [...design.terms(fit.beta.slice(1))];
  if (offset !== undefined && scored) {
    const centre = problem.offset!.reduce((sum, o) => sum + o, 0) / problem.offset!.length + 0;
    terms.push({ column: offset, weight: 1, missing: null, centre });
  }
  const few =
    clusters !== undefined && clusters.count < FEW_CLUSTERS
      ? [`${clusters.count} clusters are few: errors from fewer than ${FEW_CLUSTERS} are too small`]
      : [];
  return {
    part: { intercept, terms, groups },
    report: {
      ...report,
      warnings: [...report.warnings, ...few],
      ...(totalWeight === undefined ? {} : { totalWeight }),
      ...(errors.method === 'model' ? {} : { errors }),
      ...(penalty === undefined ? {} : { penalty: { ...penalty, df } }),
      ...(classWeights === undefined ? {} : { classWeight: classWeights }),
      ...(offset === undefined ? {} : { offset: { column: offset, scored } }),
    },
  };
}

/** The penalty on Σ logloss that the options amount to, cross-validated where they say so. */
function chosenPenalty(
  data: Columns,
  problem: LogisticData,
  { l2 = 0, penalty, standardise = true }: LogisticOptions<string, string>,
  total: number,
): Omit<PenaltyReport, 'df'> | undefined {
  if (penalty === undefined)
    return l2 === 0 ? undefined : { l1: 0, l2, lambda: l2 / total, mix: 0, standardised: standardise };
  const told = (lambda: number, mix: number): Omit<PenaltyReport, 'df'> => ({
    l1: total * lambda * mix,
    l2: total * lambda * (1 - mix),
    lambda,
    mix,
    standardised: standardise,
  });
  if (!('crossValidate' in penalty)) return told(penalty.lambda, penalty.mix ?? 1);
  const crossValidation = crossValidatePenalty(data, problem, penalty.crossValidate, standardise);
  const { rule, min, oneStandardError } = crossValidation;
  return { ...told(rule === 'min' ? min : oneStandardError, penalty.crossValidate.mix ?? 1), crossValidation };
}

function maximiseElasticNet(
  likelihood: LogisticLikelihood,
  { lambda, mix }: Pick<PenaltyReport, 'lambda' | 'mix'>,
  factor: Float64Array,
  maxIterations: number,
): NewtonFit {
  const n = likelihood.size;
  const start = new Float64Array(n);
  start[0] = likelihood.start;
  const startInformation = new Float64Array(n * n);
  const startLogLikelihood = likelihood.evaluate(start, new Float64Array(n), startInformation);
  const penalty = elasticNetPenalty(lambda, mix, likelihood.total, factor);
  const { violation, ...fit } = elasticNetSolver(likelihood)(penalty, start, TOLERANCE, maxIterations);
  return {
    ...fit,
    gradientNorm: violation,
    startLogLikelihood,
    startInformation,
    covariance: new Float64Array(n * n),
    dropped: new Uint8Array(n),
    unbounded: new Uint8Array(n),
  };
}

function errorReport(
  { errors, classWeight }: LogisticOptions<string, string>,
  lasso: boolean,
  { y, clusters }: LogisticData,
  { dropped }: NewtonFit,
): ErrorReport {
  if (lasso) return { method: 'none', factor: 1, reason: NO_ERRORS };
  if (typeof errors === 'object') {
    const { count } = clusters!;
    const cluster = { column: errors.cluster, clusters: count };
    return { method: 'cluster', factor: count / (count - 1), cluster };
  }
  const method = errors ?? (classWeight === undefined ? 'model' : 'HC0');
  const used = dropped.reduce((count, flag) => count + 1 - flag, 0);
  return { method, factor: method === 'HC1' ? y.length / Math.max(1, y.length - used) : 1 };
}
