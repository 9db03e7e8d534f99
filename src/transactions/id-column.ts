import {
  type ArrowColumn,
  arrowColumn,
  type BigArray,
  type Chunk,
  ChunkWalker,
  markMissing,
  type NumberArray,
  TYPE,
  validity,
} from '../columns/arrow-shape.ts';
import { isArrowLike, plainColumn, requireColumn } from '../columns/batch.ts';
import { heldCells, InputLane } from '../columns/input-lane.ts';
import { makeLane } from '../columns/lane.ts';
import { openCategories, openNumbers } from '../columns/open.ts';
import { isCategoryColumn } from '../columns/plain.ts';
import { readCategories } from '../columns/whole.ts';
import type { Columns, PlainColumn } from '../model/batch.ts';
import { type CustomerIds, NOBODY, UNKNOWN } from './customer-ids.ts';
import { encode } from './id-texts.ts';

/** Writes the customers of rows `start … start + count`, −1 where the id is null. */
export type IdReader = (start: number, count: number, into: Int32Array) => void;

/** A dictionary of ids. */
interface Dictionary {
  readonly size: number;
  /** By code, as far as they were asked for; `null` where code and customer are one. */
  readonly customers: Int32Array | null;
  /** The customer of a code. */
  ask(code: number): number;
}

const NO_BYTES = new Uint8Array(0);
const NO_OFFSETS = new Int32Array(0);
const utf8: TextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Reads the id column of batch after batch into the customers of `ids`. Other than a reader of `columns` it holds what it
 * learned from one batch to the next: a dictionary that batches share is read once, an id that was seen is not decoded.
 */
export class IdColumn {
  private readonly ids: CustomerIds;
  private readonly name: string;
  private readonly dictionaries: WeakMap<object, Dictionary> = new WeakMap();
  private readonly numbers: InputLane;
  private readonly why: Uint8Array;
  /** Plain texts of a block, as Arrow holds them. */
  private readonly offsets: Int32Array;
  private bytes: Uint8Array = new Uint8Array(2 ** 16);

  /** @param atOnce rows that are read at once, at most */
  constructor(ids: CustomerIds, name: string, atOnce: number) {
    this.ids = ids;
    this.name = name;
    this.numbers = new InputLane(atOnce);
    this.why = new Uint8Array(atOnce);
    this.offsets = new Int32Array(atOnce + 1);
  }

  open(batch: Columns): IdReader {
    requireColumn(batch, this.name);
    // What is wrong with a cell is told by the reader of whole columns.
    const refuse = (): unknown => readCategories(batch, this.name);
    if (!isArrowLike(batch)) {
      const column = plainColumn(batch, this.name);
      if (isCategoryColumn(column)) {
        const { codes, levels } = column;
        return (start, count, into) => {
          into.set(codes.subarray(start, start + count));
          this.translate(this.plainDictionary(levels), into.subarray(0, count), refuse);
        };
      }
      if (!ArrayBuffer.isView(column) || typeof column[0] !== 'number') return this.cells(column, refuse);
      return this.fromNumbers((start, count) => (column as Float64Array).subarray(start, start + count));
    }
    const column = arrowColumn(batch, this.name);
    const { typeId, bitWidth } = column.type;
    if (typeId === TYPE.dictionary) return this.indices(column, refuse);
    if (typeId === TYPE.utf8) return this.utf8(column, refuse);
    if (typeId === TYPE.float || (typeId === TYPE.int && bitWidth !== 64)) {
      const { numbers } = this;
      const reader = openNumbers(batch, this.name);
      return this.fromNumbers((start, count) => {
        reader.read(start, count, numbers);
        return heldCells(numbers) ?? numbers.values.subarray(0, count);
      });
    }
    return this.categories(batch, refuse);
  }

  private fromNumbers(cells: (start: number, count: number) => ArrayLike<number>): IdReader {
    return (start, count, into) => this.ids.ofNumbers(cells(start, count), into.subarray(0, count));
  }

