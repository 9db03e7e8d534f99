import * as arrow from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { type ArrowLike, type Columns, WHY } from '../model/batch.ts';
import {
  asFlechette,
  COPIES,
  cellsOf,
  fingerprint,
  makeChunk,
  NULLS,
  SAMPLES,
  type Sample,
  TEXTS,
  tableOf,
  textBuffers,
} from './arrow.test-support.ts';
import { code } from './build.test-support.ts';
import { isNumeric, readCategories, readNumbers, takeRows } from './index.ts';
import { makeLane } from './lane.ts';
import { openCategories, openNumbers } from './open.ts';

const LENGTHS = [70, 1, 0, 9, 130];

function expectSame(batch: ArrowLike, cells: readonly unknown[], sample: Sample, type: arrow.DataType): void {
  const texts = cells.map((cell) => (cell === null || cell === undefined ? null : sample.text(cell as never, type)));
  const { codes, levels } = readCategories(batch, 'x');
  expect(Array.from(codes, (code) => (code < 0 ? null : levels[code]))).toEqual(texts);
  expect(new Set(levels).size).toBe(levels.length);
  if (!sample.number) {
    expect(isNumeric(batch, 'x')).toBe(false);
    expect(() => readNumbers(batch, 'x')).toThrow(/column "x" is of Arrow type .* where numbers are needed/);
    return;
  }
  const { number } = sample;
  const numbers = cells.map((cell) => (cell === null || cell === undefined ? null : number(cell as never, type)));
  const read = readNumbers(batch, 'x');
  expect(Array.from(read, (value) => (Number.isNaN(value) ? null : value))).toEqual(numbers);

  // Blocks of odd sizes that end anywhere, in any order, tell the same, and why.
  const reader = openNumbers(batch, 'x');
  const lane = makeLane({ type: 'number' }, 64);
  for (const [start, count] of [
    [3, 64],
    [60, 30],
    [0, 1],
    [10, 0],
    [5, 61],
  ] as const) {
    if (start + count > reader.rows) continue;
    reader.read(start, count, lane);
    const block = numbers.slice(start, start + count);
    const why = block.map((value, i) => {
      const cell = cells[start + i];
      if (value !== null) return WHY.valid;
      if (cell === null || cell === undefined) return WHY.missing;
      return typeof cell === 'bigint' ? WHY.outOfRange : WHY.notFinite;
    });
    expect(Array.from(lane.values.subarray(0, count), (value) => (Number.isNaN(value) ? null : value))).toEqual(block);
    expect(Array.from(lane.why.subarray(0, count))).toEqual(why);
    expect(lane.clean).toBe(!block.includes(null));
  }
}

describe.each(COPIES)('columns of %s', (_copy, lib) => {
  describe.each(SAMPLES.map((sample) => [sample.name, sample] as const))('%s', (_name, sample) => {
    it.each(NULLS)('reads as Vector.get does, cell by cell, in chunks, slices and single batches: %s', (nulls) => {
      const table = tableOf(lib, sample, LENGTHS, nulls);
      if (!table) return;
      const type = table.schema.fields[0]!.type;
      const before = fingerprint(table.batches.map((batch) => batch.data.children));
      expectSame(table, cellsOf(table), sample, type);
      for (const [begin, end] of [
        [3, 150],
        [13, 69],
        [40, 40],
      ] as const) {
        const slice = table.slice(begin, end);
        expectSame(slice, cellsOf(slice), sample, type);
      }
      const last = table.batches.at(-1)!;
      expectSame(last, cellsOf(last), sample, type);
      const part = last.slice(5, 101);
      expectSame(part, cellsOf(part), sample, type);
      expect(fingerprint(table.batches.map((batch) => batch.data.children))).toBe(before);
    });

    it('reads the same after a round trip through IPC, by either copy and by flechette', () => {
      const table = tableOf(lib, sample, [70], 'some nulls');
      if (!table) return;
      const type = table.schema.fields[0]!.type;
      const cells = cellsOf(table);
      const bytes = lib.tableToIPC(table);
      for (const [, reader] of COPIES) {
        if (sample.type(reader)) expectSame(reader.tableFromIPC(bytes), cells, sample, type);
      }
      expectSame(asFlechette(bytes), cells, sample, type);
      expectSame(asFlechette(bytes, { useBigInt: true, useDate: true, useDecimalInt: true }), cells, sample, type);
    });
  });
});

