import { describe, expect, it } from 'vitest';
import type { Columns } from '../../model/batch.ts';
import { betaDiscreteWeibull, shiftedBetaGeometric } from './index.ts';

const counts = { period: 'period', active: 'active' } as const;
const table = (active: readonly number[]): Columns => ({ period: active.map((_, t) => t), active });
const sbg = (active: readonly number[]) => shiftedBetaGeometric({ unit: 'year', counts }).fit(table(active));

describe('data that cannot be', () => {
  const customers = shiftedBetaGeometric({ unit: 'month' });
  const bad: readonly (readonly [string, () => unknown, string, RegExp])[] = [
    ['a broken tenure', () => customers.fit({ tenure: [1, 2.5], churned: [1, 0] }), 'invalid-value', /row 1: 2\.5/],
    ['a negative tenure', () => customers.fit({ tenure: [-1], churned: [0] }), 'invalid-value', /row 0: -1/],
    ['leaving at tenure 0', () => customers.fit({ tenure: [0], churned: [1] }), 'invalid-value', /renewal 1 or later/],
    ['churned of 2', () => customers.fit({ tenure: [1], churned: [2] }), 'invalid-value', /neither 0 nor 1/],
    ['churned as text', () => customers.fit({ tenure: [1], churned: ['Yes'] }), 'wrong-type', /churned/],
    ['no rows', () => customers.fit({ tenure: [], churned: [] }), 'empty-input', /no rows/],
    ['nulls alone', () => customers.fit({ tenure: [null], churned: [1] }), 'empty-input', /null/],
    [
      'nobody past the first period',
      () => customers.fit({ tenure: [0, 0], churned: [0, 0] }),
      'empty-input',
      /renewal/,
    ],
    ['no such column', () => customers.fit({ tenure: [1] }), 'unknown-column', /churned/],
    ['active rising', () => sbg([100, 90, 95]), 'invalid-value', /row 2: 95 .* after 90/],
    ['shares for counts', () => sbg([1, 0.869, 0.743]), 'invalid-value', /0\.869 is not a number of customers/],
    [
      'a missing period',
      () => shiftedBetaGeometric({ unit: 'year', counts }).fit({ period: [0, 2], active: [10, 5] }),
      'invalid-value',
      /period 1 is missing/,
    ],
    [
      'a period twice',
      () => shiftedBetaGeometric({ unit: 'year', counts }).fit({ period: [0, 1, 1], active: [10, 5, 5] }),
      'invalid-value',
      /comes twice/,
    ],
    [
      'a loss in period 0',
      () =>
        shiftedBetaGeometric({ unit: 'year', counts: { ...counts, lost: 'lost' } }).fit({
          period: [0],
          active: [5],
          lost: [1],
        }),
      'invalid-value',
      /period 0/,
    ],
    ['an unknown unit', () => shiftedBetaGeometric({ unit: 'decade' as 'year' }), 'invalid-option', /unit/],
    ['both shapes', () => shiftedBetaGeometric({ unit: 'year', counts, churned: 'left' }), 'invalid-option', /exclude/],
    [
      'one column for two things',
      () => betaDiscreteWeibull({ unit: 'year', tenure: 'x', churned: 'x' }),
      'invalid-option',
      /one thing/,
    ],
    [
      'a name taken twice',
      () => shiftedBetaGeometric({ unit: 'year', tenure: 'retentionRate' }),
      'output-taken',
      /retentionRate/,
    ],
    [
      'an endless sum without discount',
      () =>
        shiftedBetaGeometric({
          unit: 'year',
          outputs: [{ quantity: 'discountedExpectedResidualLifetime', rate: { discount: 0, per: 'year' } }],
        }),
      'invalid-option',
      /discount 0/,
    ],
  ];
  for (const [name, attempt, code, message] of bad)
    it(`${name}: ${code}`, () => {
      expect(attempt).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
    });
});
