import { fail } from '../errors.ts';
import type { TierTable } from './tier-table.ts';

export interface LossEquivalent {
  readonly tier: string;
  /** Customers of this tier whose loss costs as much profit; null with a reason. */
  readonly customers: number | null;
  /** `no-profit`: a customer of this tier earns nothing or less; `no-customers`: the tier is empty. */
  readonly reason: 'no-profit' | 'no-customers' | null;
}

/**
 * How many customers of each tier cost as much profit as one of `tier`: profitPerHead of it over profitPerHead of the
 * other (S53).
 * @throws ClienteleError `invalid-option` for a tier that is not in the table or has no customers.
 * @example
 * lossEquivalence(tierTable([
 *   { tier: 'gold', count: 10, averageSpend: 100, margin: 0.3 },
 *   { tier: 'basic', count: 90, averageSpend: 20, margin: 0.1 },
 * ]), 'gold')[1].customers // 15
 */
export function lossEquivalence(table: TierTable, tier: string): readonly LossEquivalent[] {
  const own = table.tiers.find((row) => row.tier === tier);
  if (!own)
    return fail(
      'invalid-option',
      `unknown tier "${tier}": the table has ${table.tiers.map((row) => row.tier).join(', ')}`,
    );
  const lost = own.profitPerHead ?? fail('invalid-option', `tier "${tier}" has no customers to lose`);
  return table.tiers.map(({ tier: other, profitPerHead: head }) =>
    head === null
      ? { tier: other, customers: null, reason: 'no-customers' }
      : head > 0
        ? { tier: other, customers: lost / head, reason: null }
        : { tier: other, customers: null, reason: 'no-profit' },
  );
}