describe('plain and Arrow columns', () => {
  const rows: Columns[] = [
    { x: Float64Array.of(1, Number.NaN, -0, 1e300) },
    { x: [1, null, 0, 1e300] },
    { x: [true, null, false, true] },
    { x: ['b', null, 'a', 'b'] },
    { x: [5n, null, 2n ** 60n, -3n] },
  ];
  const bitmap = Uint8Array.of(0b1101);
  const { offsets, bytes } = textBuffers(['b', 'gone', 'a', 'b']);
  const same: arrow.Data[] = [
    arrow.makeData({ type: new arrow.Float64(), data: Float64Array.of(1, Number.NaN, -0, 1e300) }),
    arrow.makeData({ type: new arrow.Float64(), data: Float64Array.of(1, 99, 0, 1e300), nullBitmap: bitmap }),
    arrow.makeData({ type: new arrow.Bool(), data: Uint8Array.of(0b1011), length: 4, nullBitmap: bitmap }),
    arrow.makeData({ type: new arrow.Utf8(), valueOffsets: offsets, data: bytes, nullBitmap: bitmap }),
    arrow.makeData({ type: new arrow.Int64(), data: BigInt64Array.of(5n, 9n, 2n ** 60n, -3n), nullBitmap: bitmap }),
  ];

  it.each(rows.map((plain, i) => [String(same[i]!.type), plain, same[i]!] as const))(
    'give the same numbers, categories and reasons: %s',
    (_name, plain, data) => {
      const table = new arrow.Table({ x: new arrow.Vector([data]) });
      expect(isNumeric(table, 'x')).toBe(isNumeric(plain, 'x'));
      expect(readCategories(table, 'x')).toEqual(readCategories(plain, 'x'));
      if (!isNumeric(table, 'x')) return;
      expect(readNumbers(table, 'x')).toEqual(readNumbers(plain, 'x'));
      const [a, b] = [makeLane({ type: 'number' }, 4), makeLane({ type: 'number' }, 4)];
      openNumbers(table, 'x').read(0, 4, a);
      openNumbers(plain, 'x').read(0, 4, b);
      expect(Array.from(a.why)).toEqual(Array.from(b.why));
      expect(a.clean).toBe(b.clean);
    },
  );

  it('take the same rows', () => {
    const table = new arrow.Table({ x: new arrow.Vector([same[1]!]), y: new arrow.Vector([same[3]!]) });
    const taken = takeRows(table, [3, 1, 0, 3], ['x', 'y']);
    expect(taken).toEqual(takeRows({ x: [1, null, 0, 1e300], y: ['b', null, 'a', 'b'] }, [3, 1, 0, 3], ['x', 'y']));
    expect(taken.x).toEqual(Float64Array.of(1e300, Number.NaN, 1, 1e300));
    expect(taken.y).toEqual({ codes: Int32Array.of(0, -1, 0, 0), levels: ['b', 'a'] });
    expect(() => takeRows(table, [4], ['x'])).toThrow(/row 4 of a batch of 4 rows/);
  });
});

