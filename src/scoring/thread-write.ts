import { type ArrowColumn, type ArrowType, arrowColumn, type Chunk } from '../columns/arrow-shape.ts';
import { isArrowLike, plainColumn, requireColumn, rowCount } from '../columns/batch.ts';
import { isCategoryColumn } from '../columns/plain.ts';
import { isShared } from '../kernels/wasm/scratch.ts';
import type { Columns, PlainColumn } from '../model/batch.ts';
import type { Field } from '../model/field.ts';
import { type Child, ChildFinder } from './thread-children.ts';
import { ARRAYS, CELLS, CODES, HAS, KEPT, TYPED } from './thread-format.ts';
import type { SentType } from './thread-messages.ts';

type View = ArrayBufferView & { readonly length: number; readonly [Symbol.toStringTag]: string };

/** Where cells are copied to. */
export interface Room {
  readonly number: number;
  readonly buffer: ArrayBufferLike;
}
/** How buffers come to a thread. */
export interface Carrier {
  /** The number by which the thread knows a shared buffer. */
  shared(buffer: ArrayBufferLike): number;
  /** A buffer of at least so many bytes, for the columns of one batch. */
  room(bytes: number): Room;
}

/** Dictionaries that a thread remembers, over those of one batch. */
const MOST_DICTIONARIES = 16;
/** Every view begins where any typed array may. */
const ALIGNED = 16;

/**
 * Writes batches down for one thread (the format: thread-format.ts). What lies in shared memory is named, all else is copied.
 * Types and dictionaries are written once and then named.
 */
export class BatchWriter {
  private readonly fields: readonly Field[];
  private readonly carrier: Carrier;
  private readonly finder: ChildFinder;
  private numbers = new Float64Array(1024);
  private used = 0;
  private types: SentType[] = [];
  private cells: unknown[] = [];
  private kept: ArrayBuffer[] = [];
  /** Views of the batch that are to be copied, and where their address is to be written. */
  private readonly copied: View[] = [];
  private readonly copiedAt: number[] = [];
  /** How deep in dictionaries, whose views are copied into buffers of their own. */
  private depth = 0;
  /** The shared buffer that was named last. */
  private latest: ArrayBufferLike | undefined = undefined;
  private latestNumber = 0;
  private numbered = 0;
  private typeNumbers = new WeakMap<ArrowType, number>();
  private readonly typesBySpelling = new Map<string, number>();
  private readonly dictionaries = new Map<ArrowColumn, number>();

  constructor(fields: readonly Field[], carrier: Carrier) {
    this.fields = fields;
    this.carrier = carrier;
    this.finder = new ChildFinder(fields);
  }

  /**
   * Writes the columns of a batch that the model reads; returns its rows.
   * @throws for one that cannot be read or sent, which is then not written.
   */
  write(batch: Columns): number {
    const { used, cells, kept } = this;
    const [heldCells, heldKept] = [cells.length, kept.length];
    try {
      const arrow = isArrowLike(batch);
      const rows = rowCount(batch);
      this.add(rows, Number(arrow));
      const children = arrow ? this.finder.find(batch) : null;
      if (children !== null) for (const child of children) this.addChild(child);
      else
        for (const { name } of this.fields) {
          requireColumn(batch, name);
          if (arrow) this.addArrow(arrowColumn(batch, name));
          else this.addPlain(plainColumn(batch, name));
        }
      this.copy();
      return rows;
    } catch (error) {
      this.used = used;
      cells.length = heldCells;
      kept.length = heldKept;
      this.forget();
      throw error;
    } finally {
      this.copied.length = 0;
      this.copiedAt.length = 0;
      this.depth = 0;
    }
  }

  /** What was written since the last time. */
  take(): {
    readonly numbers: Float64Array<ArrayBuffer>;
    readonly types: readonly SentType[];
    readonly cells: readonly unknown[];
    readonly kept: readonly ArrayBuffer[];
  } {
    const { types, cells, kept } = this;
    const numbers = this.numbers.slice(0, this.used);
    this.used = 0;
    if (types.length > 0) this.types = [];
    if (cells.length > 0) this.cells = [];
    if (kept.length > 0) this.kept = [];
    return { numbers, types, cells, kept };
  }

  /** Counts on nothing that was written before. */
  forget(): void {
    this.typeNumbers = new WeakMap();
    this.typesBySpelling.clear();
    this.dictionaries.clear();
    this.latest = undefined;
  }

  private add(a: number, b: number): void {
    if (this.used + 2 > this.numbers.length) {
      const longer = new Float64Array(2 * this.numbers.length);
      longer.set(this.numbers);
      this.numbers = longer;
    }
    this.numbers[this.used] = a;
    this.numbers[this.used + 1] = b;
    this.used += 2;
  }
  private addOne(a: number): void {
    this.add(a, 0);
    this.used--;
  }

  private addPlain(column: PlainColumn): void {
    if (isCategoryColumn(column)) {
      this.addOne(CODES);
      this.addView(column.codes as View);
      this.cells.push(column.levels);
    } else if (ArrayBuffer.isView(column)) {
      this.addOne(TYPED);
      this.addView(column as unknown as View);
    } else {
      this.addOne(CELLS);
      this.cells.push(column);
    }
  }

