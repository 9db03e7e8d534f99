import { fail } from '../errors.ts';
import type { LinearPart } from '../kernels/linear.ts';
import { auc } from '../numerics/auc.ts';
import { sigmoid } from '../numerics/sigmoid.ts';
import { buildDesign, gather, usableRows } from './design.ts';
import type { FeatureColumn } from './feature.ts';
import { logisticLikelihood } from './logistic-likelihood.ts';
import { maximise } from './newton.ts';
import { type LogisticReport, summarise } from './report.ts';

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

/** A logistic regression of `y` (1, 0, or NaN: not in the fit) on features. */
export function fitLogistic(
  features: readonly FeatureColumn[],
  y: Float64Array,
  {
    what,
    weight,
    offset,
    l2 = 0,
    standardise = true,
    groupCollinear = 0.9,
    maxIterations = 100,
    dropsConstants = false,
  }: RegressionOptions & {
    /** Names the label in errors. */
    readonly what: string;
    /** Constant features are left out by contract: they are not worth a warning. */
    readonly dropsConstants?: boolean;
    readonly weight?: Float64Array | undefined;
    readonly offset?: Float64Array | undefined;
  },
): LogisticFit {
  const { rows, left } = usableRows(features, y.length, (i) => y[i] === y[i]);
  const design = buildDesign(features, rows);
  const own = gather(y, rows);
  for (const side of [0, 1])
    if (!own.includes(side)) {
      const all = `all ${own.length} rows of the fit say ${side === 1 ? 'no' : 'yes'}`;
      fail('one-class', `${what}: ${all}; rows with a null in a feature take no part`);
    }
  const likelihood = logisticLikelihood({
    design,
    y: own,
    weight: weight && gather(weight, rows),
    offset: offset && gather(offset, rows),
  });
  const penalty = new Float64Array(design.width + 1);
  design.columns.forEach(({ scale }, j) => {
    penalty[j + 1] = standardise ? l2 : l2 / scale ** 2;
  });
  const fit = maximise(likelihood, penalty, maxIterations);
  const names = features.map(({ field }) => field.name);
  const { intercept, groups, report } = summarise(fit, {
    columns: design.columns,
    features: names,
    rows: rows.length,
    baseRate: sigmoid(likelihood.start),
    warnings: left > 0 ? [`${left} rows with nulls in features are left out of the fit`] : [],
    leftOut: dropsConstants ? {} : { constant: design.constant, 'null in every row': design.empty },
    threshold: groupCollinear === false ? Number.POSITIVE_INFINITY : groupCollinear,
    scores: likelihood.scores(fit.beta),
  });
  return {
    part: { intercept, terms: design.terms(fit.beta.slice(1)), groups },
    report,
    inSampleAuc: () => auc(own, likelihood.predictor(fit.beta)),
  };
}
