import { sum } from '../numerics/sum.ts';
import { requireAmounts, requireDistinct, requireFinite } from './amounts.ts';
import { ratio } from './group-by.ts';

/** A tier as it stands in a published table. */
export interface Tier {
  readonly tier: string;
  /** Customers in it. */
  readonly count: number;
  /** Mean spend of a customer in the window. */
  readonly averageSpend: number;
  /** Profit over revenue before the cost to serve; negative for a tier sold at a loss. */
  readonly margin: number;
  /** Cost of serving one customer in the window. Default: 0. */
  readonly costToServe?: number;
}

/** What a tier earns. Money is of one window; a quotient whose base is 0 is null. */
export interface TierFigures {
  readonly count: number;
  /** Of all customers. */
  readonly share: number | null;
  readonly averageSpend: number | null;
  readonly revenue: number;
  readonly revenueShare: number | null;
  /** Profit over revenue before the cost to serve. */
  readonly margin: number | null;
  /** Per customer. */
  readonly costToServe: number | null;
  /** averageSpend · margin − costToServe. */
  readonly profitPerHead: number | null;
  readonly profit: number;
  /** Of the total profit; below 0 or above 1 where a tier loses money. */
  readonly profitShare: number | null;
  /** Spend at which a customer of this tier earns nothing, costToServe / margin; null for a margin of 0 or less. */
  readonly breakEvenSpend: number | null;
  /** Customers with a profit below 0; null when only totals are known. */
  readonly unprofitable: number | null;
}

export interface TierRow extends TierFigures {
  readonly tier: string;
}

export interface TierTable {
  readonly tiers: readonly TierRow[];
  readonly total: TierFigures;
}

/** Sums over the customers of a tier. */
export interface TierSums {
  readonly count: number;
  readonly revenue: number;
  readonly grossProfit: number;
  readonly cost: number;
  readonly unprofitable: number | null;
}

/**
 * The economics of customer tiers from their counts, average spend and margins (S51, S52, S59):
 * revenue = count·averageSpend, profit = revenue·margin − count·costToServe, and the share of each in the total. Shares are
 * not clipped: with a loss-making tier they may be negative or exceed 1.
 *
 * @throws ClienteleError `empty-input`; `invalid-option` for a tier given twice; `invalid-value` for a count, spend or cost
 *   that is negative, or a margin that is not finite.
 * @example
 * tierTable([
 *   { tier: 'gold', count: 10, averageSpend: 100, margin: 0.3 },
 *   { tier: 'basic', count: 90, averageSpend: 10, margin: 0.1, costToServe: 2 },
 * ]).tiers[1].profit // -90
 */
export function tierTable(tiers: readonly Tier[]): TierTable {
  requireDistinct(
    tiers.map(({ tier }) => tier),
    'tier',
  );
  return tierTableOf(
    tiers.map(({ tier }) => tier),
    tiers.map(({ tier, count, averageSpend, margin, costToServe = 0 }) => {
      requireAmounts({
        [`count of "${tier}"`]: count,
        [`averageSpend of "${tier}"`]: averageSpend,
        [`costToServe of "${tier}"`]: costToServe,
      });
      requireFinite({ [`margin of "${tier}"`]: margin });
      const revenue = count * averageSpend;
      return { count, revenue, grossProfit: revenue * margin, cost: count * costToServe, unprofitable: null };
    }),
  );
}

/** The table that sums per tier make. */
export function tierTableOf(names: readonly string[], sums: readonly TierSums[]): TierTable {
  const total = (of: (sums: TierSums) => number) => sum(sums.map(of));
  const all = {
    count: total((tier) => tier.count),
    revenue: total((tier) => tier.revenue),
    grossProfit: total((tier) => tier.grossProfit),
    cost: total((tier) => tier.cost),
    unprofitable: sums.some((tier) => tier.unprofitable === null) ? null : total((tier) => tier.unprofitable!),
  };
  return { tiers: names.map((tier, t) => ({ tier, ...figures(sums[t]!, all) })), total: figures(all, all) };
}

function figures({ count, revenue, grossProfit, cost, unprofitable }: TierSums, all: TierSums): TierFigures {
  const profit = grossProfit - cost + 0;
  const margin = ratio(grossProfit, revenue);
  const costToServe = ratio(cost, count);
  return {
    count,
    share: ratio(count, all.count),
    averageSpend: ratio(revenue, count),
    revenue,
    revenueShare: ratio(revenue, all.revenue),
    margin,
    costToServe,
    profitPerHead: ratio(profit, count),
    profit,
    profitShare: ratio(profit, all.grossProfit - all.cost),
    breakEvenSpend: breakEvenSpend({ margin: margin ?? 0, costToServe: costToServe ?? 0 }),
    unprofitable,
  };
}

/**
 * The spend at which a customer's margin pays for the service, costToServe / margin (S59); null for a margin of 0 or
 * less, which no spend makes up for.
 * @throws ClienteleError `invalid-value` for a negative cost, or numbers that are not finite.
 * @example breakEvenSpend({ margin: 0.05, costToServe: 9 }) // 180
 */
export function breakEvenSpend({
  margin,
  costToServe,
}: {
  readonly margin: number;
  readonly costToServe: number;
}): number | null {
  requireAmounts({ costToServe });
  requireFinite({ margin });
  return margin > 0 ? costToServe / margin : null;
}
