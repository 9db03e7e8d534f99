import { describe, expect, it } from 'vitest';
import { fixture, hasShared } from '../../../fixtures/load.ts';
import type { PlainColumn } from '../../model/batch.ts';
import { outOfFold, telco, telcoFeatures, telcoLabel } from '../../regression/telco.test-support.ts';
import { engine } from '../../scoring/engine.ts';
import { logisticKind } from '../logistic-kind.ts';
import { logisticRegression } from '../logistic-regression.ts';
import { calibrationLine, rocAuc } from '../metrics.ts';
import { decisionTree } from './decision-tree.ts';
import { type RandomForestModel, randomForestKind } from './forest-kind.ts';
import { randomForest } from './random-forest.ts';
import { decisionTreeKind } from './tree-kind.ts';
import { draws, oneHot, rows, walkTree } from './trees.test-support.ts';

const { compile, parseModel } = engine({
  randomForest: randomForestKind,
  decisionTree: decisionTreeKind,
  logisticRegression: logisticKind,
});
const label = { column: 'y', churned: 1, horizon: { every: 3, unit: 'month' } } as const;
const options = { label, features: ['a', 'b', 'c'], trees: 15, minLeaf: 2 } as const;
const score = (model: RandomForestModel, batch: { readonly [name: string]: PlainColumn }): number[] => [
  ...compile(model).score(batch).columns.churnProbability!,
];

describe('randomForest', () => {
  const { data } = draws(21, 300, { nulls: true });
  const fresh = draws(22, 333, { nulls: true }).data;

  it('gives the same model for the same seed, another one for another, and longer forests begin alike', () => {
    const one = randomForest({ ...options, seed: 5 }).fit(data);
    expect(randomForest({ ...options, seed: 5 }).fit(data)).toEqual(one);
    expect(randomForest({ ...options, seed: 6 }).fit(data).trees).not.toEqual(one.trees);
    const more = randomForest({ ...options, trees: 16, seed: 5 }).fit(data);
    // Each tree has a stream of its own: how many others are grown, and where, changes nothing.
    expect(more.trees.slice(0, 15).map(({ threshold }) => threshold)).toEqual(
      one.trees.map(({ threshold }) => threshold),
    );
  });

  it('scores the calibrated mean of its trees, walked one by one, the same bits after a round trip', () => {
    const model = randomForest(options).fit(data);
    const { intercept, slope } = model.calibration;
    const sums = model.trees.map((tree) => walkTree({ ...model, tree } as never, fresh));
    const p = score(model, fresh);
    p.forEach((found, i) => {
      const m = sums.reduce((all, own) => all + own[i]!, 0);
      expect(found).toBeCloseTo(1 / (1 + Math.exp(-intercept - slope * Math.log(m / (1 - m)))), 12);
    });
    expect(score(parseModel(JSON.parse(JSON.stringify(model))) as RandomForestModel, fresh)).toEqual(p);
  });

  it('scores a row the same wherever it stands in a batch', () => {
    const plan = compile(randomForest(options).fit(data));
    const p = plan.score(fresh).columns.churnProbability;
    const late = Object.fromEntries(Object.entries(fresh).map(([name, cells]) => [name, cells.slice(-3)]));
    expect([...plan.score(late).columns.churnProbability]).toEqual([...p.slice(-3)]);
  });

  it('judges itself on rows its trees had not drawn: on noise the AUC is near one half', () => {
    const noise = draws(1, 600, {}).data;
    const { y } = draws(2, 600, {});
    const { outOfBag } = randomForest({ ...options, trees: 40 }).fit({ ...noise, y }).fit;
    expect(outOfBag!.rows).toBe(600);
    expect(Math.abs(outOfBag!.rocAuc - 0.5)).toBeLessThan(0.08);
  });

  it('keeps the horizon, tells importances that add up to 1, and names its label for pipelines', () => {
    const estimator = randomForest({ ...options, as: 'risk' });
    const model = estimator.fit(data);
    expect(model.outputs).toEqual([
      { name: 'risk', type: 'number', horizon: { every: 3, unit: 'month' }, explained: 'uncalibrated-probability' },
    ]);
    expect(estimator.labels).toEqual(['y']);
    expect(estimator.targets![0]!.output).toBe('risk');
    expect(model.fit.importance.reduce((all, { importance }) => all + importance, 0)).toBeCloseTo(1, 12);
  });

  it('refuses options that cannot be used, and damaged files', () => {
    const refused = (more: object, message: RegExp): void =>
      expect(() => randomForest({ ...options, ...more } as never)).toThrow(message);
    refused({ trees: 0 }, /invalid trees: 0/);
    refused({ featuresPerSplit: 4 }, /invalid featuresPerSplit: 4; use a whole number from 1 to 3/);
    refused({ sample: 0 }, /invalid sample: 0/);
    refused({ missing: 'surrogate' }, /invalid missing: surrogate/);
    refused({ seed: 0.5 }, /invalid seed/);
    const model = randomForest(options).fit(data);
    expect(() => parseModel({ ...model, trees: [] })).toThrow(/trees: expected at least one/);
    expect(() => parseModel({ ...model, rules: model.rules.slice(1) })).toThrow(/rules: expected 3/);
    expect(() => parseModel({ ...model, trees: [{ ...model.trees[0], left: [0] }] })).toThrow(/trees\[0\]/);
  });
});

