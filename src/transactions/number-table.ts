/** A hash table from finite numbers to places, with open addressing; −0 is 0. */
export class NumberTable {
  size = 0;
  /** Pairs of a number and 1 + its place; 0 where there is none. */
  private slots: Float64Array = new Float64Array(2 ** 13);

  /** The places of `values[0 … count)`, −2 for one that is not held, −1 for one that is not finite. `values` is changed: −0 to 0. */
  findAll(values: Float64Array, count: number, into: Int32Array): void {
    findAll(values, new Uint32Array(values.buffer, values.byteOffset), count, this.slots, into);
  }

  /** The place of one number, −2 when it is not held. */
  find(value: number): number {
    one[0] = value;
    findAll(one, halves, 1, this.slots, place);
    return place[0]!;
  }

  /** Holds a number that was not held. */
  add(value: number, at: number): void {
    if (4 * ++this.size > this.slots.length) this.grow();
    put(this.slots, value + 0, at + 1);
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Float64Array(2 * old.length);
    for (let at = 0; at < old.length; at += 2) if (old[at + 1] !== 0) put(this.slots, old[at]!, old[at + 1]!);
  }
}

const one = new Float64Array(1);
const halves = new Uint32Array(one.buffer);
const place = new Int32Array(1);

function put(slots: Float64Array, value: number, entry: number): void {
  const mask = slots.length - 1;
  one[0] = value;
  let at = (2 * hashOf(halves[0]!, halves[1]!)) & mask;
  while (slots[at + 1] !== 0) at = (at + 2) & mask;
  slots[at] = value;
  slots[at + 1] = entry;
}

/** Rows between the two looks of `findAll`. */
const AT_ONCE = 256;
const starts = new Int32Array(AT_ONCE);
const found = new Float64Array(AT_ONCE);

// First the place of every row is fetched, with no decision in between: the processor waits for many of them at once.
function findAll(values: Float64Array, words: Uint32Array, count: number, slots: Float64Array, into: Int32Array): void {
  const mask = slots.length - 1;
  for (let from = 0; from < count; from += AT_ONCE) {
    const rows = Math.min(AT_ONCE, count - from);
    for (let i = 0; i < rows; i++) {
      values[from + i]! += 0;
      const at = (2 * hashOf(words[2 * (from + i)]!, words[2 * (from + i) + 1]!)) & mask;
      starts[i] = at;
      found[i] = slots[at]!;
    }
    for (let i = 0; i < rows; i++) {
      const value = values[from + i]!;
      let at = starts[i]!;
      if (found[i] !== value) {
        if (value - value !== 0) {
          into[from + i] = -1;
          continue;
        }
        while (slots[at] !== value && slots[at + 1] !== 0) at = (at + 2) & mask;
      }
      const entry = slots[at + 1]!;
      into[from + i] = entry === 0 ? -2 : entry - 1;
    }
  }
}

/** Both halves of a double reach the low bits. */
function hashOf(a: number, b: number): number {
  const hash = Math.imul(a ^ Math.imul(b ^ (b >>> 15), 0x9e3779b1), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
