import { describe, expect, it } from 'vitest';
import { failure } from './job.test-support.ts';
import { join } from './join.ts';
import { type Table, tableRows, texts } from './table.ts';

const category = (...cells: (string | null)[]): Table[string] => {
  const levels = [...new Set(cells.filter((cell) => cell !== null))];
  return { codes: Int32Array.from(cells, (cell) => (cell === null ? -1 : levels.indexOf(cell))), levels };
};
const customers: Table = { id: category('a', 'b', null, 'd'), age: Float64Array.of(30, 40, 50, 60) };
const purchases: Table = {
  id: category('d', 'x', 'b', null),
  total: Float64Array.of(4, 9, 2, 7),
  shop: category('north', 'west', 'south', 'north'),
};
const unmatchedFrom = (table: Table): unknown[] => [[...(table.total as Float64Array)], texts(table, 'shop')];

describe('a join by id (tables by hand)', () => {
  it('gives customers without a partner nulls, and counts both sides', () => {
    const { table, report } = join(customers, purchases, { on: 'id', unmatched: 'null' });
    expect(Object.keys(table)).toEqual(['id', 'age', 'total', 'shop']);
    expect(texts(table, 'id')).toEqual(['a', 'b', null, 'd']);
    expect(unmatchedFrom(table)).toEqual([
      [Number.NaN, 2, Number.NaN, 4],
      [null, 'south', null, 'north'],
    ]);
    expect(report).toEqual({ leftUnmatched: 2, rightUnmatched: 2 });
  });

  it('gives zeros in number columns and nulls in others', () => {
    const { table, report } = join(customers, purchases, { on: 'id', unmatched: 'zero' });
    expect(unmatchedFrom(table)).toEqual([
      [0, 2, 0, 4],
      [null, 'south', null, 'north'],
    ]);
    expect(report).toEqual({ leftUnmatched: 2, rightUnmatched: 2 });
  });

  it('keeps a null of a partner as a null under the rule of zeros', () => {
    const { table } = join(
      { id: category('a') },
      { id: category('a'), total: Float64Array.of(Number.NaN) },
      {
        on: 'id',
        unmatched: 'zero',
      },
    );
    expect(table.total).toEqual(Float64Array.of(Number.NaN));
  });

  it('drops customers without a partner, in the order of the left table', () => {
    const { table, report } = join(customers, purchases, { on: 'id', unmatched: 'drop' });
    expect(texts(table, 'id')).toEqual(['b', 'd']);
    expect(table.age).toEqual(Float64Array.of(40, 60));
    expect(unmatchedFrom(table)).toEqual([
      [2, 4],
      ['south', 'north'],
    ]);
    expect(report).toEqual({ leftUnmatched: 2, rightUnmatched: 2 });
  });

  it('changes neither table', () => {
    const before = structuredClone([customers, purchases]);
    for (const unmatched of ['null', 'zero', 'drop'] as const) join(customers, purchases, { on: 'id', unmatched });
    expect([customers, purchases]).toEqual(before);
  });

  it('joins keys of other names, numbers with text, and never null with null', () => {
    const right: Table = { customer: Float64Array.of(7, 8, Number.NaN), total: Float64Array.of(1, 2, 3) };
    const { table } = join({ id: category('8', '7', null) }, right, {
      on: 'id',
      rightOn: 'customer',
      unmatched: 'null',
    });
    expect(Object.keys(table)).toEqual(['id', 'total']);
    expect(table.total).toEqual(Float64Array.of(2, 1, Number.NaN));
  });

  it('refuses a key that occurs twice on either side, and says where; nulls may repeat', () => {
    const twice: Table = { id: category('a', null, 'b', 'a', null), n: Float64Array.of(1, 2, 3, 4, 5) };
    const message = 'invalid-value: join: "id" "a" occurs in rows 0 and 3: make it one row per customer';
    expect(failure(() => join(twice, { id: category('a') }, { on: 'id', unmatched: 'null' }))).toBe(message);
    expect(failure(() => join({ id: category('a') }, twice, { on: 'id', unmatched: 'null' }))).toBe(message);
  });

  it('refuses a column that both tables have', () => {
    const right: Table = { id: category('a'), age: Float64Array.of(1) };
    expect(failure(() => join(customers, right, { on: 'id', unmatched: 'null' }))).toBe(
      'output-taken: join: both tables have a column "age": rename one',
    );
  });

  it('names an unknown key', () => {
    expect(failure(() => join(customers, purchases, { on: 'customer', unmatched: 'null' }))).toBe(
      'unknown-column: unknown column "customer": the table has id, age',
    );
    expect(failure(() => join(customers, purchases, { on: 'id', rightOn: 'customer', unmatched: 'null' }))).toBe(
      'unknown-column: unknown column "customer": the table has id, total, shop',
    );
  });

  it('joins a table without rows', () => {
    const none: Table = { id: category(), total: new Float64Array(0) };
    expect(join(customers, none, { on: 'id', unmatched: 'null' }).report.leftUnmatched).toBe(4);
    expect(tableRows(join(customers, none, { on: 'id', unmatched: 'drop' }).table)).toBe(0);
    expect(join(none, customers, { on: 'id', unmatched: 'null' }).report.rightUnmatched).toBe(4);
  });
});
