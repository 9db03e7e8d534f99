import * as flechette from '@uwdata/flechette';
import * as arrow from 'apache-arrow';
import * as arrow17 from 'apache-arrow-17';
import { describe, expect, it } from 'vitest';
import type { ArrowLike, Columns } from '../model/batch.ts';
import {
  type Arrow,
  COPIES,
  cellsOf,
  fingerprint,
  makeChunk,
  SAMPLES,
  tableOf,
  viewBuffers,
} from './arrow.test-support.ts';
import { code, expected, READERS, rowsOf, scored, stream } from './build.test-support.ts';
import { append, columnNames, readCategories, readNumbers, toArrow } from './index.ts';

describe('append to plain columns', () => {
  it('gives a new record with both', () => {
    const batch = { id: ['a', 'b'] };
    const both = append(batch, scored(2));
    expect(Object.keys(both)).toEqual(['id', 'churn', 'tier']);
    expect(both.id).toBe(batch.id);
    expect(Object.keys(batch)).toEqual(['id']);
    const fromArrow: Columns = append(batch as Columns, toArrow(scored(2)) as Columns);
    expect(readNumbers(fromArrow, 'churn')).toEqual(scored(2).churn);
  });

  it('refuses names that are taken and other lengths', () => {
    expect(() => append({ churn: [1, 2] }, scored(2))).toThrow('the batch already has a column "churn"');
    expect(code(() => append({ churn: [1, 2] }, scored(2)))).toBe('output-taken');
    expect(code(() => append({ id: [1] }, scored(2)))).toBe('wrong-length');
    expect(code(() => append(toArrow({ id: [1, 2] }), toArrow({ id: [1, 2] })))).toBe('output-taken');
    expect(code(() => append(toArrow({ id: [1] }), scored(2)))).toBe('wrong-length');
  });
});

const nested = (lib: Arrow, n: number): arrow.Data[] => {
  const make = lib.makeData as unknown as (props: object) => arrow.Data;
  const field = new lib.Field('f', new lib.Float64(), true);
  const floats = (length: number): arrow.Data =>
    make({ type: field.type, data: Float64Array.from({ length }, (_, i) => i / 2) });
  const offsets = (step: number): Int32Array => Int32Array.from({ length: n + 1 }, (_, i) => step * i);
  const bytes = (): Uint8Array => new Uint8Array(2 * n).map((_, i) => i);
  return [
    make({ type: new lib.List(field), valueOffsets: offsets(2), child: floats(2 * n) }),
    make({ type: new lib.FixedSizeList(2, field), child: floats(2 * n), length: n }),
    make({ type: new lib.Struct([field]), children: [floats(n)], length: n }),
    make({ type: new lib.FixedSizeBinary(2), data: bytes(), length: n }),
    make({ type: new lib.Binary(), valueOffsets: offsets(2), data: bytes() }),
    make({ type: new lib.TimeMillisecond(), data: offsets(1).subarray(1) }),
    make({ type: new lib.DurationSecond(), data: BigInt64Array.from({ length: n }, (_, i) => BigInt(i)) }),
    make({ type: new lib.IntervalYearMonth(), data: offsets(1).subarray(1) }),
    make({
      type: new lib.SparseUnion([0, 1], [field, new lib.Field('g', new lib.Float64())]),
      typeIds: new Int8Array(n).map((_, i) => i & 1),
      children: [floats(n), floats(n)],
    }),
    make({
      type: new lib.DenseUnion([0], [field]),
      typeIds: new Int8Array(n),
      valueOffsets: offsets(1).subarray(0, n),
      children: [floats(n)],
    }),
  ];
};

const text = (cell: unknown): string =>
  JSON.stringify(cell, (_key, value) =>
    typeof value === 'bigint'
      ? `${value}n`
      : ArrayBuffer.isView(value)
        ? Array.from(value as Uint8Array, String)
        : value,
  );

