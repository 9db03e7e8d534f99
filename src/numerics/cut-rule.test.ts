import { describe, expect, it } from 'vitest';
import { cutRule, equalParts, fitCuts, ruleOption } from './cut-rule.ts';
import { type Closed, codeOf, storedCuts } from './cuts.ts';
import { seededRandom } from './random.ts';
import { ascending } from './rank.ts';

const share = (values: readonly number[], cut: number, closed: Closed = 'right') =>
  values.filter((x) => codeOf(x, [cut], closed) === 1);

describe('codeOf', () => {
  it('puts a value equal to a cut below it when intervals are closed on the right, above when on the left (S29)', () => {
    expect([299, 300, 301].map((x) => codeOf(x, [300], 'right'))).toEqual([0, 0, 1]);
    expect([299, 300, 301].map((x) => codeOf(x, [300], 'left'))).toEqual([0, 1, 1]);
  });
  it('leaves the interval between equal cuts empty', () => {
    expect([1, 2, 3].map((x) => codeOf(x, [1, 1, 2], 'right'))).toEqual([0, 2, 3]);
  });
});

describe('fitCuts', () => {
  it('finds no value above the mean of equal values, by whatever rounding (0.1 + 0.1 + 0.1 = 0.30000000000000004)', () => {
    for (const x of [0.1, 0.7, 1 / 3, 1e17 / 3, -0.1])
      for (const n of [3, 6, 7, 10, 49]) expect(fitCuts(new Array(n).fill(x), 'mean')).toEqual([x]);
  });
  it('takes the mean, the median and type-7 quantiles over the cells that are not null (by hand)', () => {
    expect(fitCuts([Number.NaN, 6, 1, 2, 3], 'mean')).toEqual([3]);
    expect(fitCuts([4, Number.NaN, 1, 2, 3], 'median')).toEqual([2.5]);
    expect(fitCuts([40, 10, 30, 20, 50], { quantile: [0.1, 0.5] })).toEqual([14, 30]);
    expect(fitCuts([40, 10, 30, 20, 50], { quantile: 0.5, plus: 1 })).toEqual([31]);
  });
  it('keeps fixed limits as they are, without any data', () => {
    expect(fitCuts([], { fixed: [1, 2] })).toEqual([1, 2]);
    expect(Object.is(fitCuts([], { fixed: -0 })[0], 0)).toBe(true);
  });
  it('parts the range into equal widths (by hand)', () => {
    expect(fitCuts([0, 10, 3], { equalWidth: 4 })).toEqual([2.5, 5, 7.5]);
  });
  it('gives the top share of customers, the crossing group going up or down (by hand)', () => {
    const values = [9, 8, 8, 8, 7, 6, 5, 4, 3, 2];
    const top = (crossing: 'up' | 'down', closed: Closed) =>
      share(values, fitCuts(values, { shareOfCustomers: 0.2, crossing }, closed)[0]!, closed);
    expect(top('up', 'right')).toEqual([9, 8, 8, 8]);
    expect(top('up', 'left')).toEqual([9, 8, 8, 8]);
    expect(top('down', 'right')).toEqual([9]);
    expect(top('down', 'left')).toEqual([9]);
    expect(fitCuts(values, { shareOfCustomers: [0.1, 0.5] })).toEqual([6, 8]);
  });
  it('counts customers exactly where the share times the count is no whole number in binary (0.07 · 100, 0.29 · 100)', () => {
    const values = Array.from({ length: 100 }, (_, i) => i);
    for (let k = 1; k < 100; k++)
      expect(share(values, fitCuts(values, { shareOfCustomers: k / 100 })[0]!)).toHaveLength(k);
  });
  it('keeps everyone, or no one, together when all values are equal', () => {
    for (const closed of ['right', 'left'] as const) {
      const both = (['up', 'down'] as const).map(
        (crossing) =>
          share([5, 5, 5], fitCuts([5, 5, 5], { shareOfCustomers: 0.5, crossing }, closed)[0]!, closed).length,
      );
      expect(both).toEqual([3, 0]);
    }
  });
  it('gives the customers who hold a share of the value, negative values last (by hand)', () => {
    const values = [50, 30, 15, 10, -5];
    expect(share(values, fitCuts(values, { shareOfValue: 0.8 })[0]!)).toEqual([50, 30]);
    expect(share(values, fitCuts(values, { shareOfValue: 0.81 })[0]!)).toEqual([50, 30, 15]);
    expect(share(values, fitCuts(values, { shareOfValue: 0.81, crossing: 'down' })[0]!)).toEqual([50, 30]);
    expect(() => fitCuts([-1, 1], { shareOfValue: 0.5 })).toThrow(/total of 0/);
  });
  it('scores like a brute-force average rank, whichever side is closed', () => {
    const random = seededRandom(7);
    for (let trial = 0; trial < 200; trial++) {
      const n = 1 + Math.floor(random.uniform() * 30);
      const values = Array.from({ length: n }, () => Math.floor(random.uniform() * 8) - 3);
      for (const k of [2, 3, 5])
        for (const closed of ['right', 'left'] as const) {
          const cuts = fitCuts(values, { averageRank: k }, closed);
          for (const x of values) {
            const below = values.filter((y) => y < x).length;
            const rank = below + (values.filter((y) => y === x).length + 1) / 2;
            expect(codeOf(x, cuts, closed) + 1).toBe(Math.ceil((k * rank) / n));
          }
        }
    }
  });
  it('does not depend on the order of the rows, for any rule, to the bit', () => {
    const random = seededRandom(11);
    const values = Array.from({ length: 501 }, () => Math.exp(8 * random.uniform()));
    const shuffled = [...values].sort((a, b) => Math.sin(a) - Math.sin(b));
    for (const rule of [
      'mean',
      'median',
      { quantile: equalParts(5) },
      { equalWidth: 5 },
      { averageRank: 5 },
      { shareOfCustomers: [0.2, 0.5] },
      { shareOfValue: [0.5, 0.8] },
    ] as const)
      expect(fitCuts(shuffled, rule)).toEqual(fitCuts(values, rule));
  });
  it('moves with the column when a constant is added (dyadic values, so that sums are exact)', () => {
    const random = seededRandom(3);
    const values = Array.from({ length: 64 }, () => Math.floor(random.uniform() * 1000) / 8);
    for (const rule of [
      'mean',
      'median',
      { equalWidth: 4 },
      { averageRank: 4 },
      { shareOfCustomers: [0.2, 0.5] },
    ] as const)
      expect(
        fitCuts(
          values.map((x) => x + 32),
          rule,
        ),
      ).toEqual(fitCuts(values, rule).map((cut) => cut + 32));
  });
  it('refuses what cannot be cut', () => {
    expect(() => fitCuts([Number.NaN], 'mean', 'right', 'loyalty')).toThrow(/"loyalty"/);
    expect(() => fitCuts([-1e308, 1e308, 1e308], { equalWidth: 2 })).toThrow(/rescale/);
  });
});

