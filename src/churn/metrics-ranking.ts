import { fail } from '../errors.ts';
import { sum } from '../numerics/sum.ts';

/**
 * Rows ranked from the highest score down, equal scores as one step: how many events and non-events each step holds.
 * Every ranking metric is a walk along these steps, so ties are exact and one sort serves all.
 */
export interface Ranking {
  readonly events: number;
  readonly nonEvents: number;
  /** Distinct scores, descending. */
  readonly scores: Float64Array;
  /** Events at exactly that score. */
  readonly eventsAt: Float64Array;
  /** Non-events at exactly that score. */
  readonly nonEventsAt: Float64Array;
}

/**
 * Ranks judged rows by their score.
 * @param actual 1 = happened, 0 = did not, NaN = not judged.
 * @param score higher means more likely; NaN (null) rows are left out.
 * @throws wrong-length, invalid-value for another `actual`, empty-input, one-class.
 */
export function ranking(actual: ArrayLike<number>, score: ArrayLike<number>): Ranking {
  const rows = actual.length;
  if (score.length !== rows) fail('wrong-length', `actual has ${rows} rows, the scores have ${score.length}`);
  const up = new Float64Array(rows);
  const down = new Float64Array(rows);
  let events = 0;
  let nonEvents = 0;
  for (let i = 0; i < rows; i++) {
    const s = score[i]!;
    const y = actual[i]!;
    if (s !== s || y !== y) continue;
    if (y === 1) up[events++] = s;
    else if (y === 0) down[nonEvents++] = s;
    else fail('invalid-value', `actual, row ${i}: expected 1, 0 or NaN, got ${y}`);
  }
  if (events + nonEvents === 0) fail('empty-input', 'no row has both an outcome and a score');
  if (events === 0 || nonEvents === 0)
    fail('one-class', `all ${rows} judged rows are ${events === 0 ? 'non-events' : 'events'}: nothing to compare`);
  return merge(up.subarray(0, events).sort(), down.subarray(0, nonEvents).sort());
}

/** Merges two ascending lists into descending steps. */
function merge(up: Float64Array, down: Float64Array): Ranking {
  const room = up.length + down.length;
  const scores = new Float64Array(room);
  const eventsAt = new Float64Array(room);
  const nonEventsAt = new Float64Array(room);
  let steps = 0;
  let i = up.length - 1;
  let j = down.length - 1;
  while (i >= 0 || j >= 0) {
    const score = i < 0 || (j >= 0 && down[j]! > up[i]!) ? down[j]! : up[i]!;
    scores[steps] = score;
    for (; i >= 0 && up[i] === score; i--) eventsAt[steps]!++;
    for (; j >= 0 && down[j] === score; j--) nonEventsAt[steps]!++;
    steps++;
  }
  return {
    events: up.length,
    nonEvents: down.length,
    scores: scores.slice(0, steps),
    eventsAt: eventsAt.slice(0, steps),
    nonEventsAt: nonEventsAt.slice(0, steps),
  };
}

/** Area under the ROC curve: the share of event–non-event pairs ranked rightly, ties counting half. Exact in whole numbers. */
export function rankedAuc({ events, nonEvents, eventsAt, nonEventsAt }: Ranking): number {
  let below = nonEvents;
  let pairs = 0;
  for (let k = 0; k < eventsAt.length; k++) {
    below -= nonEventsAt[k]!;
    pairs += eventsAt[k]! * (below + nonEventsAt[k]! / 2);
  }
  return pairs / events / nonEvents;
}

/**
 * Standard error of the area by DeLong, DeLong & Clarke-Pearson (1988): √(S₁₀/m + S₀₁/n) with S the sample variances of
 * each event's and each non-event's share of rightly ranked partners. `null` with fewer than two rows of a class.
 */
export function rankedAucStandardError(ranks: Ranking): number | null {
  const { events, nonEvents, eventsAt, nonEventsAt } = ranks;
  if (events < 2 || nonEvents < 2) return null;
  const auc = rankedAuc(ranks);
  let above = 0;
  let below = nonEvents;
  const ofEvents = new Float64Array(eventsAt.length);
  const ofNonEvents = new Float64Array(eventsAt.length);
  for (let k = 0; k < eventsAt.length; k++) {
    below -= nonEventsAt[k]!;
    ofEvents[k] = eventsAt[k]! * ((below + nonEventsAt[k]! / 2) / nonEvents - auc) ** 2;
    ofNonEvents[k] = nonEventsAt[k]! * ((above + eventsAt[k]! / 2) / events - auc) ** 2;
    above += eventsAt[k]!;
  }
  return Math.sqrt(sum(ofEvents) / (events - 1) / events + sum(ofNonEvents) / (nonEvents - 1) / nonEvents);
}

/** Average precision: precision at each step weighted by the share of events the step adds; no interpolation. */
export function rankedAveragePrecision({ events, eventsAt, nonEventsAt }: Ranking): number {
  let hits = 0;
  let seen = 0;
  const parts = new Float64Array(eventsAt.length);
  for (let k = 0; k < eventsAt.length; k++) {
    hits += eventsAt[k]!;
    seen += eventsAt[k]! + nonEventsAt[k]!;
    parts[k] = (eventsAt[k]! * hits) / seen;
  }
  return sum(parts) / events;
}

/** Kolmogorov–Smirnov distance: the largest true-positive less false-positive rate over all cuts; 0 when none is above 0. */
export function rankedKs({ events, nonEvents, eventsAt, nonEventsAt }: Ranking): number {
  let hits = 0;
  let misses = 0;
  let largest = 0;
  for (let k = 0; k < eventsAt.length; k++) {
    hits += eventsAt[k]!;
    misses += nonEventsAt[k]!;
    largest = Math.max(largest, hits / events - misses / nonEvents);
  }
  return largest;
}

/**
 * Lift of the top `count` rows: their event rate over that of all rows. Where the cut falls within equal scores they share
 * their expected value.
 */
export function rankedLift({ events, nonEvents, eventsAt, nonEventsAt }: Ranking, count: number): number {
  let hits = 0;
  let left = count;
  for (let k = 0; left > 0 && k < eventsAt.length; k++) {
    const here = eventsAt[k]! + nonEventsAt[k]!;
    hits += here <= left ? eventsAt[k]! : (eventsAt[k]! * left) / here;
    left -= here;
  }
  return hits / count / (events / (events + nonEvents));
}

/** How many rows the top tenth holds: ⌈n/10⌉. */
export function topDecile({ events, nonEvents }: Ranking): number {
  return Math.ceil((events + nonEvents) / 10);
}
