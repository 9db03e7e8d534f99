import { fail } from '../errors.ts';
import { ascendingRows } from '../numerics/rank.ts';
import { sum } from '../numerics/sum.ts';

/** How many customers a row stands for: one weight (≥ 0) per row, as sampling leaves them. */
export interface Weighted {
  /** Only ratios matter. Rows of weight 0 or NaN are left out; equal weights give what no weights give. */
  readonly weight?: ArrayLike<number>;
}

/**
 * Rows ranked from the highest score down, equal scores as one step: how much weight of events and non-events each step
 * holds (without weights: how many). Every ranking metric is a walk along these steps, so one sort serves all, and there is
 * one rule of ties: **a cut that falls within equal scores takes the expectation over all orders of the tied rows.**
 */
export interface Ranking {
  /** Judged rows. */
  readonly rows: number;
  readonly eventRows: number;
  /** Rows without an outcome, a score or a weight. */
  readonly leftOut: number;
  /** Total weight of the events. */
  readonly events: number;
  readonly nonEvents: number;
  /** Distinct scores, descending. */
  readonly scores: Float64Array;
  /** Weight of the events at exactly that score. */
  readonly eventsAt: Float64Array;
  readonly nonEventsAt: Float64Array;
  /** Σ weight² of the events at exactly that score, for standard errors. */
  readonly eventSquaresAt: Float64Array;
  readonly nonEventSquaresAt: Float64Array;
}

/**
 * Ranks judged rows by their score.
 * @param actual 1 = happened, 0 = did not, NaN = not judged.
 * @param score higher means more likely; rows where it is NaN (null) or infinite are left out and counted.
 * @throws wrong-length, invalid-value for another `actual` or a negative weight, empty-input, one-class.
 */
export function ranking(
  actual: ArrayLike<number>,
  score: ArrayLike<number>,
  weight: ArrayLike<number> | undefined,
): Ranking {
  const judged = judgedScores(actual, score, weight);
  const rows = judged.events + judged.nonEvents;
  if (rows === 0) fail('empty-input', 'no row has both an outcome and a score');
  if (rows === judged.events || rows === judged.nonEvents)
    fail(
      'one-class',
      `all ${rows} judged rows are ${judged.events === 0 ? 'non-events' : 'events'}: nothing to compare`,
    );
  const head = { rows, eventRows: judged.events, leftOut: actual.length - rows };
  return { ...head, ...(weight ? weighted(actual, judged.scores, weight) : counted(actual, judged.scores, judged)) };
}

interface Judged {
  readonly events: number;
  readonly nonEvents: number;
  /** The scores, NaN where the row takes no part. */
  readonly scores: Float64Array;
}

/** Reads outcomes and scores, and counts the rows of each class that take part. */
export function judgedScores(
  actual: ArrayLike<number>,
  score: ArrayLike<number>,
  weight: ArrayLike<number> | undefined,
): Judged {
  const rows = actual.length;
  if (score.length !== rows) fail('wrong-length', `actual has ${rows} rows, the scores have ${score.length}`);
  if (weight && weight.length !== rows)
    fail('wrong-length', `actual has ${rows} rows, the weights have ${weight.length}`);
  const scores = new Float64Array(rows).fill(Number.NaN);
  let events = 0;
  let nonEvents = 0;
  for (let i = 0; i < rows; i++) {
    const s = score[i]!;
    const y = actual[i]!;
    const w = weight ? weight[i]! : 1;
    if (y !== 0 && y !== 1 && y === y) fail('invalid-value', `actual, row ${i}: expected 1, 0 or NaN, got ${y}`);
    if (w < 0 || w === Number.POSITIVE_INFINITY)
      fail('invalid-value', `weight, row ${i}: ${w}; weights are finite and 0 or above`);
    if (y !== y || !(w > 0) || !Number.isFinite(s)) continue;
    scores[i] = s;
    if (y === 1) events++;
    else nonEvents++;
  }
  return { events, nonEvents, scores };
}

type Steps = Omit<Ranking, 'rows' | 'eventRows' | 'leftOut'>;

