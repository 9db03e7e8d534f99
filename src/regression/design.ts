import { fail } from '../errors.ts';
import type { CategoryTerm, LinearTerm, NumberTerm } from '../kernels/linear.ts';
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
    for (let i = 0; i < total; i++) {
      if (values === null ? codes![i]! >= 0 : values[i] === values[i]) continue;
      count += candidate[i]!;
      if (missing === 'null') known[i] = 0;
    }
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

type Filler = (from: number, count: number, out: Float64Array) => void;
interface Builder {
  readonly columns: DesignColumn[];
  readonly fillers: Filler[];
  readonly terms: ((weights: Float64Array) => LinearTerm)[];
  readonly constant: string[];
  readonly empty: string[];
}

/** Learns means, scales and reference levels from the given rows. */
export function buildDesign(features: readonly FeatureColumn[], rows: Int32Array): Design {
  const built: Builder = { columns: [], fillers: [], terms: [], constant: [], empty: [] };
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
  const { columns, fillers, terms, constant, empty } = built;
  return {
    rows: rows.length,
    width: columns.length,
    columns,
    constant,
    empty,
    fill: (from, count, out) => {
      for (let j = 0; j < fillers.length; j++) fillers[j]!(from, count, out[j]!);
    },
    terms: (weights) => terms.map((term) => term(weights)),
  };
}

function addNumber(built: Builder, { field, missing }: FeatureColumn, feature: number, raw: Float64Array): void {
  const column = field.name;
  const rows = raw.length;
  const { known, low, high, mean: average } = facts(raw);
  const absent = rows - known;
  const constant = !(low < high);
  const values = new Float64Array(constant ? 0 : rows);
  const flag = low === 0 && high === 1 && raw.every((x) => x === 0 || x === 1 || x !== x);
  const mean = flag || constant ? 0 : average;
  const scale = flag || constant ? 1 : deviation(raw, average);
  if (!constant) shift(raw, mean, 1 / scale, average, values);
  const at = built.columns.length;
  const indicator = missing === 'level' && absent > 0 && known > 0;
  if (constant && !indicator) (known === 0 ? built.empty : built.constant).push(column);
  if (!constant) {
    built.columns.push({ name: column, feature, mean, scale });
    built.fillers.push((from, count, out) => out.set(values.subarray(from, from + count)));
  }
  const indicatorAt = built.columns.length;
  if (indicator) {
    const flags = Uint8Array.from(raw, (x) => (x === x ? 0 : 1));
    built.columns.push({ name: `${column}=(missing)`, feature, mean: 0, scale: 1 });
    built.fillers.push((from, count, out) => out.set(flags.subarray(from, from + count)));
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
  readonly low: number;
  readonly high: number;
  readonly mean: number;
}

function facts(raw: Float64Array): Facts {
  let known = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let total = 0;
  for (let from = 0; from < raw.length; from += RUN) {
    const to = Math.min(from + RUN, raw.length);
    let part = 0;
    for (let i = from; i < to; i++) {
      const x = raw[i]!;
      if (x !== x) continue;
      known++;
      part += x;
      if (x < low) low = x;
      if (x > high) high = x;
    }
    total += part;
  }
  return { known, low, high, mean: known === 0 ? 0 : low === high ? low : total / known };
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

/** `out = (raw − mean)·factor`, with `missing` in the place of nulls. */
function shift(raw: Float64Array, mean: number, factor: number, missing: number, out: Float64Array): void {
  const ifNull = (missing - mean) * factor;
  for (let i = 0; i < out.length; i++) {
    const d = (raw[i]! - mean) * factor;
    out[i] = d === d ? d : ifNull;
  }
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
    built.columns.push({ name: `${field.name}=${name}`, feature: index, mean: 0, scale: 1 });
    // A byte per cell, laid out once: comparing codes anew takes six times as long, as which way it goes cannot be foretold.
    const flags = Uint8Array.from(codes, (own) => (own === code ? 1 : 0));
    built.fillers.push((from, count, out) => out.set(flags.subarray(from, from + count)));
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
