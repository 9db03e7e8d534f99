// What scoreParallel sends in one message: batches that go to a thread, and come back, together.
import * as arrow from 'apache-arrow';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { gradientBoosting, logisticRegression } from '../churn/index.ts';
import { rowCount, toArrow } from '../columns/index.ts';
import type { Columns } from '../model/batch.ts';
import { seededRandom } from '../numerics/random.ts';
import { compile } from './index.ts';
import { scoreOnThreads } from './thread-score.ts';
import { running, useBuiltThreads } from './threads.test-support.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  expect(running.size).toBe(0);
});

const random = seededRandom(11);
const PLANS = ['basic', 'plus', 'max'];
function rowsOf(rows: number): { a: Float64Array; b: Float64Array; plan: (string | null)[] } {
  return {
    a: Float64Array.from({ length: rows }, () => random.uniform()),
    b: Float64Array.from({ length: rows }, () => Math.floor(10 * random.uniform())),
    plan: Array.from({ length: rows }, () => [...PLANS, null][random.below(4)]!),
  };
}
const fitted = rowsOf(400);
const model = gradientBoosting({
  label: { column: 'left', churned: 1, horizon: { every: 1, unit: 'month' } },
  features: ['a', 'b', 'plan'],
  rounds: 5,
  leaves: 8,
}).fit({ ...fitted, left: fitted.a.map((a, i) => Number(a + fitted.b[i]! / 10 > 1)) });
const plan = compile(model);

/** One schema after the other: types, bitmaps, dictionaries old and new, chunks, slices, plain columns; empty batches too. */
function mixed(count: number): Columns[] {
  const dictionary = arrow.vectorFromArray(PLANS, new arrow.Utf8());
  const makes: ((rows: number) => Columns)[] = [
    (rows) => rowsOf(rows),
    (rows) => toArrow(rowsOf(rows)),
    (rows) => {
      const { a, b, plan: names } = rowsOf(rows);
      const type = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8(), 1);
      return new arrow.Table({
        b: arrow.vectorFromArray([...b], new arrow.Int32()),
        plan: arrow.vectorFromArray(names, random.below(2) === 0 ? new arrow.Utf8() : type),
        a: arrow.vectorFromArray(
          [...a].map((cell) => (cell < 0.1 ? null : cell)),
          new arrow.Float32(),
        ),
      }) as unknown as Columns;
    },
    (rows) => {
      const { a, b } = rowsOf(rows);
      const indices = Int32Array.from(a, (_, i) => i % 3);
      const type = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), 2);
      return new arrow.Table({
        a: arrow.makeVector(a),
        plan: arrow.makeVector(arrow.makeData({ type, data: indices, length: rows, nullCount: 0, dictionary })),
        b: arrow.makeVector(b),
      }) as unknown as Columns;
    },
    (rows) => (toArrow(rowsOf(rows + 5)) as arrow.Table).slice(5) as unknown as Columns,
    (rows) => {
      const table = toArrow(rowsOf(rows)) as arrow.Table;
      return table.concat(toArrow(rowsOf(3)) as arrow.Table) as unknown as Columns;
    },
    (rows) => (toArrow(rowsOf(rows)) as arrow.Table).batches[0] as unknown as Columns,
    (rows) => ({ ...rowsOf(rows), plan: { codes: new Int32Array(rows).fill(1), levels: ['new', 'plus'] } }) as Columns,
  ];
  return Array.from({ length: count }, (_, i) => makes[(i >> 1) % makes.length]!([0, 1, 7, 40][random.below(4)]!));
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const item of source) out.push(item);
  return out;
}
const cellsOf = (scored: readonly { readonly columns: unknown; readonly report: unknown }[]): unknown[] =>
  scored.map(({ columns, report }) => {
    const own = columns as { [name: string]: Float64Array } & { getChild?(name: string): Iterable<number> };
    return [report, [...(own.getChild?.('churnProbability') ?? own.churnProbability!)]];
  });
