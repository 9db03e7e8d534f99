import { fail } from '../errors.ts';
import type { CategoryTerm, LinearTerm, NumberTerm } from '../kernels/linear.ts';
import { plainRoom, type Room, roomFor, roomOf } from '../kernels/wasm/room.ts';
import { BLOCK, blockBytes } from './block.ts';
import type { FeatureColumn } from './feature.ts';

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
  /** Writes rows `from … from + count` of every column. */
  fill(from: number, count: number, out: readonly Float64Array[]): void;
  /**
   * Writes the {@link BLOCK} rows from `from`, a multiple of it, with column j at `cells[at + j·BLOCK]`; returns how many there
   * are. With `places`, a column that lies in the memory of the cells is not copied: its address goes to place
   * `at/BLOCK + j`.
   */
  fillBlock(from: number, cells: Float64Array, at: number, places?: Int32Array): number;
  /** Where the numbers lie, with some space for a block or two. */
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

/** The rows with `use` whose features are all known, or have a rule for nulls. */
export function usableRows(
  features: readonly FeatureColumn[],
  total: number,
  use: (row: number) => boolean,
): { readonly rows: Int32Array; readonly left: number } {
  const known = new Uint8Array(total);
  let candidates = 0;
  for (let i = 0; i < total; i++)
    if (use(i)) {
      known[i] = 1;
      candidates++;
    }
  const candidate = known.slice();
  const nulls = features.map(({ values, codes, missing }) => {
    let count = 0;
    const absent = (i: number): void => {
      count += candidate[i]!;
      if (missing === 'null') known[i] = 0;
    };
    if (values === null) {
      for (let i = 0; i < total; i++) if (codes![i]! < 0) absent(i);
    } else for (let i = 0; i < total; i++) if (values[i] !== values[i]) absent(i);
    return count;
  });
  const rows = new Int32Array(total);
  let count = 0;
  for (let i = 0; i < total; i++) if (known[i] === 1) rows[count++] = i;
  const empty = nulls.findIndex((n, k) => n === candidates && features[k]!.missing === 'null');
  if (candidates > 0 && empty >= 0)
    fail('all-null', `feature "${features[empty]!.field.name}" is null in all ${candidates} rows: leave it out`);
  if (candidates > 0 && count === 0)
    fail('all-null', `every one of ${candidates} rows lacks some feature: state a "missing" rule for them`);
  return { rows: rows.slice(0, count), left: candidates - count };
}

/** Sums are taken over runs of this many cells first, which bounds their rounding errors. */
const RUN = 256;

/** Below so many cells a memory for WASM costs more than it saves. */
const SMALL = 32_768;
/** Blocks, with arrays of as many rows, that the room has space for. */
const BLOCKS = 2;
const ARRAYS = 5;

/** A number with what makes it a column, or the flags of a 0/1 column. */
type Source =
  | { readonly raw: Float64Array; readonly mean: number; readonly scale: number; readonly missing: number }
  | { readonly flags: Uint8Array };

interface Builder {
  readonly columns: DesignColumn[];
  readonly sources: Source[];
  readonly terms: ((weights: Float64Array) => LinearTerm)[];
  readonly constant: string[];
  readonly empty: string[];
}

/** Columns that lie together in a block. */
interface Run {
  readonly column: number;
  readonly count: number;
  /** Of numbers: where the first lies in a block of them. */
  readonly at: number;
  readonly flags: Uint8Array | null;
}

/**
 * The numbers are laid out as they are read: block after block, and in a block column after column, so that numbers beside each
 * other are copied as one.
 */
function fillers(sources: readonly Source[], rows: number): Pick<Design, 'fill' | 'fillBlock' | 'room'> {
  const width = sources.reduce((count, source) => count + ('raw' in source ? BLOCK : 0), 0);
  const cells = Math.ceil(rows / BLOCK) * width;
  const room =
    cells >= SMALL ? roomOf(roomFor(8 * cells) + BLOCKS * blockBytes(1 + sources.length, ARRAYS)) : plainRoom;
  const numbers = room.float64(cells);
  const runs: Run[] = [];
  let next = 0;
  sources.forEach((source, column) => {
    if ('flags' in source) {
      runs.push({ column, count: 1, at: 0, flags: source.flags });
      return;
    }
    shift(source, numbers, next, width);
    const last = runs.at(-1);
    if (last?.flags === null) runs[runs.length - 1] = { ...last, count: last.count + 1 };
    else runs.push({ column, count: 1, at: next, flags: null });
    next += BLOCK;
  });
  return {
    room,
    fill(from, count, out) {
      for (const { column, count: columns, at, flags } of runs)
        for (let k = 0; k < columns; k++) {
          const own = out[column + k]!;
          if (flags !== null) own.set(flags.subarray(from, from + count));
          else
            for (let done = 0; done < count; ) {
              const inBlock = (from + done) % BLOCK;
              const some = Math.min(BLOCK - inBlock, count - done);
              const start = ((from + done - inBlock) / BLOCK) * width + at + k * BLOCK + inBlock;
              own.set(numbers.subarray(start, start + some), done);
              done += some;
            }
        }
    },
    fillBlock(from, cells, first, places) {
      const count = Math.min(BLOCK, rows - from);
      for (const { column, count: columns, at, flags } of runs) {
        const start = (from / BLOCK) * width + at;
        if (flags === null && places !== undefined && cells.buffer === numbers.buffer)
          for (let k = 0; k < columns; k++)
            places[first / BLOCK + column + k] = numbers.byteOffset + 8 * (start + k * BLOCK);
        else if (flags === null) cells.set(numbers.subarray(start, start + columns * BLOCK), first + column * BLOCK);
        else cells.set(flags.subarray(from, from + count), first + column * BLOCK);
      }
      return count;
    },
  };
}

