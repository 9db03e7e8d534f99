import { readCategories, readDays } from '../columns/index.ts';
import { fail } from '../errors.ts';
import type { PlainColumn } from '../model/batch.ts';
import { knownOptions } from '../model/options.ts';
import { stageCodes } from './ladder-counts.ts';
import { STAGES, type StageKey } from './ladder-stages.ts';

/** A dated history: from that day on the customer stands on that stage, until the next row. Row order does not matter. */
export interface StageHistory {
  readonly customer: PlainColumn;
  /** Whole days since 1970-01-01, or ISO text. */
  readonly day: PlainColumn;
  readonly stage: PlainColumn;
}

/** How long customers stay on one stage, in whole days. */
export interface StageTime {
  readonly stage: StageKey;
  readonly stays: number;
  /** Stays that ended in another stage. */
  readonly ended: number;
  /** Stays that went on at the end of the history: their length is a lower bound. */
  readonly ongoing: number;
  readonly totalDays: number;
  /** totalDays ÷ ended: the mean stay when leaving is equally likely on every day. null when none ended. */
  readonly meanDays: number | null;
  /** Kaplan–Meier median: the first day by which half have left. null when it lies beyond what was seen. */
  readonly medianDays: number | null;
}

export interface TimeInStage {
  readonly stages: readonly StageTime[];
  /** Rows after the end. */
  readonly after: number;
  /** Rows with a null. */
  readonly nulls: number;
}

/**
 * Time in each stage of the ladder from a dated history (S61), stays that go on counted as censored at `end`. Neighbouring
 * rows of one stage are one stay; a stage entered twice gives two stays.
 *
 * @param end day on which the history was taken, ISO text or whole days since 1970-01-01
 * @throws invalid-value for an unknown stage, for a cell that is not a day, and for two stages of a customer on one day.
 * @example
 * timeInStage({ customer: ['a', 'a'], day: [0, 10], stage: ['prospect', 'first-time-buyer'] }, { end: 30 })
 *   .stages[1].meanDays // 10
 */
export function timeInStage(history: StageHistory, options: { readonly end: string | number }): TimeInStage {
  const { end } = knownOptions(options, 'timeInStage', 'end');
  const last = readDays({ end: typeof end === 'string' ? [end] : [end] }, 'end')[0]!;
  if (last !== last) fail('invalid-option', `invalid end: ${end}; use a day`);
  const { codes: customer, levels } = readCategories({ customer: history.customer }, 'customer');
  const day = readDays({ day: history.day }, 'day');
  const stage = stageCodes(history.stage, 'stage');
  if (day.length !== customer.length || stage.length !== customer.length)
    fail('wrong-length', `customer, day and stage have ${customer.length}, ${day.length} and ${stage.length} rows`);
  let [after, nulls] = [0, 0];
  const used: number[] = [];
  customer.forEach((code, row) => {
    if (code < 0 || stage[row]! < 0 || day[row] !== day[row]) nulls++;
    else if (day[row]! > last) after++;
    else used.push(row);
  });
  used.sort((a, b) => customer[a]! - customer[b]! || day[a]! - day[b]!);
  const stays = STAGES.map((): Stay[] => []);
  let start = -1;
  used.forEach((row, k) => {
    const next = used[k + 1];
    const same = next !== undefined && customer[next] === customer[row];
    if (start < 0) start = row;
    if (same && stage[next] === stage[row]) return;
    if (same && day[next] === day[row])
      fail(
        'invalid-value',
        `customer ${JSON.stringify(levels[customer[row]!])} has two stages on day ${day[row]}: keep the one at its end`,
      );
    stays[stage[row]!]!.push({ days: (same ? day[next]! : last) - day[start]!, ended: same });
    start = -1;
  });
  return {
    stages: STAGES.map((key, s): StageTime => {
      const own = stays[s]!;
      const ended = own.filter((stay) => stay.ended).length;
      const totalDays = own.reduce((total, { days }) => total + days, 0);
      return {
        stage: key,
        stays: own.length,
        ended,
        ongoing: own.length - ended,
        totalDays,
        meanDays: ended === 0 ? null : totalDays / ended,
        medianDays: medianStay(own),
      };
    }),
    after,
    nulls,
  };
}

interface Stay {
  readonly days: number;
  readonly ended: boolean;
}

/** Kaplan–Meier: the share that stays beyond each day on which one left; a stay censored that day was still at risk. */
function medianStay(stays: readonly Stay[]): number | null {
  const sorted = [...stays].sort((a, b) => a.days - b.days);
  let surviving = 1;
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    const { days } = sorted[from]!;
    let left = 0;
    for (; to < sorted.length && sorted[to]!.days === days; to++) if (sorted[to]!.ended) left++;
    surviving *= 1 - left / (sorted.length - from);
    // Rounding apart: (3/4)·(2/3) is one half.
    if (left > 0 && surviving <= 0.5 + 1e-12) return days;
  }
  return null;
}
