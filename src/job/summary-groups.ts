import { readCategories } from '../columns/whole.ts';
import { crossTable, groupSummary } from '../economics/index.ts';
import { sum } from '../numerics/sum.ts';
import { columnOf as get, isCategory, numbersOf as numbers, type Table } from './table.ts';

/** Expected against actual over the scored customers. */
export interface Comparison {
  readonly expected: string;
  readonly actual: string;
  readonly rows: number;
  readonly expectedTotal: number;
  readonly actualTotal: number;
}

export interface GroupMeans {
  readonly of: string;
  readonly by: string;
  readonly groups: readonly {
    readonly group: string | null;
    readonly customers: number;
    readonly mean: number | null;
  }[];
}

/** Share of each segment within each level of a column. */
export interface LevelShares {
  readonly column: string;
  readonly levels: readonly {
    readonly level: string;
    readonly customers: number;
    readonly shares: readonly (number | null)[];
  }[];
}

export function sharesBy(all: Table, column: string, segment: string): LevelShares {
  const table = crossTable(get(all, column), get(all, segment));
  return {
    column,
    levels: table.rowLevels.map((level, r) => ({ level, customers: table.rowTotals[r]!, shares: table.rowShares[r]! })),
  };
}

export function compared(all: Table, expected: string, actual: string): Comparison {
  const guess = numbers(all, expected);
  const truth = numbers(all, actual);
  const known = Int32Array.from(guess.keys()).filter((row) => !Number.isNaN(guess[row]! + truth[row]!));
  return {
    expected,
    actual,
    rows: known.length,
    expectedTotal: sum(Float64Array.from(known, (row) => guess[row]!)),
    actualTotal: sum(Float64Array.from(known, (row) => truth[row]!)),
  };
}

export function meansBy(all: Table, of: string, by: string): GroupMeans {
  const rows = groupSummary(get(all, by), { of: numbers(all, of) });
  const sorted = isCategory(get(all, by))
    ? rows
    : [...rows].sort((a, b) => Number(a.group ?? Infinity) - Number(b.group ?? Infinity));
  return {
    of,
    by,
    groups: sorted.map(({ group, count, measures }) => ({ group, customers: count, mean: measures.of.mean })),
  };
}

export function countOf(all: Table, name: string, level: string): number {
  const { codes, levels } = readCategories({ [name]: get(all, name) }, name);
  const code = levels.indexOf(level);
  return codes.reduce((n, c) => n + (c === code ? 1 : 0), 0);
}