  private addChild(child: Child): void {
    this.add(this.numberOfType(child.type), child.length);
    this.addOne(1);
    this.addChunk(child);
  }

  private addArrow({ type, length, data }: ArrowColumn): void {
    this.add(this.numberOfType(type), length);
    this.addOne(data.length);
    for (let c = 0; c < data.length; c++) this.addChunk(data[c]!);
  }

  private addChunk(chunk: Chunk): void {
    const { nullCount, values, dictionary } = chunk;
    const bitmap = nullCount === 0 ? undefined : (chunk.nullBitmap ?? chunk.validity);
    const offsets = chunk.valueOffsets ?? chunk.offsets;
    const more = chunk.variadicBuffers ?? chunk.data;
    const has =
      (ArrayBuffer.isView(values) ? HAS.values : 0) +
      (ArrayBuffer.isView(bitmap) ? HAS.nullBitmap : 0) +
      (ArrayBuffer.isView(offsets) ? HAS.valueOffsets : 0) +
      (Array.isArray(more) && more.length > 0 ? HAS.variadicBuffers : 0) +
      (dictionary ? HAS.dictionary : 0);
    this.add(has, chunk.length);
    this.add(nullCount, chunk.offset ?? 0);
    if (has === HAS.values) this.addView(values as View);
    else
      this.addParts(has, [values, bitmap, offsets] as unknown as readonly View[], more as readonly View[], dictionary);
  }

  private addParts(
    has: number,
    views: readonly View[],
    list: readonly View[],
    dictionary: ArrowColumn | undefined,
  ): void {
    for (let v = 0; v < views.length; v++) if (has & (1 << v)) this.addView(views[v]!);
    if (has & HAS.variadicBuffers) {
      this.addOne(list.length);
      for (const view of list) this.addView(view);
    }
    if (has & HAS.dictionary) this.addDictionary(dictionary!);
  }

  private addView(view: View): void {
    this.add(ARRAYS.indexOf(view[Symbol.toStringTag]), view.length);
    if (view.buffer === this.latest) this.add(this.latestNumber, view.byteOffset);
    else this.addElsewhere(view);
  }

  /** The rest of a view that does not lie where the latest shared one does. */
  private addElsewhere(view: View): void {
    const { buffer } = view;
    if (!ARRAYS.includes(view[Symbol.toStringTag])) throw new TypeError('no column is made of such cells');
    if (isShared(buffer)) {
      this.latestNumber = this.carrier.shared(buffer);
      this.latest = buffer;
      this.add(this.latestNumber, view.byteOffset);
    } else if (this.depth > 0) {
      this.addOne(KEPT);
      this.kept.push(bytesOf(view).slice().buffer);
    } else {
      this.copied.push(view);
      this.copiedAt.push(this.used);
      this.add(0, 0);
    }
  }

  private addDictionary(dictionary: ArrowColumn): void {
    const known = this.dictionaries.get(dictionary);
    const number = known ?? ++this.numbered;
    if (known !== undefined) this.addOne(known);
    else {
      this.add(-number, this.oldest());
      this.depth++;
      this.addArrow(dictionary);
      this.depth--;
    }
    // The latest used is the last to be forgotten.
    this.dictionaries.delete(dictionary);
    this.dictionaries.set(dictionary, number);
  }

  /** The number of the dictionary that has to go, 0 for none. */
  private oldest(): number {
    if (this.dictionaries.size < MOST_DICTIONARIES + this.fields.length) return 0;
    for (const [dictionary, number] of this.dictionaries) {
      this.dictionaries.delete(dictionary);
      return number;
    }
    return 0;
  }

  private numberOfType(type: ArrowType): number {
    const known = this.typeNumbers.get(type);
    if (known !== undefined) return known;
    const plain = plainType(type);
    const spelling = JSON.stringify(plain);
    let number = this.typesBySpelling.get(spelling);
    if (number === undefined) {
      number = ++this.numbered;
      this.typesBySpelling.set(spelling, number);
      this.types.push({ number, type: plain });
    }
    this.typeNumbers.set(type, number);
    return number;
  }

  private copy(): void {
    const { copied, copiedAt, numbers, carrier } = this;
    if (copied.length === 0) return;
    let bytes = 0;
    for (const view of copied) bytes += roundUp(view.byteLength);
    const { number, buffer } = carrier.room(bytes);
    const room = new Uint8Array(buffer);
    let at = 0;
    for (let c = 0; c < copied.length; c++) {
      const view = copied[c]!;
      room.set(bytesOf(view), at);
      numbers[copiedAt[c]!] = number;
      numbers[copiedAt[c]! + 1] = at;
      at += roundUp(view.byteLength);
    }
  }
}

const bytesOf = (view: ArrayBufferView): Uint8Array => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
const roundUp = (bytes: number): number => Math.ceil(bytes / ALIGNED) * ALIGNED;

/** Types of libraries are objects with methods, which cannot be sent. */
function plainType({ typeId, bitWidth, isSigned, signed, precision, scale, unit, dictionary }: ArrowType): ArrowType {
  const own = { typeId, bitWidth, isSigned, signed, precision, scale, unit };
  return { ...own, dictionary: dictionary && plainType(dictionary) } as ArrowType;
}
