import { fail } from '../errors.ts';
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
  rankedLift,
  ranking,
  topDecile,
} from './metrics-ranking.ts';

/** How well probabilities tell events from non-events, and how well they are calibrated. Plain JSON data. */
export interface BinaryMetrics {
  /** Rows with an outcome and a probability. */
  readonly rows: number;
  readonly events: number;
  /** events / rows. */
  readonly baseRate: number;
  readonly meanProbability: number;
  readonly rocAuc: number;
  /** DeLong; null with fewer than two rows of a class. */
  readonly rocAucStandardError: number | null;
  /** 2·rocAuc − 1. */
  readonly gini: number;
  readonly averagePrecision: number;
  readonly ks: number;
  readonly topDecileLift: number;
  readonly logLoss: number;
  readonly brier: number;
  /** Expected calibration error over ten bins of equal width. */
  readonly ece: number;
  /** Of the logistic recalibration line; null when it does not exist. */
  readonly calibrationSlope: number | null;
  readonly calibrationIntercept: number | null;
}

/**
 * The usual metrics of a binary classifier, from one sort; equal probabilities are treated exactly.
 *
 * @param actual 1 = happened, 0 = did not, NaN = not judged.
 * @param probability within [0, 1]; rows where it is NaN (null) are left out.
 * @throws wrong-length; invalid-value for another outcome or no probability; empty-input; one-class.
 * @example binaryMetrics([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).rocAuc // 0.75
 */
export function binaryMetrics(actual: ArrayLike<number>, probability: ArrayLike<number>): BinaryMetrics {
  const ranks = probabilities(actual, probability);
  const rows = ranks.events + ranks.nonEvents;
  const auc = rankedAuc(ranks);
  const line = rankedCalibrationLine(ranks);
  return {
    rows,
    events: ranks.events,
    baseRate: ranks.events / rows,
    meanProbability: rankedMeanProbability(ranks),
    rocAuc: auc,
    rocAucStandardError: rankedAucStandardError(ranks),
    gini: 2 * auc - 1,
    averagePrecision: rankedAveragePrecision(ranks),
    ks: rankedKs(ranks),
    topDecileLift: rankedLift(ranks, topDecile(ranks)),
    logLoss: rankedLogLoss(ranks),
    brier: rankedBrier(ranks),
    ece: rankedCalibrationError(ranks, 10),
    calibrationSlope: line ? line.slope : null,
    calibrationIntercept: line ? line.intercept : null,
  };
}

function probabilities(actual: ArrayLike<number>, probability: ArrayLike<number>): Ranking {
  const ranks = ranking(actual, probability);
  requireProbabilities(ranks);
  return ranks;
}

/**
 * Area under the ROC curve: the probability that a random event scores higher than a random non-event, ties counting half.
 * Any score will do.
 * @example rocAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) // 0.75
 */
export function rocAuc(actual: ArrayLike<number>, score: ArrayLike<number>): number {
  return rankedAuc(ranking(actual, score));
}

/**
 * Standard error of {@link rocAuc} by DeLong, DeLong & Clarke-Pearson (1988); null with fewer than two rows of a class.
 * @example rocAucStandardError([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) // 0.3535533905932738
 */
export function rocAucStandardError(actual: ArrayLike<number>, score: ArrayLike<number>): number | null {
  return rankedAucStandardError(ranking(actual, score));
}

/**
 * Average precision: Σ over distinct scores of (recall gained)·(precision there), without interpolation.
 * @example averagePrecision([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) // 0.8333333333333333
 */
export function averagePrecision(actual: ArrayLike<number>, score: ArrayLike<number>): number {
  return rankedAveragePrecision(ranking(actual, score));
}

/**
 * Kolmogorov–Smirnov statistic: the largest difference of true-positive and false-positive rate over all cuts.
 * @example ks([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) // 0.5
 */
export function ks(actual: ArrayLike<number>, score: ArrayLike<number>): number {
  return rankedKs(ranking(actual, score));
}

/**
 * Lift of the ⌈n/10⌉ highest scores: their event rate over the base rate. Equal scores at the cut share their expectation.
 * @example topDecileLift([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) // 2
 */
export function topDecileLift(actual: ArrayLike<number>, score: ArrayLike<number>): number {
  const ranks = ranking(actual, score);
  return rankedLift(ranks, topDecile(ranks));
}

/**
 * Log loss: mean of −ln(probability of what happened), probabilities clipped to [1e-15, 1 − 1e-15].
 * @example logLoss([1, 0], [0.8, 0.4]) // 0.3669845875401002
 */
export function logLoss(actual: ArrayLike<number>, probability: ArrayLike<number>): number {
  return rankedLogLoss(probabilities(actual, probability));
}

/**
 * Brier score: mean of (probability − outcome)².
 * @example brier([1, 0], [0.8, 0.4]) // 0.1
 */
export function brier(actual: ArrayLike<number>, probability: ArrayLike<number>): number {
  return rankedBrier(probabilities(actual, probability));
}

/**
 * The logistic recalibration line logit(P) = intercept + slope·logit(p), or null when it does not exist (all probabilities
 * equal, or the classes separated).
 */
export function calibrationLine(actual: ArrayLike<number>, probability: ArrayLike<number>): CalibrationLine | null {
  return rankedCalibrationLine(probabilities(actual, probability));
}

/**
 * Mean probability beside event rate in bins of equal width, (from, to] with 0 in the first: the points of a calibration
 * plot.
 * @throws invalid-option unless `bins` is a whole number of at least 1.
 */
export function calibrationTable(
  actual: ArrayLike<number>,
  probability: ArrayLike<number>,
  { bins = 10 }: { readonly bins?: number } = {},
): readonly CalibrationBin[] {
  if (!(Number.isSafeInteger(bins) && bins >= 1)) fail('invalid-option', `invalid bins: ${bins}; use a whole number`);
  return rankedCalibration(probabilities(actual, probability), bins);
}
