import { isNumeric, readCategories, readNumbers } from '../../columns/whole.ts';
import type { Columns } from '../../model/batch.ts';
import { seededRandom, shuffled } from '../../numerics/random.ts';
import { ascendingOrder } from '../trees/ascending-order.ts';

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
 * seed, until the share is reached (a row without a group is one of its own). `part` k holds out those that follow parts
 * 0 … k − 1.
 * Null when a side would lack a class.
 */
export function holdOut(
  y: Float64Array,
  groups: Int32Array | null,
  share: number,
  seed: number,
  part: number = 0,
): Dealt | null {
  const out = groups === null ? byClass(y, share, part) : byGroup(groups, share, seed, part);
  const train: number[] = [];
  const heldOut: number[] = [];
  for (let i = 0; i < y.length; i++) (out[i] === 1 ? heldOut : train).push(i);
  const both = (rows: readonly number[]): boolean => rows.some((i) => y[i] === 1) && rows.some((i) => y[i] === 0);
  return both(train) && both(heldOut) ? { train: Int32Array.from(train), heldOut: Int32Array.from(heldOut) } : null;
}

/** So many held-out rows of the rarer class are enough to judge on. */
const ENOUGH = 2000;

/**
 * Shares of the rows held out in turn, no row twice, until there are enough to judge on. Empty when a side would lack a
 * class.
 */
export function holdOuts(y: Float64Array, groups: Int32Array | null, share: number, seed: number): readonly Dealt[] {
  const out: Dealt[] = [];
  let rarer = 0;
  for (let part = 0; (part + 1) * share <= 1 && rarer < ENOUGH; part++) {
    const dealt = holdOut(y, groups, share, seed, part);
    if (dealt === null) break;
    out.push(dealt);
    const events = dealt.heldOut.reduce((all, row) => all + y[row]!, 0);
    rarer += Math.min(events, dealt.heldOut.length - events);
  }
  return out;
}

function byClass(y: Float64Array, share: number, part: number): Uint8Array {
  const events = y.reduce((a, b) => a + b, 0);
  const counts = [y.length - events, events];
  const from = counts.map((count) => Math.round(part * share * count));
  const to = counts.map((count) => Math.round((part + 1) * share * count));
  const seen = [0, 0];
  return Uint8Array.from(y, (side) => {
    const place = seen[side]!++;
    return place >= from[side]! && place < to[side]! ? 1 : 0;
  });
}

function byGroup(groups: Int32Array, share: number, seed: number, part: number): Uint8Array {
  const named = groups.reduce((most, group) => Math.max(most, group + 1), 0);
  let count = named;
  const own = groups.map((group) => (group < 0 ? count++ : group));
  const sizes = new Int32Array(count);
  for (const group of own) sizes[group]!++;
  const partOf = new Int32Array(count);
  let rows = 0;
  for (const group of shuffled(count, seededRandom(seed))) {
    // A group belongs to the part in which its first row falls.
    partOf[group] = Math.floor(rows / (share * groups.length));
    rows += sizes[group]!;
  }
  return Uint8Array.from(own, (group) => (partOf[group] === part ? 1 : 0));
}
