import { DecisionTreeClassifier } from 'ml-cart';
import { describe, expect, it } from 'vitest';
import { hasShared } from '../../fixtures/load.ts';
import { logisticKind } from '../churn/logistic-kind.ts';
import { logisticRegression } from '../churn/logistic-regression.ts';
import { brier, rocAuc } from '../churn/metrics.ts';
import { decisionTree } from '../churn/trees/decision-tree.ts';
import { decisionTreeKind } from '../churn/trees/tree-kind.ts';
import { seededRandom } from '../numerics/random.ts';
import { telco, telcoFeatures, telcoLabel } from '../regression/telco.test-support.ts';
import { engine } from '../scoring/engine.ts';
import { mlCart, mlLogisticRegression } from './index.ts';

const { compile, parseModel } = engine({ logisticRegression: logisticKind, decisionTree: decisionTreeKind });
const label = { column: 'left', churned: 1, horizon: null } as const;
const features = ['x', 'flag', 'plan'] as const;

/** Seeded rows whose log-odds are −1 + x/20 + flag − 0.8·(plan is c), x around 100. */
function customers(seed: number, count: number) {
  const random = seededRandom(seed);
  const x = Array.from({ length: count }, () => 100 + 40 * (random.uniform() - 0.5));
  const flag = x.map(() => random.below(2));
  const plan = x.map(() => 'abc'[random.below(3)]!);
  const left = x.map((v, i): number => {
    const z = -6 + v / 20 + flag[i]! - (plan[i] === 'c' ? 0.8 : 0);
    return random.uniform() < 1 / (1 + Math.exp(-z)) ? 1 : 0;
  });
  return { x, flag, plan, left };
}

