import { fail } from '../errors.ts';
import { knownOptions } from '../model/options.ts';
import { sum } from '../numerics/sum.ts';
import { ratio } from './group-by.ts';
import type { TierTable } from './tier-table.ts';

export interface ChurnSensitivityOptions {
  /** Churn rate of the window, in [0, 1]: one for all tiers, or one per tier. */
  readonly churn: number | { readonly [tier: string]: number };
  /** Percentage points added to the churn of one tier at a time: 5 points of 300 customers are 15. Default: 5. */
  readonly points?: number;
}

export interface TierSensitivity {
  readonly tier: string;
  /** Churn before the increase. */
  readonly churn: number;
  /** Extra customers lost: points/100 · count. */
  readonly customersLost: number;
  /** Those over the customers of all tiers. */
  readonly shareOfAllCustomers: number | null;
  /** Extra profit lost, the increment: customersLost · profitPerHead. */
  readonly profitLost: number;
  /** increment / (baselineLoss + increment); null when that loss is 0 or less. */
  readonly shareOfNewLoss: number | null;
  /** increment / baselineLoss; null when the baseline loss is 0 or less. */
  readonly growth: number | null;
}

export interface ChurnSensitivity {
  readonly points: number;
  /** Σ churn · profit over the tiers. */
  readonly baselineLoss: number;
  /** Of the total profit. */
  readonly baselineLossShare: number | null;
  readonly tiers: readonly TierSensitivity[];
}

/**
 * What some more points of churn in one tier do to the profit lost (S54, S60), in both readings: as share of the new total
 * loss, and as growth over the loss before.
 * @throws ClienteleError `invalid-option` for a churn outside [0, 1] or missing for a tier, for points that are not above
 *   0, and where the increase would lose more than all customers of a tier.
 * @example
 * churnSensitivity(tierTable([{ tier: 'gold', count: 100, averageSpend: 10, margin: 0.5 }]), { churn: 0.2 }).tiers[0].growth // 0.25
 */
export function churnSensitivity(table: TierTable, options: ChurnSensitivityOptions): ChurnSensitivity {
  const { churn, points = 5 } = knownOptions(options, 'churnSensitivity', 'churn points');
  if (!(points > 0 && points <= 100)) fail('invalid-option', `invalid points: ${points}; use (0, 100]`);
  if (typeof churn !== 'number')
    for (const tier of Object.keys(churn))
      if (!table.tiers.some((row) => row.tier === tier))
        fail('invalid-option', `churn is given for "${tier}": the table has ${names(table)}`);
  const rates = table.tiers.map(({ tier }) => {
    const rate =
      typeof churn === 'number'
        ? churn
        : Object.hasOwn(churn, tier)
          ? churn[tier]!
          : fail('invalid-option', `no churn is given for tier "${tier}"`);
    if (!(rate >= 0 && rate <= 1)) fail('invalid-option', `invalid churn of "${tier}": ${rate}; use [0, 1]`);
    if (rate + points / 100 > 1 + 1e-12)
      fail('invalid-option', `${points} points more than ${rate} are beyond all customers of "${tier}"`);
    return rate;
  });
  const baselineLoss = sum(table.tiers.map(({ profit }, t) => rates[t]! * profit));
  return {
    points,
    baselineLoss,
    baselineLossShare: ratio(baselineLoss, table.total.profit),
    tiers: table.tiers.map(({ tier, count, profitPerHead }, t) => {
      const customersLost = (points * count) / 100;
      const profitLost = customersLost * (profitPerHead ?? 0);
      const after = baselineLoss + profitLost;
      return {
        tier,
        churn: rates[t]!,
        customersLost,
        shareOfAllCustomers: ratio(customersLost, table.total.count),
        profitLost,
        shareOfNewLoss: after > 0 ? profitLost / after : null,
        growth: baselineLoss > 0 ? profitLost / baselineLoss : null,
      };
    }),
  };
}

const names = (table: TierTable): string => table.tiers.map(({ tier }) => tier).join(', ');
