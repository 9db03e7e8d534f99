import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../numerics/random.ts';
import { sum } from '../../numerics/sum.ts';
import { modelOf, relative } from '../clv.test-support.ts';
import { readHistories } from '../family/history.ts';
import { bgNbd } from './bg-nbd.ts';
import { bgNbdLikelihood } from './likelihood.ts';
import { simulate } from './simulate.test-support.ts';

const week = bgNbd({ unit: 'week' });

describe('derivatives', () => {
  it('gradient and Hessian agree with central differences, short and long runs of x and huge b alike', () => {
    const data = readHistories(
      {
        ...{ frequency: [0, 1, 1, 7, 90, 400, 3], recency: [0, 2, 2, 9, 30, 39, 0.01] },
        T: [12, 30, 30, 9, 31, 39, 39],
      },
      ['frequency', 'recency', 'T'],
    ).groups[0]!.histories;
    const likelihood = bgNbdLikelihood(data);
    for (const at of [
      [0.243, 4.4, 0.79, 2.4],
      [3, 11, 900, 4000],
      [0.02, 0.5, 0.01, 0.3],
    ]) {
      const g = new Float64Array(4);
      const H = new Float64Array(16);
      const [up, down] = [new Float64Array(4), new Float64Array(4)];
      const scratch = new Float64Array(16);
      likelihood(Float64Array.from(at), g, H);
      for (let i = 0; i < 4; i++) {
        const h = 1e-4 * at[i]!;
        const shift = (by: number): Float64Array => Float64Array.from(at, (p, k) => (k === i ? p + by : p));
        const rise = likelihood(shift(h), up, scratch) - likelihood(shift(-h), down, scratch);
        expect(Math.abs(rise / (2 * h) - g[i]!)).toBeLessThan(1e-5 * Math.abs(g[i]!) + 1e-7 / at[i]!);
        for (let j = 0; j < 4; j++)
          expect(Math.abs((up[j]! - down[j]!) / (2 * h) - H[4 * i + j]!)).toBeLessThan(
            1e-5 * Math.abs(H[4 * i + j]!) + 1e-6 / (at[i]! * at[j]!),
          );
      }
    }
  });
});

describe('recovery from simulated customers', () => {
  it('the true parameters lie within 3.5 standard errors, each, in five samples of 20,000', () => {
    const truth = { r: 0.6, alpha: 5, a: 0.8, b: 2.2 };
    for (let seed = 1; seed <= 5; seed++) {
      const model = week.fit(simulate(truth, 20_000, seededRandom(seed)));
      expect(model.fit.status).toBe('converged');
      for (const p of ['r', 'alpha', 'a', 'b'] as const)
        expect(Math.abs(model[p] - truth[p]) / model.fit.standardErrors[p]!).toBeLessThan(3.5);
    }
  });
});

describe('where the likelihood has no interior maximum', () => {
  it('nobody drops out: status boundary, limiting model NBD, dropout without a standard error', () => {
    // Everyone buys to the end, so dropout has no trace in the data.
    const drawn = simulate({ r: 2, alpha: 4, a: 0, b: 1 }, 500, seededRandom(3), { shortest: 30, longest: 40 });
    const model = week.fit({ ...drawn, recency: drawn.T.map((T, i) => (drawn.frequency[i]! > 0 ? T : 0)) });
    expect([model.fit.status, model.fit.limit, model.a]).toEqual(['boundary', 'NBD', 0]);
    expect(model.fit.standardErrors.a).toBeNull();
    expect(model.fit.standardErrors.r).toBeGreaterThan(0);
    expect(model.fit.covariance).toBeNull();
    expect(model.fit.warnings.join()).toMatch(/NBD/);
    expect(
      relative(
        sum(
          bgNbd.logLikelihood(model, { ...drawn, recency: drawn.T.map((T, i) => (drawn.frequency[i]! > 0 ? T : 0)) }),
        ),
        model.fit.logLikelihood,
      ),
    ).toBeLessThan(1e-9);
  });

  it('one dropout probability for all: some samples have their maximum at a, b → ∞, and none fails', () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 6; seed++) {
      const model = week.fit(simulate({ r: 1, alpha: 4, a: 2e6, b: 8e6 }, 2000, seededRandom(seed)));
      seen.add(model.fit.limit ?? model.fit.status);
      expect(model.a / (model.a + model.b)).toBeCloseTo(0.2, 1);
      expect(Number.isFinite(model.fit.logLikelihood)).toBe(true);
      if (model.fit.limit) expect(model.fit.standardErrors.a).toBeNull();
    }
    expect(seen).toContain('one dropout probability');
  });

  it('only single buyers: not identified, and nothing is expected of anyone', () => {
    const model = week.fit({ frequency: [0, 0, 0], recency: [0, 0, 0], T: [10, 20, 30] });
    expect([model.fit.status, model.fit.limit]).toEqual(['not-identified', 'no repeat purchase']);
    expect(bgNbd.expectedPurchases(model, { frequency: [0], recency: [0], T: [5] }, { periods: 39 })[0]).toBe(0);
  });

  it('one customer, two customers, equal customers and huge counts end with a status and finite numbers', () => {
    for (const customers of [
      { frequency: [3], recency: [10], T: [20] },
      { frequency: [0, 1], recency: [0, 5], T: [9, 9] },
      { frequency: [1, 1, 1, 1], recency: [2, 2, 2, 2], T: [30, 30, 30, 30] },
      { frequency: [1e6, 2e6, 0, 5], recency: [300, 360, 0, 100], T: [365, 365, 365, 365] },
      { frequency: [2, 0, 1], recency: [1e-9, 0, 1e9], T: [1e9, 1e-9, 1e9] },
      { frequency: [0, 0, 4], recency: [0, 0, 3], T: [0, 0, 3] },
    ]) {
      const model = week.fit(customers);
      for (const value of [model.r, model.alpha, model.a, model.b, model.fit.logLikelihood])
        expect(Number.isFinite(value)).toBe(true);
      expect(JSON.parse(JSON.stringify(model))).toEqual(model);
      expect(bgNbd.expectedPurchases(model, customers, { periods: 10 }).every((n) => Number.isFinite(n))).toBe(true);
    }
  });
});

