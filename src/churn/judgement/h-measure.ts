import { fail } from '../../errors.ts';
import { knownOptions } from '../../model/options.ts';
import { incompleteBeta } from '../../numerics/incomplete-beta.ts';
import { sum } from '../../numerics/sum.ts';
import { type Ranking, ranking, type Weighted } from '../metrics-ranking.ts';
import { type RocHull, rocHull } from './roc-hull.ts';

export interface Severity {
  /**
   * Beta(a, b) distribution of c, the cost of flagging a non-event when the cost of missing an event is 1 − c. Default:
   * Beta(1 + π₁, 1 + π₀) with the shares π₁ of events and π₀ of non-events, so that the likeliest c is π₁ (Hand &
   * Anagnostopoulos 2014). `[2, 2]` is that of Hand (2009).
   */
  readonly severity?: readonly [a: number, b: number] | { readonly ratio: number };
}

/**
 * H-measure of Hand (2009): 1 − (expected smallest loss) / (expected smallest loss of flagging all or nobody), over a
 * distribution of misclassification costs that is the same for every classifier, as that behind the AUC is not. In closed
 * form over the convex hull of the ROC curve. 1 is perfect, 0 is no better than a constant.
 *
 * `severity: { ratio }` gives the cost of flagging a non-event over that of missing an event as the likeliest one:
 * Beta(2, 1 + 1/ratio), as the R package hmeasure does (there π₁/π₀ by default).
 *
 * Source: Hand (2009), Machine Learning 77, 103–123; Hand & Anagnostopoulos (2014), Pattern Recognition Letters 40, 41–46.
 * @throws as `rocAuc`; invalid-option for a severity that is no Beta distribution.
 * @example hMeasure([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9]) // 1
 */
export function hMeasure(
  actual: ArrayLike<number>,
  score: ArrayLike<number>,
  options: Severity & Weighted = {},
): number {
  const { severity, weight } = knownOptions(options, 'hMeasure', 'severity weight');
  const ranks = ranking(actual, score, weight);
  return rankedHMeasure(ranks, rocHull(ranks), severity);
}

/** {@link hMeasure} of rows that are ranked already. */
export function rankedHMeasure({ events, nonEvents }: Ranking, hull: RocHull, severity: Severity['severity']): number {
  const [a, b] = betaOf(severity, events / (events + nonEvents));
  const trivial: RocHull = { hits: [0, events], misses: [0, nonEvents], cuts: [] };
  const reference = expectedLoss(trivial, a, b);
  return 1 - expectedLoss(hull, a, b) / reference;
}

/** E over c ~ Beta(a, b) of the smallest c·(non-events flagged) + (1 − c)·(events missed). */
function expectedLoss({ hits, misses }: RocHull, a: number, b: number): number {
  const last = hits.length - 1;
  const parts: number[] = [];
  // Down from c = 1, where nobody is flagged: vertex k is best for c between the event rates of the edges beside it.
  let flaggedAbove = a / (a + b);
  let missedAbove = b / (a + b);
  for (let k = 0; k <= last; k++) {
    let flaggedBelow = 0;
    let missedBelow = 0;
    if (k < last) {
      const rise = hits[k + 1]! - hits[k]!;
      const run = misses[k + 1]! - misses[k]!;
      const c = rise / (rise + run);
      const rest = run / (rise + run);
      flaggedBelow = (a / (a + b)) * incompleteBeta(c, rest, a + 1, b);
      missedBelow = (b / (a + b)) * incompleteBeta(c, rest, a, b + 1);
    }
    parts.push(misses[k]! * (flaggedAbove - flaggedBelow), (hits[last]! - hits[k]!) * (missedAbove - missedBelow));
    flaggedAbove = flaggedBelow;
    missedAbove = missedBelow;
  }
  return sum(parts);
}

function betaOf(severity: Severity['severity'], rate: number): readonly [number, number] {
  const [a, b] =
    severity === undefined
      ? [1 + rate, 2 - rate]
      : 'ratio' in severity
        ? [2, 1 + 1 / severity.ratio]
        : [severity[0], severity[1]];
  return a > 0 && b > 0 && Number.isFinite(a) && Number.isFinite(b)
    ? [a, b]
    : fail('invalid-option', `invalid severity: Beta(${a}, ${b}); use two numbers above 0, or a ratio above 0`);
}
