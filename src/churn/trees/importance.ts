import type { GrownNode } from './grow.ts';
import type { TrainingColumn } from './training-data.ts';
import type { Importance } from './tree-kind.ts';

/** Each feature's share in the decrease of the impurity by the splits that are kept; all 0 without a split. */
export function importanceOf(
  nodes: readonly GrownNode[],
  kept: (node: number) => boolean,
  features: number,
): Float64Array {
  const gains = new Float64Array(features);
  let total = 0;
  const visit = (t: number): void => {
    const { split } = nodes[t]!;
    if (split === null || !kept(t)) return;
    gains[split.feature] = gains[split.feature]! + split.gain;
    total += split.gain;
    visit(split.left);
    visit(split.right);
  };
  visit(0);
  return total > 0 ? gains.map((gain) => gain / total) : gains;
}

/** Shares by name, the largest first, equal ones in the order of features. */
export function ranked(shares: Float64Array, columns: readonly TrainingColumn[]): readonly Importance[] {
  return columns
    .map(({ name }, k) => ({ column: name, importance: shares[k]! }))
    .sort((a, b) => b.importance - a.importance);
}
