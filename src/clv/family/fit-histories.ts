import { fail } from '../../errors.ts';
import type { FitStatus } from '../../model/contract.ts';
import { exp, log } from '../../numerics/elementary.ts';
import { criteria } from '../fit-report.ts';
import { covarianceOf, maximiseParts, type Part, type Penalty, type Summit } from '../maximise.ts';
import { type Covariate, coefficientName, covariateColumns, parametersAt, processOf } from './covariates.ts';
import type { HistoryFamily, Parameters } from './family.ts';
import type { GroupedHistories, Histories } from './history.ts';
import type { CovariateTerm } from './history-options.ts';
import type { HistoryFit } from './model.ts';

/** Fewer expected dropouts than this in the whole data: nobody drops out. */
const NOBODY = 1e-4;

/** What else goes into a fit. */
export interface FitSettings {
  readonly terms: readonly CovariateTerm[];
  readonly ridge: { readonly [process: string]: number };
  readonly priors: { readonly [parameter: string]: { readonly median: number; readonly sd: number } };
  /** Constants of the model that are not estimated. */
  readonly settings?: Parameters;
}

/** A fitted family: its parameters and how the fit ended. */
export interface FittedHistories<P extends string> {
  readonly parameters: Parameters<P>;
  readonly covariates: readonly Covariate[];
  readonly fit: HistoryFit<P>;
}

/** Maximum likelihood (or posterior mode) over grouped histories, time scaled by its mean, from moment starts. */
export function fitHistories<K extends string, P extends string>(
  family: HistoryFamily<K, P>,
  data: GroupedHistories,
  { terms, ridge, priors, settings = {} }: FitSettings,
): FittedHistories<P> {
  const { names } = family;
  const { rows, nulls, groups } = data;
  const { purchases, squares, length } = totals(groups.map(({ histories }) => histories));
  const meanT = length > 0 ? length / rows : 1;
  const scale = family.discrete ? 1 : meanT;
  const warnings = nulls > 0 ? [`${nulls} rows with a null were left out`] : [];
  const distinctRows = groups.reduce((count, { histories }) => count + histories.x.length, 0);
  const common = { rows, leftOut: nulls, distinctRows };
  const coefficients = [...new Set(terms.map(({ group }) => group))];
  const entries = [...names, ...terms.map(coefficientName)];
  const noErrors = Object.fromEntries(entries.map((name) => [name, null])) as HistoryFit<P>['standardErrors'];
  if (purchases === 0)
    return {
      parameters: family.none(meanT),
      covariates: terms.map(({ process, column }) => ({ process, column, coefficient: 0 })),
      fit: {
        ...{ status: 'not-identified', limit: 'no repeat purchase', ...common },
        warnings: [...warnings, 'no customer bought a second time: purchase rate and dropout cannot be told'],
        ...{ iterations: 0, gradientNorm: 0, logLikelihood: 0, ...criteria(0, names.length, rows) },
        ...{ standardErrors: noErrors, covariance: null },
      },
    };

  const n = names.length;
  const m = n + coefficients.length;
  const toScaled = names.map((name) => -family.timePowers[name] * log(scale));
  const columns = covariateColumns(terms);
  // A prior is on a parameter where the covariates are 0, so they cannot be centred under one.
  const scales = columnScales(data, columns, Object.keys(priors).length === 0);
  const parts = groups.map(({ covariates, histories }): Part => {
    const map = new Float64Array(n * m);
    for (let k = 0; k < n; k++) map[(m + 1) * k] = 1;
    for (const { process, column, group } of terms) {
      const { centre, unit } = scales.get(column)!;
      for (const { parameter, sign } of processOf(family, process).acts)
        map[m * names.indexOf(parameter) + n + coefficients.indexOf(group)]! +=
          (sign * (covariates[columns.indexOf(column)]! - centre)) / unit;
    }
    return { map, likelihood: family.likelihood(scaled(histories, scale), settings) };
  });
  const penalties: Penalty[] = [];
  for (const [name, { median, sd }] of Object.entries(priors)) {
    const at = names.indexOf(name as P);
    penalties.push({ at, centre: log(median) + toScaled[at]!, precision: 1 / (sd * sd) });
  }
  for (const { process, column, group } of terms)
    if ((ridge[process] ?? 0) > 0) {
      const precision = (2 * rows * ridge[process]!) / scales.get(column)!.unit ** 2;
      penalties.push({ at: n + coefficients.indexOf(group), centre: 0, precision });
    }

  const mean = purchases / rows;
  const excess = squares / rows - mean * mean - mean;
  const shape = excess > 0 ? Math.min(20, Math.max(0.05, (mean * mean) / excess)) : 20;
  const search = (start: Parameters<P>): Verdict<P> => {
    const origin = names.map((name) => log(start[name]));
    // Covariates join once the others stand: from 0 they may run off where the others are still far from home.
    const first =
      m === n
        ? null
        : maximiseParts(
            parts.map(({ likelihood, map }) => ({ likelihood, map: leading(map, n, m) })),
            n,
            origin,
            penalties.filter(({ at }) => at < n),
          );
    return verdict(
      maximiseParts(parts, n, first === null ? origin : [...first.theta, ...coefficients.map(() => 0)], penalties),
    );
  };
  const verdict = (summit: Summit): Verdict<P> =>
    judge(family, summit, {
      data,
      terms,
      coefficients,
      toScaled,
      scales,
      settings,
    });
  const starts = family.starts({ mean, shape, length: meanT / scale }, settings);
  let best = search(starts[0]!);
  if (best.status !== 'converged')
    for (const start of starts.slice(1)) {
      const other = search(start);
      if (other.summit.logPosterior > best.summit.logPosterior + 1e-9 * Math.abs(best.summit.logPosterior))
        best = other;
    }
  const { summit, note, parameters, covariates, ...found } = best;
  const logLikelihood = summit.logLikelihood - purchases * log(scale);
  return {
    parameters,
    covariates,
    fit: {
      ...{ ...found, ...common, iterations: summit.iterations, gradientNorm: summit.gradientNorm },
      ...{ logLikelihood, ...criteria(logLikelihood, m, rows) },
      ...(penalties.length > 0 ? { logPosterior: summit.logPosterior - purchases * log(scale) } : {}),
      warnings: note === undefined ? warnings : [...warnings, note],
    },
  };
}

