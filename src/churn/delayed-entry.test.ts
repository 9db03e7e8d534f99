import { describe, expect, it } from 'vitest';
import { seededRandom } from '../numerics/random.ts';
import { sigmoid } from '../numerics/sigmoid.ts';
import { engine } from '../scoring/engine.ts';
import { discreteTimeHazard } from './discrete-time-hazard.ts';
import { discreteTimeHazardKind } from './discrete-time-hazard-kind.ts';
import { expectedEvents } from './expected-events.ts';
import { logisticRegression } from './logistic-regression.ts';
import { personPeriods } from './person-periods.ts';

const { compile, parseModel } = engine({ discreteTimeHazard: discreteTimeHazardKind });
const event = { column: 'left', churned: 'yes' } as const;
const options = {
  duration: 'months',
  event,
  observed: 'watched',
  period: 'month',
  outputs: { survivalProbability: { periods: 3 } },
} as const;

/**
 * Ten years of joiners whose hazard is known, logit h(t) = −2 − 0.5·ln t + 0.8·[plan = b]; the sample is who is there at
 * the end of them, each watched for three more months.
 */
function survivors(): { months: number[]; watched: number[]; left: string[]; plan: string[] } {
  const random = seededRandom(3);
  const out = { months: [] as number[], watched: [] as number[], left: [] as string[], plan: [] as string[] };
  for (let joined = 0; joined < 120; joined++)
    for (let k = 0; k < 100; k++) {
      const plan = random.uniform() < 0.5 ? 'a' : 'b';
      const done = 119 - joined;
      let t = 1;
      while (t <= done + 3 && random.uniform() >= sigmoid(-2 - 0.5 * Math.log(t) + (plan === 'b' ? 0.8 : 0))) t++;
      if (t <= done) continue;
      out.months.push(done);
      out.watched.push(Math.min(t - done, 3));
      out.left.push(t <= done + 3 ? 'yes' : 'no');
      out.plan.push(plan);
    }
  return out;
}

