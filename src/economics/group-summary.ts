import { readCategories } from '../columns/index.ts';
import { fail } from '../errors.ts';
import type { PlainColumn } from '../model/batch.ts';
import { knownOptions } from '../model/options.ts';
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

/** A ratio of sums of two measures, such as the liquidity of deposits: demand ÷ all. */
export interface RatioOfSums<N extends string = string> {
  readonly part: N;
  readonly whole: N;
}

/** What {@link groupSummary} adds to a row when ratios are asked for. */
export interface GroupRatios<R extends string = string> {
  /** Σ part ÷ Σ whole over the rows that have both; null when the whole is 0. */
  readonly ratios: { readonly [Q in R]: number | null };
}

/**
 * A table of groups: how many customers, and of each measure the total, mean, variance and share of the total. Every
 * level of the column is a row, customers or not. A ratio of sums weighs a customer by the whole; it is not the mean of
 * the customers' own ratios.
 * @throws ClienteleError `wrong-length`; `invalid-option` for a ratio of something that is no measure.
 * @example groupSummary(['a', 'a', 'b'], { spend: [1, 3, 4] })[0].measures.spend.mean // 2
 * @example
 * const deposits = { demand: [1, 3], all: [10, 10] };
 * groupSummary(['a', 'a'], deposits, { ratios: { liquidity: { part: 'demand', whole: 'all' } } })[0].ratios.liquidity // 0.2
 */
export function groupSummary<const N extends string, const R extends string = never>(
  groups: PlainColumn,
  measures: { readonly [M in N]: PlainColumn },
  options: { readonly ratios?: { readonly [Q in R]: RatioOfSums<NoInfer<N>> } } = {},
): readonly (GroupRow<N> & ([R] extends [never] ? unknown : GroupRatios<R>))[] {
  const { ratios: given = {} } = knownOptions(options, 'groupSummary', 'ratios');
  const column = readCategories({ groups }, 'groups');
  const rows = column.codes.length;
  const counts = countsOf(column);
  const read = new Map(
    Object.entries<PlainColumn>(measures).map(([name, values]) => [name, numbersOf(values, name, rows)]),
  );
  const summaries = [...read].map(([name, numbers]) => {
    const all = sum(numbers);
    return [name, partsOf(numbers, column).map((part) => summarise(part, all))] as const;
  });
  const asked = Object.entries<RatioOfSums>(given);
  const ratios = asked.map(([name, of]) => {
    const [part, whole] = (['part', 'whole'] as const).map(
      (side) =>
        read.get(of[side]) ??
        fail(
          'invalid-option',
          `invalid ratios.${name}.${side}: ${of[side]}; name one of ${[...read.keys()].join(', ')}`,
        ),
    ) as [Float64Array, Float64Array];
    const both = (values: Float64Array) =>
      partsOf(
        values.map((x, row) => (Number.isNaN(part[row]! + whole[row]!) ? Number.NaN : x)),
        column,
      ).map(sum);
    const [parts, wholes] = [both(part), both(whole)];
    return [name, parts.map((own, g) => ratio(own, wholes[g]!))] as const;
  });
  const rowsOf = counts.flatMap((count, g) => {
    const group = column.levels[g] ?? null;
    if (group === null && count === 0) return [];
    const own = Object.fromEntries(summaries.map(([name, list]) => [name, list[g]!])) as GroupRow<N>['measures'];
    const extra =
      asked.length > 0 ? { ratios: Object.fromEntries(ratios.map(([name, list]) => [name, list[g]!])) } : {};
    return [{ group, count, share: ratio(count, rows), measures: own, ...extra }];
  });
  return rowsOf as readonly (GroupRow<N> & ([R] extends [never] ? unknown : GroupRatios<R>))[];
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
