/** Rows between two looks of `findAll`. */
const AT_ONCE = 256;
const hashes = new Int32Array(AT_ONCE);
const entries = new Int32Array(AT_ONCE);
const touched = new Int32Array(AT_ONCE);

/**
 * A hash table from texts to places. ASCII texts lie as bytes in one buffer, found with open addressing: rows of UTF-8 need
 * no string each. Other texts lie in a Map.
 */
export class TextTable {
  /** Pairs of the hash of a text and its entry; 0 where there is none. */
  private slots: Int32Array = new Int32Array(2 ** 13);
  private held = 0;
  /** From an entry on: the place, the length, and the bytes of the text, up to a whole word. Entries begin at 1. */
  private words: Int32Array = new Int32Array(2 ** 14);
  private bytes: Uint8Array = new Uint8Array(this.words.buffer);
  private next = 1;
  private readonly others: Map<string, number> = new Map();
  private readonly ends: Int32Array = new Int32Array(2);
  private readonly found: Int32Array = new Int32Array(1);
  private own: Uint8Array = new Uint8Array(64);

  /** The place of a text, −2 when it is not held. */
  find(text: string): number {
    if (!this.encode(text)) return this.others.get(text) ?? -2;
    const { bytes: held, found, own, ends, slots, words } = this;
    fetch(own, ends, 0, 1, slots, words);
    match(own, ends, 0, found, slots, words, held);
    return found[0]!;
  }

  /** Holds a text that was not held. */
  add(text: string, place: number): void {
    if (!this.encode(text)) {
      this.others.set(text, place);
      return;
    }
    const entry = this.next;
    this.next += 2 + Math.ceil(text.length / 4);
    if (this.next > this.words.length) {
      const { words } = this;
      this.words = new Int32Array(2 * this.next);
      this.words.set(words);
      this.bytes = new Uint8Array(this.words.buffer);
    }
    this.words[entry] = place;
    this.words[entry + 1] = text.length;
    for (let k = 0, at = 4 * (entry + 2); k < text.length; k++) this.bytes[at + k] = this.own[k]!;
    if (4 * ++this.held > this.slots.length) this.grow();
    put(this.slots, hashOf(this.own, 0, text.length), entry);
  }

  /** The places of rows of UTF-8 texts; −2 where it is not held, or not ASCII, or no text of `bytes`. */
  findAll(bytes: Uint8Array, offsets: Int32Array, from: number, into: Int32Array): void {
    const { bytes: held, slots, words } = this;
    for (let row = 0; row < into.length; row += AT_ONCE) {
      const rows = Math.min(AT_ONCE, into.length - row);
      fetch(bytes, offsets, from + row, rows, slots, words);
      match(bytes, offsets, from + row, into.subarray(row, row + rows), slots, words, held);
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

/** FNV-1a. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let k = start; k < end; k++) hash = Math.imul(hash ^ bytes[k]!, 0x01000193);
  return hash ^ (hash >>> 15);
}

function put(slots: Int32Array, hash: number, entry: number): void {
  const mask = slots.length - 1;
  let at = (hash << 1) & mask;
  while (slots[at + 1] !== 0) at = (at + 2) & mask;
  slots[at] = hash;
  slots[at + 1] = entry;
}

// Fetches what `match` looks at, without a decision between the rows: the processor then waits for many of them at once.
function fetch(
  bytes: Uint8Array,
  offsets: Int32Array,
  from: number,
  rows: number,
  slots: Int32Array,
  words: Int32Array,
): void {
  const mask = slots.length - 1;
  for (let i = 0; i < rows; i++) {
    const start = Math.max(0, offsets[from + i]!);
    const end = Math.min(bytes.length, offsets[from + i + 1]!);
    const hash = hashOf(bytes, start, end);
    hashes[i] = hash;
    entries[i] = slots[((hash << 1) & mask) + 1]!;
  }
  for (let i = 0; i < rows; i++) touched[i] = words[entries[i]! + 1]!;
}

function match(
  bytes: Uint8Array,
  offsets: Int32Array,
  from: number,
  into: Int32Array,
  slots: Int32Array,
  words: Int32Array,
  held: Uint8Array,
): void {
  const mask = slots.length - 1;
  for (let i = 0; i < into.length; i++) {
    const start = offsets[from + i]!;
    const length = offsets[from + i + 1]! - start;
    const hash = hashes[i]!;
    let found = -2;
    let at = (hash << 1) & mask;
    for (let entry = entries[i]!; entry !== 0; entry = slots[at + 1]!) {
      if (slots[at] === hash && words[entry + 1] === length && same(bytes, start, held, 4 * (entry + 2), length)) {
        found = words[entry]!;
        break;
      }
      at = (at + 2) & mask;
    }
    into[i] = found;
  }
}

function same(a: Uint8Array, start: number, b: Uint8Array, from: number, length: number): boolean {
  for (let k = 0; k < length; k++) if (a[start + k] !== b[from + k]) return false;
  return true;
}
