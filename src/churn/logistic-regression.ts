import { readNumbers } from '../columns/whole.ts';
import { fail } from '../errors.ts';
import type { Columns } from '../model/batch.ts';
import { checked, nullable, span } from '../model/checks.ts';
import type { Estimator } from '../model/contract.ts';
import type { Field, Span } from '../model/field.ts';
import { type Feature, normaliseFeatures, readFeatures } from '../regression/feature.ts';
import { fitLogistic, type RegressionOptions } from '../regression/fit-logistic.ts';
import { checkRegressionOptions } from '../regression/options.ts';
import { outcome, twoClasses } from '../regression/outcome.ts';
import { type LogisticModel, logisticKind } from './logistic-kind.ts';

/** Which cell says that a customer left, and within which time: `null` when the file does not say. */
export interface ChurnLabel {
  readonly column: string;
  readonly churned: string | number;
  readonly horizon: Span | null;
}

export interface LogisticOptions<F extends string, O extends string> extends RegressionOptions {
  readonly label: ChurnLabel;
  /** Number and category columns; a bare name takes the defaults of {@link Feature}. */
  readonly features: readonly (F | Feature<F>)[];
  /** Column of observation weights (≥ 0) for the fit. Weights that balance classes destroy calibration. */
  readonly weight?: string;
  /** Name of the output. Default `churnProbability`. */
  readonly as?: O;
}

/**
 * Logistic regression of churn: P = 1/(1 + e^−η), η = β₀ + Σ βx, by maximum likelihood (Newton's method, which for the
 * logistic model is IRLS) with an optional ridge penalty `Σ logloss + (l2/2)·‖w‖²`.
 *
 * Categories get a weight per level against a reference level; scaling and encoding are folded into the model, which
 * scores raw columns. Columns that are constant or an exact combination of earlier ones are left out with a warning.
 * Separation gives `fit.status` 'not-identified'. `fit.coefficients` holds estimates, standard and robust errors, odds
 * ratios and Wald tests on the raw scale. Memory: the feature columns; a pass per Newton step.
 *
 * @throws one-class when the label has one class only; label-as-feature; all-null; unknown-column; invalid-option.
 * Source: McCullagh & Nelder (1989), §4.4.
 * @example
 * const model = logisticRegression({
 *   label: { column: 'left', churned: 'yes', horizon: { every: 1, unit: 'month' } },
 *   features: ['plan'],
 * }).fit({ left: ['yes', 'no', 'no', 'no', 'yes', 'no'], plan: ['a', 'a', 'a', 'b', 'b', 'b'] });
 * model.fit.baseRate; // 0.3333333333333333
 */
export function logisticRegression<const F extends string, const O extends string = 'churnProbability'>(
  options: LogisticOptions<F, O>,
): Estimator<LogisticModel<F, O>> {
  const { label, weight, as = 'churnProbability' as O } = options;
  const features = normaliseFeatures(options.features);
  checkRegressionOptions(options);
  checked('invalid-option', nullable(span), label.horizon, 'label.horizon');
  refuseLabel(features, label.column);
  if (weight !== undefined && (weight === label.column || features.some(({ column }) => column === weight)))
    fail('invalid-option', `weight "${weight}" is the label or a feature as well`);
  return {
    kind: logisticKind,
    labels: [label.column],
    targets: [{ output: as, actual: (data) => outcome(data, label.column, label.churned) }],
    fit(data) {
      const y = twoClasses(data, label.column, label.churned);
      const unknown = y.reduce((count, v) => count + (v === v ? 0 : 1), 0);
      const weights = weight === undefined ? undefined : readWeights(data, weight, y);
      const read = readFeatures(data, features, (row) => y[row] === y[row]);
      const { part, report } = fitLogistic(read, y, { ...options, what: `label "${label.column}"`, weight: weights });
      return {
        kind: 'logisticRegression',
        version: 1,
        inputs: read.map(({ field }) => field as Field<F>),
        outputs: [{ name: as, type: 'number', horizon: label.horizon, explained: 'log-odds' }],
        ...part,
        fit:
          unknown === 0
            ? report
            : { ...report, warnings: [`${unknown} rows without a label are left out of the fit`, ...report.warnings] },
      };
    },
  };
}

/** Stops when a label is listed among the features. */
export function refuseLabel(features: readonly Feature[], label: string): void {
  if (features.some(({ column }) => column === label))
    fail('label-as-feature', `the label "${label}" is listed as a feature: leave it out`);
}

/** Observation weights; a row without one is taken out of the fit (its `y` becomes NaN). */
function readWeights(data: Columns, column: string, y: Float64Array): Float64Array {
  const weights = readNumbers(data, column);
  weights.forEach((w, i) => {
    if (w < 0) fail('invalid-value', `weight "${column}", row ${i}: ${w}; weights are 0 or above`);
    if (w !== w || w === 0) y[i] = Number.NaN;
  });
  return weights;
}
