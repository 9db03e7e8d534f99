import { Field as ArrowField, Float64, makeData, RecordBatch, Schema, Struct } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { gradientBoosting, logisticRegression, topReasons } from '../churn/index.ts';
import type { CategoryColumn } from '../model/batch.ts';
import { seededRandom } from '../numerics/random.ts';
import { compile } from './all-kinds.ts';

const random = seededRandom(2);
const label = { column: 'y', churned: 1, horizon: null } as const;
const features = ['a', 'b', 'c', 'd'] as const;
const rows = 3000;
const data = {
  a: Array.from({ length: rows }, () => (random.below(20) ? random.uniform() : null)),
  b: Array.from({ length: rows }, () => random.below(5)),
  c: Array.from({ length: rows }, () => 'uvw'[random.below(3)]!),
  d: Array.from({ length: rows }, () => random.uniform() - 0.5),
  y: [] as number[],
};
for (let i = 0; i < rows; i++)
  data.y.push(random.uniform() < 0.2 + 0.3 * (data.a[i] ?? 0) + (data.c[i] === 'v' ? 0.3 : 0) ? 1 : 0);
const { y: _, ...batch } = data;
const logistic = logisticRegression({ label, features }).fit(data);
const boosted = gradientBoosting({ label, features, rounds: 20, leaves: 8, earlyStopping: false }).fit(data);

describe('plan.scoreWithReasons', () => {
  for (const [name, model] of [
    ['logistic', logistic],
    ['boosting', boosted],
  ] as const)
    it(`gives the scores of score and the reasons that topReasons picks of explain: ${name}`, () => {
      const plan = compile(model);
      for (const k of [1, 3, 6]) {
        const { columns, report } = plan.scoreWithReasons(batch, { output: 'churnProbability', k });
        const plain = plan.score(batch);
        expect(columns.churnProbability).toEqual(plain.columns.churnProbability);
        expect(report).toEqual(plain.report);
        const { reasons } = topReasons(plan.explain(batch, 'churnProbability'), k);
        reasons.forEach((own, r) => {
          const found = columns[`reason${r + 1}` as const] as CategoryColumn;
          expect(found.levels).toEqual(own.levels);
          expect(found.codes).toEqual(own.codes);
        });
      }
    });

  it('gives Arrow for Arrow, null where there is no reason', () => {
    const plan = compile(logisticRegression({ label, features: ['b', 'd'] }).fit(data));
    const columns = { b: data.b, d: data.d.map((cell, i) => (i === 1 ? Number.NaN : cell)) };
    const schema = new Schema(['b', 'd'].map((column) => new ArrowField(column, new Float64(), true)));
    const children = [columns.b, columns.d].map((cells) =>
      makeData({ type: new Float64(), length: rows, nullCount: 0, data: Float64Array.from(cells) }),
    );
    const type = new Struct(schema.fields);
    const arrow = new RecordBatch(schema, makeData({ type, length: rows, nullCount: 0, children }));
    const told = plan.scoreWithReasons(arrow, { output: 'churnProbability' }).columns;
    expect(told.schema.fields.map(({ name }) => name)).toEqual(['churnProbability', 'reason1', 'reason2', 'reason3']);
    const plain = plan.scoreWithReasons(columns, { output: 'churnProbability' }).columns;
    for (const column of ['reason1', 'reason2', 'reason3'] as const) {
      const { codes, levels } = plain[column] as CategoryColumn;
      const vector = told.getChild(column)!;
      for (let i = 0; i < rows; i++) expect(vector.get(i)).toBe(levels[codes[i]!] ?? null);
    }
    expect(told.getChild('reason1')!.get(1)).toBeNull();
    expect(told.getChild('churnProbability')!.get(1)).toBeNull();
  });

  it('gives empty columns for an empty batch', () => {
    const { columns } = compile(logistic).scoreWithReasons(
      { a: [], b: [], c: [], d: [] },
      { output: 'churnProbability' },
    );
    expect(columns.reason1?.codes).toHaveLength(0);
    expect(columns.reason3?.codes).toHaveLength(0);
  });

  it('refuses an impossible k, an unknown output, and names that are taken', () => {
    const plan = compile(logistic);
    const output = 'churnProbability';
    expect(() => plan.scoreWithReasons(batch, { output, k: 0 })).toThrow('invalid k: 0');
    expect(() => plan.scoreWithReasons(batch, { output: 'p' as never })).toThrow('unknown output "p"');
    const taken = { ...batch, reason2: data.b };
    expect(() => plan.scoreWithReasons(taken, { output })).toThrow('already has a column "reason2"');
    expect(() => plan.scoreWithReasons(taken, { output, k: 1 })).not.toThrow();
    const renamed = logisticRegression({ label, features, as: 'reason1' }).fit(data);
    expect(() => compile(renamed).scoreWithReasons(batch, { output: 'reason1' })).toThrow('has an output "reason1"');
  });
});
