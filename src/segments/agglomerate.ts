import { fail } from '../errors.ts';
import type { CategoryColumn, Columns } from '../model/batch.ts';
import { checked, oneOf } from '../model/checks.ts';
import { knownOptions } from '../model/options.ts';
import { type PointScale, readPoints, squaredDistance } from './points.ts';

export type Linkage = 'ward' | 'average' | 'complete' | 'single';

export interface AgglomerateOptions {
  /** Number columns. */
  readonly columns: readonly string[];
  /** How far apart two groups are. Default `'ward'`. */
  readonly linkage?: Linkage;
  /** Takes the units away; default `'z-sample'`. */
  readonly standardise?: PointScale;
}

/** One merger. Below `points` a number names a point; `points + m` names the group that merger m made. */
export interface Merger {
  readonly a: number;
  readonly b: number;
  readonly height: number;
  readonly size: number;
}

export interface Agglomeration {
  readonly points: number;
  /** Rows of the data that the points came from; rows with a null are left out. */
  readonly rows: readonly number[];
  /** By rising height; `points − 1` of them. */
  readonly mergers: readonly Merger[];
  readonly warnings: readonly string[];
}

/** 10,000 points need 400 MB of distances. */
const MOST_POINTS = 10_000;

/**
 * Agglomerative clustering on standardised columns: each row is a group, and the two closest groups merge until one is
 * left (S44: splitting and regrouping, groups of one included). Heights: Ward √(2·increase of W), average, complete and
 * single Euclidean distance, as R's `hclust` (`ward.D2`) has them. Nearest-neighbour chains, O(n²) time and memory.
 *
 * @throws ClienteleError `empty-input` for more than 10,000 rows: cluster a sample, or use `kMeans`; `all-null`.
 * @example
 * agglomerate({ x: [0, 1, 10] }, { columns: ['x'], standardise: 'none', linkage: 'single' }).mergers[0].height // 1
 */
export function agglomerate(data: Columns, options: AgglomerateOptions): Agglomeration {
  const {
    columns,
    linkage = 'ward',
    standardise = 'z-sample',
  } = knownOptions(options, 'agglomerate', 'columns linkage standardise');
  checked<Linkage>('invalid-option', oneOf('ward', 'average', 'complete', 'single'), linkage, 'linkage');
  const { values, count, dimensions, rows, warnings } = readPoints(data, columns, standardise);
  if (count > MOST_POINTS)
    fail('empty-input', `${count} rows: agglomerate takes at most ${MOST_POINTS}; cluster a sample, or use kMeans`);
  const squared = linkage === 'ward';
  const distance = new Float64Array(count * count);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < i; j++) {
      const d2 = squaredDistance(values, i, values, j, dimensions);
      distance[i * count + j] = distance[j * count + i] = squared ? d2 : Math.sqrt(d2);
    }
  const sizes = new Float64Array(count).fill(1);
  const alive = new Uint8Array(count).fill(1);
  const chain: number[] = [];
  const found: { readonly a: number; readonly b: number; readonly height: number }[] = [];
  while (found.length < count - 1) {
    if (chain.length === 0) chain.push(alive.indexOf(1));
    const tip = chain[chain.length - 1]!;
    const before = chain[chain.length - 2] ?? -1;
    // The group before wins a tie, so that chains end.
    let next = before;
    let least = before < 0 ? Number.POSITIVE_INFINITY : distance[tip * count + before]!;
    for (let j = 0; j < count; j++)
      if (alive[j] === 1 && j !== tip && distance[tip * count + j]! < least) {
        least = distance[tip * count + j]!;
        next = j;
      }
    if (next !== before) {
      chain.push(next);
      continue;
    }
    chain.length -= 2;
    const [a, b] = [Math.min(tip, before), Math.max(tip, before)];
    found.push({ a, b, height: squared ? Math.sqrt(least) : least });
    for (let j = 0; j < count; j++)
      if (alive[j] === 1 && j !== a && j !== b)
        distance[a * count + j] = distance[j * count + a] = updated(
          linkage,
          distance[a * count + j]!,
          distance[b * count + j]!,
          least,
          sizes[a]!,
          sizes[b]!,
          sizes[j]!,
        );
    sizes[a]! += sizes[b]!;
    alive[b] = 0;
  }
  return { points: count, rows: Array.from(rows), mergers: numbered(found, count), warnings };
}

/** Distance of a ∪ b from j (Lance & Williams 1967). */
function updated(linkage: Linkage, aj: number, bj: number, ab: number, na: number, nb: number, nj: number): number {
  switch (linkage) {
    case 'single':
      return Math.min(aj, bj);
    case 'complete':
      return Math.max(aj, bj);
    case 'average':
      return (na * aj + nb * bj) / (na + nb);
    case 'ward':
      return ((na + nj) * aj + (nb + nj) * bj - nj * ab) / (na + nb + nj);
  }
}

/** Chains find mergers out of order: sorted by height, each group named by the merger that made it. */
function numbered(found: readonly { a: number; b: number; height: number }[], points: number): readonly Merger[] {
  const order = [...found].sort((x, y) => x.height - y.height);
  const root = Int32Array.from({ length: points }, (_, i) => i);
  const name = root.slice();
  const size = new Float64Array(points).fill(1);
  const find = (i: number): number => {
    while (root[i] !== i) i = root[i] = root[root[i]!]!;
    return i;
  };
  return order.map(({ a, b, height }, m) => {
    const [x, y] = [find(a), find(b)];
    const merger = {
      a: Math.min(name[x]!, name[y]!),
      b: Math.max(name[x]!, name[y]!),
      height,
      size: size[x]! + size[y]!,
    };
    root[y] = x;
    name[x] = points + m;
    size[x]! += size[y]!;
    return merger;
  });
}

/**
 * The groups left after all but `clusters − 1` mergers, as a category column over the points: `cluster-1` … by falling
 * size, equal sizes by first point.
 * @example cutTree(agglomerate({ x: [0, 1, 10] }, { columns: ['x'] }), 2).codes // [0, 0, 1]
 */
export function cutTree(
  { points, mergers }: Pick<Agglomeration, 'points' | 'mergers'>,
  clusters: number,
): CategoryColumn {
  if (!(Number.isSafeInteger(clusters) && clusters >= 1 && clusters <= points))
    fail('invalid-option', `invalid clusters: ${clusters}; use a whole number from 1 to ${points}`);
  const made = points + mergers.length;
  const parent = new Int32Array(made).fill(-1);
  mergers.slice(0, points - clusters).forEach(({ a, b }, m) => {
    parent[a] = parent[b] = points + m;
  });
  const top = (i: number): number => (parent[i]! < 0 ? i : top(parent[i]!));
  const own = Array.from({ length: points }, (_, i) => top(i));
  const sizes = new Map<number, number>();
  for (const group of own) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const ranked = [...sizes.keys()].sort((x, y) => sizes.get(y)! - sizes.get(x)!);
  return {
    codes: Int32Array.from(own, (group) => ranked.indexOf(group)),
    levels: ranked.map((_, k) => `cluster-${k + 1}`),
  };
}
