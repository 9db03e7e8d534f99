import { describe, expect, it } from 'vitest';
import { hasShared, sharedColumns } from '../../../fixtures/load.ts';
import { seededRandom } from '../../numerics/random.ts';
import { sum } from '../../numerics/sum.ts';
import { bgNbd } from '../bg-nbd/bg-nbd.ts';
import { modelOf, summaryOf } from '../clv.test-support.ts';
import { compareModels } from './compare-models.ts';
import { evaluateHoldout } from './evaluate-holdout.ts';
import { frequencyFit } from './frequency-fit.ts';
import { predictiveInterval } from './predictive-interval.ts';
import { tracking } from './tracking.ts';
import { valueRanking } from './value-ranking.ts';

const noCdnow = !hasShared('cdnow-summary.csv');
const week = bgNbd({ unit: 'week' });
const truth = modelOf({ r: 0.9, alpha: 7, a: 0.8, b: 2.4 });
const drawn = (rows: number, seed: number, ahead = 26) =>
  bgNbd.simulate(truth, { T: Float64Array.from({ length: rows }, (_, i) => 20 + (i % 40)) }, { seed, ahead });

describe('CDNOW, BG/NBD (portraits.md §5)', () => {
  const cdnow = () => {
    const data = summaryOf('cdnow-summary.csv');
    const { x_star } = sharedColumns('cdnow-summary.csv') as { [name: string]: Float64Array };
    return { data, actual: x_star!, model: week.fit(data) };
  };

  it.skipIf(noCdnow)('every figure of the table comes out: total, bias, MAE, RMSE, baselines, rank, purchases', () => {
    const { data, actual, model } = cdnow();
    const judged = evaluateHoldout(bgNbd, model, data, actual, { periods: 39 });
    expect(judged.total.actual).toBe(1882);
    expect(judged.total.expected.toFixed(2)).toBe('1653.41');
    expect((100 * judged.total.relative!).toFixed(1)).toBe('-12.1');
    expect(judged.total.bias.toFixed(4)).toBe('-0.0970');
    expect(judged.mae.toFixed(5)).toBe('0.78545');
    expect(judged.rmse.toFixed(5)).toBe('1.60798');
    expect(judged.baselines.zero.mae.toFixed(5)).toBe('0.79847');
    expect(judged.baselines.zero.rmse.toFixed(5)).toBe('2.20637');
    expect(judged.baselines.ownRate.mae.toFixed(5)).toBe('1.02367');
    expect(judged.baselines.ownRate.rmse.toFixed(5)).toBe('2.21192');
    expect(judged.spearman!.toFixed(3)).toBe('0.449');
    expect(judged.rocAuc.expectedPurchases!.toFixed(4)).toBe('0.7725');
    expect(judged.rocAuc.probabilityOfPurchase!.toFixed(3)).toBe('0.757');
    expect(judged.purchase.expected.toFixed(4)).toBe('0.2618');
    expect(judged.purchase.actual.toFixed(4)).toBe('0.2902');
    expect(judged.purchase.brier.toFixed(4)).toBe('0.1612');
    expect(judged.purchase.brierOfBaseRate.toFixed(4)).toBe('0.2060');
  });

  it.skipIf(noCdnow)('by calibration frequency 0 … 6, 7+', () => {
    const { data, actual, model } = cdnow();
    const { byFrequency } = evaluateHoldout(bgNbd, model, data, actual, { periods: 39 });
    expect(byFrequency.map(({ customers }) => customers)).toEqual([1411, 439, 214, 100, 62, 38, 29, 64]);
    expect(byFrequency.map(({ expected }) => expected.toFixed(3))).toEqual(
      [0.225, 0.523, 1.044, 1.52, 2.164, 2.654, 3.504, 6.157].map((v) => v.toFixed(3)),
    );
    expect(byFrequency.map((row) => row.actual.toFixed(3))).toEqual(
      [0.237, 0.697, 1.393, 1.56, 2.532, 2.947, 3.862, 6.359].map((v) => v.toFixed(3)),
    );
  });

  it.skipIf(noCdnow)(
    'the predictive interval holds chance alone and with it the parameters; both leave 1,882 out',
    () => {
      const { data, actual, model } = cdnow();
      const { interval, inside } = evaluateHoldout(bgNbd, model, data, actual, { periods: 39 }).total;
      expect(inside).toBe(false);
      // The page simulated 1,454 to 1,860.
      expect(Math.abs(interval[0] - 1454)).toBeLessThan(30);
      expect(Math.abs(interval[1] - 1860)).toBeLessThan(30);
    },
  );

  it.skipIf(noCdnow)('the unconditional total at week 78 is 4,160.6 against 4,339', () => {
    const { data, model } = cdnow();
    const { weekly } = { weekly: sharedColumns('cdnow-cumulative-tracking.csv') as { [name: string]: Float64Array } };
    const cumulative = Object.values(weekly).at(-1)!;
    const actual = cumulative.map((c, i) => c - (i > 0 ? cumulative[i - 1]! : 0));
    // Weeks count from the first day of 1997; the calibration of 39 weeks ends on 30 September.
    const rows = tracking(bgNbd, model, data, { calibration: 39, periods: 78, actual });
    expect(rows.at(-1)!.expectedCumulative.toFixed(1)).toBe('4160.6');
    expect(rows.at(-1)!.actualCumulative).toBe(cumulative[77]);
    expect(rows.filter(({ phase }) => phase === 'calibration').length).toBe(39);
    expect(sum(Float64Array.from(rows, (row) => row.expected))).toBeCloseTo(rows.at(-1)!.expectedCumulative, 8);
  });
});

