import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { annuityFactor, annuityTerms, discountFactors, ratePer, retentionAnnuity, sameAnnuity } from './annuity.ts';
import { historicalValue, presentValue } from './present-value.ts';

interface Golden {
  readonly currentValue: {
    readonly cases: readonly {
      readonly profitPerPeriod: number;
      readonly periods: number;
      readonly discountRate: number;
      readonly endOfPeriod: number;
      readonly beginOfPeriod: number;
    }[];
    readonly flows: {
      readonly flows: readonly number[];
      readonly discountRate: number;
      readonly endOfPeriod: number;
      readonly beginOfPeriod: number;
    };
    readonly withRetentionExtension: {
      readonly cases: readonly {
        readonly profitPerPeriod: number;
        readonly periods: number;
        readonly discountRate: number;
        readonly retention: number;
        readonly survivalAtEnd: number;
        readonly survivalAtBegin: number;
        readonly infiniteSurvivalAtEnd: number;
      }[];
    };
  };
}
const golden = fixture<Golden>('value-golden.json').currentValue;
const close = (found: number, wanted: number, relative = 1e-12): void =>
  expect(Math.abs(found - wanted)).toBeLessThanOrEqual(relative * Math.abs(wanted));

describe('annuityFactor (S1)', () => {
  it('gives the golden current values at both timings', () => {
    for (const { profitPerPeriod: p, periods, discountRate: discount, endOfPeriod, beginOfPeriod } of golden.cases) {
      close(p * annuityFactor({ periods, discount }), endOfPeriod);
      close(p * annuityFactor({ periods, discount, timing: 'begin' }), beginOfPeriod);
    }
  });

  it('is a = 21.2433873 for 24 months at 1 % (portrait of the telco job)', () => {
    expect(annuityFactor({ periods: 24, discount: 0.01 })).toBeCloseTo(21.2433873, 7);
  });

  it('equals the sum of its discount factors, for negative rates too', () => {
    for (const timing of ['end', 'begin'] as const)
      for (const discount of [-0.5, -0.01, 1e-9, 0.003, 0.4, 3]) {
        const terms = { periods: 30, unit: 'month', discount, timing } as const;
        close(
          annuityFactor(terms),
          discountFactors(terms).reduce((a, b) => a + b, 0),
          1e-13,
        );
      }
  });

  it('tends to the number of periods as the discount tends to 0 (series n − d·n(n+1)/2)', () => {
    expect(annuityFactor({ periods: 24, discount: 0 })).toBe(24);
    for (const discount of [1e-300, 1e-18, -1e-18, 1e-12, 1e-10])
      close(annuityFactor({ periods: 24, discount }), 24 - (discount * 24 * 25) / 2, 1e-15);
  });

  it('is 0 for no periods, and runs smoothly between whole ones', () => {
    expect(annuityFactor({ periods: 0, discount: 0.1 })).toBe(0);
    expect(annuityFactor({ periods: 0, discount: 0, timing: 'begin' })).toBe(0);
    close(annuityFactor({ periods: 2.5, discount: 0.1 }), (1 - 1.1 ** -2.5) / 0.1);
  });

  it('refuses a discount at or below −1 and negative or endless periods', () => {
    for (const discount of [-1, -2, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => annuityFactor({ periods: 3, discount })).toThrow('invalid discount');
    for (const periods of [-1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => annuityFactor({ periods, discount: 0.1 })).toThrow('invalid periods');
    expect(() => annuityFactor({ periods: 1e6, discount: -0.9 })).toThrow('not finite');
    expect(() => annuityFactor({ periods: 1, discount: 0.1, timing: 'middle' as 'end' })).toThrow('invalid timing');
  });
});

describe('ratePer', () => {
  it('converts a yearly rate by the twelfth root and back by the twelfth power, never by division', () => {
    close(ratePer({ discount: 0.12, per: 'year' }, 'month'), 1.12 ** (1 / 12) - 1, 1e-13);
    close(ratePer({ discount: 0.01, per: 'month' }, 'year'), 1.01 ** 12 - 1, 1e-14);
    close(ratePer({ discount: 0.01, per: 'month' }, 'quarter'), 1.01 ** 3 - 1, 1e-14);
    close(ratePer({ discount: 0.15, per: 'year' }, 'week'), 1.15 ** (7 / 365.25) - 1, 1e-13);
  });

  it('leaves a rate alone in its own unit', () => {
    expect(ratePer({ discount: 0.0123, per: 'month' }, 'month')).toBe(0.0123);
  });

  it('refuses unknown units and impossible rates', () => {
    expect(() => ratePer({ discount: 0.1, per: 'decade' as 'year' }, 'month')).toThrow('unknown unit of time: decade');
    expect(() => ratePer({ discount: -1, per: 'year' }, 'month')).toThrow('invalid discount');
  });
});

describe('retentionAnnuity (S4)', () => {
  it('gives the golden sums Σ P·r^t/(1+d)^t, survivors counted at end and at begin, and the perpetuity', () => {
    for (const c of golden.withRetentionExtension.cases) {
      const terms = { periods: c.periods, discount: c.discountRate, retention: c.retention };
      close(c.profitPerPeriod * retentionAnnuity(terms), c.survivalAtEnd);
      close(c.profitPerPeriod * retentionAnnuity({ ...terms, survival: 'begin' }), c.survivalAtBegin);
      close(
        c.profitPerPeriod * retentionAnnuity({ ...terms, periods: Number.POSITIVE_INFINITY }),
        c.infiniteSurvivalAtEnd,
      );
    }
  });

  it('equals the sum term by term for every timing, survival and rate', () => {
    for (const timing of ['end', 'begin'] as const)
      for (const survival of ['end', 'begin'] as const)
        for (const retention of [0, 1e-9, 0.3, 0.95, 0.999999, 1])
          for (const discount of [-0.05, 0, 0.01, 0.4]) {
            let wanted = 0;
            for (let t = 1; t <= 12; t++)
              wanted +=
                retention ** (survival === 'end' ? t : t - 1) / (1 + discount) ** (timing === 'end' ? t : t - 1);
            close(retentionAnnuity({ periods: 12, discount, retention, timing, survival }), wanted, 1e-13);
          }
  });

  it('is the plain annuity when nobody leaves', () => {
    close(
      retentionAnnuity({ periods: 24, discount: 0.01, retention: 1 }),
      annuityFactor({ periods: 24, discount: 0.01 }),
    );
  });

  it('refuses a retention outside [0, 1], a fractional horizon and an endless sum', () => {
    expect(() => retentionAnnuity({ periods: 2, discount: 0, retention: 1.01 })).toThrow('invalid retention');
    expect(() => retentionAnnuity({ periods: 2.5, discount: 0, retention: 0.5 })).toThrow('invalid periods');
    expect(() => retentionAnnuity({ periods: Number.POSITIVE_INFINITY, discount: 0, retention: 1 })).toThrow(
      'not finite',
    );
  });
});

describe('presentValue and historicalValue', () => {
  it('gives the golden present value of varying profits at both timings (S1)', () => {
    const { flows, discountRate: discount, endOfPeriod, beginOfPeriod } = golden.flows;
    close(presentValue(flows, { discount }), endOfPeriod);
    close(presentValue(flows, { discount, timing: 'begin' }), beginOfPeriod);
  });

  it('is 0 without profits and NaN with an unknown one', () => {
    expect(presentValue([], { discount: 0.1 })).toBe(0);
    expect(presentValue([1, Number.NaN], { discount: 0.1 })).toBeNaN();
    expect(() => presentValue([1], { discount: -1 })).toThrow('invalid discount');
  });

  it('adds up past profits, compounded by hand: 100·1.1² + 50·1.1 + 20 = 196; a new customer has 0 (S6)', () => {
    expect(historicalValue([100, 50, 20])).toBe(170);
    expect(historicalValue([100, 50, 20], { compound: 0.1 })).toBeCloseTo(196, 10);
    expect(historicalValue([])).toBe(0);
    expect(() => historicalValue([1], { compound: -1 })).toThrow('invalid compound');
  });
});

describe('annuity terms', () => {
  it('state the discount in the unit of the payments', () => {
    const terms = annuityTerms({ periods: 24, rate: { discount: 0.12, per: 'year' }, unit: 'month' });
    expect(terms).toMatchObject({ periods: 24, unit: 'month', timing: 'end' });
    close(terms.discount, 1.12 ** (1 / 12) - 1, 1e-13);
    expect(() => annuityTerms({ periods: 2.5, rate: { discount: 0.1, per: 'year' } })).toThrow('whole number');
  });

  it('agree when only the rounding of a converted rate differs', () => {
    const terms = annuityTerms({ periods: 24, rate: { discount: 0.01, per: 'month' } });
    expect(sameAnnuity(terms, { ...terms, discount: 0.010000000000000002 })).toBe(true);
    expect(sameAnnuity(terms, { ...terms, discount: 0.0101 })).toBe(false);
    expect(sameAnnuity(terms, { ...terms, timing: 'begin' })).toBe(false);
    expect(sameAnnuity(terms, { ...terms, periods: 25 })).toBe(false);
    expect(sameAnnuity(terms, { ...terms, unit: 'year' })).toBe(false);
  });
});
