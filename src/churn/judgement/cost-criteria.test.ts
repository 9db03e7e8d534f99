import { describe, expect, it } from 'vitest';
import { fixture, hasShared } from '../../../fixtures/load.ts';
import { lbeta } from '../../numerics/special.ts';
import { evaluate } from './evaluate.ts';
import { hMeasure } from './h-measure.ts';
import { empc, mpc } from './maximum-profit.ts';
import { tiedSample } from './sample.test-support.ts';
import { telcoProbabilities } from './telco.test-support.ts';

interface Values {
  readonly h_measure_beta_1p: number;
  readonly h_measure_beta22: number;
  readonly h_measure_default_R?: number;
  readonly EMPC: number;
  readonly EMPCfrac: number;
  readonly MPC: number;
  readonly MPCfrac: number;
}
interface Golden {
  readonly logistic: {
    readonly unpenalised_standardised: { readonly in_sample_metrics: Values };
    readonly holdout_row_mod5: { readonly test_metrics: Values };
  };
  readonly trees_ensembles_calibration_metrics_shap: {
    readonly metric_vectors: {
      readonly [name: string]: {
        readonly y: readonly number[];
        readonly score: readonly number[];
        readonly values: Values;
      };
    };
  };
}
const golden = fixture<Golden>('churn-golden.json');
const vectors = Object.entries(golden.trees_ensembles_calibration_metrics_shap.metric_vectors);

/** ∫₀¹ of f against Beta(a, b) by the midpoint rule on many cells: knows nothing of hulls or incomplete beta functions. */
function overBeta(a: number, b: number, f: (x: number) => number, cells = 200_000): number {
  let total = 0;
  for (let i = 0; i < cells; i++) {
    const x = (i + 0.5) / cells;
    total += f(x) * Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - lbeta(a, b));
  }
  return total / cells;
}

/** Weight of events and non-events at or above every distinct score, and above the highest. */
function flaggedAt(y: readonly number[], score: readonly number[]): { hits: number; misses: number }[] {
  const cuts = [Number.POSITIVE_INFINITY, ...new Set(score)];
  return cuts.map((cut) => ({
    hits: y.filter((event, i) => event === 1 && score[i]! >= cut).length,
    misses: y.filter((event, i) => event === 0 && score[i]! >= cut).length,
  }));
}

describe('hMeasure', () => {
  it.each(vectors)('gives the three golden severities of %s to 1e-12', (_, { y, score, values }) => {
    expect(hMeasure(y, score)).toBeCloseTo(values.h_measure_beta_1p, 12);
    expect(hMeasure(y, score, { severity: [2, 2] })).toBeCloseTo(values.h_measure_beta22, 12);
    const events = y.filter((event) => event === 1).length;
    const ratio = events / (y.length - events);
    if (values.h_measure_default_R !== undefined)
      expect(hMeasure(y, score, { severity: { ratio } })).toBeCloseTo(values.h_measure_default_R, 12);
  });

  it('agrees with numerical integration of the smallest loss over all cuts', () => {
    const { y, score } = tiedSample(120);
    const events = y.reduce((a, b) => a + b, 0);
    const points = flaggedAt(y, score);
    const [a, b] = [2.5, 1.7];
    const loss = (of: typeof points): number =>
      overBeta(a, b, (c) => Math.min(...of.map(({ hits, misses }) => c * misses + (1 - c) * (events - hits))), 20_000);
    const trivial = [
      { hits: 0, misses: 0 },
      { hits: events, misses: y.length - events },
    ];
    expect(hMeasure(y, score, { severity: [a, b] })).toBeCloseTo(1 - loss(points) / loss(trivial), 7);
  });

  it('refuses a severity that is no Beta distribution', () => {
    expect(() => hMeasure([0, 1], [0, 1], { severity: [0, 1] })).toThrow('invalid severity: Beta(0, 1)');
    expect(() => hMeasure([0, 1], [0, 1], { severity: { ratio: 0 } })).toThrow('invalid severity');
  });
});

describe('mpc and empc', () => {
  it.each(vectors)('give the golden profits and fractions of %s to 1e-12', (_, { y, score, values }) => {
    const expected = empc(y, score);
    expect(expected.profit).toBeCloseTo(values.EMPC, 12);
    expect(expected.fraction).toBeCloseTo(values.EMPCfrac, 12);
    const largest = mpc(y, score);
    expect(largest.profit).toBeCloseTo(values.MPC, 12);
    expect(largest.fraction).toBeCloseTo(values.MPCfrac, 12);
  });

  it('empc agrees with numerical integration of the largest profit over all cuts', () => {
    const { y, score } = tiedSample(150, 3);
    const terms = { value: 120, offerCost: 25, contactCost: 3 };
    const points = flaggedAt(y, score);
    const profit = (gamma: number): number =>
      Math.max(
        ...points.map(
          ({ hits, misses }) =>
            (hits * (gamma * (terms.value - terms.offerCost) - terms.contactCost) -
              misses * (terms.offerCost + terms.contactCost)) /
            y.length,
        ),
      );
    const found = empc(y, score, { ...terms, acceptance: { alpha: 2, beta: 3 } });
    expect(found.profit).toBeCloseTo(overBeta(2, 3, profit, 40_000), 6);
    expect(mpc(y, score, { ...terms, acceptance: 0.4 }).profit).toBeCloseTo(profit(0.4), 12);
  });

  it('mpc says at which score to stop, and to contact nobody when no contact pays', () => {
    expect(mpc([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9]).cut).toBe(0.8);
    expect(mpc([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9], { acceptance: 0 })).toEqual({ profit: 0, fraction: 0, cut: null });
  });

  it('refuse a campaign that cannot pay, and costs below 0', () => {
    expect(() => mpc([0, 1], [0, 1], { value: 10 })).toThrow('invalid value: 10; use more than the offer costs');
    expect(() => empc([0, 1], [0, 1], { contactCost: -1 })).toThrow('invalid contactCost');
    expect(() => empc([0, 1], [0, 1], { acceptance: { alpha: 0, beta: 1 } })).toThrow('invalid acceptance');
    expect(() => mpc([0, 1], [0, 1], { acceptance: 1.5 })).toThrow('invalid acceptance');
  });
});

describe.skipIf(!hasShared('telco-churn.csv'))('on the telco customers', () => {
  it('gives the golden H-measures and profits of the logistic regression', () => {
    const { y, inSample, ridge } = telcoProbabilities();
    const held = (x: Float64Array): Float64Array => x.filter((_, row) => row % 5 === 0);
    for (const [found, wanted] of [
      [evaluate(y, inSample), golden.logistic.unpenalised_standardised.in_sample_metrics],
      [evaluate(held(y), held(ridge)), golden.logistic.holdout_row_mod5.test_metrics],
    ] as const) {
      expect(found.hMeasure).toBeCloseTo(wanted.h_measure_beta_1p, 9);
      expect(found.empc.profit).toBeCloseTo(wanted.EMPC, 9);
      expect(found.empc.fraction).toBeCloseTo(wanted.EMPCfrac, 9);
      expect(found.mpc.profit).toBeCloseTo(wanted.MPC, 9);
      expect(found.mpc.fraction).toBeCloseTo(wanted.MPCfrac, 9);
    }
    expect(hMeasure(y, inSample, { severity: [2, 2] })).toBeCloseTo(
      golden.logistic.unpenalised_standardised.in_sample_metrics.h_measure_beta22,
      9,
    );
  });
});
