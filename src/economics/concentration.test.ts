import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { seededRandom, shuffled } from '../numerics/random.ts';
import { abcClasses } from './abc-classes.ts';
import { concentration } from './concentration.ts';
import { loseTop } from './lose-top.ts';
import { tailShare } from './tail-share.ts';

interface Golden {
  readonly values: readonly number[];
  readonly lorenz: { readonly population: readonly number[]; readonly share: readonly number[] };
  readonly gini: number;
  readonly giniUnbiased: number;
  readonly hhi: number;
  readonly topShare: { readonly [top: string]: number };
  readonly abc: { readonly classes: readonly string[] };
  readonly paretoPoint: { readonly count: number; readonly shareOfCustomers: number };
}
const golden = fixture<{ readonly concentration: Golden }>('value-golden.json').concentration;

const close = (found: readonly (number | null)[], wanted: readonly number[]): void => {
  expect(found.length).toBe(wanted.length);
  found.forEach((x, i) => {
    expect(Math.abs(x! - wanted[i]!)).toBeLessThanOrEqual(1e-10);
  });
};
describe('concentration (S57)', () => {
  it('gives the golden Lorenz curve, Gini, HHI, top shares and Pareto point in any order of rows (S57)', () => {
    const { count, shareOfCustomers } = golden.paretoPoint;
    for (const seed of [1, 2, 3]) {
      const values = Array.from(shuffled(golden.values.length, seededRandom(seed)), (row) => golden.values[row]!);
      const top = Object.keys(golden.topShare).map(Number);
      const found = concentration(values, { top });
      close(found.lorenz!.population, golden.lorenz.population);
      close(found.lorenz!.share, golden.lorenz.share);
      close([found.gini, found.giniUnbiased, found.hhi], [golden.gini, golden.giniUnbiased, golden.hhi]);
      close(
        found.topShare.map(({ share }) => share),
        Object.values(golden.topShare),
      );
      expect(found.pareto).toEqual([{ reach: 0.8, count, shareOfCustomers }]);
    }
  });

  it('is 0 when all are equal, 1 − 1/n when one holds it all, and null when there is nothing (S57, golden edges)', () => {
    expect(concentration([7, 7, 7, 7]).gini).toBe(0);
    const one = concentration([0, 0, 0, 10]);
    expect([one.gini, one.giniUnbiased, one.hhi]).toEqual([0.75, 1, 1]);
    expect(concentration([0, 0])).toMatchObject({
      total: 0,
      lorenz: null,
      gini: null,
      giniUnbiased: null,
      hhi: null,
      pareto: [{ reach: 0.8, count: null, shareOfCustomers: null }],
    });
    expect(concentration([5])).toMatchObject({ gini: 0, giniUnbiased: null, hhi: 1 });
  });

  it('equals the mean absolute difference over twice the mean (S57, Gini by brute force)', () => {
    const { below } = seededRandom(11);
    const values = Array.from({ length: 300 }, () => below(1000) ** 2);
    const mean = values.reduce((a, b) => a + b) / 300;
    const differences = values.flatMap((x) => values.map((y) => Math.abs(x - y))).reduce((a, b) => a + b);
    close([concentration(values).gini], [differences / (2 * 300 * 300 * mean)]);
  });

  it('takes the customer who reaches the share exactly, and one more just above it (S57)', () => {
    const count = (reach: number) => concentration([50, 30, 20], { reach: [reach] }).pareto[0]!.count;
    expect([count(0.5), count(0.5000001), count(0.8), count(0.8000001), count(1)]).toEqual([1, 2, 2, 3, 3]);
  });

  it('reads the Lorenz curve off at evenly spaced shares when there are more customers than points (S57)', () => {
    const values = Array.from({ length: 1000 }, (_, i) => i + 1);
    const { lorenz } = concentration(values, { points: 4 });
    const share = (n: number) => (n * (n + 1)) / (1000 * 1001);
    expect(lorenz!.population).toEqual([0, 0.25, 0.5, 0.75, 1]);
    close(lorenz!.share, [0, share(250), share(500), share(750), 1]);
    close(concentration([1, 3, 6], { points: 2 }).lorenz!.share, [0, (1 + 1.5) / 10, 1]);
  });

  it('leaves nulls out and treats negative values as told: refused, as 0, or kept (S57)', () => {
    const values = [6, null, -2, 4];
    expect(() => concentration(values)).toThrow('values, row 2: -2 is below 0');
    const zero = concentration(values, { negative: 'zero' });
    expect(zero).toMatchObject({ customers: 3, nulls: 1, negatives: 1, total: 10, hhi: 0.52 });
    expect(zero.gini).toBe(concentration([6, 0, 4]).gini);
    const kept = concentration(values, { negative: 'keep' });
    expect(kept.total).toBe(8);
    close(kept.lorenz!.share, [0, -0.25, 0.25, 1]);
    // (−2·−2 + 0·4 + 2·6)/(3·8)
    close([kept.gini], [16 / 24]);
    expect(concentration([1, -3], { negative: 'keep' }).gini).toBeNull();
  });

  it('refuses a column of nulls and shares out of range', () => {
    expect(() => concentration([null])).toThrow('all are null');
    expect(() => concentration([])).toThrow('all are null');
    expect(() => concentration([1], { top: [0] })).toThrow('invalid top: 0');
    expect(() => concentration([1], { reach: [1.1] })).toThrow('invalid reach: 1.1');
    expect(() => concentration([1], { points: 0 })).toThrow('invalid points: 0');
    expect(() => concentration([1], { negative: 'drop' as 'keep' })).toThrow('invalid negative: drop');
  });
});

