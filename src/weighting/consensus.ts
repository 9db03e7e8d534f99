import { fail } from '../errors.ts';
import { exp, log } from '../numerics/elementary.ts';
import { sum } from '../numerics/sum.ts';

/** How much the members of a group agree, from the Shannon entropy of their weights. Members count equally. */
export interface Consensus {
  /** Mean entropy of the members' weights, H_α. */
  readonly withinEntropy: number;
  /** Entropy of the mean weights, H_γ. */
  readonly groupEntropy: number;
  /** H_β = H_γ − H_α; 0 when all members have the same weights. */
  readonly betweenEntropy: number;
  /** e^(−H_β): 1 for full agreement, at least 1 over the number of members. */
  readonly similarity: number;
  /** Similarity brought to 0 … 1 by the least that members with judgements of 1 to `largest` can have (S*). */
  readonly consensus: number;
}

/**
 * Consensus of a group by alpha and beta entropy (Jost 2006; Goepel 2013):
 * S* = (e^(−H_β) − e^(H_min − H_max)) / (1 − e^(H_min − H_max)), with H_max = ln n and H_min the entropy of
 * (M, 1, …, 1)/(n + M − 1) for a scale that ends at M. For a single item everything is in agreement.
 *
 * @throws ClienteleError `empty-input` without members, `wrong-length` when they weigh different numbers of items.
 * @example consensus([[0.5, 0.5], [0.5, 0.5]]).consensus // 1
 */
export function consensus(weights: readonly (readonly number[])[], largest = 9): Consensus {
  const n = weights[0]?.length ?? fail('empty-input', 'no members: give the weights of at least one');
  if (weights.some((one) => one.length !== n)) fail('wrong-length', 'members weigh different numbers of items');
  const withinEntropy = sum(weights.map(entropy)) / weights.length;
  const groupEntropy = entropy(weights[0]!.map((_, i) => sum(weights.map((one) => one[i]!)) / weights.length));
  const betweenEntropy = Math.max(0, groupEntropy - withinEntropy);
  const similarity = exp(-betweenEntropy);
  const total = n + largest - 1;
  const steepest = Number.isFinite(largest)
    ? entropy(Array.from({ length: n }, (_, i) => (i === 0 ? largest : 1) / total))
    : 0;
  const least = exp(steepest - log(n));
  return {
    withinEntropy,
    groupEntropy,
    betweenEntropy,
    similarity,
    consensus: least < 1 ? (similarity - least) / (1 - least) : 1,
  };
}

/** −Σ p ln p, with 0 ln 0 = 0. */
export function entropy(shares: readonly number[]): number {
  return 0 - sum(shares.map((p) => (p > 0 ? p * log(p) : 0)));
}
