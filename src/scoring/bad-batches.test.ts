// Batches on a bad day, through every path: views beyond 2 GiB, streams at odd bytes, bitmaps at every bit, dictionaries and
// schemas that change, and plans that go on after an error.
import * as arrow from 'apache-arrow';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readNumbers, toArrow } from '../columns/index.ts';
import { readArrowInto, readIpc, residentMemory, writeIpcBytes } from '../ingest/index.ts';
import { scratchAt } from '../kernels/wasm/registry.ts';
import { seededRandom } from '../numerics/random.ts';
import { compile, type Model, type Plan } from './index.ts';
import { randomBatch, randomModel } from './random-models.test-support.ts';
import { useBuiltThreads } from './threads.test-support.ts';

afterEach(() => vi.restoreAllMocks());

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const item of source) out.push(item);
  return out;
}
const failure = async (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'nothing thrown',
    (error) => `${error.code}: ${error.message}`,
  );
/** All cells of all results, with the reasons; NaN and −0 told apart. */
function cellsOf(scored: readonly { readonly columns: unknown; readonly report: unknown }[]): string {
  const spelt = (_: string, own: unknown): unknown =>
    typeof own === 'number' && !(own > 0 || own < 0) ? `${Object.is(own, -0) ? '−0' : own}` : own;
  return JSON.stringify(
    scored.map(({ columns, report }) => {
      const batch = columns as arrow.RecordBatch;
      return [report, batch.schema.fields.map(({ name }) => [name, ...batch.getChild(name)!])];
    }),
    spelt,
  );
}

/** One of each path: a sum of columns, small trees, deep trees, a purchase model, and two steps in a row. */
function plans(): Plan<Model>[] {
  const wanted = ['logisticRegression', 'gradientBoosting', 'randomForest', 'bgNbd', 'paretoNbd', 'pipeline'];
  const makes = { linear: 1, trees: 1, histories: 1, chain: 1 };
  const random = seededRandom(5);
  return wanted.map((kind) => {
    for (;;)
      for (const make of Object.keys(makes) as (keyof typeof makes)[]) {
        const model = randomModel(make, random);
        const numbers = model.inputs.filter(({ type }) => type === 'number').length;
        if (model.kind === kind && numbers > 1) return compile(model);
      }
  });
}
const all6 = plans();
const named = all6.map((plan) => [plan.model.kind, plan] as const);

/** Cells such as purchase histories may have, so that every model gives figures for most rows. */
const cells = (column: string, rows: number): Float64Array => {
  const random = seededRandom(column.length + rows);
  return Float64Array.from({ length: rows }, () => {
    const u = random.uniform();
    return column === 'frequency' ? Math.floor(9 * u) : column === 'recency' ? 20 * u : column === 'T' ? 20 + 9 * u : u;
  });
};

