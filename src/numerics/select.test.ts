import { describe, expect, it } from 'vitest';
import { fitCuts } from './cut-rule.ts';
import { quantile, quantiles } from './quantile.ts';
import { seededRandom } from './random.ts';
import { selectRanks } from './select.ts';

const random = seededRandom(17);
/** Columns of every awkward shape, by what they are. */
const shapes: { readonly [shape: string]: (i: number, n: number) => number } = {
  random: () => random.uniform() - 0.5,
  'few distinct': () => Math.floor(random.uniform() * 4),
  'all equal': () => 7,
  rising: (i) => i,
  falling: (i) => -i,
  'organ pipe': (i, n) => Math.min(i, n - i),
  'two runs': (i, n) => (i * 2) % n,
  'zeros of either sign': () => [-0, 0, 1, -1][random.below(4)]!,
  infinities: () => [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 1e308, -1e308][random.below(5)]!,
  subnormal: () => Math.floor(random.uniform() * 9) * 5e-324,
};

describe('selectRanks', () => {
  it.each(Object.keys(shapes))('puts what sorting puts at the ranks, and parts the cells there: %s', (shape) => {
    for (const n of [1, 2, 3, 7, 100, 601, 5000]) {
      const cells = Float64Array.from({ length: n }, (_, i) => shapes[shape]!(i, n) + 0);
      const sorted = cells.slice().sort();
      for (const count of [1, 2, 8]) {
        const ranks = Array.from({ length: count }, () => random.below(n)).sort((a, b) => a - b);
        const found = cells.slice();
        selectRanks(found, ranks);
        for (const rank of ranks) {
          expect(found[rank]).toBe(sorted[rank]);
          expect(found.subarray(0, rank).every((cell) => cell <= sorted[rank]!)).toBe(true);
          expect(found.subarray(rank).every((cell) => cell >= sorted[rank]!)).toBe(true);
        }
        expect(found.sort()).toEqual(sorted);
      }
    }
  });
  it('takes nothing and the empty array', () => {
    selectRanks(new Float64Array(0), []);
    const cells = Float64Array.of(2, 1);
    selectRanks(cells, []);
    expect([...cells]).toEqual([2, 1]);
  });
});

describe('quantiles', () => {
  it('equal those of the sorted column to the bit, nulls left out, whatever the order of the rows', () => {
    for (let trial = 0; trial < 300; trial++) {
      const n = 1 + random.below(trial < 290 ? 50 : 20_000);
      const values = Float64Array.from({ length: n }, () =>
        random.uniform() < 0.1 ? Number.NaN : Math.floor(random.uniform() * 30) / 7 - 2,
      );
      const cells = values.filter((x) => x === x);
      if (cells.length === 0) continue;
      const sorted = cells.slice().sort();
      const p = [0.01, 0.2, 0.4, 0.5, 0.57, 0.6, 0.8, 0.999];
      const expected = p.map((at) => quantile(sorted, at));
      expect(quantiles(cells, p)).toEqual(expected);
      expect(fitCuts(values, { quantile: p })).toEqual(expected.map((cut) => cut + 0));
      expect(fitCuts(values, 'median')).toEqual([quantile(sorted, 0.5) + 0]);
    }
  });
  it.each(Object.keys(shapes))('of a long column equal those of the sorted one to the bit: %s', (shape) => {
    const n = 300_000;
    const values = Float64Array.from({ length: n }, (_, i) => (i % 17 === 3 ? Number.NaN : shapes[shape]!(i, n) + 0));
    const sorted = values.filter((x) => x === x).sort();
    const before = values.slice();
    for (const p of [[0.5], [0.2, 0.4, 0.6, 0.8], [1e-6, 0.5, 0.5001, 1 - 1e-6], [0.1, 0.3, 0.5, 0.7, 0.9]])
      expect(quantiles(values, p)).toEqual(p.map((at) => quantile(sorted, at)));
    expect(values.every((x, i) => Object.is(x, before[i]))).toBe(true);
  });
  it('of a long column do not depend on the sample: every cell that the sample takes is out of the ordinary', () => {
    const n = 2 ** 18;
    const values = Float64Array.from({ length: n }, (_, i) => (i % 8 === 0 ? 1000 + i : (i * 7919) % n));
    const sorted = values.slice().sort();
    const p = [0.2, 0.4, 0.6, 0.8];
    expect(quantiles(values, p)).toEqual(p.map((at) => quantile(sorted, at)));
    const empty = Float64Array.from(values, (x, i) => (i % 8 === 0 ? Number.NaN : x));
    const rest = empty.filter((x) => x === x).sort();
    expect(quantiles(empty, p)).toEqual(p.map((at) => quantile(rest, at)));
  });
  it('are NaN where no cell is left', () => {
    expect(quantiles(new Float64Array(0), [0.5])).toEqual([Number.NaN]);
    expect(quantiles(new Float64Array(2 ** 18).fill(Number.NaN), [0.1, 0.5])).toEqual([Number.NaN, Number.NaN]);
  });
  it('never moves the cells of a column whose cuts are asked', () => {
    const values = Float64Array.of(3, 1, 2);
    expect(fitCuts(values, 'median')).toEqual([2]);
    expect([...values]).toEqual([3, 1, 2]);
  });
});
