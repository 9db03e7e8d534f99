import { describe, expect, it } from 'vitest';
import { fixture, hasShared } from '../../../fixtures/load.ts';
import type { Columns, PlainColumn } from '../../model/batch.ts';
import { seededRandom } from '../../numerics/random.ts';
import { telco, telcoFeatures, telcoLabel } from '../../regression/telco.test-support.ts';
import { pipeline } from '../../scoring/pipeline.ts';
import { plattCalibration } from '../calibration/platt-calibration.ts';
import { compareAuc } from '../judgement/compare-auc.ts';
import { evaluate } from '../judgement/evaluate.ts';
import { logisticRegression } from '../logistic-regression.ts';
import { decisionTree } from '../trees/decision-tree.ts';
import { compareClassifiers } from './index.ts';
import { partedBy, type Validation } from './splits.ts';

interface Golden {
  readonly logistic: { readonly holdout_row_mod5: { readonly test_metrics: { readonly roc_auc: number } } };
}
const label = { column: 'left', churned: 1, horizon: null } as const;
const options = { label, features: ['x', 'z'] } as const;
const tree = decisionTree({ ...options, maxDepth: 3 });
const logistic = logisticRegression(options);

/** x works linearly, z by a threshold; customers of three rows. */
function sample(rows: number, seed = 1): { readonly [name: string]: Float64Array & PlainColumn } {
  const random = seededRandom(seed);
  const x = Float64Array.from({ length: rows }, () => random.uniform());
  const z = Float64Array.from({ length: rows }, () => random.uniform());
  const left = x.map((v, i) => (random.uniform() < 0.1 + 0.3 * v + (z[i]! > 0.7 ? 0.4 : 0) ? 1 : 0));
  return { x, z, left, customer: x.map((_, i) => Math.floor(i / 3)) };
}
const splitsOf = (data: Columns, actual: Float64Array, validation: Validation) =>
  partedBy(data, validation, { actual, horizon: () => null }).splits;
const modulo = (rows: number): Int32Array => Int32Array.from({ length: rows }, (_, i) => i % 5);

