// Node's way to threads; scripts/smoke.mjs runs the built package under Node, Deno and Bun.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as threads from 'node:worker_threads';
import * as flechette from '@uwdata/flechette';
import type * as arrow from 'apache-arrow';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { gradientBoosting } from '../churn/index.ts';
import { toArrow } from '../columns/index.ts';
import { readArrowInto, residentMemory, writeIpcBytes } from '../ingest/index.ts';
import type { Columns } from '../model/batch.ts';
import { seededRandom } from '../numerics/random.ts';
import { allKinds } from './all-kinds.ts';
import { engine } from './engine.ts';
import { compile, type ParallelProgress } from './index.ts';
import * as library from './kinds.ts';
import { centred, centredKind } from './toy-kinds.test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'clientele-threads-'));
const file = join(folder, 'thread-worker.mjs');
/** Threads started and not yet ended. */
const running = new Set<threads.Worker>();
let started = 0;
/** What a thread runs in place of the built file. */
let script: URL;

class Started extends threads.Worker {
  constructor() {
    super(script);
    started++;
    running.add(this);
    this.on('exit', () => running.delete(this));
  }
}

beforeAll(async () => {
  await build({
    entryPoints: [new URL('./thread-worker.ts', import.meta.url).pathname],
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    packages: 'bundle',
    mainFields: ['module', 'main'],
    outfile: file,
    logLevel: 'error',
  });
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  vi.restoreAllMocks();
  expect(running.size).toBe(0);
});

function useThreads(path: URL = pathToFileURL(file)): void {
  script = path;
  started = 0;
  const own = { ...threads, Worker: Started };
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue(own as never);
}

/** A thread written down here. */
function scriptOf(code: string): URL {
  return new URL(
    `data:text/javascript,${encodeURIComponent(`import { parentPort } from 'node:worker_threads';${code}`)}`,
  );
}

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

const random = seededRandom(3);
const numbers = ['a', 'b', 'c'] as const;
function rowsOf(rows: number): { [name: string]: Float64Array | (string | null)[] | (number | null)[] } {
  return {
    a: Float64Array.from({ length: rows }, () => (random.uniform() < 0.02 ? Number.NaN : random.uniform())),
    b: Float64Array.from({ length: rows }, () => Math.floor(10 * random.uniform())),
    c: Array.from({ length: rows }, () => (random.uniform() < 0.1 ? null : random.uniform())),
    plan: Array.from({ length: rows }, () => ['basic', 'plus', 'new', null][random.below(4)]!),
    left: Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? 'yes' : 'no')),
  };
}
const model = gradientBoosting({
  label: { column: 'left', churned: 'yes', horizon: { every: 1, unit: 'month' } },
  features: [...numbers, 'plan'],
  rounds: 5,
  leaves: 8,
}).fit(rowsOf(600));
const plan = compile(model);

/** Ordinary, nullable and dictionary columns, of one and of several chunks, sliced, and of another library. */
function arrowBatches(): arrow.RecordBatch[] {
  const made = [0, 1, 700, 2500, 2049].map((rows) => toArrow(without(rowsOf(rows), 'left')) as arrow.Table);
  const wide = made[3]!;
  const other = flechette.tableFromArrays(without(rowsOf(90), 'left') as { [name: string]: unknown[] });
  return [...made, wide.slice(13, 1800), wide.concat(wide), other] as unknown as arrow.RecordBatch[];
}
function without(columns: ReturnType<typeof rowsOf>, name: string): ReturnType<typeof rowsOf> {
  return Object.fromEntries(Object.entries(columns).filter(([own]) => own !== name));
}
const cellsOf = (scored: readonly { readonly columns: unknown; readonly report: unknown }[]): string =>
  JSON.stringify(
    scored.map(({ columns, report }) => {
      const own = columns as Columns;
      if (!('getChild' in own)) return [report, Object.entries(own).map(([name, cells]) => [name, spelt(cells)])];
      const batch = own as unknown as arrow.RecordBatch;
      return [report, batch.schema.fields.map(({ name }) => [name, spelt([...batch.getChild(name)!])])];
    }),
  );
