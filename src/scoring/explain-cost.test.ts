import * as arrow from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { decisionTree, gradientBoosting, logisticRegression, randomForest } from '../churn/index.ts';
import { bgNbd, mbgNbd, nbd, paretoNbd } from '../clv/index.ts';
import { toArrow } from '../columns/index.ts';
import { loyalty } from '../index.ts';
import { readArrowInto, residentMemory, writeIpcBytes } from '../ingest/index.ts';
import { twinLibrary } from '../kernels/wasm/without-wasm.test-support.ts';
import type { Kind, ModelBase } from '../model/contract.ts';
import { seededRandom } from '../numerics/random.ts';
import { sigmoidInPlace } from '../numerics/sigmoid.ts';
import { engine } from './engine.ts';
import { compile, pipeline } from './index.ts';

const random = seededRandom(11);
const rows = 5000;
const numbers = (): Float64Array => Float64Array.from({ length: rows }, () => random.uniform());
const a = numbers();
const data = {
  a,
  b: numbers(),
  plan: Array.from({ length: rows }, () => ['basic', 'plus', 'pro'][random.below(3)]!),
  left: Array.from(a, (own) => (random.uniform() < own * own ? 'yes' : 'no')),
};
const label = { column: 'left', churned: 'yes', horizon: { every: 1, unit: 'month' } } as const;
const features = ['a', 'b'] as const;
const linear = compile(logisticRegression({ label, features }).fit(data));

async function resident(columns: { readonly [name: string]: unknown }): Promise<arrow.RecordBatch> {
  const stream = writeIpcBytes(toArrow(columns as never));
  for await (const batch of readArrowInto(residentMemory(stream.length), stream)) return batch;
  throw new Error('no batch');
}
const first = ({ steps }: { readonly steps: readonly object[] }): object => steps[0]!;