function totals(of: readonly Histories[]): { purchases: number; squares: number; length: number } {
  let [purchases, squares, length] = [0, 0, 0];
  for (const { x, T, weight } of of)
    for (let i = 0; i < x.length; i++) {
      purchases += weight[i]! * x[i]!;
      squares += weight[i]! * x[i]! * x[i]!;
      length += weight[i]! * T[i]!;
    }
  return { purchases, squares, length };
}

const scaled = (data: Histories, by: number): Histories => ({
  ...data,
  T: data.T.map((t) => t / by),
  recency: data.recency.map((t) => t / by),
});

/** The first n columns of an n×m map. */
function leading(map: Float64Array, n: number, m: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => map[m * Math.floor(at / n) + (at % n)]!);
}

/** A column enters the search as (z − centre)/unit: the same model, but years or cents do not make it a narrow ridge. */
type ColumnScales = ReadonlyMap<string, { readonly centre: number; readonly unit: number }>;

function columnScales({ groups, rows }: GroupedHistories, columns: readonly string[], centred: boolean): ColumnScales {
  return new Map(
    columns.map((column, k) => {
      let [mean, square] = [0, 0];
      for (const { covariates, histories } of groups) mean += (histories.rows / rows) * covariates[k]!;
      for (const { covariates, histories } of groups)
        square += (histories.rows / rows) * (covariates[k]! - mean) * (covariates[k]! - mean);
      const spread = Math.sqrt(square);
      const constant = !(spread > 1e-13 * Math.abs(mean));
      // A constant column is nothing but its centre.
      return [column, { centre: centred || constant ? mean : 0, unit: constant ? 1 : spread }];
    }),
  );
}

interface Verdict<P extends string> extends Pick<HistoryFit<P>, 'covariance' | 'standardErrors' | 'limit'> {
  readonly status: FitStatus;
  readonly parameters: Parameters<P>;
  readonly covariates: readonly Covariate[];
  readonly summit: Summit;
  readonly note?: string;
}

