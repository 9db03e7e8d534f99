import { describe, expect, it } from 'vitest';
import { fixture, hasShared } from '../../../fixtures/load.ts';
import { seededRandom, shuffled } from '../../numerics/random.ts';
import { telco, telcoFeatures, telcoLabel } from '../../regression/telco.test-support.ts';
import { engine } from '../../scoring/engine.ts';
import { dealFolds } from '../../validation/stratified.ts';
import { logisticKind } from '../logistic-kind.ts';
import { logisticRegression } from '../logistic-regression.ts';
import { elasticNetPath } from './elastic-net-path.ts';

const { compile, parseModel } = engine({ logisticRegression: logisticKind });
const label = { column: 'left', churned: 1, horizon: null } as const;
const random = seededRandom(9);
const n = 240;
// 0/1 columns are never scaled, so that folds can be fitted one by one below.
const flag = (): Float64Array => Float64Array.from({ length: n }, () => (random.uniform() < 0.4 ? 1 : 0));
const columns: { [name: string]: Float64Array } = { a: flag(), b: flag(), c: flag(), d: flag() };
const left = columns.a!.map((a, i) => (random.uniform() < 0.2 + 0.3 * a + 0.2 * columns.b![i]! ? 1 : 0));
const household = left.map((_, i) => Math.floor(i / 3));
const data = { ...columns, left, household };
const features = ['a', 'b', 'c', 'd'] as const;
const lambdas = [0.1, 0.03, 0.01, 0.003];

/** Held-out deviances per λ and fold, each fold fitted apart. */
function byHand(foldOf: (row: number) => number, folds: number, mix: number) {
  const take = (rows: readonly number[]) =>
    Object.fromEntries(Object.entries(data).map(([name, v]) => [name, Float64Array.from(rows, (i) => v[i]!)]));
  const all = Array.from({ length: n }, (_, i) => i);
  return lambdas.map((lambda) => {
    const parts = Array.from({ length: folds }, (_, fold) => {
      const held = all.filter((i) => foldOf(i) === fold);
      const model = logisticRegression({ label, features, penalty: { lambda, mix } }).fit(
        take(all.filter((i) => foldOf(i) !== fold)),
      );
      const p = compile(model).score(take(held)).columns.churnProbability;
      const loss = held.reduce((sum, i, k) => sum - Math.log(left[i] === 1 ? p[k]! : 1 - p[k]!), 0);
      return { size: held.length, deviance: (2 * loss) / held.length };
    });
    const mean = parts.reduce((sum, { size, deviance }) => sum + size * deviance, 0) / n;
    const spread = parts.reduce((sum, { size, deviance }) => sum + size * (deviance - mean) ** 2, 0) / n;
    return { mean, error: Math.sqrt(spread / (folds - 1)) };
  });
}

