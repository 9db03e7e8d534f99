import { describe, expect, it } from 'vitest';
import { ntile } from './ntile.ts';

describe('ntile', () => {
  it('gives the first tiles one row more, nulls nothing (by hand)', () => {
    expect([...ntile([5, Number.NaN, 3, 1, 4, 2], { tiles: 3 })]).toEqual([3, Number.NaN, 2, 1, 2, 1]);
    expect([...ntile([1, 2], { tiles: 5 })]).toEqual([1, 2]);
    expect([...ntile([1, 1, 1], { tiles: 3, key: [3, 1, 2] })]).toEqual([3, 1, 2]);
  });
  it('refuses columns of other lengths', () => {
    expect(() => ntile([1, 2], { tiles: 2, key: [1] })).toThrow(/key has 1 rows/);
    expect(() => ntile([1, 2], { tiles: 0 })).toThrow(/tiles/);
  });
});
