import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlainColumn } from '../../model/batch.ts';
import { engine } from '../../scoring/engine.ts';
import { decisionTree } from './decision-tree.ts';
import { type DecisionTreeModel, decisionTreeKind } from './tree-kind.ts';
import { bestCutBySearch, type Draws, draws, walkTree } from './trees.test-support.ts';

const { compile, parseModel } = engine({ decisionTree: decisionTreeKind });
const label = { column: 'y', churned: 1, horizon: null } as const;
const exact = { minLeaf: 1, smoothing: 0 } as const;
const score = (model: DecisionTreeModel, batch: { readonly [name: string]: PlainColumn }): number[] => [
  ...compile(model).score(batch).columns.churnProbability!,
];
/** ml-cart comes without types. */
const { DecisionTreeClassifier } = createRequire(import.meta.url)('ml-cart') as {
  readonly DecisionTreeClassifier: new (
    options: object,
  ) => { train(rows: number[][], labels: number[]): void; predict(rows: number[][]): number[] };
};

describe('decisionTree', () => {
  it('takes the split that an exhaustive search over thresholds, subsets and sides of nulls finds best', () => {
    for (let seed = 1; seed <= 40; seed++) {
      for (const criterion of ['gini', 'entropy'] as const) {
        const { data, y } = draws(seed, 40, { nulls: true });
        const model = decisionTree({
          label,
          features: ['a', 'b', 'c'],
          maxDepth: 1,
          minLeaf: 3,
          smoothing: 0,
          criterion,
        }).fit(data);
        const best = bestCutBySearch(data, y, ['a', 'b', 'c'], 3, criterion);
        expect(model.tree.feature.length).toBe(1);
        // The decrease is what is compared: several cuts may share it.
        const [p, q] = model.tree.value as [number, number];
        const [w, v] = model.tree.weight as [number, number];
        const base = y.reduce((a, b) => a + b, 0) / y.length;
        const impurity = (p: number): number =>
          criterion === 'gini'
            ? 2 * p * (1 - p)
            : p === 0 || p === 1
              ? 0
              : -p * Math.log(p) - (1 - p) * Math.log(1 - p);
        const decrease = impurity(base) - (w * impurity(p) + v * impurity(q)) / y.length;
        expect(decrease).toBeCloseTo(best, 12);
      }
    }
  });

  it('predicts fresh rows as ml-cart does', () => {
    const rowsOf = ({ a, b }: Draws): number[][] => a.map((x, i) => [x as number, b[i] as number]);
    for (let seed = 1; seed <= 10; seed++) {
      const { data, y } = draws(seed, 200, {});
      const fresh = draws(seed + 100, 300, {}).data;
      const options = { gainFunction: 'gini', maxDepth: 3, minNumSamples: 1, gainThreshold: -1 } as const;
      const other = new DecisionTreeClassifier(options);
      other.train(rowsOf(data), [...y]);
      const model = decisionTree({ label, features: ['a', 'b'], maxDepth: 3, ...exact }).fit(data);
      const p = score(model, fresh);
      // At exactly one half ml-cart takes the first class.
      expect(p.map((v) => (v > 0.5 ? 1 : 0))).toEqual(other.predict(rowsOf(fresh)));
    }
  });

  it('learns XOR, whose first split decreases nothing', () => {
    const a = [0, 0, 1, 1, 0, 0, 1, 1];
    const b = [0, 1, 0, 1, 0, 1, 0, 1];
    const y = a.map((x, i) => x ^ b[i]!);
    const model = decisionTree({ label, features: ['a', 'b'], maxDepth: 2, ...exact }).fit({ a, b, y });
    expect(score(model, { a, b })).toEqual(y);
    expect(model.fit.leaves).toBe(4);
  });

  it('never splits on constant columns or columns of nulls, and says so', () => {
    const y = [0, 1, 0, 1, 1, 1];
    const data = { x: [1, 2, 1, 2, 2, 2], same: y.map(() => 3), none: y.map(() => Number.NaN), y };
    const model = decisionTree({ label, features: ['none', 'same', 'x'], ...exact }).fit(data);
    expect(model.tree.feature).toEqual([2]);
    expect(model.tree.threshold).toEqual([1.5]);
    expect(model.fit.warnings).toEqual(['never used, null in every row: "none"', 'never used, constant: "same"']);
    const flat = decisionTree({ label, features: ['same'], ...exact }).fit(data);
    expect(flat.fit.leaves).toBe(1);
    expect(score(flat, { same: [3, 9] })).toEqual([2 / 3, 2 / 3]);
  });

  it('treats weights as duplicates of rows', () => {
    const { data, y } = draws(3, 50, { nulls: true });
    const weight = y.map((_, i) => 1 + (i % 3));
    const index = y.flatMap((_, i) => Array.from({ length: weight[i]! }, () => i));
    const many = Object.fromEntries(Object.entries(data).map(([name, cells]) => [name, index.map((i) => cells[i]!)]));
    const options = { label, features: ['a', 'b', 'c'], minLeaf: 4, maxDepth: 5, smoothing: 10 } as const;
    const one = decisionTree({ ...options, weight: 'w' }).fit({ ...data, w: weight } as never);
    const other = decisionTree(options).fit(many as never);
    expect(one.tree).toEqual(other.tree);
    const halves = decisionTree({ ...options, minLeaf: 2, smoothing: 5, weight: 'w' }).fit({
      ...data,
      w: weight.map((w) => w / 2),
    } as never);
    expect(halves.tree.threshold).toEqual(other.tree.threshold);
  });

  it('takes whole weights whose sums float64 cannot hold exactly as it takes their like, and refuses what overflows', () => {
    const { data, y } = draws(4, 120, {});
    const tree = decisionTree({ label, features: ['a', 'b', 'c'], weight: 'w', smoothing: 1 });
    const of = (w: number[]): DecisionTreeModel => tree.fit({ ...data, w });
    const small = of(y.map((_, i) => 100 + (i % 2)));
    const large = of(y.map((_, i) => (100 + (i % 2)) * 2 ** 50));
    expect(large.tree.threshold).toEqual(small.tree.threshold);
    expect(() => parseModel(large)).not.toThrow();
    expect(() => of(y.map(() => 1e306))).toThrow(/weights add up to .*e\+308: scale them/);
    expect(() => of(y.map(() => 1e-300))).toThrow(/scale them/);
  });

  it('says how many rows have no weight', () => {
    const { data, y } = draws(4, 120, {});
    const w = y.map((_, i) => [1, null, Number.POSITIVE_INFINITY, 0][i % 4]!);
    const { rows, warnings } = decisionTree({ label, features: ['a'], weight: 'w', ...exact }).fit({ ...data, w }).fit;
    expect(rows).toBe(30);
    expect(warnings).toEqual(['60 rows without a weight are left out of the fit']);
  });

  it('does not depend on the order of rows, ties and fractional weights included', () => {
    const { data, y } = draws(5, 80, { nulls: true, ties: true });
    const w = y.map((_, i) => 0.1 + ((i * 7) % 11) / 3);
    const order = y.map((_, i) => (i * 37) % 80);
    const turned = Object.fromEntries(
      Object.entries({ ...data, w }).map(([name, cells]) => [name, order.map((i) => cells[i])]),
    );
    for (const missing of ['direction', 'surrogate'] as const) {
      const tree = decisionTree({ label, features: ['a', 'b', 'c'], weight: 'w', minLeaf: 1, maxDepth: 8, missing });
      expect(tree.fit(turned as never)).toEqual(tree.fit({ ...data, w } as never));
    }
  });

  it('scores as a walk over the stored tree does, and bit for bit after a round trip through JSON', () => {
    for (const missing of ['direction', 'surrogate'] as const) {
      const { data } = draws(11, 400, { nulls: true });
      const model = decisionTree({ label, features: ['a', 'b', 'c'], minLeaf: 2, maxDepth: 9, missing }).fit(data);
      const fresh = draws(12, 301, { nulls: true }).data;
      fresh.c[5] = 'unheard of';
      const p = score(model, fresh);
      expect(p).toEqual(walkTree(model, fresh));
      const parsed = parseModel(JSON.parse(JSON.stringify(model))) as DecisionTreeModel;
      expect(parsed).toEqual(model);
      expect(score(parsed, fresh)).toEqual(p);
    }
  });

  it('keeps a threshold below the upper and not below the lower of two neighbouring floats', () => {
    const high = 1 + Number.EPSILON;
    for (const [low, up] of [
      [1, high],
      [-1.7e308, 1.7e308],
      [-0, Number.MIN_VALUE],
    ] as const) {
      const x = [low, low, up, up];
      const model = decisionTree({ label, features: ['x'], ...exact }).fit({ x, y: [0, 0, 1, 1] });
      const [threshold] = model.tree.threshold as [number];
      expect(threshold >= low && threshold < up).toBe(true);
      expect(score(model, { x })).toEqual([0, 0, 1, 1]);
    }
  });

  it('gives null for nulls and unseen levels where that is the rule, and counts the unseen ones', () => {
    const data = { c: ['u', 'u', 'v', 'v', null], x: [1, 2, 1, 2, 1], y: [0, 0, 1, 1, 1] };
    const model = decisionTree({
      label,
      features: [{ column: 'c', missing: 'null', unseen: 'null' }, 'x'],
      ...exact,
    }).fit(data);
    expect(model.fit.rows).toBe(4);
    const { columns, report } = compile(model).score({ c: ['u', null, 'new'], x: [1, 1, 1] });
    expect([...columns.churnProbability]).toEqual([0, Number.NaN, Number.NaN]);
    expect(report.unseenLevels).toEqual({ c: 1 });
    const lenient = decisionTree({ label, features: ['c'], ...exact }).fit({
      c: ['u', 'u', 'u', 'v', 'v'],
      y: [0, 0, 0, 1, 1],
    });
    expect([...compile(lenient).score({ c: ['new', null] }).columns.churnProbability]).toEqual([0, 0]);
  });

  it('sends nulls apart when being null is what tells', () => {
    const x = [1, 5, 3, 2, null, null, null];
    const y = [0, 0, 0, 0, 1, 1, 1];
    const model = decisionTree({ label, features: ['x'], ...exact }).fit({ x, y });
    expect(score(model, { x: [1e300, -4, null] })).toEqual([0, 0, 1]);
  });

  it('refuses damaged trees: cycles, shared children, indices out of range, numbers that are not finite', () => {
    const { data } = draws(2, 60, {});
    const model = decisionTree({ label, features: ['a', 'b', 'c'], minLeaf: 3 }).fit(data);
    const broken = (change: (tree: { [key: string]: number[] & number[][] }) => void): unknown => {
      const copy = JSON.parse(JSON.stringify(model)) as { tree: { [key: string]: number[] & number[][] } };
      change(copy.tree);
      return copy;
    };
    const refused = (change: Parameters<typeof broken>[0], message: RegExp): void =>
      expect(() => parseModel(broken(change))).toThrow(message);
    refused((tree) => tree.left!.splice(1, 1, 0), /left\[1\]: 0 is no later split/);
    refused((tree) => tree.left!.splice(0, 1, tree.right![0]!), /has two parents|no later split/);
    refused((tree) => tree.feature!.splice(0, 1, 9), /no input 9/);
    refused((tree) => tree.value!.pop(), /value: expected/);
    refused((tree) => tree.value!.splice(0, 1, 2), /not within \[0, 1\]/);
    refused((tree) => tree.weight!.splice(0, 1, 0), /above 0/);
    refused((tree) => tree.threshold!.splice(0, 1, null as never), /finite/);
    refused((tree) => tree.nullLeft!.push(1), /nullLeft: expected/);
    refused((tree) => {
      const count = 70;
      const each = (cell: (i: number) => number): number[] => Array.from({ length: count }, (_, i) => cell(i));
      Object.assign(tree, { feature: each(() => 0), threshold: each(() => 0.5), nullLeft: each(() => 1) });
      Object.assign(tree, { left: each((i) => ~i), right: each((i) => (i + 1 < count ? i + 1 : ~count)) });
      Object.assign(tree, { value: [...each(() => 0), 0], weight: [...each(() => 1), 1] });
    }, /split 64: deeper than 64/);
  });

  it('refuses options that cannot be used', () => {
    const refused = (options: object, message: RegExp): void =>
      expect(() => decisionTree({ label, features: ['a'], ...options } as never)).toThrow(message);
    refused({ maxDepth: 65 }, /invalid maxDepth: 65; use a whole number from 1 to 64/);
    refused({ minLeaf: 0 }, /invalid minLeaf: 0/);
    refused({ criterion: 'gain' }, /invalid criterion: gain/);
    refused({ features: ['y'] }, /label "y" is listed as a feature/);
    refused({ features: [] }, /at least one/);
    refused({ prune: { folds: 1 } }, /prune.folds: 1/);
    refused({ missing: 'impute' }, /invalid missing: impute/);
    refused({ smoothing: -1 }, /invalid smoothing/);
    refused({ smoothing: 'much' }, /invalid smoothing: much/);
  });

  it('finds the pruned tree that minimises cost plus complexity, by a search over all prunings', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.double({ min: 0, max: 0.08, noNaN: true }),
        (seed, complexity) => {
          const { data } = draws(seed, 30, {});
          const options = { label, features: ['a', 'b'], maxDepth: 4, ...exact } as const;
          const full = decisionTree(options).fit(data).tree;
          const found = decisionTree({ ...options, prune: { complexity } }).fit(data).tree;
          const gini = (w: number, p: number): number => (2 * p * (1 - p) * w) / 30;
          // Cost and leaves of the best pruning below a node; with equal costs the smaller.
          const best = (child: number): { cost: number; leaves: number; w: number; e: number } => {
            if (child < 0) {
              const w = full.weight[~child]!;
              const p = full.value[~child]!;
              return { cost: gini(w, p) + complexity, leaves: 1, w, e: w * p };
            }
            const l = best(full.left[child]!);
            const r = best(full.right[child]!);
            const w = l.w + r.w;
            const e = l.e + r.e;
            const leaf = gini(w, e / w) + complexity;
            return leaf <= l.cost + r.cost + 1e-12
              ? { cost: leaf, leaves: 1, w, e }
              : { cost: l.cost + r.cost, leaves: l.leaves + r.leaves, w, e };
          };
          const cost = found.weight.reduce((all, w, k) => all + gini(w, found.value[k]!) + complexity, 0);
          const reference = best(full.feature.length > 0 ? 0 : ~0);
          expect(cost).toBeCloseTo(reference.cost, 10);
          expect(found.value.length).toBe(reference.leaves);
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });
});
