import { describe, expect, it } from 'vitest';
import { hasShared } from '../../../fixtures/load.ts';
import { sum } from '../../numerics/sum.ts';
import { engine } from '../../scoring/engine.ts';
import { AT_A_ONE, golden, modelOf, relative, summaryOf } from '../clv.test-support.ts';
import { bgNbd } from './bg-nbd.ts';
import { type BgNbdModel, bgNbdKind } from './model.ts';
import type { BgNbdParameters } from './posterior.ts';

const noCdnow = !hasShared('cdnow-summary.csv');
const one = (x: number, recency: number, T: number): { frequency: number[]; recency: number[]; T: number[] } => ({
  frequency: [x],
  recency: [recency],
  T: [T],
});

describe('functions at fixed parameters (clv-golden.json, layer functions: 30-digit mpmath)', () => {
  for (const { params, rows, expectation, pmf } of golden.functions.models.bgnbd) {
    const model = modelOf(params);
    const name = `r ${params.r}, α ${params.alpha}, a ${params.a}, b ${params.b}`;
    it(`${name}: every row has its log-likelihood, P(alive) and expected purchases, the hard ones too`, () => {
      rows.forEach((row, i) => {
        const customer = one(row.x, row.t_x, row.T);
        expect(relative(bgNbd.logLikelihood(model, customer)[0]!, row.logLik)).toBeLessThan(1e-10);
        const alive = bgNbd.probabilityAlive(model, customer)[0]!;
        expect(Math.abs(alive - row.pAlive)).toBeLessThanOrEqual(Math.max(1e-9 * row.pAlive, 1e-300));
        Object.entries(row.cet).forEach(([t, value], k) => {
          const wanted = params.a === 1 ? AT_A_ONE.cet[i]![k]! : value;
          const got = bgNbd.expectedPurchases(model, customer, { periods: Number(t) })[0]!;
          expect(Math.abs(got - wanted)).toBeLessThanOrEqual(Math.max(1e-9 * wanted, 1e-300));
        });
      });
    });
    it(`${name}: a new customer's expected number of purchases and its distribution`, () => {
      Object.entries(expectation).forEach(([t, value], k) => {
        const wanted = params.a === 1 ? AT_A_ONE.expectation[k]! : value;
        expect(relative(bgNbd.expectedTransactions(model, { periods: Number(t) }), wanted)).toBeLessThan(1e-9);
      });
      for (const [t, wanted] of Object.entries(pmf)) {
        const got = bgNbd.purchaseDistribution(model, { periods: Number(t), upTo: wanted.length - 1 });
        wanted.forEach((p, x) => {
          expect(relative(got[x]!, p)).toBeLessThan(1e-9);
        });
      }
    });
  }

  it('the golden expected purchases at a = 1 cannot be right: they leave their neighbours at a = 1 ± 1e-7', () => {
    // x = 500, t_x = 490, T = 501, t = 1: golden 0.01153; a smooth function of a cannot jump by a tenth.
    const near = (a: number): number =>
      bgNbd.expectedPurchases(modelOf({ r: 1.5, alpha: 30, a, b: 2.5 }), one(500, 490, 501), { periods: 1 })[0]!;
    expect(relative(near(1 + 1e-7), near(1 - 1e-7))).toBeLessThan(1e-5);
    expect(relative(near(1), AT_A_ONE.cet[11]![0]!)).toBeLessThan(1e-9);
    expect(golden.functions.models.bgnbd[2]!.rows[11]!.cet['1']! / near(1)).toBeLessThan(0.9);
  });
});

