import { checked, finite } from '../model/checks.ts';
import type { Estimator } from '../model/contract.ts';
import { knownOptions, names } from '../model/options.ts';
import type { Closed } from '../numerics/cuts.ts';
import type { Benefit } from './cells.ts';
import type { GridModel } from './grid-kind.ts';
import { pyramid } from './pyramid.ts';

export interface EligibilityOptions<C extends string, S extends string> {
  /** Balance on a date, or its average over a window as `averageBalance` gives it. Default `balance`. */
  readonly balance?: C;
  /** What the balance must reach, such as 500,000. */
  readonly limit: number;
  /** `'left'` (default): a balance equal to the limit has reached it. */
  readonly closed?: Closed;
  /** What members get, and how often. */
  readonly benefits?: readonly Benefit[];
  readonly as?: S;
}

/**
 * Who may enter a programme, such as private banking from 500,000 (金葵花): `eligible` where the balance reaches the limit,
 * else `not-eligible`; null for an unknown balance. A preset of `pyramid`.
 * @throws ClienteleError `invalid-option`.
 * @example eligibility({ limit: 500_000, benefits: [{ benefit: 'airport-lounge', uses: 1, per: 'year' }] })
 */
export function eligibility<const C extends string = 'balance', const S extends string = 'eligibility'>(
  options: EligibilityOptions<C, S>,
): Estimator<GridModel<C, S>> {
  const {
    balance = 'balance',
    limit,
    closed = 'left',
    benefits,
    as = 'eligibility',
  } = knownOptions(options, 'eligibility', 'balance limit closed benefits as');
  names({ balance, as });
  return pyramid({
    column: balance,
    cut: { fixed: checked('invalid-option', finite, limit, 'limit') },
    closed,
    tiers: [
      { key: 'not-eligible', names: { en: 'Not eligible', zh: '未达标客户' } },
      { key: 'eligible', names: { en: 'Eligible', zh: '达标客户' }, ...(benefits === undefined ? {} : { benefits }) },
    ],
    as,
  }) as unknown as Estimator<GridModel<C, S>>;
}
