import { readFileSync } from 'node:fs';
import * as arrow from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { toArrow } from '../columns/index.ts';
import { scratchAt } from '../kernels/wasm/registry.ts';
import { seededRandom } from '../numerics/random.ts';
import { compile } from '../scoring/index.ts';
import { readArrowInto, readIpc, residentMemory, writeIpcBytes } from './index.ts';
import { sampleStream } from './ipc.test-support.ts';

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const item of source) out.push(item);
  return out;
}
async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}
const bytesOf = ({ data: [chunk] }: arrow.Vector): Buffer => {
  const { buffer, byteOffset, byteLength } = chunk!.values;
  return Buffer.from(buffer, byteOffset, byteLength);
};
const cells = (batches: readonly arrow.RecordBatch[]): string =>
  JSON.stringify(batches.map((batch) => batch.schema.fields.map(({ name }) => [...batch.getChild(name)!].map(String))));
const code = async (make: () => unknown): Promise<string> => {
  try {
    await make();
    return 'nothing thrown';
  } catch (error) {
    return `${(error as { code?: string }).code}: ${(error as Error).message}`;
  }
};

/** p = 1/(1 + e^−(0.25 + Σ w·x + weight of the level)), of seven numbers and a category. */
const names = Array.from({ length: 7 }, (_, k) => `x${k}`);
const model = {
  kind: 'logisticRegression',
  version: 1,
  inputs: [
    ...names.map((name) => ({ name, type: 'number' as const })),
    { name: 'plan', type: 'category' as const, levels: ['a', 'b'] },
  ],
  outputs: [{ name: 'p', type: 'number', horizon: null, explained: 'log-odds' }],
  intercept: 0.25,
  terms: [
    ...names.map((column, k) => ({
      column,
      weight: (k - 3) / 4 + 0.1,
      missing: k === 5 ? { value: 0.5, weight: -0.25 } : null,
      centre: 0,
    })),
    { column: 'plan', weights: [0.5, -0.5], missing: 0.125, unseen: null, centre: 0 },
  ],
  groups: [],
  fit: { status: 'converged', rows: 0, warnings: [] },
} as unknown as Parameters<typeof compile>[0];

/** A table whose numbers have nulls in the bits from `offset` on, and now and then a cell that is not finite. */
function table(rows: number, offset: number, nulls: number): arrow.RecordBatch {
  const random = seededRandom(rows + offset);
  const numbers = names.map(() => {
    const length = rows + offset;
    const data = Float64Array.from({ length }, () =>
      random.uniform() < 0.01 ? [Number.NaN, Infinity, -0, 5e-324][random.below(4)]! : 4 * random.uniform() - 2,
    );
    const bits = new Uint8Array(Math.ceil(length / 8));
    for (let i = 0; i < length; i++) if (random.uniform() >= nulls) bits[i >> 3]! |= 1 << (i & 7);
    return arrow.makeData({ type: new arrow.Float64(), length, nullCount: -1, nullBitmap: bits, data });
  });
  const levels = Array.from({ length: rows + offset }, () => ['a', 'b', 'c', null][random.below(4)]!);
  const plan = toArrow({ plan: levels }) as arrow.Table;
  const fields = [...names.map((name) => new arrow.Field(name, new arrow.Float64(), true)), plan.schema.fields[0]!];
  const children = [...numbers, plan.getChild('plan')!.data[0]!];
  const data = arrow.makeData({
    type: new arrow.Struct(fields),
    length: rows + offset,
    nullCount: 0,
    children: children as arrow.Data[],
  });
  return new arrow.RecordBatch(new arrow.Schema(fields), data).slice(offset);
}

