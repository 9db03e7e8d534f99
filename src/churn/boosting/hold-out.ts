import { isNumeric, readCategories, readNumbers } from '../../columns/whole.ts';
import type { Columns } from '../../model/batch.ts';
import { seededRandom, shuffled } from '../../numerics/random.ts';
import { ascendingOrder } from '../trees/ascending-order.ts';
import type { TreeInput } from '../trees/tree-options.ts';

/**
 * The rows of a fit in an order that their content and the seed decide: by a hash of features, outcome, weight and group.
 * Whatever is drawn by place in it does not depend on how the table was sorted.
 */
export function contentOrder({ data, mass, y }: TreeInput, groups: Int32Array | null, seed: number): Int32Array {
  const rows = y.length;
  const a = new Int32Array(rows).fill(seed | 0);
  const b = new Int32Array(rows).fill(Math.floor(seed / 2 ** 32) ^ 0x9e3779b9);
  const mix = (cell: (row: number) => number): void => {
    for (let i = 0; i < rows; i++) {
      const x = cell(i) | 0;
      a[i] = turn(Math.imul(a[i]! ^ x, 0x85ebca6b));
      b[i] = turn(Math.imul(b[i]! ^ turn(x + 0x165667b1), 0xc2b2ae35) + a[i]!);
    }
  };
  for (const { codes } of data.columns) mix((row) => codes[row]!);
  mix((row) => y[row]!);
  mix((row) => mass.cells[2 * row]! % 2 ** 31);
  mix((row) => mass.cells[2 * row]! / 2 ** 31);
  if (groups !== null) mix((row) => groups[row]!);
  return ascendingOrder(Float64Array.from(a, (high, i) => (high >>> 5) * 2 ** 26 + (b[i]! >>> 6)));
}

function turn(x: number): number {
  const y = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  return y ^ (y >>> 13);
}

/** Number of each row's group, by ascending value of the column, so that it does not depend on the order of rows; −1: null. */
export function groupsOf(table: Columns, column: string, rows: Int32Array): Int32Array {
  if (isNumeric(table, column)) {
    const values = readNumbers(table, column);
    const own = Float64Array.from(rows, (row) => values[row]! + 0);
    const out = new Int32Array(rows.length).fill(-1);
    let group = -1;
    let last = Number.NaN;
    for (const i of ascendingOrder(own)) {
      if (own[i] !== last) group++;
      last = own[i]!;
      out[i] = group;
    }
    return out;
  }
  const { codes, levels } = readCategories(table, column);
  const rank = new Int32Array(levels.length);
  // Levels that no row has must not shift the others.
  const occurs = new Set(Array.from(rows, (row) => codes[row]!));
  levels
    .map((level, code) => ({ level, code }))
    .filter(({ code }) => occurs.has(code))
    .sort((x, y) => (x.level < y.level ? -1 : 1))
    .forEach(({ code }, place) => {
      rank[code] = place;
    });
  return Int32Array.from(rows, (row) => (codes[row]! < 0 ? -1 : rank[codes[row]!]!));
}

export interface Dealt {
  readonly train: Int32Array;
  readonly heldOut: Int32Array;
}

/**
 * Holds out a share of the places of a content order: of each class the first ones; with groups whole groups, drawn by the
 * seed, until the share is reached (a row without a group is one of its own).
 * Null when a side would lack a class.
 */
export function holdOut(y: Float64Array, groups: Int32Array | null, share: number, seed: number): Dealt | null {
  const out = groups === null ? byClass(y, share) : byGroup(groups, share, seed);
  const train: number[] = [];
  const heldOut: number[] = [];
  for (let i = 0; i < y.length; i++) (out[i] === 1 ? heldOut : train).push(i);
  const both = (rows: readonly number[]): boolean => rows.some((i) => y[i] === 1) && rows.some((i) => y[i] === 0);
  return both(train) && both(heldOut) ? { train: Int32Array.from(train), heldOut: Int32Array.from(heldOut) } : null;
}

function byClass(y: Float64Array, share: number): Uint8Array {
  const events = y.reduce((a, b) => a + b, 0);
  const left = [Math.round(share * (y.length - events)), Math.round(share * events)];
  return Uint8Array.from(y, (side) => (left[side]!-- > 0 ? 1 : 0));
}

function byGroup(groups: Int32Array, share: number, seed: number): Uint8Array {
  const named = groups.reduce((most, group) => Math.max(most, group + 1), 0);
  let count = named;
  const own = groups.map((group) => (group < 0 ? count++ : group));
  const sizes = new Int32Array(count);
  for (const group of own) sizes[group]!++;
  const held = new Uint8Array(count);
  let rows = 0;
  for (const group of shuffled(count, seededRandom(seed))) {
    if (rows >= share * groups.length) break;
    held[group] = 1;
    rows += sizes[group]!;
  }
  return Uint8Array.from(own, (group) => held[group]!);
}
