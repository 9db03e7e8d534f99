import { describe, expect, it } from 'vitest';
import { InputLane, readFloat64 } from '../columns/input-lane.ts';
import { makeLane } from '../columns/lane.ts';
import { type Lane, WHY } from '../model/batch.ts';
import type { Field } from '../model/field.ts';
import { seededRandom } from '../numerics/random.ts';
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

describe('nulls of bindLinear', () => {
  const NULLS = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const part: LinearPart = {
    intercept: 0.5,
    terms: [
      ...['a', 'b', 'c', 'd', 'e'].map((column, k) => plain(column, k - 1)),
      { column: 'f', weights: [0.5, 2], missing: null, unseen: 0.25, centre: 0 },
      { column: 'g', weight: 3, missing: { value: 2, weight: -0.5 }, centre: 0 },
      { column: 'h', weights: [1, -1], missing: 4, unseen: null, centre: 0 },
    ],
    groups: [],
  };
  const inputs = part.terms.map(
    ({ column }): Field =>
      'fh'.includes(column) ? { name: column, type: 'category', levels: ['p', 'q'] } : { name: column, type: 'number' },
  );

  it('are the first cell without a rule, row by row, whether the cells were looked at before or not', () => {
    const random = seededRandom(5);
    const rows = 400;
    const kernel = bindLinear(part, inputs);
    for (const often of [0, 0.01, 0.3]) {
      const cells = inputs.map(() =>
        Float64Array.from({ length: rows }, () =>
          random.uniform() < often ? NULLS[random.below(3)]! : random.below(2),
        ),
      );
      const causes = inputs.map((field, k) =>
        Uint8Array.from(cells[k]!, (cell) =>
          Number.isFinite(cell) ? 0 : field.type === 'number' || cell > 0 ? WHY.notFinite : WHY.unseenLevel,
        ),
      );
      const lanesOf = (make: () => Lane): Lane[] =>
        inputs.map((field, k) => {
          if (field.type === 'category')
            return codes(
              [...cells[k]!].map((c) => (c === c ? c : -1)),
              [...causes[k]!],
            );
          const lane = make();
          readFloat64(cells[k]!, 0, rows, lane);
          return lane;
        });
      for (const make of [() => new InputLane(rows), () => makeLane({ type: 'number' }, rows)]) {
        const out = makeLane({ type: 'number' }, rows);
        kernel(rows, lanesOf(make), out);
        for (let i = 0; i < rows; i++) {
          let sum = part.intercept;
          let cause: number = WHY.valid;
          part.terms.forEach((term, k) => {
            const why = causes[k]![i]!;
            const x = cells[k]![i]!;
            let own: number | null;
            if ('weights' in term)
              own = why === WHY.valid ? term.weights[x]! : why === WHY.unseenLevel ? term.unseen : term.missing;
            else if (why === WHY.valid) own = term.weight * x;
            else own = term.missing && term.weight * term.missing.value + term.missing.weight;
            if (own === null) cause ||= why;
            else sum += own;
          });
          expect(out.why[i]).toBe(cause);
          if (cause === WHY.valid) expect(out.values[i]).toBeCloseTo(sum, 12);
        }
        expect(out.clean).toBe(out.why.every((why) => why === WHY.valid));
      }
    }
  });

  it('are not seen in a sum of finite cells that is too large for float64', () => {
    const terms = [plain('a', 1e300), plain('b', 1)];
    const lane = new InputLane(2);
    readFloat64(Float64Array.of(1e300, 1), 0, 2, lane);
    const out = makeLane({ type: 'number' }, 2);
    bindLinear({ intercept: 0, terms, groups: [] }, inputs.slice(0, 2))(2, [lane, numbers(1, 2)], out);
    expect([...out.values, ...out.why, out.clean]).toEqual([Number.POSITIVE_INFINITY, 1e300 + 2, 0, 0, true]);
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
