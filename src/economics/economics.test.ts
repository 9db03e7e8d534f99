import { describe, expect, it } from 'vitest';
import { crossTable } from './cross-table.ts';
import { groupSummary } from './group-summary.ts';
import { valueAtRisk } from './value-at-risk.ts';

describe('valueAtRisk', () => {
  it('is Σ p·value, in all and by group (S82, by hand)', () => {
    const groups = ['a', 'b', 'a', null];
    expect(valueAtRisk({ probability: [0.5, 0.25, 1, 0.5], value: [100, 200, 10, 40] }, groups)).toEqual({
      rows: 4,
      atRisk: 130,
      value: 350,
      rate: 130 / 350,
      nulls: 0,
      groups: [
        { group: 'a', rows: 2, atRisk: 60, value: 110, rate: 60 / 110, share: 60 / 130 },
        { group: 'b', rows: 1, atRisk: 50, value: 200, rate: 0.25, share: 50 / 130 },
        { group: null, rows: 1, atRisk: 20, value: 40, rate: 0.5, share: 20 / 130 },
      ],
    });
  });
  it('leaves out and counts rows with a null in either column', () => {
    const { rows, atRisk, value, nulls } = valueAtRisk({ probability: [null, 0.5, 0.5], value: [100, null, 10] });
    expect([rows, atRisk, value, nulls]).toEqual([1, 5, 10, 2]);
  });
  it('keeps the small terms that a plain sum loses (1e16 + 1 + 1 − 1e16 = 2)', () => {
    expect(valueAtRisk({ probability: [1, 1, 1, 1], value: [1e16, 1, 1, -1e16] }).atRisk).toBe(2);
  });
  it('has no rate of a value of 0, and no group without rows is lost', () => {
    const groups = { codes: new Int32Array([0]), levels: ['a', 'b'] };
    const found = valueAtRisk({ probability: [0.5], value: [0] }, groups);
    expect(found.rate).toBeNull();
    expect(found.groups[1]).toEqual({ group: 'b', rows: 0, atRisk: 0, value: 0, rate: null, share: null });
  });
  it('refuses probabilities outside [0, 1] and columns of other lengths', () => {
    expect(() => valueAtRisk({ probability: [1.01], value: [1] })).toThrow(/probability, row 0: 1.01/);
    expect(() => valueAtRisk({ probability: [1], value: [1, 2] })).toThrow(/value has 2 rows/);
    expect(() => valueAtRisk({ probability: [1], value: [1] }, ['a', 'b'])).toThrow(/groups has 2 rows/);
  });
});

describe('crossTable', () => {
  it('counts and shares by row, by column and over all, nulls apart (S40, by hand)', () => {
    const table = crossTable(['gold', 'gold', 'loyal', 'gold', null], ['f', 'm', 'f', 'f', 'm']);
    expect(table).toEqual({
      rowLevels: ['gold', 'loyal'],
      columnLevels: ['f', 'm'],
      counts: [
        [2, 1],
        [1, 0],
      ],
      rowTotals: [3, 1],
      columnTotals: [3, 1],
      total: 4,
      rowShares: [
        [2 / 3, 1 / 3],
        [1, 0],
      ],
      columnShares: [
        [2 / 3, 1],
        [1 / 3, 0],
      ],
      shares: [
        [0.5, 0.25],
        [0.25, 0],
      ],
      nulls: 1,
    });
  });
  it('lists levels without customers, with null shares', () => {
    const rows = { codes: new Int32Array([0]), levels: ['a', 'b'] };
    expect(crossTable(rows, [1]).rowShares).toEqual([[1], [null]]);
    expect(() => crossTable(['a'], ['x', 'y'])).toThrow(/columns has 2 rows, expected 1/);
  });
});

describe('groupSummary', () => {
  it('gives count, total, mean, sample variance and share per group (S40, by hand)', () => {
    const [a, b] = groupSummary(['a', 'b', 'a', 'a'], { spend: [1, 10, 3, null] });
    expect(a).toEqual({
      group: 'a',
      count: 3,
      share: 0.75,
      measures: { spend: { count: 2, total: 4, mean: 2, variance: 2, share: 4 / 14 } },
    });
    expect(b!.measures.spend).toEqual({ count: 1, total: 10, mean: 10, variance: null, share: 10 / 14 });
  });
  it('gives liquidity as demand over all deposits, a ratio of sums and not the mean of ratios (S40, by hand)', () => {
    const deposits = { demand: [10, 90, 0, null, 5], all: [100, 300, 50, 100, 0] };
    const ratios = { liquidity: { part: 'demand', whole: 'all' } } as const;
    const rows = groupSummary(['a', 'a', 'b', 'b', 'c'], deposits, { ratios });
    // a: 100/400, where the mean of ratios is 0.2; the row without demand counts nowhere; c has no deposits.
    expect(rows.map(({ group, ratios: own }) => [group, own.liquidity])).toEqual([
      ['a', 0.25],
      ['b', 0],
      ['c', null],
    ]);
    // The bank of the seeds: 8.403 billion demand and 4.124 billion time deposits.
    const [bank] = groupSummary(['bank'], { demand: [8.403], all: [8.403 + 4.124] }, { ratios });
    expect(bank!.ratios.liquidity).toBeCloseTo(0.67079, 5);
  });
  it('has no variance for a segment of one customer and no mean for one of none (S44)', () => {
    const groups = { codes: new Int32Array([0, -1]), levels: ['key account', 'empty'] };
    const table = groupSummary(groups, { spend: [7, 1] });
    expect(table.map((row) => [row.group, row.count, row.measures.spend.mean, row.measures.spend.variance])).toEqual([
      ['key account', 1, 7, null],
      ['empty', 0, null, null],
      [null, 1, 1, null],
    ]);
  });
  it('does not clip negative shares or those above 1 (S52)', () => {
    const shares = groupSummary(['a', 'b'], { profit: [15, -5] }).map((row) => row.measures.profit.share);
    expect(shares).toEqual([1.5, -0.5]);
  });
});
