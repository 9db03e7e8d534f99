import type { CategoryColumn } from '../model/batch.ts';
import type { TimeUnit } from '../model/field.ts';

/** How a transaction log becomes one row per customer. Dates are ISO text `yyyy-mm-dd`; both ends of a window belong to it. */
export interface SummaryOptions {
  /** Column of the customer id; numbers are taken as text. */
  readonly customer: string;
  /** Column of the UTC day: ISO text `yyyy-mm-dd`, Date32 or Timestamp, or whole days since 1970-01-01. */
  readonly date: string;
  /** Column of the money. */
  readonly amount: string;
  /** Unit of recency, T and the holdout's length. */
  readonly unit: TimeUnit;
  /** First day that counts. Default: the log's own. A customer's rows before it show in `report.truncated`. */
  readonly start?: string;
  /** The as-of date, last day that counts. Nothing after it enters any figure. */
  readonly end: string;
  /** Last day of the calibration period; the holdout follows it up to `end`. Default: no holdout. */
  readonly calibrationEnd?: string;
  /**
   * Rows of one customer on one day: `merge` (default) makes them one purchase of their summed amount; `separate` makes
   * each a purchase, those of one day in ascending order of amount.
   */
  readonly sameDay?: 'merge' | 'separate';
  /**
   * Rows with an amount ≤ 0. `keep` (default): as any other. `keep-zero`: negative ones are left out. `drop`: both are
   * left out. `refuse`: stop. Whatever the rule, the report counts them.
   */
  readonly nonPositive?: 'keep' | 'keep-zero' | 'drop' | 'refuse';
}

/** One row per customer with a purchase in the calibration period (in the whole window when there is no holdout). */
export interface SummaryColumns {
  readonly [name: string]: CategoryColumn | Float64Array;
  /** Ids, ascending in UTF-16 order; the strings are made when `levels` is first asked for. */
  readonly customer: CategoryColumn;
  /** Repeat purchases x = orders − 1. */
  readonly frequency: Float64Array;
  /** t_x: time from the first to the last purchase, in `unit`; 0 when frequency is 0. Not the time since the last one. */
  readonly recency: Float64Array;
  /** T: time from the first purchase to the end of calibration, in `unit`. */
  readonly T: Float64Array;
  /** Mean amount of the repeat purchases (the first left out); NaN when frequency is 0. */
  readonly monetaryValue: Float64Array;
  /** All purchases, the first one included. */
  readonly orders: Float64Array;
  /** Amount of all purchases. */
  readonly total: Float64Array;
  /** total ÷ orders. */
  readonly meanOrder: Float64Array;
  /** Days from the last purchase to the end of calibration: the recency of RFM, small is good. */
  readonly daysSinceLast: Float64Array;
  /** Day of the first purchase, days since 1970-01-01. */
  readonly firstDate: Float64Array;
  /** Day of the last purchase, days since 1970-01-01. */
  readonly lastDate: Float64Array;
}

/** The same with what happened after calibration beside it. */
export interface HoldoutColumns extends SummaryColumns {
  /** Purchases in the holdout. */
  readonly holdoutFrequency: Float64Array;
  /** Their amount. */
  readonly holdoutTotal: Float64Array;
  /** Length of the holdout in `unit`, the same for all. */
  readonly holdoutPeriods: Float64Array;
}

/** Where the rows of the log went: `rows = used + before + after + dropped + missing.*`. */
export interface SummaryReport {
  readonly rows: number;
  /** Rows that count, those of the holdout included. */
  readonly used: number;
  /** Rows before `start`. */
  readonly before: number;
  /** Rows after `end`. */
  readonly after: number;
  /** Rows left out for a null or not finite cell, by the first one in this order. */
  readonly missing: { readonly customer: number; readonly date: number; readonly amount: number };
  /** Rows in the window with amount 0. */
  readonly zero: number;
  /** Rows in the window with an amount below 0. */
  readonly negative: number;
  /** Rows left out by the rule on amounts ≤ 0. */
  readonly dropped: number;
  /** Used rows that were added to an earlier one of the same customer and day. */
  readonly merged: number;
  /** Customers in the result. */
  readonly customers: number;
  /** Customers whose first purchase lies in the holdout: they are no row of the result. */
  readonly holdoutOnly: number;
  /** Customers in the result with rows before `start`: what looks like their first purchase is not, and T is too short. */
  readonly truncated: number;
}

/** Customers as plain columns, and where the rows of the log went. */
export interface Summary<C extends SummaryColumns = SummaryColumns> {
  readonly customers: C;
  readonly report: SummaryReport;
}
