import { describe, expect, it } from 'vitest';
import { fixture, hasShared, sharedColumns } from '../../../fixtures/load.ts';
import type { Columns } from '../../model/batch.ts';
import { gaussLegendre } from '../../numerics/quadrature.ts';
import { lbeta } from '../../numerics/special.ts';
import { sum } from '../../numerics/sum.ts';
import { engine } from '../../scoring/engine.ts';
import { relative } from '../clv.test-support.ts';
import { historyBattery } from '../family/battery.test-support.ts';
import { bgBb } from './bg-bb.ts';
import { type BgBbModel, bgBbKind } from './model.ts';
import type { BgBbParameters } from './posterior.ts';

historyBattery(bgBb, bgBbKind, {
  at: [
    { alpha: 1.2, beta: 0.75, gamma: 0.66, delta: 2.78 },
    { alpha: 0.4, beta: 2, gamma: 1, delta: 4 },
    { alpha: 30, beta: 50, gamma: 12, delta: 90 },
  ],
  discrete: true,
  recovery: { samples: 30, rows: 3000 },
});

interface GoldenRow {
  readonly x: number;
  readonly t_x: number;
  readonly n: number;
  readonly logLik: number;
  readonly pAliveAtN: number;
  readonly pAliveAtNplus1: number;
  readonly cet5: number;
  readonly dert_d0_1: number;
}
interface GoldenFit {
  readonly params: BgBbParameters;
  readonly se: BgBbParameters;
  readonly cov: readonly (readonly number[])[];
  readonly logLik: number;
}
interface Btyd {
  readonly params: BgBbParameters;
  readonly logLik: number;
  readonly rows: readonly string[];
  readonly palive: readonly number[];
  readonly cet5: readonly number[];
  readonly 'DERT_d0.1': readonly number[];
  readonly postmean_p: readonly number[];
  readonly postmean_q: readonly number[];
  readonly pmf_n6: readonly number[];
  readonly expectation_1_11: readonly number[];
}
const golden = fixture<{
  functions: { models: { bgbb: readonly { params: BgBbParameters; rows: readonly GoldenRow[] }[] } };
  fits: { 'donations.bgbb': GoldenFit };
  peer: { 'BTYD+BTYDplus': { 'BTYD.donations.bgbb': Btyd } };
}>('clv-golden.json');

const names = ['alpha', 'beta', 'gamma', 'delta'] as const;
const year = bgBb({ unit: 'year' });
const modelOf = (parameters: BgBbParameters): BgBbModel<'frequency' | 'recency' | 'T', 'probabilityAlive'> => ({
  ...year.fit({ frequency: [0], recency: [0], T: [1] }),
  ...parameters,
});
const one = (x: number, recency: number, n: number) => ({ frequency: [x], recency: [recency], T: [n] });
const tenth = { discount: 0.1, per: 'year' } as const;

describe('functions at fixed parameters (clv-golden.json, layer functions: 30-digit mpmath)', () => {
  for (const { params, rows } of golden.functions.models.bgbb)
    it(`α ${params.alpha}: ln L, P(alive) at n and n + 1, expected and discounted purchases of every row`, () => {
      const model = modelOf(params);
      for (const { x, t_x, n, ...wanted } of rows) {
        const customer = one(x, t_x, n);
        expect(relative(bgBb.logLikelihood(model, customer)[0]!, wanted.logLik)).toBeLessThan(1e-10);
        for (const [got, value] of [
          [bgBb.probabilityAlive(model, customer), wanted.pAliveAtN],
          [bgBb.probabilityAlive(model, customer, { ahead: 1 }), wanted.pAliveAtNplus1],
          [bgBb.expectedPurchases(model, customer, { periods: 5 }), wanted.cet5],
          [
            bgBb.discountedResidualTransactions(model, customer, { periods: 'infinite', rate: tenth }),
            wanted.dert_d0_1,
          ],
        ] as const)
          expect(relative(got[0]!, value)).toBeLessThan(1e-9);
      }
    });
});

const donations = (): { [name: string]: Float64Array } =>
  sharedColumns('donations-bgbb.csv') as { [name: string]: Float64Array };
const columns = { unit: 'year', frequency: 'x', recency: 't_x', T: 'n' } as const;

