import { describe, expect, it } from 'vitest';
import { hasShared } from '../../../fixtures/load.ts';
import { exponentialDraw, gammaDraw } from '../../numerics/draw.ts';
import { seededRandom } from '../../numerics/random.ts';
import { sum } from '../../numerics/sum.ts';
import { engine } from '../../scoring/engine.ts';
import { relative, summaryOf } from '../clv.test-support.ts';
import { readHistories } from '../family/history.ts';
import { paretoNbdLikelihood } from './likelihood.ts';
import { paretoNbdKind } from './model.ts';
import { paretoNbd } from './pareto-nbd.ts';

const week = paretoNbd({ unit: 'week' });
const columns = ['frequency', 'recency', 'T'];

/** Histories drawn from the story with rates of one's own: lambda and mu per customer. */
function drawn(rows: number, seed: number, lambda: (u: ReturnType<typeof seededRandom>) => number, mu: typeof lambda) {
  const random = seededRandom(seed);
  const out = { frequency: new Float64Array(rows), recency: new Float64Array(rows), T: new Float64Array(rows) };
  for (let i = 0; i < rows; i++) {
    const T = 20 + 30 * random.uniform();
    const end = Math.min(T, exponentialDraw(random) / mu(random));
    const rate = lambda(random);
    out.T[i] = T;
    for (let t = exponentialDraw(random) / rate; t <= end; t += exponentialDraw(random) / rate) {
      out.frequency[i]!++;
      out.recency[i] = t;
    }
  }
  return out;
}

describe('derivatives', () => {
  it('agree with central differences for busy customers, long silences, and far from home', () => {
    const data = readHistories(
      {
        frequency: [0, 0, 1, 1, 7, 90, 400, 400, 3, 2],
        recency: [0, 0, 2, 2, 9, 30, 39, 20, 0.01, 5],
        T: [12, 39, 30, 39, 9, 31, 39, 39, 39, 5000],
      },
      columns,
    ).groups[0]!.histories;
    const likelihood = paretoNbdLikelihood(data);
    for (const at of [
      [0.55, 10.6, 0.6, 11.7],
      [300, 900, 0.2, 0.01],
      [0.02, 0.5, 400, 9000],
      [1, 10, 1, 10],
    ]) {
      const [g, H] = [new Float64Array(4), new Float64Array(16)];
      const [up, down, scratch] = [new Float64Array(4), new Float64Array(4), new Float64Array(16)];
      const value = likelihood(Float64Array.from(at), g, H);
      expect(
        relative(
          value,
          data.x.reduce((total, x, i) => {
            const [r, alpha, s, beta] = at as [number, number, number, number];
            const { recency, T, weight } = data;
            return total + weight[i]! * paretoNbd.family.logLikelihood({ r, alpha, s, beta }, x, recency[i]!, T[i]!);
          }, 0),
        ),
      ).toBeLessThan(1e-12);
      for (let i = 0; i < 4; i++) {
        const h = 1e-4 * at[i]!;
        const shift = (by: number): Float64Array => Float64Array.from(at, (p, k) => (k === i ? p + by : p));
        const rise = likelihood(shift(h), up, scratch) - likelihood(shift(-h), down, scratch);
        const scale = 1e-7 * (1 + Math.abs(value));
        expect(Math.abs(rise / (2 * h) - g[i]!) * at[i]!).toBeLessThan(scale);
        for (let j = 0; j < 4; j++)
          expect(Math.abs((up[j]! - down[j]!) / (2 * h) - H[4 * i + j]!) * at[i]! * at[j]!).toBeLessThan(scale);
      }
    }
  });

  it('each history alone, or all together over shared knots: the same sum', () => {
    const customers = drawn(
      400,
      8,
      (u) => gammaDraw(u, 0.6, 9),
      (u) => gammaDraw(u, 0.7, 12),
    );
    const parameters = Float64Array.of(0.6, 9, 0.7, 12);
    const [g, H, own, ownH] = [4, 16, 4, 16].map((n) => new Float64Array(n)) as [
      ...[Float64Array, Float64Array, Float64Array, Float64Array],
    ];
    const all = paretoNbdLikelihood(readHistories(customers, columns).groups[0]!.histories)(parameters, g, H);
    let total = 0;
    const slope = new Float64Array(4);
    const curve = new Float64Array(16);
    for (let i = 0; i < 400; i++) {
      const [x, recency, T] = [customers.frequency, customers.recency, customers.T].map((c) => c.slice(i, i + 1));
      const one = { x: x!, recency: recency!, T: T!, weight: Float64Array.of(1), rows: 1 };
      total += paretoNbdLikelihood(one)(parameters, own, ownH);
      own.forEach((d, k) => {
        slope[k]! += d;
      });
      ownH.forEach((d, k) => {
        curve[k]! += d;
      });
    }
    expect(relative(all, total)).toBeLessThan(1e-13);
    const near = (got: Float64Array, wanted: Float64Array): void =>
      got.forEach((d, k) => {
        expect(Math.abs(d - wanted[k]!)).toBeLessThan(1e-10 * (1 + Math.abs(wanted[k]!)));
      });
    near(g, slope);
    near(H, curve);
  });
});

describe('CDNOW', () => {
  it.skipIf(!hasShared('cdnow-summary.csv'))('in days alpha and beta are seven times those in weeks', () => {
    const customers = summaryOf('cdnow-summary.csv');
    const days = { ...customers, recency: customers.recency.map((t) => 7 * t), T: customers.T.map((t) => 7 * t) };
    const [inWeeks, inDays] = [week.fit(customers), paretoNbd({ unit: 'day' }).fit(days)];
    expect(inWeeks.fit.distinctRows).toBe(1016);
    expect(relative(inDays.alpha, 7 * inWeeks.alpha)).toBeLessThan(1e-10);
    expect(relative(inDays.beta, 7 * inWeeks.beta)).toBeLessThan(1e-10);
    expect(relative(inDays.s, inWeeks.s)).toBeLessThan(1e-10);
    expect(relative(sum(paretoNbd.logLikelihood(inWeeks, customers)), inWeeks.fit.logLikelihood)).toBeLessThan(1e-13);
  });
});

