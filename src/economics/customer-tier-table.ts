import { fail } from '../errors.ts';
import type { PlainColumn } from '../model/batch.ts';
import { knownOptions } from '../model/options.ts';
import { sum } from '../numerics/sum.ts';
import { requireDistinct } from './amounts.ts';
import { groupsOf, numbersOf } from './group-by.ts';
import { type TierTable, tierTableOf } from './tier-table.ts';

/** Columns of one window, one row per customer. */
export interface TierColumns {
  readonly tier: PlainColumn;
  readonly spend: PlainColumn;
  /** Profit over revenue before the cost to serve: a column, or one number for all. */
  readonly margin: PlainColumn | number;
  /** Cost of serving the customer: a column, or one number for all. Default: 0. */
  readonly costToServe?: PlainColumn | number;
}

export interface CustomerTierOptions {
  /** The tiers in the order of the table. Default: the order of the column's levels. */
  readonly order?: readonly string[];
  /**
   * Who belongs to the base: customers with `atLeast` (default 1) in this column, such as transactions in the window.
   * Default: every row.
   */
  readonly active?: { readonly column: PlainColumn; readonly atLeast?: number };
}

/** Who is in the table and who is not. */
export interface TierBase {
  readonly rows: number;
  /** Rows in the table. */
  readonly active: number;
  /** Rows below the rule. */
  readonly inactive: number;
  /** Active rows, or rows of unknown activity, left out because a cell is null. */
  readonly nulls: number;
  /** The rule: so much activity; null: every row counts. */
  readonly atLeast: number | null;
}

export interface CustomerTierTable extends TierTable {
  readonly base: TierBase;
}

/**
 * {@link TierTable} from one row per customer: profit = spend·margin − costToServe of each, added up by tier, and the
 * number of customers it is negative for (S51, S52, S59). The rule for the active base stands in the result.
 *
 * @throws ClienteleError `wrong-length`; `invalid-value` for a tier that `order` does not list, a negative cost, or no
 *   row at all to count.
 * @example
 * customerTierTable(
 *   { tier: ['gold', 'basic', 'basic'], spend: [100, 10, 40], margin: 0.25, costToServe: 5 },
 *   { active: { column: [3, 0, 1] } },
 * ).tiers[1].profit // 5
 */
export function customerTierTable(columns: TierColumns, options: CustomerTierOptions = {}): CustomerTierTable {
  const { order, active } = knownOptions(options, 'customerTierTable', 'order active');
  const spend = numbersOf(columns.spend, 'spend');
  const rows = spend.length;
  const tier = groupsOf(columns.tier, 'tier', rows);
  const margin = columnOrNumber(columns.margin, 'margin', rows);
  const cost = columnOrNumber(columns.costToServe ?? 0, 'costToServe', rows);
  const activity = active ? numbersOf(active.column, 'active', rows) : null;
  const atLeast = active?.atLeast ?? 1;
  if (!Number.isFinite(atLeast)) fail('invalid-option', `invalid active.atLeast: ${atLeast}; use a finite number`);
  const names = order ?? tier.levels;
  requireDistinct(names, 'tier');
  const place = tier.levels.map((level) => names.indexOf(level));

  const parts = names.map(() => ({ revenue: [] as number[], profit: [] as number[], cost: [] as number[], loss: 0 }));
  let inactive = 0;
  let nulls = 0;
  for (let row = 0; row < rows; row++) {
    if (activity && activity[row]! < atLeast) {
      inactive++;
      continue;
    }
    const code = tier.codes[row]!;
    const gross = spend[row]! * margin[row]!;
    const profit = gross - cost[row]!;
    if (code < 0 || profit !== profit || (activity && activity[row] !== activity[row])) {
      nulls++;
      continue;
    }
    if (spend[row]! < 0) fail('invalid-value', `spend, row ${row}: ${spend[row]} is negative; net returns first`);
    if (cost[row]! < 0) fail('invalid-value', `costToServe, row ${row}: ${cost[row]} is negative`);
    const part =
      parts[place[code]!] ??
      fail('invalid-value', `tier "${tier.levels[code]}" is not in the order given: ${names.join(', ')}`);
    part.revenue.push(spend[row]!);
    part.profit.push(gross);
    part.cost.push(cost[row]!);
    if (profit < 0) part.loss++;
  }
  const table = tierTableOf(
    names,
    parts.map(({ revenue, profit, cost, loss }) => ({
      count: revenue.length,
      revenue: sum(revenue),
      grossProfit: sum(profit),
      cost: sum(cost),
      unprofitable: loss,
    })),
  );
  const base = { rows, active: table.total.count, inactive, nulls, atLeast: active ? atLeast : null };
  return { ...table, base };
}

function columnOrNumber(column: PlainColumn | number, name: string, rows: number): Float64Array {
  if (typeof column !== 'number') return numbersOf(column, name, rows);
  if (!Number.isFinite(column)) fail('invalid-value', `invalid ${name}: ${column}; use a finite number`);
  return new Float64Array(rows).fill(column);
}
