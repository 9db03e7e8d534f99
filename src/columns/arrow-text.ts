import { fail } from '../errors.ts';
import type { CategoryColumn } from '../model/batch.ts';
import { type ArrowColumn, type Chunk, markMissing, TYPE } from './arrow-shape.ts';

const utf8: TextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Text columns as categories: each distinct text is decoded once; levels in order of first appearance. */
export function encodeText(column: ArrowColumn, name: string): CategoryColumn {
  const codes = new Int32Array(column.length);
  const dictionary = byteDictionary();
  let at = 0;
  for (const chunk of column.data) {
    const why = new Uint8Array(chunk.length);
    markMissing(chunk, 0, chunk.length, why, 0);
    const cell = column.type.typeId === TYPE.utf8View ? viewCells(chunk, name) : offsetCells(chunk, name);
    for (let i = 0; i < chunk.length; i++) codes[at++] = why[i] === 0 ? cell(i, dictionary.code) : -1;
  }
  return { codes, levels: dictionary.levels };
}

type Code = (bytes: Uint8Array, start: number, end: number) => number;
type Cells = (row: number, code: Code) => number;
const NO_BYTES = new Uint8Array(0);

function offsetCells(chunk: Chunk, name: string): Cells {
  const offsets = chunk.valueOffsets ?? chunk.offsets ?? new Int32Array(0);
  const bytes = (chunk.values as Uint8Array | undefined) ?? NO_BYTES;
  return (row, code) => {
    const start = Number(offsets[row]);
    const end = Number(offsets[row + 1]);
    if (!(start >= 0 && start <= end && end <= bytes.length)) corrupt(name, row);
    return code(bytes, start, end);
  };
}

/** A view is 16 bytes: the length, then the text itself (up to 12 bytes) or prefix, buffer number and offset. */
function viewCells(chunk: Chunk, name: string): Cells {
  const views = (chunk.values as Uint8Array | undefined) ?? NO_BYTES;
  const buffers = chunk.variadicBuffers ?? chunk.data ?? [];
  const fields = new DataView(views.buffer, views.byteOffset, views.byteLength);
  return (row, code) => {
    const at = row * 16;
    if (at + 16 > views.length) corrupt(name, row);
    const length = fields.getInt32(at, true);
    const inline = length <= 12;
    const bytes = inline ? views : (buffers[fields.getInt32(at + 8, true)] ?? NO_BYTES);
    const start = inline ? at + 4 : fields.getInt32(at + 12, true);
    if (!(length >= 0 && start >= 0 && start + length <= bytes.length)) corrupt(name, row);
    return code(bytes, start, start + length);
  };
}

function corrupt(name: string, row: number): never {
  return fail('corrupt-input', `column "${name}", chunk row ${row}: the text lies outside its buffer`);
}

/** Codes for byte strings: a hash table with open addressing over the bytes themselves. */
function byteDictionary(): { readonly levels: string[]; readonly code: Code } {
  const levels: string[] = [];
  const byText = new Map<string, number>();
  const sources: Uint8Array[] = [];
  const starts: number[] = [];
  const lengths: number[] = [];
  const hashes: number[] = [];
  const codes: number[] = [];
  let slots = new Int32Array(64).fill(-1);

  function add(bytes: Uint8Array, start: number, end: number, hash: number): number {
    // A copy, as decoders refuse shared memory.
    const text = utf8.decode(bytes.slice(start, end));
    // Only damaged UTF-8 decodes to a text that other bytes have too; a level is a text.
    const damaged = text.includes('\uFFFD');
    const code = (damaged ? byText.get(text) : undefined) ?? levels.push(text) - 1;
    if (damaged) byText.set(text, code);
    sources.push(bytes);
    starts.push(start);
    lengths.push(end - start);
    hashes.push(hash);
    codes.push(code);
    if (codes.length * 2 > slots.length) grow();
    else place(codes.length - 1);
    return code;
  }

  function place(entry: number): void {
    const mask = slots.length - 1;
    let slot = hashes[entry]! & mask;
    while (slots[slot]! >= 0) slot = (slot + 1) & mask;
    slots[slot] = entry;
  }

  function grow(): void {
    slots = new Int32Array(slots.length * 4).fill(-1);
    for (let entry = 0; entry < codes.length; entry++) place(entry);
  }

  function same(entry: number, bytes: Uint8Array, start: number, length: number): boolean {
    if (lengths[entry] !== length) return false;
    const source = sources[entry]!;
    const from = starts[entry]!;
    for (let i = 0; i < length; i++) if (source[from + i] !== bytes[start + i]) return false;
    return true;
  }

  return {
    levels,
    code(bytes, start, end) {
      let hash = end - start;
      for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
      hash ^= hash >>> 15;
      const mask = slots.length - 1;
      for (let slot = hash & mask; slots[slot]! >= 0; slot = (slot + 1) & mask) {
        const entry = slots[slot]!;
        if (hashes[entry] === hash && same(entry, bytes, start, end - start)) return codes[entry]!;
      }
      return add(bytes, start, end, hash);
    },
  };
}
