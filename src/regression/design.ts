import { fail } from '../errors.ts';
import type { CategoryTerm, LinearTerm, NumberTerm } from '../kernels/linear.ts';
import { plainRoom, type Room, roomFor, roomOf } from '../kernels/wasm/room.ts';
import { BLOCK } from './block.ts';
import { deviation, FACTS, facts, standardise } from './column-facts.ts';
import type { FeatureColumn } from './feature.ts';
import { blocksBytes } from './logistic-blocks.ts';

/** Widest design that is fitted; beyond it a category is most likely an identifier. */
const MAX_WIDTH = 1024;

/**
 * Features as design columns: a number gives one column, centred and divided by its standard deviation (population,
 * over the rows used; 0/1 flags are left as they are), and a category one 0/1 column per level but the reference.
 * A missing-indicator follows where `missing: 'level'` meets nulls. Blocks are filled on demand; what is laid out is 8 bytes per number and 1 per level.
 */
export interface Design {
  readonly rows: number;
  readonly width: number;
  readonly columns: readonly DesignColumn[];
  /** Features without a column, because they have one value only. */
  readonly constant: readonly string[];
  /** Features without a column, because they have no value at all. */
  readonly empty: readonly string[];
  /**
   * The cells of each column, numbers or flags of a byte each, as they are laid out in {@link room}; a number may be followed by
   * others.
   */
  readonly cells: readonly (Float64Array | Uint8Array)[];
  /** Writes rows `from … from + count` of every column. */
  fill(from: number, count: number, out: readonly Float64Array[]): void;
  /** Writes the {@link BLOCK} rows from `from`, a multiple of it, with column j at `out[at + j·BLOCK]`; returns how many there are. */
  fillBlock(from: number, out: Float64Array, at: number): number;
  /** Where the columns lie, with space for what is computed from them. */
  readonly room: Room;
  /** The terms of raw columns that weights per design column (on the scaled columns) amount to. */
  terms(weights: Float64Array): readonly LinearTerm[];
}

export interface DesignColumn {
  /** `tenure`, `Contract=One year`, `tenure=(missing)`. */
  readonly name: string;
  /** Index of the feature. */
  readonly feature: number;
  readonly mean: number;
  readonly scale: number;
  /** Of a 0/1 column: the level it stands for, −1 for a null. Absent: the number itself. */
  readonly code?: number;
}

/** More levels than this, and than half of the rows, are an identifier's: nothing is learned from them, at great length. */
const FEW_LEVELS = 50;

/**
 * The rows with `use` (a number, or what a function says) whose features are all known, or have a rule for nulls, and what to
 * warn of.
 */
export function usableRows(
  features: readonly FeatureColumn[],
  total: number,
  use: Float64Array | ((row: number) => boolean),
): { readonly rows: Int32Array; readonly warnings: readonly string[] } {
  const known = new Uint8Array(total);
  const candidates = typeof use === 'function' ? markWhere(use, known) : markNumbers(use, known);
  const candidate = known.slice();
  const nulls = features.map(({ values, codes, missing, complete }) => {
    const drops = missing === 'null';
    if (values === null) return codeNulls(codes!, candidate, known, drops);
    return complete ? 0 : numberNulls(values, candidate, known, drops);
  });
  const rows = new Int32Array(total);
  const count = placesOf(known, rows);
  const empty = nulls.findIndex((n, k) => n === candidates && features[k]!.missing === 'null');
  if (candidates > 0 && empty >= 0)
    fail('all-null', `feature "${features[empty]!.field.name}" is null in all ${candidates} rows: leave it out`);
  if (candidates > 0 && count === 0)
    fail('all-null', `every one of ${candidates} rows lacks some feature: state a "missing" rule for them`);
  for (const { field } of features) {
    const levels = field.levels?.length ?? 0;
    if (levels > FEW_LEVELS && 2 * levels > candidates)
      fail('invalid-value', `feature "${field.name}" has ${levels} levels in ${candidates} rows: is it an identifier?`);
  }
  const left = candidates - count;
  return {
    rows: count === total ? rows : rows.slice(0, count),
    warnings: [
      ...(left > 0 ? [`${left} rows with nulls in features are left out of the fit`] : []),
      ...features.flatMap((feature) => textNumbers(feature)),
    ],
  };
}

/** So many numbers may be a code; more are a quantity. */
const CODES = 10;
const NUMBER = /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i;

