import { knownOptions } from '../../model/options.ts';
import { ranking, type Weighted } from '../metrics-ranking.ts';

/** What flagging every row with at least this score gives. */
export interface RocPoint {
  /** null: nobody is flagged. */
  readonly cut: number | null;
  /** Share of non-events flagged. */
  readonly falsePositiveRate: number;
  /** Share of events flagged (recall). */
  readonly truePositiveRate: number;
  /** Share of flagged rows that are events; null when nobody is flagged. */
  readonly precision: number | null;
}

/**
 * The ROC curve and the precision–recall curve: one point per distinct score, from nobody flagged to everybody.
 * @throws as `rocAuc`.
 * @example rocCurve([0, 1], [0.2, 0.7])[1] // { cut: 0.7, falsePositiveRate: 0, truePositiveRate: 1, precision: 1 }
 */
export function rocCurve(
  actual: ArrayLike<number>,
  score: ArrayLike<number>,
  options: Weighted = {},
): readonly RocPoint[] {
  const { weight } = knownOptions(options, 'rocCurve', 'weight');
  const { events, nonEvents, scores, eventsAt, nonEventsAt } = ranking(actual, score, weight);
  const points: RocPoint[] = [{ cut: null, falsePositiveRate: 0, truePositiveRate: 0, precision: null }];
  let hits = 0;
  let misses = 0;
  scores.forEach((cut, k) => {
    const last = k === scores.length - 1;
    hits = last ? events : hits + eventsAt[k]!;
    misses = last ? nonEvents : misses + nonEventsAt[k]!;
    points.push({
      cut,
      falsePositiveRate: misses / nonEvents,
      truePositiveRate: hits / events,
      precision: hits / (hits + misses),
    });
  });
  return points;
}
