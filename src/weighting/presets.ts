/*
 * Indicator trees and lists of the literature, as data: copy one and change it. Where the sources print no weight or range,
 * the number here is an assumption, and said to be one.
 */
import type { CutRule } from '../numerics/cut-rule.ts';
import type { HierarchyNode } from './hierarchy.ts';

/**
 * Customer value (S7, S26) by its indirect indicators: current value (当前价值) from total profit (总利润) and sales volume
 * (销售额), potential value (潜在价值) from loyalty (忠诚度) and credit (信用度); 12 leaves. With the method `geometric-mean`
 * the composite weights are the printed ones. The source does not name the leaves, and its matrix for total profit is one
 * of four that give the printed weights.
 *
 * @example hierarchy(CUSTOMER_VALUE, { method: 'geometric-mean' }).leaves[0] // totalProfit1 with 0.3251
 */
export const CUSTOMER_VALUE: HierarchyNode = {
  name: 'customerValue',
  judgements: [2],
  children: [
    {
      name: 'currentValue',
      judgements: [4],
      children: [
        {
          name: 'totalProfit',
          judgements: [4, 5, 6, 2, 2, 2],
          children: [
            { name: 'totalProfit1' },
            { name: 'totalProfit2' },
            { name: 'totalProfit3' },
            { name: 'totalProfit4' },
          ],
        },
        {
          name: 'salesVolume',
          judgements: [1 / 2, 1 / 3, 1 / 2],
          children: [{ name: 'salesVolume1' }, { name: 'salesVolume2' }, { name: 'salesVolume3' }],
        },
      ],
    },
    {
      name: 'potentialValue',
      judgements: [3],
      children: [
        { name: 'loyalty', judgements: [4], children: [{ name: 'loyalty1' }, { name: 'loyalty2' }] },
        {
          name: 'credit',
          judgements: [3, 2, 1 / 3],
          children: [{ name: 'credit1' }, { name: 'credit2' }, { name: 'credit3' }],
        },
      ],
    },
  ],
};

/**
 * The four values of a customer (S14): profit (利润价值), potential (潜在价值), image (形象价值) and stability (稳定价值).
 * Equal weights are an assumption.
 */
export const FOUR_VALUES: HierarchyNode = {
  name: 'customerValue',
  weights: [0.25, 0.25, 0.25, 0.25],
  children: [{ name: 'profitValue' }, { name: 'potentialValue' }, { name: 'imageValue' }, { name: 'stabilityValue' }],
};

/**
 * Loyalty from satisfaction (满意度, answers 1 to 10), complaint rate (投诉率, complaints over customers or orders of the
 * window) and renewal rate (续约率, renewals over contracts due), S65. Weights and the complaint rate that scores 0 are
 * assumptions. A rate whose base is 0 is null.
 *
 * @example compositeIndex({ indicators: LOYALTY_INDICATORS, as: 'loyaltyScore' })
 */
export const LOYALTY_INDICATORS = [
  { column: 'satisfaction', weight: 0.3, map: { kind: 'linear', low: 1, high: 10 } },
  { column: 'complaintRate', weight: 0.3, map: { kind: 'linear', low: 0, high: 0.1 }, cost: true },
  { column: 'renewalRate', weight: 0.4, map: { kind: 'linear', low: 0, high: 1 } },
] as const;

/** Parts the loyalty score into low, middle and high (S65); the limits are an assumption. */
export const LOYALTY_CUT: CutRule = { fixed: [60, 80] };

/**
 * The two sides of loyalty (S66): closeness to the firm (紧密程度) and resistance to its rivals (抗拒吸引), with one output
 * each. `keptAfterOffers` is the share of rival offers or price changes after which the customer stayed. The source has no
 * numbers: weights and ranges are assumptions.
 *
 * @example compositeIndex({ indicators: CLOSENESS_AND_RESISTANCE, as: 'bond' })
 */
export const CLOSENESS_AND_RESISTANCE = [
  { column: 'productsHeld', weight: 0.2, map: { kind: 'linear', low: 0, high: 5 }, group: 'closeness' },
  { column: 'ordersPerYear', weight: 0.15, map: { kind: 'linear', low: 0, high: 12 }, group: 'closeness' },
  { column: 'tenureMonths', weight: 0.15, map: { kind: 'linear', low: 0, high: 60 }, group: 'closeness' },
  { column: 'keptAfterOffers', weight: 0.25, map: { kind: 'linear', low: 0, high: 1 }, group: 'resistance' },
  { column: 'shareOfWallet', weight: 0.25, map: { kind: 'linear', low: 0, high: 1 }, group: 'resistance' },
] as const;