describe.each(named)('%s', (_, plan) => {
  const { inputs } = plan.model;

  /** Every number column laid behind the one before, from byte `from` of the buffer on. */
  function laid(buffer: ArrayBufferLike, from: number, rows: number): { [name: string]: unknown } {
    let at = from;
    return Object.fromEntries(
      inputs.map(({ name, type, levels }) => {
        if (type === 'category')
          return [name, { codes: Int32Array.from({ length: rows }, (_, i) => (i % 5) % levels!.length), levels }];
        const view = new Float64Array(buffer, at, rows);
        view.set(cells(name, rows));
        at += view.byteLength;
        return [name, view];
      }),
    );
  }

  it('scores columns that lie across and beyond 2 GiB, foreign and resident', () => {
    const rows = 2500;
    const expected = plan.score(laid(new ArrayBuffer(8 * rows * inputs.length), 0, rows) as never);
    // Pages that nobody writes to take no memory.
    const buffer = new ArrayBuffer(2 ** 31 + 2 ** 20);
    const { memory } = scratchAt(residentMemory(2 ** 31 + 2 ** 20).buffer)!;
    for (const home of [buffer, memory.buffer])
      for (const from of [2 ** 31 - 8 * 1000, 2 ** 31 + 8])
        expect(plan.score(laid(home, from, rows) as never)).toEqual(expected);
    expect(memory.buffer.byteLength).toBeGreaterThan(2 ** 31);
  });

  it('scores columns at every eighth byte of a resident memory', () => {
    const rows = 131;
    const expected = plan.score(laid(new ArrayBuffer(8 * rows * inputs.length), 0, rows) as never);
    const memory = residentMemory(1 << 16);
    const end = memory.buffer.byteLength - (1 << 16);
    for (let k = 0; k < 8; k++) expect(plan.score(laid(memory.buffer, end + 8 * k, rows) as never)).toEqual(expected);
  });

  it('scores bitmaps that begin at any bit: foreign, resident and on threads', async () => {
    const random = seededRandom(9);
    const whole = randomBatch(inputs, 250, 0, random);
    const stream = writeIpcBytes(whole);
    const memory = residentMemory(stream.length, { shared: true });
    const [resident] = await all(readArrowInto(memory, stream));
    const parts = Array.from({ length: 9 }, (_, k) => whole.slice(k, 200 + 3 * k));
    const foreign = await all(plan.scoreBatches(parts, { reasons: true }));
    const once = plan.score(whole).columns;
    foreign.forEach(({ columns }, k) => {
      for (const { name } of once.schema.fields)
        expect([...columns.getChild(name)!]).toEqual([...once.getChild(name)!].slice(k, 200 + 3 * k));
    });
    const own = parts.map((_, k) => resident!.slice(k, 200 + 3 * k));
    const expected = cellsOf(foreign);
    expect(cellsOf(await all(plan.scoreBatches(own, { reasons: true })))).toBe(expected);
    for (const source of [parts, own]) {
      useBuiltThreads();
      expect(cellsOf(await all(plan.scoreParallel(source, { threads: 2, reasons: true })))).toBe(expected);
    }
  });

  it('reads a stream that begins at any byte', async () => {
    const batch = randomBatch(inputs, 77, 3, seededRandom(2));
    const stream = writeIpcBytes(batch);
    const expected = cellsOf([plan.score(batch, { reasons: true })]);
    for (let k = 0; k < 9; k++) {
      const bytes = new Uint8Array(stream.length + 16);
      bytes.set(stream, k);
      const source = bytes.subarray(k, k + stream.length);
      for (const own of [readIpc(source), readArrowInto(residentMemory(stream.length), source)])
        expect(cellsOf(await all(plan.scoreBatches(own, { reasons: true })))).toBe(expected);
    }
  });

  it('goes on as if nothing had been after a batch that cannot be scored', () => {
    const random = seededRandom(4);
    const good = randomBatch(inputs, 3000, 5, random);
    const clean = laid(new ArrayBuffer(80 * inputs.length), 0, 10) as never;
    const expected = cellsOf([compile(plan.model).score(good, { reasons: true })]);
    for (const rows of [20, 2100])
      for (const { name, type, levels } of inputs) {
        const of = (wrong: unknown): object =>
          Object.fromEntries(inputs.map((field) => [field.name, field.name === name ? wrong : Array(rows).fill(null)]));
        const end = type === 'number' ? 'text' : {};
        const bad = [null, Number.NaN].map((cell) => of([...Array(rows - 1).fill(cell), end]));
        if (levels) bad.push(of({ codes: new Int32Array(rows).fill(-1).fill(99, rows - 1), levels }));
        for (const batch of bad) {
          plan.score(clean);
          expect(() => plan.score(batch as never)).toThrow(/column/);
          expect(cellsOf([plan.score(good, { reasons: true })])).toBe(expected);
        }
      }
  });
});