function textNumbers({ field: { name, levels = [] }, stored }: FeatureColumn): readonly string[] {
  if (!stored) return [];
  const filled = levels.filter((level) => level.trim() !== '');
  return filled.length > CODES && filled.every((level) => NUMBER.test(level))
    ? [
        `feature "${name}": its ${filled.length} levels are numbers written as text; read the column as numbers if their order matters`,
      ]
    : [];
}

function markWhere(use: (row: number) => boolean, flags: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < flags.length; i++)
    if (use(i)) {
      flags[i] = 1;
      count++;
    }
  return count;
}

function markNumbers(numbers: Float64Array, flags: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < flags.length; i++)
    if (numbers[i] === numbers[i]) {
      flags[i] = 1;
      count++;
    }
  return count;
}

/** How many candidates are null; with `drops` no null stays known. */
function codeNulls(codes: Int32Array, candidate: Uint8Array, known: Uint8Array, drops: boolean): number {
  let count = 0;
  for (let i = 0; i < codes.length; i++)
    if (codes[i]! < 0) {
      count += candidate[i]!;
      if (drops) known[i] = 0;
    }
  return count;
}

function numberNulls(values: Float64Array, candidate: Uint8Array, known: Uint8Array, drops: boolean): number {
  let count = 0;
  for (let i = 0; i < values.length; i++)
    if (values[i] !== values[i]) {
      count += candidate[i]!;
      if (drops) known[i] = 0;
    }
  return count;
}

/** The places of ones, ascending; returns how many there are. */
function placesOf(flags: Uint8Array, out: Int32Array): number {
  let count = 0;
  for (let i = 0; i < flags.length; i++) {
    out[count] = i;
    count += flags[i]!;
  }
  return count;
}

/** Below so many cells a memory for WASM costs more than it saves. */
const SMALL = 32_768;

interface Builder {
  readonly rows: Int32Array;
  readonly room: Room;
  readonly columns: DesignColumn[];
  readonly cells: (Float64Array | Uint8Array)[];
  readonly terms: ((weights: Float64Array) => LinearTerm)[];
  readonly constant: string[];
  readonly empty: string[];
}

/** A memory for the columns, of which `flags` are one byte per row, and for blocks of all. */
function roomForColumns(rows: number, numbers: number, flags: number): Room {
  return rows * (numbers + flags) < SMALL
    ? plainRoom
    : roomOf(8 * paddedRows(rows) * numbers + roomFor(rows) * flags + blocksBytes(1 + numbers + flags));
}

/** Whole blocks, and so many more that columns which follow each other do not compete for the same places of a cache. */
const paddedRows = (rows: number): number => BLOCK * (Math.ceil(rows / BLOCK) | 1) + 8;

/** Learns means, scales and reference levels from the given rows. */
export function buildDesign(features: readonly FeatureColumn[], rows: Int32Array): Design {
  const numbers = features.filter(({ values }) => values !== null).length;
  const flags = features.reduce(
    (sum, { field, missing }) => sum + (field.levels?.length ?? 0) + (missing === 'level' ? 1 : 0),
    0,
  );
  const room = roomForColumns(rows.length, numbers, flags);
  const built: Builder = { rows, room, columns: [], cells: [], terms: [], constant: [], empty: [] };
  const found = room.float64(FACTS);
  features.forEach((feature, index) => {
    if (feature.values !== null) addNumber(built, feature, index, found);
    else addCategory(built, feature, index);
  });
  const { columns, cells, terms, constant, empty } = built;
  return {
    rows: rows.length,
    width: columns.length,
    columns,
    constant,
    empty,
    cells,
    room,
    fill: (from, count, out) =>
      cells.forEach((own, j) => {
        out[j]!.set(own.subarray(from, from + count));
      }),
    fillBlock(from, out, at) {
      const count = Math.min(BLOCK, rows.length - from);
      for (let j = 0; j < cells.length; j++) out.set(cells[j]!.subarray(from, from + count), at + j * BLOCK);
      return count;
    },
    terms: (weights) => terms.map((term) => term(weights)),
  };
}

/** Stops where a feature makes the design too wide. */
function checkWidth({ columns }: Builder, { field }: FeatureColumn, more: number): void {
  if (columns.length + more > MAX_WIDTH)
    fail(
      'invalid-value',
      `feature "${field.name}" makes the design wider than ${MAX_WIDTH} columns` +
        ` (${field.levels?.length ?? 1} levels): is it an identifier?`,
    );
}