describe('11,104 donors in 22 cells (Fader, Hardie & Shang 2010)', () => {
  it.skipIf(!hasShared('donations-bgbb.csv'))(
    'parameters, errors, covariance and ln L are those of the golden fit, from counted cells and from single rows alike',
    () => {
      const cells = donations();
      const model = bgBb({ ...columns, weight: 'customers' }).fit(cells);
      const wanted = golden.fits['donations.bgbb'];
      expect([model.fit.status, model.fit.rows, model.fit.distinctRows]).toEqual(['converged', 11104, 22]);
      for (const name of names) {
        expect(relative(model[name], wanted.params[name])).toBeLessThan(1e-6);
        expect(relative(model.fit.standardErrors[name]!, wanted.se[name])).toBeLessThan(1e-4);
      }
      wanted.cov.flat().forEach((c, i) => {
        expect(relative(model.fit.covariance!.flat()[i]!, c)).toBeLessThan(1e-4);
      });
      expect(model.fit.logLikelihood).toBeGreaterThan(wanted.logLik - 1e-7);
      expect(relative(model.fit.logLikelihood, wanted.logLik)).toBeLessThan(1e-12);
      const single = (column: Float64Array): number[] =>
        [...column].flatMap((value, i) => Array.from({ length: cells.customers![i]! }, () => value));
      const rows = { x: single(cells.x!), t_x: single(cells.t_x!), n: single(cells.n!) };
      expect({ ...bgBb(columns).fit(rows) }).toEqual(model);
    },
  );

  it('BTYD prints the same figures of the 22 cells at its parameters (peer BTYD.donations.bgbb, 1e-9)', () => {
    const peer = golden.peer['BTYD+BTYDplus']['BTYD.donations.bgbb'];
    const model = modelOf(peer.params);
    const cells = peer.rows.map((row) => row.split(' ').map(Number) as [number, number, number]);
    const customers = {
      frequency: cells.map(([x]) => x),
      recency: cells.map(([, t]) => t),
      T: cells.map(([, , n]) => n),
    };
    const means = bgBb.posteriorMeans(model, customers);
    for (const [got, wanted] of [
      [bgBb.probabilityAlive(model, customers, { ahead: 1 }), peer.palive],
      [bgBb.expectedPurchases(model, customers, { periods: 5 }), peer.cet5],
      [bgBb.discountedResidualTransactions(model, customers, { periods: 'infinite', rate: tenth }), peer['DERT_d0.1']],
      [means.purchase, peer.postmean_p],
      [means.dropout, peer.postmean_q],
      [bgBb.purchaseDistribution(model, { periods: 6, upTo: 6 }), peer.pmf_n6],
      [
        peer.expectation_1_11.map((_, k) => bgBb.expectedTransactions(model, { periods: k + 1 })),
        peer.expectation_1_11,
      ],
    ] as const)
      wanted.forEach((value, i) => {
        expect(relative(got[i]!, value)).toBeLessThan(1e-9);
      });
  });
});

