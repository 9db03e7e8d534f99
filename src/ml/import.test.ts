import { DecisionTreeClassifier } from 'ml-cart';
import LogisticRegression from 'ml-logistic-regression';
import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { logisticKind } from '../churn/logistic-kind.ts';
import { decisionTreeKind } from '../churn/trees/tree-kind.ts';
import { nextDown } from '../numerics/next-down.ts';
import { seededRandom } from '../numerics/random.ts';
import { engine } from '../scoring/engine.ts';
import { importMlCart, importMlLogisticRegression } from './index.ts';

const { compile, parseModel } = engine({ logisticRegression: logisticKind, decisionTree: decisionTreeKind });
type Model = Parameters<typeof compile>[0];
const scores = (model: Model, batch: { readonly [name: string]: unknown }): number[] => [
  ...(compile(model as never).score(batch as never).columns as unknown as { churnProbability: Float64Array })
    .churnProbability,
];
const levels = ['red', 'green', 'blue'] as const;

/** Seeded rows of two numbers (of few values, with `ties`) and a category, their matrix with a last column of 1, and classes. */
function sample(seed: number, count: number, { ties = false, classes = 2 } = {}) {
  const random = seededRandom(seed);
  const cell = (): number => (ties ? random.below(4) : 10 * random.uniform() - 5);
  const a = Array.from({ length: count }, cell);
  const b = Array.from({ length: count }, cell);
  const c = a.map(() => levels[random.below(3)]!);
  const y = a.map((x, i) => Math.min(classes - 1, Math.floor((random.uniform() + (x > b[i]! ? 0.4 : 0)) * classes)));
  const hot = (level: string): number[] => levels.map((own) => Number(own === level));
  return { batch: { a, b, c }, y, matrix: a.map((x, i) => [x, b[i]!, ...hot(c[i]!), 1]) };
}

const features = ['a', 'b', { column: 'c', levels }] as const;
const closeTo = (actual: readonly number[], expected: readonly number[], within: number): void => {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(within);
  });
};

describe('importMlLogisticRegression', () => {
  const withIntercept = { features, intercept: 'last', horizon: null } as const;
  type Peer = LogisticRegression & { readonly classifiers: readonly { testScores(x: Matrix): number[] }[] };
  const train = (seed: number, classes: number): { peer: Peer; own: ReturnType<typeof sample> } => {
    const own = sample(seed, 80, { classes });
    const peer = new LogisticRegression({ numSteps: 60, learningRate: 1e-3 }) as Peer;
    peer.train(new Matrix(own.matrix), Matrix.columnVector(own.y));
    return { peer, own };
  };

  it('scores as testScores of the peer’s own classifiers does, for each of two or three classes', () => {
    for (const classes of [2, 3]) {
      const { peer, own } = train(classes, classes);
      for (let churned = 0; churned < classes; churned++) {
        const model = importMlLogisticRegression(peer.toJSON(), { ...withIntercept, churned });
        const theirs = peer.classifiers[churned]!.testScores(new Matrix(own.matrix));
        closeTo(
          scores(model, own.batch),
          theirs.map((p) => 1 - p),
          1e-12,
        );
        expect(parseModel(JSON.parse(JSON.stringify(model)))).toEqual(model);
      }
    }
  });

  it('reads live objects, plain objects and JSON text alike', () => {
    const { peer } = train(1, 2);
    const text = JSON.stringify(peer);
    const options = { ...withIntercept, horizon: { every: 1, unit: 'month' } } as const;
    const model = importMlLogisticRegression(text, options);
    expect(importMlLogisticRegression(peer, options)).toEqual(model);
    expect(importMlLogisticRegression(JSON.parse(text), options)).toEqual(model);
    expect(model.outputs[0]!.horizon).toEqual({ every: 1, unit: 'month' });
  });

  it('folds the scaling of a column into its weight and the intercept: by hand, −(2·(x − 10)/4 + 3)', () => {
    const json = { name: 'LogisticRegression', numberClasses: 2, classifiers: [{}, { weights: [[3, 2]] }] };
    const model = importMlLogisticRegression(json, {
      features: [{ column: 'x', mean: 10, scale: 4 }],
      intercept: 'first',
      horizon: null,
    });
    expect(model.intercept).toBe(2);
    expect(model.terms).toEqual([{ column: 'x', weight: -0.5, missing: null, centre: -5 }]);
    expect(model.fit.coefficients.map(({ estimate }) => estimate)).toEqual([2, -0.5]);
  });

  it('gives the reference level and unlisted levels 0, and a null null', () => {
    const json = { name: 'LogisticRegression', numberClasses: 2, classifiers: [{}, { weights: [[-1, 2]] }] };
    const model = importMlLogisticRegression(json, {
      features: [{ column: 'c', levels: ['a', 'b'], reference: 'z' }],
      horizon: null,
    });
    const share = (z: number): number => 1 / (1 + Math.exp(-z));
    const [a, b, z, other, missing] = scores(model, { c: ['a', 'b', 'z', 'new', null] });
    closeTo([a!, b!, z!, other!], [share(1), share(-2), 0.5, 0.5], 1e-15);
    expect(missing).toBeNaN();
  });

  it('says that nobody knows whether the descent came to an end', () => {
    const { fit } = importMlLogisticRegression(train(1, 2).peer, withIntercept);
    expect(fit).toMatchObject({ status: 'iteration-limit', rows: 0 });
    expect(fit.warnings.join()).toMatch(/not in the file.*without standard errors/);
  });

  it('refuses what is no such file, by the place of the fault', () => {
    const good = {
      name: 'LogisticRegression',
      numberClasses: 2,
      classifiers: [{ weights: [[1]] }, { weights: [[1]] }],
    };
    const read = (json: unknown, options: object = {}) =>
      importMlLogisticRegression(json, { features: ['x'], horizon: null, ...options });
    expect(() => read(null)).toThrow('ml-logistic-regression: expected an object, got null');
    expect(() => read('{')).toThrow('ml-logistic-regression: no JSON');
    expect(() => read(undefined)).toThrow('ml-logistic-regression: expected an object, got null');
    expect(() => read({ ...good, name: 'DTClassifier' })).toThrow('name: expected "LogisticRegression"');
    expect(() => read({ ...good, numberClasses: 3 })).toThrow('classifiers: expected a list of 3');
    expect(() => read(new LogisticRegression())).toThrow('numberClasses: expected a whole number in [1');
    expect(() => read({ ...good, classifiers: [{}, { weights: null }] })).toThrow('has not been trained');
    expect(() => read({ ...good, classifiers: [{}, { weights: [[Number.NaN]] }] })).toThrow(
      'classifiers[1].weights[0][0]: expected a finite number, got null',
    );
    expect(() => read(good, { intercept: 'last' })).toThrow('1 weights, but features and intercept make 2');
    expect(() => read(good, { churned: 2 })).toThrow('invalid churned: 2; the file has 2 classes');
    expect(() => read(good, { horizon: 1 })).toThrow('horizon');
    expect(() => read(good, { features: ['x', 'x'] })).toThrow('feature "x" is given twice');
    expect(() => read(good, { features: [{ column: 'x', scale: 0 }] })).toThrow('invalid features[0].scale: 0');
    expect(() => read(good, { features: [{ column: 'x', scale: 1e-320 }] })).toThrow('weight on the raw column "x"');
    expect(() => read(good, { features: [{ column: 'x', levels: ['a', 'a'] }] })).toThrow(
      'list each level of "x" once',
    );
    expect(() => read(good, { intercept: 1 })).toThrow('invalid intercept: 1; use "none", "first" or "last"');
    expect(() => read(good, { features: 'x' })).toThrow('invalid features');
  });
});

