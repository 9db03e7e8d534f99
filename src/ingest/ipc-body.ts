import { FlatBufferFault } from './flatbuffer.ts';
import type { Layout } from './ipc-schema.ts';

/** The part of a message that tells where the cells lie. */
export interface BatchHeader {
  readonly rows: number;
  readonly nodes: readonly { readonly length: number; readonly nulls: number }[];
  readonly buffers: readonly { readonly offset: number; readonly length: number }[];
  /** Numbers of data buffers of the view columns, in order. */
  readonly variadic: readonly number[];
}

/**
 * Checks a body against its header and the layouts of its columns: lengths agree with the row count, buffers are in order,
 * aligned, inside and long enough, null counts are the bitmaps' counts, offsets rise and stay inside, codes lie within
 * their dictionary. Everything the header says is used up by the columns.
 */
export function checkBody(
  header: BatchHeader,
  body: Uint8Array,
  columns: readonly Layout[],
  dictionaryLength: (id: number) => number,
): void {
  const check = new BodyCheck(header, body, dictionaryLength);
  for (const column of columns) check.column(column, header.rows);
  check.end();
}

class BodyCheck {
  private readonly header: BatchHeader;
  private readonly body: Uint8Array;
  private readonly view: DataView;
  private readonly dictionaryLength: (id: number) => number;
  private node = 0;
  private buffer = 0;
  private variadic = 0;
  private filled = 0;

  constructor(header: BatchHeader, body: Uint8Array, dictionaryLength: (id: number) => number) {
    this.header = header;
    this.body = body;
    this.view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    this.dictionaryLength = dictionaryLength;
  }

  column(layout: Layout, length: number): void {
    const node = this.header.nodes[this.node++] ?? fault(layout, 'has no length');
    if (node.length !== length) fault(layout, `has ${node.length} rows where ${length} are due`);
    if (node.nulls < 0 || node.nulls > length) fault(layout, 'has an impossible number of nulls');
    if (layout.form === 'null') return;
    const validity = this.take(layout, node.nulls > 0 ? (length + 7) >> 3 : 0);
    const valid = validity.length > 0 ? validity : undefined;
    if (valid) {
      if (valid.length < (length + 7) >> 3) fault(layout, 'has too short a null bitmap');
      if (length - countBits(valid, length) !== node.nulls) fault(layout, 'has a null count that its bitmap denies');
    }
    switch (layout.form) {
      case 'bits':
        this.take(layout, (length + 7) >> 3);
        break;
      case 'fixed': {
        const values = this.take(layout, length * layout.width);
        if (layout.dictionary !== undefined) this.codes(layout, values, length, valid, node.nulls);
        break;
      }
      case 'text': {
        const end = this.offsets(layout, length);
        this.take(layout, end);
        break;
      }
      case 'views':
        this.views(layout, length, valid);
        break;
      case 'list':
        this.column(layout.children[0]!, this.childLength(this.offsets(layout, length)));
        break;
      case 'fixed-list':
        this.column(layout.children[0]!, length * layout.width);
        break;
      case 'struct':
        for (const child of layout.children) this.column(child, length);
    }
  }

  end(): void {
    const { nodes, buffers, variadic } = this.header;
    if (this.node !== nodes.length || this.buffer !== buffers.length || this.variadic !== variadic.length)
      throw new FlatBufferFault('more column parts than its schema has');
    if (this.body.length - this.filled >= 64) throw new FlatBufferFault('a body longer than its columns');
  }

  private take(layout: Layout, atLeast: number): Uint8Array {
    const { offset, length } = this.header.buffers[this.buffer++] ?? fault(layout, 'lacks a buffer');
    if (length < atLeast) fault(layout, `has a buffer of ${length} bytes where ${atLeast} are due`);
    if (length === 0) return this.body.subarray(0, 0);
    if (offset % 8 !== 0 || offset < this.filled || length < 0 || offset + length > this.body.length)
      fault(layout, 'has a buffer that overlaps or lies outside');
    this.filled = offset + length;
    return this.body.subarray(offset, offset + length);
  }