describe('blocks', () => {
  it('of clean Float64 chunks are the caller’s buffer, not a copy', () => {
    const data = Float64Array.from({ length: 100 }, (_, i) => i);
    const table = new arrow.Table({ x: new arrow.Vector([arrow.makeData({ type: new arrow.Float64(), data })]) });
    const lane = makeLane({ type: 'number' }, 10);
    openNumbers(table.slice(20, 90), 'x').read(5, 10, lane);
    expect(lane.values.buffer).toBe(data.buffer);
    expect(lane.values).toEqual(data.subarray(25, 35));
  });

  it('after a block with nulls are marked clean again', () => {
    const nullBitmap = Uint8Array.of(0b11110111, 255);
    const data = Float64Array.from({ length: 16 }, (_, i) => i);
    const table = new arrow.Table({
      x: new arrow.Vector([arrow.makeData({ type: new arrow.Float64(), data, nullBitmap })]),
    });
    const lane = makeLane({ type: 'number' }, 8);
    const reader = openNumbers(table, 'x');
    reader.read(0, 8, lane);
    expect([lane.clean, lane.why[3], lane.values[3]]).toEqual([false, WHY.missing, Number.NaN]);
    reader.read(8, 8, lane);
    expect([lane.clean, ...lane.why]).toEqual([true, 0, 0, 0, 0, 0, 0, 0, 0]);
  });
});

describe('text', () => {
  it('of many distinct values has its levels in order of first appearance, over all chunks', () => {
    const texts = Array.from({ length: 5000 }, (_, i) => `k${(i * 7919) % 3001}`);
    const parts = [texts.slice(0, 1234), texts.slice(1234)];
    const vector = new arrow.Vector(
      parts.map((part) => {
        const { offsets, bytes } = textBuffers(part);
        return arrow.makeData({ type: new arrow.Utf8(), valueOffsets: offsets, data: bytes });
      }),
    );
    const { codes, levels } = readCategories(new arrow.Table({ x: vector }), 'x');
    expect(levels).toEqual([...new Set(texts)]);
    expect(Array.from(codes, (code) => levels[code])).toEqual(texts);
  });

  it('that is damaged UTF-8 gives one level for bytes that decode alike', () => {
    const data = arrow.makeData({
      type: new arrow.Utf8(),
      valueOffsets: Int32Array.of(0, 1, 2),
      data: Uint8Array.of(0xff, 0xfe),
    });
    expect(readCategories(new arrow.Table({ x: new arrow.Vector([data]) }), 'x')).toEqual({
      codes: Int32Array.of(0, 0),
      levels: ['\uFFFD'],
    });
  });

  it('that begins with a byte order mark keeps it, as plain text does (Vector.get drops it)', () => {
    const { offsets, bytes } = textBuffers(['\uFEFFmark', 'mark']);
    const data = arrow.makeData({ type: new arrow.Utf8(), valueOffsets: offsets, data: bytes });
    const { levels } = readCategories(new arrow.Table({ x: new arrow.Vector([data]) }), 'x');
    expect(levels).toEqual(readCategories({ x: ['\uFEFFmark', 'mark'] }, 'x').levels);
  });

  it('whose offsets leave the buffer is refused', () => {
    const data = arrow.makeData({ type: new arrow.Utf8(), valueOffsets: Int32Array.of(0, 9), data: Uint8Array.of(1) });
    expect(code(() => readCategories(new arrow.Table({ x: new arrow.Vector([data]) }), 'x'))).toBe('corrupt-input');
  });
});

describe('dictionaries', () => {
  it('keep their order, unused levels included', () => {
    const { offsets, bytes } = textBuffers(TEXTS);
    const dictionary = new arrow.Vector([
      arrow.makeData({ type: new arrow.Utf8(), valueOffsets: offsets, data: bytes }),
    ]);
    const type = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), 1);
    const data = arrow.makeData({ type, data: Int32Array.of(4, 1), dictionary });
    const { codes, levels } = readCategories(new arrow.Table({ x: new arrow.Vector([data]) }), 'x');
    expect(levels).toEqual(TEXTS);
    expect(codes).toEqual(Int32Array.of(4, 1));
  });

  it('with an index beyond them are refused, unless the cell is null', () => {
    const { offsets, bytes } = textBuffers(['only']);
    const dictionary = new arrow.Vector([
      arrow.makeData({ type: new arrow.Utf8(), valueOffsets: offsets, data: bytes }),
    ]);
    const type = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), 1);
    const table = (nullBitmap: Uint8Array): arrow.Table =>
      new arrow.Table({
        x: new arrow.Vector([arrow.makeData({ type, data: Int32Array.of(0, 7), dictionary, nullBitmap })]),
      });
    expect(readCategories(table(Uint8Array.of(1)), 'x').codes).toEqual(Int32Array.of(0, -1));
    expect(code(() => readCategories(table(Uint8Array.of(3)), 'x'))).toBe('corrupt-input');
  });
});