describe('compareClassifiers', () => {
  it('scores out of fold as a pipeline does on the same folds, and judges by evaluate and compareAuc', () => {
    const data = sample(500);
    const result = compareClassifiers(data, { logistic, tree }, { validation: { of: modulo(500) }, cuts: [0.5] });
    for (const [name, estimator] of [
      ['logistic', logistic],
      ['tree', tree],
    ] as const) {
      const { heldOut } = pipeline([estimator], { folds: { count: 5, rule: 'row-modulo' } }).crossFit(data);
      expect(result.scores[name]).toEqual((heldOut as { churnProbability: Float64Array }).churnProbability);
      const own = result.candidates.find((candidate) => candidate.name === name)!;
      expect(own.evaluation).toEqual(evaluate(data.left!, result.scores[name]!, { cuts: [0.5] }));
      expect(own.folds[2]!.rows).toBe(100);
    }
    const { pooled } = result.comparisons[0]!;
    const [a, b] = [result.winner, result.comparisons[0]!.b];
    const delong = compareAuc(data.left!, result.scores[a]!, result.scores[b]!);
    expect(pooled).toEqual({
      difference: delong.difference,
      standardError: delong.standardError,
      interval: delong.interval,
    });
  });

  it('names the winner by the metric, the best first, differences in its favour', () => {
    const data = sample(3000);
    const noise = decisionTree({ label, features: ['customer'], maxDepth: 8, minLeaf: 1 });
    for (const metric of ['rocAuc', 'logLoss', 'brier'] as const) {
      const { candidates, winner, comparisons, decided } = compareClassifiers(
        data,
        { noise, logistic, tree },
        { metric },
      );
      const sign = metric === 'rocAuc' ? -1 : 1;
      const figures = candidates.map(({ evaluation }) => sign * (evaluation[metric] ?? Number.POSITIVE_INFINITY));
      expect(figures).toEqual([...figures].sort((a, b) => a - b));
      expect(winner).toBe(candidates[0]!.name);
      expect(candidates[2]!.name).toBe('noise');
      expect(comparisons.map(({ a, b }) => [a, b])).toEqual([
        [winner, candidates[1]!.name],
        [winner, 'noise'],
      ]);
      expect(comparisons[1]!.decided).toBe(metric !== 'logLoss' || comparisons[1]!.pooled.difference !== null);
      expect(decided).toBe(comparisons[0]!.decided);
    }
  });

  it('gives folds the corrected resampled t interval of Nadeau & Bengio, by hand for five folds: t(.975, 4) = 2.776445', () => {
    const { x, z, left } = sample(1000);
    const { comparisons } = compareClassifiers({ x: x!, z: z!, left: left! }, { logistic, tree }, { metric: 'brier' });
    const { differences, mean, interval } = comparisons[0]!.folds;
    const d = differences.map((x) => x!);
    const centre = d.reduce((a, b) => a + b, 0) / 5;
    const variance = d.reduce((a, b) => a + (b - centre) ** 2, 0) / 4;
    const half = 2.7764451051977934 * Math.sqrt(variance * (1 / 5 + 200 / 800));
    expect(mean).toBeCloseTo(centre, 14);
    expect(interval![0]).toBeCloseTo(centre - half, 12);
    expect(interval![1]).toBeCloseTo(centre + half, 12);
  });

  it('pools a loss by paired differences of rows: mean and standard error by hand', () => {
    const data = sample(400);
    const { comparisons, scores, winner } = compareClassifiers(data, { logistic, tree }, { metric: 'brier' });
    const { b, pooled } = comparisons[0]!;
    const d = Array.from(
      data.left as Float64Array,
      (y, i) => (scores[b]![i]! - y) ** 2 - (scores[winner]![i]! - y) ** 2,
    );
    const mean = d.reduce((a, c) => a + c, 0) / 400;
    expect(pooled.difference).toBeCloseTo(mean, 13);
    const error = Math.sqrt(d.reduce((a, c) => a + (c - mean) ** 2, 0) / 399 / 400);
    expect(pooled.standardError).toBeCloseTo(error, 13);
  });

  it('keeps customers together and outcomes in proportion', () => {
    const data = sample(3000);
    const splits = splitsOf(data, data.left!, { count: 4, seed: 7, by: 'customer' });
    const foldOf = new Int32Array(1000).fill(-1);
    splits.forEach(({ train, test }, k) => {
      expect(train.length + test.length).toBe(3000);
      for (const row of Array.from(test)) {
        const customer = Math.floor(row / 3);
        expect(foldOf[customer] === -1 || foldOf[customer] === k).toBe(true);
        foldOf[customer] = k;
      }
    });
    const { customer, ...alone } = data;
    expect(splitsOf(data, data.left!, { count: 4, seed: 7 })).toEqual(splits);
    const single = splitsOf(alone, data.left!, { count: 4, seed: 7 });
    const events = single.map(({ test }) => Array.from(test).filter((row) => data.left![row] === 1).length);
    expect(Math.max(...events) - Math.min(...events)).toBeLessThanOrEqual(1);
    expect(customer!.length).toBe(3000);
    expect(splitsOf(alone, data.left!, { count: 4, seed: 8 })).not.toEqual(single);
  });

  it('takes a temporal split as a pair of row lists: judged on the later rows only, without an interval over folds', () => {
    const data = sample(600);
    const rows = Array.from({ length: 600 }, (_, i) => i);
    const result = compareClassifiers(
      data,
      { logistic, tree },
      { validation: { splits: [{ train: rows.slice(0, 400), test: rows.slice(400) }] } },
    );
    expect(result.rows).toBe(200);
    expect(result.scores.logistic!.map((p) => (p === p ? 1 : 0)).indexOf(1)).toBe(400);
    expect(result.comparisons[0]!.folds.interval).toBeNull();
    expect(result.comparisons[0]!.folds.differences.length).toBe(1);
  });

  it('judges all on the rows that all have scored, and lets a pipeline with a calibrator compete', () => {
    const data = { ...sample(600) };
    const x = data.x!.map((v, i) => (i % 10 === 0 ? Number.NaN : v));
    const calibrated = pipeline([decisionTree({ label, features: ['z'], maxDepth: 2 }), plattCalibration({ label })]);
    const { rows, candidates } = compareClassifiers({ ...data, x }, { logistic, calibrated });
    expect(rows).toBe(540);
    const by = (name: string) => candidates.find((candidate) => candidate.name === name)!;
    expect([by('logistic').unscored, by('calibrated').unscored]).toEqual([60, 0]);
    expect(by('calibrated').evaluation.rows).toBe(540);
    expect(by('calibrated').kind).toBe('pipeline');
  });

  it('stops where there is nothing to compare, labels differ or rows leak', () => {
    const data = sample(60);
    // @ts-expect-error: the logistic is missing
    expect(() => compareClassifiers(data, { tree })).toThrow(/candidates.logistic must be a logisticRegression/);
    expect(() => compareClassifiers(data, { logistic })).toThrow(/name at least one beside the logistic/);
    const other = decisionTree({ ...options, label: { ...label, churned: 0 } });
    expect(() => compareClassifiers(data, { logistic, other })).toThrow(
      /"logistic" and "other" learn from different labels/,
    );
    const on = (splits: { train: number[]; test: number[] }[]) => () =>
      compareClassifiers(data, { logistic, tree }, { validation: { splits } });
    expect(on([])).toThrow(/list at least one/);
    expect(on([{ train: [1, 2], test: [2] }])).toThrow(/row 2 is in train and in test/);
    expect(
      on([
        { train: [1], test: [2] },
        { train: [1], test: [2] },
      ]),
    ).toThrow(/row 2 is tested twice/);
    expect(on([{ train: [1], test: [60] }])).toThrow(/60; the data have 60 rows/);
    expect(() => compareClassifiers(data, { logistic, tree }, { validation: { count: 1 } })).toThrow(
      /invalid validation.count: 1/,
    );
    expect(() => compareClassifiers(data, { logistic, tree }, { validation: { of: [1] } })).toThrow(/has 1 rows/);
    expect(() => compareClassifiers(data, { logistic, tree }, { metric: 'accuracy' as never })).toThrow(
      /invalid metric/,
    );
  });
});