describe('abcClasses', () => {
  const classesOf = (values: readonly (number | null)[], options = {}) => {
    const { codes, levels } = abcClasses(values, options).classes;
    return Array.from(codes, (code) => levels[code] ?? null);
  };

  it('gives the golden classes, the crossing customer in the better one (S57)', () => {
    expect(classesOf(golden.values)).toEqual(golden.abc.classes);
    expect(classesOf(golden.values.toReversed())).toEqual(golden.abc.classes.toReversed());
    expect(abcClasses(golden.values).table.map(({ count }) => count)).toEqual([3, 3, 4]);
  });

  it('puts who stands at exactly the limit into the next class (S57): share before 0.8 is not below 0.8', () => {
    expect(classesOf([50, 30, 15, 5])).toEqual(['A', 'A', 'B', 'C']);
    expect(classesOf([50, 29, 16, 5])).toEqual(['A', 'A', 'A', 'C']);
  });

  it('ranks equal values by input order (S57)', () => {
    expect(classesOf([10, 10, 10, 10, 10], { shares: [0.4], classes: ['x', 'y'] })).toEqual(['x', 'x', 'y', 'y', 'y']);
  });

  it('equals a ranking row by row, with many ties, zeros and nulls (S57, brute force)', () => {
    const { below } = seededRandom(5);
    for (let round = 0; round < 50; round++) {
      const values = Array.from({ length: 1 + below(40) }, () => (below(8) === 0 ? null : below(6)));
      const order = values
        .flatMap((value, row) => (value === null ? [] : [{ value, row }]))
        .sort((a, b) => b.value - a.value || a.row - b.row);
      const total = order.reduce((n, { value }) => n + value, 0);
      if (total === 0) continue;
      const wanted = values.map((): string | null => null);
      let before = 0;
      for (const { value, row } of order) {
        wanted[row] = before / total < 0.8 ? 'A' : before / total < 0.95 ? 'B' : 'C';
        before += value;
      }
      expect(classesOf(values)).toEqual(wanted);
    }
  });

  it('sums every class up, leaves nulls out, and has none where there is no total (S57, by hand)', () => {
    const { table, nulls, classes } = abcClasses([70, null, 20, 10]);
    expect(nulls).toBe(1);
    expect(Array.from(classes.codes)).toEqual([0, -1, 0, 1]);
    expect(table).toEqual([
      { class: 'A', count: 2, shareOfCustomers: 2 / 3, value: 90, shareOfValue: 0.9 },
      { class: 'B', count: 1, shareOfCustomers: 1 / 3, value: 10, shareOfValue: 0.1 },
      { class: 'C', count: 0, shareOfCustomers: 0, value: 0, shareOfValue: 0 },
    ]);
    expect(classesOf([0, 0])).toEqual([null, null]);
  });

  it('refuses shares that do not rise, class names that do not fit, and negative values', () => {
    expect(() => abcClasses([1], { shares: [0.8, 0.8] })).toThrow('invalid shares: 0.8, 0.8');
    expect(() => abcClasses([1], { shares: [0.8] })).toThrow('1 shares make 2 classes, got A, B, C');
    expect(() => abcClasses([-1])).toThrow('values, row 0: -1 is below 0');
  });
});

describe('concentration risk (S58)', () => {
  it('finds 83,900 of 103,000 loans under 100,000, 81.46 % (S58, printed 81.40 from unrounded figures)', () => {
    const loans = Array.from({ length: 103_000 }, (_, i) => (i < 83_900 ? 20_000 : 500_000));
    const found = tailShare(loans, { limit: 100_000 });
    expect(found).toMatchObject({ count: 83_900, customers: 103_000, value: 83_900 * 20_000, nulls: 0 });
    expect(found.shareOfCustomers).toBeCloseTo(83_900 / 103_000, 12);
    expect(found.shareOfValue).toBeCloseTo(1_678 / (1_678 + 9_550), 12);
  });

  it('counts a value at the limit as above it, unless told otherwise (S58)', () => {
    const values = [99, 100, 101, null];
    expect(tailShare(values, { limit: 100 })).toMatchObject({ count: 1, value: 99, customers: 3, nulls: 1 });
    expect(tailShare(values, { limit: 100, atLimit: 'below' })).toMatchObject({ count: 2, value: 199 });
    expect(tailShare([], { limit: 1 })).toMatchObject({ shareOfCustomers: null, shareOfValue: null });
    expect(() => tailShare([], { limit: Number.NaN })).toThrow('invalid limit: NaN');
    expect(() => tailShare([], { limit: 1, atLimit: 'in' as 'above' })).toThrow('invalid atLimit: in');
  });

  it('tells what losing the k largest costs and how concentrated the rest is (S58, by hand)', () => {
    expect(loseTop([20, 50, 30, null], [0, 1, 2, 5])).toEqual([
      { customers: 0, valueLost: 0, share: 0, valueLeft: 100, hhiLeft: 0.04 + 0.25 + 0.09 },
      { customers: 1, valueLost: 50, share: 0.5, valueLeft: 50, hhiLeft: 0.16 + 0.36 },
      { customers: 2, valueLost: 80, share: 0.8, valueLeft: 20, hhiLeft: 1 },
      { customers: 3, valueLost: 100, share: 1, valueLeft: 0, hhiLeft: null },
    ]);
    expect(loseTop([0], [1])[0]!.share).toBeNull();
    expect(() => loseTop([1], [1.5])).toThrow('invalid count: 1.5');
    expect(() => loseTop([-1], [1])).toThrow('is below 0');
  });
});