describe('on customers who are as the model says', () => {
  const sample = drawn(4000, 3);
  const judged = evaluateHoldout(bgNbd, truth, { ...sample }, sample.later, { periods: 26 });

  it('the log score is the mean of −ln P by the distribution of each, and the interval covers the total', () => {
    const table = bgNbd.futurePurchaseDistribution(truth, { ...sample }, { periods: 26, upTo: 200 });
    const wanted = sum(sample.later.map((k, i) => -Math.log(table[201 * i + k]!))) / 4000;
    expect(judged.logScore).toBeCloseTo(wanted, 10);
    let inside = 0;
    for (let seed = 0; seed < 40; seed++) {
      const other = drawn(300, 400 + seed);
      const interval = evaluateHoldout(bgNbd, truth, { ...other }, other.later, { periods: 26, level: 0.8 }).total;
      if (interval.inside) inside++;
    }
    // Binomial(40, .8): 32 ± 2.5.
    expect(Math.abs(inside - 32)).toBeLessThan(8);
  });

  it('the cumulants’ quantiles are those of the simulated sum', () => {
    // One customer's purchases in 26 weeks, summed over 50 customers alike: quantiles by brute force convolution.
    const pmf = [...bgNbd.purchaseDistribution(truth, { periods: 26, upTo: 400 })];
    let law = [1];
    for (let k = 0; k < 50; k++) {
      const next = new Array<number>(Math.min(law.length + 120, 3000)).fill(0);
      law.forEach((p, i) => {
        for (let j = 0; j < 120 && i + j < next.length; j++) next[i + j]! += p * pmf[j]!;
      });
      law = next;
    }
    const quantileOf = (p: number): number => {
      let below = 0;
      for (let k = 0; k < law.length; k++) {
        below += law[k]!;
        if (below >= p) return k;
      }
      return law.length;
    };
    const mean = pmf.reduce((t, p, k) => t + k * p, 0);
    const central = (power: number): number => pmf.reduce((t, p, k) => t + p * (k - mean) ** power, 0);
    const interval = predictiveInterval(
      [50 * mean, 50 * central(2), 50 * central(3), 50 * (central(4) - 3 * central(2) ** 2)],
      0.95,
    );
    expect(Math.abs(interval[0] - quantileOf(0.025))).toBeLessThan(0.03 * quantileOf(0.025));
    expect(Math.abs(interval[1] - quantileOf(0.975))).toBeLessThan(0.03 * quantileOf(0.975));
  });

  it('the histogram of frequencies is the model’s within chance, and adds up to the customers', () => {
    const rows = frequencyFit(bgNbd, truth, { ...sample });
    expect(sum(Float64Array.from(rows, ({ actual }) => actual))).toBe(4000);
    expect(sum(Float64Array.from(rows, ({ expected }) => expected))).toBeCloseTo(4000, 8);
    const chiSquared = rows.reduce((t, { actual, expected }) => t + (actual - expected) ** 2 / expected, 0);
    // χ² with 7 degrees of freedom: 24.3 has probability 1e-3.
    expect(chiSquared).toBeLessThan(24.3);
  });

  it('rows without an actual are left out and counted; what is no count is refused with its row', () => {
    const later = sample.later.slice();
    later[5] = Number.NaN;
    const judgedAgain = evaluateHoldout(bgNbd, truth, { ...sample }, later, {
      periods: 26,
      tracking: { calibration: 60, periods: 86 },
    });
    expect(judgedAgain.leftOut).toBe(1);
    expect(judgedAgain.frequencies).toEqual(frequencyFit(bgNbd, truth, { ...sample }));
    expect(judgedAgain.tracking).toEqual(tracking(bgNbd, truth, { ...sample }, { calibration: 60, periods: 86 }));
    later[6] = 1.5;
    expect(() => evaluateHoldout(bgNbd, truth, { ...sample }, later, { periods: 26 })).toThrow(/row 6: 1.5/);
    expect(() => evaluateHoldout(bgNbd, truth, { ...sample }, [1], { periods: 26 })).toThrow(
      /1 actual counts for 4000/,
    );
  });
});

