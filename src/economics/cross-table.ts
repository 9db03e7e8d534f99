import { readCategories } from '../columns/index.ts';
import type { PlainColumn } from '../model/batch.ts';
import { groupsOf, ratio } from './group-by.ts';

/** Counts of one category column against another. `counts[row][column]`; shares are null where their total is 0. */
export interface CrossTable {
  readonly rowLevels: readonly string[];
  readonly columnLevels: readonly string[];
  readonly counts: readonly (readonly number[])[];
  readonly rowTotals: readonly number[];
  readonly columnTotals: readonly number[];
  readonly total: number;
  /** Of the row: each row adds up to 1. */
  readonly rowShares: readonly (readonly (number | null)[])[];
  /** Of the column. */
  readonly columnShares: readonly (readonly (number | null)[])[];
  /** Of the total. */
  readonly shares: readonly (readonly (number | null)[])[];
  /** Customers left out because one of the two is null. */
  readonly nulls: number;
}

/**
 * Counts and shares of two category columns, such as class by age band. The library only aggregates; whether a
 * sensitive column may steer an action is for its user to decide.
 * @throws ClienteleError `wrong-length`.
 * @example crossTable(['a', 'a', 'b'], ['x', 'y', 'x']).counts // [[1, 1], [1, 0]]
 */
export function crossTable(rows: PlainColumn, columns: PlainColumn): CrossTable {
  const down = readCategories({ rows }, 'rows');
  const across = groupsOf(columns, 'columns', down.codes.length);
  const counts = down.levels.map(() => across.levels.map(() => 0));
  let total = 0;
  down.codes.forEach((r, i) => {
    const c = across.codes[i]!;
    if (r < 0 || c < 0) return;
    counts[r]![c]!++;
    total++;
  });
  const rowTotals = counts.map((list) => list.reduce((a, b) => a + b, 0));
  const columnTotals = across.levels.map((_, c) => counts.reduce((n, list) => n + list[c]!, 0));
  const over = (whole: (r: number, c: number) => number) =>
    counts.map((list, r) => list.map((count, c) => ratio(count, whole(r, c))));
  return {
    rowLevels: down.levels,
    columnLevels: across.levels,
    counts,
    rowTotals,
    columnTotals,
    total,
    rowShares: over((r) => rowTotals[r]!),
    columnShares: over((_, c) => columnTotals[c]!),
    shares: over(() => total),
    nulls: down.codes.length - total,
  };
}
