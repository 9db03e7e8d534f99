import { Field as ArrowField, Float64, makeData, RecordBatch, Schema, Struct, Table } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { BLOCK } from '../kernels/block.ts';
import { engine } from './engine.ts';
import { mergeReports } from './report.ts';
import { centred, centredKind, levelMean, levelMeanKind } from './toy-kinds.test-support.ts';

const { compile, parseModel } = engine({ centred: centredKind, levelMean: levelMeanKind });
const model = centred({ column: 'x', as: 'margin' }).fit({ x: [1, 2, 6] });
const plan = compile(model);

function arrowBatch(columns: { readonly [name: string]: readonly number[] }): RecordBatch {
  const names = Object.keys(columns);
  const schema = new Schema(names.map((name) => new ArrowField(name, new Float64(), true)));
  const length = columns[names[0]!]!.length;
  const children = names.map((name) =>
    makeData({ type: new Float64(), length, nullCount: 0, data: Float64Array.from(columns[name]!) }),
  );
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }));
}

describe('plan.score', () => {
  it('scores a batch that asks for scores while it is read', () => {
    const inner: Float64Array[] = [];
    const x = {
      length: 3,
      0: 3,
      get 1() {
        inner.push(plan.score({ x: [6, Number.NaN] }).columns.margin);
        return 4;
      },
      2: Number.NaN,
    };
    expect(plan.score({ x }).columns.margin).toEqual(Float64Array.of(0, 1, Number.NaN));
    expect(inner).toEqual([Float64Array.of(3, Number.NaN)]);
    expect(plan.score({ x: [4] }).report.nulls).toEqual({});
  });

  it('gives plain columns for plain ones, and a record batch for Arrow, with the same numbers', () => {
    const plain = plan.score({ x: [3, Number.NaN, 5] });
    expect(plain.columns.margin).toEqual(Float64Array.of(0, Number.NaN, 2));
    expect(plain.report).toEqual({ rows: 3, nulls: { margin: { 'not-finite': 1 } }, unseenLevels: {} });
    const { columns } = plan.score(arrowBatch({ x: [3, Number.NaN, 5] }));
    const margin = columns.getChild('margin')!;
    expect([margin.get(0), margin.get(1), margin.get(2)]).toEqual([0, null, 2]);
  });

  it('tells why a cell is null when asked', () => {
    const { columns } = plan.score({ x: [3, null, Number.POSITIVE_INFINITY] }, { reasons: true });
    const { codes, levels } = (columns as unknown as { marginReason: { codes: Int32Array; levels: string[] } })
      .marginReason;
    expect([...codes].map((code) => levels[code] ?? null)).toEqual(['valid', 'missing', 'not-finite']);
  });

  it('does not change with block or batch boundaries', () => {
    const rows = 2 * BLOCK + 37;
    const x = Array.from({ length: rows }, (_, i) => (i % 97 === 0 ? null : Math.sin(i) * 1e3));
    const whole = plan.score({ x }).columns.margin;
    for (const size of [1, 7, BLOCK - 1, BLOCK, BLOCK + 1, rows]) {
      const parts: number[] = [];
      const step = size === 1 ? 1 : size;
      for (let start = 0; start < (size === 1 ? 50 : rows); start += step)
        parts.push(...plan.score({ x: x.slice(start, start + step) }).columns.margin);
      expect(parts).toEqual([...whole.subarray(0, parts.length)]);
    }
  });

  it('gives an empty result for an empty batch, Arrow and plain', () => {
    expect(plan.score({ x: [] }).columns.margin).toHaveLength(0);
    expect(plan.score(arrowBatch({ x: [] })).columns.numRows).toBe(0);
  });

  it('leaves the input as it was', () => {
    const x = Float64Array.of(1, Number.NaN, 3);
    plan.score({ x });
    expect([...x]).toEqual([1, Number.NaN, 3]);
  });

  it('counts levels it does not know', () => {
    const means = levelMean({ category: 'g', label: 'y' }).fit({ g: ['a', 'b'], y: [0, 1] });
    const { report } = compile(means).score({ g: ['a', 'q', 'q', null] });
    expect(report.unseenLevels).toEqual({ g: 2 });
    expect(report.nulls).toEqual({ levelMean: { missing: 1, 'unseen-level': 2 } });
  });

  it('names an unknown column, a doubled one, a wrong type, unequal lengths and a taken output', () => {
    // @ts-expect-error the input column is missing
    expect(() => plan.score({ y: [1] })).toThrow('unknown column "x": the batch has y');
    expect(() => plan.score({ x: ['a'] })).toThrow('column "x"');
    expect(() => plan.score({ x: [1], y: [1, 2] } as { x: number[] })).toThrow(
      'column "y" has 2 rows, column "x" has 1',
    );
    expect(() => plan.score({ x: [1], margin: [1] } as { x: number[] })).toThrow('already has a column "margin"');
    const schema = new Schema([new ArrowField('x', new Float64()), new ArrowField('x', new Float64())]);
    const data = () => makeData({ type: new Float64(), length: 1, nullCount: 0, data: Float64Array.of(1) });
    const twice = new RecordBatch(
      schema,
      makeData({ type: new Struct(schema.fields), length: 1, nullCount: 0, children: [data(), data()] }),
    );
    expect(() => plan.score(twice)).toThrow('column "x" occurs 2 times');
  });
});