describe.skipIf(!hasShared('telco-churn.csv'))('randomForest on the telco data', () => {
  const whole = telco();

  it('has the AUC of the forest of scikit-learn with leaves of 10 (golden file: range of five seeds ± 0.005)', () => {
    const golden = fixture<{
      trees_ensembles_calibration_metrics_shap: {
        ensembles: { RandomForest100_min_leaf10: { auc: { min: number; max: number } } };
      };
    }>('churn-golden.json').trees_ensembles_calibration_metrics_shap.ensembles.RandomForest100_min_leaf10.auc;
    const hot = { ...oneHot(whole, telcoFeatures), Churn: whole.Churn as string[] };
    const features = Object.keys(hot).filter((name) => name !== 'Churn');
    const train = rows(hot, (i) => i % 5 !== 0);
    const test = rows(hot, (i) => i % 5 === 0);
    const model = randomForest({
      label: telcoLabel,
      features,
      trees: 100,
      maxDepth: 64,
      smoothing: 0,
      featuresPerSplit: 6,
    }).fit(train);
    const y = (test.Churn as string[]).map((churn) => (churn === 'Yes' ? 1 : 0));
    const auc = rocAuc(y, compile(model).score(test).columns.churnProbability);
    expect(auc).toBeGreaterThan(golden.min - 0.005);
    expect(auc).toBeLessThan(golden.max + 0.005);
  });

  it('is not below the logistic by more than .005 of AUC with its defaults, and calibrated: slope .95–1.05', () => {
    const features = telcoFeatures.map((feature) => (typeof feature === 'string' ? feature : feature.column));
    const y = (whole.Churn as string[]).map((churn) => (churn === 'Yes' ? 1 : 0));
    const fold = (estimator: typeof forest | typeof logistic | typeof tree): Float64Array =>
      outOfFold(
        y.length,
        (keep) => estimator.fit(rows(whole, keep)),
        (model) => compile(model).score(whole).columns.churnProbability,
      );
    const forest = randomForest({ label: telcoLabel, features });
    const tree = decisionTree({ label: telcoLabel, features });
    const logistic = logisticRegression({ label: telcoLabel, features });
    const own = fold(forest);
    expect(rocAuc(y, own)).toBeGreaterThan(rocAuc(y, fold(logistic)) - 0.005);
    for (const scores of [own, fold(tree)]) {
      const { slope } = calibrationLine(y, scores)!;
      expect(slope).toBeGreaterThan(0.95);
      expect(slope).toBeLessThan(1.05);
    }
  });
});
