import type { IdTexts } from './id-texts.ts';

/** Rows between two looks of `findAll`. */
const AT_ONCE = 256;
const hashes = new Int32Array(AT_ONCE);
const touched = new Int32Array(AT_ONCE);

/**
 * A hash table from texts, given as the bytes of `IdTexts`, to their places there, with open addressing. Bytes with a
 * surrogate are no UTF-8: `findAll` does not find their texts.
 */
export class TextTable {
  private readonly texts: IdTexts;
  /** Four words each: the hash of a text, 1 + its place, where its bytes start and their `size`; 0 where there is none. */
  private slots: Int32Array = new Int32Array(2 ** 14);
  private held = 0;

  constructor(texts: IdTexts) {
    this.texts = texts;
    while (8 * texts.count > this.slots.length) this.slots = new Int32Array(2 * this.slots.length);
    for (let place = 0; place < texts.count; place++) this.hold(place);
  }

  /** The place of `bytes[from … to)`, −2 when it is not held. */
  find(bytes: Uint8Array, from: number, to: number): number {
    const view = viewOf(bytes);
    const size = sizeOf(bytes, from, to);
    return search(view, from, to - from, size, hashOf(view, from, to), this.slots, viewOf(this.texts.bytes));
  }

  /** Holds the text at `place`, which was not held. */
  hold(place: number): void {
    const { bytes, starts } = this.texts;
    const [from, to] = [starts[place]!, starts[place + 1]!];
    if (8 * ++this.held > this.slots.length) this.grow();
    put(this.slots, hashOf(viewOf(bytes), from, to), place + 1, from, sizeOf(bytes, from, to));
  }

  /** The places of rows of texts; −2 where it is not held, or no text of `bytes`. */
  findAll(bytes: Uint8Array, offsets: Int32Array, from: number, into: Int32Array): void {
    const [own, held] = [viewOf(bytes), viewOf(this.texts.bytes)];
    for (let row = 0; row < into.length; row += AT_ONCE) {
      const rows = Math.min(AT_ONCE, into.length - row);
      fetch(own, offsets, from + row, rows, this.slots, this.texts.bytes);
      match(own, offsets, from + row, into.subarray(row, row + rows), this.slots, held);
    }
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Int32Array(2 * old.length);
    for (let at = 0; at < old.length; at += 4)
      if (old[at + 1] !== 0) put(this.slots, old[at]!, old[at + 1]!, old[at + 2]!, old[at + 3]!);
  }
}

const viewOf = ({ buffer, byteLength, byteOffset }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);

/** How many bytes a text has, −1 less that many where one of them starts a surrogate. */
function sizeOf(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to - 1; at++) if (bytes[at] === 0xed && bytes[at + 1]! >= 0xa0) return from - to - 1;
  return to - from;
}

/** Four bytes at a time; the last four may overlap those before. */
function hashOf(view: DataView, from: number, to: number): number {
  let hash = to - from;
  if (hash >= 4) {
    for (let at = from; at < to - 4; at += 4) hash = mix(hash, view.getInt32(at, true));
    return mix(hash, view.getInt32(to - 4, true));
  }
  for (let at = from; at < to; at++) hash = mix(hash, view.getUint8(at));
  return hash;
}

function mix(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

function put(slots: Int32Array, hash: number, entry: number, start: number, size: number): void {
  const mask = slots.length - 1;
  let at = (hash << 2) & mask;
  while (slots[at + 1] !== 0) at = (at + 4) & mask;
  slots[at] = hash;
  slots[at + 1] = entry;
  slots[at + 2] = start;
  slots[at + 3] = size;
}

// Fetches what `match` looks at, without a decision between the rows: the processor then waits for many of them at once.
function fetch(
  view: DataView,
  offsets: Int32Array,
  from: number,
  rows: number,
  slots: Int32Array,
  held: Uint8Array,
): void {
  const mask = slots.length - 1;
  for (let i = 0; i < rows; i++) {
    const start = Math.max(0, offsets[from + i]!);
    const hash = hashOf(view, start, Math.min(view.byteLength, offsets[from + i + 1]!));
    hashes[i] = hash;
    touched[i] = slots[((hash << 2) & mask) + 2]!;
  }
  for (let i = 0; i < rows; i++) touched[i] = held[touched[i]! >>> 0]!;
}

function match(
  view: DataView,
  offsets: Int32Array,
  from: number,
  into: Int32Array,
  slots: Int32Array,
  held: DataView,
): void {
  for (let i = 0; i < into.length; i++) {
    const start = offsets[from + i]!;
    const length = offsets[from + i + 1]! - start;
    const outside = !(start >= 0 && length >= 0 && start + length <= view.byteLength);
    into[i] = outside ? -2 : search(view, start, length, length, hashes[i]!, slots, held);
  }
}

function search(
  view: DataView,
  start: number,
  length: number,
  size: number,
  hash: number,
  slots: Int32Array,
  held: DataView,
): number {
  const mask = slots.length - 1;
  for (let at = (hash << 2) & mask; slots[at + 1] !== 0; at = (at + 4) & mask)
    if (slots[at] === hash && slots[at + 3] === size && same(view, start, held, slots[at + 2]! >>> 0, length))
      return slots[at + 1]! - 1;
  return -2;
}

function same(a: DataView, start: number, b: DataView, from: number, length: number): boolean {
  let k = 0;
  for (; k < length - 3; k += 4) if (a.getInt32(start + k, true) !== b.getInt32(from + k, true)) return false;
  for (; k < length; k++) if (a.getUint8(start + k) !== b.getUint8(from + k)) return false;
  return true;
}
