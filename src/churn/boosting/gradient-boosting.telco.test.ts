import { describe, expect, it } from 'vitest';
import { fixture, hasShared, sharedColumns } from '../../../fixtures/load.ts';
import { seededRandom, shuffled } from '../../numerics/random.ts';
import { telco, telcoFeatures, telcoLabel } from '../../regression/telco.test-support.ts';
import { engine } from '../../scoring/engine.ts';
import { logisticKind } from '../logistic-kind.ts';
import { logisticRegression } from '../logistic-regression.ts';
import { calibrationLine, logLoss, rocAuc } from '../metrics.ts';
import { oneHot, rows } from '../trees/trees.test-support.ts';
import { gradientBoosting, gradientBoostingKind } from './index.ts';

const { compile } = engine({ gradientBoosting: gradientBoostingKind, logisticRegression: logisticKind });

/** Scores of rows by what was fitted on the other four of five random folds of groups. */
function outOfFold(
  estimators: readonly (ReturnType<typeof gradientBoosting> | ReturnType<typeof logisticRegression>)[],
  data: { readonly [name: string]: Float64Array | string[] },
  groups: readonly number[],
  seed: number,
): Float64Array[] {
  const fold = shuffled(Math.max(...groups) + 1, seededRandom(seed)).map((place) => place % 5);
  const out = estimators.map(() => new Float64Array(groups.length));
  for (let held = 0; held < 5; held++) {
    const train = rows(data, (i) => fold[groups[i]!] !== held);
    estimators.forEach((estimator, k) => {
      const scores = compile(estimator.fit(train)).score(data).columns.churnProbability!;
      groups.forEach((group, i) => {
        if (fold[group] === held) out[k]![i] = scores[i]!;
      });
    });
  }
  return out;
}

describe.skipIf(!hasShared('telco-churn.csv'))('gradientBoosting on the telco data', () => {
  const whole = telco();
  const y = (whole.Churn as string[]).map((churn) => (churn === 'Yes' ? 1 : 0));

  it('is as good as scikit-learn and xgboost with their options, on their columns and rows (golden file)', () => {
    type Golden = { readonly [name: string]: { readonly auc: { mean: number }; readonly log_loss: { mean: number } } };
    const golden = fixture<{ trees_ensembles_calibration_metrics_shap: { columns45: string[]; ensembles: Golden } }>(
      'churn-golden.json',
    ).trees_ensembles_calibration_metrics_shap;
    const hot = { ...oneHot(whole, telcoFeatures), Churn: whole.Churn as string[] };
    const test = rows(hot, (i) => i % 5 === 0);
    const actual = y.filter((_, i) => i % 5 === 0);
    const fixed = { label: telcoLabel, features: golden.columns45, rounds: 100, earlyStopping: false } as const;
    for (const [name, options] of [
      ['HistGB_100_lr0.05_leaf15', { leaves: 15, learningRate: 0.05, minLeaf: 20, l2: 0 }],
      ['xgb_hist_100_d3_eta0.1', { leaves: 8, maxDepth: 3, learningRate: 0.1, minLeaf: 1, minHessian: 1, l2: 1 }],
    ] as const) {
      const model = gradientBoosting({ ...fixed, ...options }).fit(rows(hot, (i) => i % 5 !== 0));
      const p = compile(model).score(test).columns.churnProbability;
      // They cut 255 bins elsewhere, and store float32 gradients and thresholds.
      expect(Math.abs(rocAuc(actual, p) - golden.ensembles[name]!.auc.mean)).toBeLessThan(0.002);
      expect(Math.abs(logLoss(actual, p)! - golden.ensembles[name]!.log_loss.mean)).toBeLessThan(0.002);
    }
  });

  it('with its defaults is not below the logistic by more than .002 of AUC, and is calibrated: slope .95–1.05', {
    timeout: 240_000,
  }, () => {
    const features = telcoFeatures.map((feature) => (typeof feature === 'string' ? feature : feature.column));
    const estimators = [
      gradientBoosting({ label: telcoLabel, features }),
      logisticRegression({ label: telcoLabel, features }),
    ];
    const alone = y.map((_, i) => i);
    // One partition moves the slope by ±.012 (standard deviation over ten), so two are pooled.
    const runs = [11, 12].map((seed) => outOfFold(estimators, whole, alone, seed));
    const gaps = runs.map(([own, logistic]) => rocAuc(y, own!) - rocAuc(y, logistic!));
    expect(gaps.reduce((a, b) => a + b, 0) / 2).toBeGreaterThan(-0.002);
    const { slope } = calibrationLine(
      runs.flatMap(() => y),
      runs.flatMap(([own]) => [...own!]),
    )!;
    expect(slope).toBeGreaterThan(0.95);
    expect(slope).toBeLessThan(1.05);
  });
});

describe.skipIf(!hasShared('iranian-churn.csv'))('gradientBoosting on the Iranian churn data', () => {
  it('keeps the AUC of sklearn (.984) without Status, duplicates in one fold, within four deviations of a partition', () => {
    const whole = sharedColumns('iranian-churn.csv') as { [name: string]: Float64Array };
    const columns = Object.values(whole);
    const known = new Map<string, number>();
    const groups = Array.from(columns[0]!, (_, i) => {
      const key = columns.map((column) => column[i]).join();
      if (!known.has(key)) known.set(key, known.size);
      return known.get(key)!;
    });
    expect(groups.length - known.size).toBe(300);
    const features = Object.keys(whole).filter((name) => name !== 'Churn' && name !== 'Status');
    const label = { column: 'Churn', churned: 1, horizon: { every: 3, unit: 'month' } } as const;
    const data = { ...whole, profile: Float64Array.from(groups) };
    const [own] = outOfFold([gradientBoosting({ label, features, group: 'profile' })], data, groups, 12);
    // Ten partitions: mean .9834, standard deviation .0018; this one is the lowest of them.
    expect(rocAuc(whole.Churn!, own!)).toBeGreaterThan(0.976);
  });
});
