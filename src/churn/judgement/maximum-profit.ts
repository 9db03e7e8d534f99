import { fail } from '../../errors.ts';
import { knownOptions } from '../../model/options.ts';
import { incompleteBeta } from '../../numerics/incomplete-beta.ts';
import { sum } from '../../numerics/sum.ts';
import { type Ranking, ranking, type Weighted } from '../metrics-ranking.ts';
import { type RocHull, rocHull } from './roc-hull.ts';

/**
 * A retention campaign as the profit criteria see it: one value and one cost for all customers. The defaults are those of
 * the paper, for comparison with published figures; decide with your own, and with `campaignProfit` where values differ.
 */
export interface ProfitCriterion {
  /** Value of a customer who is kept. Default: 200. */
  readonly value?: number;
  /** Cost of the offer to one who takes it: would-be leavers who stay, and all who would have stayed. Default: 10. */
  readonly offerCost?: number;
  /** Cost of a contact. Default: 1. */
  readonly contactCost?: number;
}

/** Share γ of would-be leavers whom the offer keeps, as a Beta(alpha, beta) distribution. */
export interface AcceptanceBelief {
  readonly alpha: number;
  readonly beta: number;
}

export interface MaximumProfit {
  /** Per customer of the base. */
  readonly profit: number;
  /** Share of the base to contact. */
  readonly fraction: number;
  /** Lowest score to contact; null: contact nobody. */
  readonly cut: number | null;
}

export interface ExpectedMaximumProfit {
  /** Per customer of the base. */
  readonly profit: number;
  /** Expected share of the base to contact. */
  readonly fraction: number;
}

/**
 * Maximum profit of a retention campaign (MPC): the largest over all cuts of
 * [(γ(value − offerCost) − contactCost)·churners contacted − (offerCost + contactCost)·others contacted] / customers.
 * Equal profits: the cut that contacts fewer.
 *
 * Source: Verbraken, Verbeke & Baesens (2013), IEEE TKDE 25, 961–973, eq. 8 and 13.
 * @param options `acceptance`: γ, default 0.3.
 * @throws as `rocAuc`; invalid-option unless costs are 0 or above, value > offerCost, and the acceptance is within [0, 1].
 * @example mpc([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9]).profit // 28
 */
export function mpc(
  actual: ArrayLike<number>,
  score: ArrayLike<number>,
  options: ProfitCriterion & Weighted & { readonly acceptance?: number } = {},
): MaximumProfit {
  const {
    acceptance = 0.3,
    weight,
    ...criterion
  } = knownOptions(options, 'mpc', 'value offerCost contactCost weight acceptance');
  const ranks = ranking(actual, score, weight);
  return rankedMpc(ranks, rocHull(ranks), criterion, acceptance);
}

/** {@link mpc} of rows that are ranked already. */
export function rankedMpc(
  { events, nonEvents }: Ranking,
  { hits, misses, cuts }: RocHull,
  criterion: ProfitCriterion,
  acceptance: number,
): MaximumProfit {
  const { kept, contact, waste } = checked(criterion);
  if (!(acceptance >= 0 && acceptance <= 1)) fail('invalid-option', `invalid acceptance: ${acceptance}; use [0, 1]`);
  const total = events + nonEvents;
  let best = { profit: 0, fraction: 0, cut: null as number | null };
  for (let k = 1; k < hits.length; k++) {
    const profit = ((acceptance * kept - contact) * hits[k]! - waste * misses[k]!) / total;
    if (profit > best.profit) best = { profit, fraction: (hits[k]! + misses[k]!) / total, cut: cuts[k]! };
  }
  return best;
}

/**
 * Expected maximum profit of a retention campaign (EMPC): the mean over γ ~ Beta(alpha, beta) of the profit at the cut that
 * is best for that γ, as {@link mpc} has it; in closed form over the convex hull of the ROC curve.
 *
 * Source: Verbraken, Verbeke & Baesens (2013), eq. 14–20; alpha 6, beta 14, value 200, costs 10 and 1.
 * @param options `acceptance`: the belief about γ, default Beta(6, 14), which has the mean 0.3.
 * @throws as {@link mpc}.
 * @example empc([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9]).profit // 28.00000000003913
 */
export function empc(
  actual: ArrayLike<number>,
  score: ArrayLike<number>,
  options: ProfitCriterion & Weighted & { readonly acceptance?: AcceptanceBelief } = {},
): ExpectedMaximumProfit {
  const { acceptance, weight, ...criterion } = knownOptions(
    options,
    'empc',
    'value offerCost contactCost weight acceptance',
  );
  const ranks = ranking(actual, score, weight);
  return rankedEmpc(ranks, rocHull(ranks), criterion, acceptance);
}

/** {@link empc} of rows that are ranked already. */
export function rankedEmpc(
  { events, nonEvents }: Ranking,
  { hits, misses }: RocHull,
  criterion: ProfitCriterion,
  { alpha, beta }: AcceptanceBelief = { alpha: 6, beta: 14 },
): ExpectedMaximumProfit {
  const { kept, contact, waste } = checked(criterion);
  if (!(alpha > 0 && beta > 0 && Number.isFinite(alpha) && Number.isFinite(beta)))
    fail('invalid-option', `invalid acceptance: Beta(${alpha}, ${beta}); use two numbers above 0`);
  const mean = alpha / (alpha + beta);
  const profits: number[] = [];
  const contacted: number[] = [];
  // Up from γ = 0, where nobody is contacted: vertex k is best until the γ at which the next edge pays.
  let shareBelow = 0;
  let meanBelow = 0;
  for (let k = 0; k < hits.length; k++) {
    let shareAbove = 1;
    let meanAbove = mean;
    if (k + 1 < hits.length) {
      const rise = hits[k + 1]! - hits[k]!;
      const spent = waste * (misses[k + 1]! - misses[k]!) + contact * rise;
      // γ = spent / (kept · rise); beyond 1 the edge never pays.
      if (spent < kept * rise) {
        const gamma = spent / (kept * rise);
        const rest = (kept * rise - spent) / (kept * rise);
        shareAbove = incompleteBeta(gamma, rest, alpha, beta);
        meanAbove = mean * incompleteBeta(gamma, rest, alpha + 1, beta);
      }
    }
    const share = shareAbove - shareBelow;
    profits.push(kept * hits[k]! * (meanAbove - meanBelow), -(contact * hits[k]! + waste * misses[k]!) * share);
    contacted.push((hits[k]! + misses[k]!) * share);
    shareBelow = shareAbove;
    meanBelow = meanAbove;
  }
  const total = events + nonEvents;
  return { profit: sum(profits) / total, fraction: sum(contacted) / total };
}

function checked({ value = 200, offerCost = 10, contactCost = 1 }: ProfitCriterion): {
  /** Gained by a churner who stays, spent on any contact, lost on one who would have stayed. */
  readonly kept: number;
  readonly contact: number;
  readonly waste: number;
} {
  for (const [name, cost] of Object.entries({ offerCost, contactCost }))
    if (!(cost >= 0 && Number.isFinite(cost))) fail('invalid-option', `invalid ${name}: ${cost}; use 0 or above`);
  if (!(value > offerCost && Number.isFinite(value)))
    fail('invalid-option', `invalid value: ${value}; use more than the offer costs, ${offerCost}`);
  return { kept: value - offerCost, contact: contactCost, waste: offerCost + contactCost };
}
