import { log } from '../../numerics/elementary.ts';
import { readHistories } from '../family/history.ts';
import type { CovariateTerm } from '../family/history-options.ts';
import { maximiseParts, type Penalty } from '../maximise.ts';
import { paretoNbdFamily } from '../pareto-nbd/family.ts';
import { paretoNbdLikelihood } from '../pareto-nbd/likelihood.ts';
import type { ParetoNbdParameters } from '../pareto-nbd/posterior.ts';
import { climb } from './climb.ts';
import { walkLikelihood } from './likelihood.ts';
import type { ParetoNbdDynamicModel } from './model.ts';
import { columnAt } from './paths.ts';
import { NAMES, standardErrors, type Verdict, verdict } from './verdict.ts';
import type { CovariateWalks } from './walks.ts';

/** What is to be fitted. */
export interface WalkSettings {
  readonly terms: readonly CovariateTerm[];
  readonly ridge: { readonly [process: string]: number };
  readonly priors: { readonly [parameter: string]: { readonly median: number; readonly sd: number } };
}

const IDENTITY = Float64Array.from({ length: 16 }, (_, at) => (at % 5 === 0 ? 1 : 0));

/** Maximum likelihood (or posterior mode) over walks, from the starts of the Pareto/NBD without covariates. */
export function fitWalks(walks: CovariateWalks, { ridge, priors, ...settings }: WalkSettings): ParetoNbdDynamicModel {
  const { columns, customers, report, unit } = walks;
  const { frequency, T } = customers;
  // Purchase first, as in θ.
  const of = (process: string): readonly CovariateTerm[] => settings.terms.filter((term) => term.process === process);
  const terms = [...of('purchase'), ...of('dropout')];
  const groups = [...new Set(terms.map(({ group }) => group))];
  const columnOf = ({ column }: CovariateTerm): number => columnAt(columns, column);
  const likelihood = walkLikelihood(walks, of('purchase').map(columnOf), of('dropout').map(columnOf));
  const rows = T.length;
  const purchases = frequency.reduce((sum, x) => sum + x, 0);
  const meanT = T.reduce((sum, t) => sum + t, 0) / rows || 1;
  const warnings =
    report.missing > 0 ? [`${report.missing} rows of the log without a customer or a day were left out`] : [];
  const common = { rows, leftOut: 0, distinctRows: rows };
  const head = { kind: 'paretoNbdDynamic', version: 1, inputs: [], outputs: [], unit } as const;
  if (purchases === 0)
    return {
      ...{ ...head, ...paretoNbdFamily.none(meanT) },
      covariates: terms.map(({ process, column }) => ({ process, column, coefficient: 0 })),
      fit: {
        ...{ status: 'not-identified', limit: 'no repeat purchase', ...common },
        warnings: [...warnings, 'no customer bought a second time: purchase rate and dropout cannot be told'],
        ...{ iterations: 0, gradientNorm: 0, logLikelihood: 0, ...criteria(0, 4 + groups.length, rows) },
        ...{ standardErrors: standardErrors(terms, groups, [], null), covariance: null },
      },
    };

  // θ = map·η: coefficients of η are per spread of their column, and one may stand for several terms.
  const n = 4 + terms.length;
  const m = 4 + groups.length;
  const spread = groups.map((group) => spreadOf(walks, columnOf(terms.find((term) => term.group === group)!)) || 1);
  const map = new Float64Array(n * m);
  for (let k = 0; k < 4; k++) map[(m + 1) * k] = 1;
  terms.forEach(({ group }, k) => {
    const j = groups.indexOf(group);
    map[m * (4 + k) + 4 + j] = 1 / spread[j]!;
  });
  const penalties: Penalty[] = Object.entries(priors).map(([name, { median, sd }]) => ({
    ...{ at: NAMES.indexOf(name as keyof ParetoNbdParameters), centre: log(median), precision: 1 / (sd * sd) },
  }));
  terms.forEach(({ process }, k) => {
    const lambda = ridge[process] ?? 0;
    if (lambda > 0) penalties.push({ at: 4 + k, centre: 0, precision: 2 * rows * lambda });
  });

  const mean = purchases / rows;
  const excess = frequency.reduce((sum, x) => sum + x * x, 0) / rows - mean * mean - mean;
  const shape = excess > 0 ? Math.min(20, Math.max(0.05, (mean * mean) / excess)) : 20;
  const { histories } = readHistories(customers, ['frequency', 'recency', 'T']).groups[0]!;
  const plain = [{ likelihood: paretoNbdLikelihood(histories), map: IDENTITY }];
  const own = penalties.filter(({ at }) => at < 4);
  const search = ({ r, alpha, s, beta }: ParetoNbdParameters): Verdict => {
    // Covariates join once the others stand.
    const { theta } = maximiseParts(plain, 4, [log(r), log(alpha * meanT), log(s), log(beta * meanT)], own);
    const summit = climb(likelihood, map, n, [...theta, ...groups.map(() => 0)], penalties);
    return verdict(walks, { terms, groups, spread }, summit);
  };
  const [first, ...others] = paretoNbdFamily.starts({ mean, shape, length: 1 }, {});
  let best = search(first!);
  if (!best.settled)
    for (const start of others) {
      const other = search(start);
      const { logPosterior } = best.summit;
      if (other.summit.logPosterior > logPosterior + 1e-9 * Math.abs(logPosterior)) best = other;
    }
  const { summit, note, parameters, covariates, settled, ...found } = best;
  const { logLikelihood, logPosterior, iterations, gradientNorm } = summit;
  return {
    ...{ ...head, ...parameters, covariates },
    fit: {
      ...{ ...found, ...common, iterations, gradientNorm, logLikelihood, ...criteria(logLikelihood, m, rows) },
      ...(penalties.length > 0 ? { logPosterior } : {}),
      warnings: note === undefined ? warnings : [...warnings, note],
    },
  };
}

function criteria(logLikelihood: number, parameters: number, rows: number): { aic: number; bic: number } {
  return { aic: 2 * parameters - 2 * logLikelihood, bic: parameters * log(rows) - 2 * logLikelihood };
}

/** Standard deviation of a column over the time observed. */
function spreadOf({ columns, customers, from, until, values }: CovariateWalks, column: number): number {
  const { T } = customers;
  const moment = (of: (z: number) => number): number => {
    let [total, time] = [0, 0];
    for (let i = 0; i < T.length; i++) {
      let now = 0;
      for (let k = from[i]!; now < T[i]!; k++) {
        const stop = Math.min(until[k]!, T[i]!);
        total += (stop - now) * of(values[columns.length * k + column]!);
        time += stop - now;
        now = stop;
      }
    }
    return total / time;
  };
  const mean = moment((z) => z);
  return Math.sqrt(moment((z) => (z - mean) * (z - mean)));
}
