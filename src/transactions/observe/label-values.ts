import type { ObserveRules } from './observe-rules.ts';
import { CHURN_TYPES, type ChurnType } from './options.ts';
import type { ChurnOutcome } from './panel.ts';
import { firmSpells, inForce, productType, type Spell } from './spells.ts';

/** What happened to one row within the label's days: an outcome, or why there is none. */
export interface Happened {
  /** 1, 0, or NaN. */
  readonly churned: number;
  readonly type: ChurnOutcome | null;
  readonly unlabelled: 'beyondEnd' | 'fraud' | 'gap' | null;
}

const nothing = (unlabelled: NonNullable<Happened['unlabelled']>): Happened => ({
  churned: Number.NaN,
  type: null,
  unlabelled,
});

const LEAVING: readonly ChurnType[] = CHURN_TYPES.filter((type) => type !== 'internalTransfer');

/**
 * The label of one row.
 * @param spells the customer's contracts; null where activity tells
 * @param returns events within the label's days
 * @param fraud day of the first sign of fraud
 */
export function labelOf(
  rules: ObserveRules,
  asOf: number,
  spells: readonly Spell[] | null,
  returns: number,
  fraud: number,
): Happened {
  const { contract, end, gap, horizon, lookAhead, options } = rules;
  if (options.label === undefined) return { churned: Number.NaN, type: null, unlabelled: null };
  const from = asOf + gap;
  const to = from + horizon;
  if (asOf + lookAhead > end) return nothing('beyondEnd');
  if (fraud <= to) return nothing('fraud');
  if (spells === null) return { churned: returns === 0 ? 1 : 0, type: null, unlabelled: null };
  const { transferWithin = 0 } = contract!;
  const { churned = LEAVING } = options.label as { readonly churned?: readonly ChurnType[] };
  const firm = firmSpells(spells, transferWithin).find((spell) => inForce(spell, asOf))!;
  if (firm.end <= from) return nothing('gap');
  let type: ChurnOutcome = 'none';
  if (firm.end <= to) type = firm.type;
  else if (
    spells.some(
      (spell) =>
        inForce(spell, asOf) &&
        spell.end > from &&
        spell.end <= to &&
        productType(spell, spells, transferWithin) === 'internalTransfer',
    )
  )
    type = 'internalTransfer';
  return { churned: type !== 'none' && churned.includes(type) ? 1 : 0, type, unlabelled: null };
}
