import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { cashFlowTable } from './cash-flow-table.ts';
import { historicalValue, presentValue } from './present-value.ts';

interface Golden {
  readonly flows: {
    readonly flows: readonly number[];
    readonly discountRate: number;
    readonly endOfPeriod: number;
    readonly beginOfPeriod: number;
  };
  readonly withRetentionExtension: {
    readonly cases: readonly {
      readonly profitPerPeriod: number;
      readonly periods: number;
      readonly discountRate: number;
      readonly retention: number;
      readonly survivalAtEnd: number;
    }[];
  };
}
const golden = fixture<{ readonly currentValue: Golden }>('value-golden.json').currentValue;
const close = (found: number, wanted: number): void =>
  expect(Math.abs(found - wanted)).toBeLessThanOrEqual(1e-12 * Math.abs(wanted));

describe('cashFlowTable', () => {
  it('lists every figure of one customer, won for 100, period by period (S5, by hand at 25 %)', () => {
    const found = cashFlowTable(
      { revenue: [100, 150, 100], cost: [50, 50, 37.5] },
      { discount: 0.25, acquisitionCost: 100 },
    );
    const at = (
      period: number,
      revenue: number,
      cost: number,
      discountFactor: number,
      presentValue: number,
      cumulative: number,
    ) => ({ period, revenue, cost, margin: revenue - cost, survival: 1, discountFactor, presentValue, cumulative });
    expect(found).toEqual({
      rows: [
        at(0, 0, 100, 1, -100, -100),
        at(1, 100, 50, 0.8, 40, -60),
        at(2, 150, 50, 0.64, 64, 4),
        at(3, 100, 37.5, 0.512, 32, 36),
      ].map((row) => expect.objectContaining({ ...row, discountFactor: expect.closeTo(row.discountFactor, 14) })),
      total: expect.closeTo(36, 12),
      breakEvenPeriod: 2,
      assumption: 'no-churn',
    });
  });

  it('breaks even in the period whose running sum is 0 or more, and never when it stays below (S5)', () => {
    const period = (acquisitionCost: number) =>
      cashFlowTable({ revenue: [50, 50] }, { discount: 0, acquisitionCost }).breakEvenPeriod;
    expect([period(0), period(49), period(50), period(50.01), period(100), period(100.01)]).toEqual([
      1,
      1,
      1,
      2,
      2,
      null,
    ]);
    expect(cashFlowTable({ revenue: [] }, { discount: 0.1 })).toMatchObject({
      rows: [],
      total: 0,
      breakEvenPeriod: null,
    });
  });

  it('totals to the golden present value of varying profits at both timings (S5, S1)', () => {
    const { flows, discountRate: discount, endOfPeriod, beginOfPeriod } = golden.flows;
    close(cashFlowTable({ revenue: flows }, { discount }).total, endOfPeriod);
    close(cashFlowTable({ revenue: flows }, { discount, timing: 'begin' }).total, beginOfPeriod);
  });

  it('adjusts for churn and says so: the golden Σ P·r^t/(1+d)^t (S5, S16)', () => {
    for (const { profitPerPeriod, periods, discountRate: discount, retention, survivalAtEnd } of golden
      .withRetentionExtension.cases) {
      const revenue = new Array<number>(periods).fill(profitPerPeriod);
      const adjusted = cashFlowTable({ revenue }, { discount, retention });
      close(adjusted.total, survivalAtEnd);
      expect(adjusted.assumption).toBe('survival-adjusted');
      expect(cashFlowTable({ revenue }, { discount }).assumption).toBe('no-churn');
    }
    const begin = cashFlowTable({ revenue: [10, 10] }, { discount: 0, retention: 0.5, timing: 'begin' });
    expect(begin.rows.map(({ survival }) => survival)).toEqual([1, 0.5]);
  });

  it('gives historical, current and potential value and their sum from one history (S6, by hand)', () => {
    const historical = historicalValue([100, 100], { compound: 0.25 });
    const current = cashFlowTable({ revenue: [125, 125] }, { discount: 0.25 }).total;
    const potential = presentValue([0, 25], { discount: 0.25 });
    expect([historical, current, potential].map((x) => Math.round(x * 1e9) / 1e9)).toEqual([225, 180, 16]);
    expect(historical + current + potential).toBeCloseTo(421, 9);
  });

  it('refuses flows that are not finite, costs of other periods, and options out of range', () => {
    const flows = { revenue: [1, 2] };
    expect(() => cashFlowTable({ revenue: [1, Number.NaN] }, { discount: 0 })).toThrow('period 2: revenue NaN, cost 0');
    expect(() => cashFlowTable({ ...flows, cost: [1] }, { discount: 0 })).toThrow('cost has 1 periods, revenue has 2');
    expect(() => cashFlowTable(flows, { discount: -1 })).toThrow('invalid discount: -1');
    expect(() => cashFlowTable(flows, { discount: 0, retention: 1.1 })).toThrow('invalid retention: 1.1');
    expect(() => cashFlowTable(flows, { discount: 0, acquisitionCost: -1 })).toThrow('invalid acquisitionCost: -1');
    expect(() => cashFlowTable(flows, { discount: 0, timing: 'mid' as 'end' })).toThrow('invalid timing: mid');
  });
});
