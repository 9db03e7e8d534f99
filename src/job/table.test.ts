import { describe, expect, it } from 'vitest';
import { toArrow } from '../columns/index.ts';
import { readCsv } from '../ingest/index.ts';
import type { Columns } from '../model/batch.ts';
import { failure, rejection } from './job.test-support.ts';
import { collect, columnOf, pick, tableRows, texts } from './table.ts';

describe('collecting batches into a table', () => {
  it('joins numbers and categories whose dictionaries differ, nulls kept', async () => {
    const table = await collect([
      { n: Float64Array.of(1, Number.NaN), plan: ['b', null] },
      { n: Float64Array.of(3), plan: ['a'] },
      { n: Float64Array.of(4, 5), plan: ['b', 'c'] },
    ]);
    expect(table.n).toEqual(Float64Array.of(1, Number.NaN, 3, 4, 5));
    expect(table.plan).toEqual({ codes: Int32Array.of(0, -1, 1, 0, 2), levels: ['b', 'a', 'c'] });
  });

  it('joins the growing dictionaries of a CSV stream', async () => {
    const columns = { plan: 'category', day: 'date' } as const;
    const csv = 'plan,day\nb,1970-01-02\na,\n,1970-01-03\nb,1970-01-04\nc,1969-12-31\n';
    const table = await collect(readCsv(csv, { columns, batchRows: 2 }));
    expect(texts(table, 'plan')).toEqual(['b', 'a', null, 'b', 'c']);
    expect(table.day).toEqual(Float64Array.of(1, Number.NaN, 2, 3, -1));
  });

  it('takes batches without rows among others, wherever they stand', async () => {
    const none = toArrow({ n: new Float64Array(0), plan: { codes: new Int32Array(0), levels: ['z'] } });
    const some = toArrow({ n: Float64Array.of(1), plan: ['a'] });
    const table = await collect([none, some, none]);
    expect(tableRows(table)).toBe(1);
    expect(texts(table, 'plan')).toEqual(['a']);
  });

  it('refuses no batch at all, and batches without a row', async () => {
    const message = 'empty-input: there are no rows: check what was exported';
    expect(await rejection(collect([]))).toBe(message);
    expect(await rejection(collect([{ n: new Float64Array(0) }]))).toBe(message);
  });

  it('refuses a batch that lacks a column or brings another one', async () => {
    const message = 'wrong-schema: batch 1 and batch 0 do not both have a column "b": make their columns equal';
    expect(await rejection(collect([{ a: [1], b: [2] }, { a: [1] }]))).toBe(message);
    expect(await rejection(collect([{ a: [1] }, { a: [1], b: [2] }]))).toBe(message);
  });

  it('refuses a column that changes between numbers and text', async () => {
    const message = 'wrong-schema: column "a" holds numbers in one batch and text in another: make its type equal';
    const batches: readonly Columns[] = [{ a: [1] }, { a: ['x'] }];
    expect(await rejection(collect(batches))).toBe(message);
    expect(await rejection(collect(batches.toReversed()))).toBe(message);
  });

  it('keeps every digit of 64-bit ids that are to be read as text', async () => {
    const ids: readonly Columns[] = [{ id: [9007199254740993n] }, { id: [9007199254740995n] }];
    expect(texts(await collect(ids, new Set(['id'])), 'id')).toEqual(['9007199254740993', '9007199254740995']);
  });

  it('keeps a column whose name a prototype has', async () => {
    const table = await collect([JSON.parse('{ "__proto__": [1], "constructor": [2] }')]);
    expect(columnOf(table, '__proto__')).toEqual(Float64Array.of(1));
    expect(columnOf(table, 'constructor')).toEqual(Float64Array.of(2));
    expect(failure(() => columnOf(table, 'toString'))).toMatch(/^unknown-column/);
  });
});

describe('picking rows', () => {
  it('gives a null cell for row -1', () => {
    const table = { n: Float64Array.of(1, 2), c: { codes: Int32Array.of(0, 1), levels: ['x', 'y'] } };
    expect(pick(table, Int32Array.of(1, -1, 1))).toEqual({
      n: Float64Array.of(2, Number.NaN, 2),
      c: { codes: Int32Array.of(1, -1, 1), levels: ['x', 'y'] },
    });
  });
});
