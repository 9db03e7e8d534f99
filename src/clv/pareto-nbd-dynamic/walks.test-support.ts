import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { sharedColumns, sharedPath } from '../../../fixtures/load.ts';
import { exponentialDraw, gammaDraw } from '../../numerics/draw.ts';
import { gaussLegendre } from '../../numerics/quadrature.ts';
import { seededRandom } from '../../numerics/random.ts';
import { lgamma } from '../../numerics/special.ts';
import type { ParetoNbdParameters } from '../pareto-nbd/posterior.ts';
import type { ParetoNbdDynamicModel } from './model.ts';
import { paretoNbdDynamic } from './pareto-nbd-dynamic.ts';
import type { CovariateWalks } from './walks.ts';

/** A customer of hand-made walks: repeat purchase times, T, and the ends and values of the runs. */
export interface Walk {
  readonly bought: readonly number[];
  readonly T: number;
  readonly until: readonly number[];
  readonly z: readonly (readonly number[])[];
}

/** Walks of given times, which need not be whole days. */
export function walksOf(of: readonly Walk[], columns: readonly string[]): CovariateWalks {
  const from = [0];
  for (const { until } of of) from.push(from[from.length - 1]! + until.length);
  return {
    ...{ unit: 'week', asOf: 0, columns, from: Int32Array.from(from) },
    customers: {
      customer: { codes: Int32Array.from(of, (_, i) => i), levels: of.map((_, i) => String(i)) },
      frequency: Float64Array.from(of, ({ bought }) => bought.length),
      recency: Float64Array.from(of, ({ bought }) => bought[bought.length - 1] ?? 0),
      T: Float64Array.from(of, ({ T }) => T),
    },
    until: Float64Array.from(of.flatMap(({ until }) => until)),
    purchases: Float64Array.from(
      of.flatMap(({ bought, until }) =>
        until.map((end, k) => bought.filter((t) => t >= (until[k - 1] ?? 0) && t < end).length),
      ),
    ),
    values: Float64Array.from(of.flatMap(({ z }) => z.flat())),
    report: { rows: 0, after: 0, missing: 0, sameDay: 0, missingCovariates: 0 },
  };
}

/** A model with these parameters, as if fitted. */
export function dynamicModel(
  { r, alpha, s, beta }: ParetoNbdParameters,
  gamma: { readonly [process: string]: { readonly [column: string]: number } } = {},
): ParetoNbdDynamicModel {
  const none = walksOf([{ bought: [], T: 1, until: [1], z: [[]] }], []);
  return {
    ...paretoNbdDynamic().fit(none),
    ...{ r, alpha, s, beta },
    covariates: Object.entries(gamma).flatMap(([process, own]) =>
      Object.entries(own).map(([column, coefficient]) => ({ process, column, coefficient })),
    ),
  };
}

/** Rates of a walk under a model, by run. */
export function ratesOf(
  walk: Walk,
  model: ParetoNbdDynamicModel,
  columns: readonly string[],
  process: string,
): number[] {
  return walk.z.map((z) =>
    Math.exp(
      model.covariates
        .filter((c) => c.process === process)
        .reduce((lin, { column, coefficient }) => lin + coefficient * z[columns.indexOf(column)]!, 0),
    ),
  );
}

/** ∫ of a step function from 0 to t. */
export function areaTo(rates: readonly number[], until: readonly number[], t: number): number {
  return rates.reduce((area, rate, k) => {
    const start = until[k - 1] ?? 0;
    return area + rate * Math.max(0, Math.min(until[k]!, t) - start);
  }, 0);
}

/** Nodes and weights of E f(λ), λ ~ Gamma(shape, rate), by Gauss–Legendre in ln λ. */
export function gammaNodes(shape: number, rate: number): readonly (readonly [number, number])[] {
  const { nodes, weights } = gaussLegendre(14);
  const out: [number, number][] = [];
  for (let panel = -60; panel < 6; panel += 2)
    nodes.forEach((node, q) => {
      const y = panel + 1 + node;
      const g = Math.exp(y);
      out.push([g / rate, weights[q]! * Math.exp(shape * y - g - lgamma(shape))]);
    });
  return out.filter(([, w]) => w > 1e-15);
}

/** Draws walks by the story of the model: `z` gives each customer's runs. */
export function simulateWalks(
  model: ParetoNbdDynamicModel,
  columns: readonly string[],
  rows: number,
  seed: number,
  path: (i: number) => {
    readonly T: number;
    readonly until: readonly number[];
    readonly z: readonly (readonly number[])[];
  },
): { readonly walks: CovariateWalks; readonly later: Float64Array } {
  const random = seededRandom(seed);
  const later = new Float64Array(rows);
  const of = Array.from({ length: rows }, (_, i): Walk => {
    const own = { ...path(i), bought: [] };
    const a = ratesOf(own, model, columns, 'purchase');
    const b = ratesOf(own, model, columns, 'dropout');
    const last = own.until[own.until.length - 1]!;
    // The time at which a step function has gathered an area.
    const timeOf = (rates: readonly number[], area: number): number => {
      let start = 0;
      for (const [k, end] of own.until.entries()) {
        if (area <= rates[k]! * (end - start)) return start + area / rates[k]!;
        area -= rates[k]! * (end - start);
        start = end;
      }
      return Number.POSITIVE_INFINITY;
    };
    const rate = gammaDraw(random, model.r, model.alpha);
    const gone = timeOf(b, exponentialDraw(random) / gammaDraw(random, model.s, model.beta));
    const all: number[] = [];
    for (let area = exponentialDraw(random) / rate; ; area += exponentialDraw(random) / rate) {
      const t = timeOf(a, area);
      if (!(t <= Math.min(gone, last))) break;
      all.push(t);
    }
    later[i] = all.filter((t) => t > own.T).length;
    return { ...own, bought: all.filter((t) => t <= own.T) };
  });
  return { walks: walksOf(of, columns), later };
}

/** The apparel log, its weekly covariates and their future. */
export function apparel(): { readonly log: ReturnType<typeof sharedColumns>; readonly weeks: object[] } {
  const weeks = ['apparel-dynamic-covariates.csv.gz', 'apparel-dynamic-covariates-future.csv.gz'].map((file) => {
    const lines = gunzipSync(readFileSync(sharedPath(file)))
      .toString()
      .trim()
      .split(/\r?\n/);
    const rows = lines.slice(1).map((line) => line.split(','));
    const number = (at: number): Float64Array => Float64Array.from(rows, (row) => Number(row[at]));
    return {
      Id: number(0),
      'Cov.Date': rows.map((row) => row[1]!),
      ...{ 'High.Season': number(2), Gender: number(3), Channel: number(4) },
    };
  });
  return { log: sharedColumns('apparel-transactions.csv'), weeks };
}
