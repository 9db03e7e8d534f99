import type { PlainColumn } from '../model/batch.ts';
import { sum } from '../numerics/sum.ts';
import { groupsOf, numbersOf, partsOf, ratio } from './group-by.ts';

export interface EquityColumns {
  /** Lifetime value of each customer. */
  readonly value: PlainColumn;
  /** Acquisition cost still to be borne or to be set against the value. Default: 0. */
  readonly acquisitionCost?: PlainColumn;
}

export interface EquityPart {
  /** Customers with a value (and a cost, where there is a column of it). */
  readonly count: number;
  /** Mean value; null without customers. */
  readonly mean: number | null;
  /** Σ value = count · mean. */
  readonly equity: number;
  readonly acquisitionCost: number;
  /** Customer net present value: equity − acquisitionCost. */
  readonly net: number;
}

export interface EquitySegment extends EquityPart {
  /** null: the customers without a segment, listed when there are any. */
  readonly segment: string | null;
  /** Of the equity of all; null when that is 0. */
  readonly share: number | null;
}

export interface CustomerEquity extends EquityPart {
  /** Rows left out because the value or the cost is null. */
  readonly nulls: number;
  readonly segments: readonly EquitySegment[];
}

/**
 * Customer equity (S14): the lifetime values of all customers added up, in all and by segment, and net of what acquiring
 * them cost.
 * @throws ClienteleError `wrong-length`.
 * @example customerEquity({ value: [100, 300], acquisitionCost: [50, 50] }).net // 300
 */
export function customerEquity(columns: EquityColumns, segments?: PlainColumn): CustomerEquity {
  const value = numbersOf(columns.value, 'value');
  const rows = value.length;
  const cost = columns.acquisitionCost
    ? numbersOf(columns.acquisitionCost, 'acquisitionCost', rows)
    : new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    if (cost[row] !== cost[row]) value[row] = Number.NaN;
    if (value[row] !== value[row]) cost[row] = Number.NaN;
  }
  const all = part(
    value.filter((x) => x === x),
    cost,
  );
  const nulls = rows - all.count;
  if (segments === undefined) return { ...all, nulls, segments: [] };
  const column = groupsOf(segments, 'segments', rows);
  const costs = partsOf(cost, column);
  const list = partsOf(value, column).map((values, s): EquitySegment => {
    const own = part(values, costs[s]!);
    return { segment: column.levels[s] ?? null, ...own, share: ratio(own.equity, all.equity) };
  });
  return { ...all, nulls, segments: list.filter(({ segment, count }) => segment !== null || count > 0) };
}

function part(values: ArrayLike<number>, costs: ArrayLike<number>): EquityPart {
  const equity = sum(values);
  const acquisitionCost = sum(costs);
  return {
    count: values.length,
    mean: ratio(equity, values.length),
    equity,
    acquisitionCost,
    net: equity - acquisitionCost,
  };
}