/** Without weights: two typed sorts, merged into descending steps. */
function counted(actual: ArrayLike<number>, score: Float64Array, { events, nonEvents }: Judged): Steps {
  const up = new Float64Array(events);
  const down = new Float64Array(nonEvents);
  for (let row = 0, i = 0, j = 0; row < score.length; row++) {
    const s = score[row]!;
    if (s !== s) continue;
    if (actual[row] === 1) up[i++] = s;
    else down[j++] = s;
  }
  up.sort();
  down.sort();
  const scores = new Float64Array(events + nonEvents);
  const eventsAt = new Float64Array(scores.length);
  const nonEventsAt = new Float64Array(scores.length);
  let steps = 0;
  let i = events - 1;
  let j = nonEvents - 1;
  while (i >= 0 || j >= 0) {
    const at = i < 0 || (j >= 0 && down[j]! > up[i]!) ? down[j]! : up[i]!;
    scores[steps] = at;
    for (; i >= 0 && up[i] === at; i--) eventsAt[steps]!++;
    for (; j >= 0 && down[j] === at; j--) nonEventsAt[steps]!++;
    steps++;
  }
  const short = { scores: scores.slice(0, steps), eventsAt: eventsAt.slice(0, steps) };
  const rest = nonEventsAt.slice(0, steps);
  return {
    events,
    nonEvents,
    ...short,
    nonEventsAt: rest,
    eventSquaresAt: short.eventsAt,
    nonEventSquaresAt: rest,
  };
}

/** With weights: one sort of the rows. */
function weighted(actual: ArrayLike<number>, score: Float64Array, weight: ArrayLike<number>): Steps {
  const order = ascendingRows(score).reverse();
  const [scores, eventsAt, nonEventsAt, eventSquaresAt, nonEventSquaresAt] = Array.from(
    { length: 5 },
    () => new Float64Array(order.length),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  let steps = 0;
  order.forEach((row, place) => {
    if (place > 0 && score[row] !== scores[steps]) steps++;
    scores[steps] = score[row]!;
    const w = weight[row]!;
    const event = actual[row] === 1;
    (event ? eventsAt : nonEventsAt)[steps]! += w;
    (event ? eventSquaresAt : nonEventSquaresAt)[steps]! += w * w;
  });
  return {
    events: sum(eventsAt),
    nonEvents: sum(nonEventsAt),
    scores: scores.slice(0, steps + 1),
    eventsAt: eventsAt.slice(0, steps + 1),
    nonEventsAt: nonEventsAt.slice(0, steps + 1),
    eventSquaresAt: eventSquaresAt.slice(0, steps + 1),
    nonEventSquaresAt: nonEventSquaresAt.slice(0, steps + 1),
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
 * each event's and each non-event's share of rightly ranked partners; with weights the variance of their weighted means,
 * m/(m − 1)·Σw²(V − AUC)²/(Σw)². `null` with fewer than two rows of a class.
 */
export function rankedAucStandardError(ranks: Ranking): number | null {
  const { rows, eventRows, events, nonEvents, eventsAt, nonEventsAt, eventSquaresAt, nonEventSquaresAt } = ranks;
  const nonEventRows = rows - eventRows;
  if (eventRows < 2 || nonEventRows < 2) return null;
  const auc = rankedAuc(ranks);
  let above = 0;
  let below = nonEvents;
  const ofEvents = new Float64Array(eventsAt.length);
  const ofNonEvents = new Float64Array(eventsAt.length);
  for (let k = 0; k < eventsAt.length; k++) {
    below -= nonEventsAt[k]!;
    ofEvents[k] = eventSquaresAt[k]! * ((below + nonEventsAt[k]! / 2) / nonEvents - auc) ** 2;
    ofNonEvents[k] = nonEventSquaresAt[k]! * ((above + eventsAt[k]! / 2) / events - auc) ** 2;
    above += eventsAt[k]!;
  }
  return Math.sqrt(
    (sum(ofEvents) * eventRows) / (eventRows - 1) / events ** 2 +
      (sum(ofNonEvents) * nonEventRows) / (nonEventRows - 1) / nonEvents ** 2,
  );
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

/** Weight of the first ⌈n·group/groups⌉ of n rows, were all rows of equal weight. */
export function topWeight({ rows, events, nonEvents }: Ranking, group: number, groups: number): number {
  return (Math.ceil((rows * group) / groups) * (events + nonEvents)) / rows;
}

/** Lift of the top tenth, ⌈n/10⌉ rows: their event rate over that of all rows. */
export function rankedTopDecileLift(ranks: Ranking): number {
  const { events, nonEvents, eventsAt, nonEventsAt } = ranks;
  const top = topWeight(ranks, 1, 10);
  let hits = 0;
  let left = top;
  for (let k = 0; left > 0 && k < eventsAt.length; k++) {
    const here = eventsAt[k]! + nonEventsAt[k]!;
    hits += here <= left ? eventsAt[k]! : (eventsAt[k]! * left) / here;
    left -= here;
  }
  return hits / top / (events / (events + nonEvents));
}
