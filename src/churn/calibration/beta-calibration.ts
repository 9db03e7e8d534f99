import type { Estimator, FitStatus } from '../../model/contract.ts';
import { knownOptions } from '../../model/options.ts';
import { type BetaCalibrationModel, betaCalibrationKind } from './beta-kind.ts';
import { type CalibrationOptions, type CalibrationRows, calibrator } from './calibration-data.ts';
import { fitLink, type LinkFit, separated } from './fit-link.ts';
import { logOf, logOfRest, logRangeOf } from './log-odds-range.ts';

/**
 * Beta calibration of a probability: logit P = intercept + a·ln p − b·ln(1 − p), a, b ≥ 0, by maximum likelihood. It holds
 * the identity (a = b = 1) and bends where Platt's sigmoid cannot. In a pipeline behind a classifier it is fitted on
 * out-of-fold probabilities. A probability outside [0, 1] gives null with the reason `out-of-range`.
 *
 * `fit.status` is 'boundary' where a or b would be below 0 and is held at 0, 'not-identified' where the probabilities are
 * equal or separate the classes.
 *
 * Source: Kull, Silva Filho & Flach (2017), Electronic Journal of Statistics 11, 5052–5080.
 * @throws one-class; label-as-feature; horizon-mismatch; all-null; unknown-column; invalid-option; invalid-value.
 * @example
 * pipeline([logisticRegression({ label, features }), betaCalibration({ label })]).fit(customers);
 */
export function betaCalibration<
  const S extends string = 'churnProbability',
  const O extends string = 'calibratedProbability',
>(options: CalibrationOptions<S, O>): Estimator<BetaCalibrationModel<S, O>> {
  const {
    label,
    score = 'churnProbability' as S,
    as = 'calibratedProbability' as O,
    weight,
  } = knownOptions(options, 'betaCalibration', 'label score weight as');
  return calibrator(betaCalibrationKind, { label, score, as, weight }, true, (rows) => {
    const range = logRangeOf(rows.scores, score);
    const { fit, bound } = bounded(
      rows.scores.map((p) => logOf(p, range)),
      rows.scores.map((p) => -logOfRest(p, range)),
      rows,
    );
    const warnings: string[] = [];
    let status: FitStatus = fit.converged ? (bound ? 'boundary' : 'converged') : 'iteration-limit';
    if (bound) warnings.push(`${bound} held at 0, so that P does not fall where "${score}" rises`);
    if (rows.scores.every((p) => p === rows.scores[0])) {
      status = 'not-identified';
      warnings.push(`"${score}" has one value only: everyone gets the base rate`);
    } else if (separated(rows.scores, rows.y) && fit.slopes.some((slope) => slope > 0)) {
      status = 'not-identified';
      warnings.push(`"${score}" separates the classes: the coefficients have no limit, use plattCalibration`);
    }
    const [a, b] = fit.slopes as [number, number];
    const [intercept, ofA, ofB] = fit.standardErrors as [number | null, number | null, number | null];
    return {
      parameters: { intercept: fit.intercept + 0, a: a + 0, b: b + 0, range },
      status,
      warnings,
      report: { standardErrors: { intercept, a: ofA, b: ofB } },
    };
  });
}

/** The likeliest fit with both slopes at least 0: inside, or on one of the two bounds, or on both. */
function bounded(
  first: Float64Array,
  second: Float64Array,
  { y, weight }: CalibrationRows,
): { readonly fit: LinkFit; readonly bound: string | null } {
  const none = new Float64Array(y.length);
  const inside = fitLink([first, second], y, weight);
  const allowed = (fit: LinkFit): boolean => fit.slopes.every((slope) => slope >= 0);
  if (allowed(inside)) return { fit: inside, bound: null };
  const edges = [
    { fit: fitLink([none, second], y, weight), bound: 'a is' },
    { fit: fitLink([first, none], y, weight), bound: 'b is' },
  ]
    .filter(({ fit }) => allowed(fit))
    .sort((p, q) => p.fit.loss - q.fit.loss);
  return edges[0] ?? { fit: fitLink([none, none], y, weight), bound: 'a and b are' };
}
