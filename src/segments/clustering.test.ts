import { describe, expect, it } from 'vitest';
import type { CategoryColumn } from '../model/batch.ts';
import { seededRandom } from '../numerics/random.ts';
import { engine } from '../scoring/engine.ts';
import { agglomerate, cutTree, type Linkage } from './agglomerate.ts';
import { kMeans } from './k-means.ts';
import { kMeansKind } from './k-means-kind.ts';
import { silhouette } from './silhouette.ts';

const { compile, parseModel } = engine({ kMeans: kMeansKind });

/** All ways to deal n points to k clusters: the smallest within sum of squares there is. */
function bestWithin(points: readonly (readonly number[])[], k: number): number {
  let best = Number.POSITIVE_INFINITY;
  const own = new Array<number>(points.length).fill(0);
  const visit = (i: number, used: number): void => {
    if (i === points.length) {
      if (used === k) best = Math.min(best, within(points, own, k));
      return;
    }
    for (let c = 0; c <= Math.min(used, k - 1); c++) {
      own[i] = c;
      visit(i + 1, Math.max(used, c + 1));
    }
  };
  visit(0, 0);
  return best;
}

function within(points: readonly (readonly number[])[], own: readonly number[], k: number): number {
  let total = 0;
  for (let c = 0; c < k; c++) {
    const members = points.filter((_, i) => own[i] === c);
    members[0]?.forEach((_, d) => {
      const mean = members.reduce((sum, p) => sum + p[d]!, 0) / members.length;
      total += members.reduce((sum, p) => sum + (p[d]! - mean) ** 2, 0);
    });
  }
  return total;
}

function cloud(n: number, d: number, seed: number): number[][] {
  const random = seededRandom(seed);
  return Array.from({ length: n }, () => Array.from({ length: d }, () => random.uniform() * 10));
}
const columnsOf = (points: readonly (readonly number[])[]) => ({
  x: points.map((p) => p[0]!),
  y: points.map((p) => p[1]!),
});

describe('S49: kMeans', () => {
  it('finds the smallest within sum of squares, held against all partitions of nine points', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const points = cloud(9, 2, seed);
      const model = kMeans({ columns: ['x', 'y'], clusters: 3, seed, standardise: 'none', starts: 30 }).fit(
        columnsOf(points),
      );
      expect(model.fit.withinSumOfSquares).toBeCloseTo(bestWithin(points, 3), 10);
    }
  });

  it('parts the total sum of squares into within and between', () => {
    const points = cloud(60, 2, 8);
    const { fit } = kMeans({ columns: ['x', 'y'], clusters: 4, seed: 2, standardise: 'none' }).fit(columnsOf(points));
    const total = within(
      points,
      points.map(() => 0),
      1,
    );
    expect(fit.withinSumOfSquares + fit.betweenSumOfSquares).toBeCloseTo(total, 9);
    expect(fit.sizes.reduce((a, b) => a + b)).toBe(60);
    expect([...fit.sizes].sort((a, b) => b - a)).toEqual(fit.sizes);
  });

  it('scores every point into the cluster of its nearest centre, in any batch, and null where a column is null', () => {
    const points = cloud(300, 2, 5);
    const data = columnsOf(points);
    const model = kMeans({ columns: ['x', 'y'], clusters: 4, seed: 2 }).fit(data);
    const plan = compile(parseModel(JSON.parse(JSON.stringify(model))));
    const { codes } = plan.score(data).columns.cluster as CategoryColumn;
    const counts = model.centres.map((_, k) => codes.filter((code) => code === k).length);
    expect(counts).toEqual(model.fit.sizes);
    const alone = points.map(
      ([x, y]) => (plan.score({ x: [x!], y: [y!] }).columns.cluster as CategoryColumn).codes[0]!,
    );
    expect(alone).toEqual([...codes]);
    expect((plan.score({ x: [1, null], y: [null, 2] }).columns.cluster as CategoryColumn).codes).toEqual(
      Int32Array.of(-1, -1),
    );
  });

  it('is the same for the same seed, and does not depend on the unit of a column', () => {
    const points = cloud(80, 2, 9);
    const fit = (scale: number) =>
      kMeans({ columns: ['x', 'y'], clusters: 3, seed: 4 }).fit({
        x: points.map((p) => p[0]! * scale),
        y: points.map((p) => p[1]!),
      });
    expect(fit(1)).toEqual(fit(1));
    expect(fit(1024).fit.sizes).toEqual(fit(1).fit.sizes);
  });

  it('leaves a constant column out with a warning, and refuses more clusters than different points', () => {
    const model = kMeans({ columns: ['x', 'y'], clusters: 2, seed: 1 }).fit({ x: [1, 1, 9, 9], y: [5, 5, 5, 5] });
    expect(model.fit.warnings).toEqual(['"y" is constant: it parts nobody']);
    expect(model.fit.sizes).toEqual([2, 2]);
    expect(() => kMeans({ columns: ['x'], clusters: 3, seed: 1 }).fit({ x: [1, 1, 9] })).toThrow(
      'only 2 different points',
    );
    expect(() => kMeans({ columns: ['x'], clusters: 0, seed: 1 })).toThrow('invalid clusters: 0');
  });
});

