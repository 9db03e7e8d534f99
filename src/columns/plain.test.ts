import { describe, expect, it } from 'vitest';
import { type Columns, WHY } from '../model/batch.ts';
import { code } from './build.test-support.ts';
import {
  columnNames,
  isArrowLike,
  isNumeric,
  matches,
  readCategories,
  readNumbers,
  rowCount,
  takeRows,
} from './index.ts';
import { makeLane } from './lane.ts';
import { openCategories, openField, openNumbers } from './open.ts';

const broken = (batch: unknown): Columns => batch as Columns;

describe('plain batches', () => {
  it('have as many rows as each of their columns', () => {
    expect(rowCount({})).toBe(0);
    expect(rowCount({ a: [], b: new Float64Array(0) })).toBe(0);
    expect(rowCount({ a: [1, 2], b: { codes: Int32Array.of(0, 1), levels: ['x', 'y'] } })).toBe(2);
    expect(() => rowCount({ a: [1, 2], b: [1] })).toThrow('column "b" has 1 rows, column "a" has 2: make them equal');
  });

  it('name what is missing or not a column', () => {
    expect(() => readNumbers({ id: [1], Churn: [0] }, 'profit')).toThrow(
      'unknown column "profit": the batch has id, Churn',
    );
    expect(code(() => isNumeric({ id: [1] }, 'constructor'))).toBe('unknown-column');
    expect(code(() => readNumbers(broken({ x: 7 }), 'x'))).toBe('wrong-type');
    expect(code(() => rowCount(broken({ x: null })))).toBe('wrong-type');
    expect(code(() => columnNames(broken(null)))).toBe('wrong-type');
    expect(isArrowLike({ getChild: [1], numRows: [2] })).toBe(false);
  });
});

describe('numbers', () => {
  it('are read from arrays, typed arrays, booleans and bigints', () => {
    expect(readNumbers({ x: [1, null, undefined, 2] }, 'x')).toEqual(Float64Array.of(1, Number.NaN, Number.NaN, 2));
    expect(readNumbers({ x: Float32Array.of(0.5, Number.NaN) }, 'x')).toEqual(Float64Array.of(0.5, Number.NaN));
    expect(readNumbers({ x: [true, false, null] }, 'x')).toEqual(Float64Array.of(1, 0, Number.NaN));
    expect(readNumbers({ x: [7n, 2n ** 53n] }, 'x')).toEqual(Float64Array.of(7, Number.NaN));
    expect(readNumbers(broken({ x: BigInt64Array.of(-3n) }), 'x')).toEqual(Float64Array.of(-3));
  });

  it('tell why a cell is null', () => {
    const lane = makeLane({ type: 'number' }, 4);
    openNumbers({ x: [null, Number.NaN, Number.POSITIVE_INFINITY, 1] }, 'x').read(0, 4, lane);
    expect([...lane.why]).toEqual([WHY.missing, WHY.notFinite, WHY.notFinite, WHY.valid]);
    openNumbers({ x: [2n ** 60n, 1n, 1n, 1n] }, 'x').read(0, 4, lane);
    expect([...lane.why]).toEqual([WHY.outOfRange, 0, 0, 0]);
    openNumbers({ x: Float64Array.of(1, 2, 3, 4) }, 'x').read(0, 4, lane);
    expect([lane.clean, ...lane.why]).toEqual([true, 0, 0, 0, 0]);
  });

  it('are not read from text, dates or lists', () => {
    expect(() => readNumbers({ x: [1, '2'] as unknown as number[] }, 'x')).toThrow(
      'column "x", row 1: expected a number, got "2"',
    );
    expect(() => readNumbers(broken({ x: [new Date(0)] }), 'x')).toThrow('got a Date: write days since 1970-01-01');
    expect(code(() => readNumbers(broken({ x: [[5]] }), 'x'))).toBe('wrong-type');
    expect(code(() => readNumbers({ x: { codes: Int32Array.of(0), levels: ['a'] } }, 'x'))).toBe('wrong-type');
  });
});

