import type { CategoryColumn, Columns } from '../../model/batch.ts';
import type { TimeUnit } from '../../model/field.ts';

/** How a log of purchases and a table of covariates become walks. Dates are ISO text `yyyy-mm-dd`. */
export interface WalkOptions<Z extends string = string> {
  /** Column of the customer id, in the log and in the covariates; numbers are taken as text. */
  readonly customer: string;
  /** Column of the log with the UTC day of the purchase. */
  readonly date: string;
  /** Column of the covariates with the first day of the period in which a row holds. */
  readonly start: string;
  /** Columns of the covariates: numbers, a category as 0/1 columns. One that never changes is an ordinary covariate. */
  readonly columns: readonly Z[];
  /** Unit of recency, T, and of every model of these walks. */
  readonly unit: TimeUnit;
  /** Length of a period, by the calendar. Default: `unit`. */
  readonly period?: TimeUnit;
  /** Last day that counts: T runs from the first purchase to it. Purchases after it are left out, covariates are kept. */
  readonly asOf: string;
  /** The covariates have no customer column: all customers share one path. Default false. */
  readonly shared?: boolean;
}

/** What became of the rows of the log. */
export interface WalkReport {
  readonly rows: number;
  /** Rows after `asOf`, left out. */
  readonly after: number;
  /** Rows without a customer or a day, left out. */
  readonly missing: number;
  /** Rows of a customer on a day that has one already: one purchase together. */
  readonly sameDay: number;
  /** Rows of the covariates without a customer or a day, left out. */
  readonly missingCovariates: number;
}

/**
 * Purchase histories beside paths of covariates. Along a path stand runs: stretches of time, counted from the customer's
 * first purchase, in which no covariate changes. Paths may go on after T; what follows there is the stated future.
 */
export interface CovariateWalks<Z extends string = string> {
  readonly unit: TimeUnit;
  /** The last day that counts, days since 1970-01-01. */
  readonly asOf: number;
  readonly columns: readonly Z[];
  /** One row per customer, ascending by id (UTF-16): also the input of every other estimator of this library. */
  readonly customers: {
    readonly customer: CategoryColumn;
    readonly frequency: Float64Array;
    readonly recency: Float64Array;
    readonly T: Float64Array;
  };
  /** Customer i has the runs from[i] ≤ k < from[i + 1]. */
  readonly from: Int32Array;
  /** End of each run, in `unit` since the first purchase. */
  readonly until: Float64Array;
  /** Repeat purchases in each run, up to T. A purchase on the day on which a run starts belongs to it. */
  readonly purchases: Float64Array;
  /** Run k has the value `values[k·columns.length + j]` of column j. */
  readonly values: Float64Array;
  readonly report: WalkReport;
}

/** One table or several, one after the other. */
export type Tables = Columns | readonly Columns[];

export const tablesOf = (given: Tables): readonly Columns[] =>
  Array.isArray(given) ? (given as readonly Columns[]) : [given as Columns];

/** The id of customer i. */
export const idOf = ({ customers: { customer } }: CovariateWalks, i: number): string =>
  customer.levels[customer.codes[i]!]!;
