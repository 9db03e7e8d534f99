/** Rows between two looks of `findAll`. */
const AT_ONCE = 256;
const hashes = new Int32Array(AT_ONCE);
const entries = new Int32Array(AT_ONCE);
const begins = new Int32Array(AT_ONCE);
const firsts = new Uint8Array(AT_ONCE);

/**
 * A hash table from texts to places. ASCII texts lie as bytes in one buffer, found with open addressing: a million are
 * found several times faster than in a Map, and rows of UTF-8 without a string each. Other texts lie in a Map.
 */
export class TextTable {
  /** Pairs of the hash of a text and its entry, from 1; 0 where there is none. */
  private slots: Int32Array = new Int32Array(2 ** 13);
  private held = 0;
  /** By entry: the place, and where the bytes begin; those of entry e end where those of e + 1 begin. */
  private places: Int32Array = new Int32Array(2 ** 12);
  private starts: Int32Array = new Int32Array(2 ** 12);
  private bytes: Uint8Array = new Uint8Array(2 ** 15);
  private readonly others: Map<string, number> = new Map();
  private readonly ends: Int32Array = new Int32Array(2);
  private readonly found: Int32Array = new Int32Array(1);
  private own: Uint8Array = new Uint8Array(64);

  /** The place of a text, −2 when it is not held. */
  find(text: string): number {
    if (!this.encode(text)) return this.others.get(text) ?? -2;
    this.findAll(this.own, this.ends, 0, this.found);
    return this.found[0]!;
  }

  /** Holds a text that was not held. */
  add(text: string, place: number): void {
    if (!this.encode(text)) {
      this.others.set(text, place);
      return;
    }
    const entry = ++this.held;
    if (entry + 2 > this.places.length) this.places = longer(this.places, new Int32Array(2 * this.places.length));
    if (entry + 2 > this.starts.length) this.starts = longer(this.starts, new Int32Array(2 * this.starts.length));
    const start = this.starts[entry]!;
    const end = start + text.length;
    if (end > this.bytes.length) this.bytes = longer(this.bytes, new Uint8Array(2 * end));
    this.bytes.set(this.own.subarray(0, text.length), start);
    this.places[entry] = place;
    this.starts[entry + 1] = end;
    if (4 * entry > this.slots.length) this.grow();
    put(this.slots, hashOf(this.own, 0, text.length), entry);
  }

  /** The places of rows of UTF-8 texts; −2 where it is not held, or not ASCII, or no text of `bytes`. */
  findAll(bytes: Uint8Array, offsets: Int32Array, from: number, into: Int32Array): void {
    const { bytes: held, places, slots, starts } = this;
    for (let row = 0; row < into.length; row += AT_ONCE) {
      const rows = Math.min(AT_ONCE, into.length - row);
      fetch(bytes, offsets, from + row, rows, slots, starts, held);
      match(bytes, offsets, from + row, into.subarray(row, row + rows), slots, starts, held, places);
    }
  }

  /** Puts the bytes of a text into `own` and `ends`; false where it is not ASCII. */
  private encode(text: string): boolean {
    if (text.length > this.own.length) this.own = new Uint8Array(2 * text.length);
    this.ends[1] = text.length;
    return encode(text, this.own, 0);
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Int32Array(2 * old.length);
    for (let at = 0; at < old.length; at += 2) if (old[at + 1] !== 0) put(this.slots, old[at]!, old[at + 1]!);
  }
}

/** Writes the characters of an ASCII text; false where it is none. */
export function encode(text: string, into: Uint8Array, at: number): boolean {
  let all = 0;
  for (let k = 0; k < text.length; k++) {
    const code = text.charCodeAt(k);
    into[at + k] = code;
    all |= code;
  }
  return all < 128;
}

function longer<A extends Int32Array | Uint8Array>(old: A, made: A): A {
  made.set(old);
  return made;
}

/** FNV-1a. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let k = start; k < end; k++) hash = Math.imul(hash ^ bytes[k]!, 0x01000193);
  return hash ^ (hash >>> 15);
}

function put(slots: Int32Array, hash: number, entry: number): void {
  const mask = slots.length - 1;
  let at = (2 * hash) & mask;
  while (slots[at + 1] !== 0) at = (at + 2) & mask;
  slots[at] = hash;
  slots[at + 1] = entry;
}

// Fetches what `match` looks at, step by step and without a decision between the rows: the processor then waits for many
// of them at once. Entry 0 stands for none, and begins at 0.
function fetch(
  bytes: Uint8Array,
  offsets: Int32Array,
  from: number,
  rows: number,
  slots: Int32Array,
  starts: Int32Array,
  held: Uint8Array,
): void {
  const mask = slots.length - 1;
  for (let i = 0; i < rows; i++) {
    const start = Math.max(0, offsets[from + i]!);
    const end = Math.min(bytes.length, offsets[from + i + 1]!);
    let hash = end - start;
    for (let k = start; k < end; k++) hash = Math.imul(hash ^ bytes[k]!, 0x01000193);
    hash ^= hash >>> 15;
    hashes[i] = hash;
    entries[i] = slots[((2 * hash) & mask) + 1]!;
  }
  for (let i = 0; i < rows; i++) begins[i] = starts[entries[i]!]!;
  for (let i = 0; i < rows; i++) firsts[i] = held[begins[i]!]!;
}

function match(
  bytes: Uint8Array,
  offsets: Int32Array,
  from: number,
  into: Int32Array,
  slots: Int32Array,
  starts: Int32Array,
  held: Uint8Array,
  places: Int32Array,
): void {
  const mask = slots.length - 1;
  for (let i = 0; i < into.length; i++) {
    const start = offsets[from + i]!;
    const end = offsets[from + i + 1]!;
    const hash = hashes[i]!;
    let found = -2;
    let at = (2 * hash) & mask;
    for (let entry = entries[i]!; entry !== 0; entry = slots[at + 1]!) {
      if (slots[at] === hash && same(bytes, start, end, held, starts[entry]!, starts[entry + 1]!)) {
        found = places[entry]!;
        break;
      }
      at = (at + 2) & mask;
    }
    into[i] = found;
  }
}

function same(a: Uint8Array, start: number, end: number, b: Uint8Array, from: number, to: number): boolean {
  if (end - start !== to - from) return false;
  for (let k = start, l = from; k < end; k++, l++) if (a[k] !== b[l]) return false;
  return true;
}
