import { readNumbers, rowCount } from '../columns/index.ts';
import { fail } from '../errors.ts';
import type { CategoryColumn, PlainColumn } from '../model/batch.ts';
import { knownOptions } from '../model/options.ts';

/** A relation begins by exploration, builds up, is stable, and may decline from any of these but the first. */
export type LifeCyclePhase = 'exploration' | 'build-up' | 'stability' | 'decline';
const PHASES = ['exploration', 'build-up', 'stability'] as const satisfies readonly LifeCyclePhase[];

/** How far a relation came before it ended: 早期流产, 中途夭折, 提前退出, 长久保持. */
export type LifeCyclePattern = 'early-death' | 'mid-way-death' | 'early-exit' | 'long-lasting' | 'unclassified';
const PATTERNS: readonly LifeCyclePattern[] = [
  'early-death',
  'mid-way-death',
  'early-exit',
  'long-lasting',
  'unclassified',
];

export interface LifeCycleThresholds {
  /** Value per period from which a relation builds up. */
  readonly buildUp: number;
  /** Value per period from which it is stable; above `buildUp`. */
  readonly stability: number;
  /** A period below this share of the best one so far is in decline. Default: 0.5. */
  readonly decline?: number;
}

export interface LifeCycleOptions extends LifeCycleThresholds {
  /** Relations known for fewer periods are unclassified. Default: 3. */
  readonly minimumPeriods?: number;
  /** Periods in stability that make a relation long-lasting though it has ended. Default: none do. */
  readonly longLasting?: number;
}

/**
 * The phase of every period of one relation (S15), first period first. Exploration turns into build-up in the first period
 * with a value of `buildUp` or more, and either into stability in the first with `stability` or more; there is no way back.
 * After exploration a period below `decline` times the best value so far is in decline, until a better one.
 *
 * @throws ClienteleError `invalid-option`; `invalid-value` for a value that is not finite.
 * @example lifeCyclePhases([5, 40, 100, 95, 30], { buildUp: 20, stability: 80 })
 * // ['exploration', 'build-up', 'stability', 'stability', 'decline']
 */
export function lifeCyclePhases(series: ArrayLike<number>, thresholds: LifeCycleThresholds): readonly LifeCyclePhase[] {
  const { buildUp, stability, decline } = checkedThresholds(thresholds);
  let reached = 0;
  let best = Number.NEGATIVE_INFINITY;
  return Array.from(series, (value, t) => {
    if (!Number.isFinite(value)) fail('invalid-value', `period ${t + 1}: ${value} is not finite`);
    best = Math.max(best, value);
    reached = Math.max(reached, value >= stability ? 2 : value >= buildUp ? 1 : 0);
    return reached > 0 && value < decline * best ? 'decline' : PHASES[reached]!;
  });
}

export interface LifeCyclePatterns {
  /** The pattern of every customer. */
  readonly patterns: CategoryColumn;
  /** All five patterns. */
  readonly counts: readonly {
    readonly pattern: LifeCyclePattern;
    readonly count: number;
    /** Of all customers; null when there are none. */
    readonly share: number | null;
  }[];
  /** Why customers are unclassified. */
  readonly unclassified: {
    /** Fewer periods than `minimumPeriods`. */
    readonly short: number;
    /** Still active and not in stability: how it ends is open. */
    readonly open: number;
    /** A null between known periods, or no word on whether the relation has ended. */
    readonly unknown: number;
  };
}

/**
 * Life-cycle pattern of each customer from the value of each period (S15). By the phase an ended relation had reached:
 * exploration is early death, build-up mid-way death, stability early exit, or long-lasting when it held for `longLasting`
 * periods. An active customer in stability is long-lasting. Many early deaths point to trouble in winning customers, many
 * early exits to trouble in keeping them.
 *
 * @param periods one column per period, oldest first; nulls before the first known period and after the last one lie
 *   outside the relation.
 * @param active 1 or true: the relation lasts; 0 or false: it has ended.
 * @throws ClienteleError `empty-input` without periods; `wrong-length`; `invalid-option`; `invalid-value` for an `active`
 *   other than 0 or 1.
 * @example
 * lifeCyclePatterns([[5, 5], [40, 6], [100, 4]], [true, false], { buildUp: 20, stability: 80 }).patterns.codes
 * // Int32Array [3, 0]: long-lasting, early-death
 */
