import { describe, expect, it } from 'vitest';
import { fixture, hasShared, sharedColumns } from '../../../fixtures/load.ts';
import { sum } from '../../numerics/sum.ts';
import type { BgNbdParameters } from '../bg-nbd/posterior.ts';
import { golden, relative, summaryOf } from '../clv.test-support.ts';
import { historyBattery } from '../family/battery.test-support.ts';
import { mbgNbd } from './mbg-nbd.ts';
import { type MbgNbdModel, mbgNbdKind } from './model.ts';

const peers = fixture<{
  peer: {
    'BTYD+BTYDplus': { 'BTYDplus.cdnow': { mbgnbd: { palive: number[]; cet: number[]; pmf_52: number[] } } };
    lifetimes: { [fit: string]: { palive_first10: number[]; cet39_first10: number[] } };
  };
}>('clv-golden.json').peer;

/**
 * The golden expected purchases at a = 1 are rounding noise of ₂F₁ beside its removable singularity, as for the BG/NBD
 * (AT_A_ONE). These replace them: P(alive)·E[(1 − (1+pt/A)^(−R))/p], p ~ Beta(a, b+1+x), by mpmath: ₂F₁ at a = 1 + 1e-30
 * with 60 digits, equal to the integral with 30. Rows in the golden order, t = 1, 39, 520; then a new customer.
 */
const AT_A_ONE = {
  cet: [
    [0.03743496490107484, 1.2401266873914885, 7.016313590904933],
    [0.012105012290362559, 0.40595086336377456, 2.398984367127221],
    [0.009074006348732558, 0.30986197306923896, 1.9673344353721658],
    [0.08969067148758934, 2.888541295612497, 14.99372311670252],
    [0.4312819284381803, 13.28954836471726, 62.28586140579347],
    [0.415583886698711, 13.087741214857461, 64.22406966298165],
    [0.012789923830083625, 0.42655906457313003, 2.5309750616756546],
    [0.03392416381947064, 1.1078088611195314, 6.097449858030797],
    [1.65025686433294, 56.7364852955255, 352.8615707492404],
    [0.8915324763622474, 30.512737790393878, 186.94073726329077],
    [0.7569593585274097, 28.19721549264843, 252.02274231619188],
    [0.012903276035909276, 0.4861274476609832, 4.687363487176512],
    [0, 0, 0],
    [0, 0, 0],
    [0.06413235204106654, 1.8555634083516934, 8.011134995512451],
    [1.0800650354401492e-14, 4.2064137753733e-13, 5.512513167644748e-12],
    [0.1419861953892194, 4.154954822084394, 17.829480494320737],
  ],
  expectation: [0.035388194889481354, 0.3280718921663485, 1.0592081036354495, 1.764099935007697, 4.967761879930445],
};

const one = (x: number, recency: number, T: number) => ({ frequency: [x], recency: [recency], T: [T] });
const modelOf = (parameters: BgNbdParameters): MbgNbdModel<'frequency' | 'recency' | 'T', 'probabilityAlive'> => ({
  ...mbgNbd({ unit: 'week' }).fit(one(0, 0, 1)),
  ...parameters,
});

describe('functions at fixed parameters (clv-golden.json, layer functions: 30-digit mpmath)', () => {
  for (const { params, rows, expectation, pmf } of golden.functions.models.mbgnbd) {
    const model = modelOf(params);
    const name = `r ${params.r}, α ${params.alpha}, a ${params.a}, b ${params.b}`;
    it(`${name}: every row has its log-likelihood, P(alive) and expected purchases, the hard ones too`, () => {
      rows.forEach((row, i) => {
        const customer = one(row.x, row.t_x, row.T);
        expect(relative(mbgNbd.logLikelihood(model, customer)[0]!, row.logLik)).toBeLessThan(1e-10);
        const alive = mbgNbd.probabilityAlive(model, customer)[0]!;
        expect(Math.abs(alive - row.pAlive)).toBeLessThanOrEqual(Math.max(1e-9 * row.pAlive, 1e-300));
        Object.entries(row.cet).forEach(([t, value], k) => {
          const wanted = params.a === 1 ? AT_A_ONE.cet[i]![k]! : value;
          const got = mbgNbd.expectedPurchases(model, customer, { periods: Number(t) })[0]!;
          expect(Math.abs(got - wanted)).toBeLessThanOrEqual(Math.max(1e-9 * wanted, 1e-300));
        });
      });
    });
    it(`${name}: a new customer's expected number of purchases and its distribution`, () => {
      Object.entries(expectation).forEach(([t, value], k) => {
        const wanted = params.a === 1 ? AT_A_ONE.expectation[k]! : value;
        expect(relative(mbgNbd.expectedTransactions(model, { periods: Number(t) }), wanted)).toBeLessThan(1e-9);
      });
      for (const [t, wanted] of Object.entries(pmf)) {
        const got = mbgNbd.purchaseDistribution(model, { periods: Number(t), upTo: wanted.length - 1 });
        wanted.forEach((p, x) => {
          expect(relative(got[x]!, p)).toBeLessThan(1e-9);
        });
      }
    });
  }

  it('the golden expected purchases at a = 1 cannot be right: they leave their neighbours at a = 1 ± 1e-7', () => {
    const near = (a: number): number =>
      mbgNbd.expectedPurchases(modelOf({ r: 1.5, alpha: 30, a, b: 2.5 }), one(500, 490, 501), { periods: 1 })[0]!;
    expect(relative(near(1 + 1e-7), near(1 - 1e-7))).toBeLessThan(1e-5);
    expect(relative(near(1), AT_A_ONE.cet[11]![0]!)).toBeLessThan(1e-9);
    expect(golden.functions.models.mbgnbd[2]!.rows[11]!.cet['1']! / near(1)).toBeLessThan(0.9);
  });
});