describe('maximum likelihood (clv-golden.json, layer fits: independent Newton-polished optimum)', () => {
  for (const [name, file] of [
    ['cdnow_fullprec.bgnbd', 'cdnow-summary.csv'],
    ['cdnow_2dp.bgnbd', 'cdnow-summary-2dp.csv'],
    ['apparel.bgnbd', 'apparel-summary.csv'],
  ] as const)
    it.skipIf(!hasShared(file))(`${name}: parameters, standard errors, covariance and log-likelihood`, () => {
      const model = bgNbd({ unit: 'week' }).fit(summaryOf(file));
      const wanted = golden.fits[name]!;
      expect(model.fit.status).toBe('converged');
      expect(model.fit.gradientNorm).toBeLessThan(1e-7);
      for (const p of ['r', 'alpha', 'a', 'b'] as const) {
        expect(relative(model[p], wanted.params[p]!)).toBeLessThan(1e-6);
        expect(relative(model.fit.standardErrors[p]!, wanted.se[p]!)).toBeLessThan(1e-4);
      }
      wanted.cov.flat().forEach((c, i) => {
        expect(relative(model.fit.covariance!.flat()[i]!, c)).toBeLessThan(1e-4);
      });
      expect(Math.abs(model.fit.logLikelihood - wanted.logLik)).toBeLessThan(1e-6);
    });

  it.skipIf(noCdnow)(
    'CDNOW: 2,357 customers are 1,016 histories (numerics.md), and their rows sum to the log-likelihood',
    () => {
      const customers = summaryOf('cdnow-summary.csv');
      const model = bgNbd({ unit: 'week' }).fit(customers);
      expect([model.fit.rows, model.fit.distinctRows]).toEqual([2357, 1016]);
      expect(relative(sum(bgNbd.logLikelihood(model, customers)), model.fit.logLikelihood)).toBeLessThan(1e-13);
    },
  );

  it.skipIf(noCdnow)('the order of the rows does not change a bit', () => {
    const customers = summaryOf('cdnow-summary.csv');
    const turned = Object.fromEntries(Object.entries(customers).map(([name, c]) => [name, c.slice().reverse()]));
    expect(bgNbd({ unit: 'week' }).fit(turned)).toEqual(bgNbd({ unit: 'week' }).fit(customers));
  });

  it.skipIf(noCdnow)('a change of the time unit changes alpha and nothing else', () => {
    const customers = summaryOf('cdnow-summary.csv');
    const days = { ...customers, recency: customers.recency.map((t) => 7 * t), T: customers.T.map((t) => 7 * t) };
    const [week, day] = [bgNbd({ unit: 'week' }).fit(customers), bgNbd({ unit: 'day' }).fit(days)];
    expect(relative(day.alpha, 7 * week.alpha)).toBeLessThan(1e-10);
    for (const p of ['r', 'a', 'b'] as const) expect(relative(day[p], week[p])).toBeLessThan(1e-10);
    expect(relative(day.fit.standardErrors.b!, week.fit.standardErrors.b!)).toBeLessThan(1e-9);
  });
});

