import type { ArrowColumn, ArrowType, Chunk } from '../columns/arrow-shape.ts';
import { NO_VALUES } from '../columns/lane.ts';
import type { ArrowLike, Columns } from '../model/batch.ts';
import type { Field } from '../model/field.ts';
import { ARRAYS, CODES, HAS, KEPT, TYPED } from './thread-format.ts';
import type { SentGroup } from './thread-messages.ts';

type ViewOf = new (buffer: ArrayBufferLike, at: number, length: number) => ArrayBufferView;
const VIEWS: readonly ViewOf[] = ARRAYS.map(
  (name) => (globalThis as unknown as { readonly [name: string]: ViewOf })[name]!,
);

/** Makes batches of what BatchWriter wrote. Each is good until the next is read: its columns are used again. */
export class BatchReader {
  /** Buffers by number. */
  readonly buffers: Map<number, ArrayBufferLike> = new Map();
  private readonly fields: readonly Field[];
  private readonly types = new Map<number, ArrowType>();
  private readonly dictionaries = new Map<number, ArrowColumn>();
  private readonly columns: readonly ReadColumn[];
  private readonly batch: ReadBatch;
  private group: SentGroup | undefined;
  private numbers: Float64Array = NO_VALUES;
  private at = 0;
  private nextCells = 0;
  private nextKept = 0;

  constructor(fields: readonly Field[]) {
    this.fields = fields;
    this.columns = fields.map(() => new ReadColumn());
    this.batch = new ReadBatch(fields, this.columns);
  }

  begin(group: SentGroup): void {
    this.group = group;
    this.numbers = group.numbers;
    this.at = 0;
    this.nextCells = 0;
    this.nextKept = 0;
    for (const { number, type } of group.types) this.types.set(number, type);
    for (const { number, buffer } of group.slots) this.buffers.set(number, buffer);
  }

  end(): void {
    for (const { number } of this.group!.slots) this.buffers.delete(number);
    for (const number of this.group!.forgotten) this.buffers.delete(number);
    this.group = undefined;
    this.numbers = NO_VALUES;
  }

  read(): Columns {
    const rows = this.next();
    const plain = this.next() === 0;
    // Without columns only a batch of the other kind knows its rows.
    if (plain && this.fields.length > 0)
      return Object.fromEntries(this.fields.map(({ name }) => [name, this.readPlain()])) as Columns;
    this.batch.numRows = rows;
    for (const column of this.columns) this.readArrow(column);
    return this.batch;
  }

  private next(): number {
    return this.numbers[this.at++]!;
  }

  private readPlain(): unknown {
    const kind = this.next();
    if (kind === TYPED) return this.readView();
    if (kind === CODES) return { codes: this.readView(), levels: this.group!.cells[this.nextCells++] };
    return this.group!.cells[this.nextCells++];
  }

  private readArrow(column: ReadColumn): void {
    column.type = this.types.get(this.next())!;
    column.length = this.next();
    const count = this.next();
    const { data } = column;
    while (data.length < count) data.push(new ReadChunk());
    data.length = count;
    for (let c = 0; c < count; c++) this.readChunk(data[c]!);
  }

  private readChunk(chunk: ReadChunk): void {
    const has = this.next();
    chunk.length = this.next();
    chunk.nullCount = this.next();
    chunk.offset = this.next();
    // Most columns are so: engines need not compile the rest.
    if (has === HAS.values && chunk.had === has) chunk.values = this.readView();
    else this.readParts(chunk, has);
  }

  private readParts(chunk: ReadChunk, has: number): void {
    chunk.had = has;
    chunk.values = has & HAS.values ? this.readView() : undefined;
    chunk.nullBitmap = has & HAS.nullBitmap ? this.readView() : undefined;
    chunk.valueOffsets = has & HAS.valueOffsets ? this.readView() : undefined;
    chunk.variadicBuffers = has & HAS.variadicBuffers ? this.readList() : undefined;
    chunk.dictionary = has & HAS.dictionary ? this.readDictionary() : undefined;
  }

  private readList(): ArrayBufferView[] {
    return Array.from({ length: this.next() }, () => this.readView());
  }

  private readView(): ArrayBufferView {
    const View = VIEWS[this.next()]!;
    const length = this.next();
    const number = this.next();
    if (number === KEPT) return new View(this.group!.kept[this.nextKept++]!, 0, length);
    return new View(this.buffers.get(number)!, this.next(), length);
  }

  private readDictionary(): ArrowColumn | undefined {
    const number = this.next();
    if (number > 0) return this.dictionaries.get(number);
    this.dictionaries.delete(this.next());
    const column = new ReadColumn();
    this.readArrow(column);
    const dictionary = column as unknown as ArrowColumn;
    this.dictionaries.set(-number, dictionary);
    return dictionary;
  }
}

class ReadBatch implements ArrowLike {
  readonly schema: ArrowLike['schema'];
  numRows = 0;
  private readonly byName: ReadonlyMap<string, ReadColumn>;

  constructor(fields: readonly Field[], columns: readonly ReadColumn[]) {
    this.schema = { fields: fields.map(({ name }) => ({ name })) };
    this.byName = new Map(fields.map(({ name }, c) => [name, columns[c]!]));
  }
  getChild(name: string): ReturnType<ArrowLike['getChild']> {
    return (this.byName.get(name) as unknown as ReturnType<ArrowLike['getChild']>) ?? null;
  }
}

class ReadColumn {
  length = 0;
  type: ArrowType | undefined = undefined;
  readonly data: ReadChunk[] = [];
}

type Parts = { -readonly [part in keyof Chunk]: unknown };
class ReadChunk implements Parts {
  /** The parts that it had before. */
  had = 0;
  length = 0;
  nullCount = 0;
  offset = 0;
  values: unknown = undefined;
  nullBitmap: unknown = undefined;
  valueOffsets: unknown = undefined;
  variadicBuffers: unknown = undefined;
  dictionary: unknown = undefined;
}
