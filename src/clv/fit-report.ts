import type { FitReport } from '../model/contract.ts';
import { log } from '../numerics/elementary.ts';

/**
 * How a maximum-likelihood fit ended. `P` are the parameters' names.
 * - `converged`: an interior maximum.
 * - `boundary`: the likelihood is highest in a limit, named by `limit`; parameters without a finite value there have a
 *   null standard error.
 * - `not-identified`: the data do not tell the parameters apart; whatever they are, predictions within the data hold.
 * - `iteration-limit`: the search stopped early.
 */
export interface LikelihoodFit<P extends string = string> extends FitReport {
  readonly iterations: number;
  /** Largest |∂ logLikelihood / ∂ ln parameter| at the end. */
  readonly gradientNorm: number;
  readonly logLikelihood: number;
  /** Akaike's and the Bayesian information criterion: 2k − 2 ln L and k·ln(rows) − 2 ln L; k parameters. */
  readonly aic: number;
  readonly bic: number;
  /** From the observed information, on the natural scale (J H⁻¹ Jᵀ); null where there is none to state. */
  readonly standardErrors: { readonly [K in P]: number | null };
  /** Covariance of the parameters in their order; null unless the status is `converged`. */
  readonly covariance: readonly (readonly number[])[] | null;
  /** Rows left out of the fit. */
  readonly leftOut: number;
}

/** The information criteria of a likelihood with this many estimated parameters. */
export function criteria(
  logLikelihood: number,
  parameters: number,
  rows: number,
): { readonly aic: number; readonly bic: number } {
  return { aic: 2 * parameters - 2 * logLikelihood, bic: parameters * log(rows) - 2 * logLikelihood };
}
