import { kernelsAt } from '../kernels/wasm/registry.ts';
import { roomFor, roomOf } from '../kernels/wasm/room.ts';
import type { IdTexts } from './id-texts.ts';

/** Rows between two looks of `findAll`. */
const AT_ONCE = 256;
const hashes = new Int32Array(AT_ONCE);
const touched = new Int32Array(AT_ONCE);

/** Rows taken at once, at most, and bytes of theirs. */
const ROWS = 4096;
const BYTES = 2 ** 17;
/**
 * Words of a slot: the hash of a text, 1 + its place, where its bytes start, their `size` and the first 16 of them, which the
 * kernel compares; 0 where there is none.
 */
const SLOT = 8;
const BEGINNING = 16;
/** Words of a page of memory. */
const PAGE = 1024;
/** From so many words on slots lie in a memory that WASM works on. */
const MANY: number = 2 ** 16;
/** Up to so many they grow fourfold, as each time takes a memory of its own. */
const LARGE: number = 2 ** 20;
const slot = new Int32Array(SLOT);
const slotBytes = new Uint8Array(slot.buffer);

/** Room in the memory of the slots. */
interface Staged {
  /** Rows as they are given to the kernel, and what it finds. */
  readonly bytes: Uint8Array;
  readonly offsets: Int32Array;
  readonly hashes: Int32Array;
  readonly into: Int32Array;
  readonly ends: Int32Array;
  /** What stands in `IdTexts.bytes`. */
  readonly held: Uint8Array;
}

/**
 * A hash table from texts, given as the bytes of `IdTexts`, to their places there, with open addressing. Bytes with a
 * surrogate are no UTF-8: `findAll` does not find their texts.
 */
export class TextTable {
  private readonly texts: IdTexts;
  private slots!: Int32Array;
  private staged: Staged | null = null;
  private held = 0;

  /** Holds all of `texts`; those added later are to be held too. */
  constructor(texts: IdTexts) {
    this.texts = texts;
    let length = 2 ** 14;
    length = lengthFor(texts.count, length);
    this.make(length);
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
    this.held++;
    this.makeRoom(0, 0);
    slotBytes.fill(0);
    slotBytes.set(bytes.subarray(from, Math.min(to, from + BEGINNING)), 4 * SLOT - BEGINNING);
    slot[0] = hashOf(viewOf(bytes), from, to);
    slot[1] = place + 1;
    slot[2] = from;
    slot[3] = sizeOf(bytes, from, to);
    put(this.slots, slot, 0);
    this.staged?.held.set(bytes.subarray(from, to), from);
  }

  /**
   * The places of up to 4,096 rows of texts; −2 where it is not held, or no text of `bytes`. Some that were not held may be
   * added to `texts`, and held.
   */
  findAll(bytes: Uint8Array, offsets: Int32Array, from: number, into: Int32Array): void {
    const count = into.length;
    if (count === 0) return;
    const size = offsets[from + count]! - offsets[from]!;
    if (this.staged === null || !areOffsets(offsets, from, count, bytes.length))
      this.findEach(bytes, offsets, from, into);
    else if (size <= BYTES) this.take(bytes, offsets, from, into);
    else if (count === 1) into[0] = -2;
    else {
      const half = count >> 1;
      this.findAll(bytes, offsets, from, into.subarray(0, half));
      this.findAll(bytes, offsets, from + half, into.subarray(half));
    }
  }

  private take(bytes: Uint8Array, offsets: Int32Array, from: number, into: Int32Array): void {
    const { texts } = this;
    const count = into.length;
    const [first, end] = [offsets[from]!, offsets[from + count]!];
    this.makeRoom(count, end - first);
    const { slots } = this;
    const staged = this.staged!;
    staged.bytes.set(bytes.subarray(first, end));
    staged.offsets.set(offsets.subarray(from, from + count + 1));
    staged.ends[0] = texts.starts[texts.count]!;
    const next = kernelsAt(slots.buffer)!.takeTexts(
      slots.byteOffset,
      slots.byteOffset + slots.byteLength,
      shiftOf(slots),
      staged.bytes.byteOffset - first,
      staged.offsets.byteOffset,
      count,
      staged.hashes.byteOffset,
      staged.into.byteOffset,
      staged.held.byteOffset,
      texts.count,
      texts.count + count,
      staged.ends.byteOffset,
    );
    into.set(staged.into.subarray(0, count));
    this.held += next - texts.count;
    texts.pushAll(staged.held, staged.ends, next - texts.count);
  }

