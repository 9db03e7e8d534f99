import { fail } from '../errors.ts';
import type { LinearPart } from '../kernels/linear.ts';
import { auc } from '../numerics/auc.ts';
import { buildDesign, type Design, gather, usableRows } from './design.ts';
import type { FeatureColumn } from './feature.ts';
import { type LogisticProblem, logisticLikelihood, totals } from './logistic-likelihood.ts';
import { maximise } from './newton.ts';
import { type LogisticReport, type SummaryOptions, summarise } from './report.ts';

export interface RegressionOptions {
  /** Ridge penalty λ of `Σ logloss + (λ/2)·‖w‖²`, the intercept free; λ = 1/C. Default 0. */
  readonly l2?: number;
  /** Whether λ applies to columns divided by their standard deviation (0/1 columns never are). Default true. */
  readonly standardise?: boolean;
  /**
   * Features are told as one in explanations when weights of theirs correlate by this much or more: at 0.9 (the default)
   * when leaving out one would divide the variance of the other's weight by 5 or more. false: never.
   */
  readonly groupCollinear?: number | false;
  /** Limit of Newton steps. Default 100. */
  readonly maxIterations?: number;
}

export interface LogisticFit {
  readonly part: LinearPart;
  readonly report: LogisticReport;
  /** Area under the ROC curve on the rows of the fit; flatters, and shows leakage when it is near 1. */
  inSampleAuc(): number;
}

/** The rows of a fit with everything their likelihood needs. */
export interface PreparedLogistic extends LogisticProblem {
  readonly features: readonly FeatureColumn[];
  /** Rows of the data that take part. */
  readonly used: Int32Array;
  /** Of rows left out and of features. */
  readonly warnings: readonly string[];
  /** Share of events, weighted. */
  readonly baseRate: number;
}

export interface PrepareOptions {
  /** Names the label in errors. */
  readonly what: string;
  readonly weight?: Float64Array | undefined;
  readonly offset?: Float64Array | undefined;
}

/** The rows of `y` (1, 0, or NaN: not in the fit) whose features are known, as a problem. */
export function prepareLogistic(
  features: readonly FeatureColumn[],
  y: Float64Array,
  { what, weight, offset }: PrepareOptions,
): PreparedLogistic {
  const { rows, warnings } = usableRows(features, y.length, y);
  const design = buildDesign(features, rows);
  const own = gather(y, rows);
  for (const side of [0, 1])
    if (!own.includes(side)) {
      const all = `all ${own.length} rows of the fit say ${side === 1 ? 'no' : 'yes'}`;
      fail('one-class', `${what}: ${all}; rows with a null in a feature take no part`);
    }
  const weights = weight && gather(weight, rows);
  const { total, events } = totals(own, weights);
  return {
    features,
    design,
    y: own,
    weight: weights,
    offset: offset && gather(offset, rows),
    used: rows,
    warnings,
    baseRate: events / total,
  };
}

/** What {@link summarise} needs to know of a problem, whatever its coefficients were fitted by. */
export function summaryOf(
  {
    features,
    design,
    used,
    baseRate,
    warnings,
  }: Pick<PreparedLogistic, 'features' | 'design' | 'used' | 'baseRate' | 'warnings'>,
  { groupCollinear = 0.9 }: RegressionOptions,
  dropsConstants = false,
): Pick<SummaryOptions, 'columns' | 'features' | 'rows' | 'baseRate' | 'warnings' | 'leftOut' | 'threshold'> {
  return {
    columns: design.columns,
    features: features.map(({ field }) => field.name),
    rows: used.length,
    baseRate,
    warnings,
    leftOut: dropsConstants ? {} : { constant: design.constant, 'null in every row': design.empty },
    threshold: groupCollinear === false ? Number.POSITIVE_INFINITY : groupCollinear,
  };
}

/** The ridge penalty per coefficient, on scaled columns. */
export function ridgePenalty(
  { columns, width }: Design,
  { l2 = 0, standardise = true }: RegressionOptions,
): Float64Array {
  const penalty = new Float64Array(width + 1);
  columns.forEach(({ scale }, j) => {
    penalty[j + 1] = standardise ? l2 : l2 / scale ** 2;
  });
  return penalty;
}

/** A logistic regression of `y` (1, 0, or NaN: not in the fit) on features. */
export function fitLogistic(
  features: readonly FeatureColumn[],
  y: Float64Array,
  options: RegressionOptions &
    PrepareOptions & {
      /** Constant features are left out by contract: they are not worth a warning. */
      readonly dropsConstants?: boolean;
    },
): LogisticFit {
  const problem = prepareLogistic(features, y, options);
  const likelihood = logisticLikelihood(problem);
  const fit = maximise(likelihood, ridgePenalty(problem.design, options), options.maxIterations ?? 100);
  const { intercept, groups, report } = summarise(fit, {
    ...summaryOf(problem, options, options.dropsConstants),
    scores: likelihood.scores(fit.beta),
  });
  return {
    part: { intercept, terms: problem.design.terms(fit.beta.slice(1)), groups },
    report,
    inSampleAuc: () => auc(problem.y, likelihood.predictor(fit.beta)),
  };
}
