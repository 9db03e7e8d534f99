import { fail } from '../errors.ts';
import { knownOptions } from '../model/options.ts';
import { normalQuantile } from '../numerics/normal.ts';
import {
  type CalibrationBin,
  type CalibrationLine,
  rankedBrier,
  rankedCalibration,
  rankedCalibrationError,
  rankedCalibrationLine,
  rankedLogLoss,
  rankedMeanProbability,
  requireProbabilities,
} from './metrics-probability.ts';
import {
  type Ranking,
  rankedAuc,
  rankedAucStandardError,
  rankedAveragePrecision,
  rankedKs,
  rankedTopDecileLift,
  ranking,
  type Weighted,
} from './metrics-ranking.ts';

/** How well probabilities tell events from non-events, and how well they are calibrated. Plain JSON data. */
export interface BinaryMetrics {
  /** Rows with an outcome and a probability. */
  readonly rows: number;
  readonly events: number;
  /** Rows without an outcome, a probability or a weight. */
  readonly leftOut: number;
  /** events / rows; this and all that follows by weight, if there are weights. */
  readonly baseRate: number;
  readonly meanProbability: number;
  readonly rocAuc: number;
  /** DeLong; null with fewer than two rows of a class. */
  readonly rocAucStandardError: number | null;
  /** rocAuc ± z·standard error, kept within [0, 1]. */
  readonly rocAucInterval: readonly [low: number, high: number] | null;
  /** 2·rocAuc − 1. */
  readonly gini: number;
  readonly averagePrecision: number;
  readonly ks: number;
  readonly topDecileLift: number;
  /** null when it is infinite: what happened had been given the probability 0. */
  readonly logLoss: number | null;
  readonly brier: number;
  /** Expected calibration error over ten bins of equal width. */
  readonly ece: number;
  /** Of the logistic recalibration line; null when it does not exist. */
  readonly calibrationSlope: number | null;
  readonly calibrationIntercept: number | null;
  /** Why a metric is null, by its name; empty when none is. */
  readonly nulls: { readonly [metric: string]: string };
}

export interface MetricOptions extends Weighted {
  /** Two-sided coverage of intervals. Default: 0.95. */
  readonly level?: number;
}

/**
 * The usual metrics of a binary classifier, from one sort. Equal probabilities are treated exactly: a cut that falls within
 * them takes the expectation over all orders of the tied rows.
 *
 * @param actual 1 = happened, 0 = did not, NaN = not judged.
 * @param probability within [0, 1]; rows where it is NaN (null) are left out and counted.
 * @throws wrong-length; invalid-value for another outcome or no probability; empty-input; one-class; invalid-option.
 * @example binaryMetrics([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).rocAuc // 0.75
 */
export function binaryMetrics(
  actual: ArrayLike<number>,
  probability: ArrayLike<number>,
  options: MetricOptions = {},
): BinaryMetrics {
  const { weight, level = 0.95 } = knownOptions(options, 'binaryMetrics', 'level weight');
  return rankedMetrics(rankedProbabilities(actual, probability, weight), level);
}

/** {@link binaryMetrics} of rows that are ranked already. */
export function rankedMetrics(ranks: Ranking, level: number): BinaryMetrics {
  checkLevel(level);
  const auc = rankedAuc(ranks);
  const standardError = rankedAucStandardError(ranks);
  const logLoss = rankedLogLoss(ranks);
  const line = rankedCalibrationLine(ranks);
  const nulls: { [metric: string]: string } = {};
  if (standardError === null)
    nulls.rocAucStandardError = nulls.rocAucInterval = 'a class has fewer than two rows: its variance is unknown';
  if (logLoss === null) nulls.logLoss = 'infinite: the probability of something that happened was 0';
  if (line === null)
    nulls.calibrationSlope = nulls.calibrationIntercept =
      ranks.scores.length === 1
        ? 'all probabilities are equal'
        : 'the probabilities separate the classes: the maximum of the likelihood does not exist';
  const half = standardError === null ? 0 : normalQuantile((1 + level) / 2) * standardError;
  return {
    rows: ranks.rows,
    events: ranks.eventRows,
    leftOut: ranks.leftOut,
    baseRate: ranks.events / (ranks.events + ranks.nonEvents),
    meanProbability: rankedMeanProbability(ranks),
    rocAuc: auc,
    rocAucStandardError: standardError,
    rocAucInterval: standardError === null ? null : [Math.max(auc - half, 0), Math.min(auc + half, 1)],
    gini: 2 * auc - 1,
    averagePrecision: rankedAveragePrecision(ranks),
    ks: rankedKs(ranks),
    topDecileLift: rankedTopDecileLift(ranks),
    logLoss,
    brier: rankedBrier(ranks),
    ece: rankedCalibrationError(ranks, 10),
    calibrationSlope: line ? line.slope : null,
    calibrationIntercept: line ? line.intercept : null,
    nulls,
  };
}

