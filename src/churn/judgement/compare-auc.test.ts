import { describe, expect, it } from 'vitest';
import { fixture, hasShared, sharedColumns } from '../../../fixtures/load.ts';
import { seededRandom } from '../../numerics/random.ts';
import { rocAuc, rocAucStandardError } from '../metrics.ts';
import { bootstrapInterval } from './bootstrap.ts';
import { compareAuc } from './compare-auc.ts';

/** Two correlated scores on coarse grids, so that there are ties. */
function sample(rows: number): { y: number[]; a: number[]; b: number[]; weight: number[] } {
  const random = seededRandom(11);
  const y = Array.from({ length: rows }, () => (random.uniform() < 0.3 ? 1 : 0));
  const base = y.map((event) => event * 0.5 + random.uniform() + random.uniform());
  const noisy = (size: number): number[] => base.map((x) => Math.round(10 * (x + size * random.uniform())) / 10);
  return { y, a: noisy(0.5), b: noisy(2), weight: y.map(() => 0.5 + random.uniform()) };
}

describe('compareAuc', () => {
  it('agrees with DeLong by brute force: S₁₀ and S₀₁ with their covariances over all pairs', () => {
    const { y, a, b } = sample(180);
    const psi = (p: number, q: number): number => (p > q ? 1 : p === q ? 0.5 : 0);
    const mean = (list: number[]): number => list.reduce((t, x) => t + x, 0) / list.length;
    const side = (score: number[], event: number): number[] => score.filter((_, i) => y[i] === event);
    const v10 = [a, b].map((s) => side(s, 1).map((p) => mean(side(s, 0).map((q) => psi(p, q)))));
    const v01 = [a, b].map((s) => side(s, 0).map((q) => mean(side(s, 1).map((p) => psi(p, q)))));
    const covariance = (p: number[], q: number[]): number =>
      p.reduce((t, x, i) => t + (x - mean(p)) * (q[i]! - mean(q)), 0) / (p.length - 1);
    const entry = (r: number, s: number): number =>
      covariance(v10[r]!, v10[s]!) / v10[0]!.length + covariance(v01[r]!, v01[s]!) / v01[0]!.length;
    const variance = entry(0, 0) + entry(1, 1) - 2 * entry(0, 1);
    const found = compareAuc(y, a, b);
    expect(found.rocAuc[0]).toBeCloseTo(mean(v10[0]!), 13);
    expect(found.rocAuc[1]).toBeCloseTo(mean(v10[1]!), 13);
    expect(found.difference).toBeCloseTo(mean(v10[0]!) - mean(v10[1]!), 13);
    expect(found.standardError).toBeCloseTo(Math.sqrt(variance), 13);
    expect(found.z).toBeCloseTo(found.difference / Math.sqrt(variance), 10);
    expect(found.pValue).toBeGreaterThan(0);
    expect(found.pValue).toBeLessThan(1);
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  });

  it('has the area and error of one classifier against a constant, which is .5 without variance', () => {
    const { y, a, weight } = sample(90);
    const none = a.map(() => 1);
    expect(compareAuc(y, a, none).standardError).toBeCloseTo(rocAucStandardError(y, a)!, 13);
    const weighted = compareAuc(y, a, none, { weight });
    expect(weighted.rocAuc[0]).toBeCloseTo(rocAuc(y, a, { weight }), 13);
    expect(weighted.standardError).toBeCloseTo(rocAucStandardError(y, a, { weight })!, 13);
  });

  it('is symmetric, and judges the rows only that have both scores', () => {
    const { y, a, b } = sample(60);
    const [forth, back] = [compareAuc(y, a, b), compareAuc(y, b, a)];
    expect(back.difference).toBe(-forth.difference);
    expect(back.pValue).toBe(forth.pValue);
    const holes = a.map((s, i) => (i < 10 ? Number.NaN : s));
    const found = compareAuc(y, holes, b);
    expect(found).toEqual({ ...compareAuc(y.slice(10), a.slice(10), b.slice(10)), leftOut: 10 });
  });

  it('gives nulls with reasons where there is no error to divide by', () => {
    const { y, a } = sample(60);
    expect(compareAuc(y, a, a)).toMatchObject({ difference: 0, standardError: 0, z: null, pValue: null });
    expect(compareAuc(y, a, a).nulls.pValue).toMatch(/rank every pair alike/);
    const small = compareAuc([1, 0], [0.2, 0.1], [0.1, 0.2]);
    expect(small).toMatchObject({ difference: 1, standardError: null, interval: null });
    expect(small.nulls.interval).toMatch(/fewer than two rows/);
  });

  it('refuses what cannot be compared', () => {
    const code = (name: string): unknown => expect.objectContaining({ code: name });
    expect(() => compareAuc([1, 1], [0, 1], [1, 0])).toThrow(code('one-class'));
    expect(() => compareAuc([1, 0], [0, 1], [Number.NaN, Number.NaN])).toThrow(code('empty-input'));
    expect(() => compareAuc([1, 0], [0, 1], [1])).toThrow(code('wrong-length'));
  });

  it.skipIf(!hasShared('telco-churn.csv'))('gives the DeLong error of R pROC for telco churn by −tenure', () => {
    const golden = fixture<{ readonly r: { readonly auc_tenure_neg: { readonly delong_se: number } } }>(
      'churn-golden.json',
    );
    const data = sharedColumns('telco-churn.csv', ['customerID']);
    const y = Array.from(data.Churn as string[], (cell) => (cell === 'Yes' ? 1 : 0));
    const tenure = Array.from(data.tenure as Float64Array, (months) => -months);
    expect(rocAucStandardError(y, tenure)).toBeCloseTo(golden.r.auc_tenure_neg.delong_se, 12);
    expect(
      compareAuc(
        y,
        tenure,
        tenure.map(() => 0),
      ).standardError,
    ).toBeCloseTo(golden.r.auc_tenure_neg.delong_se, 12);
  });
});

