import type { EventMatch } from './event-match.ts';

interface Named<F extends string> {
  /** Name of the column it becomes. */
  readonly name: F;
}
interface Counted {
  /** Events that count. Default: all. */
  readonly of?: EventMatch;
}
interface Recent extends Counted {
  /** Days looked back over: those in (asOf − days, asOf]. Default: the window. */
  readonly days?: number;
}
interface Known extends Counted {
  /** Days looked back over: those in (asOf − days, asOf]. Default: all there are. */
  readonly days?: number;
}
interface Amounts {
  /** Column that is added up. Default: the events are counted. */
  readonly column?: string;
}
interface Periods extends Recent, Amounts {
  /** Length of a period in days; it divides `days`. Periods are counted back from the as-of date, newest first. */
  readonly every: number;
  /** What a period without an event is: `zero` (default) activity, or `null`, and left out. */
  readonly empty?: 'zero' | 'null';
}

/**
 * A column made of the events up to the as-of date, as data. What cannot be computed is null.
 * - `count`: events. `sum`: their amounts; 0 where there are none.
 * - `level`: the newest amount; of several on that day the largest.
 * - `daysSince`: days from the last event to the as-of date. `tenure`: from the first one.
 * - `flag`: 1 where there is an event, and no `until` event on a later day (such as the end of what the first one began).
 * - `change`: (total of the last `days` − total of the `days` before) ÷ the latter.
 * - `slope`: least-squares trend of the totals per period. `variability`: their sample standard deviation ÷ |mean|.
 *   `ratioToMean`: total of the newest period ÷ mean of all. Periods that ended before the customer's first event are
 *   left out; two are needed.
 * - `ratio`: one feature ÷ another one, both named before it.
 */
export type EventFeature<F extends string = string> =
  | (Named<F> & Recent & { readonly family: 'count' })
  | (Named<F> & Recent & { readonly family: 'sum'; readonly column: string })
  | (Named<F> & Known & { readonly family: 'level'; readonly column: string })
  | (Named<F> & Known & { readonly family: 'daysSince' })
  | (Named<F> & Counted & { readonly family: 'tenure' })
  | (Named<F> & Known & { readonly family: 'flag'; readonly of: EventMatch; readonly until?: EventMatch })
  | (Named<F> & Counted & Amounts & { readonly family: 'change'; readonly days: number })
  | (Named<F> & Periods & { readonly family: 'slope' | 'variability' | 'ratioToMean' })
  | (Named<F> & { readonly family: 'ratio'; readonly feature: string; readonly over: string });

/** Why a contract ended (S75). `internalTransfer` is churn for the product, not for the firm. */
export const CHURN_TYPES = ['internalTransfer', 'involuntary', 'voluntaryExit', 'voluntarySwitch'] as const;
export type ChurnType = (typeof CHURN_TYPES)[number];

/**
 * How contracts are read from events. A contract is in force from the day of its start up to the day before its ending. A
 * start and an ending of one product on one day leave things as they were: a renewal, or a sale withdrawn.
 */
export interface ContractRules {
  /** Column of the product. Default: there is one product only. */
  readonly product?: string;
  /** Events that begin a contract, or renew one in force. */
  readonly starts: EventMatch;
  /** Events that end one. */
  readonly ends: EventMatch;
  /** Endings by the firm: fraud, arrears. They come before every other type. */
  readonly involuntary?: EventMatch;
  /** Endings of customers who went to a rival: the number was ported, or the rival is known. */
  readonly voluntarySwitch?: EventMatch;
  /**
   * An ending is an internal transfer when another product of the customer is in force on some day from the ending to so
   * many days after. Default 0: on the day of the ending.
   */
  readonly transferWithin?: number;
}

/** What is to be predicted: whether a customer is lost within (asOf + gap, asOf + gap + horizon]. */
export type LabelRule = (
  | {
      /** Lost is who has no event in the label's days. Rows are customers with an event in the window. */
      readonly rule: 'inactivity';
      /** Events that show activity. Default: all. */
      readonly of?: EventMatch;
    }
  | {
      /** Lost is who ends the last contract in the label's days. Rows are customers with a contract in force. */
      readonly rule: 'ending';
      readonly contract: ContractRules;
      /**
       * Types that make `churned` 1; another type is a competing end and makes it 0. Default: all that leave the firm.
       */
      readonly churned?: readonly ChurnType[];
    }
) & {
  /** Events that show fraud. A customer with one up to the label's last day has no label, and so trains nothing. */
  readonly fraud?: EventMatch;
};

export type LabelName<R> = R extends { readonly rule: 'ending' }
  ? 'churned' | 'churnType'
  : R extends { readonly rule: 'inactivity' }
    ? 'churned'
    : never;

/** How events become one row per customer and as-of date. Dates are ISO text `yyyy-mm-dd`; all spans are whole days. */
export interface ObserveOptions<F extends string = string, R extends LabelRule | undefined = LabelRule | undefined> {
  /** Column of the customer id; numbers are taken as text. */
  readonly customer: string;
  /** Column of the event's UTC day: ISO text, Date32 or Timestamp, or whole days since 1970-01-01. */
  readonly date: string;
  /** One as-of date, or several for a panel. An event on that day is known; nothing later is. */
  readonly asOf: string | readonly string[];
  /** Last day the events are complete to. Later ones are counted and otherwise ignored. */
  readonly end: string;
  /** Days of the observation window (asOf − window, asOf]. */
  readonly window: number;
  /** Days between the as-of date and the label's first day, in which nothing counts. Default 0. */
  readonly gap?: number;
  /** Days of the label. Needed with a label. */
  readonly horizon?: number;
  readonly label?: R;
  readonly features: readonly EventFeature<F>[];
  /**
   * Further day columns of an event, such as when it was recorded or settled. Features know an event from the latest of
   * its days on.
   */
  readonly times?: readonly string[];
  /**
   * Events dated up to an as-of date of which a time lies after it. `leave-out` (default): no feature of that date sees
   * them, and they are counted. `refuse`: stop.
   */
  readonly late?: 'leave-out' | 'refuse';
}
