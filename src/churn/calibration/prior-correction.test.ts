import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../numerics/random.ts';
import { pipeline } from '../../scoring/pipeline.ts';
import { logisticRegression } from '../logistic-regression.ts';
import { code, compile, label, logit, scored, sigmoid } from './calibration.test-support.ts';
import { priorCorrection } from './prior-correction.ts';
import { stratifiedSample } from './stratified-sample.ts';

describe('priorCorrection', () => {
  it('shifts log-odds by ln(π/(1−π)) − ln(ρ/(1−ρ)), keeping 0 and 1', () => {
    const model = priorCorrection({ populationRate: 0.04, sampleRate: 0.5 }).fit({ churnProbability: [0.5] });
    const [half, some, zero, one, outside, none] = scored(model, [0.5, 0.9, 0, 1, 1.2, null]);
    expect(half).toBeCloseTo(0.04, 15);
    expect(some).toBeCloseTo(sigmoid(logit(0.9) + logit(0.04) - logit(0.5)), 14);
    expect([zero, one, outside, none]).toEqual([0, 1, Number.NaN, Number.NaN]);
    expect(model.outputs[0]!.horizon).toBeNull();
  });

  it('turns what a balanced sample taught into churn rates, as a fit on all rows has them', () => {
    const random = seededRandom(8);
    const x = Array.from({ length: 20_000 }, () => random.uniform());
    const left = x.map((value) => (random.uniform() < sigmoid(-4 + 2 * value) ? 1 : 0));
    const { rows, populationRate, sampleRate, leftOut } = stratifiedSample({ left }, { label, seed: 2 });
    const share = left.filter((event) => event === 1).length / left.length;
    expect([populationRate, sampleRate, leftOut]).toEqual([share, 0.5, 0]);
    const model = pipeline([
      logisticRegression({ label, features: ['x'] }),
      priorCorrection({ populationRate, sampleRate }),
    ]).fit({
      x: Array.from(rows, (row) => x[row]!),
      left: Array.from(rows, (row) => left[row]!),
    });
    expect(model.outputs[1]).toMatchObject({ name: 'correctedProbability', horizon: label.horizon });
    const { churnProbability, correctedProbability } = compile(model).score({ x }).columns;
    const mean = (p: Float64Array): number => p.reduce((a, b) => a + b, 0) / p.length;
    expect(mean(churnProbability)).toBeGreaterThan(0.4);
    expect(Math.abs(mean(correctedProbability) - share)).toBeLessThan(0.006);
  });

  it('refuses rates that are not between 0 and 1, and a horizon that is not that of the probability', () => {
    expect(() => priorCorrection({ populationRate: 0, sampleRate: 0.5 })).toThrow(code('invalid-option'));
    expect(() => priorCorrection({ populationRate: 0.1, sampleRate: 1 })).toThrow(code('invalid-option'));
    const steps = [
      logisticRegression({ label, features: ['x'] }),
      priorCorrection({ populationRate: 0.1, sampleRate: 0.5, horizon: { every: 1, unit: 'year' } }),
    ] as const;
    expect(() =>
      pipeline(steps, { folds: { count: 2, seed: 1 } }).fit({
        x: [1, 2, 3, 4, 5, 6, 7, 8],
        left: [0, 1, 1, 0, 1, 0, 0, 1],
      }),
    ).toThrow(code('horizon-mismatch'));
  });
});

describe('stratifiedSample', () => {
  const left = Array.from({ length: 300 }, (_, i) => (i % 10 === 0 ? 'y' : i === 7 ? null : 'n'));
  const own = { column: 'left', churned: 'y' };

  it('draws distinct rows at the given share, all leavers by default, the same for the same seed', () => {
    const found = stratifiedSample({ left }, { label: own, seed: 1, churnedShare: 0.25 });
    expect(found).toMatchObject({ populationRate: 30 / 299, sampleRate: 0.25, leftOut: 1 });
    expect(found.rows).toHaveLength(120);
    expect(new Set(found.rows).size).toBe(120);
    expect([...found.rows].filter((row) => left[row] === 'y')).toHaveLength(30);
    expect(found.rows.includes(7)).toBe(false);
    expect([...found.rows]).toEqual([...found.rows].sort((a, b) => a - b));
    expect(stratifiedSample({ left }, { label: own, seed: 1, churnedShare: 0.25 })).toEqual(found);
    expect(stratifiedSample({ left }, { label: own, seed: 2, churnedShare: 0.25 }).rows).not.toEqual(found.rows);
    expect(stratifiedSample({ left }, { label: own, seed: 1, rows: 20 }).rows).toHaveLength(20);
  });

  it('refuses more rows than there are, and bad shares', () => {
    expect(() => stratifiedSample({ left }, { label: own, seed: 1, rows: 100 })).toThrow(code('empty-input'));
    expect(() => stratifiedSample({ left }, { label: own, seed: 1, churnedShare: 1 })).toThrow(code('invalid-option'));
    expect(() => stratifiedSample({ left }, { label: own, seed: 1, rows: 1 })).toThrow(code('invalid-option'));
    expect(() => stratifiedSample({ left: ['n', 'n'] }, { label: own, seed: 1 })).toThrow(code('one-class'));
  });
});
