import { knownOptions } from '../../model/options.ts';
import { exp, log } from '../../numerics/elementary.ts';
import { sum } from '../../numerics/sum.ts';
import { criticalValue, estimatesOf, type Interval, type LikelihoodModel, withEstimates } from './estimates.ts';

/** A figure per customer with its uncertainty, and that of their sum. */
export interface PredictionIntervals {
  readonly estimate: Float64Array;
  readonly standardError: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Of the sum over the customers that have a figure. */
  readonly total: Interval;
}

/** Step of the central differences in a ln parameter: their own error is about its square. */
const STEP = 1e-4;

/**
 * Confidence intervals of a prediction by the delta method: the error of ĝ is √(∇gᵀ Σ ∇g) over the estimated parameters.
 * Intervals are symmetric on the scale of ln g, of logit g for probabilities, so they stay in range. They hold the
 * uncertainty of the parameters, not the chance in what a customer does: for that see `predictiveInterval`.
 * @param predict the figure of every customer under a model, such as `(m) => bgNbd.expectedPurchases(m, customers, { periods: 39 })`
 * @param options.probability the figure is a probability; `level` default 0.95
 * @returns NaN where the figure is NaN; no width where it does not depend on the parameters
 * @throws ClienteleError `invalid-option` where the fit states no covariance
 */
export function predictionIntervals<M extends LikelihoodModel>(
  model: M,
  predict: (model: M) => Float64Array,
  options: { readonly level?: number; readonly probability?: boolean } = {},
): PredictionIntervals {
  const { level = 0.95, probability = false } = knownOptions(options, 'predictionIntervals', 'level probability');
  const { names, values, positive, covariance } = estimatesOf(model);
  const z = criticalValue(level);
  const estimate = predict(model);
  const rows = estimate.length;
  const known = (figures: Float64Array): number => sum(figures.filter((value) => value === value));
  const slopes = names.map((_, k) => {
    const moved = (by: number): Float64Array =>
      predict(
        withEstimates(
          model,
          names,
          values.map((value, i) => (i !== k ? value : positive[i] ? value * exp(by) : value + by)),
        ),
      );
    const [up, down] = [moved(STEP), moved(-STEP)];
    return up.map((value, i) => (value - down[i]!) / (2 * STEP));
  });
  const errorOf = (slope: (k: number) => number): number => {
    let variance = 0;
    for (let j = 0; j < names.length; j++)
      for (let k = 0; k < names.length; k++) variance += slope(j) * slope(k) * covariance[j]![k]!;
    return Math.sqrt(Math.max(variance, 0));
  };
  const bounds = (value: number, error: number): readonly [number, number] => {
    if (!(error > 0) || value === 0 || (probability && value === 1)) return [value, value];
    if (!probability) return [value * exp((-z * error) / value), value * exp((z * error) / value)];
    const logit = log(value / (1 - value));
    const width = (z * error) / (value * (1 - value));
    return [1 / (1 + exp(width - logit)), 1 / (1 + exp(-width - logit))];
  };
  const out = {
    standardError: new Float64Array(rows),
    low: new Float64Array(rows),
    high: new Float64Array(rows),
  };
  for (let i = 0; i < rows; i++) {
    const error = errorOf((k) => slopes[k]![i]!);
    out.standardError[i] = error;
    [out.low[i], out.high[i]] = bounds(estimate[i]!, error);
  }
  const totals = slopes.map(known);
  const total = known(estimate);
  const standardError = errorOf((k) => totals[k]!);
  const half = total > 0 ? (z * standardError) / total : 0;
  return {
    estimate,
    ...out,
    total: { estimate: total, standardError, low: total * exp(-half), high: total * exp(half) },
  };
}