/** Stops unless `level` is a coverage. */
export function checkLevel(level: number): void {
  if (!(level > 0 && level < 1)) fail('invalid-option', `invalid level: ${level}; use a number between 0 and 1`);
}

/** Ranks rows by a probability. */
export function rankedProbabilities(
  actual: ArrayLike<number>,
  probability: ArrayLike<number>,
  weight: ArrayLike<number> | undefined,
): Ranking {
  const ranks = ranking(actual, probability, weight);
  requireProbabilities(ranks);
  return ranks;
}

/**
 * Area under the ROC curve: the probability that a random event scores higher than a random non-event, ties counting half.
 * Any score will do.
 * @example rocAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) // 0.75
 */
export function rocAuc(actual: ArrayLike<number>, score: ArrayLike<number>, options: Weighted = {}): number {
  const { weight } = knownOptions(options, 'rocAuc', 'weight');
  return rankedAuc(ranking(actual, score, weight));
}

/**
 * Standard error of {@link rocAuc} by DeLong, DeLong & Clarke-Pearson (1988); null with fewer than two rows of a class.
 * @example rocAucStandardError([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) // 0.3535533905932738
 */
export function rocAucStandardError(
  actual: ArrayLike<number>,
  score: ArrayLike<number>,
  options: Weighted = {},
): number | null {
  const { weight } = knownOptions(options, 'rocAucStandardError', 'weight');
  return rankedAucStandardError(ranking(actual, score, weight));
}

/**
 * Average precision: Σ over distinct scores of (recall gained)·(precision there), without interpolation.
 * @example averagePrecision([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) // 0.8333333333333333
 */
export function averagePrecision(actual: ArrayLike<number>, score: ArrayLike<number>, options: Weighted = {}): number {
  const { weight } = knownOptions(options, 'averagePrecision', 'weight');
  return rankedAveragePrecision(ranking(actual, score, weight));
}

/**
 * Kolmogorov–Smirnov statistic: the largest difference of true-positive and false-positive rate over all cuts.
 * @example ks([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) // 0.5
 */
export function ks(actual: ArrayLike<number>, score: ArrayLike<number>, options: Weighted = {}): number {
  const { weight } = knownOptions(options, 'ks', 'weight');
  return rankedKs(ranking(actual, score, weight));
}

/**
 * Lift of the ⌈n/10⌉ highest scores: their event rate over the base rate. Equal scores at the cut share their expectation.
 * @example topDecileLift([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) // 2
 */
export function topDecileLift(actual: ArrayLike<number>, score: ArrayLike<number>, options: Weighted = {}): number {
  const { weight } = knownOptions(options, 'topDecileLift', 'weight');
  return rankedTopDecileLift(ranking(actual, score, weight));
}

/**
 * Log loss: mean of −ln(probability of what happened); null when it is infinite, because what happened had been given the
 * probability 0. Nothing is clipped.
 * @example logLoss([1, 0], [0.8, 0.4]) // 0.3669845875401002
 */
export function logLoss(
  actual: ArrayLike<number>,
  probability: ArrayLike<number>,
  options: Weighted = {},
): number | null {
  const { weight } = knownOptions(options, 'logLoss', 'weight');
  return rankedLogLoss(rankedProbabilities(actual, probability, weight));
}

/**
 * Brier score: mean of (probability − outcome)².
 * @example brier([1, 0], [0.8, 0.4]) // 0.1
 */
export function brier(actual: ArrayLike<number>, probability: ArrayLike<number>, options: Weighted = {}): number {
  const { weight } = knownOptions(options, 'brier', 'weight');
  return rankedBrier(rankedProbabilities(actual, probability, weight));
}

/**
 * The logistic recalibration line logit(P) = intercept + slope·logit(p), or null when it does not exist (all probabilities
 * equal, or the classes separated). Probabilities of 0 and 1 count as 1e-15 and 1 − 1e-15.
 */
export function calibrationLine(
  actual: ArrayLike<number>,
  probability: ArrayLike<number>,
  options: Weighted = {},
): CalibrationLine | null {
  const { weight } = knownOptions(options, 'calibrationLine', 'weight');
  return rankedCalibrationLine(rankedProbabilities(actual, probability, weight));
}

/**
 * Mean probability beside event rate in bins of equal width, (from, to] with 0 in the first: the points of a calibration
 * plot.
 * @throws invalid-option unless `bins` is a whole number of at least 1.
 */
export function calibrationTable(
  actual: ArrayLike<number>,
  probability: ArrayLike<number>,
  options: Weighted & { readonly bins?: number } = {},
): readonly CalibrationBin[] {
  const { bins = 10, weight } = knownOptions(options, 'calibrationTable', 'weight bins');
  checkCount(bins, 'bins');
  return rankedCalibration(rankedProbabilities(actual, probability, weight), bins);
}

/** Stops unless the option is a whole number of at least 1. */
export function checkCount(count: number, option: string): void {
  if (!(Number.isSafeInteger(count) && count >= 1))
    fail('invalid-option', `invalid ${option}: ${count}; use a whole number of at least 1`);
}
