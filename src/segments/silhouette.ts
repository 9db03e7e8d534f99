import { readCategories } from '../columns/whole.ts';
import { fail } from '../errors.ts';
import type { Columns, PlainColumn } from '../model/batch.ts';
import { knownOptions } from '../model/options.ts';
import { sum } from '../numerics/sum.ts';
import { type PointScale, readPoints, squaredDistance } from './points.ts';

export interface Silhouette {
  /** Mean over all points. */
  readonly mean: number;
  /** Per row; NaN where the row has a null or no cluster. */
  readonly widths: Float64Array;
  readonly clusters: readonly { readonly cluster: string; readonly count: number; readonly mean: number | null }[];
}

const MOST_POINTS = 20_000;

/**
 * How well points lie in their clusters: s = (b − a)/max(a, b), a the mean distance to the own cluster's other points, b
 * the smallest mean distance to another cluster's points; 0 in a cluster of one (Rousseeuw 1987). O(n²).
 * @throws ClienteleError `one-class` for fewer than two clusters; `empty-input` above 20,000 rows: judge a sample.
 * @example
 * silhouette({ x: [0, 1, 10] }, ['a', 'a', 'b'], { columns: ['x'], standardise: 'none' }).widths[0] // 0.9
 */
export function silhouette(
  data: Columns,
  clusters: PlainColumn,
  options: { readonly columns: readonly string[]; readonly standardise?: PointScale },
): Silhouette {
  const { columns, standardise = 'z-sample' } = knownOptions(options, 'silhouette', 'columns standardise');
  const { codes, levels } = readCategories({ clusters }, 'clusters');
  const all = readPoints(data, columns, standardise);
  const placed = Int32Array.from(all.rows.keys()).filter((i) => codes[all.rows[i]!]! >= 0);
  if (placed.length > MOST_POINTS)
    fail('empty-input', `${placed.length} rows: silhouette takes at most ${MOST_POINTS}; judge a sample`);
  const sizes = levels.map(() => 0);
  for (const i of placed) sizes[codes[all.rows[i]!]!]!++;
  if (sizes.filter((n) => n > 0).length < 2)
    fail('one-class', 'a silhouette needs at least two clusters with customers');
  const widths = new Float64Array(codes.length).fill(Number.NaN);
  const sums = new Float64Array(levels.length);
  for (const i of placed) {
    const own = codes[all.rows[i]!]!;
    sums.fill(0);
    for (const j of placed)
      sums[codes[all.rows[j]!]!]! += Math.sqrt(squaredDistance(all.values, i, all.values, j, all.dimensions));
    let nearest = Number.POSITIVE_INFINITY;
    for (let k = 0; k < sums.length; k++)
      if (k !== own && sizes[k]! > 0) nearest = Math.min(nearest, sums[k]! / sizes[k]!);
    const inside = sums[own]! / (sizes[own]! - 1);
    const largest = Math.max(inside, nearest);
    widths[all.rows[i]!] = sizes[own] === 1 || largest === 0 ? 0 : (nearest - inside) / largest;
  }
  const meanOf = (list: readonly number[]) => (list.length > 0 ? sum(list) / list.length : null);
  const widthsOf = (k: number) =>
    Array.from(placed).flatMap((i) => (codes[all.rows[i]!] === k ? [widths[all.rows[i]!]!] : []));
  return {
    mean: sum(widths) / placed.length,
    widths,
    clusters: levels.map((cluster, k) => ({ cluster, count: sizes[k]!, mean: meanOf(widthsOf(k)) })),
  };
}