/** `(raw − mean)/scale`, with `missing` in the place of nulls, for blocks of `width` cells, each from its cell `at` on. */
function shift(
  { raw, mean, scale, missing }: Extract<Source, { readonly raw: Float64Array }>,
  out: Float64Array,
  at: number,
  width: number,
): void {
  for (let from = 0; from < raw.length; from += BLOCK, at += width)
    shiftBlock(raw, from, Math.min(BLOCK, raw.length - from), mean, 1 / scale, (missing - mean) * (1 / scale), out, at);
}

function shiftBlock(
  raw: Float64Array,
  from: number,
  count: number,
  mean: number,
  factor: number,
  ifNull: number,
  out: Float64Array,
  at: number,
): void {
  for (let i = 0; i < count; i++) {
    const d = (raw[(from + i) | 0]! - mean) * factor;
    out[(at + i) | 0] = d === d ? d : ifNull;
  }
}

/** Learns means, scales and reference levels from the given rows. */
export function buildDesign(features: readonly FeatureColumn[], rows: Int32Array): Design {
  const built: Builder = { columns: [], sources: [], terms: [], constant: [], empty: [] };
  features.forEach((feature, index) => {
    if (feature.values !== null) addNumber(built, feature, index, gather(feature.values, rows));
    else
      addCategory(
        built,
        feature,
        index,
        Int32Array.from(rows, (row) => feature.codes![row]!),
      );
    if (built.columns.length > MAX_WIDTH)
      fail(
        'invalid-value',
        `feature "${feature.field.name}" makes the design wider than ${MAX_WIDTH} columns` +
          ` (${feature.field.levels?.length ?? 1} levels): is it an identifier?`,
      );
  });
  const { columns, sources, terms, constant, empty } = built;
  return {
    rows: rows.length,
    width: columns.length,
    columns,
    constant,
    empty,
    ...fillers(sources, rows.length),
    terms: (weights) => terms.map((term) => term(weights)),
  };
}

function addNumber(built: Builder, { field, missing }: FeatureColumn, feature: number, raw: Float64Array): void {
  const column = field.name;
  const rows = raw.length;
  const { known, constant, flag, mean: average } = facts(raw);
  const absent = rows - known;
  const mean = flag || constant ? 0 : average;
  const scale = flag || constant ? 1 : deviation(raw, average);
  const at = built.columns.length;
  const indicator = missing === 'level' && absent > 0 && known > 0;
  if (constant && !indicator) (known === 0 ? built.empty : built.constant).push(column);
  if (!constant) {
    built.columns.push({ name: column, feature, mean, scale });
    built.sources.push({ raw, mean, scale, missing: average });
  }
  const indicatorAt = built.columns.length;
  if (indicator) {
    const flags = Uint8Array.from(raw, (x) => (x === x ? 0 : 1));
    built.columns.push({ name: `${column}=(missing)`, feature, mean: 0, scale: 1, code: -1 });
    built.sources.push({ flags });
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

interface Facts {
  readonly known: number;
  /** Whether there is one value at most. */
  readonly constant: boolean;
  /** Whether all values are 0 or 1. */
  readonly flag: boolean;
  readonly mean: number;
}

function facts(raw: Float64Array): Facts {
  let known = 0;
  let total = 0;
  for (let from = 0; from < raw.length; from += RUN) {
    const to = Math.min(from + RUN, raw.length);
    // Two sums, so that an addition need not wait for the one before.
    let even = 0;
    let odd = 0;
    for (let i = from; i < to; i += 2) {
      const x = raw[i]!;
      const y = i + 1 < to ? raw[i + 1]! : Number.NaN;
      if (x === x) {
        known++;
        even += x;
      }
      if (y === y) {
        known++;
        odd += y;
      }
    }
    total += even + odd;
  }
  const first = raw.find((x) => x === x);
  const constant = raw.every((x) => x === first || x !== x);
  const flag = raw.every((x) => x === 0 || x === 1 || x !== x);
  return { known, constant, flag, mean: known === 0 ? 0 : constant ? first! : total / known };
}

/** Population standard deviation, the mean standing for nulls. */
function deviation(raw: Float64Array, mean: number): number {
  // Two sums, so that an addition need not wait for the one before.
  let even = 0;
  let odd = 0;
  const half = raw.length >> 1;
  for (let i = 0; i < half; i++) {
    const d = raw[2 * i]! - mean;
    const e = raw[2 * i + 1]! - mean;
    even += d === d ? d * d : 0;
    odd += e === e ? e * e : 0;
  }
  const last = raw.length % 2 === 1 ? raw[raw.length - 1]! - mean : 0;
  return Math.sqrt((even + odd + (last === last ? last * last : 0)) / raw.length);
}

/** `column[rows[…]]`, for ascending rows; the column itself when these are all of it. */
export function gather(column: Float64Array, rows: Int32Array): Float64Array {
  if (rows.length === column.length) return column;
  const out = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) out[i] = column[rows[i]!]!;
  return out;
}

function addCategory(built: Builder, feature: FeatureColumn, index: number, codes: Int32Array): void {
  const { field, missing, unseen } = feature;
  const levels = field.levels!;
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
  const dummy = (name: string, code: number): number => {
    built.columns.push({ name: `${field.name}=${name}`, feature: index, mean: 0, scale: 1, code });
    // A byte per cell, laid out once: comparing codes anew takes six times as long, as which way it goes cannot be foretold.
    const flags = Uint8Array.from(codes, (own) => (own === code ? 1 : 0));
    built.sources.push({ flags });
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