const expectedOf = (batches: readonly Columns[]): unknown[] =>
  cellsOf(batches.map((batch) => plan.score(batch as never, { reasons: true })));
const failure = async (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'nothing thrown',
    (error) => `${error.code}: ${error.message}`,
  );

describe('a group of batches', () => {
  it('gives what plan.score gives, whatever schema follows which, with and without shared memory', async () => {
    const batches = mixed(300);
    const expected = expectedOf(batches);
    for (const shared of [true, false]) {
      if (!shared) vi.stubGlobal('SharedArrayBuffer', undefined);
      const counts: number[] = [];
      useBuiltThreads({ sent: ({ count }) => count !== undefined && counts.push(count) });
      expect(cellsOf(await all(plan.scoreParallel(batches as never, { threads: 2, reasons: true })))).toEqual(expected);
      expect(Math.max(...counts)).toBeGreaterThan(1);
      expect(counts.reduce((sum, count) => sum + count)).toBe(batches.length);
    }
  });

  it('is scored by threads, all of it', async () => {
    const batches = mixed(100);
    useBuiltThreads();
    const calling = {
      model,
      accept: () => {},
      score: (): never => {
        throw new Error('scored on the calling thread');
      },
      finish: (_: Columns, ran: { readonly report: { readonly rows: number } }) => ran,
    };
    expect(await all(scoreOnThreads(calling, batches, { threads: 2 }))).toHaveLength(100);
  });

  it('that holds a batch which cannot be read, sent or scored loses no other; the error names that batch', async () => {
    const wrong: unknown[] = [
      { ...rowsOf(3), b: ['x', 'y', 'z'] },
      { ...rowsOf(3), b: [() => 1, 2, 3] },
      { a: [1], plan: ['basic'] },
      { ...rowsOf(3), plan: { codes: Int32Array.of(0, 1, 9), levels: PLANS } },
      7,
    ];
    for (const bad of wrong) {
      const batches = mixed(150);
      batches[120] = bad as Columns;
      useBuiltThreads();
      const parallel = plan.scoreParallel(batches as never, { threads: 2, reasons: true });
      const seen: unknown[] = [];
      const message = await failure(
        (async () => {
          for await (const scored of parallel) seen.push(...cellsOf([scored]));
        })(),
      );
      expect(message).toMatch(/: batch 120: /);
      expect(message).toBe(await failure(all(plan.scoreBatches(batches as never))));
      expect(seen).toEqual(expectedOf(batches.slice(0, 120)));
    }
  });

  it('whose thread dies is scored on the calling thread, each batch once and in order', async () => {
    const batches = mixed(200);
    const expected = expectedOf(batches);
    for (const death of ['process.exit(1)', 'throw new Error("out of order")', 'message.numbers.fill(9)']) {
      let sent = 0;
      useBuiltThreads({
        first: `let groups = 0;
          const on = parentPort.on.bind(parentPort);
          parentPort.on = (event, listener) => on(event, (message) => {
            if (message.count > 1 && ++groups === 2) ${death};
            listener(message);
          });`,
        sent: ({ count }) => {
          sent += count ?? 0;
        },
      });
      const left: number[] = [];
      const scored = await all(
        plan.scoreParallel(batches as never, {
          threads: 2,
          reasons: true,
          onProgress: ({ batches: done, threads }) => left.push(done, threads),
        }),
      );
      expect(cellsOf(scored)).toEqual(expected);
      expect(left.filter((_, i) => i % 2 === 0)).toEqual(batches.map((_, b) => b + 1));
      expect(left.at(-1)).toBeLessThan(2);
      expect(sent).toBeLessThanOrEqual(batches.length);
    }
  });

  it('is let go of when the signal is given amid its results', async () => {
    const batches = mixed(300);
    const control = new AbortController();
    useBuiltThreads();
    let seen = 0;
    const run = (async () => {
      for await (const _ of plan.scoreParallel(batches as never, { threads: 2, signal: control.signal }))
        if (++seen === 57) control.abort();
    })();
    expect(await failure(run)).toBe('aborted: scoring was stopped after 57 batches');
    expect(seen).toBe(57);
  });

  it('holds so much and no more: a source is read two groups per thread ahead', async () => {
    for (const [rows, most] of [
      [70_000, 2 * 2],
      [2, 2 * 2 * 32],
    ] as const) {
      const batch = rowsOf(rows);
      const columns = { a: batch.a, b: batch.b, plan: { codes: new Int32Array(rows), levels: PLANS } };
      let read = 0;
      function* source(): Generator<never> {
        for (; read < 1000; ) {
          read++;
          yield columns as never;
        }
      }
      useBuiltThreads();
      const parallel = plan.scoreParallel(source(), { threads: 2 });
      let furthest = 0;
      for (let taken = 1; taken <= 200 && (rows < 1000 || taken <= 12); taken++) {
        await parallel.next();
        await new Promise((resolve) => setTimeout(resolve, taken % 20 === 0 ? 20 : 0));
        furthest = Math.max(furthest, read - taken);
      }
      expect(furthest).toBeLessThanOrEqual(most);
      await parallel.return(undefined);
    }
  });

  it('is not waited for: a thread without work is given the only batch of a slow source', async () => {
    const batches = mixed(6);
    let answered = 0;
    async function* slow(): AsyncGenerator<never> {
      for (const batch of batches) {
        // The next one comes when all before it are scored.
        while (answered < batches.indexOf(batch)) await new Promise((resolve) => setTimeout(resolve, 1));
        yield batch as never;
      }
    }
    useBuiltThreads();
    const onProgress = (): void => {
      answered++;
    };
    expect(await all(plan.scoreParallel(slow(), { threads: 2, onProgress }))).toHaveLength(6);
  });
});