describe('ranking of value', () => {
  it('by hand: four customers, the best two predicted best', () => {
    // Order of the predictions, ascending: 0, 0, 30, 70 → Gini .55; of the values themselves: the same.
    const perfect = valueRanking([4, 3, 2, 1], [70, 30, 0, 0], { groups: 2 });
    expect(perfect.normalisedGini).toBeCloseTo(1, 12);
    expect(perfect.groups.map(({ share }) => share)).toEqual([1, 0]);
    const reversed = valueRanking([1, 2, 3, 4], [70, 30, 0, 0], { groups: 3 });
    expect(reversed.normalisedGini).toBeCloseTo(-1, 12);
    expect(reversed.groups.map(({ customers }) => customers)).toEqual([2, 1, 1]);
    expect(valueRanking([1, 1, 1, 1], [70, 30, 0, 0]).normalisedGini).toBeCloseTo(0, 12);
  });

  it('its Gini is the mean of brute force over pairs', () => {
    const random = seededRandom(2);
    const value = Array.from({ length: 60 }, () => Math.floor(10 * random.uniform() ** 3));
    const by = value.map((v) => v + 5 * random.uniform());
    // 1 − 2·area: over ordered pairs, the value held by the higher-ranked one less that of the lower.
    const gini = (key: number[]): number => {
      let total = 0;
      for (let i = 0; i < 60; i++) for (let j = 0; j < 60; j++) total += Math.sign(key[i]! - key[j]!) * value[i]!;
      return total / (60 * value.reduce((t, v) => t + v, 0));
    };
    expect(valueRanking(by, value).normalisedGini).toBeCloseTo(gini(by) / gini(value), 12);
  });
});

describe('comparing models', () => {
  it('the true family is ahead of a wrong one on log score, with a paired interval that says so', () => {
    const sample = drawn(6000, 12);
    const comparison = compareModels(
      {
        free: { family: bgNbd, estimator: week },
        pinned: { family: bgNbd, estimator: bgNbd({ unit: 'week', priors: { alpha: { median: 40, sd: 1e-3 } } }) },
      },
      { ...sample },
      sample.later,
      { periods: 26 },
    );
    expect(comparison.best.logScore).toBe('free');
    expect(comparison.models.map(({ name }) => name)).toEqual(['free', 'pinned']);
    expect(comparison.models[0]!.againstBest.logScore).toEqual({ mean: 0, interval: [0, 0] });
    expect(comparison.models[1]!.againstBest.logScore.interval[0]).toBeGreaterThan(0);
    expect(comparison.models[1]!.logLikelihood).toBeLessThan(comparison.models[0]!.logLikelihood);
    expect(() => compareModels({}, { ...sample }, sample.later, { periods: 26 })).toThrow(/no candidates/);
  });
});
