import { knownOptions } from '../../model/options.ts';
import { type BinaryMetrics, checkCount, type MetricOptions, rankedMetrics, rankedProbabilities } from '../metrics.ts';
import {
  type BrierDecomposition,
  type CalibrationBin,
  rankedBrierDecomposition,
  rankedCalibration,
} from '../metrics-probability.ts';
import { type Confusion, rankedConfusion } from './confusion.ts';
import { type GainsRow, rankedGains } from './gains-table.ts';
import { rankedHMeasure, type Severity } from './h-measure.ts';
import {
  type AcceptanceBelief,
  type ExpectedMaximumProfit,
  type MaximumProfit,
  type ProfitCriterion,
  rankedEmpc,
  rankedMpc,
} from './maximum-profit.ts';
import { rocHull } from './roc-hull.ts';

export interface EvaluateOptions extends MetricOptions, Severity {
  /** Groups of the gains table. Default: 10. */
  readonly groups?: number;
  /** Bins of the calibration table and of the Brier decomposition. Default: 10. */
  readonly bins?: number;
  /** Probabilities at which a confusion matrix is wanted. Default: none. */
  readonly cuts?: readonly number[];
  /** The campaign behind `mpc` (at the mean acceptance) and `empc`. Default: that of the paper. */
  readonly profit?: ProfitCriterion & { readonly acceptance?: AcceptanceBelief };
}

export interface Evaluation extends BinaryMetrics {
  readonly brierDecomposition: BrierDecomposition;
  readonly hMeasure: number;
  readonly mpc: MaximumProfit;
  readonly empc: ExpectedMaximumProfit;
  readonly gains: readonly GainsRow[];
  readonly calibration: readonly CalibrationBin[];
  readonly confusion: readonly Confusion[];
}

/**
 * Everything that judges probabilities against outcomes, from one sort: the metrics of `binaryMetrics`, the Brier score
 * decomposed, H-measure, MPC and EMPC, gains and calibration tables, and confusion at chosen cuts.
 *
 * @throws as `binaryMetrics`; invalid-option.
 * @example evaluate([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9], { cuts: [0.5] }).confusion[0].accuracy // 1
 */
export function evaluate(
  actual: ArrayLike<number>,
  probability: ArrayLike<number>,
  options: EvaluateOptions = {},
): Evaluation {
  const {
    weight,
    level = 0.95,
    groups = 10,
    bins = 10,
    cuts = [],
    severity,
    profit = {},
  } = knownOptions(options, 'evaluate', 'groups bins cuts profit level weight severity');
  checkCount(bins, 'bins');
  const ranks = rankedProbabilities(actual, probability, weight);
  const hull = rocHull(ranks);
  const { acceptance = { alpha: 6, beta: 14 }, ...criterion } = profit;
  return {
    ...rankedMetrics(ranks, level),
    brierDecomposition: rankedBrierDecomposition(ranks, bins),
    hMeasure: rankedHMeasure(ranks, hull, severity),
    empc: rankedEmpc(ranks, hull, criterion, acceptance),
    mpc: rankedMpc(ranks, hull, criterion, acceptance.alpha / (acceptance.alpha + acceptance.beta)),
    gains: rankedGains(ranks, groups),
    calibration: rankedCalibration(ranks, bins),
    confusion: cuts.map((cut) => rankedConfusion(ranks, cut)),
  };
}
