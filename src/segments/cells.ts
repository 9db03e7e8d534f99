import { type ErrorCode, fail } from '../errors.ts';
import type { TimeUnit } from '../model/field.ts';

/** A display name or sentence in both languages. */
export interface Names {
  readonly en: string;
  readonly zh: string;
}

/** What should be done about a segment: data to show and to filter by, never logic. */
export interface Strategy {
  /** 1 is served first. */
  readonly priority: number;
  /** Level of spending, such as `'none'`, `'low'`, `'moderate'`, `'high'`, `'highest'`. */
  readonly budget: string;
  /** Stable codes that a campaign system may act on. */
  readonly actions: readonly string[];
  readonly text: Names;
}

/** How often a customer of a segment may use a benefit: data to show and to check by, never logic. */
export interface Benefit {
  /** Stable code, such as `'airport-lounge'`. */
  readonly benefit: string;
  /** Uses per period; 0 or more. */
  readonly uses: number;
  readonly per: TimeUnit;
}

/** A segment as a model lists it: its key is the cell that scoring writes. */
export interface Segment {
  readonly key: string;
  readonly names?: Names;
  readonly strategy?: Strategy;
  /** Benefits with their quota. */
  readonly benefits?: readonly Benefit[];
  /** Expected size against an equal share; `segmentSizes` warns when a population contradicts it. */
  readonly usually?: 'small' | 'large';
}

/**
 * A segment and the part of a grid it covers: per axis a level, a list of levels or `'*'`. A cell `'rest'` takes the
 * combinations that no other cell covers.
 */
export interface Cell extends Segment {
  readonly when: readonly (string | readonly string[])[] | 'rest';
}

/** How cells lie over a grid: combinations of levels covered by none, by exactly one and by several of them. */
export interface Coverage {
  readonly combinations: number;
  readonly uncovered: readonly string[];
  readonly once: number;
  readonly overlapping: readonly string[];
  /** Per combination, first axis slowest, the first cell that covers it, or −1. */
  readonly first: readonly number[];
}

const MOST = 100_000;

/**
 * Counts how often each combination of levels is covered, so that a segment map can be judged before it is used.
 * @throws ClienteleError `invalid-option` for an unknown level or a wrong number of axes.
 * @example gridCoverage([['low', 'high']], [{ key: 'a', when: ['low'] }]).uncovered // ['high']
 */
export function gridCoverage(levels: readonly (readonly string[])[], cells: readonly Cell[]): Coverage {
  const combinations = levels.reduce((n, own) => n * own.length, 1);
  if (combinations > MOST)
    fail('invalid-option', `${combinations} combinations of levels; at most ${MOST} are allowed`);
  const wanted = cells.map((cell) => cell.when !== 'rest' && wantedCodes(cell, levels));
  const rest = cells.findIndex((cell) => cell.when === 'rest');
  const uncovered: string[] = [];
  const overlapping: string[] = [];
  const first: number[] = [];
  for (let index = 0; index < combinations; index++) {
    const codes = codesAt(index, levels);
    const hits = wanted.flatMap((sets, c) => (sets && codes.every((code, a) => sets[a]!.has(code)) ? [c] : []));
    if (hits.length === 0 && rest < 0) uncovered.push(nameOf(codes, levels));
    if (hits.length > 1) overlapping.push(nameOf(codes, levels));
    first.push(hits[0] ?? rest);
  }
  return {
    combinations,
    uncovered,
    once: combinations - uncovered.length - overlapping.length,
    overlapping,
    first,
  };
}

/** One cell per combination, its key the levels joined by "-". */
export function everyCell(levels: readonly (readonly string[])[]): readonly Cell[] {
  const combinations = levels.reduce((n, own) => n * own.length, 1);
  return Array.from({ length: combinations }, (_, index) => {
    const when = codesAt(index, levels).map((code, a) => levels[a]![code]!);
    return { key: when.join('-'), when };
  });
}

/** The cell of every combination; stops unless each is covered exactly once, or the first of several may win. */
export function cellTable(
  levels: readonly (readonly string[])[],
  cells: readonly Cell[],
  overlaps: 'refuse' | 'first',
  code: ErrorCode = 'invalid-option',
): readonly number[] {
  if (cells.length === 0) fail(code, 'cells: at least one is needed');
  if (new Set(cells.map((cell) => cell.key)).size !== cells.length) fail(code, 'cells: a key is repeated');
  if (cells.filter((cell) => cell.when === 'rest').length > 1) fail(code, `cells: only one may be 'rest'`);
  const { uncovered, overlapping, first } = gridCoverage(levels, cells);
  if (uncovered.length > 0) fail(code, `cells: no cell covers ${some(uncovered)}; add cells, or one with when: 'rest'`);
  if (overlapping.length > 0 && overlaps === 'refuse')
    fail(code, `cells: more than one cell covers ${some(overlapping)}; part them, or set overlaps: 'first'`);
  const idle = cells.find((_, c) => !first.includes(c));
  if (idle) fail(code, `cells: "${idle.key}" is never reached; leave it out`);
  return first;
}

function wantedCodes(cell: Cell, levels: readonly (readonly string[])[]): ReadonlySet<number>[] {
  if (cell.when.length !== levels.length)
    fail('invalid-option', `cell "${cell.key}": ${cell.when.length} conditions for ${levels.length} axes`);
  return levels.map((own, a) => {
    const wanted = cell.when[a]!;
    if (wanted === '*') return new Set(own.keys());
    return new Set(
      [wanted].flat().map((level) => {
        const code = own.indexOf(level as string);
        return code >= 0
          ? code
          : fail('invalid-option', `cell "${cell.key}": unknown level "${level}"; axis ${a} has ${own.join(', ')}`);
      }),
    );
  });
}

/** The level codes of a combination; the first axis is the slowest. */
function codesAt(index: number, levels: readonly (readonly string[])[]): number[] {
  const codes: number[] = [];
  for (let a = levels.length - 1; a >= 0; a--) {
    codes.unshift(index % levels[a]!.length);
    index = Math.floor(index / levels[a]!.length);
  }
  return codes;
}

const nameOf = (codes: readonly number[], levels: readonly (readonly string[])[]): string =>
  codes.map((code, a) => levels[a]![code]!).join('-');

const some = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