describe('cutRule', () => {
  it('accepts every form and refuses the rest with the path', () => {
    expect(cutRule({ quantile: 0.8 }, 'cut')).toEqual({ quantile: [0.8] });
    for (const [rule, message] of [
      ['middle', /cut: expected 'mean'/],
      [null, /cut: expected/],
      [{ fixed: [2, 2] }, /cut.fixed: limits must rise/],
      [{ fixed: [] }, /at least one/],
      [{ quantile: 1 }, /between 0 and 1/],
      [{ averageRank: 1 }, /whole number/],
      [{ shareOfValue: 0.5, crossing: 'left' }, /crossing/],
      [{ fixed: 1, plus: 1 }, /unknown key "plus"/],
    ] as const)
      expect(() => ruleOption(rule as never, 'cut')).toThrow(message);
  });
  it('refuses stored cuts that fall', () => {
    expect(storedCuts([1, 1, 2], 'cuts')).toEqual([1, 1, 2]);
    expect(() => storedCuts([2, 1], 'cuts')).toThrow(/cuts\[1\]/);
  });
});

describe('ascending', () => {
  it('sorts without nulls and without touching its input', () => {
    const values = [3, Number.NaN, -1, 10];
    expect([...ascending(values)]).toEqual([-1, 3, 10]);
    expect(values).toEqual([3, Number.NaN, -1, 10]);
  });
});
