import { describe, expect, it } from 'vitest';
import { readNumbers, toArrow } from '../../columns/index.ts';
import { normalDraw } from '../../numerics/draw.ts';
import { seededRandom } from '../../numerics/random.ts';
import { engine } from '../../scoring/engine.ts';
import { logisticKind } from '../logistic-kind.ts';
import { logisticRegression } from '../logistic-regression.ts';
import { brier, rocAuc } from '../metrics.ts';
import { type ImportanceOptions, permutationImportance } from './permutation-importance.ts';
import type { ScoreFunction } from './score-columns.ts';

const label = { column: 'left', churned: 1 };
const data = {
  left: [1, 0, 1, 0, 0, 1],
  x: [0.9, 0.3, 0.6, 0.7, 0.1, 0.8],
  z: [0.1, 0, 0.05, 0.1, 0, 0.02],
};
const score: ScoreFunction = (batch) => {
  const z = readNumbers(batch, 'z');
  return readNumbers(batch, 'x').map((x, row) => x - z[row]!);
};
const failure = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });
const permutations = (n: number): number[][] =>
  n === 0
    ? [[]]
    : permutations(n - 1).flatMap((rest) =>
        Array.from({ length: n }, (_, at) => [...rest.slice(0, at), n - 1, ...rest.slice(at)]),
      );

