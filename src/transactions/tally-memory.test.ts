// Totals in WASM memory against the loops that stand in for it: the same bits, whatever the log.
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Columns } from '../model/batch.ts';
import { seededRandom } from '../numerics/random.ts';
import { type SummaryAccumulator, summarize, summaryAccumulator, summaryAccumulatorFromJSON } from './index.ts';
import { summaryRules } from './summary-rules.ts';
import { BLOCK } from './tally.ts';
import { TallyMemory } from './tally-memory.ts';

const random = seededRandom(11);
const END = 19874;
const options = { customer: 'id', date: 'day', amount: 'paid', unit: 'day', end: '2024-05-31' } as const;
const ways = [
  { sameDay: 'merge' },
  { sameDay: 'separate' },
  { sameDay: 'merge', calibrationEnd: '2024-03-31', start: '2023-11-01' },
  { sameDay: 'separate', calibrationEnd: '2024-03-31', nonPositive: 'keep-zero' },
] as const;

/** `grow` of memories fails from the call `fails` on. */
function failToGrow(fails: number): void {
  const { grow } = WebAssembly.Memory.prototype;
  let calls = 0;
  vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(function (this: WebAssembly.Memory, pages) {
    if (calls++ >= fails) throw new RangeError('out of memory');
    return grow.call(this, pages);
  });
}
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});
function withoutWasm<T>(run: () => T): T {
  vi.stubGlobal('WebAssembly', undefined);
  const result = run();
  vi.unstubAllGlobals();
  return result;
}

/** Rows in no order: nulls, amounts of 0 and below, repeated days, days outside the window, some of them long ago. */
function batch(rows: number, customerOf: (row: number) => number): Columns {
  const id = new Float64Array(rows);
  const day = new Float64Array(rows);
  const paid = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const dice = random.below(1000);
    id[row] = dice === 0 ? Number.NaN : customerOf(row);
    day[row] = dice === 1 ? Number.NaN : dice === 2 ? END - 8200 + random.below(20) : END + 1 - random.below(230);
    paid[row] = dice === 3 ? Number.NaN : dice < 9 ? -random.below(3) : random.below(1e6) / 7;
  }
  return { id, day, paid };
}
const gather = (log: readonly Columns[], how: object): SummaryAccumulator => {
  const accumulator = summaryAccumulator({ ...options, ...how });
  for (const part of log) accumulator.update(part);
  return accumulator;
};
/** A digest of every bit of what was gathered. */
function everything(accumulator: SummaryAccumulator): string {
  const { customers, report } = accumulator.finish();
  const digest = createHash('sha256').update(JSON.stringify([report, accumulator]));
  for (const column of Object.values(customers)) {
    if ('levels' in column) digest.update(JSON.stringify(column.levels));
    digest.update('codes' in column ? (column.codes as Int32Array) : column);
  }
  return digest.digest('hex');
}

