import { readCategories } from '../columns/index.ts';
import { fail } from '../errors.ts';
import type { PlainColumn } from '../model/batch.ts';
import { DISQUALIFIED, STAGES, type StageKey } from './ladder-stages.ts';

/** One stage of a population. */
export interface StageCount {
  readonly stage: StageKey;
  readonly customers: number;
  /** Of all customers with a stage; null when there are none. */
  readonly share: number | null;
  /** Customers in this stage or a later one, disqualified prospects left out: the funnel. null for that stage itself. */
  readonly reached: number | null;
}

export interface StageCounts {
  readonly stages: readonly StageCount[];
  readonly customers: number;
  /** Customers whose stage is null. */
  readonly nulls: number;
}

/**
 * How many customers stand on each stage of the ladder (S61).
 * @throws invalid-value for a stage that the ladder does not have.
 * @example stageCounts(['suspect', 'advocate', 'suspect']).stages[0] // { stage: 'suspect', customers: 2, share: 2/3, reached: 3 }
 */
export function stageCounts(stages: PlainColumn): StageCounts {
  const codes = stageCodes(stages, 'stages');
  const counts = new Array<number>(STAGES.length).fill(0);
  for (const code of codes) if (code >= 0) counts[code]!++;
  const customers = counts.reduce((a, b) => a + b, 0);
  return {
    stages: STAGES.map((stage, s) => ({
      stage,
      customers: counts[s]!,
      share: customers === 0 ? null : counts[s]! / customers,
      reached:
        s === DISQUALIFIED
          ? null
          : counts.reduce((total, count, later) => (later < s || later === DISQUALIFIED ? total : total + count), 0),
    })),
    customers,
    nulls: codes.length - customers,
  };
}

/** Where the customers of each stage went between two dates. */
export interface StageConversion {
  readonly stages: readonly StageKey[];
  /** `counts[from][to]`. */
  readonly counts: readonly (readonly number[])[];
  /** counts ÷ those who started there; null for a stage where nobody started. */
  readonly rates: readonly (readonly (number | null)[])[];
  /** Share of each stage that climbed to a later one on the main path; null for a stage where nobody started. */
  readonly climbRates: readonly (number | null)[];
  /** Moved up, stayed, or fell on the main path. */
  readonly climbed: number;
  readonly stayed: number;
  readonly fell: number;
  /** Became a disqualified prospect. */
  readonly disqualified: number;
  /** Was a disqualified prospect and is one no longer. */
  readonly requalified: number;
  /** Customers without a stage at one of the dates. */
  readonly nulls: number;
}

/**
 * Conversion between the stages of the ladder from one date to another: row i of both columns is the same customer (S61).
 * The disqualified stage lies beside the main path: coming from there is a climb only to a buyer's stage.
 * @throws invalid-value for an unknown stage; wrong-length.
 * @example stageConversion(['suspect', 'prospect'], ['prospect', 'prospect']).climbed // 1
 */
export function stageConversion(before: PlainColumn, after: PlainColumn): StageConversion {
  const from = stageCodes(before, 'before');
  const to = stageCodes(after, 'after');
  if (from.length !== to.length)
    fail(
      'wrong-length',
      `after has ${to.length} rows, before has ${from.length}: give the same customers in one order`,
    );
  const counts = STAGES.map(() => STAGES.map(() => 0));
  let nulls = 0;
  from.forEach((f, row) => {
    const t = to[row]!;
    if (f < 0 || t < 0) nulls++;
    else counts[f]![t]!++;
  });
  const totals = counts.map((row) => row.reduce((a, b) => a + b, 0));
  const over = (part: number, f: number): number | null => (totals[f] === 0 ? null : part / totals[f]!);
  const total = (holds: (f: number, t: number) => boolean, only?: number): number =>
    counts.reduce(
      (sum, row, f) =>
        only === undefined || f === only ? row.reduce((n, count, t) => n + (holds(f, t) ? count : 0), sum) : sum,
      0,
    );
  const climbs = (f: number, t: number): boolean => t > f && t !== DISQUALIFIED;
  return {
    stages: STAGES,
    counts,
    rates: counts.map((row, f) => row.map((count) => over(count, f))),
    climbRates: STAGES.map((_, f) => over(total(climbs, f), f)),
    climbed: total((f, t) => f !== DISQUALIFIED && climbs(f, t)),
    stayed: total((f, t) => f === t),
    fell: total((f, t) => f !== DISQUALIFIED && t < f && t !== DISQUALIFIED),
    disqualified: total((f, t) => f !== DISQUALIFIED && t === DISQUALIFIED),
    requalified: total((f, t) => f === DISQUALIFIED && t !== DISQUALIFIED),
    nulls,
  };
}

/** Stages as codes of the ladder, −1 where null. */
export function stageCodes(column: PlainColumn, name: string): Int32Array {
  const { codes, levels } = readCategories({ [name]: column }, name);
  const stage = levels.map((level) => STAGES.indexOf(level as StageKey));
  return codes.map((code, row) => {
    if (code < 0) return -1;
    const own = stage[code]!;
    return own >= 0
      ? own
      : fail(
          'invalid-value',
          `${name}, row ${row}: unknown stage ${JSON.stringify(levels[code])}; the ladder has ${STAGES.join(', ')}`,
        );
  });
}
