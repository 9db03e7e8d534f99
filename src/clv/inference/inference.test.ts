import { describe, expect, it } from 'vitest';
import { hasShared } from '../../../fixtures/load.ts';
import { seededRandom } from '../../numerics/random.ts';
import { sum } from '../../numerics/sum.ts';
import { bgNbd } from '../bg-nbd/bg-nbd.ts';
import { golden, modelOf, summaryOf } from '../clv.test-support.ts';
import { gammaGamma } from '../gamma-gamma.ts';
import { bootstrap, drawIntervals } from './bootstrap.ts';
import { laplaceDraws, parameterIntervals } from './estimates.ts';
import { bootstrapLikelihoodRatio, likelihoodRatioTest } from './likelihood-ratio.ts';
import { predictionIntervals } from './prediction-intervals.ts';

const noCdnow = !hasShared('cdnow-summary.csv');
const week = bgNbd({ unit: 'week' });
const drawn = (rows: number, seed: number) =>
  bgNbd.simulate(
    modelOf({ r: 0.9, alpha: 7, a: 0.8, b: 2.4 }),
    { T: Float64Array.from({ length: rows }, (_, i) => 20 + (i % 40)) },
    { seed },
  );

describe('intervals of parameters', () => {
  it.skipIf(noCdnow)('CDNOW: ln θ ± 1.96·se/θ with the reference errors; Gamma-Gamma likewise', () => {
    const data = summaryOf('cdnow-summary.csv');
    const intervals = parameterIntervals(week.fit(data));
    const { params, se } = golden.fits['cdnow_fullprec.bgnbd']!;
    for (const name of ['r', 'alpha', 'a', 'b'] as const) {
      const width = (1.959963984540054 * se[name]!) / params[name]!;
      expect(Math.abs(Math.log(intervals[name].high / params[name]!) - width)).toBeLessThan(1e-3 * width);
      expect(Math.abs(Math.log(intervals[name].low / params[name]!) + width)).toBeLessThan(1e-3 * width);
    }
    const spend = parameterIntervals(gammaGamma().fit(data), { level: 0.5 });
    expect(spend.q.high / spend.q.estimate).toBeCloseTo(
      Math.exp((0.6744897501960817 * 0.2901344622583941) / 3.744224667388278),
      4,
    );
  });

  it('a fit without a covariance has none, and says what to use instead', () => {
    const model = week.fit({ frequency: [0, 0], recency: [0, 0], T: [3, 4] });
    expect(() => parameterIntervals(model)).toThrow(/not-identified.*bootstrap/);
  });
});

