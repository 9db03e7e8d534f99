import { describe, expect, it } from 'vitest';
import { fixture } from '../../../fixtures/load.ts';
import { seededRandom } from '../../numerics/random.ts';
import { mpc } from '../judgement/maximum-profit.ts';
import { campaignProfit } from './campaign-profit.ts';
import { profitCurve } from './profit-curve.ts';
import { targetList } from './target-list.ts';

interface Golden {
  readonly trees_ensembles_calibration_metrics_shap: {
    readonly metric_vectors: {
      readonly [name: string]: {
        readonly y: readonly number[];
        readonly score: readonly number[];
        readonly values: { readonly MPC: number };
      };
    };
  };
}
const vectors = Object.entries(
  fixture<Golden>('churn-golden.json').trees_ensembles_calibration_metrics_shap.metric_vectors,
);

describe('campaignProfit', () => {
  it('is the expectation over leaving and accepting, with each customer’s own terms', () => {
    const found = campaignProfit([0.25, 1, 0, Number.NaN], {
      value: [400, 100, 1000, 5],
      offerCost: [20, 10, 30, 5],
      acceptance: 0.5,
      stayerAcceptance: 0.8,
      contactCost: 2,
    });
    // Leaves and accepts, leaves and refuses, stays and accepts, stays and refuses.
    const byCases = 0.25 * (0.5 * (400 - 20 - 2) + 0.5 * -2) + 0.75 * (0.8 * (-20 - 2) + 0.2 * -2);
    expect(found.profit[0]).toBeCloseTo(byCases, 12);
    expect(found.profit[1]).toBeCloseTo(0.5 * 90 - 2, 12);
    expect(found.profit[2]).toBeCloseTo(-0.8 * 30 - 2, 12);
    expect(found.spend[0]).toBeCloseTo(2 + 20 * (0.25 * 0.5 + 0.75 * 0.8), 12);
    expect([found.profit[3], found.spend[3], found.leftOut]).toEqual([Number.NaN, Number.NaN, 1]);
  });

  it('refuses chances, shares and costs out of range, naming the row', () => {
    const terms = { value: 10, offerCost: 1, acceptance: 0.5 };
    expect(() => campaignProfit([1.2], terms)).toThrow('chance, row 0: 1.2 is outside [0, 1]');
    expect(() => campaignProfit([0.2], { ...terms, acceptance: 2 })).toThrow('acceptance: 2 is outside [0, 1]');
    expect(() => campaignProfit([0.2], { ...terms, offerCost: [-1] })).toThrow('offerCost, row 0: -1');
    expect(() => campaignProfit([0.2], { ...terms, value: Number.NaN })).toThrow('invalid value: NaN');
    expect(() => campaignProfit([0.2], { ...terms, value: [1, 2] })).toThrow('value has 2 rows, chance has 1');
  });
});

describe('profitCurve', () => {
  it.each(vectors)('of outcomes has the golden MPC of %s as its best point', (_, { y, score, values }) => {
    const { profit } = campaignProfit(y, { value: 200, offerCost: 10, acceptance: 0.3, contactCost: 1 });
    const { best } = profitCurve(score, profit);
    expect(best.profit / y.length).toBeCloseTo(values.MPC, 11);
    const wanted = mpc(y, score);
    expect([best.cut, best.share]).toEqual([wanted.cut, wanted.fraction]);
  });

  const random = seededRandom(9);
  const probability = Array.from({ length: 400 }, () => Math.round(100 * random.uniform() ** 2) / 100);
  const value = probability.map(() => 300 * random.uniform());
  const { profit } = campaignProfit(probability, { value, offerCost: 15, acceptance: 0.35, contactCost: 1 });

  it('finds the most profitable of all cuts, by exhaustive search', () => {
    const { best } = profitCurve(probability, profit);
    const all = [...new Set(probability)].map((cut) => ({
      cut,
      profit: profit.reduce((t, x, i) => (probability[i]! >= cut ? t + x : t), 0),
    }));
    const wanted = all.sort((a, b) => b.profit - a.profit)[0]!;
    expect(best.cut).toBe(wanted.cut);
    expect(best.profit).toBeCloseTo(wanted.profit, 8);
  });

  it('cuts at the break-even probability (offerCost + contactCost)/(γ(value − offerCost) + offerCost) when values are equal', () => {
    const even = campaignProfit(probability, { value: 200, offerCost: 15, acceptance: 0.35, contactCost: 1 });
    const breakEven = 16 / (0.35 * 185 + 15);
    expect(profitCurve(probability, even.profit).best.cut).toBe(Math.min(...probability.filter((p) => p > breakEven)));
  });

  it('ranked by the profit itself contacts everyone who is worth it', () => {
    const { best } = profitCurve(profit, profit);
    expect(best.contacted).toBe(profit.filter((x) => x > 0).length);
    expect(best.profit).toBeGreaterThan(profitCurve(probability, profit).best.profit);
  });

  it('shows about as many points as asked for, from nobody to everybody', () => {
    const { points } = profitCurve(value, profit, { points: 20 });
    expect(points).toHaveLength(21);
    expect(points[0]).toEqual({ cut: null, contacted: 0, share: 0, profit: 0 });
    expect(points.at(-1)).toMatchObject({ contacted: 400, share: 1 });
    expect(profitCurve([1, 1, 1], [1, -2, 3]).points).toHaveLength(2);
  });

  it('leaves out rows with a null, and contacts nobody when nobody pays', () => {
    expect(profitCurve([0.5, Number.NaN, 0.2], [1, 2, Number.NaN])).toMatchObject({ rows: 1, leftOut: 2 });
    expect(profitCurve([0.5, 0.2], [-1, -2]).best.cut).toBeNull();
    expect(() => profitCurve([], [])).toThrow('no row has both a score and a profit');
    expect(() => profitCurve([1], [1, 2])).toThrow('the profit has 2');
    expect(() => profitCurve([1], [1], { points: 0 })).toThrow('invalid points');
  });
});

