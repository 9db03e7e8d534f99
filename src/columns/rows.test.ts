import { Field as ArrowField, Int64, makeData, RecordBatch, Schema, Struct, TimestampMillisecond } from 'apache-arrow';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { CategoryColumn, Columns, PlainColumn } from '../model/batch.ts';
import { code, READERS, stream } from './build.test-support.ts';
import { columnNames, fromRows, isArrowLike, readNumbers, rowCount, takeRows, toArrow, toRows } from './index.ts';

const rows = [
  { id: 'a', spend: 12.5, left: true },
  { id: 'b', spend: null, left: false, note: undefined },
  { spend: -0, id: null, note: 'late', left: true },
];

describe('fromRows', () => {
  it('makes a column of every key, in order of first appearance, and null of what a row lacks', () => {
    const columns = fromRows(rows);
    expect(Object.keys(columns)).toEqual(['id', 'spend', 'left', 'note']);
    expect(columns).toEqual({
      id: ['a', 'b', null],
      spend: [12.5, null, -0],
      left: [true, false, true],
      note: [null, null, 'late'],
    });
    expect(readNumbers(columns, 'spend')).toEqual(Float64Array.of(12.5, Number.NaN, -0));
  });

  it('takes the columns that are named, in their order, also such as no row has', () => {
    const columns = fromRows(rows, ['note', 'id', 'age']);
    expect(Object.entries(columns)).toEqual([
      ['note', [null, null, 'late']],
      ['id', ['a', 'b', null]],
      ['age', [null, null, null]],
    ]);
  });

  it('gives no columns for no rows, but the named ones where they are named', () => {
    expect(fromRows([])).toEqual({});
    expect(fromRows([], ['id'])).toEqual({ id: [] });
    expect(fromRows([{}, {}])).toEqual({});
  });

  it('reads own keys only, and those of the prototype’s names like any other', () => {
    const odd = [JSON.parse('{"__proto__": 1, "constructor": 2}') as object, { toString: 3 }, Object.create({ id: 4 })];
    const columns: Columns = fromRows(odd, ['__proto__', 'constructor', 'toString', 'id']);
    expect(Object.getPrototypeOf(columns)).toBe(Object.prototype);
    expect(columnNames(columns).map((name) => [...readNumbers(columns, name)])).toEqual([
      [1, Number.NaN, Number.NaN],
      [2, Number.NaN, Number.NaN],
      [Number.NaN, 3, Number.NaN],
      [Number.NaN, Number.NaN, Number.NaN],
    ]);
    expect(columnNames(fromRows(odd))).toEqual(['__proto__', 'constructor', 'toString']);
    expect(toRows(columns)[0]).toEqual(JSON.parse('{"__proto__": 1, "constructor": 2, "toString": null, "id": null}'));
    expect(Object.keys(toRows(columns)[0]!)).toEqual(['__proto__', 'constructor', 'toString', 'id']);
  });

  it('takes objects without a prototype, and leaves the rows as they were', () => {
    const row = Object.freeze(Object.assign(Object.create(null) as object, { id: 'a' }));
    expect(fromRows(Object.freeze([row]))).toEqual({ id: ['a'] });
  });

  it('refuses what is no array of objects, by the row', () => {
    const refused = (given: unknown, names?: unknown) => () => fromRows(given as object[], names as string[]);
    expect(refused({ id: ['a'] })).toThrow('fromRows: expected an array of row objects');
    expect(refused([{}, null])).toThrow('fromRows, row 1: expected an object of cells by column name, got null');
    expect(refused([[1, 2]])).toThrow('fromRows, row 0: expected an object of cells by column name, got a list');
    // biome-ignore lint/suspicious/noSparseArray: a hole is what is tested
    expect(refused([{}, , {}])).toThrow('fromRows, row 1: expected an object of cells by column name, got undefined');
    expect(code(refused([], 'id'))).toBe('invalid-option');
  });

  it('leaves a cell that no column may hold to be named when it is read', () => {
    const columns = fromRows([{ id: 'a', day: new Date(0) }]);
    expect(columns.id).toEqual(['a']);
    expect(() => readNumbers(columns, 'day')).toThrow('column "day", row 0: expected a number, got a Date');
  });

  it('has the type of the cells', () => {
    const typed: readonly { readonly id: string; readonly age?: number; readonly born: Date }[] = [];
    const columns = fromRows(typed);
    expectTypeOf(columns.id).toEqualTypeOf<readonly (string | null)[]>();
    expectTypeOf(columns.age).toEqualTypeOf<readonly (number | null)[]>();
    expectTypeOf(columns.born).toEqualTypeOf<PlainColumn>();
    expectTypeOf(fromRows(typed, ['age', 'note'])).toEqualTypeOf<{
      readonly age: readonly (number | null)[];
      readonly note: PlainColumn;
    }>();
    expectTypeOf(fromRows([] as Record<string, unknown>[])).toEqualTypeOf<{ readonly [x: string]: PlainColumn }>();
    expectTypeOf(columns).toExtend<Columns>();
  });
});

