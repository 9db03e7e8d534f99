import { describe, expect, expectTypeOf, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { loyalty, loyaltyKind } from '../loyalty/loyalty.ts';
import type { InputsOf, OutputsOf } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import { engine } from '../scoring/engine.ts';
import { pipeline } from '../scoring/pipeline.ts';
import { pipelineKind } from '../scoring/pipeline-kind.ts';
import { annuityFactor } from './annuity.ts';
import { currentValue, currentValueKind } from './current-value.ts';
import { lifetimeValue } from './lifetime-value.ts';
import { lifetimeValueKind } from './lifetime-value-kind.ts';
import { potentialValue } from './potential-value.ts';
import { potentialValueKind } from './potential-value-kind.ts';

interface Case {
  readonly profitPerPeriod: number;
  readonly periods: number;
  readonly discountRate: number;
  readonly retention: number;
  readonly survivalAtEnd: number;
}
const { cases } = fixture<{ currentValue: { withRetentionExtension: { cases: readonly Case[] } } }>('value-golden.json')
  .currentValue.withRetentionExtension;
const { compile, parseModel } = engine({
  currentValue: currentValueKind,
  potentialValue: potentialValueKind,
  lifetimeValue: lifetimeValueKind,
  loyalty: loyaltyKind,
  pipeline: pipelineKind,
});

const rate = { discount: 0.01, per: 'month' } as const;
const terms = { periods: 24, unit: 'month', discount: 0.01, timing: 'end' } as const;
const money = (name: string, annuity: Field['annuity'] = terms): Field => ({ name, type: 'number', annuity });
const upstream = [money('currentValue'), money('potentialValue'), money('survivalAnnuity')];
const retention = { column: 'r', horizon: { every: 1, unit: 'month' } } as const;
const mismatch = (message: string): unknown =>
  expect.objectContaining({ code: 'horizon-mismatch', message: expect.stringContaining(message) });

describe('lifetimeValue', () => {
  it('is current plus potential value, and says that it supposes no churn (S4, S16)', () => {
    const data = { currentValue: [100, -20, 5], potentialValue: [29.5, 8, Number.NaN] };
    const model = lifetimeValue().fit(data);
    expect(model.assumptions).toEqual(['no-churn']);
    const { columns, report } = compile(model).score(data);
    expect([...columns.lifetimeValue]).toEqual([129.5, -12, Number.NaN]);
    expect(report.nulls).toEqual({ lifetimeValue: { 'not-finite': 1 } });
    expect(Object.keys(columns)).toEqual(['lifetimeValue']);
  });

  it('names its inputs and outputs in its type: a retained value only when there is survival', () => {
    const plain = lifetimeValue().fit({ currentValue: [1], potentialValue: [1] });
    expectTypeOf<InputsOf<typeof plain>>().toEqualTypeOf<'currentValue' | 'potentialValue'>();
    expectTypeOf<OutputsOf<typeof plain>['name']>().toEqualTypeOf<'lifetimeValue'>();
    const data = { ccv: [1], potentialValue: [1], survivalAnnuity: [1] };
    const kept = lifetimeValue({ currentValue: 'ccv', survivalAnnuity: 'survivalAnnuity' }).fit(data, [
      money('ccv'),
      ...upstream,
    ]);
    expectTypeOf<InputsOf<typeof kept>>().toEqualTypeOf<'ccv' | 'potentialValue' | 'survivalAnnuity'>();
    expectTypeOf<OutputsOf<typeof kept>['name']>().toEqualTypeOf<'lifetimeValue' | 'retainedLifetimeValue'>();
  });

  it('gives the golden Σ P·r^t/(1+d)^t as retained value with a constant retention (S4)', () => {
    for (const c of cases) {
      const steps = pipeline([
        currentValue({ profit: 'profit', periods: c.periods, rate: { discount: c.discountRate, per: 'month' } }),
        lifetimeValue({
          retention,
          potentialValue: 'none',
          annuity: { periods: c.periods, rate: { discount: c.discountRate, per: 'month' } },
        }),
      ]);
      const data = { profit: [c.profitPerPeriod], none: [0], r: [c.retention] };
      const model = steps.fit(data);
      const { retainedLifetimeValue } = compile(model).score(data).columns;
      expect(Math.abs(retainedLifetimeValue[0]! / c.survivalAtEnd - 1)).toBeLessThan(1e-10);
      expect(compile(parseModel(JSON.parse(JSON.stringify(model)))).score(data)).toEqual(compile(model).score(data));
    }
  });

  it('takes one column as retention and as loyalty: 100·(.8/1.1 + .64/1.21) + .8·50 (S4, by hand)', () => {
    const both = { column: 'r', horizon: { every: 1, unit: 'year' } } as const;
    const data = { currentValue: [100 * (1 / 1.1 + 1 / 1.21)], potentialValue: [50], r: [0.8] };
    const model = lifetimeValue({
      retention: both,
      loyalty: both,
      annuity: { periods: 2, rate: { discount: 0.1, per: 'year' } },
    }).fit(data);
    expect(model.inputs.map(({ name }) => name)).toEqual(['currentValue', 'potentialValue', 'r']);
    const wanted = 100 * (0.8 / 1.1 + 0.64 / 1.21) + 0.8 * 50;
    const plan = compile(model);
    expect(plan.score(data).columns.retainedLifetimeValue[0]).toBeCloseTo(wanted, 10);
    const { terms } = plan.explain(data, 'retainedLifetimeValue');
    expect(terms.map(({ columns }) => columns)).toEqual([
      ['currentValue', 'r'],
      ['potentialValue', 'r'],
    ]);
    expect(() => lifetimeValue({ currentValue: 'x', potentialValue: 'x' })).toThrow(/"x" is named twice/);
  });

  it('with loyalty is Σ P·r^t/(1+d)^t + loyalty·CPV (S4), summed here term by term', () => {
    const data = { currentValue: [45 * annuityFactor(terms)], potentialValue: [30], r: [0.97], loyalty: [0.8] };
    const model = lifetimeValue({
      retention,
      loyalty: { column: 'loyalty', horizon: { every: 1, unit: 'year' } },
      annuity: { periods: 24, rate },
      as: 'clv',
      retainedAs: 'clvRetained',
    }).fit(data);
    let wanted = 0.8 * 30;
    for (let t = 1; t <= 24; t++) wanted += (45 * 0.97 ** t) / 1.01 ** t;
    expect(compile(model).score(data).columns.clvRetained[0]).toBeCloseTo(wanted, 10);
    const why = compile(model).explain(data, 'clvRetained');
    expect(why.contributions[0]![0]).toBeCloseTo(wanted - 24, 10);
    expect(why.contributions[1]![0]).toBeCloseTo(24, 12);
    expect(why.terms.map(({ columns }) => columns)).toEqual([
      ['currentValue', 'r'],
      ['potentialValue', 'loyalty'],
    ]);
  });

  it('puts one survival curve into both values: Σ_t S(t)·(P + Q)/(1+d)^t, summed here term by term', () => {
    const survival = (t: number): number => 0.9 - 0.02 * t;
    let own = 0;
    let wanted = 0;
    for (let t = 1; t <= 24; t++) {
      own += survival(t) / 1.01 ** t;
      wanted += (survival(t) * (40 + 3)) / 1.01 ** t;
    }
    const a = annuityFactor(terms);
    const data = { currentValue: [40 * a, 40 * a], potentialValue: [3 * a, 3 * a], survivalAnnuity: [own, a] };
    const model = lifetimeValue({ survivalAnnuity: 'survivalAnnuity' }).fit(data, upstream);
    const { lifetimeValue: plain, retainedLifetimeValue: kept } = compile(model).score(data).columns;
    expect(kept[0]).toBeCloseTo(wanted, 10);
    expect(kept[1]).toBeCloseTo(plain[1]!, 10);
    expect(plain[0]).toBeCloseTo(43 * a, 10);
    expect(model.assumptions).toEqual(['no-churn', 'survival-adjusted']);
    expect(model.outputs.map(({ annuity }) => annuity)).toEqual([terms, undefined]);
    const why = compile(model).explain(data, 'lifetimeValue');
    expect(why.contributions.map(([first]) => first)).toEqual([40 * a, 3 * a]);
  });

  it('gives null beyond the possible: a retention outside [0, 1], a survival above the plain annuity, a null', () => {
    const values = { currentValue: [1, 1, 1, 1], potentialValue: [1, 1, 1, 1] };
    const data = { ...values, r: [1.01, -0.01, null, 0] };
    const constant = compile(lifetimeValue({ retention, annuity: { periods: 24, rate } }).fit(data)).score(data);
    expect([...constant.columns.retainedLifetimeValue]).toEqual([Number.NaN, Number.NaN, Number.NaN, 0]);
    expect([...constant.columns.lifetimeValue]).toEqual([2, 2, 2, 2]);
    expect(constant.report.nulls).toEqual({ retainedLifetimeValue: { 'out-of-range': 2, missing: 1 } });
    const other = { ...values, survivalAnnuity: [21.25, -1, 0, Number.NaN] };
    const curve = lifetimeValue({ survivalAnnuity: 'survivalAnnuity' }).fit(other, upstream);
    expect([...compile(curve).score(other).columns.retainedLifetimeValue]).toEqual([
      Number.NaN,
      Number.NaN,
      0,
      Number.NaN,
    ]);
  });
});

describe('lifetimeValue refuses what does not fit together', () => {
  const data = { currentValue: [1], potentialValue: [1], survivalAnnuity: [1], r: [0.9], loyalty: [0.9] };
  const field = (horizon: Field['horizon']): Field => ({ name: 'r', type: 'number', horizon: horizon! });

  it('an unknown horizon as retention rate, with the remedy', () => {
    const estimator = lifetimeValue({ retention: { column: 'r' } });
    expect(() => estimator.fit(data, [...upstream, field(null)])).toThrow(
      mismatch(
        'the horizon of "r" is unknown: such a probability may rank and cut, not discount. Use the survivalAnnuity',
      ),
    );
    const stated = lifetimeValue({ retention: { column: 'r', horizon: null } });
    expect(() => stated.fit(data, upstream)).toThrow(mismatch('unknown'));
    const potential = lifetimeValue({ retention, loyalty: { column: 'loyalty', horizon: null } });
    expect(() => potential.fit(data, upstream)).toThrow(mismatch('the horizon of "loyalty" is unknown'));
  });

  it('the loyalty of a cross-section, end to end in a pipeline (telco: retained value falls by 57 % if it were not)', () => {
    const steps = pipeline([
      loyalty({ horizon: null }),
      currentValue({ profit: 'profit', periods: 24, rate }),
      potentialValue({ offers: [{ name: 'a', probability: 'q', profit: 5 }], periods: 24, rate }),
      lifetimeValue({ retention: { column: 'loyalty' } }),
    ]);
    const customers = { churnProbability: [0.2], profit: [10], q: [0.5] };
    expect(() => steps.fit(customers)).toThrow(mismatch('may rank and cut, not discount'));
  });

  it('a retention over another span than one period', () => {
    const estimator = lifetimeValue({ retention: { column: 'r' } });
    expect(() => estimator.fit(data, [...upstream, field({ every: 1, unit: 'year' })])).toThrow(
      mismatch('"r" is a retention over 1 × year, but is needed per month'),
    );
    expect(() => estimator.fit(data, [...upstream, field({ every: 1, unit: 'month' })])).not.toThrow();
    const told = lifetimeValue({ retention });
    expect(() => told.fit(data, [...upstream, field({ every: 1, unit: 'year' })])).toThrow(
      mismatch('"r" has the horizon 1 × year, not 1 × month'),
    );
  });

  it('values that are discounted differently, naming both', () => {
    const other = { ...terms, periods: 12 };
    for (const fields of [
      [money('currentValue'), money('potentialValue', other), money('survivalAnnuity')],
      [money('currentValue'), money('potentialValue'), money('survivalAnnuity', other)],
    ])
      expect(() => lifetimeValue({ survivalAnnuity: 'survivalAnnuity' }).fit(data, fields)).toThrow(
        mismatch('"currentValue" is discounted over 24 × month at 0.01 per month, paid at the end, "'),
      );
    expect(() => lifetimeValue().fit(data, [money('currentValue'), money('potentialValue', other)])).toThrow(
      mismatch('over 12 × month'),
    );
  });

  it('a value that is no constant amount per period', () => {
    const fields = [
      money('currentValue'),
      { name: 'potentialValue', type: 'number' },
      money('survivalAnnuity'),
    ] as const;
    expect(() => lifetimeValue({ survivalAnnuity: 'survivalAnnuity' }).fit(data, fields)).toThrow(
      mismatch('"potentialValue" is not a constant amount per period'),
    );
    expect(() => lifetimeValue().fit(data, fields)).not.toThrow();
  });

  it('terms and horizons that are stated nowhere, and options that contradict each other', () => {
    expect(() => lifetimeValue({ survivalAnnuity: 'survivalAnnuity' }).fit(data)).toThrow(
      'how "currentValue" is discounted is not stated',
    );
    expect(() => lifetimeValue({ retention: { column: 'r' } }).fit(data, upstream)).toThrow(
      'the horizon of "r" is not stated',
    );
    expect(() => lifetimeValue({ retention, survivalAnnuity: 's' })).toThrow('not both');
    expect(() => lifetimeValue({ loyalty: { column: 'l' } })).toThrow('loyalty needs retention');
    expect(() => lifetimeValue({ retention, as: 'v', retainedAs: 'v' })).toThrow('both outputs are named "v"');
    expect(() => lifetimeValue({ retention: { column: 'r', horizon: { every: 0, unit: 'month' } } })).toThrow(
      'retention.horizon.every',
    );
  });

  it('stored models whose parts contradict each other', () => {
    const model = lifetimeValue({ survivalAnnuity: 'survivalAnnuity' }).fit(data, upstream);
    const file = JSON.parse(JSON.stringify(model));
    expect(parseModel(file)).toEqual(model);
    for (const broken of [
      { ...file, inputs: file.inputs.slice(0, 2) },
      { ...file, outputs: file.outputs.slice(0, 1) },
      { ...file, assumptions: ['no-churn', 'no-churn'] },
      { ...file, retained: null },
      { ...file, retained: { ...file.retained, potentialBy: 'loyalty' } },
      { ...file, retained: { ...file.retained, annuity: { ...terms, periods: 3 } } },
      { ...file, inputs: file.inputs.map((f: Field) => ({ ...f, unit: 'money' })) },
    ])
      expect(() => parseModel(broken)).toThrow(expect.objectContaining({ code: 'invalid-model' }));
  });
});
