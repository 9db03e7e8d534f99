import { fail } from '../errors.ts';
import { sum } from '../numerics/sum.ts';
import { checkedWeights } from './weights.ts';

/** Criteria with their weights, and alternatives – customers, classes, offers – with a score under each criterion. */
export interface WeightedScores {
  readonly criteria: readonly string[];
  /** One per criterion, with sum 1. */
  readonly weights: readonly number[];
  readonly alternatives: readonly string[];
  /** `scores[alternative][criterion]`. */
  readonly scores: readonly (readonly number[])[];
}

/** The weight at which two alternatives change places. */
export interface Crossing {
  readonly pair: readonly [string, string];
  readonly weight: number;
}

/** What becomes of the scores when one criterion's weight moves from 0 to 1. */
export interface WeightSensitivity {
  readonly criterion: string;
  readonly baseWeight: number;
  /** Score of each alternative with weight 0 and 1; between, scores run along the straight line. */
  readonly scoreAt0: readonly number[];
  readonly scoreAt1: readonly number[];
  /** Pairs in the order of the alternatives whose order is not the same below and above the weight, which lies inside (0, 1). */
  readonly crossings: readonly Crossing[];
}

/**
 * One-at-a-time sensitivity of weighted scores (S25): each criterion's weight is set to x in turn and the others are
 * rescaled in proportion to sum 1 − x, so that every score is linear in x: s(x) = s(0) + x·(s(1) − s(0)). Where a criterion
 * has all the weight, the others share the rest equally.
 *
 * @throws ClienteleError `invalid-option` for weights; `wrong-length` when lists do not match; `invalid-value` that names
 *   the alternative and the criterion of a score that is not finite.
 * @example
 * weightSensitivity({ criteria: ['price', 'service'], weights: [0.5, 0.5], alternatives: ['a', 'b'], scores: [[1, 0], [0, 3]] })
 * // both criteria: a and b change places, at price 0.75 and at service 0.25
 */
export function weightSensitivity(given: WeightedScores): readonly WeightSensitivity[] {
  const { criteria, alternatives, scores } = given;
  if (given.weights.length !== criteria.length)
    fail('wrong-length', `${given.weights.length} weights for ${criteria.length} criteria`);
  const weights = checkedWeights(given.weights, false, 'weights');
  if (scores.length !== alternatives.length)
    fail('wrong-length', `${scores.length} rows of scores for ${alternatives.length} alternatives`);
  scores.forEach((row, a) => {
    if (row.length !== criteria.length)
      fail('wrong-length', `"${alternatives[a]}" has ${row.length} scores for ${criteria.length} criteria`);
    row.forEach((score, c) => {
      if (!Number.isFinite(score))
        fail('invalid-value', `"${alternatives[a]}" scores ${score} in "${criteria[c]}": leave it out or fill it in`);
    });
  });
  return criteria.map((criterion, k) => {
    const others = sum(weights.filter((_, c) => c !== k));
    const rest = weights.map((weight, c) => (c === k ? 0 : others > 0 ? weight / others : 1 / (criteria.length - 1)));
    const scoreAt0 = scores.map((row) => sum(row.map((score, c) => rest[c]! * score)));
    const scoreAt1 = scores.map((row) => row[k]!);
    return {
      criterion,
      baseWeight: weights[k]!,
      scoreAt0,
      scoreAt1,
      crossings: crossings(alternatives, scoreAt0, scoreAt1),
    };
  });
}

function crossings(
  alternatives: readonly string[],
  at0: readonly number[],
  at1: readonly number[],
): readonly Crossing[] {
  const found: Crossing[] = [];
  for (let a = 0; a < alternatives.length; a++)
    for (let b = a + 1; b < alternatives.length; b++) {
      const before = at0[a]! - at0[b]!;
      const after = at1[a]! - at1[b]!;
      if (before * after < 0)
        found.push({ pair: [alternatives[a]!, alternatives[b]!], weight: before / (before - after) });
    }
  return found;
}
