import { fail } from '../errors.ts';
import { knownOptions } from '../model/options.ts';
import { pow } from '../numerics/elementary.ts';
import { shares } from './perron.ts';
import { checkedWeights } from './weights.ts';

export interface CombineOptions {
  /** Share of the subjective weights, 0 to 1. Default: 0.5. */
  readonly alpha?: number;
  /** `product` (default): w ∝ s^α·o^(1−α); `sum`: w = α·s + (1−α)·o. */
  readonly rule?: 'product' | 'sum';
}

/**
 * Subjective weights (of experts) and objective ones (of the data) in one (S23). A criterion without weight in either has
 * none in the product, unless that side has no share.
 *
 * @param subjective one weight per criterion, with sum 1
 * @param objective likewise, in the same order
 * @throws ClienteleError `invalid-option` for weights that do not sum to 1, an unknown rule or alpha, and for a product that
 *   leaves nothing; `wrong-length`.
 * @example combineWeights([0.5, 0.5], [0.2, 0.8]) // [1/3, 2/3]
 */
export function combineWeights(
  subjective: readonly number[],
  objective: readonly number[],
  options: CombineOptions = {},
): readonly number[] {
  const { alpha = 0.5, rule = 'product' } = knownOptions(options, 'combineWeights', 'alpha rule');
  if (!(alpha >= 0 && alpha <= 1)) fail('invalid-option', `invalid alpha: ${alpha}; use a number from 0 to 1`);
  if (rule !== 'product' && rule !== 'sum') fail('invalid-option', `unknown rule "${rule}": use 'product' or 'sum'`);
  if (subjective.length !== objective.length)
    fail('wrong-length', `${subjective.length} subjective weights and ${objective.length} objective ones`);
  const s = checkedWeights(subjective, false, 'subjective');
  const o = checkedWeights(objective, false, 'objective');
  const together =
    rule === 'sum'
      ? s.map((weight, i) => alpha * weight + (1 - alpha) * o[i]!)
      : s.map((weight, i) => pow(weight, alpha) * pow(o[i]!, 1 - alpha));
  if (!together.some((weight) => weight > 0))
    fail('invalid-option', 'no criterion has weight on both sides: their product leaves nothing, use the sum');
  return shares(together);
}