  private cells(column: PlainColumn, refuse: () => unknown): IdReader {
    const { ids, offsets } = this;
    const cells = column as ArrayLike<unknown>;
    return (start, count, into) => {
      for (let i = 0, at = 0; i < count; i++) {
        const cell = cells[start + i];
        if (typeof cell === 'string') {
          if (at + 3 * cell.length > this.bytes.length) this.bytes = longer(this.bytes, at + 3 * cell.length);
          at = encode(cell, this.bytes, at);
        }
        offsets[i + 1] = at;
      }
      const found = into.subarray(0, count);
      ids.ofBytes(this.bytes, offsets, 0, found);
      for (let i = 0; i < count; i++) {
        const cell = cells[start + i];
        if (typeof cell === 'string') {
          if (found[i] === UNKNOWN) found[i] = ids.ofEncoded(this.bytes, offsets[i]!, offsets[i + 1]!);
        } else if (typeof cell === 'number') found[i] = Number.isFinite(cell) ? ids.ofNumber(cell) : NOBODY;
        else if (cell === null || cell === undefined) found[i] = NOBODY;
        else {
          if (typeof cell !== 'bigint' && typeof cell !== 'boolean') refuse();
          found[i] = ids.ofText(String(cell));
        }
      }
    };
  }

  private categories(batch: Columns, refuse: () => unknown): IdReader {
    const reader = openCategories(batch, this.name);
    const lane = makeLane({ type: 'category' }, this.why.length);
    const dictionary = this.dictionary(reader.levels);
    return (start, count, into) => {
      reader.read(start, count, lane);
      into.set(lane.codes.subarray(0, count));
      this.translate(dictionary, into.subarray(0, count), refuse);
    };
  }

  private indices(column: ArrowColumn, refuse: () => unknown): IdReader {
    const { why } = this;
    const walker = new ChunkWalker(column.data);
    return (start, count, into) =>
      walker.each(start, count, (chunk, from, piece, at) => {
        const dictionary = this.arrowDictionary(chunk.dictionary!);
        const codes = into.subarray(at, at + piece);
        const clean = markMissing(chunk, from, piece, why, 0);
        const right = takeIndices(chunk.values!, from, clean ? null : why, dictionary.size, codes);
        if (!clean) why.fill(0, 0, piece);
        if (!(right && dictionary.customers === null)) this.translate(dictionary, codes, refuse);
      });
  }

  private utf8(column: ArrowColumn, refuse: () => unknown): IdReader {
    const { ids, why } = this;
    const walker = new ChunkWalker(column.data);
    return (start, count, into) =>
      walker.each(start, count, (chunk, from, piece, at) => {
        const bytes = (chunk.values as Uint8Array | undefined) ?? NO_BYTES;
        const offsets = ((chunk.valueOffsets ?? chunk.offsets) as Int32Array | undefined) ?? NO_OFFSETS;
        const found = into.subarray(at, at + piece);
        ids.ofBytes(bytes, offsets, from, found);
        const clean = markMissing(chunk, from, piece, why, 0);
        for (let i = 0; i < piece; i++)
          if (why[i] !== 0) found[i] = NOBODY;
          else if (found[i] === UNKNOWN) {
            const [first, end] = [offsets[from + i]!, offsets[from + i + 1]!];
            if (!(first >= 0 && first <= end && end <= bytes.length)) refuse();
            found[i] = isAscii(bytes, first, end)
              ? ids.ofEncoded(bytes, first, end)
              : // A copy, as decoders refuse shared memory.
                ids.ofText(utf8.decode(bytes.slice(first, end)));
          }
        if (!clean) why.fill(0, 0, piece);
      });
  }

  private plainDictionary(levels: readonly string[]): Dictionary {
    const known = this.dictionaries.get(levels);
    if (known !== undefined && known.size === levels.length) return known;
    const dictionary = this.dictionary(levels);
    this.dictionaries.set(levels, dictionary);
    return dictionary;
  }

  private arrowDictionary(entries: ArrowColumn): Dictionary {
    const known = this.dictionaries.get(entries);
    if (known !== undefined) return known;
    const dictionary = this.asciiDictionary(entries) ?? this.dictionary(entryTexts(entries, this.name));
    this.dictionaries.set(entries, dictionary);
    return dictionary;
  }

  private dictionary(levels: readonly (string | null)[]): Dictionary {
    const { ids } = this;
    const size = levels.length;
    if (levels.every((level) => level !== null) && ids.takeLevels(levels)) return taken(size);
    const texts = levels.slice();
    const ask = (code: number): number => (texts[code] === null ? NOBODY : ids.ofText(texts[code]!));
    return { size, customers: new Int32Array(size).fill(UNKNOWN), ask };
  }

