import { describe, expect, expectTypeOf, it } from 'vitest';
import type { ExplainedOf, InputsOf } from '../../model/contract.ts';
import { engine } from '../../scoring/engine.ts';
import { coxKind } from './cox-kind.ts';
import { coxRegression } from './cox-regression.ts';
import { kaplanMeier } from './kaplan-meier.ts';
import { columns, simulated } from './survival.test-support.ts';

const { compile, parseModel } = engine({ coxRegression: coxKind });
const event = { column: 'left', churned: 'yes' } as const;
const times = { duration: 'exit', event, period: 'month' } as const;
const code = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return 'no error';
};

describe('scores of coxRegression', () => {
  const data = columns(simulated(150, 41, { ties: true }));
  const estimator = coxRegression({
    ...times,
    features: ['a', { column: 'b', type: 'category' }],
    strata: 'stratum',
    offset: 'offset',
    outputs: [
      { quantity: 'linearPredictor' },
      { quantity: 'relativeRisk', as: 'risk' },
      { quantity: 'survivalProbability', periods: 3 },
      { quantity: 'expectedRemaining', periods: 6 },
      { quantity: 'medianRemaining' },
      { quantity: 'survivalAnnuity', periods: 4, rate: { discount: 0.01, per: 'month' } },
    ],
  });
  const model = estimator.fit(data);
  const here = { ...data, exit: data.exit.map((_, i) => i % 5) };
  const scored = compile(model).score(here).columns;

  it('are those of S(t + u)/S(t) = e^(−ΔH·e^η) on the stored steps, added up naively', () => {
    const curve = (i: number, t: number): number => {
      const { time, cumulativeHazard } = model.baseline.find(({ stratum }) => stratum === data.stratum[i])!;
      return cumulativeHazard[time.findLastIndex((s) => s <= t)] ?? 0;
    };
    for (let i = 0; i < 60; i++) {
      const risk = scored.risk[i]!;
      const done = here.exit[i]!;
      const stay = (u: number): number => Math.exp(-risk * (curve(i, done + u) - curve(i, done)));
      expect(Math.log(risk)).toBeCloseTo(scored.linearPredictor[i]!, 12);
      expect(scored.survivalProbability[i]).toBeCloseTo(stay(3), 12);
      // Times are whole here: S is constant between them.
      const sum = [0, 1, 2, 3, 4, 5].reduce((total, u) => total + stay(u), 0);
      expect(scored.expectedRemaining[i]).toBeCloseTo(sum, 12);
      const value = [1, 2, 3, 4].reduce((total, u) => total + stay(u) / 1.01 ** u, 0);
      expect(scored.survivalAnnuity[i]).toBeCloseTo(value, 12);
      const median = Array.from({ length: 30 }, (_, u) => u).find((u) => stay(u) <= 0.5);
      expect(scored.medianRemaining[i]).toBe(median ?? Number.NaN);
    }
  });

  it('have the average customer of the fit at 0, and contributions that add up to the linear predictor to 1e-12', () => {
    const own = compile(model).score(data).columns.linearPredictor;
    expect(own.reduce((a, b) => a + b, 0) / own.length).toBeCloseTo(0, 12);
    const { base, terms, contributions, scale } = compile(model).explain(data, 'risk') as unknown as {
      readonly base: number;
      readonly scale: string;
      readonly terms: readonly unknown[];
      readonly contributions: readonly Float64Array[];
    };
    expect(scale).toBe('log-hazard-ratio');
    expect(terms).toHaveLength(3);
    expect(base).toBeCloseTo(0, 12);
    for (let i = 0; i < 20; i++)
      expect(contributions.reduce((sum, column) => sum + column[i]!, base)).toBeCloseTo(own[i]!, 12);
  });

  it('carry their horizon, terms and unit, and the inputs that they need', () => {
    expect(model.inputs.map(({ name }) => name)).toEqual(['a', 'b', 'offset', 'stratum', 'exit']);
    expect(model.outputs.map(({ name }) => name)).toEqual([
      'linearPredictor',
      'risk',
      'survivalProbability',
      'expectedRemaining',
      'medianRemaining',
      'survivalAnnuity',
    ]);
    expect(model.outputs[2]).toEqual({
      name: 'survivalProbability',
      type: 'number',
      horizon: { every: 3, unit: 'month' },
    });
    expect(model.outputs[3]!).toEqual({ name: 'expectedRemaining', type: 'number', unit: 'month' });
    expectTypeOf<InputsOf<typeof model>>().toEqualTypeOf<'a' | 'b' | 'offset' | 'stratum' | 'exit'>();
    expectTypeOf<ExplainedOf<typeof model>>().toEqualTypeOf<'linearPredictor' | 'risk'>();
    expect(estimator.labels).toEqual(['left']);
    const late = coxRegression({
      ...times,
      entry: 'entry',
      features: ['a'],
      outputs: [{ quantity: 'medianRemaining' }],
    });
    expect(late.labels).toEqual(['left', 'exit']);
    const lateModel = late.fit(data);
    expect(lateModel.inputs.map(({ name }) => name)).toEqual(['a', 'entry']);
    expectTypeOf<InputsOf<typeof lateModel>>().toEqualTypeOf<'a' | 'entry'>();
    const plain = coxRegression({ ...times, features: ['a'] }).fit(data);
    expect(plain.inputs.map(({ name }) => name)).toEqual(['a']);
    expectTypeOf<InputsOf<typeof plain>>().toEqualTypeOf<'a'>();
  });

  it('are the same bits from a saved model, and a damaged one is refused with its path', () => {
    const saved = JSON.parse(JSON.stringify(model));
    const read = parseModel(saved);
    expect(read).toEqual(model);
    expect(compile(read).score(here).columns).toEqual(scored);
    const damaged: readonly [RegExp, (m: typeof saved) => void][] = [
      [/baseline\[0\]: times must ascend/, (m) => m.baseline[0].time.reverse()],
      [/baseline\[0\]: \d+ times, but/, (m) => m.baseline[0].time.pop()],
      [/baseline: expected one curve per level/, (m) => m.baseline.pop()],
      [/until: before the last time/, (m) => (m.baseline[1].until = 1)],
      [/outputs\[2\]: not the field/, (m) => (m.outputs[2].horizon.every = 4)],
      [/quantities: expected one per output/, (m) => m.quantities.pop()],
      [/quantities\[3\].periods: expected a number above 0/, (m) => (m.quantities[3].periods = -1)],
      [/inputs: expected the columns/, (m) => m.inputs.reverse()],
      [/tenure: belongs to/, (m) => (m.tenure = null)],
      [/version 2 cannot be read/, (m) => (m.version = 2)],
    ];
    for (const [message, damage] of damaged) {
      const copy = structuredClone(saved);
      damage(copy);
      expect(() => parseModel(copy)).toThrow(message);
    }
  });

  it('are null with a reason beyond the time watched, at a tenure below 0, and for nulls and unseen strata', () => {
    const until = model.baseline[0]!.until;
    const batch = {
      a: [0, 0, 0, Number.NaN, 0],
      b: [0, 0, 0, 0, 1],
      offset: [0, 0, 0, 0, 0],
      stratum: ['north', 'north', 'north', 'north', 'west'],
      exit: [until - 3, until - 2, -1, 1, 1],
    };
    const { columns: out, report } = compile(model).score(batch);
    expect([...out.survivalProbability].map((x) => x === x)).toEqual([true, false, false, false, false]);
    expect([...out.risk].map((x) => x === x)).toEqual([true, true, true, false, true]);
    expect(JSON.stringify(report)).toMatch(/out-of-range.*2/);
  });

  it('without features are those of Kaplan–Meier, but for e^−ΔH in the place of 1 − ΔH', () => {
    const none = coxRegression({
      ...times,
      features: [],
      outputs: [{ quantity: 'survivalProbability', periods: 4 }],
    }).fit(data);
    const { curves } = kaplanMeier(data, { duration: 'exit', event });
    const { time, atRisk, eventsAt } = curves[0]!;
    // Efron's increments of tied events: Σ 1/(n − l).
    const hazard = time.reduce(
      (sum, t, k) =>
        t > 4
          ? sum
          : sum + Array.from({ length: eventsAt[k]! }, (_, l) => 1 / (atRisk[k]! - l)).reduce((a, b) => a + b, 0),
      0,
    );
    const out = compile(none).score({ exit: [0] }).columns.survivalProbability;
    expect(out[0]).toBeCloseTo(Math.exp(-hazard), 12);
    expect(none.fit.coefficients).toEqual([]);
    expect(none.fit.likelihoodRatioTest).toBeNull();
  });
});