describe('readArrowInto', () => {
  it('reads the cells that readIpc reads, whatever the chunks, shared or not', async () => {
    const stream = sampleStream();
    const expected = cells(await all(readIpc(stream)));
    for (const shared of [false, true])
      for (const size of [1, 7, 1000, 1e6]) {
        const memory = residentMemory(stream.length, { shared });
        expect(cells(await all(readArrowInto(memory, inChunks(stream, size))))).toBe(expected);
      }
    const memory = residentMemory(stream.length);
    expect(cells(await all(readArrowInto(memory, stream)))).toBe(expected);
    expect(cells(await all(readArrowInto(memory, stream)))).toBe(expected);
  });

  it('lays the cells into the memory, on a boundary of 64 bytes', async () => {
    const stream = writeIpcBytes([toArrow({ x: Float64Array.of(1, 2, 3) }), toArrow({ x: Float64Array.of(4) })]);
    const memory = residentMemory(stream.length);
    for (const batch of await all(readArrowInto(memory, stream))) {
      const { values } = batch.getChild('x')!.data[0]!;
      expect(values.buffer).toBe(memory.buffer);
      expect(values.byteOffset % 64).toBe(0);
      expect(scratchAt(values.buffer)).toBeDefined();
    }
  });

  it('gives scores of the same bits as foreign buffers do, with nulls at every place of the bitmap', async () => {
    const plan = compile(model);
    for (const shared of [false, true])
      for (const [rows, nulls] of [
        [0, 0],
        [1, 0.5],
        [9, 0.4],
        [2047, 0],
        [2051, 0.1],
        [6000, 0.02],
      ] as const)
        for (let offset = 0; offset < (rows > 3000 ? 2 : 9); offset++) {
          const batch = table(rows, offset, nulls);
          const stream = writeIpcBytes(batch);
          const memory = residentMemory(stream.length, { shared });
          for (const resident of await all(readArrowInto(memory, stream))) {
            const slow = plan.score(batch, { reasons: true });
            const fast = plan.score(resident, { reasons: true });
            expect(fast.report).toEqual(slow.report);
            for (const name of ['p', 'pReason']) {
              const [a, b] = [slow, fast].map(({ columns }) => bytesOf(columns.getChild(name)!));
              expect(a!.equals(b!)).toBe(true);
            }
          }
        }
  });

  it('goes on with foreign buffers when the memory is full, says so, and the scores are the same', async () => {
    const parts = [table(3000, 3, 0.1), table(3000, 3, 0.1), table(5, 0, 0.1)];
    const stream = writeIpcBytes(parts);
    const memory = residentMemory(Math.ceil(stream.length / 2));
    const told: object[] = [];
    const batches = await all(readArrowInto(memory, stream, { onForeign: (own) => told.push(own) }));
    expect(told).toEqual([{ batch: 1, bytes: expect.any(Number), left: expect.any(Number) }]);
    const lies = batches.map((batch) => batch.getChild('x0')!.data[0]!.values.buffer === memory.buffer);
    expect(lies).toEqual([true, false, true]);
    const plan = compile(model);
    batches.forEach((batch, b) => {
      const [fast, slow] = [batch, parts[b]!].map((own) => bytesOf(plan.score(own).columns.getChild('p')!));
      expect(fast!.equals(slow!)).toBe(true);
    });
    const clean = writeIpcBytes([table(3000, 0, 0), table(3000, 0, 0)]);
    const [, foreign] = await all(readArrowInto(residentMemory(Math.ceil(clean.length / 2)), clean));
    expect(plan.explainCost(foreign!).columns[0]).toMatchObject({
      resident: false,
      why: expect.stringContaining('residentMemory'),
    });
  });

  it('says so when the memory is another one', async () => {
    const stream = sampleStream();
    const other = new WebAssembly.Memory({ initial: 1 });
    expect(await code(() => all(readArrowInto(other, stream)))).toMatch(/^invalid-option: the memory is not one of/);
    const grown = residentMemory(10);
    expect(() => grown.grow(1)).toThrow();
  });

  it('says what to do when no such memory is to be had', async () => {
    expect(await code(() => residentMemory(2 ** 32))).toMatch(/^invalid-option: a memory holds 4 GiB at most.*readIpc/);
    for (const bytes of [-1, 1.5, Number.NaN])
      expect(await code(() => residentMemory(bytes))).toMatch(/^invalid-option: bytes/);
    expect(await code(() => residentMemory(1, { threads: 2 }))).toMatch(/^invalid-option: threads.*shared: true/);
    expect(await code(() => residentMemory(1, { shared: true, threads: 31 }))).toMatch(/^invalid-option: threads/);
    const { Memory } = WebAssembly;
    WebAssembly.Memory = class {
      constructor() {
        throw new RangeError('could not allocate memory');
      }
    } as unknown as typeof Memory;
    try {
      expect(await code(() => residentMemory(1))).toMatch(
        /^invalid-option: no memory of \d+ bytes is to be had: could not allocate memory; read with readIpc/,
      );
    } finally {
      WebAssembly.Memory = Memory;
    }
  });

  it('finds damage as readIpc does', async () => {
    const stream = sampleStream();
    const read = (bytes: Uint8Array) => code(() => all(readArrowInto(residentMemory(1 << 16), bytes)));
    expect(await read(new Uint8Array(0))).toMatch(/^empty-input/);
    expect(await read(stream.subarray(0, stream.length - 300))).toMatch(/^corrupt-input: .*cut off/);
    const longer = new Uint8Array(stream.length + 8);
    longer.set(stream);
    expect(await read(longer)).toMatch(/^corrupt-input: there are bytes behind the end/);
    expect(await read(new Uint8Array(readFileSync(new URL('../../package.json', import.meta.url))))).toMatch(
      /^foreign-format/,
    );
  });
});