function addNumber(built: Builder, given: FeatureColumn, feature: number, found: Float64Array): void {
  const { field, missing } = given;
  const column = field.name;
  const rows = built.rows.length;
  const cells = built.room.float64(paddedRows(rows));
  cells.set(gather(given.values!, built.rows));
  const { known, constant, flag, mean: average } = facts(cells, rows, found);
  const absent = rows - known;
  const mean = flag || constant ? 0 : average;
  const scale = flag || constant ? 1 : deviation(cells, rows, average, found);
  const at = built.columns.length;
  const indicator = missing === 'level' && absent > 0 && known > 0;
  checkWidth(built, given, (constant ? 0 : 1) + (indicator ? 1 : 0));
  if (constant && !indicator) (known === 0 ? built.empty : built.constant).push(column);
  const flags = indicator ? built.room.uint8(rows) : null;
  if (flags !== null) for (let i = 0; i < rows; i++) flags[i] = cells[i] === cells[i] ? 0 : 1;
  if (!constant) {
    built.columns.push({ name: column, feature, mean, scale });
    if (mean !== 0 || scale !== 1 || absent > 0) standardise(cells, rows, mean, 1 / scale, average);
    built.cells.push(cells);
  }
  const indicatorAt = built.columns.length;
  if (flags !== null) {
    built.columns.push({ name: `${column}=(missing)`, feature, mean: 0, scale: 1, code: -1 });
    built.cells.push(flags);
  }
  built.terms.push((weights): NumberTerm => {
    const weight = constant ? 0 : weights[at]! / scale + 0;
    const extra = indicator ? weights[indicatorAt]! + 0 : 0;
    return {
      column,
      weight,
      missing: missing === 'null' ? null : { value: average, weight: extra },
      centre: weight * average + (extra * absent) / Math.max(rows, 1) + 0,
    };
  });
}

/** `column[rows[…]]`, for ascending rows; the column itself when these are all of it. */
export function gather(column: Float64Array, rows: Int32Array): Float64Array {
  if (rows.length === column.length) return column;
  const out = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) out[i] = column[rows[i]!]!;
  return out;
}

function addCategory(built: Builder, feature: FeatureColumn, index: number): void {
  const { field, missing, unseen } = feature;
  const levels = field.levels!;
  const own = feature.codes!;
  const codes = Int32Array.from(built.rows, (row) => own[row]!);
  const counts = levels.map(() => 0);
  let absent = 0;
  for (const code of codes)
    if (code >= 0) counts[code] = counts[code]! + 1;
    else absent++;
  const stated = feature.reference === undefined ? -1 : levels.indexOf(feature.reference);
  const reference = stated >= 0 && counts[stated]! > 0 ? stated : counts.indexOf(Math.max(...counts, 0));
  if (absent === codes.length) built.empty.push(field.name);
  else if (counts.filter((n) => n > 0).length + (missing === 'level' && absent > 0 ? 1 : 0) < 2)
    built.constant.push(field.name);
  checkWidth(built, feature, counts.filter((n, code) => n > 0 && code !== reference).length);
  const dummy = (name: string, code: number): number => {
    built.columns.push({ name: `${field.name}=${name}`, feature: index, mean: 0, scale: 1, code });
    // A byte per cell, laid out once: comparing codes anew takes six times as long, as which way it goes cannot be foretold.
    const flags = built.room.uint8(codes.length);
    for (let i = 0; i < flags.length; i++) flags[i] = codes[i] === code ? 1 : 0;
    built.cells.push(flags);
    return built.columns.length - 1;
  };
  const at = levels.map((level, code) => (code === reference || counts[code] === 0 ? -1 : dummy(level, code)));
  const missingAt = missing === 'level' && absent > 0 && absent < codes.length ? dummy('(missing)', -1) : -1;
  built.terms.push((weights): CategoryTerm => {
    const own = at.map((j) => (j < 0 ? 0 : weights[j]! + 0));
    const ifMissing = missingAt < 0 ? 0 : weights[missingAt]! + 0;
    const total = counts.reduce((all, n, code) => all + n * own[code]!, absent * ifMissing);
    return {
      column: field.name,
      weights: own,
      missing: missing === 'null' ? null : ifMissing,
      unseen: unseen === 'null' ? null : 0,
      centre: total / Math.max(codes.length, 1) + 0,
    };
  });
}
