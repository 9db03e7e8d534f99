import { describe, expect, it } from 'vitest';
import { hasShared } from '../../fixtures/load.ts';
import { gammaDraw } from '../numerics/draw.ts';
import { seededRandom } from '../numerics/random.ts';
import { sum } from '../numerics/sum.ts';
import { engine } from '../scoring/engine.ts';
import { bgNbd } from './bg-nbd/bg-nbd.ts';
import { golden, relative, summaryOf } from './clv.test-support.ts';
import { gammaGamma } from './gamma-gamma.ts';
import { gammaGammaLikelihood } from './gamma-gamma-likelihood.ts';
import {
  type GammaGammaModel,
  type GammaGammaParameters,
  gammaGammaKind,
  populationMean,
} from './gamma-gamma-model.ts';

const few = { frequency: [1, 2, 3, 5, 2, 4], monetaryValue: [10, 22, 35, 18, 40, 25] };
const modelOf = (p: GammaGammaParameters): GammaGammaModel<'frequency' | 'monetaryValue', 'expectedSpend'> => ({
  ...gammaGamma().fit(few),
  ...p,
  populationMean: populationMean(p),
});
const noCdnow = !hasShared('cdnow-summary.csv');

describe('functions at fixed parameters (clv-golden.json, layer functions: 30-digit mpmath)', () => {
  for (const { params, rows } of golden.functions.models.gg)
    it(`p ${params.p}, q ${params.q}, v ${params.v}: log-likelihood and conditional mean spend of every row`, () => {
      const model = modelOf(params);
      for (const { x, mean, logLik, conditionalMeanSpend } of rows) {
        const customer = { frequency: [x], monetaryValue: [mean] };
        expect(relative(gammaGamma.logLikelihood(model, customer)[0]!, logLik)).toBeLessThan(1e-10);
        expect(relative(gammaGamma.expectedSpend(model, customer)[0]!, conditionalMeanSpend)).toBeLessThan(1e-12);
      }
    });
});

describe('maximum likelihood (clv-golden.json, layer fits: independent Newton-polished optimum)', () => {
  for (const [name, file] of [
    ['cdnow_fullprec.gg', 'cdnow-summary.csv'],
    ['cdnow_2dp.gg', 'cdnow-summary-2dp.csv'],
  ] as const)
    it.skipIf(!hasShared(file))(`${name}: parameters, standard errors, covariance and log-likelihood`, () => {
      const model = gammaGamma().fit(summaryOf(file));
      const wanted = golden.fits[name]!;
      expect([model.fit.status, model.fit.rows]).toEqual(['converged', 946]);
      for (const p of ['p', 'q', 'v'] as const) {
        expect(relative(model[p], wanted.params[p]!)).toBeLessThan(1e-6);
        expect(relative(model.fit.standardErrors[p]!, wanted.se[p]!)).toBeLessThan(1e-4);
      }
      wanted.cov.flat().forEach((c, i) => {
        expect(relative(model.fit.covariance!.flat()[i]!, c)).toBeLessThan(1e-3);
      });
      expect(Math.abs(model.fit.logLikelihood - wanted.logLik)).toBeLessThan(1e-6);
    });

  it.skipIf(noCdnow)(
    'CDNOW (portraits.md §5): population mean 35.1704; correlation .114 (.051 to .176), Spearman .206, with a warning',
    () => {
      const model = gammaGamma().fit(summaryOf('cdnow-summary.csv'));
      expect(model.populationMean!.toFixed(4)).toBe('35.1704');
      const { pearson, interval, spearman } = model.fit.correlation!;
      expect([pearson, ...interval, spearman].map((r) => r.toFixed(3))).toEqual(['0.114', '0.051', '0.176', '0.206']);
      expect(model.fit.warnings).toHaveLength(1);
      expect(model.fit.warnings[0]).toMatch(/not independent.*0\.114 \(95 % 0\.051 to 0\.176\), Spearman 0\.206/);
    },
  );

  it.skipIf(noCdnow)('CDNOW (portraits.md §5): expected purchases × expected spend over 39 weeks is 59,931.63', () => {
    const customers = summaryOf('cdnow-summary.csv');
    const spend = gammaGamma.expectedSpend(gammaGamma().fit(customers), customers);
    const purchases = bgNbd.expectedPurchases(bgNbd({ unit: 'week' }).fit(customers), customers, { periods: 39 });
    expect(sum(purchases.map((n, i) => n * spend[i]!)).toFixed(2)).toBe('59931.63');
  });

  it('gradient and Hessian agree with central differences', () => {
    const likelihood = gammaGammaLikelihood(Float64Array.of(1, 2, 40, 1, 7), Float64Array.of(0.2, 1, 3, 0.9, 1.4));
    for (const at of [
      [6.2, 3.7, 15],
      [0.4, 0.8, 0.01],
      [2, 300, 9000],
    ]) {
      const g = new Float64Array(3);
      const H = new Float64Array(9);
      const [up, down, scratch] = [new Float64Array(3), new Float64Array(3), new Float64Array(9)];
      likelihood(Float64Array.from(at), g, H);
      for (let i = 0; i < 3; i++) {
        const h = 1e-4 * at[i]!;
        const shift = (by: number): Float64Array => Float64Array.from(at, (p, k) => (k === i ? p + by : p));
        const rise = likelihood(shift(h), up, scratch) - likelihood(shift(-h), down, scratch);
        expect(Math.abs(rise / (2 * h) - g[i]!)).toBeLessThan(1e-5 * Math.abs(g[i]!) + 1e-7 / at[i]!);
        for (let j = 0; j < 3; j++)
          expect(Math.abs((up[j]! - down[j]!) / (2 * h) - H[3 * i + j]!)).toBeLessThan(
            1e-5 * Math.abs(H[3 * i + j]!) + 1e-7 / (at[i]! * at[j]!),
          );
      }
    }
  });

  it('recovers the parameters of simulated spend within 3.5 standard errors', () => {
    const truth = { p: 4, q: 3.5, v: 20 };
    const random = seededRandom(8);
    const frequency = Float64Array.from({ length: 20_000 }, () => 1 + random.below(6));
    const monetaryValue = frequency.map((x) => gammaDraw(random, truth.p * x, x * gammaDraw(random, truth.q, truth.v)));
    const model = gammaGamma().fit({ frequency, monetaryValue });
    for (const p of ['p', 'q', 'v'] as const)
      expect(Math.abs(model[p] - truth[p]) / model.fit.standardErrors[p]!).toBeLessThan(3.5);
    // Independent by construction: the interval of the correlation holds 0 and no warning is given.
    expect(model.fit.warnings).toEqual([]);
  });
});

