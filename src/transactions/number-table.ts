import { kernelsAt } from '../kernels/wasm/registry.ts';
import { plainRoom, type Room, roomFor, roomOf } from '../kernels/wasm/room.ts';
import type { IdTexts } from './id-texts.ts';

/** Numbers taken at once, at most. */
const ROWS = 4096;
/** From so many cells on buckets lie in a memory that WASM works on. */
const MANY = 2 ** 17;
/**
 * Cells of a bucket, one line of a processor's cache: four numbers and, in half a cell each, 1 + their places, 0 where there
 * is none. What finds no room goes to the next bucket.
 */
const BUCKET = 8;
/** Cells of a page of memory. */
const PAGE = 512;
/** Numbers for a bucket, on average, at most. */
const FULL = 2.5;
/** Digits of 2⁵³ − 1. */
const DIGITS = 16;

/** A hash table from finite numbers to places 0, 1, …, with open addressing; −0 is 0. */
export class NumberTable {
  size = 0;
  private slots!: Float64Array;
  /** The same memory. */
  private places!: Int32Array;
  /** A block of numbers, those that are new, and their places, in the same memory. */
  private values!: Float64Array;
  private fresh!: Float64Array;
  private into!: Int32Array;
  /** Numbers as texts, and where they end, in the same memory. */
  private digits!: Uint8Array;
  private ends!: Int32Array;

  constructor() {
    this.make(2 ** 13);
  }

  /** The numbers that the last call of `takeAll` added are the first of these. */
  get added(): Float64Array {
    return this.fresh;
  }

  /**
   * The places of up to 4,096 `values`, −1 for one that is not finite. With `hold`, new ones are held at the next places in
   * their order; else they get −2. Returns how many are new.
   */
  takeAll(values: ArrayLike<number>, into: Int32Array, hold: boolean): number {
    const count = values.length;
    if (count === 0) return 0;
    if (hold) this.reach(this.size + count);
    const { places, slots } = this;
    this.values.set(values);
    const kernels = kernelsAt(slots.buffer);
    const most = hold ? this.size + count : this.size;
    const { byteOffset: at, byteLength } = slots;
    const next = kernels
      ? kernels.takeNumbers(
          at,
          at + byteLength,
          shiftOf(slots),
          this.values.byteOffset,
          count,
          this.into.byteOffset,
          this.size,
          most,
          this.fresh.byteOffset,
        )
      : takeNumbers(slots, places, this.values, wordsOf(this.values), count, this.into, this.size, most, this.fresh);
    into.set(this.into.subarray(0, count));
    const added = next - this.size;
    this.size = next;
    return added;
  }

  /** Adds the texts of `added[from … count)` to `texts`, up to one that is left to the caller; returns where that stands. */
  pushAdded(texts: IdTexts, from: number, count: number): number {
    const kernels = kernelsAt(this.slots.buffer);
    if (!kernels || from === count) return from;
    this.ends[0] = 0;
    const { digits, ends, fresh } = this;
    const done = kernels.writeNumbers(fresh.byteOffset + 8 * from, count - from, digits.byteOffset, ends.byteOffset);
    texts.pushAll(digits, ends, done);
    return from + done;
  }

  /** The place of one number, −2 when it is not held. */
  find(value: number): number {
    one[0] = value;
    takeNumbers(this.slots, this.places, one, halves, 1, place, 0, 0, one);
    return place[0]!;
  }

  /** Holds a number that was not held at a place of its own. */
  add(value: number, at: number): void {
    this.reach(++this.size);
    put(this.slots, this.places, value + 0, at + 1);
  }

  /** Makes room for so many numbers. */
  private reach(count: number): void {
    while (count > (FULL / BUCKET) * this.slots.length) {
      const { places, slots } = this;
      this.make(2 * slots.length);
      move(slots, places, this.slots, this.places);
    }
  }