describe('bootstrapInterval', () => {
  const { y, a, b } = sample(300);

  it('has about the standard error of DeLong, for one area and for a paired difference', () => {
    const one = bootstrapInterval(rocAuc, [y, a], { seed: 1, strata: y });
    expect(one.estimate).toBe(rocAuc(y, a));
    expect(one.standardError! / rocAucStandardError(y, a)!).toBeCloseTo(1, 0.7);
    const wanted = compareAuc(y, a, b);
    const two = bootstrapInterval((z, p, q) => rocAuc(z, p) - rocAuc(z, q), [y, a, b], { seed: 2 });
    expect(Math.abs(two.standardError! / wanted.standardError! - 1)).toBeLessThan(0.1);
    expect(Math.abs(two.low! - wanted.interval![0])).toBeLessThan(0.015);
    expect(Math.abs(two.high! - wanted.interval![1])).toBeLessThan(0.015);
  });

  it('of a mean has the standard error sd/√n', () => {
    const mean = (x: Float64Array): number => x.reduce((t, v) => t + v, 0) / x.length;
    const found = bootstrapInterval(mean, [a], { seed: 3, resamples: 4000 });
    const sd = Math.sqrt(a.reduce((t, v) => t + (v - found.estimate!) ** 2, 0) / a.length);
    expect(Math.abs(found.standardError! / (sd / Math.sqrt(a.length)) - 1)).toBeLessThan(0.04);
  });

  it('gives the same bits for the same seed, and others for another', () => {
    const run = (seed: number) => bootstrapInterval(rocAuc, [y, a], { seed, resamples: 50 });
    expect(run(5)).toEqual(run(5));
    expect(run(6).low).not.toBe(run(5).low);
  });

  it('counts resamples of one class, and draws both classes when they are strata', () => {
    const small = [
      [1, 0, 0],
      [0.9, 0.1, 0.2],
    ] as const;
    const plain = bootstrapInterval(rocAuc, small, { seed: 1, resamples: 200 });
    // A resample misses the one event with probability (2/3)³ = .296, or holds nothing else with (1/3)³ = .037.
    expect(plain.withoutValue).toBeGreaterThan(40);
    expect(plain.withoutValue).toBeLessThan(100);
    expect(bootstrapInterval(rocAuc, small, { seed: 1, resamples: 200, strata: small[0] })).toMatchObject({
      withoutValue: 0,
      low: 1,
      high: 1,
      standardError: 0,
    });
    expect(bootstrapInterval(() => null, [[1]], { seed: 1 })).toMatchObject({ estimate: null, low: null, high: null });
  });

  it('refuses bad options and columns, and passes other errors on', () => {
    expect(() => bootstrapInterval(rocAuc, [y, [1]], { seed: 1 })).toThrow('columns of 300 and 1 rows');
    expect(() => bootstrapInterval(rocAuc, [[], []], { seed: 1 })).toThrow('no rows to draw from');
    expect(() => bootstrapInterval(rocAuc, [y, a], { seed: 0.5 })).toThrow('invalid seed');
    expect(() => bootstrapInterval(rocAuc, [y, a], { seed: 1, resamples: 0 })).toThrow('invalid resamples');
    expect(() => bootstrapInterval(rocAuc, [a, a], { seed: 1 })).toThrow('expected 1, 0 or NaN');
  });
});
