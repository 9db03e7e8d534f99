import { fail } from '../../errors.ts';
import { knownOptions } from '../../model/options.ts';
import { type Ranking, ranking, type Weighted } from '../metrics-ranking.ts';

/** Outcomes against a cut; counts are weights where there are weights. A rate is null when nothing is in its denominator. */
export interface Confusion {
  readonly cut: number;
  /** Events at or above the cut. */
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
  /** Share of rows at or above the cut. */
  readonly flagged: number;
  readonly accuracy: number;
  /** Share of flagged rows that are events. */
  readonly precision: number | null;
  /** Share of events that are flagged (sensitivity). */
  readonly recall: number;
  /** Share of non-events that are not flagged. */
  readonly specificity: number;
  /** Harmonic mean of precision and recall, 2tp/(2tp + fp + fn). */
  readonly f1: number;
  /** Correlation of outcome and flag (Matthews 1975); null when all or none are flagged. */
  readonly matthews: number | null;
}

/**
 * The confusion matrix at a cut: a row is flagged when its score is **at least** the cut, as in a warning list.
 * @throws as `rocAuc`; invalid-option for a cut that is not finite.
 * @example confusion([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], { cut: 0.4 }).recall // 0.5
 */
export function confusion(
  actual: ArrayLike<number>,
  score: ArrayLike<number>,
  options: Weighted & { readonly cut: number },
): Confusion {
  const { cut, weight } = knownOptions(options, 'confusion', 'weight cut');
  return rankedConfusion(ranking(actual, score, weight), cut);
}

/** {@link confusion} of rows that are ranked already. */
export function rankedConfusion({ events, nonEvents, scores, eventsAt, nonEventsAt }: Ranking, cut: number): Confusion {
  if (!Number.isFinite(cut)) fail('invalid-option', `invalid cut: ${cut}; use a finite number`);
  let hits = 0;
  let misses = 0;
  let k = 0;
  for (; k < scores.length && scores[k]! >= cut; k++) {
    hits += eventsAt[k]!;
    misses += nonEventsAt[k]!;
  }
  // All flagged: the totals themselves, whatever the order of summation.
  if (k === scores.length) [hits, misses] = [events, nonEvents];
  const lost = events - hits;
  const rest = nonEvents - misses;
  const total = events + nonEvents;
  return {
    cut,
    truePositives: hits,
    falsePositives: misses,
    falseNegatives: lost,
    trueNegatives: rest,
    flagged: (hits + misses) / total,
    accuracy: (hits + rest) / total,
    precision: k === 0 ? null : hits / (hits + misses),
    recall: hits / events,
    specificity: rest / nonEvents,
    f1: (2 * hits) / (2 * hits + misses + lost),
    matthews:
      k === 0 || k === scores.length
        ? null
        : (hits * rest - misses * lost) / Math.sqrt((hits + misses) * (lost + rest)) / Math.sqrt(events * nonEvents),
  };
}
