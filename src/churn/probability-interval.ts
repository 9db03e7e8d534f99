import { rowCount } from '../columns/batch.ts';
import { makeLane } from '../columns/lane.ts';
import { openField } from '../columns/open.ts';
import { fail } from '../errors.ts';
import { bindLinear } from '../kernels/linear.ts';
import { type Columns, type Lane, WHY } from '../model/batch.ts';
import { finite, listOf, nullable, positive, record, whole } from '../model/checks.ts';
import { knownOptions } from '../model/options.ts';
import { normalQuantile } from '../numerics/normal.ts';
import { sigmoid } from '../numerics/sigmoid.ts';
import type { CoefficientCovariance } from '../regression/report.ts';
import type { LogisticModel } from './logistic-kind.ts';
import { checkLevel } from './metrics.ts';

/** A probability per row with its interval; NaN where the probability is null. */
export interface ProbabilityInterval {
  readonly probability: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Standard error of the log-odds. */
  readonly standardError: Float64Array;
  readonly level: number;
}

const BLOCK = 2048;

/**
 * How well each customer's churn probability is known: with η = x'β and C the covariance of β, the interval
 * `σ(η ± z·√(x'Cx))` (delta method on the log-odds, so that it stays in [0, 1]).
 *
 * It covers what the fit could not know of the coefficients, by the errors that the fit reports: not whether the model has the
 * right form, and not whether this one customer leaves. Under a ridge it knows nothing of the bias. For other kinds of
 * models refit on resampled rows and give `warningList` the percentiles.
 *
 * @param model of `logisticRegression({ …, intervals: true })`.
 * @throws invalid-option for a model without its covariance (not asked for, or not identified), or a level outside (0, 1);
 *   invalid-model for one that does not fit the inputs; unknown-column.
 * Source: Hosmer, Lemeshow & Sturdivant (2013), Applied Logistic Regression, §1.5 and §2.6.
 * @example
 * const data = { left: ['yes', 'no', 'no', 'no'], n: [1, 1, 1, 1] };
 * const label = { column: 'left', churned: 'yes', horizon: null };
 * probabilityInterval(logisticRegression({ label, features: ['n'], intervals: true }).fit(data), { n: [1] }).low[0] // 0.0335…
 */
export function probabilityInterval<F extends string>(
  model: LogisticModel<F>,
  data: Columns<NoInfer<F>>,
  options: { readonly level?: number } = {},
): ProbabilityInterval {
  const { level = 0.95 } = knownOptions(options, 'probabilityInterval', 'level');
  checkLevel(level);
  const covariance = covarianceOf(model);
  const critical = normalQuantile((1 + level) / 2);
  const { inputs } = model;
  const rows = rowCount(data);
  const readers = inputs.map((field) => openField(data, field));
  readers.forEach((reader, f) => {
    if (reader.rows !== rows)
      fail('wrong-length', `column "${inputs[f]!.name}" has ${reader.rows} rows, the batch has ${rows}`);
  });
  const lanes = inputs.map((field) => makeLane(field, Math.min(BLOCK, rows)));
  const out = makeLane({ type: 'number' }, Math.min(BLOCK, rows));
  const predictor = bindLinear(model, inputs);
  const variance = varianceOf(covariance, lanes);
  const column = (): Float64Array => new Float64Array(rows).fill(Number.NaN);
  const [probability, low, high, standardError] = [column(), column(), column(), column()];
  for (let start = 0; start < rows; start += BLOCK) {
    const count = Math.min(BLOCK, rows - start);
    readers.forEach((reader, f) => {
      reader.read(start, count, lanes[f]!);
    });
    predictor(count, lanes, out);
    for (let i = 0; i < count; i++) {
      if (out.why[i] !== WHY.valid) continue;
      const eta = out.values[i]!;
      const error = Math.sqrt(variance(i));
      const p = sigmoid(eta);
      const known = Number.isFinite(error) && Number.isFinite(eta);
      probability[start + i] = p;
      standardError[start + i] = error;
      // Where numbers overflow nothing is known of the probability.
      low[start + i] = known ? Math.min(p, sigmoid(eta - critical * error)) : 0;
      high[start + i] = known ? Math.max(p, sigmoid(eta + critical * error)) : 1;
    }
  }
  return { probability, low, high, standardError, level };
}

/** x'Cx of a row of the lanes, over the design columns that are not 0 there. */
function varianceOf({ columns, lower }: CoefficientCovariance, lanes: readonly Lane[]): (row: number) => number {
  const at = new Int32Array(columns.length + 1);
  const x = new Float64Array(columns.length + 1);
  x[0] = 1;
  return (row) => {
    let used = 1;
    for (let j = 0; j < columns.length; j++) {
      const { feature, code, mean, scale } = columns[j]!;
      const lane = lanes[feature]!;
      const why = lane.why[row]!;
      let value = 0;
      // A null that the model has a rule for stands at the mean, or has a 0/1 column of its own; an unlisted level is none.
      if (code === null) value = why === WHY.valid ? (lane.values[row]! - mean) / scale : 0;
      else if (code < 0) value = why !== WHY.valid && why !== WHY.unseenLevel ? 1 : 0;
      else value = why === WHY.valid && lane.codes[row] === code ? 1 : 0;
      if (value === 0) continue;
      at[used] = j + 1;
      x[used++] = value;
    }
    let total = 0;
    for (let a = 0; a < used; a++) {
      const base = (at[a]! * (at[a]! + 1)) / 2;
      let inner = 0;
      for (let b = 0; b < a; b++) inner += lower[base + at[b]!]! * x[b]!;
      total += x[a]! * (2 * inner + lower[base + at[a]!]! * x[a]!);
    }
    // Rounding may leave a variance of 0 a hair below.
    return total < 0 ? 0 : total;
  };
}

const shape = record({
  columns: listOf(record({ feature: whole(), code: nullable(whole(-1)), mean: finite, scale: positive })),
  lower: listOf(finite),
});

function covarianceOf({ fit, inputs }: LogisticModel): CoefficientCovariance {
  if (fit.covariance === undefined)
    return fail(
      'invalid-option',
      fit.status === 'not-identified'
        ? 'the fit is not identified: its probabilities have no interval'
        : 'the model holds no covariance: fit it with { intervals: true }',
    );
  const path = 'fit.covariance';
  const found = shape(fit.covariance, path);
  const n = found.columns.length + 1;
  if (found.lower.length !== (n * (n + 1)) / 2)
    fail('invalid-model', `${path}.lower: expected ${(n * (n + 1)) / 2} numbers, got ${found.lower.length}`);
  found.columns.forEach(({ feature, code }, j) => {
    const field = inputs[feature] ?? fail('invalid-model', `${path}.columns[${j}].feature: no input ${feature}`);
    const fits = field.type === 'number' ? code === null || code === -1 : code !== null && code < field.levels!.length;
    if (!fits) fail('invalid-model', `${path}.columns[${j}].code: ${code} is none of "${field.name}"`);
  });
  return found;
}