describe('plan.scoreBatches', () => {
  it('scores as they come, and its reports add up', async () => {
    const batches = [arrowBatch({ x: [1, Number.NaN] }), arrowBatch({ x: [2] })];
    const rows: number[] = [];
    let report = plan.score({ x: [] }).report;
    for await (const scored of plan.scoreBatches(batches)) {
      rows.push(scored.columns.numRows);
      report = mergeReports(report, scored.report);
    }
    expect(rows).toEqual([2, 1]);
    expect(report).toEqual({ rows: 3, nulls: { margin: { 'not-finite': 1 } }, unseenLevels: {} });
  });

  it('adds reports up whatever columns are called, and leaves prototypes alone', () => {
    const { report } = compile(centred({ column: 'x', as: '__proto__' }).fit({ x: [1, 3] })).score({ x: [1, null] });
    expect(JSON.stringify(mergeReports(report, report))).toBe(
      '{"rows":4,"nulls":{"__proto__":{"missing":2}},"unseenLevels":{}}',
    );
    expect(({} as { missing?: number }).missing).toBeUndefined();
  });

  it('refuses reasons by a name that an output has', () => {
    const outputs = [{ name: 'margin', type: 'number' } as const, { name: 'marginReason', type: 'number' } as const];
    const kind = { ...centredKind, bind: () => () => {} };
    const own = engine({ centred: kind as typeof centredKind });
    const both = own.compile({ ...model, outputs } as unknown as typeof model);
    expect(() => both.score({ x: [1] }, { reasons: true })).toThrow('the model has an output "marginReason"');
    expect(both.score({ x: [1] }).report.rows).toBe(1);
  });

  it('gives every batch the same schema, so that they make one table', async () => {
    const scored: RecordBatch[] = [];
    for await (const { columns } of plan.scoreBatches([arrowBatch({ x: [1] }), arrowBatch({ x: [2, 3] })]))
      scored.push(columns);
    expect([...new Table(scored).getChild('margin')!.toArray()]).toEqual([-2, -1, 0]);
  });

  it('names the batch whose schema is another one', async () => {
    const run = async () => {
      for await (const _ of plan.scoreBatches([arrowBatch({ x: [1] }), arrowBatch({ other: [1] })]));
    };
    await expect(run()).rejects.toThrow('batch 1: unknown column "x"');
  });
});

describe('parseModel', () => {
  const json = () => JSON.parse(JSON.stringify(model));
  const refused = (value: unknown) => {
    try {
      parseModel(value);
    } catch (error) {
      return `${(error as { code: string }).code}: ${(error as Error).message}`;
    }
    return 'accepted';
  };

  it('reads what was saved', () => {
    expect(parseModel(json())).toEqual(model);
  });

  it('names the place of a fault', () => {
    expect(refused(null)).toContain('invalid-model');
    expect(refused({ kind: 'nothing' })).toContain(
      'unknown-kind: unknown model kind "nothing"; this engine knows centred',
    );
    expect(refused({ ...json(), version: 2 })).toContain('model.version: centred version 2 cannot be read here');
    expect(refused({ ...json(), mean: 'x' })).toContain('model.mean: expected a finite number');
    expect(refused({ ...json(), extra: 1 })).toContain('unknown key "extra"');
    const { mean: _, ...without } = json();
    expect(refused(without)).toContain('missing key "mean"');
    expect(refused(JSON.parse(JSON.stringify(model).replace('{', '{"__proto__": {"mean": 1}, ')))).toContain(
      '"__proto__" is refused',
    );
    let deep: unknown = 1;
    for (let i = 0; i < 40; i++) deep = [deep];
    expect(refused({ ...json(), mean: deep })).toContain('nested deeper than 32');
  });
});
