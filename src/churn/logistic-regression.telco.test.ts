import { describe, expect, it } from 'vitest';
import { fixture, hasShared } from '../../fixtures/load.ts';
import { auc } from '../numerics/auc.ts';
import type { Coefficient, LogisticReport } from '../regression/report.ts';
import {
  outOfFold,
  standardised,
  subset,
  type Telco,
  telco,
  telcoFeatures,
  telcoLabel,
} from '../regression/telco.test-support.ts';
import { engine } from '../scoring/engine.ts';
import { logisticKind } from './logistic-kind.ts';
import { logisticRegression } from './logistic-regression.ts';

interface Fitted {
  readonly columns: readonly string[];
  readonly coef: readonly number[];
  readonly se: readonly number[];
  readonly z: readonly number[];
  readonly odds_ratio: readonly number[];
  readonly se_hc0: readonly number[];
  readonly log_likelihood: number;
  readonly aic: number;
  readonly in_sample_metrics: { readonly roc_auc: number; readonly brier: number; readonly log_loss: number };
  readonly first5_probabilities: readonly number[];
}
interface Golden {
  readonly logistic: {
    readonly unpenalised_raw: Fitted;
    readonly unpenalised_standardised: Fitted;
    readonly l2: {
      readonly columns: readonly string[];
      readonly path: readonly {
        readonly C: number;
        readonly coef: readonly number[];
        readonly penalised_hessian_se: readonly number[];
      }[];
    };
    readonly l2_balanced_C1: {
      readonly class_weight: readonly [number, number];
      readonly coef: readonly number[];
      readonly mean_predicted: number;
    };
    readonly holdout_row_mod5: {
      readonly coef: readonly number[];
      readonly test_metrics: { readonly roc_auc: number; readonly brier: number; readonly log_loss: number };
    };
  };
  readonly r: {
    readonly glm_raw: { readonly coef: readonly number[]; readonly deviance: number; readonly null_deviance: number };
  };
}

const { compile, parseModel } = engine({ logisticRegression: logisticKind });
const columnsOf = (fit: LogisticReport, names: readonly string[]): readonly Coefficient[] =>
  names.map((name) => fit.coefficients.find((c) => c.name === name)!);
const close = (ours: number, theirs: number, relative: number): void =>
  expect(Math.abs(ours - theirs)).toBeLessThanOrEqual(relative * Math.abs(theirs));

/** tenure and the two charges standardised beforehand, as in the golden file. */
function scaled(data: Telco): Telco {
  const out = { ...data };
  for (const name of ['tenure', 'MonthlyCharges', 'TotalCharges']) out[name] = standardised(data[name] as Float64Array);
  return out;
}
const mean = (x: Float64Array): number => x.reduce((a, b) => a + b, 0) / x.length;
const logLoss = (y: Float64Array, p: Float64Array): number =>
  -mean(y.map((v, i) => Math.log(v === 1 ? p[i]! : 1 - p[i]!)));
const brier = (y: Float64Array, p: Float64Array): number => mean(y.map((v, i) => (v - p[i]!) ** 2));

