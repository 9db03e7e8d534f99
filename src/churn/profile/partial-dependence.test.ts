import { describe, expect, it } from 'vitest';
import { readNumbers, toArrow } from '../../columns/index.ts';
import { seededRandom } from '../../numerics/random.ts';
import { engine } from '../../scoring/engine.ts';
import { logisticKind } from '../logistic-kind.ts';
import { logisticRegression } from '../logistic-regression.ts';
import { type DependenceOptions, partialDependence } from './partial-dependence.ts';
import type { ScoreFunction } from './score-columns.ts';

const random = seededRandom(11);
const rows = 60;
const data = {
  x: Array.from({ length: rows }, () => random.uniform()),
  z: Array.from({ length: rows }, () => random.uniform()),
  plan: Array.from({ length: rows }, () => ['basic', 'gold', null][random.below(3)]!),
};
const product: ScoreFunction = (batch) => {
  const z = readNumbers(batch, 'z');
  return readNumbers(batch, 'x').map((x, row) => x * z[row]!);
};
const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const failure = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe('partialDependence', () => {
  it('is the mean over customers at each value: x·mean(z) for f = x·z (closed form)', () => {
    const { points, type } = partialDependence(product, data, 'x', { grid: [-1, 0, 2] });
    expect(type).toBe('number');
    expect(points).toEqual(
      [-1, 0, 2].map((value) => ({ value, mean: expect.closeTo(value * mean(data.z), 14), rows })),
    );
  });

  it('gives the curve of every customer, whose mean it is', () => {
    const { individual, points, sample } = partialDependence(product, data, 'x', {
      ...{ grid: [1, 3], individual: true, rows: 10, seed: 4 },
    });
    expect(sample.length).toBe(10);
    expect(new Set(sample).size).toBe(10);
    expect(individual).toEqual(sample.map((row) => [data.z[row]!, 3 * data.z[row]!]));
    points.forEach(({ mean: found }, p) => {
      expect(found).toBeCloseTo(mean(individual!.map((curve) => curve[p]!)), 14);
    });
    expect(partialDependence(product, data, 'x', { grid: [1], rows: 10, seed: 5 }).sample).not.toEqual(sample);
    expect(partialDependence(product, data, 'x', { grid: [1] }).individual).toBeNull();
  });

  it('takes 20 quantiles from 5 % to 95 % by default, equal ones once (by the order statistics of 0 … 100)', () => {
    const x = Array.from({ length: 101 }, (_, i) => i);
    const z = x.map(() => 1);
    const { points } = partialDependence(product, { x: x.toReversed(), z }, 'x', { points: 7 });
    expect(points.map(({ value }) => value)).toEqual([5, 20, 35, 50, 65, 80, 95]);
    expect(points.map((point) => point.mean)).toEqual([5, 20, 35, 50, 65, 80, 95]);
    const flat = partialDependence(product, { x: x.map(() => 3), z }, 'x');
    expect(flat.points).toEqual([{ value: 3, mean: 3, rows: 101 }]);
    expect(partialDependence(product, { x, z }, 'x', { points: 1 }).points[0]!.value).toBe(50);
  });

  it('agrees with setting the column by hand on a scoring plan, for levels and for numbers, from Arrow too', () => {
    const left = data.x.map((x, i) => (random.uniform() < 0.2 + 0.4 * x + (data.plan[i] === 'gold' ? 0.3 : 0) ? 1 : 0));
    const customers = { ...data, left };
    const model = logisticRegression({
      label: { column: 'left', churned: 1, horizon: null },
      features: ['x', 'plan'],
    }).fit(customers);
    const plan = engine({ logisticRegression: logisticKind }).compile(model);
    const score: ScoreFunction<typeof customers> = (batch) => plan.score(batch).columns.churnProbability;
    const byLevel = partialDependence(score, customers, 'plan');
    expect(byLevel.points.map(({ value }) => value)).toEqual(['basic', 'gold']);
    for (const { value, mean: found, rows: used } of byLevel.points) {
      expect(found).toBeCloseTo(
        mean(Array.from(score({ ...customers, plan: data.plan.map(() => String(value)) }))),
        14,
      );
      expect(used).toBe(rows);
    }
    // Those without a plan have no prediction.
    const byNumber = partialDependence(score, customers, 'x', { grid: [0.5] });
    const known = Array.from(score({ ...customers, x: data.x.map(() => 0.5) })).filter((p) => p === p);
    expect(byNumber.points).toEqual([{ value: 0.5, mean: expect.closeTo(mean(known), 14), rows: known.length }]);
    expect(known.length).toBeLessThan(rows);
    const gold = partialDependence(score, customers, 'plan', { levels: ['gold'] });
    expect([gold.type, gold.points]).toEqual(['category', [byLevel.points[1]]]);
    expect(partialDependence(score as ScoreFunction, toArrow(customers), 'plan')).toEqual(byLevel);
  });

  it('says null where nobody has a prediction', () => {
    const none: ScoreFunction = (batch) => readNumbers(batch, 'x').fill(Number.NaN);
    const { points, individual } = partialDependence(none, data, 'x', { grid: [1], individual: true, rows: 2 });
    expect(points).toEqual([{ value: 1, mean: null, rows: 0 }]);
    expect(individual).toEqual([[null], [null]]);
  });

  it('refuses what it cannot draw', () => {
    const run =
      (feature: string, options: DependenceOptions = {}, from: Parameters<typeof partialDependence>[1] = data) =>
      () =>
        partialDependence(product, from, feature, options);
    expect(run('y')).toThrow(failure('unknown-column', /"y"/));
    expect(run('plan', { grid: [1] })).toThrow(failure('wrong-type', /give levels/));
    expect(run('x', { grid: [1], levels: ['1'] })).toThrow(failure('invalid-option', /use one of them/));
    expect(run('x', { grid: [Number.NaN] })).toThrow(failure('invalid-option', /invalid grid/));
    expect(run('plan', { levels: [] })).toThrow(failure('invalid-option', /invalid levels/));
    expect(run('x', { rows: 0 })).toThrow(failure('invalid-option', /rows/));
    expect(run('x', { points: 1.5 })).toThrow(failure('invalid-option', /points/));
    expect(run('x', {}, { x: [], z: [] })).toThrow(failure('empty-input', /no rows/));
    expect(run('x', {}, { x: [null, null], z: [1, 2] })).toThrow(failure('all-null', /"x"/));
  });
});
