import { fail } from '../errors.ts';
import type { CategoryColumn } from '../model/batch.ts';

/** Names, one per row: a category column or a plain list. */
export type Labels = CategoryColumn | readonly (string | null | undefined)[];

/** The columns of a warning list; all are of equal length. Give current customers only: whoever has left is not warned of. */
export interface WarningColumns {
  readonly ids: ArrayLike<string | number> | CategoryColumn;
  /** Churn probability; NaN is null. */
  readonly probability: ArrayLike<number>;
  /** Value if kept, such as the current value; not one that is already adjusted for churn. */
  readonly value?: ArrayLike<number>;
  readonly segment?: Labels;
  /** What to do, such as the strategy of the segment. */
  readonly strategy?: Labels;
  /** Main reasons, the strongest first, as `topReasons` gives them. */
  readonly reasons?: readonly Labels[];
  /** Share of customers who leave, set beside every probability. */
  readonly baseRate?: number;
}

export interface WarningOptions {
  /** At most this many rows: what the team can handle. */
  readonly top?: number;
  /** Only rows with at least this probability. */
  readonly minimumProbability?: number;
  /** Only rows with at least this value at risk: what a contact costs to be worth it. */
  readonly minimumValueAtRisk?: number;
  /** Order, highest first. Default: `valueAtRisk` when there is a value, else `probability`. */
  readonly by?: 'valueAtRisk' | 'probability';
}

export interface Warning {
  readonly id: string | number;
  readonly probability: number;
  readonly baseRate: number | null;
  /** Value if kept. */
  readonly value: number | null;
  /** probability · value. */
  readonly valueAtRisk: number | null;
  readonly segment: string | null;
  readonly strategy: string | null;
  readonly reasons: readonly string[];
}

export interface WarningList {
  readonly rows: readonly Warning[];
  /** Rows that passed the cuts, before `top`. */
  readonly eligible: number;
  /** Rows without an id, a probability or, where it is needed, a value. */
  readonly leftOut: number;
}

/**
 * The customers to act on, with what an account manager needs beside the probability: base rate, value at risk, segment,
 * strategy and reasons (S81). Ranked by value at risk p·value or by probability; equal ranks go by id (numbers by size, text
 * by its code units), then by row.
 *
 * @throws wrong-length for columns of different length; invalid-option; invalid-value for a probability outside [0, 1].
 * @example
 * warningList({ ids: ['a', 'b'], probability: [0.9, 0.5], value: [10, 100] }, { top: 1 }).rows[0]?.id // 'b'
 */
export function warningList(columns: WarningColumns, options: WarningOptions = {}): WarningList {
  const { probability, value, baseRate } = columns;
  const { top = Number.POSITIVE_INFINITY, minimumProbability = 0, minimumValueAtRisk, by } = options;
  const order = by ?? (value ? 'valueAtRisk' : 'probability');
  if (order !== 'valueAtRisk' && order !== 'probability')
    fail('invalid-option', `invalid by: ${order}; use "valueAtRisk" or "probability"`);
  if (top !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(top) && top >= 0))
    fail('invalid-option', `invalid top: ${top}; use a whole number`);
  if (!(minimumProbability >= 0 && minimumProbability <= 1))
    fail('invalid-option', `invalid minimumProbability: ${minimumProbability}; use [0, 1]`);
  if (minimumValueAtRisk !== undefined && !Number.isFinite(minimumValueAtRisk))
    fail('invalid-option', `invalid minimumValueAtRisk: ${minimumValueAtRisk}`);
  if (baseRate !== undefined && !(baseRate >= 0 && baseRate <= 1))
    fail('invalid-option', `invalid baseRate: ${baseRate}; use [0, 1]`);
  const needsValue = order === 'valueAtRisk' || minimumValueAtRisk !== undefined;
  if (needsValue && !value) fail('invalid-option', 'ranking or cutting by value at risk needs the column "value"');

  const rows = probability.length;
  const idOf = reader(columns.ids, rows, 'ids');
  const segmentOf = reader(columns.segment, rows, 'segment');
  const strategyOf = reader(columns.strategy, rows, 'strategy');
  const reasonOf = (columns.reasons ?? []).map((labels, r) => reader(labels, rows, `reasons[${r}]`));
  if (value && value.length !== rows) fail('wrong-length', `value has ${value.length} rows, probability has ${rows}`);

  const candidates: { readonly row: number; readonly id: string | number; readonly rank: number }[] = [];
  let leftOut = 0;
  for (let row = 0; row < rows; row++) {
    const p = probability[row]!;
    const id = idOf(row);
    const worth = value ? value[row]! : Number.NaN;
    if (p !== p || id === null || (needsValue && worth !== worth)) {
      leftOut++;
      continue;
    }
    if (!(p >= 0 && p <= 1)) fail('invalid-value', `probability, row ${row}: ${p} is outside [0, 1]`);
    if (p < minimumProbability || (minimumValueAtRisk !== undefined && p * worth < minimumValueAtRisk)) continue;
    candidates.push({ row, id, rank: order === 'valueAtRisk' ? p * worth : p });
  }
  candidates.sort((a, b) => b.rank - a.rank || compareIds(a.id, b.id) || a.row - b.row);

  const listed = candidates.slice(0, top).map(({ row, id }): Warning => {
    const p = probability[row]!;
    const worth = value && value[row] === value[row] ? value[row]! : null;
    return {
      id,
      probability: p,
      baseRate: baseRate ?? null,
      value: worth,
      valueAtRisk: worth === null ? null : p * worth,
      segment: textOf(segmentOf(row)),
      strategy: textOf(strategyOf(row)),
      reasons: reasonOf.flatMap((of) => textOf(of(row)) ?? []),
    };
  });
  return { rows: listed, eligible: candidates.length, leftOut };
}

const textOf = (cell: string | number | null): string | null => (cell === null ? null : String(cell));

/** A cell by row: null for null, undefined, NaN and codes below 0. */
function reader(
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

/** Numbers by size before text by its code units. */
function compareIds(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
