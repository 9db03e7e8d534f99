import { describe, expect, expectTypeOf, it } from 'vitest';
import type { Columns } from '../model/batch.ts';
import type { ExplainedOf, InputsOf } from '../model/contract.ts';
import { engine } from '../scoring/engine.ts';
import { logisticKind } from './logistic-kind.ts';
import { logisticRegression } from './logistic-regression.ts';

const { compile, parseModel } = engine({ logisticRegression: logisticKind });
const label = { column: 'left', churned: 'yes', horizon: { every: 1, unit: 'month' } } as const;
const left = ['yes', 'no', 'yes', 'no', 'yes', 'no', 'no', 'no'];
const logit = (p: number): number => Math.log(p / (1 - p));
const code = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return 'no error';
};

describe('logisticRegression', () => {
  it('with one category has the log-odds of each level, log-odds ratio and Woolf error √(Σ 1/n), by hand', () => {
    const data = { left, plan: ['a', 'a', 'a', 'b', 'b', 'b', 'b', 'b'] };
    const model = logisticRegression({ label, features: ['plan'] }).fit(data);
    const [intercept, slope] = model.fit.coefficients;
    expect(intercept!.estimate).toBeCloseTo(logit(1 / 5), 12);
    expect(slope!.name).toBe('plan=a');
    expect(slope!.estimate).toBeCloseTo(logit(2 / 3) - logit(1 / 5), 12);
    expect(slope!.standardError).toBeCloseTo(Math.sqrt(1 / 2 + 1 / 1 + 1 / 1 + 1 / 4), 10);
    expect(slope!.oddsRatio).toBeCloseTo(8, 10);
    expect(model.fit.status).toBe('converged');
    const { churnProbability } = compile(model).score(data).columns;
    expect(churnProbability[0]).toBeCloseTo(2 / 3, 12);
    expect(churnProbability[7]).toBeCloseTo(1 / 5, 12);
    expectTypeOf<InputsOf<typeof model>>().toEqualTypeOf<'plan'>();
    expectTypeOf<ExplainedOf<typeof model>>().toEqualTypeOf<'churnProbability'>();
  });

  it('takes the most frequent level as reference, or the stated one, whatever the order of rows', () => {
    const plan = ['c', 'a', 'b', 'a', 'b', 'a', 'b', 'c'];
    const names = (data: Columns, reference?: string): readonly string[] =>
      logisticRegression({ label, features: [reference === undefined ? 'plan' : { column: 'plan', reference }], l2: 1 })
        .fit(data)
        .fit.coefficients.map((c) => c.name);
    expect(names({ left, plan })).toEqual(['(intercept)', 'plan=b', 'plan=c']);
    expect(names({ left: left.toReversed(), plan: plan.toReversed() })).toEqual(['(intercept)', 'plan=b', 'plan=c']);
    expect(names({ left, plan }, 'c')).toEqual(['(intercept)', 'plan=a', 'plan=b']);
    expect(() => names({ left, plan }, 'z')).toThrow(/no level "z"; the column has c, a, b/);
  });

  it('carries the label, the target and the horizon', () => {
    const estimator = logisticRegression({ label, features: ['x'], as: 'risk' });
    expect(estimator.labels).toEqual(['left']);
    expect(estimator.targets!.map((t) => t.output)).toEqual(['risk']);
    expect([...estimator.targets![0]!.actual({ left: ['yes', 'no', null], x: [1, 2, 3] })]).toEqual([1, 0, Number.NaN]);
    const model = estimator.fit({ left, x: [1, 2, 3, 4, 5, 6, 7, 2] });
    expect(model.outputs).toEqual([
      { name: 'risk', type: 'number', horizon: { every: 1, unit: 'month' }, explained: 'log-odds' },
    ]);
  });

  it('ends a separated fit as not-identified with finite weights, names the column and gives it no error', () => {
    const data = {
      left: ['no', 'no', 'no', 'no', 'yes', 'yes', 'yes', 'yes'],
      x: [1, 2, 3, 4, 5, 6, 7, 8],
      noise: [1, 0, 0, 1, 1, 0, 0, 1],
    };
    const model = logisticRegression({ label, features: ['x', 'noise'] }).fit(data);
    expect(model.fit.status).toBe('not-identified');
    expect(model.fit.warnings.join()).toMatch(/separation by .*"x"/);
    const x = model.fit.coefficients.find((c) => c.name === 'x')!;
    expect(Number.isFinite(x.estimate)).toBe(true);
    expect(x.standardError).toBeNull();
    const p = compile(model).score(data).columns.churnProbability;
    expect(p[3]).toBeLessThan(0.05);
    expect(p[4]).toBeGreaterThan(0.95);
    expect(parseModel(JSON.parse(JSON.stringify(model)))).toEqual(model);
  });

  it('names a level that separates alone, and still fits the other columns as if its rows were away', () => {
    const x = [1, 3, 2, 5, 4, 2, 6, 1, 9, 9];
    const y = ['yes', 'no', 'no', 'yes', 'no', 'yes', 'no', 'no', 'yes', 'yes'];
    const plan = ['a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'vip', 'vip'];
    const both = logisticRegression({ label, features: ['x', 'plan'] }).fit({ left: y, x, plan });
    const rest = logisticRegression({ label, features: ['x'] }).fit({ left: y.slice(0, 8), x: x.slice(0, 8) });
    expect(both.fit.status).toBe('not-identified');
    expect(both.fit.warnings).toHaveLength(1);
    expect(both.fit.warnings[0]).toMatch(/separation by "plan=vip":/);
    const slope = (m: typeof rest | typeof both): number => m.fit.coefficients.find((c) => c.name === 'x')!.estimate;
    expect(slope(both)).toBeCloseTo(slope(rest), 6);
    const ridge = logisticRegression({ label, features: ['x', 'plan'], l2: 1 }).fit({ left: y, x, plan });
    expect(ridge.fit.status).toBe('converged');
  });

  it('is not taken for separated when an event is rare: one event in 20,000 rows', () => {
    const n = 20_000;
    const rare = {
      left: Array.from({ length: n }, (_, i) => (i === 77 ? 'yes' : 'no')),
      x: Float64Array.from({ length: n }, (_, i) => (i * 7919) % 101),
    };
    const model = logisticRegression({ label, features: ['x'] }).fit(rare);
    expect(model.fit.status).toBe('converged');
    expect(model.fit.baseRate).toBeCloseTo(1 / n, 15);
  });

  it('stops with one-class when the label has one value, and names the values found when it is never the stated one', () => {
    const x = [1, 2, 3];
    expect(code(() => logisticRegression({ label, features: ['x'] }).fit({ left: ['yes', 'yes', 'yes'], x }))).toBe(
      'one-class',
    );
    expect(() => logisticRegression({ label, features: ['x'] }).fit({ left: ['Ja', 'Nein', 'Ja'], x })).toThrow(
      /label "left" is never "yes"; it holds "Ja", "Nein"/,
    );
    const lost = { left: ['yes', 'no', 'no'], x: [Number.NaN, 2, 3] };
    expect(code(() => logisticRegression({ label, features: ['x'] }).fit(lost))).toBe('one-class');
  });

  it('refuses the label as a feature, a repeated feature, an unknown column and bad options', () => {
    expect(code(() => logisticRegression({ label, features: ['left'] }))).toBe('label-as-feature');
    expect(code(() => logisticRegression({ label, features: ['x', { column: 'x' }] }))).toBe('invalid-option');
    expect(code(() => logisticRegression({ label, features: ['x'] }).fit({ left }))).toBe('unknown-column');
    expect(code(() => logisticRegression({ label, features: ['x'], l2: -1 }))).toBe('invalid-option');
    expect(code(() => logisticRegression({ label, features: ['x'], l2: Number.NaN }))).toBe('invalid-option');
    const horizon = { every: 0, unit: 'month' } as const;
    expect(code(() => logisticRegression({ label: { ...label, horizon }, features: ['x'] }))).toBe('invalid-option');
  });

  it('stops on a feature that is null in every row, and imputes it with weight 0 when told to', () => {
    const data = { left, x: [1, 2, 3, 1, 2, 3, 1, 2], blank: new Float64Array(8).fill(Number.NaN) };
    expect(code(() => logisticRegression({ label, features: ['x', 'blank'] }).fit(data))).toBe('all-null');
    const features = ['x', { column: 'blank', missing: 'impute' }] as const;
    const model = logisticRegression({ label, features }).fit(data);
    const plain = logisticRegression({ label, features: ['x'] }).fit(data);
    expect(model.fit.warnings).toEqual(['left out with weight 0 – null in every row: "blank"']);
    expect(compile(model).score(data).columns.churnProbability).toEqual(
      compile(plain).score(data).columns.churnProbability,
    );
  });

  it('leaves out constants and exact combinations of earlier columns with weight 0 and one warning', () => {
    const x = [1, 2, 3, 1, 2, 3, 1, 2];
    const data = { left, flat: x.map(() => 3), x, twice: x.map((v) => 2 * v + 1), one: x.map(() => 'a') };
    const model = logisticRegression({ label, features: ['flat', 'x', 'twice', 'one'] }).fit(data);
    expect(model.fit.status).toBe('converged');
    expect(model.fit.warnings).toEqual([
      'left out with weight 0 – constant: "flat", "one"; combination of earlier columns: "twice"',
    ]);
    expect(model.terms.map((t) => ('weights' in t ? t.weights : t.weight))).toEqual([0, expect.any(Number), 0, [0]]);
    const plain = logisticRegression({ label, features: ['x'] }).fit(data);
    expect(model.fit.logLikelihood).toBeCloseTo(plain.fit.logLikelihood, 12);
  });

  it('weighs a row of weight k like k rows, and leaves out weight 0', () => {
    const x = [1, 2, 3, 1, 2, 3, 1, 2];
    const weighted = logisticRegression({ label, features: ['x'], weight: 'w' }).fit({
      left,
      x,
      w: [1, 2, 1, 1, 3, 1, 0, 1],
    });
    const rows = [0, 1, 1, 2, 3, 4, 4, 4, 5, 7];
    const repeated = logisticRegression({ label, features: ['x'] }).fit({
      left: rows.map((i) => left[i]!),
      x: rows.map((i) => x[i]!),
    });
    expect(weighted.intercept).toBeCloseTo(repeated.intercept, 10);
    expect(weighted.fit.logLikelihood).toBeCloseTo(repeated.fit.logLikelihood, 10);
    expect(weighted.fit.rows).toBe(7);
    expect(
      code(() => logisticRegression({ label, features: ['x'], weight: 'w' }).fit({ left, x, w: x.map(() => -1) })),
    ).toBe('invalid-value');
  });

  it('refuses a category with thousands of levels as an identifier', () => {
    const id = Array.from({ length: 3000 }, (_, i) => `c${i}`);
    const many = { left: id.map((_, i) => (i % 3 === 0 ? 'yes' : 'no')), id };
    expect(() => logisticRegression({ label, features: ['id'] }).fit(many)).toThrow(/"id" .* is it an identifier\?/);
  });

  it('names the path of what is wrong in a stored model', () => {
    const model = JSON.parse(
      JSON.stringify(logisticRegression({ label, features: ['x'] }).fit({ left, x: [1, 2, 3, 1, 2, 3, 1, 2] })),
    );
    const broken = (change: (m: typeof model) => void): (() => unknown) => {
      const copy = JSON.parse(JSON.stringify(model));
      change(copy);
      return () => parseModel(copy);
    };
    expect(
      broken((m) => {
        m.terms[0].weight = null;
      }),
    ).toThrow(/terms\[0\]\.weight/);
    expect(
      broken((m) => {
        m.terms[0].column = 'y';
      }),
    ).toThrow(/terms\[0\]\.column: no input "y"/);
    expect(
      broken((m) => {
        m.terms = [];
      }),
    ).toThrow(/expected one per input/);
    expect(
      broken((m) => {
        m.groups = [['x', 'x']];
      }),
    ).toThrow(/groups/);
    expect(
      broken((m) => {
        m.outputs[0].explained = 'money';
      }),
    ).toThrow(/outputs/);
    expect(
      broken((m) => {
        m.extra = 1;
      }),
    ).toThrow(/unknown key "extra"/);
  });

  it('fits without features: the base rate', () => {
    const model = logisticRegression({ label, features: [] }).fit({ left });
    expect(model.intercept).toBeCloseTo(logit(3 / 8), 14);
  });
});