describe('plan.explainCost', () => {
  it('tells the steps of a pipeline in their order, without a batch as with one', () => {
    const plan = compile(pipeline([gradientBoosting({ label, features, rounds: 8 }), loyalty()]).fit(data));
    const { noWasm, steps, columns } = plan.explainCost();
    expect(noWasm).toBeNull();
    expect(steps).toEqual([
      {
        step: 0,
        kind: 'gradientBoosting',
        path: 'wasm',
        kernel: 'select programs on 8-bit codes',
        why: expect.stringMatching(/255 thresholds/),
      },
      expect.objectContaining({ step: 1, kind: 'loyalty' }),
    ]);
    expect(columns).toEqual([]);
    expect(plan.explainCost(data).steps).toEqual(steps);
  });

  it('tells foreign columns from resident ones, and what that means for a sum', async () => {
    const foreign = linear.explainCost(data);
    expect(first(foreign)).toMatchObject({
      path: 'wasm',
      kernel: 'SIMD sum of columns, sigmoid',
      why: 'columns that do not lie in the WASM memory are copied there block by block',
    });
    expect(foreign.columns[0]).toEqual({
      column: 'a',
      read: 'held',
      resident: false,
      why: 'Float64 in a buffer of its own: readArrowInto a residentMemory lays it where kernels work',
    });
    const own = linear.explainCost(await resident({ a: data.a, b: data.b }));
    expect(own.steps).toEqual(foreign.steps);
    expect(own.columns.map(({ read, resident }) => [read, resident])).toEqual([
      ['held', true],
      ['held', true],
    ]);
  });

  it('says how often a block of a column is copied: where chunks meet', () => {
    const whole = toArrow({ a: data.a, b: data.b }) as arrow.Table;
    const cut = whole.slice(0, 2100).concat(whole.slice(2100)) as arrow.Table;
    const { columns } = linear.explainCost(cut);
    expect(columns[0]).toMatchObject({ read: 'copied', why: '1 of 3 blocks, as they go over the end of a chunk' });
  });

  it('says how often blocks of a step went another way', () => {
    const kind: Kind<ModelBase<'toy'>> = {
      kind: 'toy',
      version: 1,
      parse: (json) => json as ModelBase<'toy'>,
      bind: () => (rows, inputs, outputs) => {
        outputs[0]!.values.set(inputs[0]!.values.subarray(0, rows));
        if (rows === 2048) sigmoidInPlace(rows, outputs[0]!.values);
      },
      cost: (_, called) =>
        called.has('sigmoid')
          ? { path: 'wasm', kernel: 'fast', why: 'the block is whole' }
          : { path: 'typescript', kernel: 'slow', why: 'it is not' },
    };
    const field = { name: 'a', type: 'number' } as const;
    const toy: ModelBase<'toy'> = {
      kind: 'toy',
      version: 1,
      inputs: [field],
      outputs: [{ ...field, name: 'p' }],
      fit: { status: 'converged', rows: 0, warnings: [] },
    };
    const { steps } = engine({ kind }).compile(toy).explainCost(data);
    expect(steps[0]).toEqual({
      step: 0,
      kind: 'toy',
      path: 'wasm',
      kernel: 'fast',
      why: 'the block is whole; 1 of 3 blocks: slow, since it is not',
    });
  });

  it('says why a column is not used as it lies', () => {
    const plan = compile(logisticRegression({ label, features: ['a', 'b', 'plan'] }).fit(data));
    const reads = (columns: object): unknown[] =>
      plan.explainCost({ ...data, ...columns } as never).columns.map(({ read, why }) => `${read}: ${why}`);
    const [a, b, text] = reads({ a: new Int32Array(rows), b: Array.from(data.b) });
    expect(a).toBe('decoded: Int32 becomes float64: a column of Float64 is used as it lies');
    expect(b).toBe('decoded: a plain array becomes float64: a column of Float64 is used as it lies');
    expect(text).toMatch(/^encoded: a plain array: make it a dictionary/);
    const floats = arrow.makeVector(Float32Array.from(data.a));
    const batch = toArrow({ b: Array.from(data.b, (x, i) => (i === 7 ? null : x)) }) as arrow.Table;
    const plans = arrow.vectorFromArray(data.plan, new arrow.Utf8());
    const both = new arrow.Table({ a: floats, b: batch.getChild('b')!, plan: plans });
    expect(plan.explainCost(both).columns.map(({ read, why }) => `${read}: ${why}`)).toEqual([
      'decoded: Float32 becomes float64: a column of Float64 is used as it lies',
      'copied: 3 of 3 blocks, to blank its nulls',
      'encoded: Utf8: make it a dictionary, which is not encoded anew with every batch',
    ]);
    const mapped = plan.explainCost(toArrow({ a: data.a, b: data.b, plan: data.plan })).columns[2]!;
    expect(mapped).toMatchObject({ read: 'mapped', why: expect.stringContaining('Dictionary<Utf8>') });
  });

  it('gives the reason for each way that trees take', () => {
    const tree = compile(decisionTree({ label, features, maxDepth: 4 }).fit(data));
    expect(first(tree.explainCost())).toMatchObject({
      kernel: 'walk on float64 cells',
      why: expect.stringMatching(/^coding the cells pays from \d trees on$/),
    });
    const grown = { label, features, trees: 20, seed: 1 } as const;
    const deep = compile(randomForest({ ...grown, maxDepth: 30, minLeaf: 1 }).fit(data));
    expect(first(deep.explainCost())).toMatchObject({
      path: 'wasm',
      kernel: 'walk on float64 cells',
      why: expect.stringMatching(/^an 8-bit code tells 255 thresholds of a column apart, there is one with \d+$/),
    });
  });

  it('tells the families of purchase models that have kernels from those that have none', () => {
    const shop = { frequency: [0, 1, 2, 3, 0, 5], recency: [0, 3, 5, 10, 0, 12], T: [10, 20, 15, 18, 30, 13] };
    for (const estimator of [bgNbd, mbgNbd, paretoNbd])
      expect(first(compile(estimator({ unit: 'week' }).fit(shop) as never).explainCost())).toMatchObject({
        path: 'wasm',
      });
    expect(first(compile(nbd({ unit: 'week' }).fit(shop)).explainCost())).toMatchObject({ path: 'typescript' });
  });

  it('says what the engine has against WASM', async () => {
    const twin = await twinLibrary();
    const { noWasm, steps } = twin(({ compile }) => compile(linear.model).explainCost(data));
    expect(noWasm).toBe('code generation is disallowed');
    expect(steps).toEqual([
      {
        step: 0,
        kind: 'logisticRegression',
        path: 'typescript',
        kernel: 'plain loops',
        why: 'no WASM with SIMD here: code generation is disallowed',
      },
    ]);
  });

  it('leaves the plan as it was, takes a batch without rows, and refuses what score refuses', () => {
    const before = linear.score({ a: data.a, b: data.b });
    expect(linear.explainCost({ a: [], b: [] }).columns).toEqual([]);
    expect(linear.explainCost({ a: [], b: [] }).steps).toEqual(linear.explainCost().steps);
    expect(() => linear.explainCost({ a: [1] } as never)).toThrow(/unknown column "b"/);
    expect(linear.score({ a: data.a, b: data.b })).toEqual(before);
  });
});