describe('mlLogisticRegression', () => {
  it('ends at the maximum of logisticRegression, on raw columns, when it takes enough steps', () => {
    const data = customers(1, 300);
    const ours = logisticRegression({ label, features }).fit(data);
    const theirs = mlLogisticRegression({ label, features, numSteps: 1500 }).fit(data);
    expect(theirs.fit.status).toBe('converged');
    expect(theirs.fit.gradientNorm).toBeLessThan(1e-6);
    expect(theirs.fit.logLikelihood).toBeCloseTo(ours.fit.logLikelihood, 8);
    expect(theirs.fit.nullLogLikelihood).toBeCloseTo(ours.fit.nullLogLikelihood, 10);
    expect(theirs.fit.aic).toBeCloseTo(ours.fit.aic, 7);
    expect(theirs.intercept).toBeCloseTo(ours.intercept, 3);
    const weights = (model: typeof ours) => model.terms.flatMap((t) => ('weights' in t ? t.weights : [t.weight]));
    weights(theirs).forEach((weight, k) => {
      expect(weight).toBeCloseTo(weights(ours)[k]!, 4);
    });
    expect(parseModel(JSON.parse(JSON.stringify(theirs)))).toEqual(theirs);
  });

  it('says that it was stopped short, with a likelihood below the maximum', () => {
    const data = customers(2, 300);
    const { fit } = mlLogisticRegression({ label, features, numSteps: 5 }).fit(data);
    expect(fit.status).toBe('iteration-limit');
    expect(fit.gradientNorm).toBeGreaterThan(1e-3);
    expect(fit.warnings.join()).toMatch(/ended after 5 steps short of the maximum.*without standard errors/);
    expect(fit.logLikelihood).toBeLessThan(logisticRegression({ label, features }).fit(data).fit.logLikelihood);
    expect(fit.errors?.method).toBe('none');
    expect(fit.coefficients.every(({ standardError }) => standardError === null)).toBe(true);
  });

  it('trains on a seeded sample with the share of both classes when there are more rows than maxRows, and says so', () => {
    const data = customers(3, 400);
    const share = data.left.reduce((a, b) => a + b, 0) / 400;
    const options = { label, features, maxRows: 100, numSteps: 20 } as const;
    const model = mlLogisticRegression(options).fit(data);
    expect(model.fit.rows).toBe(100);
    expect(Math.abs(model.fit.baseRate - share)).toBeLessThanOrEqual(0.005);
    expect(model.fit.warnings.join()).toContain('trained on a sample of 100 of 400 rows');
    expect(mlLogisticRegression(options).fit(data)).toEqual(model);
    expect(mlLogisticRegression({ ...options, seed: 2 }).fit(data).intercept).not.toBe(model.intercept);
    const rare = { ...data, left: data.left.map((_, i) => Number(i === 7)) };
    expect(mlLogisticRegression(options).fit(rare).fit.baseRate).toBe(0.01);
  });

  it('leaves rows without a label or a feature out, with a warning, and follows the rule of a feature for nulls', () => {
    const data = customers(4, 60);
    const x = data.x.map((v, i) => (i < 3 ? null : v));
    const left = data.left.map((v, i) => (i > 57 ? null : v));
    const { fit } = mlLogisticRegression({ label, features, numSteps: 3 }).fit({ ...data, x, left });
    expect(fit.rows).toBe(55);
    expect(fit.warnings.join()).toMatch(/2 rows without a label.*3 rows with nulls in features/);
    const imputed = mlLogisticRegression({ label, features: [{ column: 'x', missing: 'impute' }], numSteps: 3 });
    expect(imputed.fit({ ...data, x }).fit.rows).toBe(60);
  });

  it('gives a constant column weight 0, and the base rate when nothing else is left', () => {
    const model = mlLogisticRegression({ label, features: ['x'] }).fit({ left: [1, 0, 0, 0], x: [5, 5, 5, 5] });
    expect(model.terms).toEqual([{ column: 'x', weight: 0, missing: null, centre: 0 }]);
    expect(compile(model).score({ x: [9] }).columns.churnProbability[0]).toBeCloseTo(0.25, 6);
    expect(model.fit.warnings.join()).toContain('left out with weight 0 – constant: "x"');
  });

  it('refuses what it cannot train on', () => {
    const make = (options: object) => () => mlLogisticRegression({ label, features: ['x'], ...options });
    expect(make({ numSteps: 0 })).toThrow('invalid numSteps: 0');
    expect(make({ learningRate: -1 })).toThrow('invalid learningRate: -1');
    expect(make({ maxRows: 1 })).toThrow('invalid maxRows: 1');
    expect(make({ seed: 0.5 })).toThrow('invalid seed: 0.5');
    expect(make({ features: ['left'] })).toThrow('the label "left" is listed as a feature');
    expect(make({ label: 'left' })).toThrow('label: expected an object');
    expect(make({ as: '' })).toThrow('invalid as');
    const fit = (data: object, options: object = {}) => make(options)().fit(data as never);
    expect(() => fit({ left: [], x: [] })).toThrow('there are no rows to fit');
    expect(() => fit({ left: [1, 1], x: [1, 2] })).toThrow('always 1');
    expect(() => fit({ left: [1, 0], x: [1, null] })).toThrow('all 1 rows of the fit say yes');
    expect(() => fit({ left: [1, 0], x: [null, null] })).toThrow('feature "x" is null in all 2 rows');
    expect(() => fit({ left: [1, 0], y: [1, 2] })).toThrow('unknown column "x"');
    expect(() => fit({ left: [1, 0, 1], x: [1, 2, 3] }, { learningRate: 1e308 })).toThrow('use a smaller learningRate');
  });
});

