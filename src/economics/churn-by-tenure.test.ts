import { describe, expect, it } from 'vitest';
import { churnByTenure } from './churn-by-tenure.ts';

describe('churnByTenure (S68)', () => {
  const columns = {
    tier: ['gold', 'gold', 'basic', 'gold', 'basic', 'basic', null],
    tenure: [11, 12, 24, 36, 5, null, 3],
    churned: [true, false, true, true, false, true, true],
  };

  it('counts customers, losses and rates by tier and band, nulls apart (S68, by hand)', () => {
    expect(churnByTenure(columns, { limits: [12, 24] })).toEqual({
      tiers: ['gold', 'basic'],
      bands: ['< 12', '[12, 24)', '≥ 24'],
      customers: [
        [1, 1, 1],
        [1, 0, 1],
      ],
      lost: [
        [1, 0, 1],
        [0, 0, 1],
      ],
      churnRates: [
        [1, 0, 1],
        [0, null, 1],
      ],
      tierRates: [2 / 3, 0.5],
      bandRates: [0.5, 0, 1],
      churnRate: 0.6,
      nulls: 2,
    });
  });

  it('puts a tenure at the limit into the band above, or below when closed on the right (S68)', () => {
    const { bands, customers } = churnByTenure(columns, { limits: [12, 24], closed: 'right' });
    expect(bands).toEqual(['≤ 12', '(12, 24]', '> 24']);
    expect(customers).toEqual([
      [2, 0, 1],
      [1, 1, 0],
    ]);
  });

  it('leaves out rows whose outcome is unknown', () => {
    const found = churnByTenure({ tier: ['a', 'a'], tenure: [1, 1], churned: [null, 0] }, { limits: [2] });
    expect([found.customers, found.nulls, found.churnRate]).toEqual([[[1, 0]], 1, 0]);
  });

  it('refuses limits that do not rise, outcomes other than 0 and 1, and columns of other lengths', () => {
    expect(() => churnByTenure(columns, { limits: [] })).toThrow('invalid limits: none');
    expect(() => churnByTenure(columns, { limits: [12, 12] })).toThrow('invalid limits: 12, 12');
    expect(() => churnByTenure(columns, { limits: [12], closed: 'both' as 'left' })).toThrow('invalid closed: both');
    expect(() => churnByTenure({ ...columns, churned: [0.5, 0, 0, 0, 0, 0, 0] }, { limits: [12] })).toThrow(
      'churned, row 0: 0.5',
    );
    expect(() => churnByTenure({ ...columns, tier: ['gold'] }, { limits: [12] })).toThrow('tier has 1 rows');
  });
});