describe('CDNOW figures of portraits.md §5', () => {
  const customers = noCdnow ? one(0, 0, 1) : summaryOf('cdnow-summary.csv');
  const model = bgNbd({ unit: 'week' }).fit(customers);
  const mean = (values: Float64Array): number => sum(values) / values.length;

  it.skipIf(noCdnow)(
    'mean P(alive) .8134; expected purchases in 39 weeks 1,653.41; mean purchase probability .2618',
    () => {
      expect(mean(bgNbd.probabilityAlive(model, customers)).toFixed(4)).toBe('0.8134');
      expect(sum(bgNbd.expectedPurchases(model, customers, { periods: 39 })).toFixed(2)).toBe('1653.41');
      expect(mean(bgNbd.probabilityOfPurchase(model, customers, { periods: 39 })).toFixed(4)).toBe('0.2618');
    },
  );

  it.skipIf(noCdnow)('discounted transactions at 15 % a year over 39, 52, 156 weeks and ever', () => {
    const rate = { discount: 0.15, per: 'year' } as const;
    const total = (periods: number | 'infinite'): number =>
      sum(bgNbd.discountedResidualTransactions(model, customers, { periods, rate }));
    expect(total(39).toFixed(2)).toBe('1575.43');
    expect(total(52).toFixed(2)).toBe('1961.52');
    expect(total(156).toFixed(2)).toBe('3933.05');
    expect(total('infinite').toFixed(3)).toBe('6748.622');
  });

  it.skipIf(noCdnow)(
    'the compiled plan gives the bits of the functions, whatever the batch, and survives a round trip',
    () => {
      const rate = { discount: 0.15, per: 'year' } as const;
      const chosen = bgNbd({
        unit: 'week',
        outputs: [
          { quantity: 'probabilityAlive' },
          { quantity: 'probabilityOfPurchase', periods: 39, as: 'loyalty' },
          { quantity: 'expectedPurchases', periods: 39 },
          { quantity: 'expectedPurchases', periods: 78, as: 'expected78' },
          { quantity: 'discountedResidualTransactions', periods: 'infinite', rate },
        ],
      }).fit(customers);
      const { compile, parseModel } = engine({ bgNbd: bgNbdKind });
      const { columns, report } = compile(chosen).score(customers);
      expect(report.rows).toBe(2357);
      expect(columns.probabilityAlive).toEqual(bgNbd.probabilityAlive(model, customers));
      expect(columns.loyalty).toEqual(bgNbd.probabilityOfPurchase(model, customers, { periods: 39 }));
      expect(columns.expectedPurchases).toEqual(bgNbd.expectedPurchases(model, customers, { periods: 39 }));
      expect(columns.expected78).toEqual(bgNbd.expectedPurchases(model, customers, { periods: 78 }));
      expect(columns.discountedResidualTransactions).toEqual(
        bgNbd.discountedResidualTransactions(model, customers, { periods: 'infinite', rate }),
      );
      const saved = parseModel(JSON.parse(JSON.stringify(chosen)));
      expect(saved).toEqual(chosen);
      const { frequency, recency, T } = customers as ReturnType<typeof summaryOf>;
      const last = { frequency: frequency.slice(-7), recency: recency.slice(-7), T: T.slice(-7) };
      expect(compile(chosen).score(last).columns.discountedResidualTransactions).toEqual(
        columns.discountedResidualTransactions.slice(-7),
      );
    },
  );
});

describe('stored models', () => {
  const { parseModel } = engine({ bgNbd: bgNbdKind });
  const model: BgNbdModel = bgNbd({ unit: 'week', outputs: [{ quantity: 'probabilityOfPurchase', periods: 39 }] }).fit({
    frequency: [2, 0, 1, 5],
    recency: [30, 0, 2, 20],
    T: [38, 38, 38, 30],
  });
  const refuse = (change: object, message: RegExp): void =>
    expect(() => parseModel({ ...JSON.parse(JSON.stringify(model)), ...change })).toThrow(message);

  it('a horizon that is not that of the quantity, a wrong number of inputs and bad parameters are refused', () => {
    refuse({ quantities: [{ quantity: 'probabilityOfPurchase', periods: 40 }] }, /outputs\[0\]/);
    refuse({ quantities: [{ quantity: 'probabilityOfPurchase' }] }, /quantities\[0\].*periods/);
    refuse({ quantities: [{ quantity: 'luck' }] }, /quantities\[0\].quantity/);
    refuse({ quantities: [] }, /outputs/);
    refuse({ inputs: model.inputs.slice(1) }, /inputs/);
    refuse({ alpha: 0 }, /alpha/);
    refuse({ r: -1 }, /\.r/);
    refuse({ unit: 'fortnight' }, /unit/);
  });
});

/** ln r … ln b moved by `by` in parameter `k`. */
const moved = (p: BgNbdParameters, k: keyof BgNbdParameters, by: number): BgNbdParameters => ({ ...p, [k]: p[k] * by });
it('the maximum is one: every parameter moved by a part in a thousand lowers the likelihood', () => {
  const customers = { frequency: [2, 0, 1, 5, 0, 3], recency: [30, 0, 2, 20, 0, 21], T: [38, 38, 38, 30, 20, 22] };
  const model = bgNbd({ unit: 'week' }).fit(customers);
  const total = (p: BgNbdParameters): number => sum(bgNbd.logLikelihood(modelOf(p), customers));
  for (const k of ['r', 'alpha'] as const)
    for (const by of [0.999, 1.001]) expect(total(moved(model, k, by))).toBeLessThanOrEqual(total(model) + 1e-12);
});