describe.skipIf(!hasShared('telco-churn.csv'))('compareClassifiers on the telco set', () => {
  it('decides for the logistic against a tree by five folds', () => {
    const own = { label: telcoLabel, features: telcoFeatures };
    const { winner, decided, candidates } = compareClassifiers(telco(), {
      logistic: logisticRegression(own),
      tree: decisionTree({ ...own, maxDepth: 4 }),
    });
    expect([winner, decided]).toEqual(['logistic', true]);
    expect(candidates.map(({ folds }) => folds.length)).toEqual([5, 5]);
  });

  it('finds the golden AUC of the ridge on every fifth row; scales come from the training rows here, from all rows there', () => {
    const { roc_auc } = fixture<Golden>('churn-golden.json').logistic.holdout_row_mod5.test_metrics;
    const own = { label: telcoLabel, features: telcoFeatures };
    const rows = Array.from({ length: 7043 }, (_, i) => i);
    const { candidates } = compareClassifiers(
      telco(),
      { logistic: logisticRegression({ ...own, l2: 1 }), tree: decisionTree({ ...own, maxDepth: 2 }) },
      { validation: { splits: [{ train: rows.filter((i) => i % 5 > 0), test: rows.filter((i) => i % 5 === 0) }] } },
    );
    expect(candidates[0]!.name).toBe('logistic');
    expect(Math.abs(candidates[0]!.evaluation.rocAuc - roc_auc)).toBeLessThan(1e-4);
  });
});
