import { fail } from '../errors.ts';
import type { CategoryColumn, PlainColumn } from '../model/batch.ts';
import { knownOptions } from '../model/options.ts';
import { type Closed, codeOf } from '../numerics/cuts.ts';
import { crossTable } from './cross-table.ts';
import { groupsOf, numbersOf, ratio } from './group-by.ts';

export interface TenureColumns {
  readonly tier: PlainColumn;
  readonly tenure: PlainColumn;
  /** 1 or true: left within the window; 0 or false: stayed. */
  readonly churned: PlainColumn;
}

export interface TenureOptions {
  /** Limits of the tenure bands, rising. */
  readonly limits: readonly number[];
  /** Which side of a band holds its limit. Default: `'left'`, so that [12, 24) begins with 12 full months. */
  readonly closed?: Closed;
}

/** `[tier][band]`. */
export interface ChurnByTenure {
  readonly tiers: readonly string[];
  readonly bands: readonly string[];
  readonly customers: readonly (readonly number[])[];
  readonly lost: readonly (readonly number[])[];
  /** lost / customers; null where there are none. */
  readonly churnRates: readonly (readonly (number | null)[])[];
  /** Over all bands, per tier. */
  readonly tierRates: readonly (number | null)[];
  /** Over all tiers, per band. */
  readonly bandRates: readonly (number | null)[];
  readonly churnRate: number | null;
  /** Customers left out because one of the three is null. */
  readonly nulls: number;
}

/**
 * Churn rate by tier and tenure band (S68): where long-standing customers of the upper tiers leave as readily as new ones,
 * nothing holds them but the price: switching costs are low.
 *
 * @throws ClienteleError `invalid-option` for limits that do not rise; `invalid-value` for a `churned` other than 0 or 1;
 *   `wrong-length`.
 * @example
 * churnByTenure({ tier: ['gold', 'gold'], tenure: [5, 12], churned: [1, 0] }, { limits: [12] }).churnRates // [[1, 0]]
 */
export function churnByTenure(columns: TenureColumns, options: TenureOptions): ChurnByTenure {
  const { limits, closed = 'left' } = knownOptions(options, 'churnByTenure', 'limits closed');
  if (limits.length === 0 || !limits.every((limit, i) => Number.isFinite(limit) && !(limit <= limits[i - 1]!)))
    fail('invalid-option', `invalid limits: ${limits.join(', ') || 'none'}; use finite numbers that rise`);
  if (closed !== 'left' && closed !== 'right')
    fail('invalid-option', `invalid closed: ${closed}; use "left" or "right"`);
  const tenure = numbersOf(columns.tenure, 'tenure');
  const churned = numbersOf(columns.churned, 'churned', tenure.length);
  const tier = groupsOf(columns.tier, 'tier', tenure.length);
  churned.forEach((flag, row) => {
    if (flag === flag && flag !== 0 && flag !== 1)
      fail('invalid-value', `churned, row ${row}: ${flag}; use 1 for lost and 0 for stayed`);
  });
  const codes = Int32Array.from(tenure, (months, row) =>
    months === months && churned[row] === churned[row] ? codeOf(months, limits, closed) : -1,
  );
  const band: CategoryColumn = { codes, levels: bandNames(limits, closed) };
  const all = crossTable(tier, band);
  const left = crossTable(tier, { ...band, codes: codes.map((code, row) => (churned[row] === 1 ? code : -1)) });
  const rates = (lost: readonly number[], of: readonly number[]) => lost.map((count, i) => ratio(count, of[i]!));
  return {
    tiers: all.rowLevels,
    bands: all.columnLevels,
    customers: all.counts,
    lost: left.counts,
    churnRates: left.counts.map((row, t) => rates(row, all.counts[t]!)),
    tierRates: rates(left.rowTotals, all.rowTotals),
    bandRates: rates(left.columnTotals, all.columnTotals),
    churnRate: ratio(left.total, all.total),
    nulls: all.nulls,
  };
}

function bandNames(limits: readonly number[], closed: Closed): readonly string[] {
  const [below, above] = closed === 'left' ? ['<', '≥'] : ['≤', '>'];
  const [open, shut] = closed === 'left' ? ['[', ')'] : ['(', ']'];
  const between = limits.slice(1).map((limit, i) => `${open}${limits[i]}, ${limit}${shut}`);
  return [`${below} ${limits[0]}`, ...between, `${above} ${limits[limits.length - 1]}`];
}
