import { normalCdf } from '../../numerics/normal.ts';
import { covarianceOf, type Maximum, maximise } from '../maximise.ts';
import type { Found } from './contractual-fit.ts';
import { held } from './contractual-fit.ts';
import { concentrated, degenerate, fitShiftedBetaGeometric, renewalsSeen } from './fit-shifted-beta-geometric.ts';
import { betaDiscreteWeibullLikelihood } from './renewal-likelihood.ts';
import type { RenewalTable } from './renewal-table.ts';

/** The sBG is the BdW with c = 1: twice what the third parameter adds to ln L is χ² with one degree of freedom. */
export interface LikelihoodRatio {
  readonly against: 'shiftedBetaGeometric';
  /** Of the sBG on the same data. */
  readonly logLikelihood: number;
  readonly statistic: number;
  readonly degreesOfFreedom: 1;
  /** Null unless both fits are interior maxima: at a boundary the statistic has another distribution. */
  readonly pValue: number | null;
}

const GAIN = 1e-10;
/** From here on t^c leaves only the power of t. */
const STEEP = 20;

/** Maximum likelihood of the BdW, beside the sBG that it contains. */
export function fitBetaDiscreteWeibull(
  table: RenewalTable,
  share: number,
): { readonly found: Found; readonly ratio: LikelihoodRatio } {
  const nested = fitShiftedBetaGeometric(table, share);
  const found = search(table, share, nested);
  const statistic = Math.max(0, 2 * (found.logLikelihood - nested.logLikelihood));
  const both = found.status === 'converged' && nested.status === 'converged';
  return {
    found,
    ratio: {
      ...{ against: 'shiftedBetaGeometric', logLikelihood: nested.logLikelihood, statistic, degreesOfFreedom: 1 },
      // χ² with one degree of freedom is the square of a standard normal.
      pValue: both ? 2 * normalCdf(-Math.sqrt(statistic)) : null,
    },
  };
}

function search(table: RenewalTable, share: number, nested: Found): Found {
  const [alpha, beta] = nested.parameters as [number, number];
  const asNested = { parameters: [alpha, beta, 1], logLikelihood: nested.logLikelihood };
  const nothing = degenerate(table, share);
  if (nothing !== null) return { ...nothing, parameters: [...nothing.parameters, 1] };
  if (renewalsSeen(table) < 3)
    return {
      ...{ ...asNested, status: 'not-identified', limit: 'few renewals' },
      note: 'two renewals were seen, for three parameters: c = 1 is taken, the shifted-beta-geometric',
    };
  if (nested.limit === 'all-or-none churn') return { ...nested, ...asNested, errors: [null, null, null] };

  const likelihood = betaDiscreteWeibullLikelihood(table);
  const [a, b] = nested.status === 'converged' ? [alpha, beta] : [1, (1 - share) / share];
  const best = [
    [a, b, 1],
    [a / 4, b / 4, 1.6],
    [4 * a, 4 * b, 0.6],
  ]
    .map((start) => maximise(likelihood, start))
    .reduce((first, other) => (better(other, first) ? other : first));
  const parameters = Array.from(best.parameters);
  const covariance = covarianceOf(best, parameters);
  const slack = GAIN * (1 + Math.abs(best.logLikelihood));

  // With alpha held at (as good as) infinity, beta moves the common churn.
  const [large, scale] = concentrated(share);
  const same = maximise(held(likelihood, [large, null, null]), [scale, 1]);
  const inside = { parameters, logLikelihood: best.logLikelihood, search: best };
  if (same.logLikelihood >= best.logLikelihood - slack) {
    const [sameBeta, c] = same.parameters as unknown as [number, number];
    const block = covarianceOf(same, [sameBeta, c]);
    return {
      ...{ parameters: [large, sameBeta, c], logLikelihood: same.logLikelihood, search: same },
      ...{ status: 'boundary', limit: 'one churn probability' },
      errors: [null, null, block === null ? null : Math.sqrt(block[1]![1]!)],
      note: 'customers do not differ: the likelihood is highest in the limit alpha, beta → ∞, a discrete Weibull lifetime',
    };
  }
  if (parameters[2]! > STEEP)
    return {
      ...{ ...inside, status: 'boundary', limit: 'power-law survival' },
      note: 'the likelihood is highest in the limit alpha → 0, c → ∞, where survival falls as a power of t',
    };
  if (nested.limit === 'first renewal' && parameters[1]! < 1e-6)
    return {
      ...{ ...inside, status: 'boundary', limit: 'first renewal' },
      note: 'nobody makes the first renewal: the likelihood is highest in the limit beta → 0',
    };
  if (covariance === null)
    return {
      ...{ ...inside, status: 'not-identified' },
      note: 'the likelihood is flat along a ridge: the data do not tell the parameters apart',
    };
  return {
    ...{ ...inside, covariance, errors: covariance.map((row, i) => Math.sqrt(row[i]!)) },
    ...(best.converged
      ? { status: 'converged' }
      : { status: 'iteration-limit', note: 'the search stopped before the maximum' }),
  };
}

const better = (one: Maximum, other: Maximum): boolean =>
  Number.isFinite(one.logLikelihood) &&
  !(one.logLikelihood <= other.logLikelihood + GAIN * (1 + Math.abs(other.logLikelihood)));
