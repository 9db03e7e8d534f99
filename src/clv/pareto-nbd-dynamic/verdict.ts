import type { FitStatus } from '../../model/contract.ts';
import { exp } from '../../numerics/elementary.ts';
import { type Covariate, coefficientName } from '../family/covariates.ts';
import type { CovariateTerm } from '../family/history-options.ts';
import { covarianceOf, FLAT, type Summit } from '../maximise.ts';
import { paretoNbdFamily } from '../pareto-nbd/family.ts';
import type { ParetoNbdParameters } from '../pareto-nbd/posterior.ts';
import type { ParetoNbdDynamicModel } from './model.ts';
import { pathsOf } from './paths.ts';
import { silenceOf } from './posterior.ts';
import type { CovariateWalks } from './walks.ts';

type Fit = ParetoNbdDynamicModel['fit'];
type Name = keyof ParetoNbdParameters;
export const NAMES: readonly Name[] = ['r', 'alpha', 's', 'beta'];

/** Fewer expected dropouts than this in the whole data: nobody drops out. */
const NOBODY = 1e-4;

/** The coefficients of a fit. */
export interface Coefficients {
  /** In the order of θ. */
  readonly terms: readonly CovariateTerm[];
  /** Those that are estimated: terms of one group share theirs. */
  readonly groups: readonly string[];
  /** By group, of its column; a unit of η is one spread. */
  readonly spread: readonly number[];
}

/** What the end of a search means. */
export interface Verdict extends Pick<Fit, 'covariance' | 'standardErrors' | 'limit'> {
  readonly status: FitStatus;
  readonly parameters: ParetoNbdParameters;
  readonly covariates: readonly Covariate[];
  readonly summit: Summit;
  readonly note?: string;
  /** Another start would find nothing better. */
  readonly settled?: true;
}

/** Tells an interior maximum, a limiting model and a ridge apart. */
export function verdict(walks: CovariateWalks, coefficients: Coefficients, summit: Summit): Verdict {
  const { terms, groups, spread } = coefficients;
  const { theta, information } = summit;
  const [r, alpha, s, beta] = [exp(theta[0]!), exp(theta[1]!), exp(theta[2]!), exp(theta[3]!)];
  const parameters = { r, alpha, s, beta };
  const covariates = terms.map(({ process, column }, k) => ({ process, column, coefficient: theta[4 + k]! + 0 }));
  const common = { summit, covariates };
  const slopes = [r, alpha, s, beta, ...spread.map((by) => 1 / by)];
  const m = slopes.length;
  const [all, rest] = [[0, 1, 2, 3], groups.map((_, j) => 4 + j)];
  /** Errors with these entries of η left to vary; entries of `hidden` have none to state. */
  const errors = (free: readonly number[], hidden: readonly number[] = []): Fit['standardErrors'] =>
    standardErrors(terms, groups, free, covarianceOf(summit, slopes, free), hidden);

  if (dropouts(walks, { ...parameters, covariates }) < NOBODY) {
    const free = [
      0,
      1,
      ...rest.filter((at) => terms.some((t) => t.process === 'purchase' && t.group === groups[at - 4])),
    ];
    return {
      ...{ ...common, parameters: { ...parameters, s: 0, beta: 1 }, status: 'boundary', limit: 'NBD' },
      ...{ covariance: null, standardErrors: errors(free) },
      note: 'no sign of dropout: the likelihood is highest in the limit where nobody drops out, the NBD model',
    };
  }
  const covariance = covarianceOf(summit, slopes);
  if (covariance) {
    const at = [...all, ...terms.map(({ group }) => 4 + groups.indexOf(group))];
    return {
      ...{ ...common, parameters, covariance: at.map((i) => at.map((j) => covariance[i]![j]!)) },
      standardErrors: standardErrors(terms, groups, [...all, ...rest], covariance),
      ...(summit.converged
        ? { status: 'converged', settled: true }
        : { status: 'iteration-limit', note: 'the search stopped before the maximum' }),
    };
  }
  // A rate that is highest at 0 while a covariate holds: its coefficient has no finite value, the others do.
  const endless = rest.filter((at) => information[(m + 1) * at]! < 1 / (FLAT * FLAT));
  const free = [...all, ...rest.filter((at) => !endless.includes(at))];
  if (endless.length > 0 && covarianceOf(summit, slopes, free)) {
    const ends = terms
      .map((term, k) => ({ name: coefficientName(term), at: 4 + groups.indexOf(term.group), value: theta[4 + k]! }))
      .filter(({ at }) => endless.includes(at))
      .map(({ name, value }) => `${name} → ${value < 0 ? '−' : ''}∞`)
      .join(', ');
    return {
      ...{ ...common, parameters, status: 'boundary', limit: ends, covariance: null, standardErrors: errors(free) },
      ...(summit.converged ? { settled: true } : {}),
      note: `the likelihood is highest in the limit ${ends}: the rate is then 0 wherever the covariate pulls it down`,
    };
  }
  const limit =
    terms.length === 0 ? paretoNbdFamily.limits.find((candidate) => candidate.reached(parameters)) : undefined;
  if (limit) {
    const at = (names: readonly Name[]): number[] => names.map((name) => NAMES.indexOf(name));
    const hidden = all.filter((k) => !(limit.shown ?? limit.free).includes(NAMES[k]!));
    return {
      ...{ ...common, parameters, status: 'boundary', limit: limit.name, covariance: null, note: limit.note },
      standardErrors: errors(at(limit.free), hidden),
    };
  }
  return {
    ...{ ...common, parameters, status: 'not-identified', covariance: null, standardErrors: errors([]) },
    note: 'the likelihood is flat along a ridge: the data do not tell the parameters apart',
  };
}

/** Errors by name; `covariance` is that of the entries `free` of η. */
export function standardErrors(
  terms: readonly CovariateTerm[],
  groups: readonly string[],
  free: readonly number[],
  covariance: readonly (readonly number[])[] | null,
  hidden: readonly number[] = [],
): Fit['standardErrors'] {
  const error = (entry: number): number | null => {
    const at = free.indexOf(entry);
    return covariance === null || at < 0 || hidden.includes(entry) ? null : Math.sqrt(covariance[at]![at]!);
  };
  return Object.fromEntries([
    ...NAMES.map((name, k) => [name, error(k)]),
    ...terms.map((term) => [coefficientName(term), error(4 + groups.indexOf(term.group))]),
  ]) as Fit['standardErrors'];
}

/** Expected number of customers who have dropped out, as far as it matters. */
function dropouts(
  walks: CovariateWalks,
  model: ParetoNbdParameters & { readonly covariates: readonly Covariate[] },
): number {
  const { frequency, recency, T } = walks.customers;
  const paths = pathsOf({ ...model, unit: walks.unit }, walks);
  let total = 0;
  for (let i = 0; i < T.length && total < NOBODY; i++)
    total += 1 - silenceOf(model, paths, { i, x: frequency[i]!, recency: recency[i]!, T: T[i]! }).alive;
  return total;
}