describe('a source that fills its lists anew for every batch', () => {
  it('gets what scoring batch by batch gives, and the error of the batch that is wrong', async () => {
    const refilled = function* (wrong: number): Generator<Columns> {
      const x: unknown[] = new Array(500);
      for (let batch = 0; batch < 30; batch++) {
        for (let i = 0; i < x.length; i++) x[i] = batch + i / 500;
        if (batch === wrong) x[7] = 'seven';
        yield { a: x, b: x, plan: x.map((_, i) => PLANS[(i + batch) % 3]!) } as Columns;
      }
    };
    useBuiltThreads();
    let next = 0;
    for await (const { columns } of plan.scoreParallel(refilled(-1), { threads: 2 })) {
      const x = Float64Array.from({ length: 500 }, (_, i) => next + i / 500);
      const one = plan.score({ a: x, b: x, plan: Array.from(x, (_, i) => PLANS[(i + next) % 3]!) });
      expect(columns).toEqual(one.columns);
      next++;
    }
    expect(next).toBe(30);
    const run = async (): Promise<void> => {
      for await (const _ of plan.scoreParallel(refilled(20), { threads: 2 }));
    };
    await expect(run()).rejects.toThrow('batch 20: column "a", row 7: expected a number, got "seven"');
  });
});

describe('a model without inputs', () => {
  it('gives as many rows as batches have', async () => {
    const none = logisticRegression({ label: { column: 'left', churned: 1, horizon: null }, features: [] });
    const constant = compile(none.fit({ left: [0, 1, 1, 0, 0] }));
    useBuiltThreads();
    const rows: number[] = [];
    for await (const { columns } of constant.scoreParallel(
      [{ x: [1, 2, 3] }, toArrow({ x: [1, 2] }), {}] as Columns[],
      {
        threads: 1,
      },
    ))
      rows.push(rowCount(columns as Columns));
    expect(rows).toEqual([3, 2, 0]);
  });
});
