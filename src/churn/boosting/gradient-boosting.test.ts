import { describe, expect, it } from 'vitest';
import type { PlainColumn } from '../../model/batch.ts';
import { seededRandom, shuffled } from '../../numerics/random.ts';
import { engine } from '../../scoring/engine.ts';
import { type Cells, draws } from '../trees/trees.test-support.ts';
import { boostBySearch } from './boosting.test-support.ts';
import { type GradientBoostingModel, gradientBoosting, gradientBoostingKind } from './index.ts';

const { compile, parseModel } = engine({ gradientBoosting: gradientBoostingKind });
const label = { column: 'y', churned: 1, horizon: { every: 3, unit: 'month' } } as const;
const options = { label, features: ['a', 'b', 'c'], minLeaf: 5 } as const;
const fixed = { ...options, earlyStopping: false, rounds: 12 } as const;
type Batch = { readonly [name: string]: PlainColumn };
const score = (model: GradientBoostingModel, batch: Batch): number[] => [
  ...compile(model).score(batch).columns.churnProbability!,
];
const logOdds = (p: number): number => Math.log(p / (1 - p));
const lossOf = (p: readonly number[], y: readonly number[]): number =>
  y.reduce((all, event, i) => all - Math.log(event === 1 ? p[i]! : 1 - p[i]!), 0) / y.length;
const permuted = (cells: Cells, order: Int32Array): Cells =>
  Object.fromEntries(Object.entries(cells).map(([name, own]) => [name, Array.from(order, (row) => own[row]!)]));

