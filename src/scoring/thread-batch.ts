// A batch on its way to a thread: the columns that a model reads, as plain objects over copied or shared buffers.
import { type ArrowColumn, type ArrowType, arrowColumn, type Chunk } from '../columns/arrow-shape.ts';
import { isArrowLike, plainColumn, requireColumn, rowCount } from '../columns/batch.ts';
import { isCategoryColumn } from '../columns/plain.ts';
import { scratchAt } from '../kernels/wasm/registry.ts';
import { isShared } from '../kernels/wasm/scratch.ts';
import type { ArrowLike, Columns, PlainColumn } from '../model/batch.ts';
import type { Field } from '../model/field.ts';

export type View = ArrayBufferView & { readonly length: number; readonly [Symbol.toStringTag]: string };
/** A view of the bytes of a shared WASM memory, which the thread makes anew: it knows the memory by its number. */
interface InMemory {
  readonly memory: number;
  readonly type: string;
  readonly at: number;
  readonly length: number;
}
type SentView = View | InMemory;

/** The typed arrays of a name, such as `Float64Array`. */
export function viewsOf(type: string): new (buffer: ArrayBufferLike, at?: number, length?: number) => View {
  return (globalThis as unknown as { readonly [type: string]: ReturnType<typeof viewsOf> })[type]!;
}

type SentChunk = { readonly [part in keyof Chunk]?: unknown };
interface SentArrow {
  readonly length: number;
  readonly type: ArrowType;
  readonly data: readonly SentChunk[];
}
export interface SentBatch {
  readonly rows: number;
  readonly arrow: boolean;
  readonly names: readonly string[];
  readonly columns: readonly unknown[];
}

/** How buffers travel. */
export interface Carrier {
  /** The number of a shared memory, made known to the thread. */
  memory(memory: WebAssembly.Memory): number;
  /** A copy of a view's bytes in a buffer of its own, to be handed over. */
  copy(view: View): View;
}

/** The columns of `fields`; what lies in a shared memory is sent by reference. */
export function packBatch(batch: Columns, fields: readonly Field[], carrier: Carrier): SentBatch {
  const names = fields.map((field) => field.name);
  for (const name of names) requireColumn(batch, name);
  const arrow = isArrowLike(batch);
  const columns = arrow
    ? names.map((name) => packArrow(arrowColumn(batch, name), carrier, new Map()))
    : names.map((name) => packPlain(plainColumn(batch, name), carrier));
  return { rows: rowCount(batch), arrow, names, columns };
}

function packView(view: View, carrier: Carrier): SentView {
  const { buffer, byteOffset: at, length } = view;
  if (!isShared(buffer)) return carrier.copy(view);
  const memory = scratchAt(buffer)?.memory;
  return memory ? { memory: carrier.memory(memory), type: view[Symbol.toStringTag], at, length } : view;
}

function packPlain(column: PlainColumn, carrier: Carrier): unknown {
  if (isCategoryColumn(column)) return { codes: packView(column.codes, carrier), levels: column.levels };
  return ArrayBuffer.isView(column) ? packView(column as unknown as View, carrier) : column;
}

function packArrow(column: ArrowColumn, carrier: Carrier, known: Map<ArrowColumn, SentArrow>): SentArrow {
  const other = known.get(column);
  if (other) return other;
  const view = (own: ArrayBufferView | undefined): SentView | undefined =>
    ArrayBuffer.isView(own) ? packView(own as View, carrier) : undefined;
  const views = (own: readonly Uint8Array[] | undefined): unknown => (Array.isArray(own) ? own.map(view) : undefined);
  const data = column.data.map(
    (chunk): SentChunk =>
      given({
        length: chunk.length,
        nullCount: chunk.nullCount,
        offset: chunk.offset,
        values: view(chunk.values),
        nullBitmap: chunk.nullCount === 0 ? undefined : view(chunk.nullBitmap),
        validity: chunk.nullCount === 0 ? undefined : view(chunk.validity),
        valueOffsets: view(chunk.valueOffsets),
        offsets: view(chunk.offsets),
        variadicBuffers: views(chunk.variadicBuffers),
        data: views(chunk.data),
        dictionary: chunk.dictionary && packArrow(chunk.dictionary, carrier, known),
      }),
  );
  const sent = { length: column.length, type: plainType(column.type), data };
  known.set(column, sent);
  return sent;
}

/** Types of libraries are objects with methods, which cannot be sent. */
function plainType(type: ArrowType): ArrowType {
  const { typeId, bitWidth, isSigned, signed, precision, scale, unit, dictionary } = type;
  const own = { typeId, bitWidth, isSigned, signed, precision, scale, unit };
  return given({ ...own, dictionary: dictionary && plainType(dictionary) }) as unknown as ArrowType;
}

/** Without what is undefined: every property takes its time to be sent. */
function given(parts: { readonly [name: string]: unknown }): { readonly [name: string]: unknown } {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
}

/** The batch that was packed; `memoryOf` gives the buffer of a shared memory by its number. */
export function unpackBatch(sent: SentBatch, memoryOf: (number: number) => ArrayBufferLike): Columns {
  const columns = new Map(sent.names.map((name, c) => [name, unpack(sent.columns[c], memoryOf)]));
  if (!sent.arrow) return Object.fromEntries(columns) as Columns;
  return {
    numRows: sent.rows,
    schema: { fields: sent.names.map((name) => ({ name })) },
    getChild: (name) => (columns.get(name) as ReturnType<ArrowLike['getChild']>) ?? null,
  };
}

/** Everything as it came, but for views of shared memories. */
function unpack(value: unknown, memoryOf: (number: number) => ArrayBufferLike): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if ('memory' in value) {
    const { memory, type, at, length } = value as InMemory;
    return new (viewsOf(type))(memoryOf(memory), at, length);
  }
  if ('levels' in value) {
    const { codes, levels } = value as { readonly codes: unknown; readonly levels: unknown };
    return { codes: unpack(codes, memoryOf), levels };
  }
  if (!('data' in value) || !('type' in value)) return value;
  return unpackArrow(value as SentArrow, memoryOf, new Map());
}

function unpackArrow(
  column: SentArrow,
  memoryOf: (number: number) => ArrayBufferLike,
  known: Map<SentArrow, unknown>,
): unknown {
  const other = known.get(column);
  if (other) return other;
  const data = column.data.map((chunk) => {
    const parts = Object.entries(chunk).flatMap(([name, part]) => {
      if (part === undefined) return [];
      if (name === 'dictionary') return [[name, unpackArrow(part as SentArrow, memoryOf, known)] as const];
      return [[name, Array.isArray(part) ? part.map((own) => unpack(own, memoryOf)) : unpack(part, memoryOf)] as const];
    });
    return Object.fromEntries(parts);
  });
  const own = { length: column.length, type: column.type, data };
  known.set(column, own);
  return own;
}
