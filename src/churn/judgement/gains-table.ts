import { knownOptions } from '../../model/options.ts';
import { checkCount } from '../metrics.ts';
import { type Ranking, ranking, topWeight, type Weighted } from '../metrics-ranking.ts';

/** One group of a gains table; rows and events are weights where there are weights, and broken where a tie is shared. */
export interface GainsRow {
  /** 1 holds the highest scores. */
  readonly group: number;
  readonly rows: number;
  readonly events: number;
  /** null in a group without rows, as are lift and scores. */
  readonly eventRate: number | null;
  /** eventRate / base rate. */
  readonly lift: number | null;
  readonly highestScore: number | null;
  readonly lowestScore: number | null;
  /** Of this group and all above. */
  readonly cumulativeRows: number;
  readonly cumulativeEvents: number;
  /** Share of all events captured. */
  readonly gain: number;
  readonly cumulativeLift: number;
}

/**
 * Lift and gains by groups of equal size from the highest score down: group g ends after ⌈n·g/groups⌉ rows. Equal scores
 * that a limit cuts share their expected events.
 *
 * @throws as `rocAuc`; invalid-option unless `groups` is a whole number of at least 1.
 * @example gainsTable([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], { groups: 2 })[0].gain // 0.5
 */
export function gainsTable(
  actual: ArrayLike<number>,
  score: ArrayLike<number>,
  options: Weighted & { readonly groups?: number } = {},
): readonly GainsRow[] {
  const { groups = 10, weight } = knownOptions(options, 'gainsTable', 'weight groups');
  return rankedGains(ranking(actual, score, weight), groups);
}

/** {@link gainsTable} of rows that are ranked already. */
export function rankedGains(ranks: Ranking, groups: number): readonly GainsRow[] {
  checkCount(groups, 'groups');
  const { events, nonEvents, scores, eventsAt, nonEventsAt } = ranks;
  const baseRate = events / (events + nonEvents);
  const out: GainsRow[] = [];
  let step = 0;
  /** Of the current step, already given out. */
  let used = 0;
  let rowsBefore = 0;
  let eventsBefore = 0;
  for (let group = 1; group <= groups; group++) {
    const limit = group === groups ? events + nonEvents : topWeight(ranks, group, groups);
    let left = limit - rowsBefore;
    const first = step;
    let own = 0;
    while (left > 0 && step < scores.length) {
      const here = eventsAt[step]! + nonEventsAt[step]!;
      const taken = Math.min(here - used, left);
      own += taken === here ? eventsAt[step]! : (eventsAt[step]! * taken) / here;
      left -= taken;
      used += taken;
      // A limit at the end of a step opens the next one.
      if (used >= here) {
        step++;
        used = 0;
      }
    }
    const lastStep = used > 0 ? step : step - 1;
    const rows = limit - rowsBefore;
    const cumulativeEvents = group === groups ? events : eventsBefore + own;
    out.push({
      group,
      rows,
      events: cumulativeEvents - eventsBefore,
      eventRate: rows > 0 ? own / rows : null,
      lift: rows > 0 ? own / rows / baseRate : null,
      highestScore: rows > 0 ? scores[Math.min(first, scores.length - 1)]! : null,
      lowestScore: rows > 0 ? scores[lastStep]! : null,
      cumulativeRows: limit,
      cumulativeEvents,
      gain: cumulativeEvents / events,
      cumulativeLift: cumulativeEvents / limit / baseRate,
    });
    rowsBefore = limit;
    eventsBefore = cumulativeEvents;
  }
  return out;
}