/** What the end of a search means: an interior maximum, a limiting model, or a ridge. */
function judge<P extends string>(
  family: HistoryFamily<string, P>,
  summit: Summit,
  found: {
    readonly data: GroupedHistories;
    readonly terms: readonly CovariateTerm[];
    readonly coefficients: readonly string[];
    readonly toScaled: readonly number[];
    readonly scales: ColumnScales;
    readonly settings: Parameters;
  },
): Verdict<P> {
  const { names } = family;
  const { data, terms, coefficients, toScaled, scales, settings } = found;
  const n = names.length;
  const m = summit.theta.length;
  // θ of the columns as they are is back·θ of the search.
  const back = new Float64Array(m * m);
  for (let i = 0; i < m; i++) back[(m + 1) * i] = 1;
  for (const { process, column, group } of terms) {
    const j = n + coefficients.indexOf(group);
    const { centre, unit } = scales.get(column)!;
    back[(m + 1) * j] = 1 / unit;
    for (const { parameter, sign } of processOf(family, process).acts)
      back[m * names.indexOf(parameter) + j]! -= (sign * centre) / unit;
  }
  const theta = summit.theta.map((_, i) => summit.theta.reduce((sum, t, j) => sum + back[m * i + j]! * t, 0));
  const natural = names.map((_, k) => exp(theta[k]! - toScaled[k]!));
  if (terms.length > 0) checkReach(names, natural, terms, scales);
  const parameters = Object.fromEntries(names.map((name, k) => [name, natural[k]!])) as Parameters<P>;
  const covariates = terms.map(({ process, column, group }) => ({
    ...{ process, column },
    coefficient: theta[n + coefficients.indexOf(group)]! + 0,
  }));
  const slopes = [...natural, ...coefficients.map(() => 1)];
  const rest = coefficients.map((_, k) => n + k);
  const covarianceWith = (free: readonly P[]): number[][] | null => {
    const at = [...free.map((name) => names.indexOf(name)), ...rest];
    const found = covarianceOf(
      summit,
      slopes.map(() => 1),
      at,
    );
    return (
      found &&
      at.map((i) =>
        at.map((j) => {
          let total = 0;
          at.forEach((k, row) => {
            const left = back[m * i + k]!;
            if (left !== 0)
              at.forEach((l, column) => {
                total += left * found[row]![column]! * back[m * j + l]!;
              });
          });
          return slopes[i]! * slopes[j]! * total + 0;
        }),
      )
    );
  };
  const errors = (
    covariance: number[][] | null,
    free: readonly P[],
    shown: readonly P[] = free,
  ): HistoryFit<P>['standardErrors'] => {
    const error = (at: number): number | null =>
      covariance === null || at < 0 ? null : Math.sqrt(covariance[at]![at]!);
    return Object.fromEntries([
      ...names.map((name) => [name, shown.includes(name) ? error(free.indexOf(name)) : null]),
      ...terms.map((term) => [coefficientName(term), error(free.length + coefficients.indexOf(term.group))]),
    ]) as HistoryFit<P>['standardErrors'];
  };
  const common = { summit, covariates };
  const { immortal } = family;
  if (immortal && dropouts(family, { ...parameters, ...settings }, covariates, data) < NOBODY) {
    const { name = 'NBD' } = immortal;
    return {
      ...{ ...common, parameters: { ...parameters, ...immortal.set }, status: 'boundary', limit: name },
      ...{ covariance: null, standardErrors: errors(covarianceWith(immortal.free), immortal.free) },
      note: `no sign of dropout: the likelihood is highest in the limit where nobody drops out, the ${name} model`,
    };
  }
  const covariance = covarianceWith(names);
  const limit =
    covariance && summit.converged
      ? undefined
      : family.limits.find(
          (candidate) => (terms.length === 0 || candidate.covariates) && candidate.reached(parameters),
        );
  if (covariance && !limit)
    return {
      ...{ ...common, parameters, covariance: spreadOut(covariance, terms, coefficients, n) },
      standardErrors: errors(covariance, names),
      ...(summit.converged
        ? { status: 'converged' }
        : { status: 'iteration-limit', note: 'the search stopped before the maximum' }),
    };
  if (limit)
    return {
      ...{ ...common, parameters, status: 'boundary', limit: limit.name, covariance: null, note: limit.note },
      standardErrors: errors(covarianceWith(limit.free), limit.free, limit.shown),
    };
  return {
    ...{ ...common, parameters, status: 'not-identified', covariance: null, standardErrors: errors(null, []) },
    note: 'the likelihood is flat along a ridge: the data do not tell the parameters apart',
  };
}

/** Parameters are those where every covariate is 0: nobody may be so far from there that they leave all bounds. */
function checkReach(
  names: readonly string[],
  natural: readonly number[],
  terms: readonly CovariateTerm[],
  scales: ColumnScales,
): void {
  const k = natural.findIndex((p) => !(p >= 1e-40 && p <= 1e40));
  if (k < 0) return;
  const distance = (column: string): number => Math.abs(scales.get(column)!.centre) / scales.get(column)!.unit;
  const [farthest] = covariateColumns(terms)
    .slice()
    .sort((a, b) => distance(b) - distance(a));
  fail(
    'invalid-value',
    `covariates: ${names[k]} would be ${natural[k]} where they are 0, far from all customers: subtract a typical value from "${farthest}", such as ${scales.get(farthest!)!.centre}`,
  );
}

/** Covariance of the parameters and of every term; terms with one coefficient repeat it. */
function spreadOut(
  covariance: number[][],
  terms: readonly CovariateTerm[],
  coefficients: readonly string[],
  n: number,
): number[][] {
  const at = [...covariance.slice(0, n).keys(), ...terms.map(({ group }) => n + coefficients.indexOf(group))];
  return at.map((i) => at.map((j) => covariance[i]![j]!));
}

/** Expected number of customers who have dropped out. */
function dropouts<P extends string>(
  family: HistoryFamily<string, P>,
  parameters: Parameters<P>,
  covariates: readonly Covariate[],
  { groups }: GroupedHistories,
): number {
  let total = 0;
  for (const { covariates: z, histories } of groups) {
    const { alive } = family.posterior(parametersAt(family, parameters, covariates, z), 'day', false);
    const { x, recency, T, weight } = histories;
    for (let i = 0; i < x.length; i++) {
      total += weight[i]! * (1 - alive(x[i]!, recency[i]!, T[i]!));
      if (total >= NOBODY) return total;
    }
  }
  return total;
}
