import { fail } from '../../errors.ts';
import { knownOptions } from '../../model/options.ts';
import { ascendingRows } from '../../numerics/rank.ts';
import { sum } from '../../numerics/sum.ts';
import { spearman } from '../correlation.ts';

/** One group of customers in the order of their predicted value, the highest first. */
export interface ValueGroup {
  /** From 1, the customers predicted to be worth most. */
  readonly group: number;
  readonly customers: number;
  readonly expected: number;
  readonly actual: number;
  /** Share of all actual value; null when there is none. */
  readonly share: number | null;
  readonly cumulativeShare: number | null;
}

/** How well predicted values rank what customers then spent. */
export interface ValueRanking {
  readonly customers: number;
  /** Rows without a prediction or an actual. */
  readonly leftOut: number;
  readonly expected: number;
  readonly actual: number;
  /**
   * Gini of the actual values in the order of the predictions over their Gini in their own order: 1 ranks perfectly, 0
   * not at all. Ties in the prediction share their place. Null when all actual values are equal.
   */
  readonly normalisedGini: number | null;
  readonly spearman: number | null;
  readonly groups: readonly ValueGroup[];
}

/**
 * Ranks customers by predicted value and lays beside it what they were worth.
 * @param options.groups number of groups, default 10 (deciles); sizes differ by at most one, the first ones the larger
 * @throws ClienteleError `wrong-length`, `empty-input`
 */
export function valueRanking(
  expected: ArrayLike<number>,
  actual: ArrayLike<number>,
  options: { readonly groups?: number } = {},
): ValueRanking {
  const { groups = 10 } = knownOptions(options, 'valueRanking', 'groups');
  if (expected.length !== actual.length)
    fail('wrong-length', `${expected.length} predictions for ${actual.length} actual values`);
  if (!(Number.isSafeInteger(groups) && groups > 0))
    fail('invalid-option', `invalid groups: ${groups}; use a whole number above 0`);
  const rows = Array.from(expected, (_, i) => i).filter(
    (i) => Number.isFinite(expected[i]) && Number.isFinite(actual[i]),
  );
  if (rows.length === 0) fail('empty-input', 'no row has both a prediction and an actual value');
  const predicted = Float64Array.from(rows, (i) => expected[i]!);
  const value = Float64Array.from(rows, (i) => actual[i]!);
  const n = rows.length;
  const order = ascendingRows(predicted).reverse();
  const total = sum(value);
  const perfect = giniInOrderOf(value, value);
  const table: ValueGroup[] = [];
  let before = 0;
  for (let g = 0, from = 0; g < groups; g++) {
    const to = from + Math.floor(n / groups) + (g < n % groups ? 1 : 0);
    const members = [...order.subarray(from, to)];
    const worth = sum(members.map((i) => value[i]!));
    before += worth;
    table.push({
      group: g + 1,
      customers: members.length,
      expected: sum(members.map((i) => predicted[i]!)),
      actual: worth,
      share: total > 0 ? worth / total : null,
      cumulativeShare: total > 0 ? before / total : null,
    });
    from = to;
  }
  return {
    ...{ customers: n, leftOut: expected.length - n, expected: sum(predicted), actual: total },
    normalisedGini: perfect > 0 ? giniInOrderOf(value, predicted) / perfect : null,
    spearman: spearman(predicted, value),
    groups: table,
  };
}

/** Twice the area between the diagonal and the Lorenz curve of `value` in ascending order of `by`, ties as one step. */
function giniInOrderOf(value: Float64Array, by: Float64Array): number {
  const order = ascendingRows(by);
  const n = order.length;
  const total = sum(value);
  if (!(total > 0)) return 0;
  let area = 0;
  let held = 0;
  for (let from = 0, to = 0; from < n; from = to) {
    let step = 0;
    for (; to < n && by[order[to]!] === by[order[from]!]; to++) step += value[order[to]!]!;
    area += ((to - from) / n) * (held + step / 2);
    held += step;
  }
  return 1 - (2 * area) / total;
}
