import { log } from '../../numerics/elementary.ts';
import { normalQuantile } from '../../numerics/normal.ts';
import { studentTQuantile } from '../../numerics/student-t.ts';
import { mean, sum } from '../../numerics/sum.ts';
import type { Split } from '../../validation/folds.ts';
import { compareAuc } from '../judgement/compare-auc.ts';
import type { CandidateResult } from './candidate-result.ts';

export type ComparisonMetric = 'rocAuc' | 'logLoss' | 'brier';

/** Two candidates on the same rows; a difference above 0 says that `a` is better. */
export interface Comparison {
  readonly a: string;
  readonly b: string;
  /**
   * On all test rows: the areas by DeLong, a mean loss by the paired differences of its rows. It knows the chance of the
   * rows, but not that of learning from other ones.
   */
  readonly pooled: {
    /** Null when a mean loss is infinite. */
    readonly difference: number | null;
    readonly standardError: number | null;
    readonly interval: readonly [low: number, high: number] | null;
  };
  /**
   * Per split, and their mean with the interval of the corrected resampled t-test, whose variance s²·(1/J + test/train)
   * allows for splits that learn from the same rows (Nadeau & Bengio 2003, Machine Learning 52, eq. 9).
   */
  readonly folds: {
    /** Null where a split has no figure. */
    readonly differences: readonly (number | null)[];
    readonly mean: number | null;
    /** Null with fewer than two splits. */
    readonly interval: readonly [low: number, high: number] | null;
  };
  /** Whether both intervals, those that exist, lie on one side of 0. */
  readonly decided: boolean;
}

export function higherIsBetter(metric: ComparisonMetric): boolean {
  return metric === 'rocAuc';
}

export function compared(
  actual: Float64Array,
  a: CandidateResult,
  b: CandidateResult,
  scores: { readonly [name: string]: Float64Array },
  splits: readonly Split[],
  metric: ComparisonMetric,
  level: number,
): Comparison {
  const pooled = pooledDifference(actual, scores[a.name]!, scores[b.name]!, metric, level);
  const folds = foldDifferences(a, b, splits, metric, level);
  const intervals = [pooled.interval, folds.interval].filter((interval) => interval !== null);
  const decided = intervals.length > 0 && intervals.every(([low, high]) => low > 0 || high < 0);
  return { a: a.name, b: b.name, pooled, folds, decided };
}

function pooledDifference(
  actual: Float64Array,
  a: Float64Array,
  b: Float64Array,
  metric: ComparisonMetric,
  level: number,
): Comparison['pooled'] {
  if (metric === 'rocAuc') {
    const { difference, standardError, interval } = compareAuc(actual, a, b, { level });
    return { difference, standardError, interval };
  }
  const loss = metric === 'brier' ? brierOf : logLossOf;
  const gains = Float64Array.from(actual, (y, row) => (y === y ? loss(y, b[row]!) - loss(y, a[row]!) : y));
  const known = gains.filter((_, row) => actual[row] === actual[row]);
  const difference = mean(known);
  if (!known.every(Number.isFinite)) return { difference: null, standardError: null, interval: null };
  if (known.length < 2) return { difference, standardError: null, interval: null };
  const standardError = Math.sqrt(spread(known) / known.length);
  const half = normalQuantile((1 + level) / 2) * standardError;
  return { difference, standardError, interval: [difference - half, difference + half] };
}

const brierOf = (y: number, p: number): number => (p - y) ** 2;
const logLossOf = (y: number, p: number): number => -log(y === 1 ? p : 1 - p);

function foldDifferences(
  a: CandidateResult,
  b: CandidateResult,
  splits: readonly Split[],
  metric: ComparisonMetric,
  level: number,
): Comparison['folds'] {
  const sign = higherIsBetter(metric) ? 1 : -1;
  const differences = a.folds.map((own, k) => {
    const mine = own?.[metric] ?? null;
    const other = b.folds[k]?.[metric] ?? null;
    return mine === null || other === null ? null : sign * (mine - other) + 0;
  });
  const known = differences.flatMap((d, k) => (d === null ? [] : [{ d, ...splits[k]! }]));
  const count = known.length;
  if (count === 0) return { differences, mean: null, interval: null };
  const gains = Float64Array.from(known, ({ d }) => d);
  const centre = mean(gains);
  if (count < 2) return { differences, mean: centre, interval: null };
  const share = sum(known.map(({ train, test }) => test.length / train.length)) / count;
  const half = studentTQuantile((1 + level) / 2, count - 1) * Math.sqrt(spread(gains) * (1 / count + share));
  return { differences, mean: centre, interval: [centre - half, centre + half] };
}

/** Sample variance. */
function spread(cells: Float64Array): number {
  const centre = mean(cells);
  return sum(cells.map((x) => (x - centre) ** 2)) / (cells.length - 1);
}
