import { type Keys, keysInOrder, MOST, weightsOf } from './id-keys.ts';
import type { IdTexts } from './id-texts.ts';

/** A digit of a key, in bits. */
const DIGIT = 11;

/** Places of ids in order, and whether an id stands twice. */
export interface IdOrder {
  readonly order: Uint32Array;
  readonly repeats: boolean;
}

/**
 * `places`, which ascend, in the UTF-16 order of their ids, equal ids by place: what sorting strings gives, in a fraction
 * of the time. The first bytes in which ids differ are packed into 32 bits and sorted digit by digit; only ids that agree in
 * these are compared byte by byte.
 */
export function idOrder(texts: IdTexts, places: Uint32Array): IdOrder {
  const { bytes, starts } = texts;
  const count = places.length;
  if (rising(places, starts, bytes)) return { order: places, repeats: false };
  const { keys, order } = keysInOrder(texts, places) ?? ordinaryKeys(texts, places);
  const byText = (a: number, b: number): number => compare(a, b, starts, bytes) || a - b;
  let repeats = false;
  for (let from = 0, to = 1; from < count; from = to++) {
    while (to < count && keys[to] === keys[from]) to++;
    if (to - from === 1) continue;
    order.subarray(from, to).sort(byText);
    for (let i = from + 1; i < to; i++) if (compare(order[i - 1]!, order[i]!, starts, bytes) === 0) repeats = true;
  }
  return { order, repeats };
}

/** The twin of `keysInOrder`. */
function ordinaryKeys({ bytes, starts }: IdTexts, places: Uint32Array): Keys {
  const count = places.length;
  const start = firstDifference(places, starts, bytes);
  const seen = new Uint8Array(256 * MOST);
  const weights = weightsOf(seen, see(places, starts, bytes, start, seen));
  let sorted: Keys = { keys: new Uint32Array(count), order: places.slice() };
  pack(places, starts, bytes, start, weights, sorted.keys);
  let other: Keys = { keys: new Uint32Array(count), order: new Uint32Array(count) };
  for (let shift = 0; shift < 32; shift += DIGIT)
    if (sortDigit(shift, sorted, other)) [sorted, other] = [other, sorted];
  return sorted;
}

function compare(a: number, b: number, starts: Uint32Array, bytes: Uint8Array): number {
  const [start, other] = [starts[a]!, starts[b]!];
  const [length, otherLength] = [starts[a + 1]! - start, starts[b + 1]! - other];
  const both = Math.min(length, otherLength);
  for (let k = 0; k < both; k++) {
    const difference = bytes[start + k]! - bytes[other + k]!;
    if (difference !== 0) return difference;
  }
  return length - otherLength;
}

function rising(places: Uint32Array, starts: Uint32Array, bytes: Uint8Array): boolean {
  for (let i = 1; i < places.length; i++) if (compare(places[i - 1]!, places[i]!, starts, bytes) >= 0) return false;
  return true;
}

/** How many bytes all ids begin with. */
function firstDifference(places: Uint32Array, starts: Uint32Array, bytes: Uint8Array): number {
  const first = starts[places[0]!]!;
  let same = starts[places[0]! + 1]! - first;
  for (let i = 1; i < places.length; i++) {
    const start = starts[places[i]!]!;
    const most = Math.min(same, starts[places[i]! + 1]! - start);
    let k = 0;
    while (k < most && bytes[start + k] === bytes[first + k]) k++;
    same = k;
  }
  return same;
}

/** Marks the bytes found at the places `start + k` in `seen[256 k + byte]`; returns the least number of them an id has. */
function see(places: Uint32Array, starts: Uint32Array, bytes: Uint8Array, start: number, seen: Uint8Array): number {
  let shortest = MOST;
  for (let i = 0; i < places.length; i++) {
    const from = starts[places[i]!]! + start;
    const length = Math.min(MOST, starts[places[i]! + 1]! - from);
    if (length < shortest) shortest = length;
    for (let k = 0; k < length; k++) seen[(k << 8) + bytes[from + k]!] = 1;
  }
  return shortest;
}

/** Sums wrap around at 2³², which the keys lie below. */
function pack(
  places: Uint32Array,
  starts: Uint32Array,
  bytes: Uint8Array,
  start: number,
  weights: Int32Array,
  keys: Uint32Array,
): void {
  const most = weights.length >> 8;
  for (let i = 0; i < places.length; i++) {
    const from = starts[places[i]!]! + start;
    const length = Math.min(most, starts[places[i]! + 1]! - from);
    let key = 0;
    for (let k = 0; k < length; k++) key = (key + weights[(k << 8) + bytes[from + k]!]!) | 0;
    keys[i] = key;
  }
}

/** Sorts by one digit, keeping the order of equal ones; false where all have the same. */
function sortDigit(shift: number, from: Keys, to: Keys): boolean {
  const { keys } = from;
  const mask = 2 ** DIGIT - 1;
  const next = new Uint32Array(2 ** DIGIT);
  for (let i = 0; i < keys.length; i++) next[(keys[i]! >>> shift) & mask]!++;
  if (next[(keys[0]! >>> shift) & mask] === keys.length) return false;
  for (let digit = 0, before = 0; digit <= mask; digit++) {
    const count = next[digit]!;
    next[digit] = before;
    before += count;
  }
  scatter(shift, next, keys, from.order, to.keys, to.order);
  return true;
}

function scatter(
  shift: number,
  next: Uint32Array,
  keys: Uint32Array,
  order: Uint32Array,
  toKeys: Uint32Array,
  toOrder: Uint32Array,
): void {
  const mask = 2 ** DIGIT - 1;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    const at = next[(key >>> shift) & mask]!++;
    toKeys[at] = key;
    toOrder[at] = order[i]!;
  }
}
