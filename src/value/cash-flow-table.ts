import { fail } from '../errors.ts';
import type { Timing } from '../model/field.ts';
import { knownOptions } from '../model/options.ts';
import { sum } from '../numerics/sum.ts';
import { retentionAnnuity } from './annuity.ts';
import type { ChurnAssumption } from './lifetime-value-kind.ts';

export interface CashFlows {
  /** Revenue of period 1, 2, … */
  readonly revenue: ArrayLike<number>;
  /** Cost of the same periods. Default: 0. */
  readonly cost?: ArrayLike<number>;
}

export interface CashFlowOptions {
  /** Discount rate per period; `ratePer` converts one stated for another. */
  readonly discount: number;
  /** Cash comes at the `'end'` (default) or the `'begin'` of a period. */
  readonly timing?: Timing;
  /** What winning the customer cost, now: period 0 of the table. Default: 0. */
  readonly acquisitionCost?: number;
  /** Probability of staying from one period to the next. Default: 1, nobody leaves. */
  readonly retention?: number;
}

export interface CashFlowRow {
  /** 0 is the acquisition. */
  readonly period: number;
  readonly revenue: number;
  readonly cost: number;
  /** revenue − cost. */
  readonly margin: number;
  /** Probability that the customer is still there when the cash comes. */
  readonly survival: number;
  readonly discountFactor: number;
  /** margin · survival · discountFactor. */
  readonly presentValue: number;
  readonly cumulative: number;
}

export interface CashFlowTable {
  readonly rows: readonly CashFlowRow[];
  /** Lifetime value net of the acquisition cost: the last cumulative present value. */
  readonly total: number;
  /** The first period whose cumulative present value is 0 or more; null when there is none. */
  readonly breakEvenPeriod: number | null;
  /** A fixed horizon says nothing of customers who leave within it, unless `retention` does (S16). */
  readonly assumption: ChurnAssumption;
}

/**
 * The cash flows of one customer, period by period (S5): revenue, cost, margin, discount factor (1+d)^−t, present value and
 * its running sum; the total, and the period in which the acquisition cost is earned back. Payments at the begin of a
 * period are discounted by t − 1, and survivors are counted when they pay, r^t or r^(t−1).
 *
 * @throws ClienteleError `invalid-option` for a discount at or below −1, a retention outside [0, 1] or a negative
 *   acquisition cost; `wrong-length`; `invalid-value` for a flow that is not finite.
 * @example
 * cashFlowTable({ revenue: [100, 100], cost: [40, 40] }, { discount: 0, acquisitionCost: 90 }).breakEvenPeriod // 2
 */
export function cashFlowTable({ revenue, cost }: CashFlows, options: CashFlowOptions): CashFlowTable {
  const {
    discount,
    timing = 'end',
    acquisitionCost = 0,
    retention = 1,
  } = knownOptions(options, 'cashFlowTable', 'discount timing acquisitionCost retention');
  retentionAnnuity({ periods: 0, discount, retention, timing });
  if (!(acquisitionCost >= 0 && acquisitionCost < Number.POSITIVE_INFINITY))
    fail('invalid-option', `invalid acquisitionCost: ${acquisitionCost}; use a finite number of at least 0`);
  if (cost && cost.length !== revenue.length)
    fail('wrong-length', `cost has ${cost.length} periods, revenue has ${revenue.length}`);
  const rows: CashFlowRow[] = [];
  const values: number[] = [];
  const add = (period: number, income: number, expense: number, survival: number, discountFactor: number): void => {
    if (!Number.isFinite(income) || !Number.isFinite(expense))
      fail('invalid-value', `period ${period}: revenue ${income}, cost ${expense}; use finite numbers`);
    const margin = income - expense;
    const presentValue = margin * survival * discountFactor + 0;
    values.push(presentValue);
    rows.push({
      period,
      revenue: income,
      cost: expense,
      margin,
      survival,
      discountFactor,
      presentValue,
      cumulative: sum(values),
    });
  };
  if (acquisitionCost > 0) add(0, 0, acquisitionCost, 1, 1);
  let survival = timing === 'end' ? retention : 1;
  let factor = timing === 'end' ? 1 / (1 + discount) : 1;
  for (let t = 0; t < revenue.length; t++) {
    add(t + 1, revenue[t]!, cost ? cost[t]! : 0, survival, factor);
    survival *= retention;
    factor /= 1 + discount;
  }
  return {
    rows,
    total: rows.at(-1)?.cumulative ?? 0,
    breakEvenPeriod: rows.find(({ cumulative }) => cumulative >= 0)?.period ?? null,
    assumption: retention === 1 ? 'no-churn' : 'survival-adjusted',
  };
}
