// Random models and batches: whatever way a batch takes – foreign columns, resident ones, sliced, cut into chunks, plain, on
// threads, with WASM refused – the bits are the same.
import { createHash } from 'node:crypto';
import * as arrow from 'apache-arrow';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { readCategories, readNumbers } from '../columns/index.ts';
import { readArrowInto, residentMemory, writeIpcBytes } from '../ingest/index.ts';
import { twinLibrary } from '../kernels/wasm/without-wasm.test-support.ts';
import type { Columns } from '../model/batch.ts';
import { seededRandom } from '../numerics/random.ts';
import { compile, type Model, type ParallelProgress, type Plan } from './index.ts';
import { MAKES, randomBatch, randomModel } from './random-models.test-support.ts';
import { useBuiltThreads } from './threads.test-support.ts';

let twin: Awaited<ReturnType<typeof twinLibrary>>;
beforeAll(async () => {
  twin = await twinLibrary();
});
afterEach(() => vi.restoreAllMocks());

/** A digest of every byte of the results, and of the report. */
function bitsOf({ columns, report }: { readonly columns: unknown; readonly report: unknown }): string {
  const hash = createHash('sha256').update(JSON.stringify(report));
  const add = (view: ArrayBufferView | null | undefined): void => {
    if (view) hash.update(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    hash.update('.');
  };
  const { schema, getChild } = columns as arrow.RecordBatch;
  for (const { name } of schema.fields) {
    const [data] = getChild.call(columns, name)!.data;
    hash.update(`${name} ${data!.length} ${data!.nullCount}`);
    add(data!.values);
    add(data!.nullBitmap);
  }
  return hash.digest('hex');
}
async function resident(batch: arrow.RecordBatch, shared = false): Promise<arrow.RecordBatch> {
  const stream = writeIpcBytes(batch);
  for await (const own of readArrowInto(residentMemory(stream.length, { shared }), stream)) return own;
  throw new Error('no batch');
}
const score = (plan: Plan<Model>, batch: unknown): string =>
  bitsOf(plan.score(batch as never, { reasons: true }) as never);

/** Contributions and strongest reasons, where a model has them. */
function why(plan: Plan<Model>, batch: unknown): string {
  const output = plan.model.outputs.find(({ explained }) => explained !== undefined)?.name;
  if (output === undefined) return '';
  const { contributions } = plan.explain(batch as never, output as never);
  const hash = createHash('sha256');
  for (const own of contributions) hash.update(own);
  return hash.digest('hex') + bitsOf(plan.scoreWithReasons(batch as never, { output } as never) as never);
}

const ROWS = [2, 7, 63, 65, 1000, 2047, 2048, 2049, 4500];

describe.each(MAKES)('scores of random models have the same bits whichever way they are computed: %s', (make) => {
  it.each([1, 2])('seed %i', async (seed) => {
    const random = seededRandom(100 * MAKES.indexOf(make) + seed);
    for (let turn = 0; turn < 4; turn++) {
      const model = randomModel(make, random);
      const plan = compile(model);
      const plain = twin((library) => library.compile(model)) as unknown as Plan<Model>;
      for (let k = 0; k < 4; k++) {
        const rows = k < 2 ? k : ROWS[random.below(ROWS.length)]!;
        const offset = random.below(9);
        const batch = randomBatch(model.inputs, rows, offset, random);
        const what = `${model.kind}, turn ${turn}, ${rows} rows from bit ${offset}`;
        const expected = twin(() => score(plain, batch));
        expect(score(plan, batch), `${what}, foreign`).toBe(expected);
        const own = await resident(batch);
        expect(score(plan, own), `${what}, resident`).toBe(expected);
        const cut = Math.floor(rows / 3);
        const part = batch.slice(cut);
        expect(score(plan, own.slice(cut)), `${what}, resident, from row ${cut}`).toBe(twin(() => score(plain, part)));
        if (rows > 1) {
          const chunks = new arrow.Table([batch.slice(0, cut), part]);
          expect(score(plan, chunks), `${what}, two chunks`).toBe(expected);
        }
        if (rows > 100) continue;
        const reasons = twin(() => why(plain, batch));
        expect(why(plan, batch), `${what}, contributions, foreign`).toBe(reasons);
        expect(why(plan, own), `${what}, contributions, resident`).toBe(reasons);
      }
    }
  });

  it('on threads and of plain columns', async () => {
    const random = seededRandom(100 * MAKES.indexOf(make));
    const model = randomModel(make, random);
    const plan = compile(model);
    const batches = [0, 1, 2500, 2047].map((rows, b) => randomBatch(model.inputs, rows, b, random));
    const expected = batches.map((batch) => score(plan, batch));
    const shared = await Promise.all(batches.map((batch) => resident(batch, true)));
    for (const source of [batches, shared]) {
      useBuiltThreads();
      const seen: string[] = [];
      let atWork = 0;
      const options = { threads: 2, reasons: true, onProgress: (own: ParallelProgress) => (atWork = own.threads) };
      for await (const scored of plan.scoreParallel(source, options)) seen.push(bitsOf(scored));
      expect([...seen, atWork]).toEqual([...expected, 2]);
    }
    const read = (batch: Columns, { name, type }: (typeof model.inputs)[number]): Float64Array | object =>
      type === 'number' ? readNumbers(batch, name) : readCategories(batch, name);
    for (const batch of batches) {
      const columns = Object.fromEntries(model.inputs.map((field) => [field.name, read(batch, field)]));
      if (model.inputs.length === 0) continue;
      const scored = plan.score(columns as never).columns as Columns;
      const arrowScored = plan.score(batch).columns;
      for (const field of model.outputs) expect(read(scored, field)).toEqual(read(arrowScored, field));
    }
  });
});