describe.skipIf(!hasShared('telco-churn.csv'))('logisticRegression on the telco set', () => {
  const golden = fixture<Golden>('churn-golden.json');
  const data = telco();
  const y = Float64Array.from(data.Churn as string[], (v) => (v === 'Yes' ? 1 : 0));
  const model = logisticRegression({ label: telcoLabel, features: telcoFeatures }).fit(data);

  it('equals the golden unpenalised fit on raw columns: coefficients, errors, robust errors, z, odds ratios to 1e-8', () => {
    const reference = golden.logistic.unpenalised_raw;
    columnsOf(model.fit, reference.columns).forEach((c, j) => {
      close(c.estimate, reference.coef[j]!, 1e-8);
      close(c.standardError!, reference.se[j]!, 1e-8);
      close(c.robustError!, reference.se_hc0[j]!, 1e-8);
      close(c.z!, reference.z[j]!, 1e-8);
      close(c.oddsRatio!, reference.odds_ratio[j]!, 1e-8);
      close(c.estimate, golden.r.glm_raw.coef[j]!, 1e-8);
    });
    expect(model.fit.status).toBe('converged');
    expect(model.fit.rows).toBe(7043);
    close(model.fit.logLikelihood, reference.log_likelihood, 1e-12);
    close(model.fit.aic, reference.aic, 1e-12);
    close(model.fit.deviance, golden.r.glm_raw.deviance, 1e-12);
    expect(model.fit.gradientNorm).toBeLessThan(1e-12);
  });

  it('has the null log-likelihood of R glm, Σ y·ln(mean) + (1 − y)·ln(1 − mean)', () => {
    close(-2 * model.fit.nullLogLikelihood, golden.r.glm_raw.null_deviance, 1e-13);
    close(model.fit.nullLogLikelihood, 1869 * Math.log(1869 / 7043) + 5174 * Math.log(5174 / 7043), 1e-13);
    close(model.fit.baseRate, 1869 / 7043, 1e-14);
  });

  it('drops the level "No internet service" and its kin of the raw columns as combinations of earlier columns, and says so once', () => {
    const addOns = [
      'OnlineSecurity',
      'OnlineBackup',
      'DeviceProtection',
      'TechSupport',
      'StreamingTV',
      'StreamingMovies',
    ];
    const left = ['"MultipleLines=No phone service"', ...addOns.map((name) => `"${name}=No internet service"`)];
    expect(model.fit.warnings).toEqual([`left out with weight 0 – combination of earlier columns: ${left.join(', ')}`]);
  });

  it('scores the first five customers and all in-sample metrics as the golden file does', () => {
    const p = compile(model).score(data).columns.churnProbability;
    golden.logistic.unpenalised_raw.first5_probabilities.forEach((want, i) => {
      close(p[i]!, want, 1e-11);
    });
    const want = golden.logistic.unpenalised_raw.in_sample_metrics;
    close(auc(y, p), want.roc_auc, 1e-12);
    close(brier(y, p), want.brier, 1e-10);
    close(logLoss(y, p), want.log_loss, 1e-10);
  });

  it('equals the golden fit on standardised columns', () => {
    const reference = golden.logistic.unpenalised_standardised;
    const { fit } = logisticRegression({ label: telcoLabel, features: telcoFeatures }).fit(scaled(data));
    columnsOf(fit, reference.columns).forEach((c, j) => {
      close(c.estimate, reference.coef[j]!, 1e-8);
      close(c.standardError!, reference.se[j]!, 1e-8);
      close(c.robustError!, reference.se_hc0[j]!, 1e-8);
    });
  });

  it('equals the golden ridge path at C = .001 … 10, with l2 = 1/C on columns that it standardises itself', () => {
    const { path, columns } = golden.logistic.l2;
    const scale = Object.fromEntries(
      ['tenure', 'MonthlyCharges', 'TotalCharges'].map((name) => {
        const x = data[name] as Float64Array;
        const centre = mean(x);
        return [name, Math.sqrt(mean(x.map((v) => (v - centre) ** 2)))];
      }),
    );
    for (const { C, coef } of path) {
      const { fit } = logisticRegression({ label: telcoLabel, features: fullRank, l2: 1 / C }).fit(flags(data));
      columnsOf(fit, columns).forEach((c, j) => {
        if (j > 0) close(c.estimate * (scale[c.name] ?? 1), coef[j]!, 1e-8);
      });
    }
  });

  it('equals the golden ridge path and its penalised errors on columns standardised beforehand, standardise: false', () => {
    const { path, columns } = golden.logistic.l2;
    for (const { C, coef, penalised_hessian_se } of path) {
      const options = { label: telcoLabel, features: fullRank, l2: 1 / C, standardise: false };
      const { fit } = logisticRegression(options).fit(flags(scaled(data)));
      columnsOf(fit, columns).forEach((c, j) => {
        close(c.estimate, coef[j]!, 1e-8);
        close(c.standardError!, penalised_hessian_se[j]!, 1e-8);
      });
    }
  });

  it('equals the golden class-weighted fit through a weight column', () => {
    const { class_weight, coef, mean_predicted } = golden.logistic.l2_balanced_C1;
    const weighted: { [name: string]: Float64Array | string[] } = {
      ...flags(scaled(data)),
      w: y.map((v) => class_weight[v as 0 | 1]),
    };
    const options = { label: telcoLabel, features: fullRank, l2: 1, weight: 'w', standardise: false };
    const balanced = logisticRegression(options).fit(weighted);
    columnsOf(balanced.fit, golden.logistic.l2.columns).forEach((c, j) => {
      close(c.estimate, coef[j]!, 1e-8);
    });
    close(mean(compile(balanced).score(weighted).columns.churnProbability), mean_predicted, 1e-9);
  });

  it('equals the golden holdout fit (row % 5, C = 1) and its metrics', () => {
    const { coef, test_metrics } = golden.logistic.holdout_row_mod5;
    const all = flags(scaled(data));
    const options = { label: telcoLabel, features: fullRank, l2: 1, standardise: false };
    const held = logisticRegression(options).fit(subset(all, (i) => i % 5 !== 0));
    columnsOf(held.fit, golden.logistic.l2.columns).forEach((c, j) => {
      close(c.estimate, coef[j]!, 1e-8);
    });
    const p = compile(held)
      .score(all)
      .columns.churnProbability.filter((_, i) => i % 5 === 0);
    const actual = y.filter((_, i) => i % 5 === 0);
    close(auc(actual, p), test_metrics.roc_auc, 1e-12);
    close(brier(actual, p), test_metrics.brier, 1e-9);
    close(logLoss(actual, p), test_metrics.log_loss, 1e-9);
  });

  it('gives out of fold (row % 5) the AUC, log loss, Brier score and means of portraits.md §3', () => {
    const estimator = logisticRegression({ label: telcoLabel, features: telcoFeatures });
    const p = outOfFold(
      y.length,
      (keep) => estimator.fit(subset(data, keep)),
      (m) => compile(m).score(data).columns.churnProbability,
    );
    expect(auc(y, p)).toBeCloseTo(0.845303, 6);
    expect(logLoss(y, p)).toBeCloseTo(0.417372, 6);
    expect(brier(y, p)).toBeCloseTo(0.135431, 6);
    expect(mean(p)).toBeCloseTo(0.265165, 6);
    expect(mean(p.filter((_, i) => y[i] === 0))).toBeCloseTo(0.184263, 6);
  });

  it('has the variance inflation factors of portraits.md §4, the same as 1/(1 − R²), and groups the charge with what it sums', () => {
    const vif = (name: string): number => model.fit.coefficients.find((c) => c.name === name)!.vif!;
    expect(vif('MonthlyCharges')).toBeCloseTo(865, -0.5);
    expect(Math.round(vif('InternetService=Fiber optic'))).toBe(148);
    expect(Math.round(vif('InternetService=No'))).toBe(104);
    expect(Math.round(vif('PhoneService=Yes'))).toBe(35);
    expect(Math.round(vif('StreamingTV=Yes'))).toBe(24);
    expect(Math.round(vif('StreamingMovies=Yes'))).toBe(24);
    expect(model.groups).toEqual([
      ['MonthlyCharges', 'PhoneService', 'InternetService', 'StreamingTV', 'StreamingMovies'],
    ]);
    const without = telcoFeatures.filter((f) => f !== 'MonthlyCharges');
    expect(logisticRegression({ label: telcoLabel, features: without }).fit(data).groups).toEqual([]);
  });

  it('explains every customer with contributions that add up to the log-odds within 1e-12, the group told as one', () => {
    const { scale, base, terms, contributions } = compile(model).explain(data, 'churnProbability');
    const p = compile(model).score(data).columns.churnProbability;
    expect(scale).toBe('log-odds');
    expect(terms.map((t) => t.name)).toContain(
      'MonthlyCharges + PhoneService + InternetService + StreamingTV + StreamingMovies',
    );
    expect(terms).toHaveLength(15);
    const sums = contributions.reduce(
      (all, lane) => all.map((s, i) => s + lane[i]!),
      new Float64Array(y.length).fill(base),
    );
    const x = columnsOf(model.fit, golden.logistic.unpenalised_raw.columns).map((c) => c.estimate);
    const design = hand(data, golden.logistic.unpenalised_raw.columns);
    for (let i = 0; i < y.length; i++) {
      const logOdds = design.reduce((total, column, j) => total + x[j]! * column[i]!, 0);
      expect(Math.abs(sums[i]! - logOdds)).toBeLessThan(1e-12 * (1 + 10));
      expect(Math.abs(1 / (1 + Math.exp(-sums[i]!)) - p[i]!)).toBeLessThan(1e-13);
    }
    for (const lane of contributions) expect(Math.abs(mean(lane))).toBeLessThan(1e-10);
  });

  it('scores bit for bit alike after a round trip through JSON', () => {
    const back = parseModel(JSON.parse(JSON.stringify(model)));
    expect(back).toEqual(model);
    expect(compile(back).score(data).columns).toEqual(compile(model).score(data).columns);
  });
});

/** 0/1 columns of the golden file's 23: under a penalty the repeated levels of the raw columns would share the weight. */
function flags(data: Telco): { [name: string]: Float64Array | string[] } {
  const out: { [name: string]: Float64Array | string[] } = { ...data };
  for (const f of telcoFeatures)
    if (
      typeof f !== 'string' &&
      ['InternetService', 'Contract', 'PaymentMethod'].indexOf(f.column) < 0 &&
      f.column !== 'gender'
    )
      out[f.column] = (data[f.column] as string[]).map((v) => (v === 'Yes' ? 'Yes' : 'No'));
  return out;
}
const fullRank = telcoFeatures;

/** The golden file's columns, coded by hand from the raw file. */
function hand(data: Telco, columns: readonly string[]): readonly Float64Array[] {
  return columns.map((name) => {
    const [column, level] = name.split('=');
    if (name === '(intercept)') return new Float64Array((data.tenure as Float64Array).length).fill(1);
    if (level === undefined) return data[name] as Float64Array;
    return Float64Array.from(data[column!] as string[], (v) => (v === level ? 1 : 0));
  });
}