describe('against the integral over p and θ of the model’s own story', () => {
  const LEGENDRE = gaussLegendre(64);
  const parameters = { alpha: 1.4, beta: 2, gamma: 1.3, delta: 3 };
  const model = modelOf(parameters);
  // p = u¹⁰, θ = v¹⁰ take the singularities of the densities at 0 away; at 1 they have none.
  function told(x: number, recency: number, n: number) {
    const { alpha, beta, gamma, delta } = parameters;
    const density = (p: number, a: number, b: number): number =>
      Math.exp((a - 1) * Math.log(p) + (b - 1) * Math.log1p(-p) - lbeta(a, b));
    const over = (f: (p: number, theta: number) => number): number => {
      let total = 0;
      LEGENDRE.nodes.forEach((s, i) => {
        LEGENDRE.nodes.forEach((t, j) => {
          const [u, v] = [(1 + s) / 2, (1 + t) / 2];
          const weight = LEGENDRE.weights[i]! * LEGENDRE.weights[j]! * 25 * u ** 9 * v ** 9;
          total += weight * density(u ** 10, alpha, beta) * density(v ** 10, gamma, delta) * f(u ** 10, v ** 10);
        });
      });
      return total;
    };
    const aliveAt = (p: number, theta: number): number => p ** x * (1 - p) ** (n - x) * (1 - theta) ** n;
    const dropped = (p: number, theta: number): number => {
      let total = 0;
      for (let m = recency; m < n; m++) total += p ** x * (1 - p) ** (m - x) * theta * (1 - theta) ** m;
      return total;
    };
    const total = over((p, theta) => aliveAt(p, theta) + dropped(p, theta));
    const mean = (f: (p: number, theta: number) => number): number =>
      over((p, theta) => aliveAt(p, theta) * f(p, theta)) / total;
    return {
      logLikelihood: Math.log(total),
      alive: mean(() => 1),
      ahead: (k: number) => mean((_, theta) => (1 - theta) ** k),
      worth: (m: number, d: number) =>
        mean((p, theta) => {
          let value = 0;
          for (let j = 1; j <= m; j++) value += p * ((1 - theta) / (1 + d)) ** j;
          return value;
        }),
      bought: (m: number) =>
        mean((p, theta) => {
          let none = 0;
          for (let j = 0; j < m; j++) none += theta * ((1 - theta) * (1 - p)) ** j;
          return 1 - none - ((1 - theta) * (1 - p)) ** m;
        }),
      purchase: over((p, theta) => p * (aliveAt(p, theta) + dropped(p, theta))) / total,
      dropout: over((p, theta) => theta * (aliveAt(p, theta) + dropped(p, theta))) / total,
    };
  }
  for (const [x, recency, n] of [
    [0, 0, 6],
    [1, 2, 9],
    [3, 6, 6],
    [5, 7, 20],
  ] as const)
    it(`x ${x}, t_x ${recency}, n ${n}: every quantity`, () => {
      const customer = one(x, recency, n);
      const oracle = told(x, recency, n);
      const means = bgBb.posteriorMeans(model, customer);
      const monthly = { discount: 0.01, per: 'month' } as const;
      for (const [got, wanted] of [
        [bgBb.logLikelihood(model, customer), oracle.logLikelihood],
        [bgBb.probabilityAlive(model, customer), oracle.alive],
        [bgBb.probabilityAlive(model, customer, { ahead: 4 }), oracle.ahead(4)],
        [bgBb.probabilityOfPurchase(model, customer, { periods: 3 }), oracle.bought(3)],
        [bgBb.expectedPurchases(model, customer, { periods: 12 }), oracle.worth(12, 0)],
        [bgBb.discountedResidualTransactions(model, customer, { periods: 7, rate: tenth }), oracle.worth(7, 0.1)],
        [
          bgBb.discountedResidualTransactions(model, customer, { periods: 7, rate: monthly }),
          oracle.worth(7, 1.01 ** 12 - 1),
        ],
        [means.purchase, oracle.purchase],
        [means.dropout, oracle.dropout],
      ] as const)
        expect(relative(got[0]!, wanted)).toBeLessThan(1e-9);
    });
});