  /** Checks `length + 1` offsets; returns the last one. A column without rows may do without offsets. */
  private offsets(layout: Layout, length: number): number {
    const bytes = this.take(layout, length === 0 ? 0 : (length + 1) * layout.width);
    if (bytes.length < layout.width) return 0;
    const at = bytes.byteOffset - this.body.byteOffset;
    let last = 0;
    for (let i = 0; i <= length; i++) {
      const offset = layout.width === 4 ? this.view.getInt32(at + 4 * i, true) : this.wide(at + 8 * i);
      if (offset < last) fault(layout, 'has offsets that fall');
      last = offset;
    }
    return last;
  }

  /** Lists may own more items than they use. */
  private childLength(atLeast: number): number {
    const length = this.header.nodes[this.node]?.length ?? -1;
    if (length < atLeast) throw new FlatBufferFault('a list longer than its items');
    return length;
  }

  private codes(
    layout: Layout,
    values: Uint8Array,
    length: number,
    valid: Uint8Array | undefined,
    nulls: number,
  ): void {
    if (nulls === length) return;
    const levels = this.dictionaryLength(layout.dictionary!);
    const at = values.byteOffset - this.body.byteOffset;
    const { view } = this;
    const { width, signed } = layout;
    for (let i = 0; i < length; i++) {
      const code =
        width === 4
          ? signed
            ? view.getInt32(at + 4 * i, true)
            : view.getUint32(at + 4 * i, true)
          : width === 2
            ? signed
              ? view.getInt16(at + 2 * i, true)
              : view.getUint16(at + 2 * i, true)
            : signed
              ? view.getInt8(at + i)
              : view.getUint8(at + i);
      if ((code < 0 || code >= levels) && isValid(valid, i))
        fault(layout, `has the code ${code} in row ${i}, its dictionary has ${levels} levels`);
    }
  }

  private views(layout: Layout, length: number, valid: Uint8Array | undefined): void {
    const views = this.take(layout, 16 * length);
    const count = this.header.variadic[this.variadic++] ?? fault(layout, 'lacks its number of buffers');
    if (count < 0 || count > this.header.buffers.length) fault(layout, 'has an impossible number of buffers');
    const sizes = Array.from({ length: count }, () => this.take(layout, 0).length);
    const start = views.byteOffset - this.body.byteOffset;
    for (let i = 0; i < length; i++) {
      const at = start + 16 * i;
      const size = this.view.getInt32(at, true);
      if ((size >= 0 && size <= 12) || !isValid(valid, i)) continue;
      const room = sizes[this.view.getInt32(at + 8, true)] ?? -1;
      const from = this.view.getInt32(at + 12, true);
      if (size < 0 || from < 0 || from + size > room) fault(layout, `has text outside its buffers in row ${i}`);
    }
  }

  private wide(at: number): number {
    return this.view.getInt32(at + 4, true) * 4_294_967_296 + this.view.getUint32(at, true);
  }
}

function isValid(bitmap: Uint8Array | undefined, row: number): boolean {
  return bitmap === undefined || ((bitmap[row >> 3]! >> (row & 7)) & 1) === 1;
}

function countBits(bitmap: Uint8Array, length: number): number {
  let count = 0;
  const whole = length >> 3;
  for (let i = 0; i < whole; i++) count += bitsOf(bitmap[i]!);
  return count + (length & 7 ? bitsOf(bitmap[whole]! & ((1 << (length & 7)) - 1)) : 0);
}

function bitsOf(byte: number): number {
  byte -= (byte >> 1) & 0x55;
  byte = (byte & 0x33) + ((byte >> 2) & 0x33);
  return (byte + (byte >> 4)) & 0x0f;
}

function fault(layout: Layout, what: string): never {
  throw new FlatBufferFault(`a column "${layout.name}" that ${what}`);
}