describe('intervals of predictions by the delta method', () => {
  const data = drawn(1500, 1);
  const model = week.fit(data);
  it('of a parameter itself they are its standard error', () => {
    const { standardError, total } = predictionIntervals(model, (m) => Float64Array.of(m.alpha));
    expect(Math.abs(standardError[0]! / model.fit.standardErrors.alpha! - 1)).toBeLessThan(1e-7);
    expect(total.standardError).toBeCloseTo(standardError[0]!, 12);
  });

  it('of a probability they stay in (0, 1); one that does not depend on the parameters has no width', () => {
    const p = predictionIntervals(
      model,
      (m) => bgNbd.probabilityAlive(m, { frequency: [0, 1, 9], recency: [0, 1, 30], T: [30, 30, 30] }),
      { probability: true },
    );
    expect([p.low[0], p.high[0], p.standardError[0]]).toEqual([1, 1, 0]);
    for (const i of [1, 2])
      expect(0 < p.low[i]! && p.low[i]! < p.estimate[i]! && p.estimate[i]! < p.high[i]! && p.high[i]! < 1).toBe(true);
  });

  it('agree with refitting to bootstrap samples, rows redrawn and simulated alike, and with Laplace draws', () => {
    const predict = (m: typeof model): Float64Array => bgNbd.expectedPurchases(m, data, { periods: 20 });
    const { standardError, estimate } = predictionIntervals(model, predict).total;
    const total = (m: typeof model): readonly number[] => [sum(predict(m))];
    const simulate = (seed: number) => ({ ...bgNbd.simulate(model, { T: data.T }, { seed }) });
    for (const draws of [
      bootstrap(week, { ...data }, { draws: 60, seed: 2 }),
      bootstrap(week, { ...data }, { draws: 60, seed: 2, simulate }),
      laplaceDraws(model, { draws: 200, seed: 3 }),
    ]) {
      const [interval] = drawIntervals(draws, total);
      // The standard deviation of 60 draws is itself off by 9 %.
      expect(Math.abs(interval!.standardError / standardError - 1)).toBeLessThan(0.35);
      expect(Math.abs(interval!.estimate - estimate)).toBeLessThan(0.5 * standardError);
    }
  });

  it('cover the true expectation of the base at their level over 60 samples', () => {
    const truth = modelOf({ r: 0.9, alpha: 7, a: 0.8, b: 2.4 });
    let inside = 0;
    for (let seed = 0; seed < 60; seed++) {
      const { total } = predictionIntervals(week.fit(drawn(1500, 900 + seed)), (m) =>
        Float64Array.of(bgNbd.expectedTransactions(m, { periods: 52 })),
      );
      const wanted = bgNbd.expectedTransactions(truth, { periods: 52 });
      if (total.low < wanted && wanted < total.high) inside++;
    }
    // Binomial(60, .95): 51 or fewer has probability 2e-3.
    expect(inside).toBeGreaterThanOrEqual(51);
  });
});

describe('draws', () => {
  it('Laplace draws have the covariance of the fit on the log scale; equal coefficients stay equal', () => {
    const model = week.fit(drawn(3000, 1));
    const logs = [...laplaceDraws(model, { draws: 4000, seed: 9 })].map((m) => [Math.log(m.r), Math.log(m.alpha)]);
    const mean = [0, 1].map((k) => sum(logs.map((l) => l[k]!)) / logs.length);
    const covariance = sum(logs.map((l) => (l[0]! - mean[0]!) * (l[1]! - mean[1]!))) / logs.length;
    const wanted = model.fit.covariance![0]![1]! / (model.r * model.alpha);
    expect(Math.abs(covariance / wanted - 1)).toBeLessThan(0.1);

    const random = seededRandom(4);
    const rows = 3000;
    const z = Float64Array.from({ length: rows }, () => random.below(2));
    const sample = { ...drawn(rows, 6), z };
    const shared = bgNbd({ unit: 'week', covariates: { purchase: ['z'], dropout: ['z'] }, equal: ['z'] }).fit(sample);
    for (const m of laplaceDraws(shared, { draws: 5, seed: 1 })) {
      expect(m.covariates![0]!.coefficient).toBe(m.covariates![1]!.coefficient);
      expect(m.covariates![0]!.coefficient).not.toBe(shared.covariates![0]!.coefficient);
    }
  });

  it('equal seeds give equal draws; progress is told, and an aborted signal stops with its count', () => {
    const data = { ...drawn(200, 1) };
    const rs = (seed: number): number[] => [...bootstrap(week, data, { draws: 3, seed })].map(({ r }) => r);
    expect(rs(5)).toEqual(rs(5));
    expect(rs(5)).not.toEqual(rs(6));
    const controller = new AbortController();
    const told: number[] = [];
    expect(() => {
      for (const _ of bootstrap(week, data, {
        ...{ draws: 10, seed: 1, signal: controller.signal },
        onProgress: (done) => {
          told.push(done);
          if (done === 2) controller.abort();
        },
      }));
    }).toThrow(/stopped after 2 of 10/);
    expect(told).toEqual([1, 2]);
    expect(() => [...bootstrap(week, data, { draws: 0, seed: 1 })]).toThrow(/draws/);
    expect(() => drawIntervals([1], () => [1])).toThrow(/two or more/);
    expect(() => drawIntervals([1, 2], () => [Number.NaN])).toThrow(/draw 0: figure 0/);
  });
});