describe('permutationImportance', () => {
  it('is, on average, that over all orders: brute force over 720 permutations', () => {
    const { left, x, z } = data;
    const before = score(data);
    const all = permutations(6).map((order) => order.map((from, row) => x[from]! - z[row]!));
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const exact = {
      brier:
        mean(
          all.map((p) =>
            brier(
              left,
              p.map((v) => Math.max(v, 0)),
            ),
          ),
        ) - brier(left, before),
      rocAuc: rocAuc(left, before) - mean(all.map((p) => rocAuc(left, p))),
    };
    const floored: ScoreFunction = (batch) => Float64Array.from(score(batch), (p) => Math.max(p, 0));
    const { features } = permutationImportance(floored, data, label, ['x'], {
      ...{ metrics: ['brier', 'rocAuc'], repeats: 4000, seed: 8 },
    });
    for (const { metric, importance, standardError } of features[0]!.metrics) {
      const gap = importance! - exact[metric as 'brier' | 'rocAuc'];
      expect(Math.abs(gap)).toBeLessThan(4 * standardError!);
      expect(standardError!).toBeLessThan(0.01);
    }
  });

  it('has the Brier rise of a linear score in expectation, the mean over all pairs of rows (closed form)', () => {
    const { left, x, z } = data;
    const half: ScoreFunction = (batch) => Float64Array.from(score(batch), (p) => 0.5 + p / 4);
    let pairs = 0;
    for (let i = 0; i < 6; i++) for (const from of x) pairs += (0.5 + (from - z[i]!) / 4 - left[i]!) ** 2 / 36;
    const { features } = permutationImportance(half, data, label, ['x'], { metrics: ['brier'], repeats: 4000 });
    const { importance, standardError } = features[0]!.metrics[0]!;
    expect(Math.abs(importance! - (pairs - brier(left, half(data))))).toBeLessThan(4 * standardError!);
  });

  it('gives mean and standard error of its drops, and the metrics before', () => {
    const options: ImportanceOptions = { metrics: ['rocAuc'], repeats: 7, seed: 2 };
    const { baseline, features, rows, leftOut } = permutationImportance(score, data, label, ['x'], options);
    expect(baseline).toEqual([{ metric: 'rocAuc', value: rocAuc(data.left, score(data)) }]);
    expect([rows, leftOut]).toEqual([6, 0]);
    const { drops, importance, standardError } = features[0]!.metrics[0]!;
    const mean = drops.reduce<number>((a, b) => a + b!, 0) / 7;
    const variance = drops.reduce<number>((a, b) => a + (b! - mean) ** 2, 0) / 6;
    expect(importance).toBeCloseTo(mean, 14);
    expect(standardError).toBeCloseTo(Math.sqrt(variance / 7), 14);
    expect(
      permutationImportance(score, data, label, ['x'], { repeats: 1 }).features[0]!.metrics[0]!.standardError,
    ).toBeNull();
  });

  it('does not depend on the other columns asked for, and repeats with its seed', () => {
    const alone = permutationImportance(score, data, label, ['z'], { seed: 4 });
    const both = permutationImportance(score, data, label, ['x', 'z'], { seed: 4 });
    expect(both.features.map(({ columns }) => columns)).toEqual([['x'], ['z']]);
    expect(both.features[1]).toEqual(alone.features[0]);
    expect(permutationImportance(score, data, label, ['x'], { seed: 5 }).features).not.toEqual([both.features[0]]);
  });

  it('tells what columns that say the same are worth together, which each alone hides', () => {
    const random = seededRandom(6);
    const x = Array.from({ length: 400 }, () => normalDraw(random));
    const left = x.map((value) => (random.uniform() < 1 / (1 + Math.exp(-2 * value)) ? 1 : 0));
    const twins = { left, x, copy: x };
    const either: ScoreFunction = (batch) => {
      const copy = readNumbers(batch, 'copy');
      return readNumbers(batch, 'x').map((value, row) => 1 / (1 + Math.exp(-value - copy[row]!)));
    };
    const { features } = permutationImportance(either, twins, label, ['copy', 'x', ['x', 'copy']]);
    expect(features[0]!.columns).toEqual(['x', 'copy']);
    // Moved as one they are moved alike: a model of x alone loses the same.
    const single: ScoreFunction = (batch) => readNumbers(batch, 'x').map((value) => 1 / (1 + Math.exp(-2 * value)));
    expect(features[0]!.metrics).toEqual(permutationImportance(single, twins, label, ['x']).features[0]!.metrics);
    expect(features[1]!.metrics[1]!.importance!).toBeLessThan(0.7 * features[0]!.metrics[1]!.importance!);
  });

  it('works on a scoring plan, from plain columns and from Arrow: a column that the model lacks has importance 0', () => {
    const random = seededRandom(9);
    const plan = Array.from({ length: 150 }, () => ['a', 'b', 'c'][random.below(3)]!);
    const spend = plan.map(() => random.uniform());
    const left = plan.map((p, i) => (random.uniform() < (p === 'a' ? 0.7 : 0.2) + 0.2 * spend[i]! ? 1 : 0));
    const customers = { left, plan, spend: spend.map((s, i) => (i % 30 === 0 ? null : s)), id: left.map((_, i) => i) };
    const model = logisticRegression({ label: { ...label, horizon: null }, features: ['plan', 'spend'] }).fit(
      customers,
    );
    const compiled = engine({ logisticRegression: logisticKind }).compile(model);
    const probability: ScoreFunction<typeof customers> = (batch) => compiled.score(batch).columns.churnProbability;
    const found = permutationImportance(probability, customers, label, ['id', 'spend', 'plan'], { seed: 3 });
    expect([found.rows, found.leftOut]).toEqual([145, 5]);
    expect(found.features.map(({ columns }) => columns[0])[0]).toBe('plan');
    const id = found.features.find(({ columns }) => columns[0] === 'id')!;
    expect(id.metrics.map(({ importance, standardError }) => [importance, standardError])).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(
      permutationImportance(probability as ScoreFunction, toArrow(customers), label, ['id', 'spend', 'plan'], {
        seed: 3,
      }),
    ).toEqual(found);
  });

  it('says null where a log loss is infinite', () => {
    const sure: ScoreFunction = (batch) => readNumbers(batch, 'x').map((x) => (x > 0.75 ? 1 : 0.5));
    const { features, baseline } = permutationImportance(sure, data, label, ['x', 'z'], { repeats: 20 });
    expect(baseline[0]!.value).toBeCloseTo((4 * Math.log(2)) / 6, 14);
    expect(features.map(({ columns, metrics }) => [columns[0], metrics[0]!.importance])).toEqual([
      ['x', null],
      ['z', 0],
    ]);
  });

  it('refuses what it cannot judge', () => {
    const run =
      (features: readonly (string | readonly string[])[], options: ImportanceOptions = {}, by = score) =>
      () =>
        permutationImportance(by, data, label, features, options);
    expect(run(['y'])).toThrow(failure('unknown-column', /"y"/));
    expect(run([['x', 'left']])).toThrow(failure('label-as-feature', /"left"/));
    expect(run([['x', 'x']])).toThrow(failure('invalid-option', /given twice/));
    expect(run([])).toThrow(failure('invalid-option', /no features/));
    expect(run([[]])).toThrow(failure('invalid-option', /empty/));
    expect(run(['x'], { repeats: 0 })).toThrow(failure('invalid-option', /repeats/));
    expect(run(['x'], { metrics: ['auc' as 'rocAuc'] })).toThrow(failure('invalid-option', /invalid metric: auc/));
    expect(run(['x'], { metrics: [] })).toThrow(failure('invalid-option', /no metrics/));
    expect(run(['x'], {}, () => [0.5])).toThrow(failure('wrong-length', /returned 1 numbers for 6 rows/));
    expect(run(['x'], {}, () => undefined as unknown as number[])).toThrow(failure('wrong-type', /score function/));
    expect(run(['x'], {}, () => data.x.map((x) => 3 * x))).toThrow(failure('invalid-value', /not a probability/));
  });
});
