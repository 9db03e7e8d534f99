import { describe, expect, it } from 'vitest';
import { fixture, hasShared } from '../../fixtures/load.ts';
import { outOfFold, subset, telco, telcoFeatures } from '../regression/telco.test-support.ts';
import { engine } from '../scoring/engine.ts';
import { discreteTimeHazard } from './discrete-time-hazard.ts';
import { discreteTimeHazardKind } from './discrete-time-hazard-kind.ts';
import { expectedEvents } from './expected-events.ts';
import { logisticRegression } from './logistic-regression.ts';
import { personPeriods } from './person-periods.ts';

const { compile, parseModel } = engine({ discreteTimeHazard: discreteTimeHazardKind });
const close = (ours: number, theirs: number, relative: number): void =>
  expect(Math.abs(ours - theirs)).toBeLessThanOrEqual(relative * Math.abs(theirs));
const event = { column: 'left', churned: 'yes' } as const;
const small = {
  months: [1, 2, 3, 4, 0, 5, 2, 6, 3, 1],
  left: ['yes', 'no', 'yes', 'no', 'no', 'yes', 'yes', 'no', 'no', 'no'],
  plan: ['a', 'b', 'a', 'b', 'a', 'b', 'a', 'b', 'a', 'b'],
};

describe('discreteTimeHazard', () => {
  it('without features and baseline has the hazard events/person-periods and the geometric survival, by hand', () => {
    const model = discreteTimeHazard({
      duration: 'months',
      event,
      period: 'month',
      features: [],
      baseline: [],
      outputs: {
        survivalProbability: { periods: 3 },
        survivalAnnuity: { periods: 3, rate: { discount: 0.01, per: 'month' } },
      },
    }).fit(small);
    expect(model.fit.personPeriods).toBe(27);
    expect(model.fit.events).toBe(4);
    expect(model.fit.rows).toBe(9);
    expect(model.fit.baseRate).toBeCloseTo(4 / 27, 14);
    const { survivalProbability, survivalAnnuity } = compile(model).score(small).columns;
    const r = 23 / 27;
    for (let i = 0; i < 10; i++) {
      close(survivalProbability[i]!, r ** 3, 1e-12);
      close(survivalAnnuity[i]!, r / 1.01 + r ** 2 / 1.01 ** 2 + r ** 3 / 1.01 ** 3, 1e-12);
    }
    expect(model.outputs.map((f) => [f.name, 'horizon' in f ? f.horizon : f.annuity])).toEqual([
      ['survivalProbability', { every: 3, unit: 'month' }],
      ['survivalAnnuity', { periods: 3, unit: 'month', discount: 0.01, timing: 'end' }],
    ]);
  });

  it('pays at the begin of periods with S(0) = 1, and converts a yearly rate to the period, by hand', () => {
    const model = discreteTimeHazard({
      duration: 'months',
      event,
      period: 'month',
      features: [],
      baseline: [],
      outputs: { survivalAnnuity: { periods: 2, rate: { discount: 0.12, per: 'year' }, timing: 'begin' } },
      as: { survivalAnnuity: 'annuity' },
    }).fit(small);
    const { annuity } = compile(model).score(small).columns;
    close(annuity[0]!, 1 + 23 / 27 / 1.12 ** (1 / 12), 1e-12);
  });

  it('scores S(t) = Π (1 − h(duration + k)) from the stored weights, also for durations never seen, by brute force', () => {
    const model = discreteTimeHazard({
      duration: 'months',
      event,
      period: 'month',
      features: ['plan'],
      baseline: ['log', 'linear'],
      l2: 1,
      outputs: { survivalProbability: { periods: 4 } },
    }).fit(small);
    const weight = (name: string): number => model.fit.coefficients.find((c) => c.name === name)!.estimate;
    const rows = { months: [0, 3, 40], plan: ['a', 'b', 'b'] };
    const { survivalProbability } = compile(model).score(rows).columns;
    rows.months.forEach((done, i) => {
      let s = 1;
      for (let t = done + 1; t <= done + 4; t++) {
        const z = weight('(intercept)') + weight('ln(t)') * Math.log(t) + (weight('t/12') * t) / 12;
        const other = model.fit.coefficients.find((c) => c.name.startsWith('plan='))!;
        s *= 1 / (1 + Math.exp(z + (other.name === `plan=${rows.plan[i]}` ? other.estimate : 0)));
      }
      close(survivalProbability[i]!, s, 1e-12);
    });
  });

  it('gives null for a duration that is missing, negative or not whole', () => {
    const model = discreteTimeHazard({
      duration: 'months',
      event,
      period: 'month',
      features: [],
      outputs: { survivalProbability: { periods: 2 } },
    }).fit(small);
    const { columns, report } = compile(model).score({ months: [1, Number.NaN, -1, 1.5] });
    expect([...columns.survivalProbability].map(Number.isNaN)).toEqual([false, true, true, true]);
    expect(report.rows).toBe(4);
    expect(parseModel(JSON.parse(JSON.stringify(model)))).toEqual(model);
  });

  it('expects as many events in the fit as there are, by the score equation', () => {
    const model = discreteTimeHazard({
      duration: 'months',
      event,
      period: 'month',
      features: ['plan'],
      outputs: { survivalProbability: { periods: 2 } },
    }).fit(small);
    expect(expectedEvents(model, small).reduce((a, b) => a + b)).toBeCloseTo(4, 8);
  });

  it('refuses the event or the duration as a feature, a duration that is not whole, and no outputs', () => {
    const base = {
      duration: 'months',
      event,
      period: 'month',
      outputs: { survivalProbability: { periods: 2 } },
    } as const;
    expect(() => discreteTimeHazard({ ...base, features: ['left'] })).toThrow(/label "left"/);
    expect(() => discreteTimeHazard({ ...base, features: ['months'] })).toThrow(/baseline/);
    expect(() => discreteTimeHazard({ ...base, features: [], outputs: {} })).toThrow(/survivalProbability/);
    const halves = { ...small, months: small.months.map((m) => m + 0.5) };
    expect(() => discreteTimeHazard({ ...base, features: [] }).fit(halves)).toThrow(/row 0: 1.5/);
  });
});