describe('edges', () => {
  it('single buyers get the population mean whatever their monetary value says; q ≤ 1 gives them none, reason no-mean', () => {
    const { compile } = engine({ gammaGamma: gammaGammaKind });
    const customers = { frequency: [0, 0, 1, 1, 1.5, 2], monetaryValue: [Number.NaN, 5, 10, Number.NaN, 3, -4] };
    const model = modelOf({ p: 6, q: 4, v: 15 });
    const { columns, report } = compile(model).score(customers);
    expect(Array.from(columns.expectedSpend)).toEqual([30, 30, (25 * 6) / 9, Number.NaN, Number.NaN, Number.NaN]);
    expect(columns.expectedSpend).toEqual(gammaGamma.expectedSpend(model, customers));
    expect(JSON.stringify(report)).toContain('"inconsistent-history":2');
    const heavy = modelOf({ p: 6, q: 0.9, v: 15 });
    expect(heavy.populationMean).toBeNull();
    const scored = compile(heavy).score(customers);
    expect(scored.columns.expectedSpend[0]).toBeNaN();
    expect(scored.columns.expectedSpend[2]).toBeCloseTo((25 * 6) / 5.9, 12);
    expect(JSON.stringify(scored.report)).toContain('"no-mean":2');
  });

  it('heavy-tailed spend fits q ≤ 1 and says so', () => {
    const random = seededRandom(4);
    const frequency = Float64Array.from({ length: 3000 }, () => 1 + random.below(4));
    const monetaryValue = frequency.map((x) => gammaDraw(random, 2 * x, x * gammaDraw(random, 0.7, 3)));
    const model = gammaGamma().fit({ frequency, monetaryValue });
    expect(model.q).toBeLessThan(1);
    expect(model.populationMean).toBeNull();
    expect(model.fit.warnings.join()).toMatch(/≤ 1: spend has no population mean/);
  });

  it('customers without positive spend are left out, counted and told; with nobody left the fit stops', () => {
    const { fit } = gammaGamma().fit({
      frequency: [...few.frequency, 0, 3, 2],
      monetaryValue: [...few.monetaryValue, 9, 0, Number.NaN],
    });
    expect([fit.rows, fit.leftOut]).toEqual([6, 2]);
    expect(fit.warnings.slice(0, 2).join()).toMatch(/1 customers whose mean spend is not above 0.*1 rows with a null/);
    expect(() => gammaGamma().fit({ frequency: [0, 1], monetaryValue: [3, 0] })).toThrow(/no customer has a repeat/);
    expect(() => gammaGamma().fit({ frequency: [1.5], monetaryValue: [3] })).toThrow(/row 0: frequency 1.5/);
    expect(() => gammaGamma({ as: 'frequency' })).toThrow(/three names/);
  });

  it('one customer, equal customers and one purchase each end with a status and a model that can be saved', () => {
    for (const customers of [
      { frequency: [3], monetaryValue: [20] },
      { frequency: [2, 2, 2], monetaryValue: [9, 9, 9] },
      { frequency: [1, 1, 1, 1], monetaryValue: [5, 9, 14, 30] },
    ]) {
      const model = gammaGamma().fit(customers);
      expect(model.fit.status).not.toBe('converged');
      expect(model.fit.standardErrors.p).toBeNull();
      expect(JSON.parse(JSON.stringify(model))).toEqual(model);
    }
  });

  it('a stored model is read back, and one with another population mean or a bad shape is refused', () => {
    const { parseModel } = engine({ gammaGamma: gammaGammaKind });
    const model = gammaGamma().fit(few);
    const json = JSON.parse(JSON.stringify(model));
    expect(parseModel(json)).toEqual(model);
    expect(() => parseModel({ ...json, populationMean: 1 })).toThrow(/populationMean/);
    expect(() => parseModel({ ...json, inputs: json.inputs.slice(1) })).toThrow(/inputs/);
    expect(() => parseModel({ ...json, p: 0 })).toThrow(/\.p/);
  });
});