describe('mlCart', () => {
  it('scores the share in the leaf that ml-cart itself sends each row to', () => {
    const { x, plan, left } = customers(5, 250);
    const matrix = x.map((v, i) => [v, ...['a', 'b', 'c'].map((level) => Number(plan[i] === level))]);
    const options = { maxDepth: 4, minNumSamples: 5, gainThreshold: 0 };
    const peer = new DecisionTreeClassifier(options) as DecisionTreeClassifier & {
      readonly root: { classify(row: number[]): { to1DArray(): number[] } };
    };
    peer.train(matrix, left);
    const model = mlCart({ label, features: ['x', 'plan'], ...options }).fit({ x, plan, left });
    const p = compile(model).score({ x, plan }).columns.churnProbability;
    matrix.forEach((row, i) => {
      expect(p[i]).toBeCloseTo(peer.root.classify(row).to1DArray()[1] ?? 0, 12);
    });
    expect(model.fit.depth).toBe(4);
    expect(parseModel(JSON.parse(JSON.stringify(model)))).toEqual(model);
  });

  it('weighs every leaf by its rows: a leaf of w rows with the share p has w·p events', () => {
    const data = customers(6, 200);
    const { tree, fit } = mlCart({ label, features, gainThreshold: 0 }).fit(data);
    expect(tree.weight.reduce((a, b) => a + b, 0)).toBe(200);
    tree.weight.forEach((weight, leaf) => {
      const events = weight * tree.value[leaf]!;
      expect(Math.abs(events - Math.round(events))).toBeLessThan(1e-9);
    });
    expect(fit.baseRate).toBeCloseTo(data.left.reduce((a, b) => a + b, 0) / 200, 12);
    expect(fit.importance.reduce((sum, { importance }) => sum + importance, 0)).toBeCloseTo(1, 12);
  });

  it('does not split XOR, whose first split decreases nothing, and says so', () => {
    const a = [0, 0, 1, 1, 0, 0, 1, 1];
    const b = [0, 1, 0, 1, 0, 1, 0, 1];
    const left = a.map((x, i) => x ^ b[i]!);
    const model = mlCart({ label, features: ['a', 'b'] }).fit({ a, b, left });
    expect(model.tree.value).toEqual([0.5]);
    expect(model.fit.warnings.join()).toContain('no split: every row gets the base rate');
  });

  it('gives null for a null, or the direction that is asked for; unlisted levels go with the majority, or give null', () => {
    const data = { x: [1, 2, 3, 10, 11, 12], plan: ['a', 'a', 'a', 'b', 'b', 'b'], left: [1, 1, 1, 0, 0, 0] };
    const score = (model: Parameters<typeof compile>[0], batch: object): (number | null)[] =>
      Array.from(
        (compile(model as never).score(batch as never).columns as unknown as { churnProbability: Float64Array })
          .churnProbability,
        (p) => (Number.isNaN(p) ? null : p),
      );
    expect(score(mlCart({ label, features: ['x'] }).fit(data), { x: [null, 1] })).toEqual([null, 1]);
    const right = mlCart({ label, features: [{ column: 'x', missing: 'direction' }] }).fit(data);
    expect(score(right, { x: [null, 1] })).toEqual([0, 1]);
    const strict = mlCart({ label, features: [{ column: 'plan', unseen: 'null' }] }).fit(data);
    expect(score(strict, { plan: ['a', 'b', 'z', null] })).toEqual([1, 0, null, null]);
    const majority = mlCart({ label, features: ['plan'] }).fit({ ...data, left: [1, 1, 1, 0, 0, 0] });
    expect(score(majority, { plan: ['z'] })[0]).not.toBeNull();
  });

  it('refuses what it cannot train on', () => {
    const make = (options: object) => () => mlCart({ label, features: ['x'], ...options });
    expect(make({ maxDepth: 65 })).toThrow('invalid maxDepth: 65');
    expect(make({ minNumSamples: 0 })).toThrow('invalid minNumSamples: 0');
    expect(make({ gainThreshold: Number.NaN })).toThrow('invalid gainThreshold: NaN');
    expect(make({ features: [] })).toThrow('a tree needs at least one');
    expect(make({ features: [{ column: 'x', missing: 'impute' }] })).toThrow('invalid features[0].missing: impute');
    expect(make({ features: ['left'] })).toThrow('the label "left" is listed as a feature');
    expect(make({ features: [null] })).toThrow('invalid features[0]');
    expect(() => make({})().fit({ left: [1, 1], x: [1, 2] })).toThrow('always 1');
  });
});

describe.skipIf(!hasShared('telco-churn.csv'))('the baselines on the telco data', () => {
  const data = telco();
  const y = (data.Churn as string[]).map((churn) => (churn === 'Yes' ? 1 : 0));
  const p = (model: Parameters<typeof compile>[0]): Float64Array =>
    (compile(model as never).score(data).columns as unknown as { churnProbability: Float64Array }).churnProbability;

  it('ml-logistic-regression ranks nearly as ours does, and predicts worse', () => {
    const options = { label: telcoLabel, features: telcoFeatures };
    const theirs = mlLogisticRegression({ ...options, maxRows: 1000, numSteps: 150 }).fit(data);
    const ours = logisticRegression(options).fit(data);
    expect(brier(y, p(theirs))).toBeGreaterThan(brier(y, p(ours)));
    expect(rocAuc(y, p(theirs))).toBeGreaterThan(0.83);
    expect(rocAuc(y, p(theirs))).toBeLessThan(rocAuc(y, p(ours)));
  });

  it('ml-cart, on the rows it can take, loses to our tree on all of them', () => {
    const features = telcoFeatures.map((feature) => (typeof feature === 'string' ? feature : feature.column));
    const theirs = mlCart({ label: telcoLabel, features, maxRows: 500 }).fit(data);
    const ours = decisionTree({ label: telcoLabel, features }).fit(data);
    expect(rocAuc(y, p(theirs))).toBeGreaterThan(0.7);
    expect(brier(y, p(theirs))).toBeGreaterThan(brier(y, p(ours)));
  });
});
