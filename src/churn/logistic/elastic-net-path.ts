import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import type { FitStatus } from '../../model/contract.ts';
import { knownOptions } from '../../model/options.ts';
import { logisticLikelihood } from '../../regression/logistic-likelihood.ts';
import { penalisedPath } from '../../regression/penalised-path.ts';
import { checkLambdas, checkLogisticOptions, checkMix, type LogisticOptions } from './options.ts';
import { defaultLambdas, penaltyFactor } from './penalty.ts';
import { readLogistic } from './problem.ts';

export interface ElasticNetPathOptions
  extends Pick<
    LogisticOptions<string, string>,
    'label' | 'features' | 'weight' | 'offset' | 'classWeight' | 'standardise' | 'maxIterations'
  > {
  /** 1 is the lasso (default), 0 the ridge. */
  readonly mix?: number;
  /** Penalties. Default: `count` of them from the smallest that leaves no column, evenly spaced on the log scale. */
  readonly lambdas?: readonly number[];
  /** Default 100. */
  readonly count?: number;
  /** The last penalty over the first, in (0, 1). Default 1e-4, or .01 with fewer rows than columns. */
  readonly ratio?: number;
}

/** The coefficients of a logistic regression as the penalty weakens. */
export interface ElasticNetPath {
  readonly mix: number;
  /** Names of the coefficients, the intercept aside: `tenure`, `Contract=One year`. */
  readonly columns: readonly string[];
  /** −2·log-likelihood of the intercept alone. */
  readonly nullDeviance: number;
  readonly rows: number;
  readonly warnings: readonly string[];
  readonly steps: readonly ElasticNetStep[];
}

export interface ElasticNetStep {
  readonly lambda: number;
  readonly status: FitStatus;
  /** On the raw columns. */
  readonly intercept: number;
  /** On the raw columns, in the order of {@link ElasticNetPath.columns}. */
  readonly coefficients: readonly number[];
  /** Coefficients that are not 0: for the lasso an unbiased estimate of its degrees of freedom (Zou, Hastie & Tibshirani 2007). */
  readonly df: number;
  readonly deviance: number;
  /** 1 − deviance/null deviance. */
  readonly devianceRatio: number;
  /** Largest violation of the optimality conditions, per observation and on scaled columns. */
  readonly violation: number;
}

/**
 * Elastic-net logistic regressions along decreasing λ: which columns enter, and when. The objective is that of glmnet,
 * `(1/Σw)·Σ w·logloss + λ·(mix·Σ|β| + (1 − mix)/2·Σβ²)`, on columns divided by their standard deviation (0/1 columns are not);
 * the optimality conditions hold to 1e-12. Where columns are exact combinations of others the coefficients are not unique.
 * Class weights are not corrected for.
 *
 * @throws invalid-option; what `logisticRegression` throws.
 * Source: Friedman, Hastie & Tibshirani (2010), J. Stat. Softw. 33(1).
 * @example
 * const { steps } = elasticNetPath(
 *   { left: [1, 1, 0, 0, 1, 0], x: [1, 2, 3, 4, 3, 2] },
 *   { label: { column: 'left', churned: 1, horizon: null }, features: ['x'], count: 2 },
 * );
 * steps[0].df; // 0
 */
export function elasticNetPath(data: Columns, options: ElasticNetPathOptions): ElasticNetPath {
  const {
    mix = 1,
    lambdas,
    count = 100,
    ratio,
    standardise = true,
    maxIterations = 100,
  } = knownOptions(
    options,
    'elasticNetPath',
    'mix lambdas count ratio label features weight offset classWeight standardise maxIterations',
  );
  const features = checkLogisticOptions(options);
  checkMix(mix, 'mix');
  if (lambdas !== undefined) checkLambdas(lambdas, 'lambdas');
  if (!(Number.isInteger(count) && count > 0))
    fail('invalid-option', `invalid count: ${count}; use a whole number above 0`);
  if (ratio !== undefined && !(ratio > 0 && ratio < 1))
    fail('invalid-option', `invalid ratio: ${ratio}; use a number between 0 and 1`);
  const problem = readLogistic(data, features, options);
  const { design } = problem;
  const likelihood = logisticLikelihood(problem);
  const factor = penaltyFactor(design, standardise);
  const tried = lambdas
    ? [...lambdas].sort((a, b) => b - a)
    : defaultLambdas(likelihood, design.rows, mix, factor, count, ratio);
  const start = new Float64Array(likelihood.size);
  start[0] = likelihood.start;
  const nullDeviance = -2 * likelihood.slope(start, new Float64Array(likelihood.size));
  const path = penalisedPath(likelihood, tried, { mix, factor, tolerance: 1e-12, maxIterations });
  return {
    mix,
    columns: design.columns.map(({ name }) => name),
    nullDeviance,
    rows: design.rows,
    warnings: problem.warnings,
    steps: path.map(({ lambda, status, beta, logLikelihood, df, violation }) => ({
      lambda,
      status,
      intercept: design.columns.reduce((sum, { mean, scale }, j) => sum - (beta[j + 1]! * mean) / scale, beta[0]!) + 0,
      coefficients: design.columns.map(({ scale }, j) => beta[j + 1]! / scale + 0),
      df,
      deviance: -2 * logLikelihood,
      devianceRatio: 1 + (2 * logLikelihood) / nullDeviance,
      violation,
    })),
  };
}