  private make(length: number): void {
    const sizes = [8 * length, 8 * ROWS, 8 * ROWS, 4 * ROWS, 4 * ROWS + 4, DIGITS * ROWS];
    const room: Room = length < MANY ? plainRoom : roomOf(sizes.reduce((sum, bytes) => sum + roomFor(bytes), 0));
    // First, as the kernel wants buckets to begin at multiples of their size.
    this.slots = room.float64(length);
    // What is read before it is written is laid out twice by the system, page by page.
    for (let at = 0; at < length; at += PAGE) this.slots[at] = 0;
    this.places = new Int32Array(this.slots.buffer, this.slots.byteOffset, 2 * length);
    this.values = room.float64(ROWS);
    this.fresh = room.float64(ROWS);
    this.into = room.int32(ROWS);
    this.ends = room.int32(ROWS + 1);
    this.digits = room.uint8(DIGITS * ROWS);
  }
}

const one = new Float64Array(1);
const halves = new Uint32Array(one.buffer);
const place = new Int32Array(1);

const wordsOf = ({ buffer, byteOffset, length }: Float64Array): Uint32Array =>
  new Uint32Array(buffer, byteOffset, 2 * length);

/** What is left of a hash is the bucket to begin at. */
const shiftOf = (slots: Float64Array): number => Math.clz32(slots.length / BUCKET) + 1;

/** Buckets in their order go to buckets in about their order: this reads and writes memory as it lies. */
function move(slots: Float64Array, places: Int32Array, to: Float64Array, toPlaces: Int32Array): void {
  for (let at = 0; at < slots.length; at += BUCKET)
    for (let k = 0; k < 4; k++) {
      const entry = places[2 * at + 8 + k]!;
      if (entry === 0) break;
      put(to, toPlaces, slots[at + k]!, entry);
    }
}

function put(slots: Float64Array, places: Int32Array, value: number, entry: number): void {
  one[0] = value;
  let at = (hashOf(halves[0]!, halves[1]!) >>> shiftOf(slots)) << 3;
  let k = 0;
  while (places[2 * at + 8 + k] !== 0)
    if (++k === 4) {
      k = 0;
      at = (at + BUCKET) & (slots.length - 1);
    }
  slots[at + k] = value;
  places[2 * at + 8 + k] = entry;
}

/** Rows between the two looks of `takeNumbers`. */
const AT_ONCE = 256;

// The twin of the kernel. First the bucket of every row is fetched, with no decision in between: the processor waits for many
// of them at once.
function takeNumbers(
  slots: Float64Array,
  places: Int32Array,
  values: Float64Array,
  words: Uint32Array,
  count: number,
  into: Int32Array,
  first: number,
  most: number,
  fresh: Float64Array,
): number {
  const mask = slots.length - 1;
  const shift = shiftOf(slots);
  let next = first;
  let touched = 0;
  for (let from = 0; from < count; from += AT_ONCE) {
    const stop = Math.min(count, from + AT_ONCE);
    for (let row = from; row < stop; row++) {
      values[row]! += 0;
      const at = (hashOf(words[2 * row]!, words[2 * row + 1]!) >>> shift) << 3;
      into[row] = at;
      touched += slots[at]!;
    }
    for (let row = from; row < stop; row++) {
      const value = values[row]!;
      if (value - value !== 0) {
        into[row] = -1;
        continue;
      }
      let at = into[row]!;
      let k = 0;
      while (places[2 * at + 8 + k] !== 0 && slots[at + k] !== value)
        if (++k === 4) {
          k = 0;
          at = (at + 8) & mask;
        }
      const entry = places[2 * at + 8 + k]!;
      into[row] = entry - 1;
      if (entry !== 0) continue;
      into[row] = -2;
      if (next === most) continue;
      slots[at + k] = value;
      places[2 * at + 8 + k] = next + 1;
      fresh[next - first] = value;
      into[row] = next++;
    }
  }
  look[0] = touched;
  return next;
}
const look = new Float64Array(1);

/** Both halves of a double reach the high bits, which are used. */
function hashOf(a: number, b: number): number {
  const mixed = (Math.imul(a, 0x9e3779b1) + b) | 0;
  return Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
}
