import { fail } from '../errors.ts';
import type { Timing } from '../model/field.ts';
import { knownOptions } from '../model/options.ts';
import { annuityFactor } from './annuity.ts';

/**
 * Present value of the profits of coming periods, first period first: Σ_{t=1..n} P_t/(1+d)^t, or t = 0 … n−1 when they
 * arrive at the begin of each period (S1 with varying profits). NaN when a profit is NaN; 0 for no periods.
 * @throws invalid-option for a discount at or below −1.
 * @example presentValue([100, 120, 90, 150, 80], { discount: 0.1 }) // 409.82670085873406
 */
export function presentValue(
  profits: ArrayLike<number>,
  options: { readonly discount: number; readonly timing?: Timing },
): number {
  const { discount, timing = 'end' } = knownOptions(options, 'presentValue', 'discount timing');
  annuityFactor({ periods: 0, discount, timing });
  let value = 0;
  for (let t = profits.length - 1; t >= 0; t--) value = value / (1 + discount) + profits[t]!;
  return timing === 'begin' ? value : value / (1 + discount);
}

/**
 * Historical value: the profits of past periods, oldest first, compounded to the end of the last one,
 * Σ_t P_t·(1+i)^(n−t) (S6). Without `compound` the plain sum; 0 for a new customer without a past.
 * @throws invalid-option for a rate at or below −1.
 * @example historicalValue([100, 100], { compound: 0.1 }) // 210
 */
export function historicalValue(profits: ArrayLike<number>, options: { readonly compound?: number } = {}): number {
  const { compound = 0 } = knownOptions(options, 'historicalValue', 'compound');
  if (!(compound > -1 && compound < Number.POSITIVE_INFINITY))
    fail('invalid-option', `invalid compound: ${compound}; use a finite rate above −1`);
  let value = 0;
  for (let t = 0; t < profits.length; t++) value = value * (1 + compound) + profits[t]!;
  return value;
}
