import { describe, expect, it } from 'vitest';
import { makeLane } from '../columns/lane.ts';
import { type Lane, WHY } from '../model/batch.ts';
import type { Field } from '../model/field.ts';
import { bindLinear, explainLinear, type LinearPart } from './linear.ts';

const numbers = (...cells: number[]): Lane => {
  const lane = makeLane({ type: 'number' }, cells.length);
  lane.values.set(cells);
  lane.why.set(cells.map((x) => (x === x ? WHY.valid : WHY.missing)));
  lane.clean = cells.every((x) => x === x);
  return lane;
};
const codes = (cells: readonly number[], why: readonly number[]): Lane => ({
  ...makeLane({ type: 'category' }, cells.length),
  codes: Int32Array.from(cells),
  why: Uint8Array.from(why),
  clean: why.every((w) => w === WHY.valid),
});
const plain = (column: string, weight: number) => ({ column, weight, missing: null, centre: 0 });

describe('bindLinear', () => {
  it('adds 0 … 12 number columns to the intercept as the plain sum does', () => {
    for (let n = 0; n <= 12; n++) {
      const terms = Array.from({ length: n }, (_, k) => plain(`x${k}`, k - 3.5));
      const inputs: Field[] = terms.map(({ column }) => ({ name: column, type: 'number' }));
      const lanes = terms.map((_, k) => numbers(k, k * k, -k / 3));
      const out = makeLane({ type: 'number' }, 3);
      bindLinear({ intercept: 0.25, terms, groups: [] }, inputs)(3, lanes, out);
      for (let i = 0; i < 3; i++)
        expect(out.values[i]).toBeCloseTo(
          terms.reduce((z, t, k) => z + t.weight * lanes[k]!.values[i]!, 0.25),
          12,
        );
    }
  });

  it('gives a row the same bits whether or not other rows of its block are null', () => {
    const part: LinearPart = {
      intercept: 0.1,
      terms: [
        { column: 'a', weight: 0.3, missing: { value: 0.7, weight: 0.9 }, centre: 0 },
        { column: 'b', weights: [0.2, 0.4], missing: 0.6, unseen: 0, centre: 0 },
        plain('c', 1.1),
      ],
      groups: [],
    };
    const inputs: Field[] = [
      { name: 'a', type: 'number' },
      { name: 'b', type: 'category', levels: ['p', 'q'] },
      { name: 'c', type: 'number' },
    ];
    const run = (rows: number, lanes: readonly Lane[]): Lane => {
      const out = makeLane({ type: 'number' }, rows);
      bindLinear(part, inputs)(rows, lanes, out);
      return out;
    };
    const clean = run(1, [numbers(1.7), codes([1], [0]), numbers(0.3)]);
    const dirty = run(4, [
      numbers(1.7, Number.NaN, 1, 1),
      codes([1, 1, -1, -1], [0, 0, WHY.unseenLevel, WHY.missing]),
      numbers(0.3, 0.3, 0.3, Number.NaN),
    ]);
    expect(dirty.values[0]).toBe(clean.values[0]);
    expect(dirty.values[1]).toBeCloseTo(0.1 + 0.3 * 0.7 + 0.9 + 0.4 + 1.1 * 0.3, 14);
    expect(dirty.values[2]).toBeCloseTo(0.1 + 0.3 + 0 + 1.1 * 0.3, 14);
    expect([...dirty.why]).toEqual([0, 0, 0, WHY.missing]);
    expect(dirty.clean).toBe(false);
  });

  it('does not write into the lanes it reads', () => {
    const lane = numbers(1, Number.NaN);
    const before = lane.values.slice();
    const term = { column: 'a', weight: 2, missing: { value: 5, weight: 0 }, centre: 0 };
    bindLinear({ intercept: 0, terms: [term], groups: [] }, [{ name: 'a', type: 'number' }])(
      2,
      [lane],
      makeLane({ type: 'number' }, 2),
    );
    expect(lane.values).toEqual(before);
  });
});

describe('explainLinear', () => {
  it('tells groups as one term, adds up to the sum, and gives a null row no contribution at all', () => {
    const part: LinearPart = {
      intercept: 1,
      terms: [
        { ...plain('a', 2), centre: 4 },
        { ...plain('b', -1), centre: -3 },
        { ...plain('c', 5), centre: 10 },
      ],
      groups: [['a', 'c']],
    };
    const inputs: Field[] = ['a', 'b', 'c'].map((name) => ({ name, type: 'number' }));
    const { base, terms, kernel } = explainLinear(part, inputs, 'log-odds');
    const outs = terms.map(() => makeLane({ type: 'number' }, 2));
    kernel(2, [numbers(1, 1), numbers(2, Number.NaN), numbers(3, 3)], outs);
    expect(terms).toEqual([
      { name: 'a + c', columns: ['a', 'c'] },
      { name: 'b', columns: ['b'] },
    ]);
    expect(base).toBe(12);
    expect(outs.map((lane) => lane.values[0])).toEqual([2 + 15 - 14, -2 + 3]);
    expect(base + 3 + 1).toBe(1 + 2 - 2 + 15);
    expect(outs.map((lane) => lane.values[1])).toEqual([Number.NaN, Number.NaN]);
    expect(outs.map((lane) => lane.why[1])).toEqual([WHY.missing, WHY.missing]);
  });
});
