import { fail } from '../errors.ts';
import { isCategory, pick, type Table, texts } from './table.ts';

export interface JoinReport {
  /** Rows of the left table without a partner. */
  readonly leftUnmatched: number;
  /** Rows of the right table without a partner; they are dropped. */
  readonly rightUnmatched: number;
}

/** What customers without a partner get: nulls, zeros in number columns (null in others), or no row at all. */
export type Unmatched = 'null' | 'zero' | 'drop';

/** Adds the right table's columns to the left one by a key that occurs at most once on each side. */
export function join(
  left: Table,
  right: Table,
  { on, rightOn = on, unmatched }: { readonly on: string; readonly rightOn?: string; readonly unmatched: Unmatched },
): { readonly table: Table; readonly report: JoinReport } {
  const leftKeys = texts(left, on);
  const rightKeys = texts(right, rightOn);
  const rightRow = rowsByKey(rightKeys, rightOn);
  rowsByKey(leftKeys, on);
  const partner = Int32Array.from(leftKeys, (key) => (key === null ? -1 : (rightRow.get(key) ?? -1)));
  const matched = partner.reduce((n, row) => n + (row < 0 ? 0 : 1), 0);
  const report = { leftUnmatched: partner.length - matched, rightUnmatched: rightKeys.length - matched };

  const { [rightOn]: _key, ...rest } = right;
  for (const name of Object.keys(rest))
    if (Object.hasOwn(left, name)) fail('output-taken', `join: both tables have a column "${name}": rename one`);
  if (unmatched === 'drop') {
    const kept = Int32Array.from(partner.keys()).filter((row) => partner[row]! >= 0);
    return {
      table: {
        ...pick(left, kept),
        ...pick(
          rest,
          partner.filter((row) => row >= 0),
        ),
      },
      report,
    };
  }
  const added = pick(rest, partner);
  if (unmatched === 'zero')
    for (const column of Object.values(added))
      if (!isCategory(column))
        partner.forEach((row, i) => {
          if (row < 0) column[i] = 0;
        });
  return { table: { ...left, ...added }, report };
}

function rowsByKey(keys: readonly (string | null)[], name: string): Map<string, number> {
  const rows = new Map<string, number>();
  keys.forEach((key, row) => {
    if (key === null) return;
    if (rows.has(key))
      fail(
        'invalid-value',
        `join: "${name}" ${JSON.stringify(key)} occurs in rows ${rows.get(key)} and ${row}: make it one row per customer`,
      );
    rows.set(key, row);
  });
  return rows;
}
