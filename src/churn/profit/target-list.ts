import { fail } from '../../errors.ts';
import { knownOptions } from '../../model/options.ts';
import { ascendingRows } from '../../numerics/rank.ts';
import { selectRanks } from '../../numerics/select.ts';
import { sum } from '../../numerics/sum.ts';

export interface TargetOptions {
  /** Most that the expected spend may add up to. Default: no limit. */
  readonly budget?: number;
  /** Most contacts. Default: no limit. */
  readonly capacity?: number;
}

export interface TargetList {
  /** Row numbers, the most profitable first; equal profits: the earlier row first. */
  readonly rows: Int32Array;
  /** Σ expected profit of the list. */
  readonly profit: number;
  /** Σ expected spend of the list. */
  readonly spend: number;
  /** No list within the limits can bring more than this: the distance to `profit` bounds what is given away. */
  readonly bound: number;
  /** What the next unit of budget would bring; 0 when the budget does not bind. */
  readonly shadowPrice: number;
  /** Customers whose profit is above 0. */
  readonly worthIt: number;
  /** Rows without a profit or a spend. */
  readonly leftOut: number;
}

/**
 * Whom to contact for the largest expected profit within a budget and a number of contacts. Only customers with a profit
 * above 0 are listed.
 *
 * The budget gets a price: the list holds the customers with the largest profit − price·spend, at the lowest price that
 * keeps to the budget, and what is left of the budget goes to the next ones that fit (Lagrangian relaxation; Everett
 * 1963). That is optimal without a budget, and where all spends are equal; else `bound` tells how far it can be from the
 * optimum. A spend may exceed the budget by rounding only (1e-12 of it).
 *
 * @param columns `profit` and `spend` of each customer, from `campaignProfit`.
 * @throws wrong-length; invalid-value for a negative spend; invalid-option for limits below 0.
 * @example targetList({ profit: [5, 9, -1], spend: [2, 2, 2] }, { budget: 3 }).rows // Int32Array [1]
 */
export function targetList(
  { profit, spend }: { readonly profit: ArrayLike<number>; readonly spend: ArrayLike<number> },
  options: TargetOptions = {},
): TargetList {
  const { budget = Number.POSITIVE_INFINITY, capacity = Number.POSITIVE_INFINITY } = knownOptions(
    options,
    'targetList',
    'budget capacity',
  );
  if (!(budget >= 0)) fail('invalid-option', `invalid budget: ${budget}; use 0 or above`);
  if (capacity !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(capacity) && capacity >= 0))
    fail('invalid-option', `invalid capacity: ${capacity}; use a whole number`);
  if (profit.length !== spend.length)
    fail('wrong-length', `profit has ${profit.length} rows, spend has ${spend.length}`);
  const own: number[] = [];
  let leftOut = 0;
  for (let row = 0; row < profit.length; row++) {
    if (spend[row]! < 0) fail('invalid-value', `spend, row ${row}: ${spend[row]}; a spend is 0 or above`);
    if (profit[row] !== profit[row] || spend[row] !== spend[row]) leftOut++;
    else if (profit[row]! > 0) own.push(row);
  }
  const gains = Float64Array.from(own, (row) => profit[row]!);
  const costs = Float64Array.from(own, (row) => spend[row]!);
  const places = Math.min(capacity, own.length);
  const limit = budget * (1 + 1e-12);

  // The spend of the best list falls as the price of money rises: halve until the price cannot be told any finer.
  let price = 0;
  let chosen = best(gains, costs, price, places);
  if (total(costs, chosen) > limit) {
    let low = 0;
    // Twice the best ratio: nobody is worth that, rounding or not.
    price = 2 * gains.reduce((most, gain, i) => (costs[i]! > 0 ? Math.max(most, gain / costs[i]!) : most), 0);
    for (let middle = price / 2; middle > low && middle < price; middle = low + (price - low) / 2)
      if (total(costs, best(gains, costs, middle, places)) > limit) low = middle;
      else price = middle;
    chosen = best(gains, costs, price, places);
  }
  const bound = sum(Float64Array.from(chosen, (i) => gains[i]! - price * costs[i]!)) + (price > 0 ? price * budget : 0);
  const listed = price > 0 ? filled(gains, costs, price, chosen, places, limit) : chosen;
  listed.sort((a, b) => gains[b]! - gains[a]! || a - b);
  const found = total(gains, listed);
  return {
    rows: Int32Array.from(listed, (i) => own[i]!),
    profit: found,
    spend: total(costs, listed),
    bound: Math.max(bound, found),
    shadowPrice: price,
    worthIt: own.length,
    leftOut,
  };
}

const total = (amounts: Float64Array, chosen: readonly number[]): number =>
  sum(Float64Array.from(chosen, (i) => amounts[i]!));

/** The `places` largest of gain − price·cost that are above 0; equal ones: the earlier first. */
function best(gains: Float64Array, costs: Float64Array, price: number, places: number): number[] {
  const net = gains.map((gain, i) => gain - price * costs[i]!);
  let least = 0;
  let ties = 0;
  if (places < net.length && places > 0) {
    const cells = net.slice();
    selectRanks(cells, [net.length - places]);
    least = Math.max(cells[net.length - places]!, 0);
    if (least > 0) ties = places - net.reduce((n, x) => n + (x > least ? 1 : 0), 0);
  }
  const chosen: number[] = [];
  for (let i = 0; i < net.length && chosen.length < places; i++)
    if (net[i]! > least || (net[i] === least && ties-- > 0)) chosen.push(i);
  return chosen;
}

/** The list, and as many more as fit into what is left, the best first. */
function filled(
  gains: Float64Array,
  costs: Float64Array,
  price: number,
  chosen: readonly number[],
  places: number,
  limit: number,
): number[] {
  const taken = new Uint8Array(gains.length);
  for (const i of chosen) taken[i] = 1;
  const lack = costs.map((cost, i) => (taken[i] ? Number.NaN : price * cost - gains[i]!));
  const out = [...chosen];
  let spent = total(costs, chosen);
  for (const i of ascendingRows(lack)) {
    if (out.length >= places) break;
    if (spent + costs[i]! > limit) continue;
    spent += costs[i]!;
    out.push(i);
  }
  return out;
}
