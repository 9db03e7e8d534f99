import { fail } from '../errors.ts';
import { sum } from '../numerics/sum.ts';

/** Weights as given when they are ≥ 0 and sum to 1 within 1e-9; brought to sum 1 when `renormalise`. */
export function checkedWeights(weights: readonly number[], renormalise: boolean, place: string): readonly number[] {
  for (const weight of weights)
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY))
      fail('invalid-option', `${place}: invalid weight ${weight}; use finite numbers, 0 or more`);
  const total = sum(weights);
  if (renormalise && total > 0) return weights.map((weight) => weight / total);
  if (!(Math.abs(total - 1) <= 1e-9))
    fail('invalid-option', `${place}: the weights sum to ${total}, not 1; correct them, or give renormalise: true`);
  return weights.map((weight) => weight + 0);
}
