import type { CategoryColumn } from '../../model/batch.ts';
import type { Span } from '../../model/field.ts';
import type { ChurnType } from './options.ts';

/** What `churnType` can be; `none`: nothing ended. */
export type ChurnOutcome = 'none' | ChurnType;

type PanelColumns<F extends string, L extends string> = {
  readonly [name in F | 'asOf' | Exclude<L, 'churnType'>]: Float64Array;
} & { readonly [name in 'customer' | Extract<L, 'churnType'>]: CategoryColumn };

/**
 * A data set that carries its as-of dates: one row per date and customer, dates ascending, then ids in UTF-16 order. A
 * customer is a row of a date when known by then (an event up to it) and not gone: with an event in the window, or, where
 * contracts tell, with one in force on that day.
 *
 * Of `columns`, `features` are made of events up to the row's as-of date alone. `labels` lie after it and must never be
 * among an estimator's features. `customer` is the group for grouped folds: all dates of a customer share one code.
 */
export interface Panel<F extends string = string, L extends string = string> {
  readonly columns: PanelColumns<F, L>;
  readonly features: readonly F[];
  /**
   * `churned`: 1 lost, 0 kept, NaN unknown. `churnType`: what ended within the label's days; where the customer stays it
   * may be an `internalTransfer`.
   */
  readonly labels: readonly L[];
  /** The as-of dates, ascending. */
  readonly asOf: readonly string[];
  readonly window: number;
  readonly gap: number;
  /** Of the label, for the estimator's `horizon`; null without a label. */
  readonly horizon: Span | null;
  /** Days after its as-of date on which a row's label is known: gap + horizon + the days of a transfer. */
  readonly lookAhead: number;
  readonly report: PanelReport;
}

/** Where the events went: `rows = used + after + missing.customer + missing.date`. */
export interface PanelReport {
  readonly rows: number;
  readonly used: number;
  /** Events after `end`. */
  readonly after: number;
  readonly missing: {
    readonly customer: number;
    readonly date: number;
    /** Starts and endings of contracts without a product. */
    readonly product: number;
    /** Used events without an amount, by column: `sum`, `level` and the like pass them over. */
    readonly amount: { readonly [column: string]: number };
  };
  readonly customers: number;
  readonly dates: readonly PanelDate[];
  readonly warnings: readonly string[];
}

/** One as-of date: `customers = rows + notYet + gone`. */
export interface PanelDate {
  readonly asOf: string;
  readonly rows: number;
  /** Customers without an event by then. */
  readonly notYet: number;
  /** Customers known, but inactive over the window or without a contract in force. */
  readonly gone: number;
  /** Used events after the date: no feature of it sees them. */
  readonly later: number;
  /** Used events up to the date of which a time lies after it: no feature of it sees them. */
  readonly late: number;
  /** Rows with `churned` 1, and 0. */
  readonly churned: number;
  readonly kept: number;
  /**
   * Rows without a label, by the first cause: the label's days go beyond `end`; fraud; left within the gap.
   */
  readonly unlabelled: { readonly beyondEnd: number; readonly fraud: number; readonly gap: number };
}