describe.each(COPIES)('append to batches of %s', (_copy, lib) => {
  it.each(SAMPLES.map((sample) => [sample.name, sample] as const))(
    'keeps every cell through IPC, in many chunks, slices and single batches: %s',
    (_name, sample) => {
      for (const nulls of ['no bitmap', 'some nulls at an offset'] as const) {
        const table = tableOf(lib, sample, [9, 0, 17, 64], nulls);
        if (!table) return;
        const before = fingerprint(table.batches.map((batch) => batch.data.children));
        for (const batch of [table, table.slice(3, 70), table.batches.at(-1)!, table.batches.at(-1)!.slice(7, 40)]) {
          const both = append(batch, scored(batch.numRows)) as arrow.Table;
          expect('batches' in both).toBe('batches' in batch);
          expect(columnNames(both)).toEqual(['x', 'churn', 'tier']);
          const written = arrow.tableToIPC(both instanceof arrow.Table ? both : new arrow.Table([both]));
          const cells = cellsOf(batch).map(text);
          for (const copy of [
            both,
            arrow.tableFromIPC(written),
            ...(sample.name === 'Utf8View' ? [] : [arrow17.tableFromIPC(written)]),
          ]) {
            expect(cellsOf(copy as arrow.Table).map(text)).toEqual(cells);
            for (const name of ['churn', 'tier'] as const)
              expect(rowsOf(copy as ArrowLike, name)).toEqual(expected(batch.numRows, name));
          }
        }
        expect(fingerprint(table.batches.map((batch) => batch.data.children))).toBe(before);
      }
    },
  );

  it('keeps columns that clientele itself does not read: lists, structs, unions, bytes, times', () => {
    const n = 12;
    const columns = Object.fromEntries(nested(lib, n).map((data, i) => [`c${i}`, new lib.Vector([data])]));
    const table = new lib.Table(columns);
    const both = append(table, scored(n)) as arrow.Table;
    const again = arrow.tableFromIPC(arrow.tableToIPC(both));
    for (const name of Object.keys(columns)) {
      const cells = rowsOf(table, name).map(text);
      expect(rowsOf(both, name).map(text)).toEqual(cells);
      expect(rowsOf(again, name).map(text)).toEqual(cells);
    }
    expect(rowsOf(again, 'tier')).toEqual(expected(n, 'tier'));
  });

  it('keeps metadata and nullability, and numbers dictionaries so that none clash', () => {
    const sample = SAMPLES.find((s) => s.name === 'Dictionary<Utf8, Int8>')!;
    const type = new lib.Dictionary(new lib.Utf8(), new lib.Int8(), 0);
    const field = new lib.Field('x', type, false, new Map([['unit', 'none']]));
    const schema = new lib.Schema([field], new Map([['origin', 'test']]));
    const children = [makeChunk(lib, { ...sample, type: () => type }, type, 10, 'no bitmap')];
    const batch = new lib.RecordBatch(
      schema,
      lib.makeData({ type: new lib.Struct([field]), length: 10, nullCount: 0, children }),
    );
    const once = append(batch, { tier: scored(10).tier });
    const twice = append(once, { second: scored(10, 1).tier, third: scored(10, 2).tier }) as arrow.RecordBatch;
    expect(twice.schema.metadata.get('origin')).toBe('test');
    expect(twice.schema.fields[0]!.metadata.get('unit')).toBe('none');
    expect(twice.schema.fields[0]!.nullable).toBe(false);
    expect(twice.schema.fields.map((f) => f.type.id)).toEqual([0, 1, 2, 3]);
    for (const [, read] of READERS) {
      const table = read(stream([twice]));
      expect(rowsOf(table, 'x')).toEqual(rowsOf(batch, 'x'));
      expect(rowsOf(table, 'tier')).toEqual(expected(10, 'tier'));
      expect(rowsOf(table, 'second')).toEqual(expected(10, 'tier', 1));
      expect(rowsOf(table, 'third')).toEqual(expected(10, 'tier', 2));
    }
  });

  it('batch by batch makes one stream, and writes each dictionary once', () => {
    const levels = ['y'.repeat(20_000), 'z'];
    const source = lib.tableFromIPC(lib.tableToIPC(lib.tableFromArrays({ x: ['p', 'q', 'p'] }) as arrow.Table));
    const batches = [source, source.slice(0, 2), source.slice(1, 3)].flatMap((table) => table.batches);
    const parts = batches.map((batch) => append(batch, { tier: { codes: new Int32Array(batch.numRows), levels } }));
    const bytes = stream(parts);
    expect(bytes.length).toBeLessThan(25_000);
    for (const [, read] of READERS) expect(rowsOf(read(bytes), 'x')).toEqual(['p', 'q', 'p', 'p', 'q', 'q', 'p']);
  });

  it('of no rows keeps the schema', () => {
    const table = tableOf(lib, SAMPLES[0]!, [0], 'no bitmap')!;
    for (const batch of [table, table.batches[0]!, tableOf(lib, SAMPLES[0]!, [], 'no bitmap')!]) {
      const both = append(batch, scored(0));
      expect(both.numRows).toBe(0);
      expect(columnNames(both)).toEqual(['x', 'churn', 'tier']);
      expect(readCategories(both, 'tier').codes).toHaveLength(0);
    }
  });
});

