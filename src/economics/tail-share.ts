import { fail } from '../errors.ts';
import type { PlainColumn } from '../model/batch.ts';
import { knownOptions } from '../model/options.ts';
import { sum } from '../numerics/sum.ts';
import { numbersOf, ratio } from './group-by.ts';

export interface TailShare {
  readonly limit: number;
  /** Customers below the limit. */
  readonly count: number;
  /** Customers with a value. */
  readonly customers: number;
  readonly shareOfCustomers: number | null;
  /** What those below the limit hold. */
  readonly value: number;
  readonly total: number;
  /** Null when the total is 0. */
  readonly shareOfValue: number | null;
  readonly nulls: number;
}

/**
 * The small customers: how many lie below a limit and what they hold together (S58).
 * @param options.limit in the unit of the values.
 * @param options.atLimit a value equal to the limit counts as `'above'` (default) or `'below'`.
 * @throws ClienteleError `invalid-option` for a limit that is not finite.
 * @example tailShare([20, 30, 150], { limit: 100 }).shareOfValue // 0.25
 */
export function tailShare(
  values: PlainColumn,
  options: { readonly limit: number; readonly atLimit?: 'above' | 'below' },
): TailShare {
  const { limit, atLimit = 'above' } = knownOptions(options, 'tailShare', 'limit atLimit');
  if (!Number.isFinite(limit)) fail('invalid-option', `invalid limit: ${limit}; use a finite number`);
  if (atLimit !== 'above' && atLimit !== 'below')
    fail('invalid-option', `invalid atLimit: ${atLimit}; use "above" or "below"`);
  const known = numbersOf(values, 'values');
  const all = known.filter((x) => x === x);
  const below = all.filter((x) => x < limit || (x === limit && atLimit === 'below'));
  const value = sum(below);
  const total = sum(all);
  return {
    limit,
    count: below.length,
    customers: all.length,
    shareOfCustomers: ratio(below.length, all.length),
    value,
    total,
    shareOfValue: ratio(value, total),
    nulls: known.length - all.length,
  };
}