describe('totals in WASM memory', () => {
  it('are kept there where there is WASM', () => {
    const rules = summaryRules(options);
    expect(TallyMemory.of([], rules)).not.toBeNull();
    withoutWasm(() => expect(TallyMemory.of([], rules)).toBeNull());
  });

  it.each(ways)('are those of the loops without it, of many batches of any size: %o', (how) => {
    const log = [5000, 1, 0, 4096, 4097, 90_000, 777, 40_000].map((rows) => batch(rows, () => random.below(110_000)));
    const expected = withoutWasm(() => everything(gather(log, how)));
    expect(everything(gather(log, how))).toEqual(expected);
    expect(everything(gather([...log].reverse(), how))).toEqual(expected);
  });

  it.each(ways)('stay right while the memory grows block by block: %o', (how) => {
    // Customers come in steps that end before, at and behind the ends of blocks; old ones come back in between.
    const log: Columns[] = [];
    for (let known = 15 * BLOCK - 1; known < 22 * BLOCK; known += BLOCK / 2 + 1) {
      log.push(batch(log.length === 0 ? known : BLOCK, (row) => (log.length === 0 ? row : known - row)));
      log.push(batch(3000, () => random.below(known)));
    }
    const expected = withoutWasm(() => everything(gather(log, how)));
    const grow = vi.spyOn(WebAssembly.Memory.prototype, 'grow');
    expect(everything(gather(log, how))).toEqual(expected);
    expect(grow.mock.calls.length).toBeGreaterThan(1);
    vi.restoreAllMocks();
    for (const fails of [0, 1]) {
      failToGrow(fails);
      expect(everything(gather(log, how))).toEqual(expected);
      vi.restoreAllMocks();
    }
  });

  it.each(ways.slice(1, 3))('merge with one another, with small ones and with stored ones: %o', (how) => {
    const parts = [70_000, 500, 68_000].map((rows) => [
      batch(rows, (row) => (rows < 1000 ? random.below(300) : 3 * row)),
      batch(2000, () => random.below(200_000)),
    ]);
    const expected = withoutWasm(() => everything(gather(parts.flat(), how)));
    const [large, small, other] = parts.map((log) => gather(log, how));
    const stored = summaryAccumulatorFromJSON(JSON.parse(JSON.stringify(other)));
    small!.merge(large!);
    small!.merge(stored);
    expect(everything(small!)).toEqual(expected);
    large!.merge(gather(parts[1]!, how));
    large!.update(parts[2]![0]!);
    large!.update(parts[2]![1]!);
    expect(everything(large!)).toEqual(expected);
  });

  it('count a row that is not of the usual kind, wherever it stands', () => {
    const usual = batch(70_000, (row) => row);
    const odd = [
      { id: Number.NaN },
      { day: Number.NaN },
      { day: END + 1 },
      { day: END - 9000 },
      { paid: 0 },
      { paid: -1 },
      { paid: Number.NaN },
      { paid: Number.POSITIVE_INFINITY },
    ];
    const start = '2000-01-01';
    const log = (rows: number): { id: Float64Array; day: Float64Array; paid: Float64Array } => ({
      id: new Float64Array(rows).map((_, row) => row % 70_000),
      day: new Float64Array(rows).fill(END - 3),
      paid: new Float64Array(rows).fill(7),
    });
    for (const rows of [1, 2, 255, 4096, 4097])
      for (const [k, cell] of odd.entries()) {
        const at = [0, rows - 1, rows >> 1][k % 3]!;
        const rare = log(rows);
        for (const [name, value] of Object.entries(cell)) rare[name as keyof typeof rare][at] = value;
        const all = [usual, log(rows), rare];
        const expected = withoutWasm(() => gather(all, { start }).finish().report);
        expect(gather(all, { start }).finish().report).toEqual(expected);
      }
    const half = log(4096);
    half.day[77] = END - 0.5;
    expect(() => gather([usual, half], {})).toThrow('column "day"');
  });

  it('are what adding row by row gives', () => {
    const customers = 70_000;
    const id = Int32Array.from({ length: 200_000 }, () => random.below(customers));
    const day = Float64Array.from(id, () => END - random.below(40));
    const paid = Float64Array.from(id, () => 1 + random.below(100));
    const orders = new Map<string, number>();
    const total = new Map<string, number>();
    id.forEach((customer, row) => {
      const key = `c${customer}`;
      orders.set(key, (orders.get(key) ?? 0) + 1);
      total.set(key, (total.get(key) ?? 0) + paid[row]!);
    });
    const levels = Array.from({ length: customers }, (_, c) => `c${c}`);
    const found = summarize({ id: { codes: id, levels }, day, paid }, { ...options, sameDay: 'separate' }).customers;
    const ids = [...orders.keys()].sort();
    expect(found.customer.levels).toEqual(ids);
    expect([...found.orders]).toEqual(ids.map((key) => orders.get(key)));
    expect([...found.total]).toEqual(ids.map((key) => total.get(key)));
  });
});

describe('the ids of a summary', () => {
  it('are those of its customers, even when they are first looked at after more have come', () => {
    const accumulator = summaryAccumulator(options);
    accumulator.update({ id: ['b', 'é'], day: [END, END], paid: [1, 1] });
    const { customers } = accumulator.finish();
    const more = Array.from({ length: 9000 }, (_, c) => `a${c}`);
    accumulator.update({ id: more, day: more.map(() => END), paid: more.map(() => 1) });
    expect(customers.customer.levels).toEqual(['b', 'é']);
    expect(customers.customer.levels).toBe(customers.customer.levels);
    expect(accumulator.finish().customers.customer.levels).toHaveLength(9002);
  });
});

describe('days', () => {
  it('before the year 0 are refused, also where all rows look right', () => {
    expect(() => summarize({ id: ['a'], day: [-(2 ** 33)], paid: [1] }, options)).toThrow('column "day"');
  });
});