describe('streams that change', () => {
  const model = {
    kind: 'logisticRegression',
    version: 1,
    inputs: [
      { name: 'x', type: 'number' },
      { name: 'plan', type: 'category', levels: ['a', 'b', 'c'] },
    ],
    outputs: [{ name: 'p', type: 'number', horizon: null, explained: 'log-odds' }],
    intercept: 0.25,
    terms: [
      { column: 'x', weight: 0.5, missing: null, centre: 0 },
      { column: 'plan', weights: [1, 2, 4], missing: -8, unseen: 8, centre: 0 },
    ],
    groups: [],
    fit: { status: 'converged', rows: 0, warnings: [] },
  } as unknown as Model;
  const plan = compile(model);
  const x = (rows: number): Float64Array => Float64Array.from({ length: rows }, (_, i) => i / 8);
  const p = (z: number): number => 1 / (1 + Math.exp(-z));

  it('scores levels by value where dictionaries differ from batch to batch, in every order', async () => {
    const plansOf = [
      ['a', 'b', 'c', null],
      ['c', 'a', 'd', 'b'],
      ['d', null, 'd', 'd'],
      ['b', 'b', 'b', 'c'],
    ];
    const weights: { readonly [level: string]: number } = { a: 1, b: 2, c: 4, d: 8, null: -8 };
    const expected = plansOf.map((own) => own.map((level, i) => p(0.25 + i / 16 + weights[String(level)]!)));
    const batches = plansOf.map((own) => toArrow({ x: x(4), plan: own }) as arrow.Table);
    expect(new Set(batches.map((own) => String(own.getChild('plan')!.data[0]!.dictionary!.toArray()))).size).toBe(4);
    const check = (
      scored: readonly { readonly columns: unknown; readonly report: { readonly unseenLevels: object } }[],
    ): void => {
      scored.forEach(({ columns }, b) => {
        readNumbers(columns as arrow.RecordBatch, 'p').forEach((own, i) => {
          expect(own).toBeCloseTo(expected[b]![i]!, 14);
        });
      });
      expect(scored.map(({ report }) => report.unseenLevels)).toEqual([{}, { plan: 1 }, { plan: 3 }, {}]);
    };
    check(await all(plan.scoreBatches(batches as never)));
    useBuiltThreads();
    check(await all(plan.scoreParallel(batches as never, { threads: 2 })));
    // A dictionary that a stream replaces.
    const type = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), 7);
    const schema = new arrow.Schema([
      new arrow.Field('x', new arrow.Float64(), true),
      new arrow.Field('plan', type, true),
    ]);
    const parts = batches.map((own) => {
      const { values, nullCount, nullBitmap, dictionary } = own.getChild('plan')!.data[0]!;
      const codes = { type, length: 4, nullCount, nullBitmap, data: values, dictionary: dictionary! };
      const children = [own.getChild('x')!.data[0]!, arrow.makeData(codes as never)];
      const data = arrow.makeData({
        type: new arrow.Struct(schema.fields),
        length: 4,
        nullCount: 0,
        children: children as never,
      });
      return new arrow.RecordBatch(schema, data);
    });
    const writer = new arrow.RecordBatchStreamWriter();
    writer.writeAll(parts);
    const stream = writer.toUint8Array(true);
    check(await all(plan.scoreBatches(readIpc(stream))));
    check(await all(plan.scoreBatches(readArrowInto(residentMemory(stream.length), stream))));
  });

  it('names the batch whose schema is another one, and scores those before it', async () => {
    const good = toArrow({ x: x(3), plan: ['a', 'b', 'c'] });
    const bad: readonly (readonly [object, RegExp])[] = [
      [toArrow({ x: x(3) }), /^unknown-column: batch 2: unknown column "plan": the batch has x$/],
      [toArrow({ y: x(3), plan: ['a', 'b', 'c'] }), /^unknown-column: batch 2: unknown column "x"/],
      [toArrow({ x: ['1', '2', '3'], plan: ['a', 'b', 'c'] }), /^wrong-type: batch 2: column "x"/],
      [
        toArrow({ x: x(3), plan: ['a', 'b', 'c'], p: x(3) }),
        /^output-taken: batch 2: the batch already has a column "p"/,
      ],
    ];
    for (const [batch, message] of bad) {
      let seen = 0;
      const batches = [good, good, batch, good] as never;
      const count = async (source: AsyncIterable<unknown>): Promise<void> => {
        seen = 0;
        for await (const _ of source) seen++;
      };
      expect(await failure(count(plan.scoreBatches(batches)))).toMatch(message);
      expect(seen).toBe(2);
      useBuiltThreads();
      expect(await failure(count(plan.scoreParallel(batches, { threads: 2 })))).toMatch(message);
      expect(seen).toBe(2);
    }
    // Another number type, and numbers that become categories' names, are no other schema for a model.
    const other = toArrow({ x: Int32Array.of(0, 1, 2), plan: ['a', 'b', 'c'] });
    const own = await all(plan.scoreBatches([good, other] as never));
    expect(readNumbers(own[1]!.columns as never, 'p')[2]).toBeCloseTo(p(0.25 + 1 + 4), 14);
  });

  it('reads 64-bit columns of a buffer of 2 GiB', () => {
    const values = new BigInt64Array(new ArrayBuffer(2 ** 31 + 64));
    values.set([1n, -5n, 2n ** 60n]);
    const chunk = { length: 3, nullCount: 0, offset: 0, values };
    for (const type of [
      { typeId: 2, bitWidth: 64, isSigned: true },
      { typeId: 10, unit: 1 },
    ]) {
      const batch = {
        numRows: 3,
        schema: { fields: [{ name: 'x' }] },
        getChild: () => ({ length: 3, type, data: [chunk] }),
      };
      const read = [...readNumbers(batch as never, 'x')];
      expect(read).toEqual(type.unit ? [0, -1, 13343998895] : [1, -5, Number.NaN]);
    }
  });
});
