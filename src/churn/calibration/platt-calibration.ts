import { checked, flag, oneOf } from '../../model/checks.ts';
import type { Estimator, FitStatus } from '../../model/contract.ts';
import { knownOptions } from '../../model/options.ts';
import { type CalibrationOptions, calibrator } from './calibration-data.ts';
import { fitLink, separated } from './fit-link.ts';
import { logOf, logOfRest, logRangeOf } from './log-odds-range.ts';
import { type PlattModel, plattKind } from './platt-kind.ts';

export interface PlattOptions<S extends string, O extends string> extends CalibrationOptions<S, O> {
  /**
   * What the line is fitted on: the log-odds of a score that is a probability (default; a calibrated score then stays as it
   * is), or the score itself, which may be any number.
   */
  readonly scale?: 'log-odds' | 'score';
  /**
   * Platt's targets (N₊ + 1)/(N₊ + 2) and 1/(N₋ + 2) instead of 1 and 0, which keep the slope finite where the classes are
   * separated. Default: true.
   */
  readonly smooth?: boolean;
}

/**
 * Platt calibration: a logistic regression of churn on one score, P = 1/(1 + e^−(intercept + slope·x)), by maximum
 * likelihood. In a pipeline behind a classifier it is fitted on out-of-fold scores. A probability outside [0, 1] gives null
 * with the reason `out-of-range`.
 *
 * `fit.status` is 'not-identified' for scores that are all equal (the base rate for everyone), or that separate the classes
 * without smoothing.
 *
 * Source: Platt (1999), Advances in Large Margin Classifiers, 61–74; Lin, Lin & Weng (2007) for the targets.
 * @throws one-class; label-as-feature; horizon-mismatch; all-null; unknown-column; invalid-option; invalid-value.
 * @example
 * pipeline([logisticRegression({ label, features }), plattCalibration({ label })]).fit(customers);
 */
export function plattCalibration<
  const S extends string = 'churnProbability',
  const O extends string = 'calibratedProbability',
>(options: PlattOptions<S, O>): Estimator<PlattModel<S, O>> {
  const {
    label,
    score = 'churnProbability' as S,
    as = 'calibratedProbability' as O,
    weight,
    scale = 'log-odds',
    smooth = true,
  } = knownOptions(options, 'plattCalibration', 'scale smooth label score weight as');
  checked('invalid-option', oneOf('log-odds', 'score'), scale, 'scale');
  checked('invalid-option', flag, smooth, 'smooth');
  return calibrator(plattKind, { label, score, as, weight }, scale === 'log-odds', (rows) => {
    const { scores, y, events, nonEvents } = rows;
    const range = scale === 'score' ? null : logRangeOf(scores, score);
    const x = range ? scores.map((p) => logOf(p, range) - logOfRest(p, range)) : scores;
    const [yes, no] = smooth ? [(events + 1) / (events + 2), 1 / (nonEvents + 2)] : [1, 0];
    const fit = fitLink(
      [x],
      y.map((event) => (event === 1 ? yes : no)),
      rows.weight,
    );
    const [slope] = fit.slopes as [number];
    const warnings: string[] = [];
    let status: FitStatus = fit.converged ? 'converged' : 'iteration-limit';
    if (x.every((value) => value === x[0])) {
      status = 'not-identified';
      warnings.push(`"${score}" has one value only: everyone gets the base rate`);
    } else if (!smooth && separated(x, y)) {
      status = 'not-identified';
      warnings.push(`"${score}" separates the classes: the slope has no limit, use smooth`);
    }
    if (slope < 0) warnings.push(`the slope is negative: a higher "${score}" goes with less churn`);
    const [intercept, ofSlope] = fit.standardErrors as [number | null, number | null];
    return {
      parameters: { scale, intercept: fit.intercept + 0, slope: slope + 0, range },
      status,
      warnings,
      report: { standardErrors: { intercept, slope: ofSlope } },
    };
  });
}
