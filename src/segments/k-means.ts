import { fail } from '../errors.ts';
import { checked, listOf, text } from '../model/checks.ts';
import type { Estimator } from '../model/contract.ts';
import { knownOptions, names as namesOf } from '../model/options.ts';
import { type Random, seededRandom } from '../numerics/random.ts';
import { type KMeansModel, kMeansKind } from './k-means-kind.ts';
import { checkPoints, type PointScale, type Points, readPoints, squaredDistance } from './points.ts';

export interface KMeansOptions<C extends string, O extends string> {
  /** Number columns. */
  readonly columns: readonly C[];
  /** Number of clusters. */
  readonly clusters: number;
  readonly seed: number;
  /** Takes the units away; default `'z-sample'`. `'none'` lets the column of the largest numbers decide. */
  readonly standardise?: PointScale;
  /** Starts by k-means++; the one with the smallest within sum of squares wins. Default 10. */
  readonly starts?: number;
  /** Names of the clusters, largest first. Default `cluster-1` … */
  readonly names?: readonly string[];
  /** Name of the output. Default `cluster`. */
  readonly as?: O;
}

const MOST_PASSES = 300;

/**
 * Clusters by k-means (Lloyd 1982) from k-means++ starts (Arthur & Vassilvitskii 2007) on standardised columns:
 * minimises W = Σ_i ‖x_i − c(x_i)‖². Clusters are numbered by falling size, equal sizes by their first centre coordinates,
 * so that equal data and seed give an equal model. A cluster that runs empty takes the point farthest from its centre.
 * Rows with a null take no part and score null. Memory: the columns.
 *
 * @throws ClienteleError `invalid-option`; `all-null`; `empty-input` for fewer distinct points than clusters.
 * @example
 * kMeans({ columns: ['spend'], clusters: 2, seed: 1 }).fit({ spend: [1, 2, 1, 90, 91] }).fit.sizes // [3, 2]
 */
export function kMeans<const C extends string, const O extends string = 'cluster'>(
  options: KMeansOptions<C, O>,
): Estimator<KMeansModel<C, O>> {
  const {
    columns,
    clusters,
    seed,
    standardise = 'z-sample',
    starts = 10,
    as = 'cluster' as O,
  } = knownOptions(options, 'kMeans', 'columns clusters seed standardise starts names as');
  checkPoints(columns, standardise);
  namesOf({ as });
  for (const [name, value] of Object.entries({ clusters, starts }))
    if (!(Number.isSafeInteger(value) && value >= 1))
      fail('invalid-option', `invalid ${name}: ${value}; use a whole number of at least 1`);
  const names =
    options.names !== undefined
      ? checked('invalid-option', listOf(text), options.names, 'names')
      : Array.from({ length: clusters }, (_, k) => `cluster-${k + 1}`);
  if (names.length !== clusters || new Set(names).size < clusters)
    fail('invalid-option', `names: expected ${clusters} different names, got ${names.join(', ')}`);
  return {
    kind: kMeansKind,
    fit(data) {
      const points = readPoints(data, columns, standardise);
      const random = seededRandom(seed);
      let best = lloyd(points, plusPlus(points, clusters, random));
      for (let start = 1; start < starts; start++) {
        const next = lloyd(points, plusPlus(points, clusters, random));
        if (next.within < best.within) best = next;
      }
      const { dimensions: d } = points;
      const order = Array.from(best.sizes.keys()).sort(
        (a, b) => best.sizes[b]! - best.sizes[a]! || compare(best.centres, a, b, d),
      );
      const centre = (k: number) => Array.from(best.centres.subarray(k * d, k * d + d), (x) => x + 0);
      return {
        kind: 'kMeans',
        version: 1,
        inputs: columns.map((name) => ({ name, type: 'number' })),
        outputs: [{ name: as, type: 'category', levels: names }],
        standards: points.standards.map(({ centre, spread }) => ({ centre, spread })),
        centres: order.map(centre),
        fit: {
          status: best.settled ? 'converged' : 'iteration-limit',
          rows: points.count,
          sizes: order.map((k) => best.sizes[k]!),
          withinSumOfSquares: best.within,
          betweenSumOfSquares: between(points, best.centres, best.sizes),
          iterations: best.passes,
          warnings: points.warnings,
        },
      };
    },
  };
}

