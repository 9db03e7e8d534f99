import type { TimeUnit } from '../model/field.ts';
import type { When } from '../model/when.ts';
import type { Folds } from '../validation/folds.ts';
import type { Derived } from './derive.ts';
import type { Unmatched } from './join.ts';
import type { Step } from './steps.ts';
import type { SummarySpec } from './summary-spec.ts';

export interface SourceSpec {
  readonly format: 'csv' | 'arrow';
  /**
   * What each column holds. CSV: columns not named are not read. Arrow: only `text` and `category` matter, for ids that
   * are stored as 64-bit integers.
   */
  readonly columns?: { readonly [column: string]: 'number' | 'integer' | 'category' | 'text' | 'date' };
  /** CSV only: cells that mean "missing". Default: the empty cell. */
  readonly missing?: readonly string[];
  readonly delimiter?: string;
  /** Columns that may be absent when scoring, with all that is derived from them: labels and outcomes. */
  readonly fitOnly?: readonly string[];
}

/** One table made from another one, or from a source, by exactly one verb. */
export interface TableSpec {
  /** Its name. */
  readonly table: string;
  readonly from: string;
  /** A log to one row per customer; options as in `clientele/transactions`. */
  readonly summarize?: {
    readonly customer: string;
    readonly date: string;
    readonly amount: string;
    readonly unit: TimeUnit;
    readonly start?: string;
    readonly end: string;
    readonly calibrationEnd?: string;
    readonly sameDay?: 'merge' | 'separate';
    readonly nonPositive?: 'keep' | 'keep-zero' | 'drop' | 'refuse';
  };
  /** New columns by name. */
  readonly derive?: { readonly [column: string]: Derived };
  /** The columns of another table, by a key that occurs at most once on each side. */
  readonly join?: {
    readonly with: string;
    readonly on: string;
    readonly rightOn?: string;
    readonly unmatched: Unmatched;
  };
}

/** A job as data: where customers come from, how they become one row each, what is fitted, what is written. */
export interface Job {
  readonly version: 1;
  readonly title?: string;
  readonly sources: { readonly [name: string]: SourceSpec };
  readonly tables?: readonly TableSpec[];
  readonly pipeline: {
    /** The table with one row per customer. */
    readonly table: string;
    /** The column that names the customer; of those who are scored, each has one row. */
    readonly id: string;
    /** Who is a customer today: scored, cut on, listed and summed. All rows train. */
    readonly active?: When;
    /** Default: as in `pipeline`, rows of one `id` together. */
    readonly folds?: Folds;
    /**
     * Columns no model may read, nor any column derived from them: taken out of all features; a step that names one
     * elsewhere is refused. The summary reports class shares by them.
     */
    readonly sensitive?: readonly string[];
    readonly steps: readonly Step[];
  };
  readonly outputs: {
    /**
     * Columns of the table that go along into the scored files; those that may be absent when scoring only if there,
     * dates as days since 1970-01-01.
     */
    readonly keep?: readonly string[];
    /** File names, without folders. */
    readonly arrow?: string;
    readonly csv?: string;
    /** Default `model.json`. */
    readonly model?: string;
    /** The warning list as CSV, written where the summary names `churn`. Default `warnings.csv`. */
    readonly warnings?: string;
    readonly summary?: SummarySpec;
  };
}