describe('targetList', () => {
  /** The best list of all subsets. */
  function exhaustive(profit: readonly number[], spend: readonly number[], budget: number, capacity: number): number {
    let best = 0;
    for (let set = 0; set < 2 ** profit.length; set++) {
      let total = 0;
      let cost = 0;
      let count = 0;
      for (let i = 0; i < profit.length; i++)
        if (set & (1 << i)) {
          total += profit[i]!;
          cost += spend[i]!;
          count++;
        }
      if (cost <= budget * (1 + 1e-12) && count <= capacity) best = Math.max(best, total);
    }
    return best;
  }

  it('is the best of all subsets when every contact costs the same, with a budget, a capacity, or both', () => {
    const random = seededRandom(21);
    for (let round = 0; round < 60; round++) {
      const profit = Array.from({ length: 11 }, () => Math.round(20 * random.uniform()) - 6);
      const spend = profit.map(() => 0.1);
      const budget = 0.1 * random.below(12);
      const capacity = random.below(12);
      for (const limits of [{ budget }, { capacity }, { budget, capacity }]) {
        const found = targetList({ profit, spend }, limits);
        expect(found.profit).toBeCloseTo(exhaustive(profit, spend, limits.budget ?? 9, limits.capacity ?? 99), 10);
        expect(found.rows.length).toBeLessThanOrEqual(limits.capacity ?? 99);
      }
    }
  });

  it('keeps to its limits and within its own bound when costs differ; the bound holds against all subsets', () => {
    const random = seededRandom(22);
    let share = 0;
    for (let round = 0; round < 80; round++) {
      const profit = Array.from({ length: 12 }, () => 20 * random.uniform() - 4);
      const spend = profit.map(() => 5 * random.uniform());
      const [budget, capacity] = [20 * random.uniform(), 1 + random.below(12)];
      const found = targetList({ profit, spend }, { budget, capacity });
      const best = exhaustive(profit, spend, budget, capacity);
      expect(found.spend).toBeLessThanOrEqual(budget * (1 + 1e-12));
      expect(found.rows.length).toBeLessThanOrEqual(capacity);
      expect(found.profit).toBeLessThanOrEqual(best + 1e-9);
      expect(found.bound).toBeGreaterThanOrEqual(best - 1e-9);
      share += best > 0 ? found.profit / best / 80 : 1 / 80;
    }
    expect(share).toBeGreaterThan(0.93);
  });

  it('lists everyone worth it without limits, the most profitable first, equal ones by row', () => {
    const found = targetList({ profit: [3, 5, 0, -1, 5, Number.NaN], spend: [1, 1, 1, 1, 1, 1] });
    expect(found).toMatchObject({ profit: 13, bound: 13, spend: 3, shadowPrice: 0, worthIt: 3, leftOut: 1 });
    expect([...found.rows]).toEqual([1, 4, 0]);
    expect([...targetList({ profit: [5, 5, 5], spend: [2, 2, 2] }, { budget: 4 }).rows]).toEqual([0, 1]);
    expect([...targetList({ profit: [5, 5, 5], spend: [0, 2, 2] }, { budget: 0 }).rows]).toEqual([0]);
    expect(targetList({ profit: [1], spend: [1] }, { capacity: 0 }).rows).toHaveLength(0);
    expect(targetList({ profit: [], spend: [] }, { budget: 1 })).toMatchObject({ profit: 0, bound: 0 });
  });

  it('comes within a thousandth of its bound for many customers', () => {
    const random = seededRandom(23);
    const profit = Float64Array.from({ length: 20_000 }, () => 50 * random.uniform() - 20);
    const spend = profit.map(() => 1 + 9 * random.uniform());
    const found = targetList({ profit, spend }, { budget: 10_000, capacity: 3_000 });
    expect(found.profit / found.bound).toBeGreaterThan(0.999);
    expect(found.spend).toBeLessThanOrEqual(10_000);
  });

  it('refuses limits and spends below 0', () => {
    expect(() => targetList({ profit: [1], spend: [1] }, { budget: -1 })).toThrow('invalid budget');
    expect(() => targetList({ profit: [1], spend: [1] }, { capacity: 1.5 })).toThrow('invalid capacity');
    expect(() => targetList({ profit: [1], spend: [-1] })).toThrow('spend, row 0: -1');
    expect(() => targetList({ profit: [1], spend: [] })).toThrow('spend has 0');
  });
});
