import { describe, expect, it } from 'vitest';
import { fixture, hasShared, sharedColumns } from '../../fixtures/load.ts';
import { engine } from '../scoring/engine.ts';
import { currentValue, currentValueKind } from './current-value.ts';
import { presentValue } from './present-value.ts';

interface Case {
  readonly profitPerPeriod: number;
  readonly periods: number;
  readonly discountRate: number;
  readonly endOfPeriod: number;
  readonly beginOfPeriod: number;
}
const { cases } = fixture<{ currentValue: { cases: readonly Case[] } }>('value-golden.json').currentValue;
const { compile, parseModel } = engine({ currentValue: currentValueKind });
const month = { discount: 0.01, per: 'month' } as const;

describe('currentValue (S1)', () => {
  it('gives the golden values to 1e-10 at both timings', () => {
    for (const { profitPerPeriod, periods, discountRate: discount, endOfPeriod, beginOfPeriod } of cases)
      for (const [timing, wanted] of [
        ['end', endOfPeriod],
        ['begin', beginOfPeriod],
      ] as const) {
        const data = { profit: [profitPerPeriod] };
        const model = currentValue({ profit: 'profit', periods, rate: { discount, per: 'month' }, timing }).fit(data);
        const [value] = compile(model).score(data).columns.currentValue;
        expect(Math.abs(value! / wanted - 1)).toBeLessThan(1e-10);
      }
  });

  it('discounts one profit column per period as presentValue does', () => {
    const data = { p1: [100, 5], p2: [120, -5], p3: [90, 0] };
    for (const timing of ['end', 'begin'] as const) {
      const model = currentValue({ profit: ['p1', 'p2', 'p3'], rate: { discount: 0.1, per: 'year' }, timing }).fit(
        data,
      );
      const value = compile(model).score(data).columns.currentValue;
      expect(value[0]).toBeCloseTo(presentValue([100, 120, 90], { discount: 0.1, timing }), 10);
      expect(value[1]).toBeCloseTo(presentValue([5, -5, 0], { discount: 0.1, timing }), 10);
    }
  });

  it('carries its terms and the assumption that nobody leaves (S16); varying profits, which no survival may enter, no terms', () => {
    const data = { p1: [1], p2: [1] };
    const constant = currentValue({ profit: 'p1', periods: 24, rate: month }).fit(data);
    expect(constant.outputs[0]!.annuity).toEqual({ periods: 24, unit: 'month', discount: 0.01, timing: 'end' });
    expect(constant.assumption).toBe('no-churn');
    const varying = currentValue({ profit: ['p1', 'p2'], rate: month }).fit(data);
    expect(varying.outputs[0]!.annuity).toBeUndefined();
    expect(varying.assumption).toBe('no-churn');
  });

  it('converts a yearly rate for monthly profits: 24 months at 12.6825 % a year are 24 at 1 % a month', () => {
    const data = { profit: [1] };
    const yearly = { discount: 1.01 ** 12 - 1, per: 'year' } as const;
    const model = currentValue({ profit: 'profit', periods: 24, rate: yearly, unit: 'month' }).fit(data);
    expect(compile(model).score(data).columns.currentValue[0]).toBeCloseTo(21.2433873, 7);
  });

  it('gives null for a null profit, a loss for a loss and 0 for no periods', () => {
    const data = { profit: [100, null, -100, Number.NaN] };
    const model = currentValue({ profit: 'profit', periods: 2, rate: { discount: 0, per: 'month' }, as: 'ccv' }).fit(
      data,
    );
    const { columns, report } = compile(model).score(data);
    expect([...columns.ccv]).toEqual([200, Number.NaN, -200, Number.NaN]);
    expect(report.nulls).toEqual({ ccv: { missing: 1, 'not-finite': 1 } });
    expect(model.fit.warnings).toEqual(['"profit" is null in 2 of 4 rows: so is the result']);
    const none = currentValue({ profit: 'profit', periods: 0, rate: month }).fit(data);
    expect(compile(none).score({ profit: [100] }).columns.currentValue[0]).toBe(0);
  });

  it('refuses impossible options and data', () => {
    expect(() => currentValue({ profit: 'p', rate: month })).toThrow('invalid periods: NaN');
    expect(() => currentValue({ profit: 'p', periods: -1, rate: month })).toThrow('invalid periods: -1');
    expect(() => currentValue({ profit: 'p', periods: 1.5, rate: month })).toThrow('whole number');
    expect(() => currentValue({ profit: 'p', periods: 2, rate: { discount: -1, per: 'month' } })).toThrow('discount');
    expect(() => currentValue({ profit: ['p', 'q'], periods: 3, rate: month })).toThrow('there are 2 profit columns');
    expect(() => currentValue({ profit: ['p', 'p'], rate: month })).toThrow('distinct');
    expect(() => currentValue({ profit: [], rate: month })).toThrow('no column');
    const estimator = currentValue({ profit: 'p', periods: 2, rate: month });
    expect(() => estimator.fit({ profit: [1] })).toThrow('unknown column "p"');
    expect(() => estimator.fit({ p: ['a'] })).toThrow('expected a number');
  });

  it.skipIf(!hasShared('telco-churn.csv'))(
    'gives the portrait of the telco stayers: 35 % of the charge over 24 months at 1 % is 2,356,848, on average 455.5176',
    () => {
      const data = sharedColumns('telco-churn.csv', ['customerID']);
      const churn = data.Churn as string[];
      const profit = Float64Array.from(data.MonthlyCharges as Float64Array, (charge) => 0.35 * charge);
      const stayers = { profit: profit.filter((_, row) => churn[row] === 'No') };
      const model = currentValue({ profit: 'profit', periods: 24, rate: month }).fit(stayers);
      const total = compile(model)
        .score(stayers)
        .columns.currentValue.reduce((a, b) => a + b, 0);
      expect(Math.round(total)).toBe(2356848);
      expect(total / 5174).toBeCloseTo(455.5176, 4);
    },
  );

  it('scores the same bits after a trip through JSON, and is refused when its parts contradict each other', () => {
    const data = { p1: [1.1, 7], p2: [2.3, 8] };
    const model = currentValue({ profit: ['p1', 'p2'], rate: month }).fit(data);
    const file = JSON.parse(JSON.stringify(model));
    expect(compile(parseModel(file)).score(data)).toEqual(compile(model).score(data));
    const constant = JSON.parse(JSON.stringify(currentValue({ profit: 'p1', periods: 9, rate: month }).fit(data)));
    for (const broken of [
      { ...file, annuity: { ...file.annuity, periods: 3 } },
      { ...file, annuity: { ...file.annuity, discount: -1 } },
      { ...file, assumption: 'none' },
      { ...file, inputs: [{ name: 'p1', type: 'category', levels: [] }, file.inputs[1]] },
      { ...file, outputs: [] },
      { ...constant, annuity: { ...constant.annuity, periods: 3 } },
      { ...constant, outputs: [{ name: 'currentValue', type: 'number', unit: 'money' }] },
    ])
      expect(() => parseModel(broken)).toThrow(expect.objectContaining({ code: 'invalid-model' }));
  });
});
