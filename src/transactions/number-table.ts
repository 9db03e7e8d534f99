import { kernelsAt } from '../kernels/wasm/registry.ts';
import { plainRoom, type Room, roomFor, roomOf } from '../kernels/wasm/room.ts';

/** Numbers taken at once, at most. */
const ROWS = 4096;
/** From so many slots on they lie in a memory that WASM works on. */
const MANY = 2 ** 17;

/** A hash table from finite numbers to places 0, 1, …, with open addressing; −0 is 0. */
export class NumberTable {
  size = 0;
  /** Pairs of a number and 1 + its place; 0 where there is none. */
  private slots!: Float64Array;
  /** A block of numbers, those that are new, and their places, in the same memory. */
  private values!: Float64Array;
  private fresh!: Float64Array;
  private into!: Int32Array;

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
  takeAll(values: Float64Array, into: Int32Array, hold: boolean): number {
    const count = values.length;
    if (count === 0) return 0;
    if (hold) while (2 * (this.size + count) > this.slots.length / 2) this.grow();
    const { slots } = this;
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
      : takeNumbers(slots, this.values, words(this.values), count, this.into, this.size, most, this.fresh);
    into.set(this.into.subarray(0, count));
    const added = next - this.size;
    this.size = next;
    return added;
  }

  /** The place of one number, −2 when it is not held. */
  find(value: number): number {
    one[0] = value;
    takeNumbers(this.slots, one, halves, 1, place, 0, 0, one);
    return place[0]!;
  }

  /** Holds a number that was not held at a place of its own. */
  add(value: number, at: number): void {
    this.size++;
    while (4 * this.size > this.slots.length) this.grow();
    put(this.slots, value + 0, at + 1);
  }

  private grow(): void {
    const { slots } = this;
    this.make(2 * slots.length);
    move(slots, this.slots);
  }

  private make(length: number): void {
    const room: Room =
      length < MANY ? plainRoom : roomOf(2 * roomFor(8 * ROWS) + roomFor(4 * ROWS) + roomFor(8 * length));
    this.values = room.float64(ROWS);
    this.fresh = room.float64(ROWS);
    this.into = room.int32(ROWS);
    this.slots = room.float64(length);
  }
}

const one = new Float64Array(1);
const halves = new Uint32Array(one.buffer);
const place = new Int32Array(1);

const words = ({ buffer, byteOffset, length }: Float64Array): Uint32Array =>
  new Uint32Array(buffer, byteOffset, 2 * length);

/** What is left of a hash is the slot to begin at. */
const shiftOf = (slots: Float64Array): number => Math.clz32(slots.length / 2) + 1;

/** Slots in their order go to slots in about their order: this reads and writes memory as it lies. */
function move(from: Float64Array, to: Float64Array): void {
  for (let at = 0; at < from.length; at += 2) if (from[at + 1] !== 0) put(to, from[at]!, from[at + 1]!);
}

function put(slots: Float64Array, value: number, entry: number): void {
  const mask = slots.length - 1;
  one[0] = value;
  let at = 2 * (hashOf(halves[0]!, halves[1]!) >>> shiftOf(slots));
  while (slots[at + 1] !== 0) at = (at + 2) & mask;
  slots[at] = value;
  slots[at + 1] = entry;
}

/** Rows between the two looks of `takeNumbers`. */
const AT_ONCE = 256;

// The twin of the kernel. First the slot of every row is fetched, with no decision in between: the processor waits for many of
// them at once.
function takeNumbers(
  slots: Float64Array,
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
      const at = 2 * (hashOf(words[2 * row]!, words[2 * row + 1]!) >>> shift);
      into[row] = at;
      touched += slots[at]!;
    }
    for (let row = from; row < stop; row++) {
      const value = values[row]!;
      let at = into[row]!;
      if (slots[at] !== value && value - value !== 0) {
        into[row] = -1;
        continue;
      }
      while (slots[at] !== value && slots[at + 1] !== 0) at = (at + 2) & mask;
      const entry = slots[at + 1]!;
      into[row] = entry - 1;
      if (entry !== 0) continue;
      into[row] = -2;
      if (next === most) continue;
      slots[at] = value;
      slots[at + 1] = next + 1;
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
