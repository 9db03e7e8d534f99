import { describe, expect, it } from 'vitest';
import { acquisitionBySupplier } from './acquisition.ts';
import { firstToSecondPurchase } from './purchase-conversion.ts';

describe('firstToSecondPurchase (S72)', () => {
  const log = {
    customer: ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'e', 'f', 'f', 'g', null, 'h', 'a'],
    day: [30, 0, 10, 41, 5, 5, 70, 71, 75, 80, 200, 3, null, 29],
  };

  it('counts those watched for the whole window, both sides of it and of the end (S72, by hand)', () => {
    const found = firstToSecondPurchase(log, { within: 30, end: 100 });
    // Within 30 days: a (0 → 29). Not: b (10 → 41, a day late), c (twice on one day is one purchase), d (70 + 30 = 100 is
    // the last day). Too recent: e (71 + 30), and f although it bought again. g buys after the end, h on no known day.
    expect(found).toMatchObject({ successes: 1, n: 4, rate: 0.25, tooRecent: 2, tooEarly: 0, nulls: 2, after: 1 });
    const later = firstToSecondPurchase(log, { within: 31, end: 101, start: 1 });
    // b is in time now, and a is left out.
    expect(later).toMatchObject({ successes: 1, n: 3, tooRecent: 2, tooEarly: 1 });
    // Wilson's limits of 1 in 4 solve 16p² − 8p + 1 = 4z²(p − p²).
    for (const p of found.interval!)
      expect((0.25 - p) ** 2).toBeCloseTo((1.959963984540054 ** 2 * p * (1 - p)) / 4, 13);
  });

  it('does not depend on the order of the rows, and reads dates', () => {
    const turned = { customer: [...log.customer].reverse(), day: [...log.day].reverse() };
    const options = { within: 30, end: '1970-04-11' };
    expect(firstToSecondPurchase(turned, options)).toEqual(firstToSecondPurchase(log, { within: 30, end: 100 }));
  });

  it('has no rate when nobody was watched long enough, and refuses odd options', () => {
    expect(firstToSecondPurchase(log, { within: 300, end: 100 })).toMatchObject({ n: 0, rate: null, interval: null });
    expect(() => firstToSecondPurchase(log, { within: 0, end: 100 })).toThrow('invalid within: 0');
    expect(() => firstToSecondPurchase(log, { within: 1, end: Number.NaN })).toThrow('invalid end');
    expect(() => firstToSecondPurchase({ customer: ['a'], day: [] }, { within: 1, end: 1 })).toThrow('day has 0 rows');
  });
});

describe('acquisitionBySupplier (S72)', () => {
  it('counts acquisitions and win-backs by previous supplier (S72, by hand)', () => {
    const found = acquisitionBySupplier({
      previousSupplier: ['B', 'A', 'B', null, 'A', 'A', 'C', 'D'],
      returning: [0, 1, 1, 0, 0, 0, null, 0],
    });
    expect(found.suppliers).toEqual([
      { supplier: 'A', acquired: 2, wonBack: 1, total: 3, share: 3 / 7 },
      { supplier: 'B', acquired: 1, wonBack: 1, total: 2, share: 2 / 7 },
      { supplier: 'D', acquired: 1, wonBack: 0, total: 1, share: 1 / 7 },
      { supplier: 'C', acquired: 0, wonBack: 0, total: 0, share: 0 },
      { supplier: null, acquired: 1, wonBack: 0, total: 1, share: 1 / 7 },
    ]);
    expect(found).toMatchObject({ acquired: 5, wonBack: 2, total: 7, nulls: 1 });
  });

  it('takes everyone as new without a flag, and refuses flags that are none', () => {
    expect(acquisitionBySupplier({ previousSupplier: ['A', 'A'] })).toMatchObject({ acquired: 2, wonBack: 0 });
    expect(acquisitionBySupplier({ previousSupplier: [] })).toMatchObject({ suppliers: [], total: 0 });
    expect(() => acquisitionBySupplier({ previousSupplier: ['A'], returning: [2] })).toThrow('2 is neither 0 nor 1');
    expect(() => acquisitionBySupplier({ previousSupplier: ['A'], returning: [] })).toThrow('0 rows');
  });
});
