import { fail } from '../../errors.ts';
import type { CategoryColumn } from '../../model/batch.ts';
import type { Span } from '../../model/field.ts';

/** Names, one per row: a category column or a plain list. */
export type Labels = CategoryColumn | readonly (string | null | undefined)[];

/** The columns of a warning list; all are of equal length. Give current customers only: whoever has left is not warned of. */
export interface WarningColumns {
  readonly ids: ArrayLike<string | number> | CategoryColumn;
  /** Churn probability; NaN is null. */
  readonly probability: ArrayLike<number>;
  /** How well it is known, as `probabilityInterval` gives it; NaN is null. */
  readonly interval?: { readonly low: ArrayLike<number>; readonly high: ArrayLike<number> };
  /** The span within which the probability is of leaving; null for unknown. */
  readonly horizon?: Span | null;
  /** Value if kept, such as the current value; not one that is already adjusted for churn. */
  readonly value?: ArrayLike<number>;
  /** The class of the customer. */
  readonly segment?: Labels;
  /** What to do, such as the strategy of the segment. */
  readonly strategy?: Labels;
  /** Whether that strategy is to spend on keeping the customer, as `classAdvice` gives it. */
  readonly strategyContacts?: ArrayLike<boolean | null | undefined>;
  /** Main reasons, the strongest first, as `actionableReasons` or `topReasons` gives them. */
  readonly reasons?: readonly Labels[];
  /** Reasons that nobody can act on, such as age or tenure. */
  readonly background?: readonly Labels[];
  /** Who looks after the customer. */
  readonly owner?: Labels;
  /** Share of customers who leave, set beside every probability. */
  readonly baseRate?: number;
}

/** A cell by row: null for null, undefined, NaN and codes below 0. */
export function labelReader(
  column: Labels | ArrayLike<string | number> | undefined,
  rows: number,
  name: string,
): (row: number) => string | number | null {
  if (column === undefined) return () => null;
  const length = 'codes' in column ? column.codes.length : column.length;
  if (length !== rows) fail('wrong-length', `${name} has ${length} rows, probability has ${rows}`);
  if ('codes' in column) return (row) => column.levels[column.codes[row]!] ?? null;
  return (row) => {
    const cell = column[row];
    return cell === undefined || cell === null || cell !== cell ? null : cell;
  };
}

/** Stops for a probability outside [0, 1], or an interval that is upside down, leaves [0, 1] or does not hold it. */
export function checkProbabilities({ probability, interval }: WarningColumns): void {
  const rows = probability.length;
  for (const end of ['low', 'high'] as const)
    if (interval && interval[end].length !== rows)
      fail('wrong-length', `interval.${end} has ${interval[end].length} rows, probability has ${rows}`);
  for (let row = 0; row < rows; row++) {
    const p = probability[row]!;
    if (p !== p) continue;
    if (!(p >= 0 && p <= 1)) fail('invalid-value', `probability, row ${row}: ${p} is outside [0, 1]`);
    const low = interval ? interval.low[row]! : Number.NaN;
    const high = interval ? interval.high[row]! : Number.NaN;
    if (low !== low || high !== high) continue;
    if (!(low >= 0 && low <= p && p <= high && high <= 1))
      fail('invalid-value', `interval, row ${row}: [${low}, ${high}] must hold the probability ${p}, within [0, 1]`);
  }
}