describe('edges', () => {
  it('γ = 0 is the beta-binomial: alive for sure, m(α+x)/(α+β+n) purchases expected', () => {
    const model = modelOf({ alpha: 1, beta: 3, gamma: 0, delta: 1 });
    for (const n of [10, 20_000]) {
      const customer = one(2, 2, n);
      expect(bgBb.probabilityAlive(model, customer)[0]).toBe(1);
      expect(relative(bgBb.expectedPurchases(model, customer, { periods: 7 })[0]!, 21 / (4 + n))).toBeLessThan(1e-12);
      expect(relative(bgBb.posteriorMeans(model, customer).purchase[0]!, 3 / (4 + n))).toBeLessThan(1e-12);
      // B(3, n + 1)/B(1, 3) = 3·2/((n+1)(n+2)(n+3))
      const wanted = Math.log(6) - Math.log(n + 1) - Math.log(n + 2) - Math.log(n + 3);
      expect(relative(bgBb.logLikelihood(model, customer)[0]!, wanted)).toBeLessThan(1e-10);
    }
  });

  it('100,000 opportunities, twenty of them silent or all but one, give finite figures', () => {
    const model = modelOf({ alpha: 1.2, beta: 0.75, gamma: 0.66, delta: 2.78 });
    const customers = { frequency: [99_980, 1, 5], recency: [99_980, 1, 100_000], T: [100_000, 100_000, 100_000] };
    for (const figures of [
      bgBb.logLikelihood(model, customers),
      bgBb.probabilityAlive(model, customers),
      bgBb.probabilityOfPurchase(model, customers, { periods: 100_000 }),
      bgBb.expectedPurchases(model, customers, { periods: 100_000 }),
    ])
      expect(figures.every(Number.isFinite)).toBe(true);
    expect(sum(bgBb.purchaseDistribution(model, { periods: 4000, upTo: 4000 }))).toBeCloseTo(1, 9);
  });

  it('a purchase at every opportunity: the limit is named, its pair has no errors', () => {
    // Of those alive 1/2, 1/3, 1/4, … drop out before each opportunity: γ = δ = 1.
    const length = [0, 1, 2, 3, 4, 5, 6];
    const model = bgBb({ unit: 'year', weight: 'customers' }).fit({
      ...{ frequency: length, recency: length, T: length.map(() => 6) },
      customers: [420, 140, 70, 42, 28, 20, 120],
    });
    expect(relative(model.gamma, 1)).toBeLessThan(1e-4);
    expect(relative(model.delta, 1)).toBeLessThan(1e-4);
    expect([model.fit.status, model.fit.limit]).toEqual(['boundary', 'a purchase at every opportunity']);
    expect(model.fit.standardErrors.alpha).toBeNull();
    expect(model.fit.standardErrors.gamma).toBeGreaterThan(0);
  });

  it('nobody drops out: the limit is the beta-binomial', () => {
    const model = year.fit({ frequency: [1, 2, 5, 3, 4, 2], recency: [6, 6, 6, 6, 6, 6], T: [6, 6, 6, 6, 6, 6] });
    expect([model.fit.status, model.fit.limit, model.gamma]).toEqual(['boundary', 'beta-binomial', 0]);
    expect(model.fit.warnings.join()).toMatch(/beta-binomial/);
  });

  it('what is not a count of opportunities is refused, in data, horizons and options, or scores null', () => {
    const fit =
      (x: number, t: number, n: number): (() => void) =>
      () =>
        void year.fit(one(x, t, n));
    expect(fit(3, 2, 6)).toThrow(/row 0: frequency 3 by opportunity 2; there is one purchase at most at each/);
    expect(fit(1, 1.5, 6)).toThrow(/recency 1.5 is not a whole number/);
    expect(fit(1, 1, 6.5)).toThrow(/T 6.5 is not a whole number/);
    expect(fit(0, 0, 200_000)).toThrow(/more than 100000 opportunities/);
    const model = modelOf({ alpha: 1, beta: 1, gamma: 1, delta: 1 });
    expect(bgBb.probabilityAlive(model, one(3, 2, 6))[0]).toBeNaN();
    expect(() => bgBb.expectedPurchases(model, one(1, 1, 2), { periods: 1.5 })).toThrow(/periods.*whole/);
    expect(() => bgBb.probabilityAlive(model, one(1, 1, 2), { ahead: 0.5 })).toThrow(/ahead.*whole/);
    expect(() => bgBb.expectedTransactions(model, { periods: 2.5 })).toThrow(/whole/);
    expect(() => bgBb({ unit: 'year', outputs: [{ quantity: 'expectedPurchases', periods: 0.5 }] })).toThrow(/whole/);
    expect(() => bgBb({ unit: 'year', covariates: { purchase: ['z'] } })).toThrow(/takes none/);
    const stored = { ...model, quantities: [{ quantity: 'expectedPurchases', periods: 0.5 }] };
    expect(() => engine({ bgBb: bgBbKind }).parseModel(JSON.parse(JSON.stringify(stored)))).toThrow(/whole/);
  });

  it('weights: a broken one is refused, 0 leaves the row out, a null is counted, the column is no input', () => {
    const fit = (weight: readonly number[]) =>
      bgBb({ unit: 'year', weight: 'donors' }).fit({
        ...{ frequency: [1, 2, 0], recency: [2, 4, 0], T: [6, 6, 6] },
        donors: weight,
      } as Columns);
    expect(() => fit([1, 0.5, 1])).toThrow(/row 1: donors 0.5/);
    expect(() => fit([1, -1, 1])).toThrow(/row 1: donors -1/);
    expect(() => fit([0, 0, 0])).toThrow(/no row/);
    const model = fit([3, 0, 5]);
    expect([model.fit.rows, model.fit.distinctRows, model.fit.leftOut]).toEqual([8, 2, 0]);
    expect(fit([3, Number.NaN, 5]).fit.leftOut).toBe(1);
    expect(model.inputs.map(({ name }) => name)).toEqual(['frequency', 'recency', 'T']);
    expect(() => bgBb({ unit: 'year', weight: 'T' })).toThrow(/weight: "T"/);
  });
});