describe('likelihood-ratio tests', () => {
  it('within a kind the p-value is that of χ², and uniform when the covariate does nothing', () => {
    let small = 0;
    const samples = 60;
    for (let seed = 0; seed < samples; seed++) {
      const rows = 800;
      const random = seededRandom(seed);
      const data = { ...drawn(rows, 50 + seed), z: Float64Array.from({ length: rows }, () => random.below(2)) };
      const test = likelihoodRatioTest(
        week.fit(data),
        bgNbd({ unit: 'week', covariates: { purchase: ['z'] } }).fit(data),
      );
      expect([test.degreesOfFreedom, test.distribution]).toEqual([1, 'chi-squared']);
      if (test.pValue! < 0.2) small++;
    }
    // Binomial(60, .2): 12 ± 3.1.
    expect(Math.abs(small - 12)).toBeLessThan(11);
  });

  it('3.841459 has p = .05 with one degree of freedom, half of it on a boundary, and none where no table holds', () => {
    const fitted = (kind: string, logLikelihood: number, names: string[]) =>
      ({
        kind,
        fit: {
          logLikelihood,
          aic: 2 * names.length - 2 * logLikelihood,
          rows: 9,
          standardErrors: Object.fromEntries(names.map((n) => [n, 1])),
        },
      }) as never;
    const four = ['r', 'alpha', 's', 'beta'];
    const by = 3.841458820694124 / 2;
    const pareto = fitted('paretoNbd', -100, four);
    expect(likelihoodRatioTest(pareto, fitted('ggomNbd', -100 + by, [...four, 'b'])).pValue).toBeCloseTo(0.025, 10);
    expect(likelihoodRatioTest(pareto, fitted('ggomNbd', -100, [...four, 'b'])).pValue).toBe(1);
    const sbg = fitted('shiftedBetaGeometric', -100, ['alpha', 'beta']);
    expect(
      likelihoodRatioTest(sbg, fitted('betaDiscreteWeibull', -100 + by, ['alpha', 'beta', 'c'])).pValue,
    ).toBeCloseTo(0.05, 10);
    expect(likelihoodRatioTest(fitted('nbd', -100, ['r', 'alpha']), fitted('bgNbd', -90, four)).pValue).toBeNull();
    expect(() => likelihoodRatioTest({} as never, pareto)).toThrow(/invalid smaller model/);
    expect(() => likelihoodRatioTest(pareto, fitted('bgNbd', -100, [...four, 'k']))).toThrow(/no special case/);
    expect(() =>
      likelihoodRatioTest(pareto, {
        ...(fitted('ggomNbd', -9, [...four, 'b']) as object),
        fit: { ...(fitted('ggomNbd', -9, [...four, 'b']) as { fit: object }).fit, rows: 8 },
      } as never),
    ).toThrow(/9 rows against 8/);
  });

  it('the parametric bootstrap of a test with a known distribution comes to the same p-value', () => {
    const rows = 600;
    const random = seededRandom(2);
    const z = Float64Array.from({ length: rows }, () => random.below(2));
    const data = { ...drawn(rows, 77), z };
    const larger = bgNbd({ unit: 'week', covariates: { purchase: ['z'] } });
    const boot = bootstrapLikelihoodRatio({ smaller: week, larger }, data, {
      ...{ draws: 100, seed: 3 },
      simulate: (model, seed) => ({ ...bgNbd.simulate(model as never, { T: data.T }, { seed }), z }),
    });
    const table = likelihoodRatioTest(week.fit(data), larger.fit(data)).pValue!;
    expect(boot.drawn.length).toBe(100);
    expect(Math.abs(boot.pValue - table)).toBeLessThan(4 * Math.sqrt((table * (1 - table)) / 100) + 0.02);
  });
});
