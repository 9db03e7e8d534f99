import { readCategories, readNumbers, rowCount } from '../columns/index.ts';
import { fail } from '../errors.ts';
import type { CategoryColumn, Columns } from '../model/batch.ts';
import { knownOptions } from '../model/options.ts';
import { sum } from '../numerics/sum.ts';

export interface ReferralOptions {
  /** Column of the customer id, one row per customer. Default: `customer`. */
  readonly customer?: string;
  /** Column of the id of the customer who referred this one; null: nobody did. Default: `referrer`. */
  readonly referrer?: string;
  /** Column of the value of the customer, for the value that referrals brought. Default: none. */
  readonly value?: string;
}

/** Who refers whom, and what that brought. */
export interface ReferralSummary {
  /** One row per customer, in the order given. */
  readonly customers: {
    readonly customer: CategoryColumn;
    /** Customers this one referred. */
    readonly referrals: Float64Array;
    /** Their value, nulls left out; 0 without a referral. NaN throughout when no value column is named. */
    readonly referredValue: Float64Array;
  };
  /** Customers with a known referrer, themselves left out. */
  readonly referred: number;
  /** Of all customers; null without customers. */
  readonly referredShare: number | null;
  /** Customers who referred at least one. */
  readonly referrers: number;
  /** referred by listed customers ÷ customers; null without customers. */
  readonly referralsPerCustomer: number | null;
  /** Value of all the referred; null when no value column is named. */
  readonly referredValue: number | null;
  /** The referred whose referrer is not among the customers: in the totals, in nobody's row. */
  readonly unknownReferrers: number;
  /** Customers named as their own referrer: no referral. */
  readonly selfReferrals: number;
  /** The referred without a value: counted, but not in the sums. */
  readonly valueNulls: number;
}

/**
 * Referrals per customer, and the referred customers with their value (S70). Only direct referrals count.
 *
 * @throws invalid-value for a customer id that is null or repeated; unknown-column; wrong-type.
 * @example
 * referralSummary({ customer: ['a', 'b', 'c'], referrer: [null, 'a', 'a'], paid: [5, 10, 20] }, { value: 'paid' })
 *   .customers.referredValue // Float64Array [30, 0, 0]
 */
export function referralSummary(data: Columns, options: ReferralOptions = {}): ReferralSummary {
  const {
    customer = 'customer',
    referrer = 'referrer',
    value,
  } = knownOptions(options, 'referralSummary', 'customer referrer value');
  const rows = rowCount(data);
  const ids = readCategories(data, customer);
  const by = readCategories(data, referrer);
  const values = value === undefined ? null : readNumbers(data, value);
  const rowOf = new Map<string, number>();
  ids.codes.forEach((code, row) => {
    const id = ids.levels[code];
    if (id === undefined) fail('invalid-value', `column "${customer}", row ${row}: the id is null`);
    if (rowOf.has(id))
      fail('invalid-value', `column "${customer}", row ${row}: ${JSON.stringify(id)} is repeated; give one row each`);
    rowOf.set(id, row);
  });
  const referrerRow = by.levels.map((id) => rowOf.get(id) ?? -1);
  const referrals = new Float64Array(rows);
  const brought = new Map<number, number[]>();
  const all: number[] = [];
  let [referred, unknownReferrers, selfReferrals, valueNulls] = [0, 0, 0, 0];
  by.codes.forEach((code, row) => {
    if (code < 0) return;
    const from = referrerRow[code]!;
    if (from === row) {
      selfReferrals++;
      return;
    }
    referred++;
    if (from < 0) unknownReferrers++;
    else referrals[from]!++;
    if (values === null) return;
    const own = values[row]!;
    if (own !== own) {
      valueNulls++;
      return;
    }
    all.push(own);
    if (from < 0) return;
    const list = brought.get(from);
    if (list) list.push(own);
    else brought.set(from, [own]);
  });
  const referredValue = new Float64Array(rows).fill(values === null ? Number.NaN : 0);
  for (const [row, list] of brought) referredValue[row] = sum(list);
  return {
    customers: { customer: ids, referrals, referredValue },
    referred,
    referredShare: rows === 0 ? null : referred / rows,
    referrers: referrals.reduce((n, count) => n + (count > 0 ? 1 : 0), 0),
    referralsPerCustomer: rows === 0 ? null : (referred - unknownReferrers) / rows,
    referredValue: values === null ? null : sum(all),
    unknownReferrers,
    selfReferrals,
    valueNulls,
  };
}