describe('cross-validated penalty', () => {
  // Events in seeded order, then the others, dealt in turn.
  const order = [...shuffled(n, seededRandom(3))].sort((a, b) => left[b]! - left[a]!);
  const place = new Int32Array(n);
  order.forEach((row, at) => {
    place[row] = at;
  });

  it('has the held-out deviances, their errors and the λ that fits of each fold give by hand', () => {
    for (const mix of [1, 0.4]) {
      const want = byHand((row) => place[row]! % 4, 4, mix);
      const crossValidate = { folds: 4, seed: 3, mix, lambdas };
      const { fit } = logisticRegression({ label, features, penalty: { crossValidate } }).fit(data);
      const { crossValidation, lambda, df } = fit.penalty!;
      want.forEach(({ mean, error }, k) => {
        expect(crossValidation!.deviance[k]).toBeCloseTo(mean, 7);
        expect(crossValidation!.standardError[k]).toBeCloseTo(error, 7);
      });
      const best = want.map(({ mean }) => mean).indexOf(Math.min(...want.map(({ mean }) => mean)));
      const limit = want[best]!.mean + want[best]!.error;
      expect([lambda, crossValidation!.min]).toEqual([lambdas[best], lambdas[best]]);
      expect(crossValidation!.oneStandardError).toBe(lambdas[want.findIndex(({ mean }) => mean <= limit)]);
      const direct = logisticRegression({ label, features, penalty: { lambda, mix } }).fit(data);
      expect(fit.coefficients).toEqual(direct.fit.coefficients);
      expect(df).toBe(direct.fit.penalty!.df);
    }
  });

  it('keeps the rows of a group in one fold', () => {
    const foldOf = dealFolds(n, 5, 8, left, { of: Int32Array.from(household), count: n / 3 });
    expect(household.every((own, row) => foldOf[row] === foldOf[3 * own])).toBe(true);
    const want = byHand((row) => foldOf[row]!, 5, 1);
    const crossValidate = { folds: 5, seed: 8, lambdas, group: 'household', rule: 'one-standard-error' } as const;
    const { fit } = logisticRegression({ label, features, penalty: { crossValidate } }).fit(data);
    const { crossValidation, lambda } = fit.penalty!;
    want.forEach(({ mean }, k) => {
      expect(crossValidation!.deviance[k]).toBeCloseTo(mean, 7);
    });
    expect(lambda).toBe(crossValidation!.oneStandardError);
    expect(crossValidation!.group).toBe('household');
  });

  it('is stored in the model, the same for the same seed', () => {
    const estimator = logisticRegression({ label, features, penalty: { crossValidate: { folds: 5, mix: 0 } } });
    const model = estimator.fit(data);
    expect(estimator.fit(data)).toEqual(model);
    expect(model.fit.penalty!.crossValidation!.lambdas).toHaveLength(100);
    expect(parseModel(JSON.parse(JSON.stringify(model)))).toEqual(model);
  });

  it('stops when rows or groups are fewer than folds, and when a class is all in one fold', () => {
    const fit = (crossValidate: object, rows: object = data) =>
      logisticRegression({ label, features: ['a'], penalty: { crossValidate } as never }).fit(rows as never);
    expect(() => fit({ folds: 241 })).toThrow(/^240 rows cannot be dealt to 241 folds/);
    expect(() => fit({ folds: 81, group: 'household' })).toThrow(/^80 groups cannot be dealt/);
    expect(() => fit({ folds: 5 }, { a: columns.a, left: left.map((_, i) => (i === 7 ? 1 : 0)) })).toThrow(
      /the label has one class/,
    );
  });
});

describe('elasticNetPath', () => {
  it('holds the models of logisticRegression at each λ, and its own sequence ends at ratio times its start', () => {
    const path = elasticNetPath(data, { label, features, mix: 0.7, count: 6, ratio: 0.01 });
    expect(path.columns).toEqual(features);
    expect(path.steps[0]!.df).toBe(0);
    expect(path.steps[5]!.lambda / path.steps[0]!.lambda).toBeCloseTo(0.01, 14);
    expect(path.steps[0]!.devianceRatio).toBeCloseTo(0, 12);
    for (const { lambda, intercept, coefficients, df, deviance, violation } of path.steps) {
      const model = logisticRegression({ label, features, penalty: { lambda, mix: 0.7 } }).fit(data);
      expect(intercept).toBeCloseTo(model.intercept, 9);
      model.fit.coefficients.slice(1).forEach(({ estimate }, j) => {
        expect(coefficients[j]).toBeCloseTo(estimate, 9);
      });
      expect(df).toBe(model.fit.penalty!.df);
      expect(deviance).toBeCloseTo(model.fit.deviance, 9);
      expect(violation).toBeLessThanOrEqual(1e-12);
    }
    expect(path.nullDeviance).toBeCloseTo(
      -2 * logisticRegression({ label, features: [] }).fit(data).fit.logLikelihood,
      10,
    );
  });

  it('does not depend on the unit of a column, which it scales, and does when told not to', () => {
    const x = left.map((y, i) => y + 3 * columns.c![i]! + random.uniform());
    const at = (standardise: boolean, factor: number) =>
      elasticNetPath({ left, x: x.map((v) => factor * v) }, { label, features: ['x'], lambdas: [0.05], standardise })
        .steps[0]!.coefficients[0]! * factor;
    expect(at(true, 1000)).toBeCloseTo(at(true, 1), 10);
    expect(at(false, 1000)).not.toBeCloseTo(at(false, 1), 2);
  });

  it('refuses options that cannot be used', () => {
    for (const bad of [{ mix: 2 }, { count: 0 }, { ratio: 1 }, { lambdas: [] }, { lambdas: [-1] }])
      expect(() => elasticNetPath(data, { label, features, ...bad })).toThrow(/^invalid/);
  });
});

