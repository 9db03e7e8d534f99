import { readNumbers } from '../columns/index.ts';
import { fail } from '../errors.ts';
import type { Columns } from '../model/batch.ts';
import { checked, whole } from '../model/checks.ts';
import type { InputsOf } from '../model/contract.ts';
import type { Rate } from '../model/field.ts';
import { knownOptions } from '../model/options.ts';
import type { HistoryEstimator } from './family/estimator.ts';
import { isHistory } from './family/history.ts';
import { boundRows } from './family/history-kernel.ts';
import type { HistoryModel } from './family/model.ts';

/** Options of {@link breakEven}. */
export interface BreakEvenOptions {
  /** What is to be earned back from now on, per customer. */
  readonly cost: number;
  /** Profit of one purchase (spend × margin), one per row. */
  readonly profit: ArrayLike<number>;
  readonly rate: Rate;
  /** The longest time looked at, in whole model time units. */
  readonly within: number;
}

/**
 * The first period by whose end the expected discounted profit of a customer's purchases reaches a cost (S5's break-even
 * over a purchase model), in whole units of the model's time; one per row, NaN where it is not reached `within` the time
 * looked at, or where profit or history is null. A cost of 0 or less is reached at once, in period 0.
 * @throws ClienteleError `invalid-option`, `wrong-length`
 */
export function breakEven<K extends string, P extends string, M extends HistoryModel<K, P>>(
  { family }: HistoryEstimator<K, P>,
  model: M,
  customers: Columns<InputsOf<M>>,
  options: BreakEvenOptions,
): Float64Array {
  const { cost, profit, rate, within } = knownOptions(options, 'breakEven', 'cost profit rate within');
  checked('invalid-option', whole(1), within, 'within');
  if (!Number.isFinite(cost)) fail('invalid-option', `invalid cost: ${cost}; use a number`);
  const [x, recency, T, ...z] = model.inputs.map(({ name }) => readNumbers(customers as Columns, name)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    ...Float64Array[],
  ];
  if (profit.length !== x.length) fail('wrong-length', `${profit.length} profits for ${x.length} customers`);
  const quantities = Array.from(
    { length: within },
    (_, k) => ({ quantity: 'discountedResidualTransactions', periods: k + 1, rate }) as const,
  );
  const boundOf = boundRows(family, model, quantities);
  return x.map((n, i) => {
    if (!isHistory(n, recency[i]!, T[i]!) || !Number.isFinite(profit[i]!)) return Number.NaN;
    if (!z.every((column) => Number.isFinite(column[i]!))) return Number.NaN;
    if (cost <= 0) return 0;
    const { posterior, given } = boundOf(z, i);
    const alive = posterior.alive(n, recency[i]!, T[i]!);
    // Earned by the end of a period grows with the period: search it by halves.
    const earned = (period: number): number => alive * given[period - 1]!(n, T[i]!, recency[i]!) * profit[i]!;
    if (!(earned(within) >= cost)) return Number.NaN;
    let [low, high] = [0, within];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (earned(middle) >= cost) high = middle;
      else low = middle;
    }
    return high;
  });
}
