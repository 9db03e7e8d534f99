import { describe, expect, it } from 'vitest';
import { fixture, hasShared } from '../../fixtures/load.ts';
import { seededRandom } from '../numerics/random.ts';
import { telcoProbabilities } from './judgement/telco.test-support.ts';
import {
  averagePrecision,
  type BinaryMetrics,
  binaryMetrics,
  brier,
  calibrationLine,
  calibrationTable,
  ks,
  logLoss,
  rocAuc,
  rocAucStandardError,
  topDecileLift,
} from './metrics.ts';

interface Values {
  readonly n: number;
  readonly positives: number;
  readonly roc_auc: number;
  readonly gini: number;
  readonly average_precision: number;
  readonly ks: number;
  readonly top_decile_lift: number;
  readonly brier: number;
  readonly log_loss: number;
  readonly ece10: number;
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

function expectGolden(found: BinaryMetrics, wanted: Values, digits: number): void {
  expect(found.rows).toBe(wanted.n);
  expect(found.events).toBe(wanted.positives);
  expect(found.rocAuc).toBeCloseTo(wanted.roc_auc, digits);
  expect(found.gini).toBeCloseTo(wanted.gini, digits);
  expect(found.averagePrecision).toBeCloseTo(wanted.average_precision, digits);
  expect(found.ks).toBeCloseTo(wanted.ks, digits);
  expect(found.topDecileLift).toBeCloseTo(wanted.top_decile_lift, digits);
  expect(found.brier).toBeCloseTo(wanted.brier, digits);
  expect(found.logLoss).toBeCloseTo(wanted.log_loss, digits);
  expect(found.ece).toBeCloseTo(wanted.ece10, digits);
}

describe('binaryMetrics', () => {
  it.each(vectors)('gives the golden values of %s to 1e-12, ties included', (_, { y, score, values }) => {
    expectGolden(binaryMetrics(y, score), values, 12);
  });

  it('is made of the functions of single metrics', () => {
    const [, { y, score }] = vectors.find(([name]) => name === 'churnlike20')!;
    const all = binaryMetrics(y, score);
    expect(rocAuc(y, score)).toBe(all.rocAuc);
    expect(rocAucStandardError(y, score)).toBe(all.rocAucStandardError);
    expect(averagePrecision(y, score)).toBe(all.averagePrecision);
    expect(ks(y, score)).toBe(all.ks);
    expect(topDecileLift(y, score)).toBe(all.topDecileLift);
    expect(logLoss(y, score)).toBe(all.logLoss);
    expect(brier(y, score)).toBe(all.brier);
    expect(calibrationLine(y, score)).toEqual({ slope: all.calibrationSlope, intercept: all.calibrationIntercept });
  });

  it('leaves out rows without an outcome or a probability', () => {
    const found = binaryMetrics([1, Number.NaN, 0, 1], [0.9, 0.2, 0.3, Number.NaN]);
    expect(found).toMatchObject({ rows: 2, events: 1, baseRate: 0.5, rocAuc: 1, rocAucStandardError: null });
    expect(found.meanProbability).toBeCloseTo(0.6, 15);
  });

  it('does not depend on the order of the rows, to the bit', () => {
    const { y, score } = sample(500);
    const order = y.map((_, i) => i).sort((a, b) => ((a * 7919) % 500) - ((b * 7919) % 500));
    expect(
      binaryMetrics(
        order.map((i) => y[i]!),
        order.map((i) => score[i]!),
      ),
    ).toEqual(binaryMetrics(y, score));
  });

  it('is plain JSON data', () => {
    for (const [, { y, score }] of vectors) {
      const found = binaryMetrics(y, score);
      expect(JSON.parse(JSON.stringify(found))).toEqual(found);
    }
  });

  it('refuses what cannot be judged', () => {
    const code = (name: string): unknown => expect.objectContaining({ code: name });
    expect(() => binaryMetrics([1, 1], [0.2, 0.3])).toThrow(code('one-class'));
    expect(() => binaryMetrics([0, Number.NaN], [0.2, 0.3])).toThrow(code('one-class'));
    expect(() => binaryMetrics([], [])).toThrow(code('empty-input'));
    expect(() => binaryMetrics([Number.NaN], [0.5])).toThrow(code('empty-input'));
    expect(() => binaryMetrics([1, 0], [0.5])).toThrow(code('wrong-length'));
    expect(() => binaryMetrics([2, 0], [0.5, 0.5])).toThrow(code('invalid-value'));
    expect(() => binaryMetrics([1, 0], [1.5, 0.5])).toThrow('1.5 is not a probability');
    expect(() => binaryMetrics([1, 0], [0.5, -0.1])).toThrow('-0.1 is not a probability');
    expect(rocAuc([1, 0], [12, -3])).toBe(1);
  });
});

/** Scores on a coarse grid, so that there are many ties. */
function sample(rows: number): { y: number[]; score: number[] } {
  const random = seededRandom(7);
  const score = Array.from({ length: rows }, () => (1 + random.below(40)) / 42);
  return { score, y: score.map((p) => (random.uniform() < p ? 1 : 0)) };
}

describe('rocAuc and its standard error', () => {
  it('agree with DeLong by brute force over all pairs, ties counting half', () => {
    const { y, score } = sample(300);
    const up = score.filter((_, i) => y[i] === 1);
    const down = score.filter((_, i) => y[i] === 0);
    const psi = (a: number, b: number): number => (a > b ? 1 : a === b ? 0.5 : 0);
    const mean = (list: number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
    const variance = (list: number[]): number =>
      list.reduce((total, x) => total + (x - mean(list)) ** 2, 0) / (list.length - 1);
    const v10 = up.map((a) => mean(down.map((b) => psi(a, b))));
    const v01 = down.map((b) => mean(up.map((a) => psi(a, b))));
    expect(rocAuc(y, score)).toBeCloseTo(mean(v10), 13);
    expect(rocAucStandardError(y, score)).toBeCloseTo(
      Math.sqrt(variance(v10) / up.length + variance(v01) / down.length),
      13,
    );
  });
});

describe('topDecileLift', () => {
  it('takes exactly seven of seventy rows, where 0.1·70 would round up to eight', () => {
    const y = Array.from({ length: 70 }, (_, i) => (i < 7 ? 1 : 0));
    expect(
      topDecileLift(
        y,
        y.map((_, i) => -i),
      ),
    ).toBeCloseTo(10, 12);
  });
});

describe('calibrationLine', () => {
  it('joins the log-odds when there are two probabilities (a saturated model: rates .3 at .2 and .6 at .8)', () => {
    const y = [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0];
    const p = y.map((_, i) => (i < 10 ? 0.2 : 0.8));
    const logit = (x: number): number => Math.log(x / (1 - x));
    const slope = (logit(0.6) - logit(0.3)) / (logit(0.8) - logit(0.2));
    const line = calibrationLine(y, p)!;
    expect(line.slope).toBeCloseTo(slope, 12);
    expect(line.intercept).toBeCloseTo(logit(0.6) - slope * logit(0.8), 12);
  });

  it('solves the likelihood equations Σ(y − q) = Σ(y − q)·logit p = 0', () => {
    const { y, score } = sample(400);
    const line = calibrationLine(y, score)!;
    let first = 0;
    let second = 0;
    for (let i = 0; i < y.length; i++) {
      const x = Math.log(score[i]! / (1 - score[i]!));
      const residual = y[i]! - 1 / (1 + Math.exp(-(line.intercept + line.slope * x)));
      first += residual;
      second += residual * x;
    }
    expect(first).toBeCloseTo(0, 10);
    expect(second).toBeCloseTo(0, 10);
  });

  it('is null when the classes are separated, touch, or all probabilities are equal', () => {
    expect(calibrationLine([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9])).toBeNull();
    expect(calibrationLine([1, 1, 0, 0], [0.1, 0.2, 0.8, 0.9])).toBeNull();
    expect(calibrationLine([0, 0, 1, 1], [0.1, 0.5, 0.5, 0.9])).toBeNull();
    expect(calibrationLine([0, 1, 0], [0.3, 0.3, 0.3])).toBeNull();
    expect(calibrationLine([0, 1, 0, 1], [0, 1, 1, 0])).not.toBeNull();
  });
});

describe('calibrationTable', () => {
  it('closes bins at the right, the first one at both ends', () => {
    const table = calibrationTable([1, 0, 1, 0, 1], [0, 0.1, 0.3, 0.30000000000000004, 1]);
    expect(table.map(({ rows }) => rows)).toEqual([2, 0, 1, 1, 0, 0, 0, 0, 0, 1]);
    expect(table[0]).toEqual({ from: 0, to: 0.1, rows: 2, events: 1, meanProbability: 0.05, eventRate: 0.5 });
    expect(table[1]!.eventRate).toBeNull();
    expect(() => calibrationTable([1, 0], [0.5, 0.5], { bins: 0 })).toThrow('invalid bins');
  });
});

describe.skipIf(!hasShared('telco-churn.csv'))('on the telco customers', () => {
  it('gives the golden metrics of the unpenalised logistic regression, in sample; its recalibration line is the diagonal', () => {
    const { y, inSample } = telcoProbabilities();
    const found = binaryMetrics(y, inSample);
    expectGolden(found, golden.logistic.unpenalised_standardised.in_sample_metrics, 10);
    expect(found.rocAucInterval![0]).toBeCloseTo(found.rocAuc - 1.959963984540054 * found.rocAucStandardError!, 12);
    expect(found.rocAuc).toBeCloseTo(0.848453, 6);
    expect(found.calibrationSlope).toBeCloseTo(1, 8);
    expect(found.calibrationIntercept).toBeCloseTo(0, 8);
  });

  it('gives the golden metrics of the ridge fit on the held-out fifth', () => {
    const { y, ridge } = telcoProbabilities();
    const held = (x: Float64Array): Float64Array => x.filter((_, row) => row % 5 === 0);
    expectGolden(binaryMetrics(held(y), held(ridge)), golden.logistic.holdout_row_mod5.test_metrics, 10);
  });
});
