import { readNumbers } from '../columns/index.ts';
import { blankNulls, carryWhy, setNull } from '../kernels/nulls.ts';
import { type Columns, WHY } from '../model/batch.ts';
import type { Kernel } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import { isHistory } from './history.ts';
import type { Quantity } from './quantities.ts';

/**
 * What a buy-till-you-die model knows of one customer. Every {@link Quantity} is P(alive) times its value given that the
 * customer is alive at T, and the latter depends on x and T alone: a new model supplies these two functions.
 */
export interface Posterior {
  alive(x: number, recency: number, T: number): number;
  /** Resolved once per output; null for P(alive) itself. */
  given(quantity: Quantity): ((x: number, T: number) => number) | null;
}

/** A kernel over the lanes frequency, recency, T, with one output lane per quantity. */
export function historyKernel(quantities: readonly Quantity[], posterior: Posterior): Kernel {
  const given = quantities.map((q) => posterior.given(q));
  let alive = new Float64Array(0);
  return (rows, inputs, outputs) => {
    const x = inputs[0]!.values;
    const recency = inputs[1]!.values;
    const T = inputs[2]!.values;
    if (alive.length < rows) alive = new Float64Array(rows);
    for (let i = 0; i < rows; i++)
      alive[i] = isHistory(x[i]!, recency[i]!, T[i]!) ? posterior.alive(x[i]!, recency[i]!, T[i]!) : Number.NaN;
    given.forEach((value, k) => {
      const output = outputs[k]!;
      carryWhy(rows, inputs, output);
      for (let i = 0; i < rows; i++) {
        const p = alive[i]!;
        output.values[i] = value === null || !(p > 0) ? p : p * value(x[i]!, T[i]!);
        if (p !== p && output.why[i] === WHY.valid) setNull(output, i, WHY.inconsistentHistory);
      }
      blankNulls(rows, output);
    });
  };
}

/** One figure for every row of a batch: NaN where a cell is null or the history cannot be. */
export function eachHistory(
  batch: Columns,
  inputs: readonly Field[],
  value: (x: number, recency: number, T: number) => number,
): Float64Array {
  const [x, recency, T] = inputs.map(({ name }) => readNumbers(batch, name)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return x.map((n, i) => (isHistory(n, recency[i]!, T[i]!) ? value(n, recency[i]!, T[i]!) : Number.NaN));
}
