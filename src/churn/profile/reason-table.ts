import { rowCount } from '../../columns/batch.ts';
import { columnKind, readCategories } from '../../columns/whole.ts';
import { abcClasses } from '../../economics/abc-classes.ts';
import { fail } from '../../errors.ts';
import type { CategoryColumn, PlainColumn } from '../../model/batch.ts';
import { knownOptions, list } from '../../model/options.ts';

export interface ReasonColumns {
  /** The coded reason of every leaver. */
  readonly reason: PlainColumn;
  /** When they left, such as `2024-03`. */
  readonly period?: PlainColumn;
}

export interface ReasonOptions {
  /** Codes that say nothing, such as `'other'`; they count as unknown, as nulls do. */
  readonly unknown?: readonly string[];
  /** Cumulative shares that end all classes but the last, rising. Default: 0.8, 0.95. */
  readonly shares?: readonly number[];
  /** Names of the classes, one more than shares. Default: A, B, C. */
  readonly classes?: readonly string[];
}

export interface ReasonRow {
  readonly reason: string;
  readonly leavers: number;
  /** Share of the leavers whose reason is known. */
  readonly share: number;
  /** Share of this reason and of those before it. */
  readonly cumulativeShare: number;
  readonly class: string;
}

export interface ReasonPeriod {
  /** Null for leavers whose period is null: the last row, if there are any. */
  readonly period: string | null;
  readonly leavers: number;
  readonly unknown: number;
  /** By reason, in the order of the table. */
  readonly counts: readonly number[];
  /** counts / leavers of the period whose reason is known; null when there are none. */
  readonly shares: readonly (number | null)[];
}

export interface ReasonTable {
  readonly leavers: number;
  /** Leavers without a reason. */
  readonly unknown: number;
  /** unknown / leavers. */
  readonly shareUnknown: number;
  /** From the most frequent down; equal ones by code. Empty when all are unknown. */
  readonly reasons: readonly ReasonRow[];
  /** Ascending: by number, or by text. Empty without `period`. */
  readonly periods: readonly ReasonPeriod[];
}

/**
 * Pareto table of the reasons for leaving (S87): counts, shares, cumulative shares and ABC classes. A reason is in class A
 * when the share *before* it is below the first limit, so the one that crosses it is still in A. Shares are of the leavers
 * whose reason is known; nulls and the codes named `unknown` are counted beside. Periods are compared over the same reasons.
 *
 * @throws empty-input without a row; wrong-length; invalid-option.
 * @example
 * const { reasons } = reasonTable({ reason: ['price', 'service', 'price', null, 'price'] });
 * reasons.map(({ reason, share, class: abc }) => [reason, share, abc]) // [['price', 0.75, 'A'], ['service', 0.25, 'A']]
 */
export function reasonTable(columns: ReasonColumns, options: ReasonOptions = {}): ReasonTable {
  const {
    unknown = [],
    shares = [0.8, 0.95],
    classes = ['A', 'B', 'C'],
  } = knownOptions(options, 'reasonTable', 'unknown shares classes');
  const { reason, period } = columns;
  const leavers = rowCount(period === undefined ? { reason } : { reason, period });
  if (leavers === 0) fail('empty-input', 'there are no leavers to count reasons of');
  const nothing = new Set(list(unknown, 'unknown'));
  const { codes: own, levels } = readCategories({ reason }, 'reason');
  const counts = levels.map(() => 0);
  for (const code of own) if (code >= 0) counts[code]!++;
  const order = levels
    .map((_, code) => code)
    .filter((code) => counts[code]! > 0 && !nothing.has(levels[code]!))
    .sort((a, b) => counts[b]! - counts[a]! || (levels[a]! < levels[b]! ? -1 : 1));
  const ranked = order.map((code) => counts[code]!);
  const known = ranked.reduce((total, count) => total + count, 0);
  // Also checks the options, with a stand-in when no reason is known.
  const abc = abcClasses(known > 0 ? ranked : [1], { shares, classes }).classes;
  let running = 0;
  const reasons = order.map((code, i): ReasonRow => {
    running += ranked[i]!;
    return {
      reason: levels[code]!,
      leavers: ranked[i]!,
      share: ranked[i]! / known,
      cumulativeShare: running / known,
      class: classes[abc.codes[i]!]!,
    };
  });
  const place = new Map(order.map((code, i) => [code, i]));
  const codes = own.map((code) => place.get(code) ?? -1);
  return {
    leavers,
    unknown: leavers - known,
    shareUnknown: (leavers - known) / leavers,
    reasons,
    periods: period === undefined ? [] : byPeriod(codes, order.length, period),
  };
}

function byPeriod(reasons: Int32Array, size: number, period: PlainColumn): readonly ReasonPeriod[] {
  const { codes, levels }: CategoryColumn = readCategories({ period }, 'period');
  const numeric = columnKind({ period }, 'period') === 'number';
  const rows = [...levels, null].map(() => ({ leavers: 0, counts: Array.from({ length: size }, () => 0) }));
  for (let i = 0; i < codes.length; i++) {
    const row = rows[codes[i]! < 0 ? levels.length : codes[i]!]!;
    row.leavers++;
    if (reasons[i]! >= 0) row.counts[reasons[i]!]!++;
  }
  const order = levels
    .map((_, code) => code)
    .sort((a, b) => (numeric ? Number(levels[a]) - Number(levels[b]) : levels[a]! < levels[b]! ? -1 : 1));
  return [...order, levels.length]
    .filter((at) => rows[at]!.leavers > 0)
    .map((at) => {
      const { leavers, counts } = rows[at]!;
      const known = counts.reduce((total, count) => total + count, 0);
      return {
        period: levels[at] ?? null,
        leavers,
        unknown: leavers - known,
        counts,
        shares: counts.map((count) => (known > 0 ? count / known : null)),
      };
    });
}
