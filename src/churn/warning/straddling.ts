import { fail } from '../../errors.ts';
import { list } from '../../model/options.ts';
import { type Labels, labelReader } from './columns.ts';

export interface StraddleGroup {
  /** null: the rows without a group, listed when there are any. */
  readonly group: string | null;
  /** Rows with an interval. */
  readonly rows: number;
  readonly count: number;
  /** Of those rows; null when there are none. */
  readonly share: number | null;
}

/** Customers whose interval holds a cut, so that it is not sure on which side of it they are. */
export interface Straddling extends Omit<StraddleGroup, 'group'> {
  /** Rows without an interval. */
  readonly leftOut: number;
  readonly groups: readonly StraddleGroup[];
}

/**
 * Counts the customers whose interval of p holds one of the cuts, `low ≤ cut ≤ high`, in all and by group: borderline ones,
 * whom the estimate alone puts on a side.
 * @param interval as `probabilityInterval` gives it; NaN is null.
 * @param cuts of the probability; a cut c of loyalty 1 − p is `1 − c`.
 * @throws wrong-length; invalid-option for a cut outside [0, 1]; invalid-value for an interval upside down.
 * @example straddling({ low: [0.1, 0.3], high: [0.4, 0.6] }, [0.2]).count // 1
 */
export function straddling(
  { low, high }: { readonly low: ArrayLike<number>; readonly high: ArrayLike<number> },
  cuts: readonly number[],
  groups?: Labels,
): Straddling {
  checkCuts(cuts);
  const rows = low.length;
  if (high.length !== rows) fail('wrong-length', `high has ${high.length} rows, low has ${rows}`);
  const groupOf = labelReader(groups, rows, 'groups');
  const levels = groups && 'codes' in groups ? groups.levels : [];
  const counts = new Map<string | null, { rows: number; count: number }>(
    levels.map((level) => [level, { rows: 0, count: 0 }]),
  );
  const all = { rows: 0, count: 0 };
  for (let row = 0; row < rows; row++) {
    const [from, to] = [low[row]!, high[row]!];
    if (from !== from || to !== to) continue;
    if (from > to) fail('invalid-value', `interval, row ${row}: [${from}, ${to}] is upside down`);
    const cell = groupOf(row);
    const group = cell === null ? null : String(cell);
    const own = counts.get(group) ?? { rows: 0, count: 0 };
    counts.set(group, own);
    const held = holdsCut(from, to, cuts) ? 1 : 0;
    for (const part of [all, own]) {
      part.rows++;
      part.count += held;
    }
  }
  const share = (part: { rows: number; count: number }): number | null =>
    part.rows > 0 ? part.count / part.rows : null;
  return {
    ...all,
    share: share(all),
    leftOut: rows - all.rows,
    groups: groups ? [...counts].map(([group, part]) => ({ group, ...part, share: share(part) })) : [],
  };
}

/** Stops for a cut of a probability outside [0, 1]. */
export function checkCuts(cuts: readonly number[]): void {
  for (const cut of list(cuts, 'cuts'))
    if (!(cut >= 0 && cut <= 1)) fail('invalid-option', `invalid cut: ${cut}; use [0, 1]`);
}

export const holdsCut = (low: number, high: number, cuts: readonly number[]): boolean =>
  cuts.some((cut) => low <= cut && cut <= high);