export function lifeCyclePatterns(
  periods: readonly PlainColumn[],
  active: PlainColumn,
  options: LifeCycleOptions,
): LifeCyclePatterns {
  const { minimumPeriods = 3, longLasting } = knownOptions(
    options,
    'lifeCyclePatterns',
    'minimumPeriods longLasting buildUp stability decline',
  );
  if (!(Number.isInteger(minimumPeriods) && minimumPeriods >= 1))
    fail('invalid-option', `invalid minimumPeriods: ${minimumPeriods}; use a whole number of at least 1`);
  if (longLasting !== undefined && !(Number.isInteger(longLasting) && longLasting >= 1))
    fail('invalid-option', `invalid longLasting: ${longLasting}; use a whole number of at least 1`);
  checkedThresholds(options);
  if (periods.length === 0) fail('empty-input', 'no period given: pass one column per period');
  const batch = Object.fromEntries([['active', active], ...periods.map((column, t) => [`period ${t + 1}`, column])]);
  const rows = rowCount(batch);
  const values = periods.map((_, t) => readNumbers(batch, `period ${t + 1}`));
  const lasts = readNumbers(batch, 'active');
  const unclassified = { short: 0, open: 0, unknown: 0 };

  const classify = (row: number): LifeCyclePattern => {
    const flag = lasts[row]!;
    if (flag === flag && flag !== 0 && flag !== 1)
      fail('invalid-value', `active, row ${row}: ${flag}; use 1 for active and 0 for ended`);
    const cells = values.map((column) => column[row]!);
    const first = cells.findIndex(known);
    const series = first < 0 ? [] : cells.slice(first, cells.findLastIndex(known) + 1);
    const aside = (why: keyof typeof unclassified): LifeCyclePattern => {
      unclassified[why]++;
      return 'unclassified';
    };
    if (flag !== flag || series.some((x) => x !== x)) return aside('unknown');
    if (series.length < minimumPeriods) return aside('short');
    const phases = lifeCyclePhases(series, options);
    if (flag === 1) return phases.at(-1) === 'stability' ? 'long-lasting' : aside('open');
    const stable = phases.filter((phase) => phase === 'stability').length;
    if (stable > 0) return stable >= (longLasting ?? Number.POSITIVE_INFINITY) ? 'long-lasting' : 'early-exit';
    return phases.includes('build-up') ? 'mid-way-death' : 'early-death';
  };
  const codes = Int32Array.from({ length: rows }, (_, row) => PATTERNS.indexOf(classify(row)));
  const counts = PATTERNS.map((pattern, p) => {
    const count = codes.reduce((n, code) => n + (code === p ? 1 : 0), 0);
    return { pattern, count, share: rows > 0 ? count / rows : null };
  });
  return { patterns: { codes, levels: PATTERNS }, counts, unclassified };
}

const known = (x: number): boolean => !Number.isNaN(x);

function checkedThresholds({ buildUp, stability, decline = 0.5 }: LifeCycleThresholds): Required<LifeCycleThresholds> {
  if (!(buildUp > 0 && stability > buildUp && stability < Number.POSITIVE_INFINITY))
    fail(
      'invalid-option',
      `invalid thresholds: buildUp ${buildUp}, stability ${stability}; use 0 < buildUp < stability`,
    );
  if (!(decline >= 0 && decline <= 1)) fail('invalid-option', `invalid decline: ${decline}; use [0, 1]`);
  return { buildUp, stability, decline };
}
