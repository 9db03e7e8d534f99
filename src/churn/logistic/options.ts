import { fail } from '../../errors.ts';
import { checked, either, finite, nullable, record, span, text } from '../../model/checks.ts';
import type { Span } from '../../model/field.ts';
import { knownOptions, names, object } from '../../model/options.ts';
import { type Feature, normaliseFeatures } from '../../regression/feature.ts';
import type { RegressionOptions } from '../../regression/fit-logistic.ts';
import { checkRegressionOptions } from '../../regression/options.ts';

/** Which cell says that a customer left, and within which time: `null` when the file does not say. */
export interface ChurnLabel {
  readonly column: string;
  readonly churned: string | number;
  readonly horizon: Span | null;
}

const labelShape = record({
  column: text,
  churned: either(text, finite, 'a text or a number'),
  horizon: nullable(span),
});

/** Stops unless the label names its column, the value of those who left, and the horizon (or null). */
export function checkLabel(label: ChurnLabel): void {
  checked('invalid-option', labelShape, label, 'label');
  names({ 'label.column': label.column });
}

/**
 * Elastic net, the objective of glmnet: `(1/Σw)·Σ w·logloss + λ·(mix·Σ|β| + (1 − mix)/2·Σβ²)`, the intercept free. `mix` is glmnet's
 * alpha: 1 is the lasso, 0 the ridge.
 */
export interface ElasticNet {
  readonly lambda: number;
  /** In [0, 1]. Default 1. */
  readonly mix?: number;
}

/** An elastic net whose λ is the one that predicts held-out rows best. */
export interface CrossValidatedPenalty {
  readonly crossValidate: {
    /** Default 10. */
    readonly folds?: number;
    /** Default 1. */
    readonly seed?: number;
    /** In [0, 1]. Default 1, the lasso. */
    readonly mix?: number;
    /**
     * `'min'` (default): the λ of the smallest held-out deviance. `'one-standard-error'`: the largest λ within one standard
     * error of it, for a smaller model.
     */
    readonly rule?: 'min' | 'one-standard-error';
    /** Column, such as the customer of several rows, whose equal values stay in one fold. */
    readonly group?: string;
    /** Penalties to try. Default: those of `elasticNetPath`. */
    readonly lambdas?: readonly number[];
  };
}

export type ClassWeight = 'balanced' | { readonly event: number; readonly nonEvent: number };

export interface LogisticOptions<F extends string, O extends string> extends RegressionOptions {
  readonly label: ChurnLabel;
  /** Number and category columns; a bare name takes the defaults of {@link Feature}. */
  readonly features: readonly (F | Feature<F>)[];
  /** Column of observation weights (≥ 0) for the fit. A row of weight k counts as k rows. */
  readonly weight?: string;
  /**
   * Elastic net in place of `l2`, with λ given or cross-validated. As with `l2`, `standardise` says whether it applies to
   * columns divided by their standard deviation; 0/1 columns never are (glmnet divides those as well).
   */
  readonly penalty?: ElasticNet | CrossValidatedPenalty;
  /**
   * Weights per class, `'balanced'`: half the rows over those of the class. What they do to the probability is undone by
   * moving the intercept by ln(π/(1−π)) − ln(ρ/(1−ρ)), so that it stays the one of the population; to keep a
   * weighted probability give a `weight` column.
   */
  readonly classWeight?: ClassWeight;
  /**
   * Column of known log-odds, such as the log of an exposure, that the predictor begins with: an input of the model. With
   * `fitOnly` it is taken for 0 when scoring, as for the log of sampling odds.
   */
  readonly offset?: F | { readonly column: string; readonly fitOnly: true };
  /**
   * Standard errors: from the information (`'model'`, the default), or a sandwich: `'HC0'` (the default with class weights),
   * `'HC1'` (times n/(n − k)), or of the sums over the clusters of a column (times G/(G − 1)). An L1 penalty has none.
   */
  readonly errors?: 'model' | 'HC0' | 'HC1' | { readonly cluster: string };
  /**
   * Keeps the covariance of the k coefficients in the model, k·(k + 1)/2 numbers, for `probabilityInterval`. An L1 penalty
   * has none. Default: false.
   */
  readonly intervals?: boolean;
  /** Name of the output. Default `churnProbability`. */
  readonly as?: O;
}

/** Stops when a label is listed among the features. */
export function refuseLabel(features: readonly Feature[], label: string): void {
  if (features.some(({ column }) => column === label))
    fail('label-as-feature', `the label "${label}" is listed as a feature: leave it out`);
}

/** The mix of a penalty, 0 where there is none. */
export function mixOf(penalty: LogisticOptions<string, string>['penalty']): number {
  if (penalty === undefined) return 0;
  return ('crossValidate' in penalty ? penalty.crossValidate.mix : penalty.mix) ?? 1;
}

/** The column of an offset. */
export function offsetColumn(offset: LogisticOptions<string, string>['offset']): string | undefined {
  return typeof offset === 'object' ? offset.column : offset;
}

/** Options with the `group` that an uplift learner gives any base; one that holds no rows out has no use for it. */
export type AsBase<O> = O & { readonly group?: string };

