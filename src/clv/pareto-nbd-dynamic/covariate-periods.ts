import { readCategories, readDays, readNumbers, rowCount } from '../../columns/index.ts';
import { fail } from '../../errors.ts';
import { type Tables, tablesOf, type WalkOptions } from './walks.ts';

/** Rows of covariates by customer, ascending by the day on which they begin to hold. */
export interface CovariatePeriods {
  /** Customer i has the rows from[i] ≤ k < from[i + 1]; a shared path stands at 0. */
  readonly from: Int32Array;
  readonly start: Float64Array;
  /** Row k has the value `values[k·columns + j]` of column j. */
  readonly values: Float64Array;
  /** Rows without a customer or a day. */
  readonly missing: number;
}

/** Reads the periods of these customers (of all, where the path is shared); rows of others are left out. */
export function covariatePeriods(
  tables: Tables,
  ids: readonly string[],
  { customer, start, columns, shared = false }: WalkOptions,
): CovariatePeriods {
  const known = new Map(ids.map((id, i) => [id, i]));
  const paths = shared ? 1 : ids.length;
  const n = columns.length;
  let missing = 0;
  const parts = tablesOf(tables).map((table) => {
    const rows = rowCount(table);
    const days = readDays(table, start);
    const cells = columns.map((column) => readNumbers(table, column));
    const who = new Int32Array(rows);
    if (!shared) {
      const { codes, levels } = readCategories(table, customer);
      const own = levels.map((level) => known.get(level) ?? -1);
      for (let row = 0; row < rows; row++) {
        who[row] = codes[row]! < 0 ? -1 : own[codes[row]!]!;
        if (codes[row]! < 0 || days[row] !== days[row]) missing++;
      }
    } else for (let row = 0; row < rows; row++) if (days[row] !== days[row]) missing++;
    for (let row = 0; row < rows; row++) if (days[row] !== days[row]) who[row] = -1;
    return { rows, days, cells, who };
  });
  const from = new Int32Array(paths + 1);
  for (const { who } of parts) for (const i of who) if (i >= 0) from[i + 1]!++;
  for (let i = 0; i < paths; i++) from[i + 1]! += from[i]!;
  const next = from.slice(0, paths);
  const total = from[paths]!;
  const days = new Float64Array(total);
  const values = new Float64Array(total * n);
  for (const part of parts)
    for (let row = 0; row < part.rows; row++) {
      const i = part.who[row]!;
      if (i < 0) continue;
      const at = next[i]!++;
      days[at] = part.days[row]!;
      for (let j = 0; j < n; j++) values[at * n + j] = part.cells[j]![row]! + 0;
    }
  for (let i = 0; i < paths; i++) sortRows(days, values, from[i]!, from[i + 1]!, n);
  return { from, start: days, values, missing };
}

/** Sorts rows `from` ≤ k < `to` by day, where they are not yet. */
function sortRows(days: Float64Array, values: Float64Array, from: number, to: number, n: number): void {
  let k = from + 1;
  while (k < to && days[k]! > days[k - 1]!) k++;
  if (k >= to) return;
  const order = Int32Array.from({ length: to - from }, (_, at) => from + at).sort((a, b) => days[a]! - days[b]!);
  const [oldDays, old] = [days.slice(from, to), values.slice(from * n, to * n)];
  order.forEach((row, at) => {
    days[from + at] = oldDays[row - from]!;
    values.set(old.subarray((row - from) * n, (row - from + 1) * n), (from + at) * n);
  });
}

/** Names the customer whose path is at fault, or all of them. */
export const ofPath = (id: string | null): string => (id === null ? 'the shared covariates' : `customer "${id}"`);

/** Stops for a customer without any row. */
export function noPeriods(id: string | null, first: string, asOf: string): never {
  return fail(
    'invalid-value',
    `${ofPath(id)}: no covariates; add the periods from the first purchase on ${first} to ${asOf}, or leave the customer out of the log`,
  );
}
