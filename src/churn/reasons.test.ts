import { describe, expect, it } from 'vitest';
import { seededRandom } from '../numerics/random.ts';
import { topReasons } from './reasons.ts';

const terms = ['tenure', 'contract', 'charge', 'fibre'].map((name) => ({ name }));

describe('topReasons', () => {
  it('picks the terms that push the score up most, never one that pushes it down', () => {
    const found = topReasons(
      {
        terms,
        contributions: [
          Float64Array.of(-2, 0.5),
          Float64Array.of(0.3, 0.1),
          Float64Array.of(0, 0.7),
          Float64Array.of(0.9, 0.6),
        ],
      },
      3,
    );
    expect(found.reasons.map(({ codes }) => [...codes])).toEqual([
      [3, 2],
      [1, 3],
      [-1, 0],
    ]);
    expect(found.reasons[0]!.levels).toEqual(['tenure', 'contract', 'charge', 'fibre']);
    expect(found.contributions.map((own) => [...own])).toEqual([
      [0.9, 0.7],
      [0.3, 0.6],
      [Number.NaN, 0.5],
    ]);
  });

  it('puts the earlier term first at a tie', () => {
    const contributions = terms.map(() => Float64Array.of(1));
    expect(topReasons({ terms, contributions }, 2).reasons.map(({ codes }) => codes[0])).toEqual([0, 1]);
  });

  it('gives no reason for a null row', () => {
    const contributions = terms.map(() => Float64Array.of(Number.NaN));
    expect(topReasons({ terms, contributions }, 1).reasons[0]!.codes[0]).toBe(-1);
  });

  it('agrees with a full sort of every row', () => {
    const random = seededRandom(3);
    const contributions = terms.map(() => Float64Array.from({ length: 200 }, () => random.below(7) - 3));
    for (const k of [1, 2, 3, 6]) {
      const { reasons } = topReasons({ terms, contributions }, k);
      for (let row = 0; row < 200; row++) {
        const wanted = terms
          .map((_, term) => term)
          .filter((term) => contributions[term]![row]! > 0)
          .sort((a, b) => contributions[b]![row]! - contributions[a]![row]! || a - b)
          .slice(0, k);
        while (wanted.length < k) wanted.push(-1);
        expect(reasons.map(({ codes }) => codes[row])).toEqual(wanted);
      }
    }
  });

  it('refuses an impossible k and terms without contributions', () => {
    expect(() => topReasons({ terms, contributions: [] })).toThrow('4 terms, but contributions of 0');
    expect(() => topReasons({ terms: [], contributions: [] }, 0)).toThrow('invalid k: 0');
    expect(topReasons({ terms: [], contributions: [] }).reasons).toHaveLength(3);
  });
});
