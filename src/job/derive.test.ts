import { describe, expect, it } from 'vitest';
import { parseDay } from '../columns/index.ts';
import { columnsOf, type Derived, derive, derived } from './derive.ts';
import { failure } from './job.test-support.ts';
import type { Table } from './table.ts';

const table: Table = {
  a: Float64Array.of(6, 1, Number.NaN, 0),
  b: Float64Array.of(3, 0, 2, 0),
  c: Float64Array.of(10, 20, 30, 1e308),
  plan: { codes: Int32Array.of(0, 1, -1, 0), levels: ['basic', 'premium'] },
  joined: Float64Array.of(parseDay('2024-02-28'), parseDay('2023-12-31'), Number.NaN, 0),
  left: { codes: Int32Array.of(0, 1, 0, -1), levels: ['2024-03-01', '2024-01-01'] },
};
const made = (rule: Derived): number[] => [...derive(table, rule)];

describe('a derived column (figures by hand)', () => {
  it('linear is the constant plus the weighted columns, null where one is', () => {
    expect(made({ linear: { terms: { a: 2, b: -1 }, constant: 5 } })).toEqual([14, 7, Number.NaN, 5]);
    expect(made({ linear: { terms: {}, constant: 5 } })).toEqual([5, 5, 5, 5]);
    expect(made({ linear: { terms: { b: 0.5 } } })).toEqual([1.5, 0, 1, 0]);
  });

  it('ratio is null over a zero base, also 0/0', () => {
    expect(made({ ratio: ['a', 'b'] })).toEqual([2, Number.NaN, Number.NaN, Number.NaN]);
  });

  it('difference and product are null where a part is', () => {
    expect(made({ difference: ['a', 'b'] })).toEqual([3, 1, Number.NaN, 0]);
    expect(made({ product: ['a', 'b', 'b'] })).toEqual([54, 0, Number.NaN, 0]);
  });

  it('is null where the result is not finite', () => {
    expect(made({ product: ['c', 'c'] })[3]).toBeNaN();
    expect(made({ linear: { terms: { c: 1e10 } } })[3]).toBeNaN();
  });

  it('flag is 1, 0, or null where its column is null', () => {
    expect(made({ flag: { column: 'plan', equals: 'basic' } })).toEqual([1, 0, Number.NaN, 1]);
    expect(made({ flag: { column: 'plan', not: ['basic'] } })).toEqual([0, 1, Number.NaN, 0]);
    expect(made({ flag: { column: 'a', equals: [0, 1] } })).toEqual([0, 1, Number.NaN, 1]);
  });

  it('daysBetween counts whole days over a leap day and a year end, of dates and of ISO text', () => {
    expect(made({ daysBetween: ['joined', 'left'] })).toEqual([2, 1, Number.NaN, Number.NaN]);
    expect(made({ daysBetween: ['left', 'joined'] })).toEqual([-2, -1, Number.NaN, Number.NaN]);
  });

  it('daysBetween refuses what is no date', () => {
    expect(failure(() => derive(table, { daysBetween: ['plan', 'left'] }))).toMatch(
      /invalid-value: column "plan", row 0: "basic" is not a date; write yyyy-mm-dd/,
    );
  });

  it('fill replaces nulls and nothing else', () => {
    expect(made({ fill: { column: 'a', value: -1 } })).toEqual([6, 1, -1, 0]);
    expect([...(table.a as Float64Array)]).toEqual([6, 1, Number.NaN, 0]);
  });

  it('names a column that is unknown or holds text', () => {
    const numbers: readonly ((name: string) => Derived)[] = [
      (name) => ({ linear: { terms: { [name]: 1 } } }),
      (name) => ({ ratio: ['a', name] }),
      (name) => ({ difference: [name, 'a'] }),
      (name) => ({ product: ['a', name] }),
      (name) => ({ fill: { column: name, value: 0 } }),
    ];
    for (const rule of numbers) {
      expect(failure(() => derive(table, rule('profit')))).toMatch(
        /^unknown-column: unknown column "profit": the table has a, b, c, plan, joined, left/,
      );
      expect(failure(() => derive(table, rule('plan')))).toMatch(/^wrong-type: column "plan" holds text/);
    }
    expect(failure(() => derive(table, { flag: { column: 'profit', equals: 1 } }))).toMatch(/^unknown-column/);
    expect(failure(() => derive(table, { flag: { column: 'a', equals: 'basic' } }))).toMatch(/^wrong-type/);
  });

  it('takes nothing from a prototype for a column', () => {
    expect(failure(() => derive(table, { ratio: ['a', 'constructor'] }))).toMatch(/^unknown-column/);
    expect(failure(() => derive(table, { flag: { column: 'toString', equals: 1 } }))).toMatch(/^unknown-column/);
  });

  it('tells which columns it reads', () => {
    expect(columnsOf({ linear: { terms: { a: 1, b: 2 } } })).toEqual(['a', 'b']);
    expect(columnsOf({ ratio: ['a', 'b'] })).toEqual(['a', 'b']);
    expect(columnsOf({ difference: ['a', 'b'] })).toEqual(['a', 'b']);
    expect(columnsOf({ product: ['a', 'b', 'c'] })).toEqual(['a', 'b', 'c']);
    expect(columnsOf({ daysBetween: ['a', 'b'] })).toEqual(['a', 'b']);
    expect(columnsOf({ flag: { column: 'a', equals: 1 } })).toEqual(['a']);
    expect(columnsOf({ fill: { column: 'a', value: 1 } })).toEqual(['a']);
  });
});

describe('a derived column in a job file', () => {
  const parsed = (json: unknown): unknown => derived(json, 'job.x');

  it('is exactly one rule of the closed list', () => {
    const known = 'expected one of linear, ratio, difference, product, flag, daysBetween, fill';
    expect(failure(() => parsed({ formula: 'a + b' }))).toBe(`invalid-job: job.x: ${known}, got formula`);
    expect(failure(() => parsed({ ratio: ['a', 'b'], product: ['a'] }))).toBe(
      `invalid-job: job.x: ${known}, got ratio, product`,
    );
    expect(failure(() => parsed({}))).toBe(`invalid-job: job.x: ${known}, got none`);
    for (const json of [null, 'ratio', 7, ['ratio']])
      expect(failure(() => parsed(json))).toMatch(/^invalid-job: job\.x/);
    expect(failure(() => parsed({ toString: ['a'] }))).toMatch(/got toString/);
  });

  it('names the path of what is wrong within a rule', () => {
    expect(failure(() => parsed({ ratio: ['a'] }))).toMatch(/job\.x\.ratio: expected a list of 2/);
    expect(failure(() => parsed({ product: ['a', 3] }))).toMatch(/job\.x\.product\[1\]: expected a string, got 3/);
    expect(failure(() => parsed({ linear: { terms: { a: Number.NaN } } }))).toMatch(
      /job\.x\.linear\.terms\.a: expected a/,
    );
    expect(failure(() => parsed({ fill: { column: 'a', value: null } }))).toMatch(/job\.x\.fill\.value/);
    expect(failure(() => parsed({ fill: { column: 'a', value: 0, by: 1 } }))).toMatch(/job\.x\.fill: unknown key "by"/);
    expect(failure(() => parsed({ flag: { column: 'a' } }))).toMatch(/job\.x\.flag: give either "equals" or "not"/);
  });
});