interface Golden {
  readonly logistic: {
    readonly elastic_net: {
      readonly columns: readonly string[];
      readonly lambda_max_alpha1: number;
      readonly path: readonly { readonly alpha: number; readonly lambda: number; readonly coef: readonly number[] }[];
    };
    readonly l2_balanced_C1: { readonly mean_predicted: number; readonly base_rate: number };
  };
}

describe.skipIf(!hasShared('telco-churn.csv'))('penalties on the telco set', () => {
  const { elastic_net: golden, l2_balanced_C1: balanced } = fixture<Golden>('churn-golden.json').logistic;
  const raw = telco();
  const threefold = ['InternetService', 'Contract', 'PaymentMethod', 'gender'];
  // The golden file's 0/1 columns: "X=Yes" or not.
  const rows: { [name: string]: Float64Array | string[] } = { ...raw };
  for (const feature of telcoFeatures)
    if (typeof feature !== 'string' && !threefold.includes(feature.column))
      rows[feature.column] = (raw[feature.column] as string[]).map((v) => (v === 'Yes' ? 'Yes' : 'No'));
  const scale = (name: string): number => {
    const x = raw[name];
    if (!(x instanceof Float64Array) || name === 'SeniorCitizen') return 1;
    const mean = x.reduce((a, b) => a + b) / x.length;
    return Math.sqrt(x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length);
  };

  it('equal the golden elastic nets, whose optimality conditions hold to 1e-15, within 1e-11 (glmnet: 3e-6)', () => {
    expect(golden.path).toHaveLength(12);
    for (const { alpha, lambda, coef } of golden.path) {
      const penalty = { lambda, mix: alpha };
      const { fit } = logisticRegression({ label: telcoLabel, features: telcoFeatures, penalty }).fit(rows);
      expect(fit.status).toBe('converged');
      expect(fit.gradientNorm).toBeLessThan(1e-13);
      golden.columns.forEach((name, j) => {
        if (j === 0) return;
        const { estimate } = fit.coefficients.find((c) => c.name === name)!;
        expect(Math.abs(estimate * scale(name) - coef[j]!)).toBeLessThan(1e-11);
      });
      expect(fit.penalty!.df).toBe(coef.slice(1).filter((c) => c !== 0).length);
    }
  });

  it('begin at the golden λ that leaves no column', () => {
    const { steps } = elasticNetPath(rows, { label: telcoLabel, features: telcoFeatures, count: 2, ratio: 0.5 });
    expect(steps[0]!.lambda / golden.lambda_max_alpha1).toBeCloseTo(1, 12);
  });

  it('keep exact combinations of columns, and group what these are made of', () => {
    const model = logisticRegression({ label: telcoLabel, features: telcoFeatures, penalty: { lambda: 0.01 } }).fit(
      raw,
    );
    expect(model.fit.status).toBe('converged');
    expect(model.fit.warnings).toEqual([]);
    expect(model.groups[0]).toEqual(expect.arrayContaining(['InternetService', 'TechSupport', 'OnlineSecurity']));
    const charge = model.fit.coefficients.find((c) => c.name === 'MonthlyCharges')!;
    expect(charge.vif).toBeCloseTo(865, -0.5);
  });

  it('of balanced classes have a mean probability near the base rate of .265, where weights alone give .414', () => {
    const options = { label: telcoLabel, features: telcoFeatures, l2: 1, classWeight: 'balanced' } as const;
    const p = compile(logisticRegression(options).fit(rows)).score(rows).columns.churnProbability;
    const mean = p.reduce((a, b) => a + b) / p.length;
    expect(balanced.mean_predicted).toBeCloseTo(0.414, 3);
    expect(Math.abs(mean - balanced.base_rate)).toBeLessThan(0.005);
  });
});
