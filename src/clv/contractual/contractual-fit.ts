import type { FitStatus } from '../../model/contract.ts';
import { log } from '../../numerics/elementary.ts';
import { sum } from '../../numerics/sum.ts';
import type { LikelihoodFit } from '../fit-report.ts';
import type { Likelihood, Maximum } from '../maximise.ts';
import type { RenewalTable } from './renewal-table.ts';

/**
 * The limiting model at a boundary, or what the data lack where they do not tell the parameters.
 * - `one churn probability`: α, β → ∞ at a fixed ratio, customers do not differ: geometric lifetimes, under the BdW
 *   discrete-Weibull ones. Stored with a very large α.
 * - `all-or-none churn`: α, β → 0 at a fixed ratio, a customer leaves at the first renewal or never.
 * - `first renewal`: β → 0, nobody makes the first renewal.
 * - `power-law survival`: under the BdW c → ∞ and α → 0, S(t) falls as a power of t.
 * - `no churn`: nobody left (stored as alpha = 0, beta = 1). `no renewal`: nobody stayed (alpha = 1, beta = 0).
 * - `few renewals`: fewer renewals were seen than there are parameters. One: stored as one churn probability; two: the
 *   BdW is stored as the sBG, c = 1.
 */
export type ContractualLimit =
  | 'one churn probability'
  | 'all-or-none churn'
  | 'first renewal'
  | 'power-law survival'
  | 'no churn'
  | 'no renewal'
  | 'few renewals';

/** How a contractual fit ended. */
export interface ContractualFit<P extends string = string> extends LikelihoodFit<P> {
  readonly limit?: ContractualLimit;
  /** Customers behind the rows, and how many of them were seen to leave. */
  readonly customers: number;
  readonly churned: number;
  /** 2k − 2 ln L and k·ln(customers) − 2 ln L with k = 2 (sBG) or 3 (BdW). */
  readonly aic: number;
  readonly bic: number;
}

/** What a search found, before it is told as a {@link ContractualFit}. */
export interface Found {
  readonly parameters: readonly number[];
  readonly status: FitStatus;
  readonly logLikelihood: number;
  readonly limit?: ContractualLimit;
  readonly note?: string;
  readonly covariance?: readonly (readonly number[])[];
  readonly errors?: readonly (number | null)[];
  readonly search?: Maximum;
}

/** The report of a fit of the parameters `names`. */
export function contractualFit<const P extends string>(
  names: readonly P[],
  table: RenewalTable,
  found: Found,
): ContractualFit<P> {
  const { status, limit, logLikelihood, covariance = null, note, search } = found;
  const { customers, rows, nulls } = table;
  const k = names.length;
  const errors = names.map((name, i) => [name, found.errors?.[i] ?? null]);
  return {
    ...{ status, ...(limit === undefined ? {} : { limit }), rows, leftOut: nulls, customers, churned: sum(table.lost) },
    ...{ iterations: search?.iterations ?? 0, gradientNorm: search?.gradientNorm ?? 0, logLikelihood },
    aic: 2 * k - 2 * logLikelihood,
    bic: k * log(customers) - 2 * logLikelihood,
    standardErrors: Object.fromEntries(errors) as ContractualFit<P>['standardErrors'],
    covariance,
    warnings: [
      ...(nulls > 0 ? [`${nulls} rows with a null were left out`] : []),
      ...(note === undefined ? [] : [note]),
    ],
  };
}

/** The likelihood of some of the parameters (null in `fixed`), the others held. */
export function held(likelihood: Likelihood, fixed: readonly (number | null)[]): Likelihood {
  const free = fixed.flatMap((value, i) => (value === null ? [i] : []));
  const n = fixed.length;
  const all = Float64Array.from(fixed, (value) => value ?? 0);
  const G = new Float64Array(n);
  const HH = new Float64Array(n * n);
  return (parameters, g, H) => {
    free.forEach((i, k) => {
      all[i] = parameters[k]!;
    });
    const value = likelihood(all, G, HH);
    free.forEach((i, k) => {
      g[k] = G[i]!;
      free.forEach((j, l) => {
        H[free.length * k + l] = HH[n * i + j]!;
      });
    });
    return value;
  };
}
