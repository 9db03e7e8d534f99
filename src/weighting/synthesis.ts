import { fail } from '../errors.ts';
import { sum } from '../numerics/sum.ts';
import { shares } from './perron.ts';
import { checkedWeights } from './weights.ts';

/** Scores of alternatives from their priorities under each criterion. */
export interface Synthesis {
  /** Σ over criteria of weight · priority; in the ideal mode of weight · priority over the largest priority. */
  readonly raw: readonly number[];
  /** The same with sum 1. */
  readonly scores: readonly number[];
}

/**
 * Overall scores of alternatives in the analytic hierarchy process. `distributive`: Σ w_c p_ca. `ideal`: each priority is
 * first divided by the largest under its criterion, so that a further alternative that is best nowhere does not reverse the
 * order of the others (Saaty 1994).
 *
 * @param weights one per criterion, with sum 1
 * @param priorities `priorities[criterion][alternative]`, positive under at least one alternative each
 * @throws ClienteleError `invalid-option`, `wrong-length`, `invalid-value` for weights and priorities that do not fit.
 * @example synthesis([0.5, 0.5], [[0.6, 0.4], [0.2, 0.8]], 'ideal').raw // [0.625, 0.8333…]
 */
export function synthesis(
  weights: readonly number[],
  priorities: readonly (readonly number[])[],
  mode: 'distributive' | 'ideal' = 'distributive',
): Synthesis {
  if (mode !== 'distributive' && mode !== 'ideal')
    fail('invalid-option', `unknown mode "${mode}": use 'distributive' or 'ideal'`);
  const checked = checkedWeights(weights, false, 'weights');
  const n = priorities[0]?.length ?? 0;
  if (priorities.length !== weights.length || n === 0 || priorities.some((row) => row.length !== n))
    fail('wrong-length', 'priorities: give one list per criterion, with a number for each alternative');
  const scale = priorities.map((row, c) => {
    const largest = Math.max(...row);
    if (!(largest > 0 && largest < Number.POSITIVE_INFINITY) || row.some((p) => !(p >= 0)))
      fail('invalid-value', `priorities[${c}]: ${row.join(', ')}; use finite numbers of at least 0, not all 0`);
    return mode === 'ideal' ? largest : 1;
  });
  const raw = priorities[0]!.map((_, a) => sum(priorities.map((row, c) => (checked[c]! * row[a]!) / scale[c]!)));
  return { raw, scores: shares(raw) };
}
