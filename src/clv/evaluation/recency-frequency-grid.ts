import type { Columns } from '../../model/batch.ts';
import { checked, positive, whole } from '../../model/checks.ts';
import { knownOptions } from '../../model/options.ts';
import type { HistoryEstimator } from '../family/estimator.ts';
import type { HistoryModel } from '../family/model.ts';
import type { Quantity } from '../family/quantities.ts';

/** A figure of customers with one frequency and recency. */
export interface RecencyFrequencyRow {
  readonly frequency: number;
  readonly recency: number;
  /** Null where no such history can be, as a recency without a repeat purchase. */
  readonly value: number | null;
}

/**
 * A quantity over the grid of frequencies 0 … `frequencies` and `steps` + 1 recencies from 0 to T, all observed for T:
 * what a heat map shows. A model with covariates is asked at those of `covariates`.
 */
export function recencyFrequencyGrid<K extends string, P extends string>(
  estimator: HistoryEstimator<K, P>,
  model: HistoryModel<K, P>,
  quantity: Quantity,
  options: {
    readonly T: number;
    readonly frequencies: number;
    readonly steps: number;
    readonly covariates?: { readonly [column: string]: number };
  },
): readonly RecencyFrequencyRow[] {
  const {
    T,
    frequencies,
    steps,
    covariates = {},
  } = knownOptions(options, 'recencyFrequencyGrid', 'T frequencies steps covariates');
  checked('invalid-option', positive, T, 'T');
  checked('invalid-option', whole(1), frequencies, 'frequencies');
  checked('invalid-option', whole(1), steps, 'steps');
  const cells = Array.from({ length: frequencies + 1 }, (_, frequency) =>
    Array.from({ length: steps + 1 }, (_, step) => ({ frequency, recency: (T * step) / steps })),
  ).flat();
  const [f, r, end, ...z] = model.inputs.map(({ name }) => name) as [string, string, string, ...string[]];
  const values = estimator.predict(
    model,
    {
      [f]: cells.map(({ frequency }) => frequency),
      // A history that cannot be is asked as a null: its cell is empty.
      [r]: cells.map(({ frequency, recency }) => ((frequency === 0) === (recency === 0) ? recency : Number.NaN)),
      [end]: cells.map(() => T),
      ...Object.fromEntries(z.map((name) => [name, cells.map(() => covariates[name] ?? Number.NaN)])),
    } as Columns as never,
    quantity,
  );
  return cells.map((cell, i) => ({ ...cell, value: values[i] === values[i] ? values[i]! : null }));
}