describe('where the likelihood has no interior maximum', () => {
  it('everyone buys to the end: the NBD, alive for sure', () => {
    const customers = drawn(
      500,
      3,
      (u) => 0.2 + gammaDraw(u, 2, 4),
      () => 0,
    );
    const recency = customers.T.map((T, i) => (customers.frequency[i]! > 0 ? T : 0));
    const model = week.fit({ ...customers, recency });
    expect([model.fit.status, model.fit.limit, model.s]).toEqual(['boundary', 'NBD', 0]);
    expect(model.fit.standardErrors.s).toBeNull();
    expect(model.fit.standardErrors.r).toBeGreaterThan(0);
    const rows = sum(paretoNbd.logLikelihood(model, { ...customers, recency }));
    expect(relative(rows, model.fit.logLikelihood)).toBeLessThan(1e-9);
  });

  const limits = (rows: number, ...rates: [Parameters<typeof drawn>[2], Parameters<typeof drawn>[3]]) =>
    [2, 5, 6].map((seed) => week.fit(drawn(rows, seed, ...rates)));

  it('one dropout rate for all: samples with their maximum at s, beta → ∞ say so, with the rate s/beta they had', () => {
    const models = limits(
      300,
      (u) => gammaDraw(u, 1, 4),
      () => 0.05,
    );
    for (const { s, beta, fit } of models) {
      expect(s / beta).toBeCloseTo(0.05, 1);
      expect(fit.limit === undefined || fit.standardErrors.s === null).toBe(true);
    }
    expect(models.map(({ fit }) => fit.limit)).toContain('one dropout rate');
  });

  it('one purchase rate for all: samples with their maximum at r, alpha → ∞ say so', () => {
    const models = limits(
      300,
      () => 0.25,
      (u) => gammaDraw(u, 1.5, 30),
    );
    for (const { r, alpha, fit } of models) {
      expect(r / alpha).toBeCloseTo(0.25, 1);
      expect(fit.limit === undefined || fit.standardErrors.r === null).toBe(true);
    }
    expect(models.map(({ fit }) => fit.limit)).toContain('one purchase rate');
  });

  it('half drop out at once, the others never: a limit far above the NBD, which survives a round trip', () => {
    const customers = drawn(
      400,
      5,
      (u) => gammaDraw(u, 2, 8),
      (u) => (u.uniform() < 0.5 ? 1e9 : 0),
    );
    const model = week.fit(customers);
    expect([model.fit.status, model.fit.limit]).toEqual(['boundary', 'all-or-none dropout']);
    const nobody = { ...model, ...{ r: 0.25, alpha: 2, s: 0, beta: 1 } };
    expect(model.fit.logLikelihood).toBeGreaterThan(sum(paretoNbd.logLikelihood(nobody, customers)) + 20);
    const alive = paretoNbd.probabilityAlive(model, customers);
    expect(Math.abs(sum(alive) / 400 - 0.5)).toBeLessThan(0.1);
    const { parseModel, compile } = engine({ paretoNbd: paretoNbdKind });
    expect(parseModel(JSON.parse(JSON.stringify(model)))).toEqual(model);
    expect(compile(model).score(customers).columns.probabilityAlive).toEqual(alive);
  });

  it('only single buyers: not identified, and nothing is expected of anyone', () => {
    const model = week.fit({ frequency: [0, 0, 0], recency: [0, 0, 0], T: [10, 20, 30] });
    expect([model.fit.status, model.fit.limit]).toEqual(['not-identified', 'no repeat purchase']);
    expect(paretoNbd.expectedPurchases(model, { frequency: [0], recency: [0], T: [5] }, { periods: 39 })[0]).toBe(0);
    expect([...paretoNbd.purchaseDistribution(model, { periods: 9, upTo: 2 })]).toEqual([1, 0, 0]);
  });

  it('one customer, two customers, equal customers and huge counts end with a status and finite numbers', () => {
    for (const customers of [
      { frequency: [3], recency: [10], T: [20] },
      { frequency: [0, 1], recency: [0, 5], T: [9, 9] },
      { frequency: [1, 1, 1, 1], recency: [2, 2, 2, 2], T: [30, 30, 30, 30] },
      { frequency: [1e6, 2e6, 0, 5], recency: [300, 360, 0, 100], T: [365, 365, 365, 365] },
      { frequency: [2, 0, 1], recency: [1e-9, 0, 1e9], T: [1e9, 1e-9, 1e9] },
      { frequency: [0, 0, 4], recency: [0, 0, 3], T: [0, 0, 3] },
      { frequency: [0, 0, 0, 5, 6], recency: [0, 0, 0, 40, 40], T: [40, 40, 40, 40, 40] },
    ]) {
      const model = week.fit(customers);
      const told = JSON.stringify([customers.frequency, model]);
      for (const value of [model.r, model.alpha, model.s, model.beta, model.fit.logLikelihood])
        expect(Number.isFinite(value), told).toBe(true);
      expect(engine({ paretoNbd: paretoNbdKind }).parseModel(JSON.parse(JSON.stringify(model)))).toEqual(model);
      expect(
        paretoNbd.expectedPurchases(model, customers, { periods: 10 }).every((n) => Number.isFinite(n)),
        told,
      ).toBe(true);
    }
  });
});