  private findEach(bytes: Uint8Array, offsets: Int32Array, from: number, into: Int32Array): void {
    const [own, held] = [viewOf(bytes), viewOf(this.texts.bytes)];
    for (let row = 0; row < into.length; row += AT_ONCE) {
      const rows = Math.min(AT_ONCE, into.length - row);
      fetch(own, offsets, from + row, rows, this.slots, this.texts.bytes);
      match(own, offsets, from + row, into.subarray(row, row + rows), this.slots, held);
    }
  }

  /** Makes room for those held and `count` more, of `size` bytes. */
  private makeRoom(count: number, size: number): void {
    const length = lengthFor(this.held + count, this.slots.length);
    const { staged, texts } = this;
    const full = staged !== null && texts.starts[texts.count]! + size > staged.held.length - BEGINNING;
    if (length === this.slots.length && !full) return;
    const old = this.slots;
    this.make(length);
    for (let at = 0; at < old.length; at += SLOT) if (old[at + 1] !== 0) put(this.slots, old, at);
  }

  private make(length: number): void {
    const { bytes, count, starts } = this.texts;
    const used = starts[count]!;
    const room = Math.max(bytes.length, 2 * (used + BYTES));
    const own =
      roomFor(BYTES + BEGINNING) + 5 * roomFor(4 * ROWS + 4) + roomFor(room + BEGINNING) + roomFor(4 * length);
    const memory = length < MANY ? null : roomOf(own);
    const slots = memory?.int32(length) ?? new Int32Array(length);
    this.slots = slots;
    this.staged = null;
    if (memory === null || !kernelsAt(slots.buffer)) return;
    this.staged = {
      offsets: memory.int32(ROWS + 1),
      ends: memory.int32(ROWS + 1),
      into: memory.int32(ROWS),
      hashes: memory.int32(2 * ROWS),
      bytes: memory.uint8(BYTES + BEGINNING),
      held: memory.uint8(room + BEGINNING),
    };
    this.staged.held.set(bytes.subarray(0, used));
    // What is read before it is written is laid out twice by the system, page by page.
    for (let at = 0; at < length; at += PAGE) slots[at] = 0;
  }
}

/** What is left of a hash is the slot to begin at. */
const shiftOf = (slots: Int32Array): number => Math.clz32(slots.length / SLOT) + 1;

/** Whether rows are pieces of so many bytes, one behind the other. */
function areOffsets(offsets: Int32Array, from: number, count: number, size: number): boolean {
  let before = offsets[from]!;
  if (!(before >= 0)) return false;
  for (let i = from + 1; i <= from + count; i++) {
    if (!(offsets[i]! >= before)) return false;
    before = offsets[i]!;
  }
  return before <= size;
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

/** Words that are enough for so many texts, `length` or more. */
function lengthFor(count: number, length: number): number {
  let enough = length;
  while (2 * SLOT * count > enough) enough *= enough < LARGE ? 4 : 2;
  return enough;
}

/** Puts the slot `from[first …]` where it belongs. */
function put(slots: Int32Array, from: Int32Array, first: number): void {
  const mask = slots.length - 1;
  let at = (from[first]! >>> shiftOf(slots)) << 3;
  while (slots[at + 1] !== 0) at = (at + SLOT) & mask;
  for (let word = 0; word < SLOT; word++) slots[at + word] = from[first + word]!;
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
  const shift = shiftOf(slots);
  for (let i = 0; i < rows; i++) {
    const start = Math.max(0, offsets[from + i]!);
    const hash = hashOf(view, start, Math.min(view.byteLength, offsets[from + i + 1]!));
    hashes[i] = hash;
    touched[i] = slots[((hash >>> shift) << 3) + 2]!;
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
  for (let at = (hash >>> shiftOf(slots)) << 3; slots[at + 1] !== 0; at = (at + SLOT) & mask)
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
