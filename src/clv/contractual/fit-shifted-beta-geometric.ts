import { sum } from '../../numerics/sum.ts';
import { covarianceOf, maximise } from '../maximise.ts';
import type { Found } from './contractual-fit.ts';
import { held } from './contractual-fit.ts';
import { logLikelihoodOf, shiftedBetaGeometricLikelihood } from './renewal-likelihood.ts';
import type { RenewalTable } from './renewal-table.ts';

/** Parameters that stand for the limits ∞ and 0: renewals up to a thousand notice nothing. */
const HUGE = 1e15;
const LARGE = 1e9;
const TINY = 1e-12;

/** An interior maximum that is not this much above the best limit is none, relative to |ln L|. */
const GAIN = 1e-10;

/** alpha and beta of everyone leaving with probability p: alpha and beta huge, both within the range of a model. */
export function concentrated(p: number): readonly [number, number] {
  const alpha = Math.min(LARGE, HUGE * p);
  return [alpha, (alpha * (1 - p)) / p];
}

/** The overall share of renewals that were not made. */
export function churnShare({ kept, lost }: RenewalTable): number {
  const churned = sum(lost);
  return churned / (churned + sum(kept));
}

/** Renewals t of which something was seen. */
export function renewalsSeen({ kept, lost }: RenewalTable): number {
  return kept.reduce((count, made, i) => (made + lost[i]! > 0 ? count + 1 : count), 0);
}

/** What is said where there is nothing to choose from; null where there is. `share` is the overall churn. */
export function degenerate(table: RenewalTable, share: number): Found | null {
  const told = { status: 'not-identified', logLikelihood: 0 } as const;
  if (share === 0)
    return { ...told, parameters: [0, 1], limit: 'no churn', note: 'nobody left: how many ever will cannot be told' };
  if (share === 1)
    return {
      ...told,
      parameters: [1, 0],
      limit: 'no renewal',
      note: 'nobody stayed: there is no renewal to learn from',
    };
  if (renewalsSeen(table) > 1) return null;
  const parameters = concentrated(share);
  return {
    ...{ ...told, parameters, limit: 'few renewals' },
    logLikelihood: logLikelihoodOf({ alpha: parameters[0], beta: parameters[1] }, table),
    note: 'one renewal was seen: it tells the mean churn, not how customers differ; the same churn is taken for all',
  };
}

/** Maximum likelihood of the sBG. */
export function fitShiftedBetaGeometric(table: RenewalTable, share: number): Found {
  const nothing = degenerate(table, share);
  if (nothing !== null) return nothing;
  const likelihood = shiftedBetaGeometricLikelihood(table);
  const search = maximise(likelihood, [1, (1 - share) / share]);
  const covariance = covarianceOf(search, Array.from(search.parameters));
  const limit = limits(table, share)
    .map((known) => ({
      ...known,
      logLikelihood: logLikelihoodOf({ alpha: known.parameters[0], beta: known.parameters[1] }, table),
    }))
    .reduce((best, other) => (other.logLikelihood > best.logLikelihood ? other : best));
  const slack = GAIN * (1 + Math.abs(search.logLikelihood));
  if (covariance !== null && search.logLikelihood > limit.logLikelihood + slack)
    return {
      ...{ parameters: Array.from(search.parameters), logLikelihood: search.logLikelihood, search },
      ...{ covariance, errors: covariance.map((row, i) => Math.sqrt(row[i]!)) },
      ...(search.converged
        ? { status: 'converged' }
        : { status: 'iteration-limit', note: 'the search stopped before the maximum' }),
    };
  if (limit.logLikelihood >= search.logLikelihood - 1e-6 * (1 + Math.abs(search.logLikelihood)))
    return { ...limit, status: 'boundary', search };
  return {
    ...{ parameters: Array.from(search.parameters), logLikelihood: search.logLikelihood, search },
    ...{ status: 'not-identified', note: 'the likelihood is flat: the data do not tell alpha and beta apart' },
  };
}

/** The limiting models that the data allow. */
function limits(
  table: RenewalTable,
  share: number,
): readonly (Pick<Found, 'limit' | 'note'> & { readonly parameters: readonly [number, number] })[] {
  const stayed = table.kept[0]!;
  const left = table.lost[0]!;
  const one = {
    parameters: concentrated(share),
    limit: 'one churn probability',
    note: 'retention does not rise with tenure: the likelihood is highest in the limit alpha, beta → ∞, the same churn for all',
  } as const;
  if (stayed > 0 && left > 0) {
    const p = left / (left + stayed);
    const note =
      'customers leave at the first renewal or never: the likelihood is highest in the limit alpha, beta → 0';
    return [one, { parameters: [p * TINY, (1 - p) * TINY], limit: 'all-or-none churn', note }];
  }
  if (left > 0) {
    const [alpha] = maximise(held(shiftedBetaGeometricLikelihood(table), [null, TINY]), [1]).parameters;
    const note = 'nobody makes the first renewal: the likelihood is highest in the limit beta → 0';
    return [one, { parameters: [alpha!, TINY], limit: 'first renewal', note }];
  }
  return [one];
}