describe('toRows', () => {
  const result = {
    churn: Float64Array.of(0.25, Number.NaN, Number.POSITIVE_INFINITY),
    tier: { codes: Int32Array.of(1, -1, 0), levels: ['gold', '客户'] },
  };

  it('makes an object of every row: categories are text, −1, NaN and ±Infinity null', () => {
    expect(toRows(result)).toEqual([
      { churn: 0.25, tier: '客户' },
      { churn: null, tier: null },
      { churn: null, tier: 'gold' },
    ]);
    expect(toRows(result, ['tier'])).toEqual([{ tier: '客户' }, { tier: null }, { tier: 'gold' }]);
    expect(toRows({})).toEqual([]);
    expect(toRows({ x: [] })).toEqual([]);
  });

  it('is the inverse of fromRows', () => {
    const whole = [
      { id: 'a', spend: 12.5, left: true, note: null },
      { id: null, spend: -0, left: null, note: 'late' },
    ];
    expect(toRows(fromRows(whole))).toEqual(whole);
  });

  it.each(READERS)('reads a table of %s like the plain columns it was made of', (_, read) => {
    const table = read(stream((toArrow(result) as unknown as { batches: Columns[] }).batches as never));
    expect(toRows(table)).toEqual(toRows(result));
    expect(toRows(table, ['tier'])).toEqual(toRows(result, ['tier']));
  });

  it('writes points in time as their UTC day, and refuses integers that a number cannot hold', () => {
    const type = new TimestampMillisecond();
    const time = makeData({ type, length: 2, nullCount: 0, data: BigInt64Array.of(86_399_999n, 86_400_000n) });
    const long = makeData({ type: new Int64(), length: 2, nullCount: 0, data: BigInt64Array.of(7n, 2n ** 53n) });
    const schema = new Schema([new ArrowField('at', type), new ArrowField('n', new Int64())]);
    const batch = new RecordBatch(
      schema,
      makeData({ type: new Struct(schema.fields), length: 2, nullCount: 0, children: [time, long] }),
    );
    expect(toRows(batch, ['at'])).toEqual([{ at: '1970-01-01' }, { at: '1970-01-02' }]);
    expect(() => toRows(batch)).toThrow('column "n", row 1: beyond 2^53 − 1');
    expect(toRows({ n: [7n, null] })).toEqual([{ n: 7 }, { n: null }]);
  });

  it('names an unknown column and unequal lengths', () => {
    expect(() => toRows(result as Columns, ['age'])).toThrow('unknown column "age": the batch has churn, tier');
    expect(() => toRows({ a: [1], b: [] })).toThrow('column "b" has 0 rows');
    expect(code(() => toRows(result, 'tier' as never))).toBe('invalid-option');
  });

  it('has the type of the columns', () => {
    expectTypeOf(toRows(result)).toEqualTypeOf<{ churn: number | null; tier: string | null }[]>();
    expectTypeOf(toRows(result, ['tier'])).toEqualTypeOf<{ tier: string | null }[]>();
    const mixed: { readonly on: readonly boolean[]; readonly n: readonly (bigint | undefined)[] } = { on: [], n: [] };
    expectTypeOf(toRows(mixed)).toEqualTypeOf<{ on: boolean | null; n: number | null }[]>();
    const general = toRows({} as Columns);
    expectTypeOf(general).toEqualTypeOf<{ [name: string]: number | string | boolean | null }[]>();
    expectTypeOf(toRows({} as { readonly [name: string]: Float64Array | CategoryColumn })).toEqualTypeOf<
      { [x: string]: number | string | null }[]
    >();
  });
});

describe('an array of row objects in place of a batch', () => {
  const given = rows as unknown as Columns;
  it('is told of fromRows, wherever it is looked at', () => {
    const told = 'expected a batch, got an array: fromRows of clientele/columns';
    for (const look of [columnNames, rowCount, toRows, (batch: Columns) => readNumbers(batch, 'spend')])
      expect(() => look(given)).toThrow(told);
    expect(() => takeRows(given, [0], ['spend'])).toThrow(told);
    expect(isArrowLike(given)).toBe(false);
  });

  it('is told of fromRows where each object is taken for a batch', () => {
    expect(() => rowCount(rows[0] as unknown as Columns)).toThrow(
      /column "id" is not a column: .*; fromRows makes columns of row objects$/,
    );
  });
});

describe('takeRows', () => {
  it('refuses rows and names that are no list, and a row that is none', () => {
    const batch = { x: [1, 2, 3], g: ['a', 'b', 'c'] };
    const taken = (given: unknown, names: unknown = ['x', 'g']) =>
      code(() => takeRows(batch, given as number[], names as string[]));
    for (const given of [5, null, undefined, '12', {}]) expect(taken(given)).toBe('invalid-option');
    for (const names of ['x', null, {}]) expect(taken([0], names)).toBe('invalid-option');
    for (const row of [-1, 3, 0.5, Number.NaN, '1', 1n]) expect(taken([row])).toBe('invalid-value');
    expect(takeRows(batch, { length: 1, 0: 2 }, ['x'])).toEqual({ x: Float64Array.of(3) });
    expect(() => takeRows(batch, 5 as never, ['x'])).toThrow(
      'invalid rows: 5; use a list of row numbers, such as [0, 5]',
    );
  });
});