describe('unusable input is named', () => {
  const fit =
    (x: number[], recency: number[], T: number[]): (() => void) =>
    () =>
      void week.fit({ frequency: x, recency, T });
  it('each fault with its row', () => {
    expect(fit([1, 1.5], [1, 1], [2, 2])).toThrow(/row 1: frequency 1.5 is not a whole number/);
    expect(fit([-1], [0], [2])).toThrow(/row 0: frequency -1/);
    expect(fit([2], [3], [2])).toThrow(/recency 3 is after T 2/);
    expect(fit([0], [3], [20])).toThrow(/recency 3 without a repeat purchase/);
    expect(fit([0], [0], [-2])).toThrow(/T -2 is negative/);
    expect(fit([2], [-1], [2])).toThrow(/recency -1 is negative/);
    expect(fit([2], [0], [0])).toThrow(/T must be above 0/);
    expect(fit([], [], [])).toThrow(/no row/);
    expect(fit([Number.NaN], [1], [2])).toThrow(/1 with a null/);
  });
  it('rows with a null are left out, counted and told', () => {
    const { fit: report } = week.fit({ frequency: [2, Number.NaN, 0, 5], recency: [9, 1, 0, 8], T: [10, 10, 10, 9] });
    expect([report.rows, report.leftOut]).toEqual([3, 1]);
    expect(report.warnings[0]).toMatch(/1 rows with a null/);
  });
  it('options: unit, names, quantities', () => {
    expect(() => bgNbd({ unit: 'fortnight' as 'week' })).toThrow(/unit/);
    expect(() => bgNbd({ unit: 'week', recency: 'T' })).toThrow(/three columns/);
    expect(() => bgNbd({ unit: 'week', outputs: [] })).toThrow(/at least one/);
    expect(() => bgNbd({ unit: 'week', outputs: [{ quantity: 'expectedPurchases', periods: 0 }] })).toThrow(
      /outputs\[0\]/,
    );
    const twice = [
      { quantity: 'expectedPurchases', periods: 1 },
      { quantity: 'expectedPurchases', periods: 2 },
    ] as const;
    expect(() => bgNbd({ unit: 'week', outputs: twice })).toThrow(/"expectedPurchases" is taken/);
    const endless = [
      { quantity: 'discountedResidualTransactions', periods: 'infinite', rate: { discount: 0, per: 'year' } },
    ] as const;
    expect(() => bgNbd({ unit: 'week', outputs: endless })).toThrow(/discount 0/);
    const upstream = [{ name: 'T', type: 'number', unit: 'day' }] as const;
    expect(() => week.fit({ frequency: [1], recency: [1], T: [2] }, upstream)).toThrow(/days.*weeks/);
  });
});

it('a history that cannot be scores null, with the reason inconsistent-history', async () => {
  const { engine } = await import('../../scoring/engine.ts');
  const { bgNbdKind } = await import('./model.ts');
  const plan = engine({ bgNbd: bgNbdKind }).compile(modelOf({ r: 0.2, alpha: 4, a: 0.8, b: 2.4 }));
  const { columns, report } = plan.score({
    frequency: [1, 1.5, 0, 2, Number.NaN],
    recency: [2, 2, 3, 9, 1],
    T: [9, 9, 9, 8, 9],
  });
  expect(Array.from(columns.probabilityAlive, (p) => p === p)).toEqual([true, false, false, false, false]);
  expect(JSON.stringify(report)).toContain('"inconsistent-history":3');
});