/** Stops at the first option that cannot be used; returns the features with their defaults. */
export function checkLogisticOptions<F extends string, O extends string>(
  options: LogisticOptions<F, O>,
): readonly Feature<F>[] {
  const { label, weight, l2 = 0, penalty, classWeight, offset, errors, intervals } = object(options, 'options');
  const features = normaliseFeatures(options.features);
  checkRegressionOptions(options);
  checkLabel(label);
  refuseLabel(features, label.column);
  const taken = (column: string): boolean =>
    column === label.column || features.some((feature) => String(feature.column) === column);
  if (weight !== undefined) {
    names({ weight });
    if (taken(weight)) fail('invalid-option', `weight "${weight}" is the label or a feature as well`);
  }
  if (penalty !== undefined) {
    checkPenalty(penalty, label.column);
    if (l2 > 0) fail('invalid-option', 'l2 and penalty are both given: use one of them');
  }
  if (classWeight !== undefined) checkClassWeight(classWeight);
  if (offset !== undefined) checkOffset(offset, (column) => taken(column) || column === weight);
  if (errors !== undefined) checkErrors(errors, options);
  if (intervals !== undefined && typeof intervals !== 'boolean')
    fail('invalid-option', `invalid intervals: ${String(intervals)}; use true or false`);
  if (intervals && mixOf(penalty) > 0)
    fail('invalid-option', `intervals: ${NO_ERRORS}; leave the option out, or use mix 0`);
  return features;
}

function checkPenalty(penalty: ElasticNet | CrossValidatedPenalty, label: string): void {
  object(penalty, 'penalty');
  if (!('crossValidate' in penalty)) {
    const { lambda, mix = 1 } = knownOptions(penalty, 'penalty', 'lambda mix');
    if (!(lambda > 0 && lambda < Number.POSITIVE_INFINITY))
      fail('invalid-option', `invalid penalty.lambda: ${lambda}; use a positive number`);
    checkMix(mix, 'penalty.mix');
    return;
  }
  const at = 'penalty.crossValidate';
  const {
    folds = 10,
    seed = 1,
    mix = 1,
    rule = 'min',
    group,
    lambdas,
  } = knownOptions(object(penalty.crossValidate, at), at, 'folds seed mix rule group lambdas');
  checkMix(mix, `${at}.mix`);
  if (!(Number.isInteger(folds) && folds >= 2))
    fail('invalid-option', `invalid ${at}.folds: ${folds}; use a whole number of at least 2`);
  if (!Number.isSafeInteger(seed)) fail('invalid-option', `invalid ${at}.seed: ${seed}; use a whole number`);
  if (rule !== 'min' && rule !== 'one-standard-error')
    fail('invalid-option', `invalid ${at}.rule: ${String(rule)}; use "min" or "one-standard-error"`);
  if (group !== undefined) {
    names({ [`${at}.group`]: group });
    if (group === label) fail('invalid-option', `${at}.group "${group}" is the label as well`);
  }
  if (lambdas !== undefined) checkLambdas(lambdas, `${at}.lambdas`);
}

/** Stops unless these are penalties, one at least. */
export function checkLambdas(lambdas: readonly number[], path: string): void {
  if (!Array.isArray(lambdas) || lambdas.length === 0) fail('invalid-option', `invalid ${path}: list at least one`);
  for (const lambda of lambdas)
    if (!(lambda > 0 && lambda < Number.POSITIVE_INFINITY))
      fail('invalid-option', `invalid ${path}: ${lambda}; use positive numbers`);
}

export function checkMix(mix: number, path: string): void {
  if (!(mix >= 0 && mix <= 1)) fail('invalid-option', `invalid ${path}: ${mix}; use a number in [0, 1]`);
}

function checkClassWeight(classWeight: ClassWeight): void {
  if (classWeight === 'balanced') return;
  if (typeof classWeight === 'string')
    fail('invalid-option', `invalid classWeight: "${classWeight}"; use "balanced" or { event, nonEvent }`);
  for (const side of ['event', 'nonEvent'] as const) {
    const weight = object(classWeight, 'classWeight')[side];
    if (!(weight > 0 && weight < Number.POSITIVE_INFINITY))
      fail('invalid-option', `invalid classWeight.${side}: ${weight}; use a positive number`);
  }
}

function checkOffset(
  offset: NonNullable<LogisticOptions<string, string>['offset']>,
  taken: (column: string) => boolean,
): void {
  const whole = typeof offset !== 'object' || offset === null;
  const column = (whole ? offset : offset.column) as string;
  names({ [whole ? 'offset' : 'offset.column']: column });
  if (taken(column)) fail('invalid-option', `offset "${column}" is the label, the weight or a feature as well`);
  if (typeof offset === 'object' && offset.fitOnly !== true)
    fail('invalid-option', `invalid offset.fitOnly: ${String(offset.fitOnly)}; name the column alone, or use true`);
}

function checkErrors(
  errors: NonNullable<LogisticOptions<string, string>['errors']>,
  { label, penalty, classWeight }: LogisticOptions<string, string>,
): void {
  if (typeof errors === 'object' && errors !== null) {
    names({ 'errors.cluster': errors.cluster });
    if (errors.cluster === label.column)
      fail('invalid-option', `errors.cluster "${errors.cluster}" is the label as well`);
  } else if (!['model', 'HC0', 'HC1'].includes(errors))
    fail('invalid-option', `invalid errors: ${String(errors)}; use "model", "HC0", "HC1" or { cluster }`);
  if (mixOf(penalty) > 0) fail('invalid-option', `errors: ${NO_ERRORS}; leave the option out, or use mix 0`);
  if (errors === 'model' && classWeight !== undefined)
    fail('invalid-option', 'errors "model" take weights for counts, which class weights are not: use "HC0" or "HC1"');
}

/** Why a fit under an L1 penalty has no standard errors. */
export const NO_ERRORS: string =
  'an L1 penalty chooses columns by the data and shrinks their weights, so that these have no normal sampling' +
  ' distribution and no standard errors (Leeb & Pötscher 2005)';
