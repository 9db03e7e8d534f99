import { requireColumn, rowCount } from '../../columns/batch.ts';
import { isNumeric, readCategories, readNumbers } from '../../columns/whole.ts';
import { fail } from '../../errors.ts';
import type { Columns, PlainColumn } from '../../model/batch.ts';
import { knownOptions, list } from '../../model/options.ts';
import { quantiles } from '../../numerics/quantile.ts';
import { seededRandom, shuffled } from '../../numerics/random.ts';
import { mean } from '../../numerics/sum.ts';
import { checkCount } from '../metrics.ts';
import { plainColumns, rowsOf, type ScoreFunction, scored } from './score-columns.ts';

export interface DependenceOptions {
  /** Numbers the feature is set to. Default: `points` quantiles from 5 % to 95 %, equal ones merged. */
  readonly grid?: readonly number[];
  /** Levels the feature is set to, which makes it a category. Default for a category: all that occur, by code point. */
  readonly levels?: readonly string[];
  /** Size of the default grid. Default: 20. */
  readonly points?: number;
  /** Rows drawn without replacement. Default: 1000, or all when there are fewer. */
  readonly rows?: number;
  readonly seed?: number;
  /** Whether the curve of every drawn row is wanted. Default: false. */
  readonly individual?: boolean;
}

export interface DependencePoint {
  readonly value: number | string;
  /** Mean prediction; null when no row has one. */
  readonly mean: number | null;
  /** Rows with a prediction. */
  readonly rows: number;
}

export interface PartialDependence {
  readonly feature: string;
  readonly type: 'number' | 'category';
  readonly points: readonly DependencePoint[];
  /** The drawn rows, ascending. */
  readonly sample: readonly number[];
  /** Individual conditional expectation: `[drawn row][point]`, null where there is no prediction; null unless asked for. */
  readonly individual: readonly (readonly (number | null)[])[] | null;
}

/**
 * Partial dependence: the mean prediction over a sample of customers when one feature is set to a value v for all of them,
 * PD(v) = (1/n)·Σ f(v, other featuresᵢ). Where the feature goes along with others, some of these customers cannot exist and
 * the curve tells of the model rather than of the world. `individual` gives the curves that are averaged (ICE).
 *
 * Rows without a prediction at a point are left out there, and counted by what is missing from `rows`. Cost: one scoring of
 * the sample per point.
 *
 * Source: Friedman (2001), Ann. Statist. 29, §8.2; Goldstein et al. (2015), J. Comput. Graph. Stat. 24 (ICE).
 * @param score see {@link ScoreFunction}.
 * @throws unknown-column; empty-input; all-null when there is nothing to make a grid of; wrong-type for a grid on a category;
 *   wrong-length; invalid-option.
 * @example
 * const score = ({ x, z }) => Float64Array.from(x, (value, row) => 0.1 * value + z[row]);
 * partialDependence(score, { x: [1, 2], z: [0, 0.5] }, 'x', { grid: [0, 4] }).points.map(({ mean }) => mean) // [0.25, 0.65]
 */
export function partialDependence<const D extends Columns>(
  score: ScoreFunction<D>,
  data: D,
  feature: string,
  options: DependenceOptions = {},
): PartialDependence {
  const {
    rows = 1000,
    seed = 1,
    individual = false,
    points = 20,
  } = knownOptions(options, 'partialDependence', 'grid levels points rows seed individual');
  checkCount(rows, 'rows');
  checkCount(points, 'points');
  requireColumn(data, feature);
  const total = rowCount(data);
  if (total === 0) fail('empty-input', 'there are no rows to predict for');
  const values = pointsOf(data, feature, { ...options, points });
  const sample = Array.from(shuffled(total, seededRandom(seed)).subarray(0, rows)).sort((a, b) => a - b);
  const batch = rowsOf(plainColumns(data), sample);
  const curves: (number | null)[][] | null = individual ? sample.map(() => []) : null;
  const found = values.map((value): DependencePoint => {
    const scores = Float64Array.from(scored(score, { ...batch, [feature]: constant(value, sample.length) }));
    const known = scores.filter(Number.isFinite);
    curves?.forEach((curve, i) => {
      curve.push(Number.isFinite(scores[i]) ? scores[i]! : null);
    });
    return { value, mean: known.length > 0 ? mean(known) : null, rows: known.length };
  });
  const type = typeof values[0] === 'number' ? 'number' : 'category';
  return { feature, type, points: found, sample, individual: curves };
}

function constant(value: number | string, rows: number): PlainColumn {
  return typeof value === 'number'
    ? new Float64Array(rows).fill(value)
    : { codes: new Int32Array(rows), levels: [value] };
}

function pointsOf(
  data: Columns,
  feature: string,
  { grid, levels, points }: DependenceOptions & { readonly points: number },
): readonly (number | string)[] {
  if (grid !== undefined && levels !== undefined)
    fail('invalid-option', 'grid and levels are both given: use one of them');
  const numeric = isNumeric(data, feature);
  if (grid !== undefined) {
    if (list(grid, 'grid').length === 0 || !grid.every(Number.isFinite))
      fail('invalid-option', `invalid grid: ${grid.join(', ') || 'none'}; use finite numbers`);
    if (!numeric) fail('wrong-type', `feature "${feature}" is a category: give levels instead of a grid`);
    return grid;
  }
  if (levels !== undefined) {
    if (list(levels, 'levels').length === 0 || !levels.every((level) => typeof level === 'string'))
      fail('invalid-option', `invalid levels: ${levels.join(', ') || 'none'}; use texts`);
    return levels;
  }
  const found = numeric ? numbersOf(data, feature, points) : levelsOf(data, feature);
  return found.length > 0 ? found : fail('all-null', `feature "${feature}" holds nothing but nulls: give a grid`);
}

function numbersOf(data: Columns, feature: string, points: number): readonly number[] {
  const at = Array.from({ length: points }, (_, k) => (points === 1 ? 0.5 : 0.05 + (0.9 * k) / (points - 1)));
  return [...new Set(quantiles(readNumbers(data, feature), at))].filter(Number.isFinite);
}

function levelsOf(data: Columns, feature: string): readonly string[] {
  const { codes, levels } = readCategories(data, feature);
  const occurs = new Set(codes);
  return levels.filter((_, code) => occurs.has(code)).sort();
}
