import { describe, expect, it } from 'vitest';
import { bgNbd } from './bg-nbd/bg-nbd.ts';
import { breakEven } from './break-even.ts';
import { modelOf } from './clv.test-support.ts';
import { aliveHistory } from './evaluation/alive-history.ts';
import { recencyFrequencyGrid } from './evaluation/recency-frequency-grid.ts';

const model = modelOf({ r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 });
const rate = { discount: 0.15, per: 'year' } as const;

describe('break-even of an acquisition cost (S5) over a purchase model', () => {
  const customers = {
    frequency: [2, 0, 7, 1, 2],
    recency: [30.43, 0, 29.43, 1.71, Number.NaN],
    T: [38.86, 38.86, 38.86, 38.86, 39],
  };
  const profit = [12, 12, 20, 5, 9];

  it('is the first whole period whose discounted profit reaches the cost, found one by one', () => {
    const cost = 8;
    const periods = breakEven(bgNbd, model, customers, { cost, profit, rate, within: 200 });
    for (let i = 0; i < 4; i++) {
      const wanted = Array.from({ length: 200 }, (_, k) => k + 1).find(
        (h) => bgNbd.discountedResidualTransactions(model, customers, { periods: h, rate })[i]! * profit[i]! >= cost,
      );
      expect(periods[i]).toBe(wanted ?? Number.NaN);
    }
    expect(periods[3]).toBeNaN();
    expect(periods[4]).toBeNaN();
  });

  it('nothing to earn back is earned at once; what is wrong is said', () => {
    expect(breakEven(bgNbd, model, customers, { cost: 0, profit, rate, within: 5 })[0]).toBe(0);
    expect(() => breakEven(bgNbd, model, customers, { cost: 1, profit: [1], rate, within: 5 })).toThrow(
      /1 profits for 5/,
    );
    expect(() => breakEven(bgNbd, model, customers, { cost: 1, profit, rate, within: 0.5 })).toThrow(/within/);
  });
});

describe('P(alive) of one customer over time', () => {
  it('is that of the history so far at every time, before and at a purchase', () => {
    const rows = aliveHistory(bgNbd, model, [3, 10.5], { until: 20, points: 20 });
    expect(rows.filter(({ purchase }) => purchase).map(({ time }) => time)).toEqual([3, 10.5]);
    const at = (x: number, recency: number, T: number): number =>
      bgNbd.probabilityAlive(model, { frequency: [x], recency: [recency], T: [T] })[0]!;
    const byTime = (time: number): number[] =>
      rows.filter((row) => row.time === time).map(({ probabilityAlive }) => probabilityAlive);
    expect(byTime(2)).toEqual([1]);
    expect(byTime(3)).toEqual([1, at(1, 3, 3)]);
    expect(byTime(10)).toEqual([at(1, 3, 10)]);
    expect(byTime(10.5)).toEqual([at(1, 3, 10.5), at(2, 10.5, 10.5)]);
    expect(byTime(20)).toEqual([at(2, 10.5, 20)]);
    expect(() => aliveHistory(bgNbd, model, [3, 2], { until: 20 })).toThrow(/purchase 1 at 2/);
    expect(() => aliveHistory(bgNbd, model, [30], { until: 20 })).toThrow(/at most 20/);
  });
});

describe('the grid of recency and frequency', () => {
  it('has the figure of every history, and nothing where none can be', () => {
    const grid = recencyFrequencyGrid(
      bgNbd,
      model,
      { quantity: 'expectedPurchases', periods: 39 },
      { T: 40, frequencies: 3, steps: 4 },
    );
    expect(grid.length).toBe(20);
    const cell = (frequency: number, recency: number): number | null =>
      grid.find((row) => row.frequency === frequency && row.recency === recency)!.value;
    expect(cell(0, 10)).toBeNull();
    expect(cell(2, 0)).toBeNull();
    expect(cell(2, 30)).toBe(
      bgNbd.expectedPurchases(model, { frequency: [2], recency: [30], T: [40] }, { periods: 39 })[0],
    );
    expect(cell(0, 0)).toBe(
      bgNbd.expectedPurchases(model, { frequency: [0], recency: [0], T: [40] }, { periods: 39 })[0],
    );
  });
});
