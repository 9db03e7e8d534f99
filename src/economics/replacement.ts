import { fail } from '../errors.ts';
import { requireAmounts, requireFinite } from './amounts.ts';
import { ratio } from './group-by.ts';

export interface ReplacementNeed {
  /** lost · meanValueLost / meanValueNew. */
  readonly needed: number;
  /** The next whole number (a surplus that is only a rounding error, 1e-12 of it, is dropped). */
  readonly neededWhole: number;
}

/**
 * New customers needed to make up for lost ones, lost·meanValueLost/meanValueNew (S86); null when a new customer is worth
 * nothing.
 * @throws ClienteleError `invalid-value` for a number that is negative or not finite.
 * @example replacementNeed({ lost: 37, meanValueLost: 420, meanValueNew: 180 }) // { needed: 86.33333333333333, neededWhole: 87 }
 */
export function replacementNeed(options: {
  readonly lost: number;
  readonly meanValueLost: number;
  readonly meanValueNew: number;
}): ReplacementNeed | null {
  requireAmounts(options);
  const needed = ratio(options.lost * options.meanValueLost, options.meanValueNew);
  return needed === null ? null : { needed, neededWhole: Math.ceil(needed * (1 - 1e-12)) };
}

/**
 * The number of customers at which acquisitions just replace who leaves, acquisitions / churnRate (S86), both of one
 * period; null for a churn rate of 0, under which the base grows for ever.
 * @throws ClienteleError `invalid-value` for acquisitions below 0 or a churn rate outside [0, 1].
 * @example steadyStateBase({ acquisitions: 50, churnRate: 0.04 }) // 1250
 */
export function steadyStateBase({
  acquisitions,
  churnRate,
}: {
  readonly acquisitions: number;
  readonly churnRate: number;
}): number | null {
  requireAmounts({ acquisitions, churnRate });
  if (churnRate > 1) fail('invalid-value', `invalid churnRate: ${churnRate}; use [0, 1]`);
  return ratio(acquisitions, churnRate);
}

/**
 * Growth of a count or a balance since the start of the period, added / (now − added) (S138); null when it began at 0 or
 * below.
 * @throws ClienteleError `invalid-value` for numbers that are not finite.
 * @example growthRate({ now: 4081, added: 809 }) // 0.24724938875305624
 */
export function growthRate({ now, added }: { readonly now: number; readonly added: number }): number | null {
  requireFinite({ now, added });
  return now - added > 0 ? added / (now - added) : null;
}