describe('categories', () => {
  it('have their levels in order of first appearance', () => {
    expect(readCategories({ x: ['b', 'a', null, 'b'] }, 'x')).toEqual({
      codes: Int32Array.of(0, 1, -1, 0),
      levels: ['b', 'a'],
    });
    expect(readCategories({ x: [2, 1.5, Number.NaN, -0, 0] }, 'x').levels).toEqual(['2', '1.5', '0']);
    expect(readCategories({ x: [true, false] }, 'x').levels).toEqual(['true', 'false']);
    expect(readCategories({ x: [1, Number.POSITIVE_INFINITY] }, 'x').codes).toEqual(Int32Array.of(0, -1));
  });

  it('of many distinct cells are encoded in linear time', () => {
    const x = Array.from({ length: 200_000 }, (_, i) => `id ${i}`);
    expect(readCategories({ x }, 'x').levels.length).toBe(x.length);
  });

  it('refuse codes beyond their levels', () => {
    expect(code(() => readCategories({ x: { codes: Int32Array.of(0, 1), levels: ['a'] } }, 'x'))).toBe('invalid-value');
  });

  it('come in the levels of a model’s field, a level that it lacks as unseen', () => {
    const lane = makeLane({ type: 'category' }, 4);
    const field = { name: 'x', type: 'category', levels: ['a', 'b'] } as const;
    openField({ x: ['b', 'new', null, 'a'] }, field).read(0, 4, lane);
    expect([...lane.codes]).toEqual([1, -1, -1, 0]);
    expect([...lane.why]).toEqual([WHY.valid, WHY.unseenLevel, WHY.missing, WHY.valid]);
    expect(lane.clean).toBe(false);
    openCategories({ x: ['b', 'a', 'a', 'a'] }, 'x').read(0, 4, lane);
    expect([lane.clean, ...lane.why]).toEqual([true, 0, 0, 0, 0]);
  });
});

describe('takeRows', () => {
  it('copies rows of any column, in the given order', () => {
    const batch = { x: [1, null, 3], k: ['a', 'b', null] };
    const taken = takeRows(batch, Int32Array.of(2, 0, 1), ['x', 'k']);
    expect(taken).toEqual({
      x: Float64Array.of(3, 1, Number.NaN),
      k: { codes: Int32Array.of(-1, 0, 1), levels: ['a', 'b'] },
    });
    expect(takeRows(batch, [], ['x'])).toEqual({ x: new Float64Array(0) });
  });
});

describe('matches', () => {
  const batch = { c: ['Yes', 'No', null], n: [1, 0, null], b: [true, false, null] };
  it('holds neither equals nor not for null cells', () => {
    expect([...matches(batch, { column: 'c', equals: 'Yes' })]).toEqual([1, 0, 0]);
    expect([...matches(batch, { column: 'c', not: 'Yes' })]).toEqual([0, 1, 0]);
    expect([...matches(batch, { column: 'n', not: [1, 2] })]).toEqual([0, 1, 0]);
    expect([...matches(batch, { column: 'n', equals: '1' })]).toEqual([1, 0, 0]);
  });

  it('compares booleans as numbers and as text', () => {
    expect([...matches(batch, { column: 'b', equals: 1 })]).toEqual([1, 0, 0]);
    expect([...matches(batch, { column: 'b', equals: 'true' })]).toEqual([1, 0, 0]);
    expect([...matches(batch, { column: 'b', not: ['true'] })]).toEqual([0, 1, 0]);
  });

  it('refuses text for numbers', () => {
    expect(() => matches(batch, { column: 'n', equals: ['1', 'Yes'] })).toThrow(
      'column "n" holds numbers; "Yes" is not one',
    );
    expect(code(() => matches(batch, { column: 'z', equals: 1 }))).toBe('unknown-column');
  });
});
