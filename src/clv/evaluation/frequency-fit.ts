import { readNumbers } from '../../columns/index.ts';
import type { Columns } from '../../model/batch.ts';
import { checked, whole } from '../../model/checks.ts';
import type { InputsOf } from '../../model/contract.ts';
import { knownOptions } from '../../model/options.ts';
import type { HistoryEstimator } from '../family/estimator.ts';
import { eachHistory } from '../family/history-kernel.ts';
import type { HistoryModel } from '../family/model.ts';

/** Customers with one number of repeat purchases, seen and expected. */
export interface FrequencyFitRow {
  readonly frequency: number;
  /** The last row holds all from `frequency` on. */
  readonly open: boolean;
  readonly actual: number;
  readonly expected: number;
}

/**
 * The histogram of repeat purchases beside the model's: Σ P(X(T_i) = x) over the customers, each by their own T.
 * @param options.top frequencies from this one on share a row, default 7
 */
export function frequencyFit<K extends string, P extends string, M extends HistoryModel<K, P>>(
  { family }: HistoryEstimator<K, P>,
  model: M,
  customers: Columns<InputsOf<M>>,
  options: { readonly top?: number } = {},
): readonly FrequencyFitRow[] {
  const { top = 7 } = knownOptions(options, 'frequencyFit', 'top');
  checked('invalid-option', whole(1), top, 'top');
  const actual = new Float64Array(top + 1);
  const expected = new Float64Array(top + 1);
  const x = readNumbers(customers as Columns, model.inputs[0]!.name);
  const known = new Map<unknown, Map<number, Float64Array>>();
  eachHistory(family, model, customers as Columns, [], ({ parameters }, _x, _recency, T, row) => {
    const byT = known.get(parameters) ?? new Map<number, Float64Array>();
    known.set(parameters, byT);
    const pmf = byT.get(T) ?? family.distribution(parameters, T, top - 1);
    byT.set(T, pmf);
    actual[Math.min(x[row]!, top)]!++;
    let rest = 1;
    for (let k = 0; k < top; k++) {
      expected[k]! += pmf[k]!;
      rest -= pmf[k]!;
    }
    expected[top]! += Math.max(0, rest);
    return 0;
  });
  return Array.from(actual, (count, frequency) => ({
    ...{ frequency, open: frequency === top, actual: count },
    expected: expected[frequency]!,
  }));
}