const spelt = (cells: unknown): unknown =>
  JSON.stringify(cells, (_, cell) => (Object.is(cell, -0) ? '−0' : Number.isNaN(cell) ? 'NaN' : cell));

describe('plan.scoreParallel', () => {
  it('gives what scoreBatches gives, in its order, whatever the number of threads', async () => {
    const batches = arrowBatches();
    const expected = cellsOf(await all(plan.scoreBatches(batches, { reasons: true })));
    for (const count of [1, 2, 3]) {
      useThreads();
      const done: ParallelProgress[] = [];
      const scored = await all(
        plan.scoreParallel(batches, { threads: count, reasons: true, onProgress: (own) => done.push(own) }),
      );
      expect(cellsOf(scored)).toBe(expected);
      expect(started).toBe(count);
      expect(done.map((own) => own.batches)).toEqual(batches.map((_, b) => b + 1));
      expect(done.at(-1)).toEqual({
        batches: batches.length,
        rows: batches.reduce((rows, batch) => rows + batch.numRows, 0),
        threads: count,
      });
    }
  });

  it('takes plain columns of every make, from a slow source', async () => {
    const shared = new Float64Array(new SharedArrayBuffer(8 * 50)).map((_, i) => i / 50);
    const batches = [
      without(rowsOf(50), 'left'),
      { ...without(rowsOf(50), 'left'), a: shared, b: new Float32Array(50), c: Array(50).fill(null) },
      { ...without(rowsOf(2), 'left'), plan: { codes: Int32Array.of(1, -1), levels: ['basic', 'plus'] } },
      { ...without(rowsOf(3), 'left'), a: [1n, true, undefined], b: Buffer.from('abc') },
    ] as never[];
    async function* slow(): AsyncGenerator<never> {
      for (const batch of batches) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        yield batch;
      }
    }
    useThreads();
    expect(cellsOf(await all(plan.scoreParallel(slow(), { threads: 2 })))).toBe(
      cellsOf(await all(plan.scoreBatches(batches))),
    );
  });

  it('reads shared resident columns where they lie, and copies others; a memory has places for its threads only', async () => {
    const stream = writeIpcBytes(arrowBatches().slice(1, 5));
    for (const [shared, places, count] of [
      [true, 8, 2],
      [true, 1, 3],
      [true, 0, 1],
      [false, 0, 2],
    ] as const)
      for (let turn = 0; turn < 2; turn++) {
        const memory = residentMemory(stream.length, { shared, ...(shared ? { threads: places } : {}) });
        const batches = await all(readArrowInto(memory, stream));
        const cells = Buffer.from(memory.buffer).subarray(-stream.length);
        const before = Buffer.from(cells);
        useThreads();
        const scored = cellsOf(await all(plan.scoreParallel([...batches, ...batches], { threads: count })));
        expect(scored).toBe(cellsOf(await all(plan.scoreBatches([...batches, ...batches]))));
        expect(cells.equals(before)).toBe(true);
        // All places but the calling thread's are free again.
        expect(new Int32Array(memory.buffer)[0]).toBe(1);
      }
  });

  it('stops with the error of scoreBatches, after the results before it', async () => {
    const good = without(rowsOf(20), 'left') as never;
    const wrong = { ...without(rowsOf(20), 'left'), b: ['x', 'y'] } as never;
    for (const bad of [{ a: [1] } as never, wrong, { ...rowsOf(9), churnProbability: [1] } as never, 7 as never]) {
      const batches = [good, good, bad, good];
      useThreads();
      const parallel = plan.scoreParallel(batches, { threads: 2 });
      const plain = plan.scoreBatches(batches);
      for (let b = 0; b < 2; b++)
        expect(cellsOf([(await parallel.next()).value!])).toBe(cellsOf([(await plain.next()).value!]));
      expect(await failure(parallel.next())).toBe(await failure(plain.next()));
      expect((await parallel.next()).done).toBe(true);
    }
  });

  it('passes on an error of the source in its turn, and closes the source when the loop ends early', async () => {
    let closed = 0;
    async function* source(count: number): AsyncGenerator<never> {
      try {
        for (let b = 0; b < count; b++) yield without(rowsOf(5), 'left') as never;
        throw new Error('the source broke');
      } finally {
        closed++;
      }
    }
    useThreads();
    let seen = 0;
    const run = (async () => {
      for await (const _ of plan.scoreParallel(source(3), { threads: 2 })) seen++;
    })();
    await expect(run).rejects.toThrow('the source broke');
    expect([seen, closed]).toEqual([3, 1]);
    for await (const _ of plan.scoreParallel(source(100), { threads: 2 })) break;
    expect(closed).toBe(2);
  });

  it('stops at a signal, even while it waits for the source, and leaves no thread', async () => {
    useThreads();
    const stopped = AbortSignal.abort();
    expect(await failure(all(plan.scoreParallel([], { threads: 1, signal: stopped })))).toBe(
      'aborted: scoring was stopped before the first batch',
    );
    const control = new AbortController();
    async function* stuck(): AsyncGenerator<never> {
      yield without(rowsOf(5), 'left') as never;
      await new Promise(() => {});
    }
    const run = all(
      plan.scoreParallel(stuck(), {
        threads: 2,
        signal: control.signal,
        onProgress: () => setTimeout(() => control.abort(), 10),
      }),
    );
    expect(await failure(run)).toBe('aborted: scoring was stopped after 1 batches');
    expect(started).toBe(2);
  });

  it('scores on the calling thread what a thread that dies had to do', async () => {
    const batches = arrowBatches();
    const expected = cellsOf(await all(plan.scoreBatches(batches)));
    for (const death of ['process.exit(1)', 'throw new Error("out of order")']) {
      useThreads(
        scriptOf(`parentPort.on('message', ({ type }) => {
          if (type === 'start') parentPort.postMessage({ type: 'ready' });
          else { ${death} }
        });`),
      );
      const left: number[] = [];
      const scored = await all(
        plan.scoreParallel(batches, { threads: 2, onProgress: ({ threads: n }) => left.push(n) }),
      );
      expect(cellsOf(scored)).toBe(expected);
      expect(left.at(-1)).toBeLessThan(2);
    }
  });

  it('says so when no thread can be started, or none knows the model', async () => {
    const batch = without(rowsOf(5), 'left') as never;
    useThreads(scriptOf('throw new Error("not allowed")'));
    expect(await failure(all(plan.scoreParallel([batch], { threads: 2 })))).toMatch(
      /^invalid-option: no thread could be started: Error: not allowed; use scoreBatches/,
    );
    const toy = centred({ column: 'a', as: 'margin' }).fit({ a: [1, 2] });
    const own = engine({ centred: centredKind }).compile(toy);
    useThreads();
    expect(await failure(all(own.scoreParallel([{ a: [1] }, { a: [2] }], { threads: 2 })))).toMatch(
      /^unknown-kind: threads only know the library's own kinds of models: unknown model kind "centred".*use scoreBatches$/,
    );
  });

  it('knows every kind of the library', () => {
    const all = Object.values(library).filter((own) => typeof own === 'object');
    expect(new Set<unknown>(Object.values(allKinds))).toEqual(new Set<unknown>(all));
  });

  it('refuses a number of threads that is none', async () => {
    for (const count of [0, -1, 1.5, Number.NaN, 257])
      expect(await failure(all(plan.scoreParallel([], { threads: count })))).toMatch(/^invalid-option: threads/);
  });
});
