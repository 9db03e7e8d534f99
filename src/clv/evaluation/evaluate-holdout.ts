import { readNumbers } from '../../columns/index.ts';
import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { checked, positive } from '../../model/checks.ts';
import type { InputsOf } from '../../model/contract.ts';
import { knownOptions } from '../../model/options.ts';
import { auc } from '../../numerics/auc.ts';
import { sum } from '../../numerics/sum.ts';
import { spearman } from '../correlation.ts';
import type { HistoryEstimator } from '../family/estimator.ts';
import type { HistoryModel } from '../family/model.ts';
import { predictionIntervals } from '../inference/prediction-intervals.ts';
import { type FrequencyFitRow, frequencyFit } from './frequency-fit.ts';
import { predictiveInterval } from './predictive-interval.ts';
import { purchaseMoments } from './purchase-moments.ts';
import { type TrackingOptions, type TrackingRow, tracking } from './tracking.ts';
import { type ValueRanking, valueRanking } from './value-ranking.ts';

/** Mean absolute and root mean squared error per customer. */
export interface Errors {
  readonly mae: number;
  readonly rmse: number;
}

/** Actual beside expected purchases of the customers with one number of repeat purchases in the calibration. */
export interface FrequencyRow {
  /** Repeat purchases in the calibration; the last row holds all from `frequency` on. */
  readonly frequency: number;
  readonly open: boolean;
  readonly customers: number;
  /** Mean purchases in the holdout. */
  readonly actual: number;
  readonly expected: number;
}

/** How a fitted model foretold the purchases of a holdout. Plain data. */
export interface HoldoutEvaluation {
  readonly kind: string;
  /** Length of the holdout in the model's time unit. */
  readonly periods: number;
  readonly customers: number;
  /** Rows without a history or an actual. */
  readonly leftOut: number;
  readonly total: {
    readonly actual: number;
    readonly expected: number;
    /** expected/actual − 1; null when nothing was bought. */
    readonly relative: number | null;
    /** (expected − actual)/customers. */
    readonly bias: number;
    /** Predictive interval of the total: chance in what customers do, and the uncertainty of the parameters if known. */
    readonly interval: readonly [low: number, high: number];
    readonly level: number;
    readonly inside: boolean;
  };
  /** Mean of −ln P(actual | history): lower is better, and no wrong distribution can gain by it. */
  readonly logScore: number;
  readonly rmse: number;
  /** Read it beside the baselines only: predicting 0 for everyone almost wins it. */
  readonly mae: number;
  readonly baselines: { readonly zero: Errors; readonly ownRate: Errors };
  readonly spearman: number | null;
  /** AUC of the expectation, and of P(at least one purchase), for a purchase in the holdout; null with one class. */
  readonly rocAuc: { readonly expectedPurchases: number | null; readonly probabilityOfPurchase: number | null };
  /** P(at least one purchase): mean, share who bought, Brier score beside that of the share itself. */
  readonly purchase: {
    readonly expected: number;
    readonly actual: number;
    readonly brier: number;
    readonly brierOfBaseRate: number;
  };
  readonly byFrequency: readonly FrequencyRow[];
  /** Histogram of the calibration's repeat purchases beside the model's. */
  readonly frequencies: readonly FrequencyFitRow[];
  /** Present when asked for. */
  readonly tracking?: readonly TrackingRow[];
  /** Present when values were given. */
  readonly value?: ValueRanking;
}

/** Options of {@link evaluateHoldout}. */
export interface HoldoutOptions {
  /** Length of the holdout in the model's time unit. */
  readonly periods: number;
  /** Confidence of the predictive interval. Default 0.95. */
  readonly level?: number;
  /** Frequencies from this one on share a row. Default 7. */
  readonly topFrequency?: number;
  /** Tracks purchases over calibration and holdout, incremental and cumulative: see {@link tracking}. */
  readonly tracking?: TrackingOptions;
  /** Expected and actual spend of each customer in the holdout, for the ranking of value. */
  readonly value?: { readonly expected: ArrayLike<number>; readonly actual: ArrayLike<number> };
}

/**
 * Judges a model by the purchases of a holdout that follows the calibration at once.
 * @param estimator the family, such as `bgNbd`
 * @param customers the calibration histories the model is asked about
 * @param actual purchases of each customer in the holdout; NaN leaves the row out
 * @throws ClienteleError `wrong-length`, `invalid-value` for an actual that is no count, `empty-input`
 * @example
 * evaluateHoldout(bgNbd, model, cdnow, holdout, { periods: 39 }).total; // expected 1653.41 for 1882
 */