describe('importMlCart', () => {
  interface Peer extends DecisionTreeClassifier {
    predict(x: number[][]): number[];
    readonly root: { classify(row: number[]): { to1DArray(): number[] } };
  }
  const train = (own: ReturnType<typeof sample>, options: object): Peer => {
    const peer = new DecisionTreeClassifier(options) as Peer;
    peer.train(
      own.matrix.map((row) => row.slice(0, 5)),
      own.y,
    );
    return peer;
  };
  const shares = (peer: Peer, { matrix }: ReturnType<typeof sample>, churned: number): number[] =>
    matrix.map((row) => peer.root.classify(row).to1DArray()[churned] ?? 0);

  it('scores the share in the leaf the peer sends each row to, but for shares that round above 1', () => {
    for (let seed = 1; seed <= 12; seed++)
      for (const classes of [2, 3]) {
        const own = sample(seed, 90, { ties: seed % 2 === 0, classes });
        const fresh = sample(seed + 100, 200, { ties: seed % 2 === 0, classes });
        const peer = train(own, { maxDepth: seed % 5, gainThreshold: -1 });
        for (let churned = 0; churned < classes; churned++) {
          const model = importMlCart(peer.toJSON(), { features, horizon: null, churned });
          closeTo(scores(model, fresh.batch), shares(peer, fresh, churned), 1e-15);
          expect(parseModel(JSON.parse(JSON.stringify(model)))).toEqual(model);
        }
      }
  });

  it('predicts the peer’s classes', () => {
    const own = sample(3, 150);
    const peer = train(own, {});
    const model = importMlCart(peer, { features, horizon: null });
    // At exactly one half the peer takes the first class.
    expect(scores(model, own.batch).map((p) => (p > 0.5 ? 1 : 0))).toEqual(
      peer.predict(own.matrix.map((row) => row.slice(0, 5))),
    );
  });

  it('sends the split value itself right and the number below it left, also at 0 and −0', () => {
    for (const splitValue of [6, -6, 0.1, 1e300, -1e-300, 5e-324, 0]) {
      const below = nextDown(splitValue);
      expect(below < splitValue && !(nextDown(below) >= below)).toBe(true);
      const root = { splitColumn: 0, splitValue, left: { distribution: [[1]] }, right: { distribution: [[0, 1]] } };
      const model = importMlCart({ name: 'DTClassifier', root }, { features: ['x'], horizon: null });
      expect(scores(model, { x: [below, splitValue, splitValue + 0] })).toEqual([0, 1, 1]);
      if (splitValue === 0) expect(scores(model, { x: [-0] })).toEqual([1]);
    }
  });

  it('gives null for a null by default', () => {
    const own = sample(5, 90);
    const model = importMlCart(train(own, {}), { features, horizon: null });
    const gap = { a: [null, 1, 1, 1], b: [1, Number.NaN, 1, 1], c: ['red', 'red', null, 'red'] };
    expect(scores(model, gap).map(Number.isNaN)).toEqual([true, true, true, false]);
  });

  it('on request sends a null where the peer sends NaN and a category without levels', () => {
    for (let seed = 1; seed <= 6; seed++) {
      const own = sample(seed, 90);
      const peer = train(own, { maxDepth: 4, gainThreshold: -1 });
      const directed = [
        { column: 'a', missing: 'direction' },
        { column: 'b', missing: 'direction' },
        { column: 'c', levels, missing: 'direction' },
      ] as const;
      const model = importMlCart(peer, { features: directed, horizon: null });
      const a = own.batch.a.map((x, i) => (i % 3 === 0 ? null : x));
      const c = own.batch.c.map((x, i) => (i % 4 === 0 ? null : x));
      const cells = own.matrix.map((row, i) => [
        i % 3 === 0 ? Number.NaN : row[0]!,
        row[1]!,
        ...row.slice(2, 5).map((hot) => (i % 4 === 0 ? 0 : hot)),
      ]);
      closeTo(scores(model, { ...own.batch, a, c }), shares(peer, { ...own, matrix: cells }, 1), 1e-15);
    }
  });

  it('weighs leaves by the rows that the file tells, and says which it had to guess', () => {
    const leaf = (share: number) => ({ distribution: [[1 - share, share]] });
    const split = { splitColumn: 0, splitValue: 3, gain: 0.2, numberSamples: 10, left: leaf(0.5), right: leaf(0.25) };
    const told = { ...split, right: { ...leaf(0.25), numberSamples: 8 } };
    const options = { features: ['x'], horizon: null } as const;
    const model = importMlCart({ name: 'DTClassifier', root: told }, options);
    expect(model.tree.weight).toEqual([2, 8]);
    expect(model.fit).toMatchObject({ rows: 10, baseRate: 0.3, leaves: 2, depth: 1 });
    expect(model.fit.importance).toEqual([{ column: 'x', importance: 1 }]);
    expect(model.fit.warnings.join()).not.toContain('guessed');
    const halved = importMlCart({ name: 'DTClassifier', root: split }, options);
    expect(halved.tree.weight).toEqual([5, 5]);
    expect(halved.fit.warnings.join()).toContain('sizes of 2 leaves');
  });

  it('refuses what is no such file, by the place of the fault', () => {
    const leaf = { distribution: [[0.5, 0.5]] };
    const read = (root: unknown, options: object = {}, name = 'DTClassifier') =>
      importMlCart({ name, root }, { features: ['x'], horizon: null, ...options });
    const split = { splitColumn: 0, splitValue: 1, left: leaf, right: leaf };
    expect(read(leaf).tree.value).toEqual([0.5]);
    expect(() => read(leaf, {}, 'DTRegression')).toThrow('train a DecisionTreeClassifier');
    expect(() => read(leaf, {}, 'x')).toThrow('ml-cart.name: expected "DTClassifier", got "x"');
    expect(() => importMlCart(new DecisionTreeClassifier(), { features: ['x'], horizon: null })).toThrow(
      'ml-cart.root: expected an object',
    );
    expect(() => read({ ...split, left: {} })).toThrow('ml-cart.root.left: neither a distribution nor two children');
    expect(() => read({ ...split, splitColumn: 1 })).toThrow(
      'ml-cart.root.splitColumn: expected a whole number in [0, 0]',
    );
    expect(() => read({ ...split, splitValue: null })).toThrow('ml-cart.root.splitValue: expected a finite number');
    expect(() => read({ ...split, right: { distribution: [[0.5, 0.6]] } })).toThrow('right.distribution: the shares');
    expect(() => read({ ...split, right: { distribution: [[2]] } })).toThrow(
      'right.distribution[0][0]: expected a number',
    );
    expect(() => read({ ...split, numberSamples: 5, right: { ...leaf, numberSamples: 5 } })).toThrow(
      'a child with 5 samples',
    );
    expect(() => read(leaf, { churned: 2 })).toThrow('invalid churned: 2; the tree knows 2 classes');
    expect(() => read(leaf, { features: [{ column: 'x', scale: 2 }] })).toThrow('a tree needs no scaled columns');
    expect(() => read(leaf, { features: [{ column: 'x', missing: 'level' }] })).toThrow('invalid features[0].missing');
    expect(() => read(leaf, { features: [{ column: 'x', unseen: 'x' }] })).toThrow('invalid features[0].unseen');
    let deep: object = leaf;
    for (let k = 0; k < 65; k++) deep = { ...split, left: deep };
    expect(() => read(deep)).toThrow('deeper than 64');
  });
});