describe('maximum likelihood (clv-golden.json, layer fits: independent Newton-polished optimum)', () => {
  for (const [name, file] of [
    ['cdnow_fullprec.mbgnbd', 'cdnow-summary.csv'],
    ['cdnow_2dp.mbgnbd', 'cdnow-summary-2dp.csv'],
    ['apparel.mbgnbd', 'apparel-summary.csv'],
  ] as const)
    it.skipIf(!hasShared(file))(`${name}: parameters, standard errors, covariance and log-likelihood`, () => {
      const model = mbgNbd({ unit: 'week' }).fit(summaryOf(file));
      const wanted = golden.fits[name]!;
      expect(model.fit.status).toBe('converged');
      for (const p of ['r', 'alpha', 'a', 'b'] as const) {
        expect(relative(model[p], wanted.params[p]!)).toBeLessThan(1e-6);
        expect(relative(model.fit.standardErrors[p]!, wanted.se[p]!)).toBeLessThan(1e-4);
      }
      wanted.cov.flat().forEach((c, i) => {
        expect(relative(model.fit.covariance!.flat()[i]!, c)).toBeLessThan(1e-4);
      });
      expect(Math.abs(model.fit.logLikelihood - wanted.logLik)).toBeLessThan(1e-7);
    });
});

describe.skipIf(!hasShared('cdnow-sample.csv'))('CDNOW', () => {
  it('the row MBG/NBD of portraits.md §5: P(alive), expected total, errors on the holdout, log-likelihood', () => {
    const customers = summaryOf('cdnow-summary.csv');
    const actual = summaryHoldout();
    const model = mbgNbd({ unit: 'week' }).fit(customers);
    const alive = mbgNbd.probabilityAlive(model, customers);
    const mean = (keep: (x: number) => boolean): string =>
      (
        sum(alive.map((p, i) => (keep(customers.frequency[i]!) ? p : 0))) /
        customers.frequency.filter((x) => keep(x)).length
      ).toFixed(4);
    expect([mean(() => true), mean((x) => x === 0), mean((x) => x > 0)]).toEqual(['0.4487', '0.4088', '0.5083']);
    const expected = mbgNbd.expectedPurchases(model, customers, { periods: 39 });
    expect(sum(expected).toFixed(2)).toBe('1576.73');
    const off = expected.map((e, i) => e - actual[i]!);
    expect((sum(off.map(Math.abs)) / off.length).toFixed(5)).toBe('0.76478');
    expect(Math.sqrt(sum(off.map((e) => e * e)) / off.length).toFixed(5)).toBe('1.60718');
    expect(model.fit.logLikelihood.toFixed(2)).toBe('-9582.14');
  });

  it('the figures of lifetimes 0.11.3 and BTYDplus 1.2.0 for the first ten customers, to the digits they reach', () => {
    const two = summaryOf('cdnow-summary-2dp.csv');
    const { palive_first10, cet39_first10 } = peers.lifetimes['cdnow_2dp.mbgnbd']!;
    const full = summaryOf('cdnow-summary.csv');
    const { palive, cet, pmf_52 } = peers['BTYD+BTYDplus']['BTYDplus.cdnow'].mbgnbd;
    for (const [customers, alive, expected] of [
      [two, palive_first10, cet39_first10],
      [full, palive, cet],
    ] as const) {
      const model = mbgNbd({ unit: 'week' }).fit(customers);
      const got = [
        mbgNbd.probabilityAlive(model, customers),
        mbgNbd.expectedPurchases(model, customers, { periods: 39 }),
      ] as const;
      alive.forEach((p, i) => {
        expect(relative(got[0][i]!, p)).toBeLessThan(1e-4);
        expect(relative(got[1][i]!, expected[i]!)).toBeLessThan(1e-4);
      });
      mbgNbd.purchaseDistribution(model, { periods: 52, upTo: 5 }).forEach((p, x) => {
        expect(relative(p, pmf_52[x]!)).toBeLessThan(1e-4);
      });
    }
  });
});

function summaryHoldout(): Float64Array {
  return (sharedColumns('cdnow-summary.csv') as { [name: string]: Float64Array }).x_star!;
}

historyBattery(mbgNbd, mbgNbdKind, {
  at: [
    { r: 0.8, alpha: 6, a: 0.7, b: 2 },
    { r: 0.25, alpha: 4.4, a: 0.9, b: 1.6 },
    { r: 3, alpha: 11, a: 1, b: 40 },
  ],
});
