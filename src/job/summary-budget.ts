import { type CampaignProfit, targetList } from '../churn/index.ts';
import { type ReplacementNeed, replacementNeed } from '../economics/index.ts';
import { sum } from '../numerics/sum.ts';
import type { SummarySpec } from './summary-spec.ts';
import { numbersOf as numbers, type Table, texts } from './table.ts';

/** What a campaign's budget buys, and what is left to replace. */
export interface BudgetSummary {
  readonly budget: number;
  /** Whom to contact, those with the largest expected saving first. */
  readonly ids: readonly string[];
  readonly expectedSaving: number;
  readonly expectedSpend: number;
  /** No list within the budget can save more. */
  readonly bound: number;
  /** What the next unit of budget would save; 0 when the budget does not bind. */
  readonly shadowPrice: number;
  readonly replacement: Replacement;
}

/** New customers needed to make up for those expected to leave within the horizon of the churn probability (S86). */
export interface Replacement {
  /** Σ probability. */
  readonly lost: number;
  /** Σ probability · value. */
  readonly valueLost: number;
  /** Mean value of the customers flagged as new; of all where none is. */
  readonly meanValueNew: number | null;
  readonly basis: 'new customers' | 'all customers';
  /** Without a campaign; null where a value is negative or a new customer is worth nothing. */
  readonly need: ReplacementNeed | null;
  /** With the campaign of this budget. */
  readonly needAfter: ReplacementNeed | null;
}

/** The best list within the budget of the campaign; null when it has none. */
export function budgetOf(
  { campaign, churn, value }: SummarySpec,
  { profit, spend }: CampaignProfit,
  all: Table,
  id: string,
): BudgetSummary | null {
  const { budget } = campaign ?? {};
  if (budget === undefined) return null;
  const ids = texts(all, id);
  // Nobody can call a customer without an id.
  const named = profit.map((own, row) => (ids[row] === null ? Number.NaN : own));
  const list = targetList({ profit: named, spend }, { budget });
  // What is kept, before its cost: the saving is net of the spend.
  const kept = sum(Float64Array.from(list.rows, (row) => profit[row]! + spend[row]!));
  return {
    budget,
    ids: Array.from(list.rows, (row) => ids[row]!),
    expectedSaving: list.profit,
    expectedSpend: list.spend,
    bound: list.bound,
    shadowPrice: list.shadowPrice,
    replacement: replacementOf(numbers(all, churn!), numbers(all, value!), all, kept),
  };
}

function replacementOf(probability: Float64Array, value: Float64Array, all: Table, kept: number): Replacement {
  const total = (rows: readonly number[], cell: (row: number) => number): number => sum(Float64Array.from(rows, cell));
  const known = [...probability.keys()].filter((row) => !Number.isNaN(probability[row]! + value[row]!));
  const flags = Object.hasOwn(all, 'isNew') ? texts(all, 'isNew') : [];
  const fresh = known.filter((row) => flags[row] === 'yes');
  const like = fresh.length > 0 ? fresh : known;
  const meanValueNew = like.length === 0 ? null : total(like, (row) => value[row]!) / like.length;
  const valueLost = total(known, (row) => probability[row]! * value[row]!);
  // lost · meanValueLost is the value lost.
  const need = (worth: number): ReplacementNeed | null =>
    meanValueNew === null || meanValueNew < 0 || worth < 0
      ? null
      : replacementNeed({ lost: 1, meanValueLost: worth, meanValueNew });
  return {
    lost: total(known, (row) => probability[row]!),
    valueLost,
    meanValueNew,
    basis: fresh.length > 0 ? 'new customers' : 'all customers',
    need: need(valueLost),
    needAfter: need(valueLost - kept),
  };
}
