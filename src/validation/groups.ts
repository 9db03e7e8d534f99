import { columnNames } from '../columns/batch.ts';
import { columnKind, readCategories, readNumbers } from '../columns/whole.ts';
import type { Columns } from '../model/batch.ts';

/** Groups 0, 1, … of equal values in order of first appearance; a row without a value is one of its own. */
export interface Groups {
  readonly of: Int32Array;
  readonly count: number;
}

/** The groups of the cells of some rows; NaN and negative codes are nulls. */
export function groupCells(cells: ArrayLike<number>, isNull: (cell: number) => boolean): Groups {
  const known = new Map<number, number>();
  const of = new Int32Array(cells.length);
  let count = 0;
  for (let i = 0; i < of.length; i++) {
    const cell = cells[i]!;
    const alone = isNull(cell);
    const own = alone ? undefined : known.get(cell);
    of[i] = own ?? count++;
    if (!alone && own === undefined) known.set(cell, of[i]!);
  }
  return { of, count };
}

/** The groups of a column. */
export function groupsOf(data: Columns, by: string): Groups {
  return columnKind(data, by) === 'category'
    ? groupCells(readCategories(data, by).codes, (code) => code < 0)
    : groupCells(readNumbers(data, by), (value) => value !== value);
}

/** The groups of some rows of a column. */
export function usedGroups(data: Columns, by: string, used: Int32Array): Groups {
  const { codes } = readCategories(data, by);
  return groupCells(
    Int32Array.from(used, (row) => codes[row]!),
    (code) => code < 0,
  );
}

/** `id`, `customer`, `customer_id`, `customerID`, `userId`. */
const LIKE_ID = /^(id|Id|ID|customer|Customer)$|[_ .-](id|Id|ID)$|[a-z](Id|ID)$/;
/** A customer has this many rows at most, on average: a column of more is no id. */
const MOST = 24;

/** Warns of a column that looks like the customer's id and has rows of one value in several folds. */
export function splitCustomers(data: Columns, foldOf: Int32Array, by: string | undefined): readonly string[] {
  return columnNames(data).flatMap((name) => {
    if (name === by || !LIKE_ID.test(name)) return [];
    const { of, count } = groupsOf(data, name);
    if (count * MOST < of.length) return [];
    const first = new Int32Array(count).fill(-1);
    const split = new Set<number>();
    of.forEach((group, row) => {
      if (first[group] === -1) first[group] = foldOf[row]!;
      else if (first[group] !== foldOf[row]) split.add(group);
    });
    return split.size === 0
      ? []
      : [
          `${split.size} values of "${name}" have rows in several folds, so that a customer is learned from and judged: name the customer's column in "by"`,
        ];
  });
}
