import { describe, expect, it } from 'vitest';
import { customerEquity } from './customer-equity.ts';

describe('customerEquity (S14)', () => {
  it('adds lifetime values up, in all and as count times mean per segment, net of acquisition (S14, by hand)', () => {
    const found = customerEquity({ value: [100, 300, -40, 60], acquisitionCost: [50, 50, 20, 0] }, [
      'a',
      'a',
      'b',
      null,
    ]);
    expect(found).toEqual({
      count: 4,
      mean: 105,
      equity: 420,
      acquisitionCost: 120,
      net: 300,
      nulls: 0,
      segments: [
        { segment: 'a', count: 2, mean: 200, equity: 400, acquisitionCost: 100, net: 300, share: 400 / 420 },
        { segment: 'b', count: 1, mean: -40, equity: -40, acquisitionCost: 20, net: -60, share: -40 / 420 },
        { segment: null, count: 1, mean: 60, equity: 60, acquisitionCost: 0, net: 60, share: 60 / 420 },
      ],
    });
    for (const { count, mean, equity } of found.segments) expect(count * mean!).toBe(equity);
  });

  it('is the plain sum without a cost, and leaves out who lacks a value or a cost (S14)', () => {
    expect(customerEquity({ value: [1, 2] })).toMatchObject({ equity: 3, net: 3, acquisitionCost: 0, segments: [] });
    const part = customerEquity({ value: [1, null, 4], acquisitionCost: [null, 7, 1] }, ['a', 'a', 'a']);
    expect(part).toMatchObject({ count: 1, equity: 4, acquisitionCost: 1, net: 3, nulls: 2 });
    expect(part.segments[0]).toMatchObject({ count: 1, equity: 4, acquisitionCost: 1 });
  });

  it('has a null mean for a segment of none, a null share of an equity of 0, and refuses other lengths (S14)', () => {
    const segments = { codes: new Int32Array([0]), levels: ['a', 'empty'] };
    expect(customerEquity({ value: [0] }, segments).segments).toEqual([
      { segment: 'a', count: 1, mean: 0, equity: 0, acquisitionCost: 0, net: 0, share: null },
      { segment: 'empty', count: 0, mean: null, equity: 0, acquisitionCost: 0, net: 0, share: null },
    ]);
    expect(() => customerEquity({ value: [1] }, ['a', 'b'])).toThrow('segments has 2 rows, expected 1');
  });
});