export function evaluateHoldout<K extends string, P extends string, M extends HistoryModel<K, P>>(
  estimator: HistoryEstimator<K, P>,
  model: M,
  customers: Columns<InputsOf<M>>,
  actual: ArrayLike<number>,
  options: HoldoutOptions,
): HoldoutEvaluation {
  const {
    periods,
    level = 0.95,
    topFrequency = 7,
    tracking: tracked,
    value,
  } = knownOptions(options, 'evaluateHoldout', 'periods level topFrequency tracking value');
  checked('invalid-option', positive, periods, 'periods');
  const all = estimator.expectedPurchases(model, customers, { periods });
  if (actual.length !== all.length) fail('wrong-length', `${actual.length} actual counts for ${all.length} customers`);
  const { surprise, cumulants } = purchaseMoments(estimator.family, model, customers as Columns, periods, actual);
  const rows = [...surprise.keys()].filter((i) => surprise[i] === surprise[i]);
  const n = rows.length;
  if (n === 0) fail('empty-input', 'no row has both a history and an actual count');
  const pick = (values: ArrayLike<number>): Float64Array => Float64Array.from(rows, (i) => values[i]!);
  const expected = pick(all);
  const seen = pick(actual);
  const x = pick(readNumbers(customers as Columns, model.inputs[0]!.name));
  const T = pick(readNumbers(customers as Columns, model.inputs[2]!.name));
  const bought = seen.map((k) => (k > 0 ? 1 : 0));
  const chance = pick(estimator.probabilityOfPurchase(model, customers, { periods }));
  const share = sum(bought) / n;
  const totals = { actual: sum(seen), expected: sum(expected) };
  const uncertain =
    model.fit.covariance === null
      ? 0
      : predictionIntervals(model, (m) => pick(estimator.expectedPurchases(m, customers, { periods }))).total
          .standardError;
  const [mean, variance, third, fourth] = cumulants;
  const interval = predictiveInterval([mean, variance + uncertain * uncertain, third, fourth], level);
  const of = (figures: Float64Array): number | null => (share > 0 && share < 1 ? auc(bought, figures) : null);
  return {
    ...{ kind: model.kind, periods, customers: n, leftOut: actual.length - n },
    total: {
      ...totals,
      relative: totals.actual > 0 ? totals.expected / totals.actual - 1 : null,
      bias: (totals.expected - totals.actual) / n,
      ...{ interval, level, inside: interval[0] <= totals.actual && totals.actual <= interval[1] },
    },
    logScore: sum(pick(surprise)) / n,
    ...errors(expected, seen),
    baselines: {
      zero: errors(new Float64Array(n), seen),
      ownRate: errors(
        x.map((count, i) => (T[i]! > 0 ? (count * periods) / T[i]! : 0)),
        seen,
      ),
    },
    spearman: spearman(expected, seen),
    rocAuc: { expectedPurchases: of(expected), probabilityOfPurchase: of(chance) },
    purchase: {
      expected: sum(chance) / n,
      actual: share,
      brier: sum(chance.map((p, i) => (p - bought[i]!) * (p - bought[i]!))) / n,
      brierOfBaseRate: share * (1 - share),
    },
    byFrequency: byFrequency(x, expected, seen, topFrequency),
    frequencies: frequencyFit(estimator, model, customers, { top: topFrequency }),
    ...(tracked ? { tracking: tracking(estimator, model, customers, tracked) } : {}),
    ...(value ? { value: valueRanking(value.expected, value.actual) } : {}),
  };
}

function errors(expected: Float64Array, actual: Float64Array): Errors {
  let [absolute, square] = [0, 0];
  for (let i = 0; i < actual.length; i++) {
    const off = expected[i]! - actual[i]!;
    absolute += Math.abs(off);
    square += off * off;
  }
  return { mae: absolute / actual.length, rmse: Math.sqrt(square / actual.length) };
}

function byFrequency(
  x: Float64Array,
  expected: Float64Array,
  actual: Float64Array,
  top: number,
): readonly FrequencyRow[] {
  const rows = Array.from({ length: top + 1 }, () => ({ customers: 0, actual: 0, expected: 0 }));
  x.forEach((count, i) => {
    const row = rows[Math.min(count, top)]!;
    row.customers++;
    row.actual += actual[i]!;
    row.expected += expected[i]!;
  });
  return rows.flatMap((row, frequency) =>
    row.customers === 0
      ? []
      : [
          {
            ...{ frequency, open: frequency === top, customers: row.customers },
            ...{ actual: row.actual / row.customers, expected: row.expected / row.customers },
          },
        ],
  );
}