describe('gradientBoosting', () => {
  const { data } = draws(31, 400, { nulls: true });
  const fresh = draws(32, 333, { nulls: true }).data;

  it('takes the step −G/(H + λ) of the docstring, by hand: p = 1/2, G = ∓1, H = 1/2, λ = 1', () => {
    const model = gradientBoosting({
      label: { column: 'left', churned: 1, horizon: null },
      features: ['tenure'],
      ...{ rounds: 1, learningRate: 1, minLeaf: 1, earlyStopping: false },
    }).fit({ left: [1, 1, 0, 0], tenure: [1, 2, 10, 20] });
    expect(model.base).toBe(0);
    expect(model.trees[0]).toEqual({
      ...{ feature: [0], threshold: [6], left: [-1], right: [-2], nullLeft: [1], subsets: [], surrogates: [] },
      ...{ value: [1 / 1.5, -1 / 1.5], weight: [2, 2] },
    });
    // Mean of ln(1 + e^−2/3).
    expect(model.fit.curve[1]!.train).toBeCloseTo(Math.log1p(Math.exp(-2 / 3)), 14);
    expect(model.fit.curve[0]).toEqual({ round: 0, train: Math.log(2), heldOut: null });
  });

  it('finds the greedy trees of an exhaustive search over all thresholds, subsets and sides of nulls', () => {
    for (const [seed, nulls, l2] of [
      [41, false, 1],
      [42, true, 1],
      [43, true, 0],
      [44, true, 30],
    ] as const) {
      const cells = draws(seed, 120, { nulls }).data;
      // Weights without pattern leave no two splits alike.
      const random = seededRandom(seed);
      const weight = cells.y.map(() => 0.5 + random.uniform());
      const model = gradientBoosting({
        ...options,
        ...{ weight: 'w', rounds: 3, leaves: 6, learningRate: 0.7, earlyStopping: false },
        ...{ minLeaf: 0.1, minHessian: 1e-9, l2, categorySmoothing: 0 },
      }).fit({ ...cells, w: weight });
      const expected = boostBySearch(cells, weight, ['a', 'b', 'c'], { rounds: 3, leaves: 6, rate: 0.7, l2 });
      score(model, cells).forEach((p, i) => {
        expect(Math.abs(logOdds(p) - expected[i]!)).toBeLessThan(1e-8);
      });
    }
  });

  it('gives a row of weight 2 what two rows give, to the bit', () => {
    const random = seededRandom(3);
    const weight = data.y.map(() => 1 + random.below(3));
    const twice = data.y.flatMap((_, i) => Array.from({ length: weight[i]! }, () => i));
    const one = gradientBoosting({ ...fixed, weight: 'w' }).fit({ ...data, w: weight });
    const other = gradientBoosting(fixed).fit(permuted(data, Int32Array.from(twice)) as Batch);
    expect(one.trees).toEqual(other.trees);
    expect(one.base).toBe(other.base);
  });

  it('does not depend on the order of rows, to the bit, whether rows are held out, drawn or neither', () => {
    const grouped: Cells = { ...data, g: data.y.map((_, i) => `g${i % 90}`), n: data.y.map((_, i) => i % 90) };
    const order = shuffled(400, seededRandom(9));
    for (const more of [
      { earlyStopping: false, rounds: 20 },
      {},
      { rowShare: 0.6, featureShare: 0.5 },
      { group: 'g' },
      { group: 'n', weight: 'a' },
    ] as const) {
      const estimator = gradientBoosting({ label, features: ['b', 'c'], minLeaf: 5, ...more });
      expect(estimator.fit(permuted(grouped, order) as Batch)).toEqual(estimator.fit(grouped as Batch));
    }
  });

  it('gives the same model for the same seed and another one for another', () => {
    const drawn = { ...fixed, rowShare: 0.5 } as const;
    const one = gradientBoosting({ ...drawn, seed: 5 }).fit(data);
    expect(gradientBoosting({ ...drawn, seed: 5 }).fit(data)).toEqual(one);
    expect(gradientBoosting({ ...drawn, seed: 6 }).fit(data).trees).not.toEqual(one.trees);
  });

  it('finds thresholds that part the values as bins did, when bins hold several values', () => {
    const { data: many } = draws(51, 2000, {});
    const model = gradientBoosting({ ...options, bins: 8, rounds: 30, earlyStopping: false }).fit(many);
    const thresholds = new Set(
      model.trees.flatMap(({ feature, threshold }) => threshold.filter((_, i) => feature[i] === 0)),
    );
    expect(thresholds.size).toBeLessThanOrEqual(7);
    // Scores of the stored trees are those the fit worked with: its last loss is theirs.
    const p = score(model, many);
    expect(model.fit.curve.at(-1)!.train).toBeCloseTo(lossOf(p, many.y), 12);
  });

  it('carries rows that a tree is not grown on to the leaves that scoring gives them: the losses are the same', () => {
    const { data: all } = draws(52, 900, { nulls: true });
    const random = seededRandom(8);
    const name = all.c.map((c) => (c === null ? null : `${c}${random.below(60)}`));
    const batch = { ...all, name };
    const drawn = { rowShare: 0.4, minLeaf: 2, categorySmoothing: 1 } as const;
    const model = gradientBoosting({ ...fixed, ...drawn, features: ['a', 'name'] }).fit(batch);
    // More levels than bins: the lightest share one, and most levels are unknown to any one tree.
    expect(model.inputs[1]!.levels!.length).toBeGreaterThan(255);
    expect(model.fit.curve.at(-1)!.train).toBeCloseTo(lossOf(score(model, batch), all.y), 12);
  });

  it('keeps monotone constraints for every value of the other columns (exhaustive grid)', () => {
    const { data: noisy } = draws(61, 500, { nulls: true });
    for (const direction of [1, -1] as const) {
      const model = gradientBoosting({ ...fixed, rounds: 25, learningRate: 0.5, monotone: { b: direction } }).fit(
        noisy,
      );
      const cuts = (k: number): number[] =>
        [...new Set(model.trees.flatMap((t) => t.threshold.filter((_, i) => t.feature[i] === k)))].sort(
          (x, y) => x - y,
        );
      expect(cuts(1).length).toBeGreaterThan(3);
      const steps = [...cuts(1), 2];
      const plan = compile(model);
      let against = 0;
      for (const a of [null, ...cuts(0), 2])
        for (const c of [null, 'u', 'v', 'w', 'x', 'z', 'new']) {
          const batch = { a: steps.map(() => a), b: steps, c: steps.map(() => c) };
          const p = plan.score(batch).columns.churnProbability;
          for (let i = 1; i < p.length; i++) if (direction * (p[i]! - p[i - 1]!) < 0) against++;
        }
      expect(against).toBe(0);
    }
  });

  it('scores the same bits after a round trip through JSON, and wherever a row stands in a batch', () => {
    const model = gradientBoosting(options).fit(data);
    const p = score(model, fresh);
    expect(score(parseModel(JSON.parse(JSON.stringify(model))) as GradientBoostingModel, fresh)).toEqual(p);
    expect(score(model, permuted(fresh, Int32Array.of(7, 3, 300)) as Batch)).toEqual([p[7], p[3], p[300]]);
  });

  it('explains log-odds by contributions that add up within 1e-12', () => {
    const model = gradientBoosting({ ...fixed, rounds: 80 }).fit(data);
    const plan = compile(model);
    const { base, contributions } = plan.explain(fresh, 'churnProbability');
    score(model, fresh).forEach((p, i) => {
      const total = contributions.reduce((all, own) => all + own[i]!, base);
      expect(Math.abs(total - logOdds(p))).toBeLessThan(1e-12);
    });
  });

  it('sends nulls the way that was learned, and gives null where told so', () => {
    const b = data.b.map((v, i) => (data.y[i] === 1 && i % 3 > 0 ? null : v));
    const p = score(gradientBoosting({ ...fixed, features: ['b'] }).fit({ ...data, b }), { b: [null, 0.1, 0.5, 0.9] });
    expect(p[0]).toBeGreaterThan(Math.max(...p.slice(1)));
    const strict = gradientBoosting({
      ...fixed,
      features: [{ column: 'b', missing: 'null' }, { column: 'c', unseen: 'null' }, 'a'],
    }).fit(data);
    expect(strict.fit.rows).toBe(data.b.filter((v) => v !== null).length);
    const some = score(strict, { a: [null, 1, 1], b: [0.5, null, 0.5], c: [null, 'u', 'other'] });
    expect(some.map(Number.isNaN)).toEqual([false, true, true]);
  });

  it('stops early at the lowest loss of held-out rows, and learns nothing from noise', () => {
    const model = gradientBoosting(options).fit(draws(71, 1500, {}).data);
    const held = model.fit.curve.map(({ heldOut }) => heldOut!);
    expect(model.fit.rounds).toBe(held.indexOf(Math.min(...held)));
    // Each fifth in turn: 1,500 rows are too few to judge on one alone.
    expect(model.fit.heldOut!.rows).toBe(1500);
    expect(model.fit.heldOut!.trainRows).toBe(1200);
    expect(model.fit.status).toBe('converged');
    expect(model.fit.rounds).toBeGreaterThan(5);
    const { y } = draws(72, 1500, {});
    expect(gradientBoosting(options).fit({ ...draws(73, 1500, {}).data, y }).fit.rounds).toBeLessThan(5);
    expect(gradientBoosting({ ...options, rounds: 3 }).fit(draws(71, 1500, {}).data).fit.status).toBe(
      'iteration-limit',
    );
  });

  it('gives the base rate when nothing can be split, and says when nothing could be held out', () => {
    const none = gradientBoosting({ label, features: ['a'] }).fit({ y: [0, 0, 0, 1], a: [1, 1, 1, 1] });
    expect(none.fit.warnings).toContain('no tree lowers the loss: every row gets the base rate');
    expect(none.fit.warnings.some((text) => /too few rows/.test(text))).toBe(true);
    expect(score(parseModel(none) as GradientBoostingModel, { a: [5, null] })).toEqual([0.25, 0.25]);
  });

  it('keeps horizon and names, importances add up to 1', () => {
    const estimator = gradientBoosting({ ...fixed, as: 'risk' });
    const model = estimator.fit(data);
    expect(model.outputs).toEqual([
      { name: 'risk', type: 'number', horizon: { every: 3, unit: 'month' }, explained: 'log-odds' },
    ]);
    expect(estimator.labels).toEqual(['y']);
    expect(model.fit.importance.reduce((all, { importance }) => all + importance, 0)).toBeCloseTo(1, 12);
  });

  it('refuses options that cannot be used, and damaged files', () => {
    const refused = (more: object, message: RegExp): void =>
      expect(() => gradientBoosting({ ...options, ...more } as never).fit(data)).toThrow(message);
    refused({ rounds: 0 }, /invalid rounds: 0/);
    refused({ leaves: 1 }, /invalid leaves: 1/);
    refused({ bins: 256 }, /invalid bins: 256/);
    refused({ learningRate: 0 }, /invalid learningRate: 0/);
    refused({ l2: -1 }, /invalid l2: -1/);
    refused({ l2: 0, minHessian: 0 }, /invalid l2: 0 with minHessian 0/);
    refused({ monotone: { d: 1 } }, /monotone: "d" is not among the features/);
    refused({ monotone: { b: 2 } }, /invalid monotone\["b"\]: 2/);
    refused({ monotone: { c: 1 } }, /monotone: "c" is a category/);
    refused({ group: 'a' }, /group "a" is the label or a feature/);
    refused({ group: 'nowhere' }, /unknown column "nowhere"/);
    refused({ earlyStopping: { share: 1 } }, /invalid earlyStopping.share: 1/);
    refused({ missing: 'surrogate' }, /invalid missing: surrogate/);
    const model = gradientBoosting(fixed).fit(data);
    expect(() => parseModel({ ...model, base: null })).toThrow(/base: expected a finite number/);
    expect(() => parseModel({ ...model, rules: model.rules.slice(1) })).toThrow(/rules: expected 3/);
    expect(() => parseModel({ ...model, trees: [{ ...model.trees[0], left: [0] }] })).toThrow(/trees\[0\]/);
  });
});