describe('unusual data for coxRegression', () => {
  it('ends a monotone likelihood as not-identified with finite weights, names the column, and l2 cures it', () => {
    const data = {
      exit: [1, 2, 3, 4, 5, 6, 7, 8],
      left: ['yes', 'yes', 'yes', 'yes', 'no', 'no', 'no', 'no'],
      flag: [1, 1, 1, 1, 0, 0, 0, 0],
      x: [3, 1, 2, 5, 4, 1, 6, 2],
    };
    const { fit } = coxRegression({ ...times, features: ['flag', 'x'] }).fit(data);
    expect(fit.status).toBe('not-identified');
    expect(fit.warnings.join()).toMatch(/monotone likelihood by "flag"/);
    expect(fit.coefficients[0]!.standardError).toBeNull();
    expect(Number.isFinite(fit.coefficients[0]!.estimate)).toBe(true);
    expect(fit.waldTest).toBeNull();
    expect(coxRegression({ ...times, features: ['flag', 'x'], l2: 0.1 }).fit(data).fit.status).toBe('converged');
  });

  it('leaves out constants, combinations and what does not vary within strata, and says so', () => {
    const data = columns(simulated(80, 8, { ties: true }));
    const wide = { ...data, one: data.a.map(() => 7), twice: data.a.map((a) => 2 * a), where: data.stratum };
    const { fit } = coxRegression({ ...times, features: ['a', 'one', 'twice', 'where'], strata: 'stratum' }).fit(wide);
    expect(fit.status).toBe('converged');
    expect(fit.warnings.join()).toMatch(/constant: "one"/);
    expect(fit.warnings.join()).toMatch(/combination of earlier columns: "twice", "where=\w+"/);
    expect(fit.coefficients.filter(({ standardError }) => standardError === null)).toHaveLength(2);
    expect(fit.likelihoodRatioTest!.degreesOfFreedom).toBe(1);
  });

  it('leaves out rows with nulls and those never at risk, counted, and a stratum without an event is told', () => {
    const data = columns(simulated(60, 14));
    const dented = {
      ...data,
      a: data.a.map((x, i) => (i === 3 ? Number.NaN : x)),
      exit: data.exit.map((t, i) => (i === 5 ? null : i === 6 ? 0 : t)),
      left: data.left.map((l, i) => (i < 9 && i > 6 ? 'no' : l)),
      stratum: data.stratum.map((s, i) => (i < 9 && i > 6 ? 'west' : s)),
    };
    const { fit, baseline } = coxRegression({
      ...times,
      features: ['a'],
      strata: 'stratum',
      outputs: [{ quantity: 'medianRemaining' }],
    }).fit(dented);
    expect(fit.rows).toBe(57);
    const told = fit.warnings.join('; ');
    expect(told).toMatch(/1 rows with a null in duration, event/);
    expect(told).toMatch(/1 rows were never at risk \(duration ≤ 0\)/);
    expect(told).toMatch(/1 rows with nulls in features/);
    expect(told).toMatch(/stratum "stratum" = "west" has no event/);
    expect(baseline.map(({ stratum, time }) => [stratum, time.length > 0])).toEqual([
      ['north', true],
      ['south', true],
      ['west', false],
    ]);
  });

  it('stops at options and data that cannot be used', () => {
    const data = { exit: [1, 2, 3], left: ['yes', 'no', 'yes'], x: [1, 2, 2], entry: [0, 1, 2] };
    const fit = (options: object, columns: object = {}): unknown =>
      coxRegression({ ...times, features: ['x'], ...options }).fit({ ...data, ...columns });
    expect(code(() => fit({}))).toBe('no error');
    expect(code(() => fit({ features: ['left'] }))).toBe('label-as-feature');
    expect(code(() => fit({ features: ['exit'] }))).toBe('invalid-option');
    expect(code(() => fit({ ties: 'exact' }))).toBe('invalid-option');
    expect(code(() => fit({ period: 'fortnight' }))).toBe('invalid-option');
    expect(code(() => fit({ outputs: [] }))).toBe('invalid-option');
    expect(code(() => fit({ outputs: [{ quantity: 'survivalProbability', periods: 0 }] }))).toBe('invalid-option');
    expect(code(() => fit({ outputs: [{ quantity: 'relativeRisk' }, { quantity: 'relativeRisk' }] }))).toBe(
      'invalid-option',
    );
    expect(code(() => fit({ strata: 'x' }))).toBe('invalid-option');
    expect(code(() => fit({ event: 'left' }))).toBe('invalid-option');
    expect(code(() => fit({ proportionalHazards: 'rank' }))).toBe('invalid-option');
    expect(code(() => fit({ entry: 'nowhere' }))).toBe('unknown-column');
    expect(code(() => fit({}, { left: ['no', 'no', 'no'] }))).toBe('one-class');
    expect(code(() => fit({}, { exit: [1, -2, 3] }))).toBe('invalid-value');
    expect(code(() => fit({ entry: 'entry' }, { entry: [1, 2, 3] }))).toBe('empty-input');
    expect(code(() => fit({}, { exit: [], left: [], x: [], entry: [] }))).toBe('empty-input');
    expect(code(() => fit({}, { x: [null, null, null] }))).toBe('all-null');
  });
});
