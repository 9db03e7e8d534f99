import { requireColumn, rowCount } from '../../columns/batch.ts';
import { readNumbers } from '../../columns/whole.ts';
import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { names, object } from '../../model/options.ts';
import { readFeatures } from '../../regression/feature.ts';
import { outcome, requireLabel } from '../../regression/outcome.ts';

/** Where the time under observation stands: at risk over (entry, duration], with or without the event at its end. */
export interface SurvivalColumns {
  /** Column of the time from the start until the event, or until nobody watched any more (censored). */
  readonly duration: string;
  /** The event happened at `duration` where `column` equals `churned`; any other value means censored. */
  readonly event: { readonly column: string; readonly churned: string | number };
  /** Column of the time from which on the customer was watched (delayed entry, left truncation). Default: 0 for all. */
  readonly entry?: string;
}

/** Rows and their times; NaN in all three where a row takes no part. */
export interface SurvivalTimes {
  readonly entry: Float64Array;
  readonly exit: Float64Array;
  /** 1 or 0. */
  readonly event: Float64Array;
  readonly warnings: readonly string[];
}

/** Stops unless these are names of different columns. */
export function checkSurvivalColumns({ duration, event, entry }: SurvivalColumns): void {
  const { column, churned } = object(event, 'event');
  names({ duration, 'event.column': column, ...(entry === undefined ? {} : { entry }) });
  if (typeof churned !== 'string' && typeof churned !== 'number')
    fail('invalid-option', `invalid event.churned: ${String(churned)}; use the value that says the customer left`);
  const all = [duration, column, ...(entry === undefined ? [] : [entry])];
  if (new Set(all).size !== all.length)
    fail('invalid-option', `duration, event and entry need a column each, got ${all.join(', ')}`);
}

/**
 * Reads the times. Rows with a null in one of the columns, or in `needed`, take no part; neither do rows with duration ≤
 * entry, who were never at risk. Both are told as warnings.
 * @throws empty-input, all-null, unknown-column; invalid-value for a time below 0.
 */
export function readTimes(
  data: Columns,
  { duration, event, entry }: SurvivalColumns,
  needed: (row: number) => boolean = () => true,
): SurvivalTimes {
  requireColumn(data, duration);
  requireLabel(data, event.column, `event "${event.column}"`);
  const happened = outcome(data, event.column, event.churned);
  const exits = readTime(data, 'duration', duration);
  const entries = entry === undefined ? new Float64Array(rowCount(data)) : readTime(data, 'entry', entry);
  let nulls = 0;
  let late = 0;
  let lost = 0;
  let used = 0;
  for (let i = 0; i < exits.length; i++) {
    const known = exits[i] === exits[i] && entries[i] === entries[i] && happened[i] === happened[i] && needed(i);
    if (known && exits[i]! > entries[i]!) {
      used++;
      continue;
    }
    if (known) {
      late++;
      lost += happened[i]!;
    } else nulls++;
    exits[i] = Number.NaN;
    entries[i] = Number.NaN;
    happened[i] = Number.NaN;
  }
  const warnings: string[] = [];
  if (nulls > 0) warnings.push(`${nulls} rows with a null in duration, event, entry or group are left out`);
  if (late > 0)
    warnings.push(
      `${late} rows were never at risk (duration ≤ ${entry === undefined ? '0' : `"${entry}"`}) and are left out` +
        (lost > 0 ? `, ${lost} of them with the event: count the first period as 1, or add half a period` : ''),
    );
  if (used === 0)
    fail('empty-input', `no row is at risk for any time: "${duration}" must be above ${entry ? `"${entry}"` : '0'}`);
  return { entry: entries, exit: exits, event: happened, warnings };
}

function readTime(data: Columns, role: string, column: string): Float64Array {
  const times = readNumbers(data, column);
  for (let i = 0; i < times.length; i++)
    if (times[i]! < 0) fail('invalid-value', `${role} "${column}", row ${i}: ${times[i]}; times are 0 or above`);
  return times;
}

/**
 * A column of groups, strata or clusters as codes; its levels are those of rows with `use`, sorted by code point. Without a
 * column all are one group.
 */
export interface Groups {
  readonly codes: Int32Array;
  readonly levels: readonly (string | null)[];
}

export function readGroups(
  data: Columns,
  column: string | undefined,
  use: (row: number) => boolean = () => true,
): Groups {
  if (column === undefined) return { codes: new Int32Array(rowCount(data)), levels: [null] };
  const [read] = readFeatures(data, [{ column, type: 'category' }], use);
  return { codes: read!.codes!, levels: read!.field.levels! };
}
