import { log } from '../numerics/elementary.ts';
import { checkedMatrix, type JudgementMatrix } from './judgement-matrix.ts';
import { geometricMeanWeights } from './priorities.ts';

/**
 * Geometric consistency index of judgements, GCI = 2/((n−1)(n−2)) · Σ_{i<j} ln²(a_ij w_j/w_i) with geometric-mean weights
 * (Aguarón & Moreno-Jiménez 2003, eq. 5); 0 for one or two items. A CR of 0.1 answers to about 0.31 for three items,
 * 0.35 for four and 0.37 for more.
 *
 * @throws ClienteleError `wrong-type`, `wrong-length`, `invalid-value` for what is no judgement matrix.
 * @example geometricConsistency(judgementMatrix([1 / 2, 1 / 3, 1 / 2])) // 0.02759
 */
export function geometricConsistency(matrix: JudgementMatrix): number {
  const { items, values } = checkedMatrix(matrix);
  const n = items.length;
  if (n <= 2) return 0;
  const weights = geometricMeanWeights(values);
  let total = 0;
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) total += log((values[i]![j]! * weights[j]!) / weights[i]!) ** 2;
  return (2 * total) / ((n - 1) * (n - 2));
}