describe('discreteTimeHazard of data observed from an as-of date on', () => {
  const data = survivors();
  const rows = data.months.length;
  const features = [{ column: 'plan', reference: 'a' }] as const;
  const model = discreteTimeHazard({ ...options, features, baseline: ['log'] }).fit(data);

  it('is the logistic regression of the expanded person-periods', () => {
    const baseline = ['log', 'first', 'linear'] as const;
    const hazard = discreteTimeHazard({ ...options, features, baseline }).fit(data);
    const expanded = personPeriods(data, {
      duration: 'months',
      event,
      observed: 'watched',
      columns: ['plan'],
      baseline,
    });
    const logistic = logisticRegression({
      label: { column: 'event', churned: 1, horizon: { every: 1, unit: 'month' } },
      features: ['ln(t)', '[t=1]', 't/12', ...features],
    }).fit(expanded);
    expect(hazard.fit.personPeriods).toBe(logistic.fit.rows);
    expect(hazard.fit.events).toBe(data.left.filter((v) => v === 'yes').length);
    for (const c of logistic.fit.coefficients) {
      const other = hazard.fit.coefficients.find(({ name }) => name === c.name)!;
      expect(Math.abs(c.estimate - other.estimate)).toBeLessThan(1e-9 * (1 + Math.abs(c.estimate)));
      expect(Math.abs(c.standardError! - other.standardError!)).toBeLessThan(1e-9 * c.standardError!);
    }
    expect(Math.abs(logistic.fit.logLikelihood - hazard.fit.logLikelihood)).toBeLessThan(1e-9);
  });

  it('finds the simulated hazard (3 standard errors), which the whole lives of the same survivors miss by far', () => {
    const truth = { '(intercept)': -2, 'ln(t)': -0.5, 'plan=b': 0.8 };
    const whole = { ...data, months: data.months.map((done, i) => done + data.watched[i]!) };
    const { observed: _, ...lives } = options;
    const naive = discreteTimeHazard({ ...lives, features, baseline: ['log'] }).fit(whole);
    const away = (fit: typeof model.fit, name: keyof typeof truth): number => {
      const c = fit.coefficients.find((c) => c.name === name)!;
      return Math.abs(c.estimate - truth[name]) / c.standardError!;
    };
    for (const name of ['(intercept)', 'ln(t)', 'plan=b'] as const) expect(away(model.fit, name)).toBeLessThan(3);
    expect(away(naive.fit, '(intercept)')).toBeGreaterThan(10);
    // Survivors of the plan that loses more customers are those who stay: the whole lives hide its effect.
    expect(away(naive.fit, 'plan=b')).toBeGreaterThan(3);
  });

  it('expects as many events in the periods watched as there are, by the score equation', () => {
    const expected = expectedEvents(model, data, { observed: 'watched' }).reduce((a, b) => a + b);
    expect(Math.abs(expected - model.fit.events)).toBeLessThan(1e-8);
  });

  it('scores without the column of the time observed, given the duration completed: Π (1 − h) by brute force', () => {
    expect(model.inputs.map(({ name }) => name)).toEqual(['plan', 'months']);
    expect(parseModel(JSON.parse(JSON.stringify(model)))).toEqual(model);
    const [b0, slope, planB] = model.fit.coefficients.map((c) => c.estimate);
    const s = compile(model).score({ plan: ['a', 'b'], months: [0, 30] }).columns.survivalProbability;
    [0, 30].forEach((done, i) => {
      let want = 1;
      for (let t = done + 1; t <= done + 3; t++) want *= 1 - sigmoid(b0! + slope! * Math.log(t) + i * planB!);
      expect(s[i]).toBeCloseTo(want, 13);
    });
  });

  it('takes rows that stand for the same person-periods one by one as well: three as-of dates, one month each', () => {
    const parts = [1, 2, 3].map((month) => {
      const keep = [...Array(rows).keys()].filter((i) => data.watched[i]! >= month);
      const last = (i: number): boolean => data.watched[i] === month && data.left[i] === 'yes';
      return {
        months: keep.map((i) => data.months[i]! + month - 1),
        watched: keep.map(() => 1),
        left: keep.map((i) => (last(i) ? 'yes' : 'no')),
        plan: keep.map((i) => data.plan[i]!),
      };
    });
    const panel = {
      months: parts.flatMap((p) => p.months),
      watched: parts.flatMap((p) => p.watched),
      left: parts.flatMap((p) => p.left),
      plan: parts.flatMap((p) => p.plan),
    };
    const { fit } = discreteTimeHazard({ ...options, features, baseline: ['log'] }).fit(panel);
    fit.coefficients.forEach((c, j) => {
      expect(Math.abs(c.estimate - model.fit.coefficients[j]!.estimate)).toBeLessThan(1e-9);
    });
  });

  it('leaves out who was watched for no period or an unknown time, and keeps who has just joined', () => {
    const { fit } = discreteTimeHazard({ ...options, features: [], baseline: [] }).fit({
      months: [0, 4, 7, 2, 9],
      watched: [3, 0, Number.NaN, 2, 1],
      left: ['no', 'no', 'no', 'yes', 'no'],
    });
    expect([fit.rows, fit.personPeriods, fit.events]).toEqual([3, 6, 1]);
  });

  it('refuses the time observed as a feature and in another role, and times that are not whole or too long', () => {
    const small = { months: [1, 2], watched: [1, 2], left: ['yes', 'no'] };
    expect(() => discreteTimeHazard({ ...options, features: ['watched'] })).toThrow(/label "watched"/);
    expect(() => discreteTimeHazard({ ...options, observed: 'months', features: [] })).toThrow(/both/);
    expect(() => discreteTimeHazard({ ...options, observed: 'left', features: [] })).toThrow(/both/);
    const fit = (watched: number[]): unknown =>
      discreteTimeHazard({ ...options, features: [] }).fit({ ...small, watched });
    expect(() => fit([0.5, 1])).toThrow(/observed "watched", row 0: 0.5; use whole/);
    expect(() => fit([1, 100_000])).toThrow(/row 1: watched up to period 100002/);
    expect(() => fit([0, 0])).toThrow(/"watched" of at least 1/);
  });
});
