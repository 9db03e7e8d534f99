import { fail } from '../errors.ts';
import type { PlainColumn } from '../model/batch.ts';
import { knownOptions } from '../model/options.ts';
import { sum } from '../numerics/sum.ts';
import { cumulative, type NegativeValues, rankedValues } from './ranked-values.ts';

export interface ConcentrationOptions {
  /** Shares of customers, from the top, whose share of the value is wanted. Default: 0.01, 0.05, 0.1, 0.2. */
  readonly top?: readonly number[];
  /** Shares of the value to be reached. Default: 0.8. */
  readonly reach?: readonly number[];
  /** What becomes of values below 0. Default: `'refuse'`. */
  readonly negative?: NegativeValues;
  /** Steps of the Lorenz curve when there are more customers than this. Default: 100. */
  readonly points?: number;
}

/** How evenly a value is spread over customers. With a total of 0 or less all shares are null. */
export interface Concentration {
  readonly customers: number;
  readonly nulls: number;
  /** Values below 0. */
  readonly negatives: number;
  readonly total: number;
  /**
   * The Lorenz curve: the poorest `population` share of the customers holds `share` of the value. Every customer is a point,
   * or the curve is read off at evenly spaced shares of the customers.
   */
  readonly lorenz: { readonly population: readonly number[]; readonly share: readonly number[] } | null;
  /** Σ (2i − n − 1)·x₍ᵢ₎ / (n·Σx), ascending. 0: all equal; 1 − 1/n: one customer has it all. */
  readonly gini: number | null;
  /** n/(n − 1) times that; null for one customer. */
  readonly giniUnbiased: number | null;
  /** Herfindahl–Hirschman index, Σ share². */
  readonly hhi: number | null;
  /** Value of the top customers; a fraction of a customer counts by that fraction. */
  readonly topShare: readonly { readonly customers: number; readonly share: number | null }[];
  /** The smallest number of customers whose cumulative share, from the top, is at least `reach`: the crossing one is in. */
  readonly pareto: readonly {
    readonly reach: number;
    readonly count: number | null;
    readonly shareOfCustomers: number | null;
  }[];
}

/**
 * Concentration of a value, such as revenue, over customers (S57, S58): Lorenz curve, Gini coefficient, HHI, share of the
 * top and the Pareto point. Null values are left out and counted; values below 0 are refused unless `negative` says
 * otherwise.
 *
 * @throws ClienteleError `all-null` without a value; `invalid-value` for a value below 0; `invalid-option`.
 * @example concentration([70, 20, 10]).pareto[0].count // 2
 * @example concentration([0, 0, 0, 10]).gini // 0.75
 */
export function concentration(values: PlainColumn, options: ConcentrationOptions = {}): Concentration {
  const {
    top = [0.01, 0.05, 0.1, 0.2],
    reach = [0.8],
    negative = 'refuse',
    points = 100,
  } = knownOptions(options, 'concentration', 'top reach negative points');
  for (const [name, shares] of [['top', top] as const, ['reach', reach] as const])
    for (const share of shares)
      if (!(share > 0 && share <= 1)) fail('invalid-option', `invalid ${name}: ${share}; use shares in (0, 1]`);
  if (!(Number.isInteger(points) && points >= 1))
    fail('invalid-option', `invalid points: ${points}; use a whole number of at least 1`);
  const { descending, nulls, negatives } = rankedValues(values, negative);
  const n = descending.length;
  const running = cumulative(descending);
  const total = running[n - 1]!;
  const known = total > 0;
  const held = (customers: number): number => {
    const whole = Math.min(Math.floor(customers), n);
    const part = whole < n ? (customers - whole) * descending[whole]! : 0;
    return ((whole > 0 ? running[whole - 1]! : 0) + part) / total;
  };
  const gini = known ? giniOf(descending, total) : null;
  const steps = Math.min(n, points);
  const population = Array.from({ length: steps + 1 }, (_, i) => i / steps);
  return {
    customers: n,
    nulls,
    negatives,
    total,
    lorenz: known ? { population, share: lorenzOf(descending, total, steps) } : null,
    gini,
    giniUnbiased: gini === null || n === 1 ? null : (gini * n) / (n - 1),
    hhi: hhiOf(descending, total),
    topShare: top.map((customers) => ({ customers, share: known ? held(customers * n) : null })),
    pareto: reach.map((share) => {
      const count = known ? running.findIndex((value) => value / total >= share) + 1 : null;
      return { reach: share, count, shareOfCustomers: count === null ? null : count / n };
    }),
  };
}

/** Added up from the poorest, so that small values are not lost beside the total. */
function lorenzOf(descending: Float64Array, total: number, steps: number): readonly number[] {
  const n = descending.length;
  const running = cumulative(descending.toReversed());
  return Array.from({ length: steps + 1 }, (_, i) => {
    if (i === steps) return 1;
    const at = (i * n) / steps;
    const whole = Math.floor(at);
    return ((whole > 0 ? running[whole - 1]! : 0) + (at - whole) * descending[n - 1 - whole]!) / total;
  });
}

function giniOf(descending: Float64Array, total: number): number {
  const n = descending.length;
  return sum(descending.map((x, i) => (n - 1 - 2 * i) * x)) / (n * total) + 0;
}

/** Σ share²; null for a total of 0 or less. */
export function hhiOf(values: Float64Array, total: number): number | null {
  return total > 0 ? sum(values.map((x) => (x / total) ** 2)) : null;
}