function compare(centres: Float64Array, a: number, b: number, d: number): number {
  for (let c = 0; c < d; c++) {
    const difference = centres[a * d + c]! - centres[b * d + c]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** First centre at random, each further one with chance proportional to the squared distance from the nearest so far. */
function plusPlus({ values, count, dimensions: d }: Points, clusters: number, random: Random): Float64Array {
  const centres = new Float64Array(clusters * d);
  const nearest = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  let chosen = random.below(count);
  for (let k = 0; k < clusters; k++) {
    centres.set(values.subarray(chosen * d, chosen * d + d), k * d);
    let total = 0;
    for (let i = 0; i < count; i++) {
      nearest[i] = Math.min(nearest[i]!, squaredDistance(values, i, centres, k, d));
      total += nearest[i]!;
    }
    if (k + 1 === clusters) break;
    if (total === 0) fail('empty-input', `there are only ${k + 1} different points: ask for at most as many clusters`);
    let mark = random.uniform() * total;
    chosen = nearest.findIndex((own) => {
      mark -= own;
      return own > 0 && mark < 0;
    });
    // The subtractions may end a rounding error above 0: then it is the last point that can be chosen.
    if (chosen < 0) chosen = nearest.findLastIndex((own) => own > 0);
  }
  return centres;
}

interface Clustering {
  readonly centres: Float64Array;
  readonly sizes: readonly number[];
  readonly within: number;
  readonly passes: number;
  readonly settled: boolean;
}

function lloyd(points: Points, centres: Float64Array): Clustering {
  const { values, count, dimensions: d } = points;
  const clusters = centres.length / d;
  const own = new Int32Array(count).fill(-1);
  const away = new Float64Array(count);
  const sizes = new Array<number>(clusters).fill(0);
  for (let pass = 1; ; pass++) {
    let moved = 0;
    for (let i = 0; i < count; i++) {
      let best = 0;
      let least = Number.POSITIVE_INFINITY;
      for (let k = 0; k < clusters; k++) {
        const distance = squaredDistance(values, i, centres, k, d);
        if (distance < least) {
          least = distance;
          best = k;
        }
      }
      if (own[i] !== best) moved++;
      own[i] = best;
      away[i] = least;
    }
    sizes.fill(0);
    for (const k of own) sizes[k]!++;
    for (let k = 0; k < clusters; k++) if (sizes[k] === 0) moved += fillEmpty(k, own, away, sizes);
    if (moved === 0 || pass === MOST_PASSES)
      return { centres, sizes, within: away.reduce((sum, x) => sum + x, 0), passes: pass, settled: moved === 0 };
    centres.fill(0);
    for (let i = 0; i < count; i++) for (let c = 0; c < d; c++) centres[own[i]! * d + c]! += values[i * d + c]!;
    for (let k = 0; k < clusters; k++) for (let c = 0; c < d; c++) centres[k * d + c]! /= sizes[k]!;
  }
}

/** Gives an empty cluster the point that lies farthest from its centre, of a cluster that can spare one. */
function fillEmpty(empty: number, own: Int32Array, away: Float64Array, sizes: number[]): number {
  let farthest = -1;
  for (let i = 0; i < own.length; i++)
    if (sizes[own[i]!]! > 1 && away[i]! > 0 && (farthest < 0 || away[i]! > away[farthest]!)) farthest = i;
  if (farthest < 0) fail('empty-input', 'there are fewer different points than clusters: ask for fewer clusters');
  sizes[own[farthest]!]!--;
  own[farthest] = empty;
  away[farthest] = 0;
  sizes[empty] = 1;
  return 1;
}

function between({ values, count, dimensions: d }: Points, centres: Float64Array, sizes: readonly number[]): number {
  const mean = new Float64Array(d);
  for (let i = 0; i < count; i++) for (let c = 0; c < d; c++) mean[c]! += values[i * d + c]! / count;
  return sizes.reduce((sum, n, k) => sum + n * squaredDistance(centres, k, mean, 0, d), 0);
}