describe.skipIf(!hasShared('telco-churn.csv'))('discreteTimeHazard on the telco set', () => {
  const data = telco();
  const churn = { column: 'Churn', churned: 'Yes' } as const;
  const survival = {
    survivalProbability: { periods: 24 },
    survivalAnnuity: { periods: 24, rate: { discount: 0.01, per: 'month' } },
  } as const;
  const baseline = ['log', 'first', 'linear'] as const;
  const features = telcoFeatures.filter((f) => f !== 'tenure' && f !== 'MonthlyCharges' && f !== 'TotalCharges');

  it('equals R glm on 227,990 person-months with ln t and the contract to 1e-8 (golden r.discrete_hazard_logit)', () => {
    const { r } = fixture<{ r: { discrete_hazard_logit: { coef: number[]; se: number[]; person_months: number } } }>(
      'churn-golden.json',
    );
    const { coef, se, person_months } = r.discrete_hazard_logit;
    const { fit } = discreteTimeHazard({
      duration: 'tenure',
      event: churn,
      period: 'month',
      features: [{ column: 'Contract', reference: 'Month-to-month' }],
      baseline: ['log'],
      outputs: survival,
    }).fit(data);
    expect(fit.personPeriods).toBe(person_months);
    expect(fit.events).toBe(1869);
    ['(intercept)', 'ln(t)', 'Contract=One year', 'Contract=Two year'].forEach((name, j) => {
      const own = fit.coefficients.find((c) => c.name === name)!;
      close(own.estimate, coef[j]!, 1e-8);
      // R's errors come from the last but one weights (golden file, tolerances), here too within 1e-8.
      close(own.standardError!, se[j]!, 1e-8);
    });
  });

  it('is the logistic regression of the expanded person-periods', () => {
    const own = features.slice(0, 6);
    const hazard = discreteTimeHazard({
      duration: 'tenure',
      event: churn,
      period: 'month',
      features: own,
      baseline,
      outputs: survival,
    });
    const some = subset(data, (i) => i % 10 === 0);
    const model = hazard.fit(some);
    const columns = own.map((f) => (typeof f === 'string' ? f : f.column));
    const expanded = personPeriods(some, { duration: 'tenure', event: churn, columns, baseline });
    const logistic = logisticRegression({
      label: { column: 'event', churned: 1, horizon: { every: 1, unit: 'month' } },
      features: ['ln(t)', '[t=1]', 't/12', ...own],
    }).fit(expanded);
    expect(logistic.fit.rows).toBe(model.fit.personPeriods);
    for (const c of logistic.fit.coefficients) {
      const other = model.fit.coefficients.find(({ name }) => name === c.name)!;
      expect(Math.abs(c.estimate - other.estimate)).toBeLessThan(1e-9 * (1 + Math.abs(c.estimate)));
      expect(Math.abs(c.standardError! - other.standardError!)).toBeLessThan(1e-9 * c.standardError!);
    }
    close(logistic.fit.logLikelihood, model.fit.logLikelihood, 1e-11);
  });

  it('gives out of fold (row % 5) the 1,878 expected events and the adjusted CCV of 2,001,406 of portraits.md §3', () => {
    const estimator = discreteTimeHazard({
      duration: 'tenure',
      event: churn,
      period: 'month',
      features,
      baseline,
      outputs: survival,
    });
    const rows = (data.tenure as Float64Array).length;
    const models: ReturnType<typeof estimator.fit>[] = [];
    for (let fold = 0; fold < 5; fold++) models.push(estimator.fit(subset(data, (i) => i % 5 !== fold)));
    let fold = 0;
    const events = outOfFold(
      rows,
      () => models[fold++]!,
      (m) => expectedEvents(m, data),
    );
    fold = 0;
    const annuity = outOfFold(
      rows,
      () => models[fold++]!,
      (m) => compile(m).score(data).columns.survivalAnnuity,
    );
    expect(Math.round(events.reduce((a, b) => a + b))).toBe(1878);
    const charges = data.MonthlyCharges as Float64Array;
    const adjusted = charges.reduce(
      (sum, charge, i) => sum + ((data.Churn as string[])[i] === 'No' ? 0.35 * charge * annuity[i]! : 0),
      0,
    );
    expect(Math.round(adjusted)).toBe(2_001_406);
  });
});

describe('options of the wrong shape', () => {
  const options = { duration: 'months', event, period: 'month', features: [], outputs: {} } as const;
  it.each([
    [{ event: null }, /invalid event: null; use an object/],
    [{ event: { column: 5 } }, /invalid event\.column: 5; use a name/],
    [{ duration: '' }, /invalid duration: ""; use a name/],
    [{ observed: 5 }, /invalid observed: 5; use a name/],
    [{ baseline: 'log' }, /invalid baseline: "log"; use a list/],
    [{ outputs: null }, /invalid outputs: null; use an object/],
    [{ outputs: { survivalProbability: null } }, /invalid outputs\.survivalProbability: null; use an object/],
    [{ outputs: { survivalAnnuity: 5 } }, /invalid outputs\.survivalAnnuity: 5; use an object/],
  ])('%j is refused by name', (wrong, message) => {
    expect(() => discreteTimeHazard({ ...options, ...wrong } as never)).toThrow(
      expect.objectContaining({ code: 'invalid-option', message: expect.stringMatching(message) }),
    );
  });
});
