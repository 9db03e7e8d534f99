import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { cohortRetention } from './cohort-retention.ts';

interface Golden {
  readonly activityPeriods: { readonly [customer: string]: readonly number[] };
  readonly lastObservedPeriod: number;
  readonly rows: readonly unknown[];
  readonly means: readonly {
    readonly age: number;
    readonly eligible: number;
    readonly weightedMean: number;
    readonly simpleMean: number;
  }[];
}
const golden = fixture<{ readonly cohortRetention: Golden }>('value-golden.json').cohortRetention;

describe('cohortRetention', () => {
  const log = Object.entries(golden.activityPeriods).flatMap(([customer, list]) =>
    list.map((period) => ({ customer, period })),
  );
  const columns = { customer: log.map(({ customer }) => customer), period: log.map(({ period }) => period) };

  it('gives the golden cohorts and means, cells after the last period being null and not 0', () => {
    const found = cohortRetention(columns, { lastPeriod: golden.lastObservedPeriod });
    expect(found.cohorts).toEqual(golden.rows);
    found.means.forEach((mean, age) => {
      const wanted = golden.means[age]!;
      expect([mean.age, mean.eligible]).toEqual([wanted.age, wanted.eligible]);
      expect(Math.abs(mean.weightedMean! - wanted.weightedMean)).toBeLessThanOrEqual(1e-10);
      expect(Math.abs(mean.simpleMean! - wanted.simpleMean)).toBeLessThanOrEqual(1e-10);
    });
    expect(found.means.length).toBe(golden.means.length);
  });

  it('does not depend on the order of rows or on repeated ones', () => {
    const twice = {
      customer: [...columns.customer, ...columns.customer].reverse(),
      period: [...columns.period, ...columns.period].reverse(),
    };
    expect(cohortRetention(twice)).toEqual(cohortRetention(columns));
  });

  it('observes periods after the last activity as 0, begins at any period, and counts nulls (by hand)', () => {
    const found = cohortRetention(
      { customer: ['a', 'a', 'b', null, 'c'], period: [-2, -1, -1, 0, null] },
      { lastPeriod: 0 },
    );
    expect(found).toEqual({
      lastPeriod: 0,
      cohorts: [
        { cohort: -2, size: 1, active: [1, 1, 0], retention: [1, 1, 0] },
        { cohort: -1, size: 1, active: [1, 0, null], retention: [1, 0, null] },
      ],
      means: [
        { age: 0, eligible: 2, weightedMean: 1, simpleMean: 1 },
        { age: 1, eligible: 2, weightedMean: 0.5, simpleMean: 0.5 },
        { age: 2, eligible: 1, weightedMean: 0, simpleMean: 0 },
      ],
      nulls: 2,
    });
  });

  it('refuses broken periods, data after the last one, and a log of nulls', () => {
    expect(() => cohortRetention({ customer: ['a'], period: [0.5] })).toThrow(
      'period, row 0: 0.5 is not a whole number',
    );
    expect(() => cohortRetention({ customer: ['a'], period: [3] }, { lastPeriod: 2 })).toThrow(
      'the data go to period 3',
    );
    expect(() => cohortRetention({ customer: ['a', 'a'], period: [0, 10_000] })).toThrow(
      '10001 periods from 0 to 10000',
    );
    expect(cohortRetention({ customer: ['a', 'a'], period: [1, 10_000] }).means.length).toBe(10_000);
    expect(() => cohortRetention({ customer: [null], period: [3] })).toThrow('no row has both');
    expect(() => cohortRetention({ customer: [], period: [] })).toThrow('no row has both');
  });
});
