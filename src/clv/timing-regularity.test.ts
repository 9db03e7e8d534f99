import { describe, expect, it } from 'vitest';
import { fixture, hasShared, sharedColumns } from '../../fixtures/load.ts';
import { gammaDraw } from '../numerics/draw.ts';
import { seededRandom } from '../numerics/random.ts';
import { wheatMorrison } from './timing-regularity.ts';

describe('Wheat & Morrison’s estimate of regularity', () => {
  it.skipIf(!hasShared('cdnow-sample.csv'))(
    'CDNOW: the figure of BTYDplus is one that its coin tosses give: the whole log, the last two intervals',
    () => {
      // regularity_wheat 0.983367 (clv-golden.json, layer peer). BTYDplus tosses which interval goes on top and takes the
      // variance about the mean of the tosses m̄ with n − 1: k̂ = (1 − 4s²)/(8s²), s² = n(v − (m̄ − ½)²)/(n − 1).
      const peer = fixture<{ peer: { 'BTYD+BTYDplus': { 'BTYDplus.cdnow': { regularity_wheat: number } } } }>(
        'clv-golden.json',
      ).peer['BTYD+BTYDplus']['BTYDplus.cdnow'].regularity_wheat;
      const log = sharedColumns('cdnow-sample.csv', ['customer_id', 'date']);
      const found = wheatMorrison({ customer: 'customer_id' }, log as { date: string[] });
      // Counted apart: of 2,357 customers 736 bought on three days or more by 1998-06-30.
      expect(found.customers).toBe(736);
      expect(found.k).toBeCloseTo(0.98505, 5);
      const n = found.customers;
      const v = 1 / (8 * (found.k! + 0.5));
      const square = v - ((n - 1) / n) * (1 / (8 * (peer + 0.5)));
      // (m̄ − ½)² is ≥ 0, and m̄ − ½ within its own standard error √(v/n): tosses that one would expect.
      expect(square).toBeGreaterThan(0);
      expect(Math.sqrt(square)).toBeLessThan(Math.sqrt(v / n));
      expect(Math.abs(peer / found.k! - 1)).toBeLessThan(5e-3);
      expect(Math.abs(found.k! - 1)).toBeLessThan(2 * found.standardError!);
    },
  );

  it('recovers the shape of simulated intervals within its standard error, whatever the rates of the customers', () => {
    for (const k of [0.5, 1, 3]) {
      const random = seededRandom(10 * k);
      const columns = { customer: [] as string[], time: [] as number[] };
      for (let i = 0; i < 4000; i++) {
        const rate = gammaDraw(random, 0.8, 3);
        for (let t = 0, n = 0; n < 4; n++) {
          columns.customer.push(`c${i}`);
          columns.time.push(t);
          t += gammaDraw(random, k, rate);
        }
      }
      const found = wheatMorrison({ time: 'time' }, columns);
      expect(found.customers).toBe(4000);
      expect(Math.abs(found.k! - k)).toBeLessThan(3 * found.standardError!);
      expect(found.standardError! / k).toBeLessThan(0.06);
    }
  });

  it('a log in any order, with several rows of a day, gives what the intervals give', () => {
    const log = {
      customer: ['a', 'b', 'a', 'a', 'b', 'a', 'b', 'a', 'c', null, 'b'],
      date: [
        ...['2024-01-09', '2024-01-01', '2024-01-01', '2024-01-05', '2024-01-04', '2024-01-09', '2024-01-10'],
        ...['2023-12-01', '2024-01-01', '2024-01-02', null],
      ],
    };
    const direct = wheatMorrison({ intervals: ['t', 'u'] }, { t: [4, 3, Number.NaN], u: [4, 6, 1] });
    expect(wheatMorrison({}, log)).toEqual(direct);
    // M = ½ and ⅓: v = 1/72, k = 9 − ½; the squares differ from v by v each, so se(v) = v and se(k) = 1/(8v).
    expect(direct.k).toBeCloseTo(8.5, 12);
    expect(direct.standardError).toBeCloseTo(9, 12);
  });

  it('says why there is no estimate, and refuses intervals that cannot be', () => {
    const two = wheatMorrison({ time: 'time' }, { customer: ['a', 'a', 'a'], time: [1, 1, 4] });
    expect(two).toEqual({ k: null, standardError: null, customers: 0, reason: expect.stringMatching(/two intervals/) });
    const both = ['t', 'u'] as const;
    expect(wheatMorrison({ intervals: both }, { t: [2, 3], u: [2, 3] })).toMatchObject({ k: null, customers: 2 });
    expect(wheatMorrison({ intervals: both }, { t: [2], u: [3] })).toMatchObject({ k: null, customers: 1 });
    expect(() => wheatMorrison({ intervals: both }, { t: [2, 0], u: [3, 1] })).toThrow(/row 1: intervals 0 and 1/);
    expect(() => wheatMorrison({ time: 'when' }, { customer: ['a'], time: [1] })).toThrow(/when/);
  });
});