describe('decimals', () => {
  it('round as the nearest double of the exact quotient does, by parsing the decimal text', () => {
    const cells = [
      [1n, 1],
      [12345n, 2],
      [2n ** 53n + 1n, 3],
      [-(10n ** 30n) - 1n, 15],
      [3n, 25],
      [10n ** 37n, 37],
    ] as const;
    for (const [unscaled, scale] of cells) {
      const data = Uint32Array.from([0n, 32n, 64n, 96n], (shift) => Number(BigInt.asUintN(32, unscaled >> shift)));
      const chunk = arrow.makeData({ type: new arrow.Decimal(scale, 38), data });
      const table = new arrow.Table({ x: new arrow.Vector([chunk]) });
      expect(readNumbers(table, 'x')[0]).toBe(Number(`${unscaled}e-${scale}`));
    }
  });
});

describe('empty batches', () => {
  it.each(SAMPLES.map((sample) => [sample.name, sample] as const))(
    'without rows or without chunks read as no cells: %s',
    (_n, sample) => {
      for (const lengths of [[], [0]]) {
        const table = tableOf(arrow, sample, lengths, 'no bitmap')!;
        expect(readCategories(table, 'x').codes.length).toBe(0);
        if (sample.number) expect(readNumbers(table, 'x').length).toBe(0);
        const lane = makeLane({ type: 'category' }, 0);
        openCategories(table, 'x').read(0, 0, lane);
        expect(lane.clean).toBe(true);
      }
    },
  );

  it('of chunks padded by apache-arrow read null where there are no values', () => {
    const sample = SAMPLES.find((s) => s.name === 'Int32')!;
    const data = makeChunk(arrow, sample, new arrow.Int32(), 3, 'no bitmap')._changeLengthAndBackfillNullBitmap(20);
    const table = new arrow.Table({ x: new arrow.Vector([data]) });
    expect(Array.from(readNumbers(table, 'x')).slice(3)).toEqual(Array(17).fill(Number.NaN));
  });
});

describe('what cannot be read', () => {
  const list = new arrow.List(new arrow.Field('item', new arrow.Float64(), true));
  const child = arrow.makeData({ type: new arrow.Float64(), data: Float64Array.of(1, 2) });
  const lists = arrow.makeData({ type: list, valueOffsets: Int32Array.of(0, 2), child });

  it('is refused by name, type and remedy', () => {
    const table = new arrow.Table({ x: new arrow.Vector([lists]) });
    for (const read of [readNumbers, readCategories, isNumeric]) {
      expect(() => read(table, 'x')).toThrow(/column "x" is of Arrow type List.*cast it/);
      expect(code(() => read(table, 'x'))).toBe('wrong-type');
    }
  });

  it('is a missing or a doubled column', () => {
    const table = tableOf(arrow, SAMPLES[0]!, [2], 'no bitmap')!;
    expect(() => readNumbers(table, 'y')).toThrow('unknown column "y": the batch has x');
    expect(code(() => isNumeric(table, 'y'))).toBe('unknown-column');
    const fields = [...table.schema.fields, ...table.schema.fields];
    const twice = { numRows: 2, schema: { fields }, getChild: () => table.getChild('x') };
    expect(code(() => readNumbers(twice, 'x'))).toBe('duplicate-column');
  });
});
