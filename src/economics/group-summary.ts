import { readCategories } from '../columns/index.ts';
import type { PlainColumn } from '../model/batch.ts';
import { mean, sum } from '../numerics/sum.ts';
import { countsOf, numbersOf, partsOf, ratio } from './group-by.ts';

export interface MeasureSummary {
  /** Non-null values. */
  readonly count: number;
  readonly total: number;
  /** null without a value. */
  readonly mean: number | null;
  /** Sample variance, n − 1; null for fewer than two values. */
  readonly variance: number | null;
  /** Of the total over all groups, negative totals and shares above 1 included; null when that total is 0. */
  readonly share: number | null;
}

export interface GroupRow<N extends string = string> {
  /** null: the rows without a group, listed when there are any. */
  readonly group: string | null;
  readonly count: number;
  /** Of all rows; null when there are none. */
  readonly share: number | null;
  readonly measures: { readonly [M in N]: MeasureSummary };
}

/**
 * A table of groups: how many customers, and of each measure the total, mean, variance and share of the total. Every
 * level of the column is a row, customers or not.
 * @throws ClienteleError `wrong-length`.
 * @example groupSummary(['a', 'a', 'b'], { spend: [1, 3, 4] })[0].measures.spend.mean // 2
 */
export function groupSummary<const N extends string>(
  groups: PlainColumn,
  measures: { readonly [M in N]: PlainColumn },
): readonly GroupRow<N>[] {
  const column = readCategories({ groups }, 'groups');
  const rows = column.codes.length;
  const counts = countsOf(column);
  const summaries = Object.entries<PlainColumn>(measures).map(([name, values]) => {
    const numbers = numbersOf(values, name, rows);
    const all = sum(numbers);
    return [name, partsOf(numbers, column).map((part) => summarise(part, all))] as const;
  });
  return counts.flatMap((count, g) => {
    const group = column.levels[g] ?? null;
    if (group === null && count === 0) return [];
    const own = Object.fromEntries(summaries.map(([name, list]) => [name, list[g]!])) as GroupRow<N>['measures'];
    return [{ group, count, share: ratio(count, rows), measures: own }];
  });
}

function summarise(values: readonly number[], all: number): MeasureSummary {
  const count = values.length;
  const total = sum(values);
  const centre = mean(values);
  return {
    count,
    total,
    mean: count > 0 ? centre : null,
    variance: count > 1 ? sum(values.map((x) => (x - centre) ** 2)) / (count - 1) : null,
    share: ratio(total, all),
  };
}