describe('append to flechette tables', () => {
  it.each(SAMPLES.map((sample) => [sample.name, sample] as const))(
    'keeps every cell through IPC: %s',
    (_name, sample) => {
      const table = tableOf(arrow, sample, [40], 'some nulls')!;
      const source = flechette.tableFromIPC(arrow.tableToIPC(table)) as unknown as ArrowLike;
      const both = append(source, scored(40)) as arrow.Table;
      const again = arrow.tableFromIPC(arrow.tableToIPC(both));
      expect(cellsOf(again).map(text)).toEqual(cellsOf(table).map(text));
      expect(rowsOf(again, 'tier')).toEqual(expected(40, 'tier'));
    },
  );

  it('cuts columns whose chunks end at different rows, and numbers dictionaries that have no number yet', () => {
    const source = flechette.tableFromColumns({
      a: flechette.columnFromArray([1, 2, 3, 4, 5], flechette.float64(), { maxBatchRows: 2 }),
      b: flechette.columnFromArray(['u', 'v', null, 'u', 'w'], flechette.dictionary(flechette.utf8()), {
        maxBatchRows: 3,
      }),
      c: flechette.columnFromArray(['k', 'k', 'l', null, 'm'], flechette.dictionary(flechette.utf8()), {
        maxBatchRows: 5,
      }),
    } as never) as unknown as ArrowLike;
    const both = append(source, scored(5)) as arrow.Table;
    expect(both.batches.map((batch) => batch.numRows)).toEqual([2, 1, 1, 1]);
    for (const [, read] of READERS) {
      const again = read(arrow.tableToIPC(both));
      expect(rowsOf(again, 'a')).toEqual([1, 2, 3, 4, 5]);
      expect(rowsOf(again, 'b')).toEqual(['u', 'v', null, 'u', 'w']);
      expect(rowsOf(again, 'c')).toEqual(['k', 'k', 'l', null, 'm']);
      expect(rowsOf(again, 'churn')).toEqual(expected(5, 'churn'));
    }
  });
});

describe('append of views', () => {
  it('that were sliced writes the cells of the slice (apache-arrow alone shifts them twice)', () => {
    const texts = Array.from({ length: 40 }, (_, i) => `cell ${'long '.repeat(i % 4)}${i}`);
    const { views, buffers } = viewBuffers(texts);
    const data = arrow.makeData({
      type: new arrow.Utf8View(),
      views,
      variadicBuffers: buffers,
      nullBitmap: new Uint8Array(8).fill(0b11101111),
    });
    const slice = new arrow.Table({ x: new arrow.Vector([data]) }).slice(3, 33);
    const again = arrow.tableFromIPC(arrow.tableToIPC(append(slice, scored(30)) as arrow.Table));
    expect(cellsOf(again)).toEqual(texts.map((cell, i) => (i % 8 === 4 ? null : cell)).slice(3, 33));
  });
});