/** The closest pair of groups again and again, distances from the members: nothing shared with the library's way. */
function bruteHeights(points: readonly (readonly number[])[], linkage: Linkage): number[] {
  let groups = points.map((_, i) => [i]);
  const away = (i: number, j: number) => Math.hypot(...points[i]!.map((x, d) => x - points[j]![d]!));
  const apart = (a: readonly number[], b: readonly number[]): number => {
    const pairs = a.flatMap((i) => b.map((j) => away(i, j)));
    if (linkage === 'single') return Math.min(...pairs);
    if (linkage === 'complete') return Math.max(...pairs);
    if (linkage === 'average') return pairs.reduce((x, y) => x + y) / pairs.length;
    const mean = (g: readonly number[], d: number) => g.reduce((sum, i) => sum + points[i]![d]!, 0) / g.length;
    const gap = points[0]!.reduce((sum, _, d) => sum + (mean(a, d) - mean(b, d)) ** 2, 0);
    return Math.sqrt((2 * a.length * b.length * gap) / (a.length + b.length));
  };
  const heights: number[] = [];
  while (groups.length > 1) {
    let best: [number, number, number] = [Number.POSITIVE_INFINITY, 0, 0];
    groups.forEach((a, i) => {
      groups.slice(0, i).forEach((b, j) => {
        if (apart(a, b) < best[0]) best = [apart(a, b), i, j];
      });
    });
    const [height, i, j] = best;
    heights.push(height);
    const joined = [...groups[i]!, ...groups[j]!];
    groups = [...groups.filter((_, g) => g !== i && g !== j), joined];
  }
  return heights;
}

describe('S44: agglomerate', () => {
  it.each(['ward', 'average', 'complete', 'single'] as const)(
    'merges at the heights that brute force finds, %s',
    (linkage) => {
      const points = cloud(25, 2, 3);
      const { mergers } = agglomerate(columnsOf(points), { columns: ['x', 'y'], linkage, standardise: 'none' });
      const heights = bruteHeights(points, linkage);
      mergers.forEach(({ height }, m) => {
        expect(height).toBeCloseTo(heights[m]!, 10);
      });
      expect(mergers.at(-1)!.size).toBe(25);
    },
  );

  it('keeps a single large customer as a segment of its own', () => {
    const tree = agglomerate({ spend: [1, 2, 3, 900] }, { columns: ['spend'] });
    expect(cutTree(tree, 2)).toEqual({ codes: Int32Array.of(0, 0, 0, 1), levels: ['cluster-1', 'cluster-2'] });
    expect(cutTree(tree, 4).levels).toHaveLength(4);
    expect(() => cutTree(tree, 5)).toThrow('invalid clusters: 5');
  });

  it('leaves rows with a null out and says so', () => {
    const { rows, warnings } = agglomerate({ x: [1, null, 3] }, { columns: ['x'] });
    expect(rows).toEqual([0, 2]);
    expect(warnings).toEqual(['1 of 3 rows have a null and took no part']);
  });
});

describe('S49: silhouette', () => {
  it('is (b − a)/max(a, b), worked by hand on three points', () => {
    // Point 0: a = 1, b = 10; point 1: a = 1, b = 9; point 2 is alone: 0.
    const { widths, mean, clusters } = silhouette({ x: [0, 1, 10] }, ['a', 'a', 'b'], {
      columns: ['x'],
      standardise: 'none',
    });
    expect([...widths]).toEqual([0.9, 8 / 9, 0]);
    expect(mean).toBeCloseTo((0.9 + 8 / 9) / 3, 15);
    expect(clusters).toEqual([
      { cluster: 'a', count: 2, mean: expect.closeTo((0.9 + 8 / 9) / 2, 15) },
      { cluster: 'b', count: 1, mean: 0 },
    ]);
  });

  it('leaves rows without a value or a cluster out, and needs two clusters', () => {
    const { widths } = silhouette({ x: [0, null, 10, 11] }, ['a', 'a', 'b', null], {
      columns: ['x'],
      standardise: 'none',
    });
    expect([...widths].map(Number.isNaN)).toEqual([false, true, false, true]);
    expect(() => silhouette({ x: [0, 1] }, ['a', 'a'], { columns: ['x'] })).toThrow('at least two clusters');
  });
});