  /** A dictionary that lies in one piece of ASCII texts without a null: no text is decoded. */
  private asciiDictionary(entries: ArrowColumn): Dictionary | null {
    if (entries.type.typeId !== TYPE.utf8 || entries.data.length !== 1) return null;
    const { ids } = this;
    const [chunk] = entries.data;
    const { length: size, values } = chunk!;
    const bytes = values as Uint8Array;
    const offsets = asciiOffsets(chunk!);
    if (offsets === null) return null;
    if (ids.takeBytes(bytes, offsets, size)) return taken(size);
    const ask = (code: number): number => ids.ofEncoded(bytes, offsets[code]!, offsets[code + 1]!);
    return { size, customers: new Int32Array(size).fill(UNKNOWN), ask };
  }

  /** Turns codes of a dictionary into customers. */
  private translate({ size, customers, ask }: Dictionary, codes: Int32Array, refuse: () => unknown): void {
    for (let i = 0; ; i++) {
      i = translate(codes, i, size, customers);
      if (i === codes.length) return;
      const code = codes[i]!;
      if (code >= size) refuse();
      customers![code] = ask(code);
      codes[i] = customers![code]!;
    }
  }
}

const taken = (size: number): Dictionary => ({ size, customers: null, ask: (code) => code });

function isAscii(bytes: Uint8Array, from: number, to: number): boolean {
  let all = 0;
  for (let at = from; at < to; at++) all |= bytes[at]!;
  return all < 128;
}

/** Where the texts of a chunk of UTF-8 lie; `null` where a cell is null, one is not ASCII, or lies outside the buffer. */
function asciiOffsets(chunk: Chunk): Int32Array | null {
  const bytes = chunk.values as Uint8Array | undefined;
  const offsets = (chunk.valueOffsets ?? chunk.offsets) as Int32Array | undefined;
  if (!bytes || !offsets || validity(chunk)) return null;
  const { length } = chunk;
  let before = offsets[0]!;
  for (let i = 1; i <= length; i++) {
    if (!(offsets[i]! >= before)) return null;
    before = offsets[i]!;
  }
  return offsets[0]! >= 0 && before <= bytes.length && isAscii(bytes, offsets[0]!, before) ? offsets : null;
}

function longer(bytes: Uint8Array, least: number): Uint8Array {
  const more = new Uint8Array(2 * least);
  more.set(bytes);
  return more;
}

/** Goes on from row `from` up to a code whose customer is unknown. */
function translate(codes: Int32Array, from: number, beyond: number, customers: Int32Array | null): number {
  for (let i = from; i < codes.length; i++) {
    const code = codes[i]!;
    if (code >= beyond) return i;
    if (code < 0) codes[i] = NOBODY;
    else if (customers !== null) {
      const customer = customers[code]!;
      if (customer === UNKNOWN) return i;
      codes[i] = customer;
    }
  }
  return codes.length;
}

/** Copies indices: null as −1, those outside the dictionary as `beyond`; true when it knows that there is neither. */
function takeIndices(
  indices: NumberArray | BigArray,
  from: number,
  why: Uint8Array | null,
  beyond: number,
  into: Int32Array,
): boolean {
  if (why === null && indices.BYTES_PER_ELEMENT === 4) {
    into.set((indices as Int32Array).subarray(from, from + into.length));
    if (allWithin(into, beyond)) return true;
  }
  for (let i = 0; i < into.length; i++) {
    const index = Number(indices[from + i]);
    into[i] = why !== null && why[i] !== 0 ? NOBODY : index >= 0 && index < beyond ? index : beyond;
  }
  return false;
}

function allWithin(codes: Int32Array, beyond: number): boolean {
  let signs = 0;
  for (let i = 0; i < codes.length; i++) signs |= codes[i]! | (beyond - 1 - codes[i]!);
  return signs >= 0;
}

/** The text of every entry of a dictionary. */
function entryTexts(entries: ArrowColumn, name: string): readonly (string | null)[] {
  const alone = { numRows: entries.length, schema: { fields: [{ name }] }, getChild: () => entries as never };
  const { codes, levels } = readCategories(alone, name);
  return Array.from(codes, (code) => levels[code] ?? null);
}
