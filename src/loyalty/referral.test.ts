import { describe, expect, it } from 'vitest';
import { referralSummary } from './referral.ts';

describe('referralSummary (S70)', () => {
  const data = {
    id: ['a', 'b', 'c', 'd', 'e', 'f'],
    by: [null, 'a', 'a', 'gone', 'e', 'b'],
    value: [100, 20, null, 7, 5, 3],
  };

  it('counts referrals and what they brought, strangers and self-referrals apart (S70, by hand)', () => {
    const found = referralSummary(data, { customer: 'id', referrer: 'by', value: 'value' });
    expect([...found.customers.referrals]).toEqual([2, 1, 0, 0, 0, 0]);
    expect([...found.customers.referredValue]).toEqual([20, 3, 0, 0, 0, 0]);
    // b, c, d and f were referred: 4 of 6; by a and b, three of them; worth 20 + 7 + 3.
    expect(found).toMatchObject({
      referred: 4,
      referredShare: 4 / 6,
      referrers: 2,
      referralsPerCustomer: 3 / 6,
      referredValue: 30,
      unknownReferrers: 1,
      selfReferrals: 1,
      valueNulls: 1,
    });
  });

  it('needs no value, and has no share of no customers', () => {
    const found = referralSummary({ customer: ['a', 'b'], referrer: ['b', null] });
    expect(found.referredValue).toBeNull();
    expect([...found.customers.referredValue]).toEqual([Number.NaN, Number.NaN]);
    const none = referralSummary({ customer: [], referrer: [] });
    expect([none.referredShare, none.referralsPerCustomer]).toEqual([null, null]);
  });

  it('refuses ids that are null or repeated', () => {
    expect(() => referralSummary({ customer: ['a', null], referrer: ['a', 'a'] })).toThrow('row 1: the id is null');
    expect(() => referralSummary({ customer: ['a', 'a'], referrer: [null, null] })).toThrow('row 1: "a" is repeated');
  });
});
