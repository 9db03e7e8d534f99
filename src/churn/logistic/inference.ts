import { fail } from '../../errors.ts';
import { knownOptions } from '../../model/options.ts';
import { chiSquaredTail } from '../../numerics/chi-squared.ts';
import { exp, log } from '../../numerics/elementary.ts';
import { normalQuantile } from '../../numerics/normal.ts';
import type { LogisticReport } from '../../regression/report.ts';

/** A coefficient with its interval, and both as odds ratios. Null: not defined. */
export interface CoefficientInterval {
  readonly name: string;
  readonly estimate: number;
  readonly low: number | null;
  readonly high: number | null;
  /** e^estimate. */
  readonly oddsRatio: number | null;
  readonly oddsRatioLow: number | null;
  readonly oddsRatioHigh: number | null;
}

/**
 * Wald intervals `estimate ± z·error` of the coefficients of a logistic fit, by the standard errors it reports. Null where
 * there is no error: left out, separated, or fitted under an L1 penalty. Near separation `profileIntervals` hold better.
 * @example waldIntervals(model.fit, { level: 0.9 })[0].oddsRatioLow
 */
export function waldIntervals(
  fit: Pick<LogisticReport, 'coefficients'>,
  options: { readonly level?: number } = {},
): readonly CoefficientInterval[] {
  const { level = 0.95 } = knownOptions(options, 'waldIntervals', 'level');
  checkLevel(level);
  const z = normalQuantile((1 + level) / 2);
  return fit.coefficients.map(({ name, estimate, standardError, oddsRatio }) => {
    const ends = standardError === null ? null : [estimate - z * standardError, estimate + z * standardError];
    return asInterval(name, estimate, ends?.[0] ?? null, ends?.[1] ?? null, oddsRatio);
  });
}

export function checkLevel(level: number): void {
  if (!(level > 0 && level < 1)) fail('invalid-option', `invalid level: ${level}; use a number between 0 and 1`);
}

export function asInterval(
  name: string,
  estimate: number,
  low: number | null,
  high: number | null,
  oddsRatio: number | null,
): CoefficientInterval {
  return {
    name,
    estimate,
    low,
    high,
    oddsRatio,
    oddsRatioLow: odds(low),
    oddsRatioHigh: odds(high),
  };
}

function odds(logOdds: number | null): number | null {
  const ratio = logOdds === null ? Number.NaN : exp(logOdds);
  return Number.isFinite(ratio) ? ratio : null;
}

/** A chi-squared test of two nested models. */
export interface DevianceTest {
  /** Deviance of the smaller model − deviance of the larger one. */
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  readonly pValue: number;
}

/** How well a logistic model fits the rows it was fitted to. */
export interface GoodnessOfFit {
  readonly deviance: number;
  readonly nullDeviance: number;
  /** Coefficients in use, the intercept among them. */
  readonly parameters: number;
  readonly aic: number;
  /** deviance + parameters·ln n. */
  readonly bic: number;
  /** Against the model with an intercept alone; null for a fit with a penalty or class weights. */
  readonly likelihoodRatio: DevianceTest | null;
  /** 1 − lnL/lnL₀ (McFadden 1974). */
  readonly mcFadden: number;
  /** 1 − (L₀/L)^(2/n) (Cox & Snell 1989). */
  readonly coxSnell: number;
  /** Cox & Snell's over its largest possible value (Nagelkerke 1991). */
  readonly nagelkerke: number;
}

/**
 * Deviances, information criteria, the likelihood-ratio test against no features, and pseudo R², of the report of a
 * logistic model or of one offer of an ownership propensity. n is the number of rows, or the sum of their weights.
 * @example goodnessOfFit(model.fit).mcFadden
 */
export function goodnessOfFit(fit: LogisticReport): GoodnessOfFit {
  const { deviance, nullLogLikelihood, aic } = fit;
  const n = fit.totalWeight ?? fit.rows;
  const nullDeviance = -2 * nullLogLikelihood;
  const parameters = Math.round((aic - deviance) / 2);
  const coxSnell = 1 - exp((deviance - nullDeviance) / n);
  const comparable = fit.penalty === undefined && fit.classWeight === undefined;
  return {
    deviance,
    nullDeviance,
    parameters,
    aic,
    bic: deviance + parameters * log(n),
    likelihoodRatio: comparable ? chiSquared(nullDeviance - deviance, parameters - 1) : null,
    mcFadden: 1 - deviance / nullDeviance,
    coxSnell,
    nagelkerke: coxSnell / (1 - exp(-nullDeviance / n)),
  };
}

/**
 * The likelihood-ratio test (analysis of deviance) of a smaller logistic model inside a larger one, both fitted to the same
 * rows without a penalty.
 * @throws invalid-option when rows differ, when the larger model has no more coefficients, or when either was fitted with a
 *   penalty or class weights
 * @example devianceTest(without.fit, model.fit).pValue
 */
export function devianceTest(smaller: LogisticReport, larger: LogisticReport): DevianceTest {
  for (const fit of [smaller, larger])
    if (fit.penalty !== undefined || fit.classWeight !== undefined)
      fail('invalid-option', 'a model was fitted with a penalty or class weights: its likelihood is not the highest');
  if (smaller.rows !== larger.rows || smaller.totalWeight !== larger.totalWeight)
    fail('invalid-option', `${smaller.rows} rows against ${larger.rows}: fit both models to the same rows`);
  const more = goodnessOfFit(larger).parameters - goodnessOfFit(smaller).parameters;
  if (more <= 0) fail('invalid-option', 'the first model must be inside the second one, with fewer coefficients');
  return chiSquared(smaller.deviance - larger.deviance, more);
}

function chiSquared(difference: number, degreesOfFreedom: number): DevianceTest {
  const statistic = Math.max(0, difference);
  return {
    statistic,
    degreesOfFreedom,
    pValue: degreesOfFreedom > 0 ? chiSquaredTail(statistic, degreesOfFreedom) : 1,
  };
}
