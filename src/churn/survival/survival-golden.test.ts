import { describe, expect, it } from 'vitest';
import { fixture, hasShared } from '../../../fixtures/load.ts';
import { telco } from '../../regression/telco.test-support.ts';
import { coxRegression } from './cox-regression.ts';
import { kaplanMeier } from './kaplan-meier.ts';
import { logRank } from './log-rank.ts';

interface CoxGolden {
  readonly coef: readonly number[];
  readonly se: readonly number[];
  readonly loglik_null: number;
  readonly loglik: number;
  readonly score_test: number;
  readonly wald_test: number;
  readonly concordance: number;
  readonly concordance_se: number;
  readonly basehaz_uncentered_times: readonly number[];
  readonly basehaz_uncentered: readonly number[];
  readonly zph_global_chisq: number;
}
interface Golden {
  readonly r: {
    readonly km: {
      readonly [name in
        | 'times'
        | 'n_risk'
        | 'n_event'
        | 'surv'
        | 'se_greenwood_of_S'
        | 'lower_log'
        | 'upper_log']: number[];
    } & { readonly rows: number; readonly rmst72: number };
    readonly logrank_contract: { readonly observed: number[]; readonly expected: number[]; readonly chisq: number };
    readonly cox_efron: CoxGolden;
    readonly cox_breslow: CoxGolden;
  };
}
const golden = (): Golden['r'] => fixture<Golden>('churn-golden.json').r;
const close = (ours: number, theirs: number): void =>
  expect(Math.abs(ours - theirs)).toBeLessThanOrEqual(1e-8 * Math.abs(theirs));
const times = { duration: 'tenure', event: { column: 'Churn', churned: 'Yes' } } as const;

describe.skipIf(!hasShared('telco-churn.csv'))(
  'on the telco file, as R 4.2.2 with survival 3.5-3 (golden file), to 1e-8',
  () => {
    it('Kaplan–Meier has its survival, Greenwood errors, log intervals and restricted mean', () => {
      const { km } = golden();
      const result = kaplanMeier(telco(), { ...times, interval: 'log', restrictedTo: 72 });
      const curve = result.curves[0]!;
      expect(curve.rows).toBe(km.rows);
      expect(result.warnings.join()).toMatch(/11 rows were never at risk/);
      km.times.forEach((t, i) => {
        const k = curve.time.indexOf(t);
        expect(curve.atRisk[k]).toBe(km.n_risk[i]);
        expect(curve.eventsAt[k]).toBe(km.n_event[i]);
        close(curve.survival[k]!, km.surv[i]!);
        close(curve.standardError[k]!, km.se_greenwood_of_S[i]!);
        close(curve.lower[k]!, km.lower_log[i]!);
        close(curve.upper[k]!, km.upper_log[i]!);
      });
      close(curve.restrictedMean!.mean, km.rmst72);
    });

    it('the log-rank test of contracts has its observed, expected and chi-squared', () => {
      const { observed, expected, chisq } = golden().logrank_contract;
      const test = logRank(telco(), { ...times, group: 'Contract' });
      test.groups.forEach((group, g) => {
        expect(group.observed).toBe(observed[g]);
        close(group.expected, expected[g]!);
      });
      close(test.chiSquared, chisq);
      expect(test.degreesOfFreedom).toBe(2);
    });

    it.each(['efron', 'breslow'] as const)(
      'Cox with %s ties has its coefficients, tests, concordance and baseline',
      (ties) => {
        const reference = golden()[`cox_${ties}`];
        const data = telco();
        const yes = (column: string, value: string): Float64Array =>
          Float64Array.from(data[column] as string[], (cell) => (cell === value ? 1 : 0));
        const columns = {
          SeniorCitizen: data.SeniorCitizen!,
          m: data.MonthlyCharges!,
          c1: yes('Contract', 'One year'),
          c2: yes('Contract', 'Two year'),
          fib: yes('InternetService', 'Fiber optic'),
          noi: yes('InternetService', 'No'),
          ec: yes('PaymentMethod', 'Electronic check'),
          sec: yes('OnlineSecurity', 'Yes'),
          ts: yes('TechSupport', 'Yes'),
          pl: yes('PaperlessBilling', 'Yes'),
          pa: yes('Partner', 'Yes'),
          dp: yes('Dependents', 'Yes'),
        };
        const features = Object.keys(columns) as (keyof typeof columns)[];
        const model = coxRegression({ ...times, period: 'month', features, ties }).fit({
          ...columns,
          tenure: data.tenure!,
          Churn: data.Churn!,
        });
        const { fit } = model;
        expect(fit.status).toBe('converged');
        expect(fit.coefficients.map(({ name }) => name)).toEqual(features);
        fit.coefficients.forEach(({ estimate, standardError }, j) => {
          close(estimate, reference.coef[j]!);
          close(standardError!, reference.se[j]!);
        });
        close(fit.logLikelihood, reference.loglik);
        close(fit.nullLogLikelihood, reference.loglik_null);
        close(fit.scoreTest!.chiSquared, reference.score_test);
        close(fit.waldTest!.chiSquared, reference.wald_test);
        close(fit.concordance.concordance!, reference.concordance);
        close(fit.concordance.standardError!, reference.concordance_se);
        close(fit.proportionalHazards!.global.chiSquared, reference.zph_global_chisq);
        const [baseline] = model.baseline;
        // The model's baseline is that of the average customer, the reference's that of x = 0.
        reference.basehaz_uncentered_times.forEach((t, i) => {
          const hazard = baseline!.cumulativeHazard[baseline!.time.indexOf(t)]!;
          close(hazard * Math.exp(model.intercept), reference.basehaz_uncentered[i]!);
        });
      },
    );
  },
);
