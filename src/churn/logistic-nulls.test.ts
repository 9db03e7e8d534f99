import { describe, expect, it } from 'vitest';
import { engine } from '../scoring/engine.ts';
import { logisticKind } from './logistic-kind.ts';
import { logisticRegression } from './logistic-regression.ts';

const { compile } = engine({ logisticRegression: logisticKind });
const label = { column: 'left', churned: 'yes', horizon: { every: 1, unit: 'month' } } as const;
const left = ['yes', 'no', 'yes', 'no', 'yes', 'no', 'no', 'no'];
const logit = (p: number): number => Math.log(p / (1 - p));

describe('logisticRegression with nulls and unseen levels', () => {
  it('scores an unseen level as the reference and reports it, or as null by option', () => {
    const data = { left, plan: ['a', 'a', 'a', 'b', 'b', 'b', 'b', 'b'] };
    const batch = { plan: ['b', 'new', null, 'a'] };
    const byReference = compile(logisticRegression({ label, features: ['plan'] }).fit(data)).score(batch);
    const p = byReference.columns.churnProbability;
    expect(p[1]).toBe(p[0]);
    expect(p[2]).toBeNaN();
    expect(p[3]).not.toBeNaN();
    expect(JSON.stringify(byReference.report)).toMatch(/"plan":1/);
    const strict = logisticRegression({ label, features: [{ column: 'plan', unseen: 'null' }] }).fit(data);
    expect(compile(strict).score(batch).columns.churnProbability[1]).toBeNaN();
  });

  it('leaves rows with nulls out of the fit, counts them, and scores them null (missing: null)', () => {
    const data = { left: [...left, 'yes', null], x: [1, 2, 3, 1, 2, 3, 1, 2, Number.NaN, 4] };
    const model = logisticRegression({ label, features: ['x'] }).fit(data);
    expect(model.fit.rows).toBe(8);
    expect(model.fit.warnings).toEqual([
      '1 rows without a label are left out of the fit',
      '1 rows with nulls in features are left out of the fit',
    ]);
    const p = compile(model).score({ x: [1, Number.NaN, Number.POSITIVE_INFINITY] }).columns.churnProbability;
    expect([...p].map(Number.isNaN)).toEqual([false, true, true]);
  });

  it('imputes the mean of a number and the reference of a category (missing: impute)', () => {
    const data = {
      left,
      x: [1, 2, 3, 1, 2, Number.NaN, 1, 2],
      plan: ['a', 'a', null, 'b', 'b', 'b', 'b', 'a'],
    };
    const filled = { left, x: data.x.map((v) => (v === v ? v : 12 / 7)), plan: data.plan.map((v) => v ?? 'b') };
    const features = [
      { column: 'x', missing: 'impute' },
      { column: 'plan', missing: 'impute' },
    ] as const;
    const model = logisticRegression({ label, features }).fit(data);
    const other = logisticRegression({ label, features: ['x', { column: 'plan', reference: 'b' }] }).fit(filled);
    const p = compile(model).score(data).columns.churnProbability;
    compile(other)
      .score(filled)
      .columns.churnProbability.forEach((want, i) => {
        expect(p[i]).toBeCloseTo(want, 12);
      });
  });

  it('gives being missing a weight of its own (missing: level): the same as a hand-made indicator', () => {
    const y = ['yes', 'no', 'yes', 'no', 'yes', 'no', 'no', 'no', 'yes', 'no'];
    const data = {
      left: y,
      x: [1, 2, 3, 1, 2, Number.NaN, 1, 2, Number.NaN, Number.NaN],
      plan: ['a', null, 'a', 'b', 'b', 'a', 'b', 'b', null, null],
    };
    const features = [
      { column: 'x', missing: 'level' },
      { column: 'plan', missing: 'level' },
    ] as const;
    const model = logisticRegression({ label, features, l2: 0.1, standardise: false }).fit(data);
    const hand = {
      left: y,
      x: data.x.map((v) => (v === v ? v : 12 / 7)),
      absent: data.x.map((v) => (v === v ? 0 : 1)),
      plan: data.plan.map((v) => v ?? '(missing)'),
    };
    const other = logisticRegression({
      label,
      features: ['x', 'absent', { column: 'plan', reference: 'b' }],
      l2: 0.1,
      standardise: false,
    }).fit(hand);
    const p = compile(model).score(data).columns.churnProbability;
    compile(other)
      .score(hand)
      .columns.churnProbability.forEach((want, i) => {
        expect(p[i]).toBeCloseTo(want, 12);
      });
    expect(model.fit.coefficients.map((c) => c.name)).toContain('x=(missing)');
    expect(model.fit.coefficients.map((c) => c.name)).toContain('plan=(missing)');
    const { base, contributions } = compile(model).explain(data, 'churnProbability');
    p.forEach((want, i) => {
      const z = base + contributions.reduce((sum, lane) => sum + lane[i]!, 0);
      expect(Math.abs(logit(want) - z)).toBeLessThan(1e-12);
    });
  });
});
