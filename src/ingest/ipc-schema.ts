import { fail } from '../errors.ts';
import { type FlatBuffer, FlatBufferFault } from './flatbuffer.ts';

/** How the buffers of a column lie in a body. */
export interface Layout {
  readonly name: string;
  /** Buffers behind the validity bitmap; `width` counts bytes of a value or an offset, or items of a fixed-size list. */
  readonly form: 'null' | 'bits' | 'fixed' | 'text' | 'views' | 'struct' | 'list' | 'fixed-list';
  readonly width: number;
  readonly children: readonly Layout[];
  /** The dictionary that the values of this column index. */
  readonly dictionary?: number;
  readonly signed?: boolean;
}

export interface IpcSchema {
  readonly columns: readonly Layout[];
  /** The layout of the values of each dictionary, by its id. */
  readonly dictionaries: ReadonlyMap<number, Layout>;
}

const MAX_DEPTH = 32;
const LITTLE_ENDIAN = 0;

/** Reads the header of a schema message (Schema.fbs); checks all of it, also the parts that are not used here. */
export function readSchema(flat: FlatBuffer, schema: number): IpcSchema {
  if (flat.scalar(schema, 0, 'int16', LITTLE_ENDIAN) !== LITTLE_ENDIAN)
    fail('foreign-format', 'the stream is big-endian: write it on a little-endian machine');
  const reader = new SchemaReader(flat);
  const columns = reader.fields(schema, 1, 0);
  reader.metadata(schema, 2);
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name)) fail('duplicate-column', `two columns are named "${name}": rename one`);
    seen.add(name);
  }
  return { columns, dictionaries: reader.dictionaries };
}

class SchemaReader {
  readonly dictionaries: Map<number, Layout> = new Map();
  private readonly flat: FlatBuffer;
  private left: number;

  constructor(flat: FlatBuffer) {
    this.flat = flat;
    // Tables may share parts; without a limit that could be exponentially many.
    this.left = flat.size / 8;
  }

  fields(table: number, index: number, depth: number): Layout[] {
    if (depth > MAX_DEPTH) throw new FlatBufferFault('fields nested too deeply');
    const { at, count } = this.flat.vector(table, index, 4);
    return Array.from({ length: count }, (_, i) => {
      if (--this.left < 0) throw new FlatBufferFault('too many fields');
      return this.field(this.flat.follow(at + 4 * i), depth);
    });
  }

  metadata(table: number, index: number): void {
    const { at, count } = this.flat.vector(table, index, 4);
    for (let i = 0; i < count; i++) {
      const pair = this.flat.follow(at + 4 * i);
      this.flat.string(pair, 0);
      this.flat.string(pair, 1);
    }
  }

  private field(field: number, depth: number): Layout {
    const { flat } = this;
    const name = flat.string(field, 0);
    flat.scalar(field, 1, 'uint8', 0);
    const children = this.fields(field, 5, depth + 1);
    this.metadata(field, 6);
    const values = typeLayout(flat, name, flat.scalar(field, 2, 'uint8', 0), flat.table(field, 3), children);
    const encoding = flat.table(field, 4);
    if (encoding === 0) return values;
    const id = flat.scalar(encoding, 0, 'int64', 0);
    flat.scalar(encoding, 2, 'uint8', 0);
    if (flat.scalar(encoding, 3, 'int16', 0) !== 0) throw new FlatBufferFault('an unknown kind of dictionary');
    const index = flat.table(encoding, 1);
    const width = index === 0 ? 4 : flat.scalar(index, 0, 'int32', 0) / 8;
    const signed = index === 0 || flat.scalar(index, 1, 'uint8', 0) !== 0;
    if (![1, 2, 4].includes(width))
      fail('foreign-format', `column "${name}" has dictionary codes of ${8 * width} bits: write them as int32`);
    const other = this.dictionaries.get(id);
    if (other !== undefined && (other.form !== values.form || other.width !== values.width))
      throw new FlatBufferFault(`two types for dictionary ${id}`);
    this.dictionaries.set(id, values);
    return { name, form: 'fixed', width, children: [], dictionary: id, signed };
  }
}

type Read = (flat: FlatBuffer, type: number) => readonly [form: Layout['form'], width: number];

const ALLOWED_BITS = [8, 16, 32, 64, 128, 256];
function bits(index: number, absent: number): Read {
  return (flat, type) => {
    const size = flat.scalar(type, index, 'int32', absent);
    if (!ALLOWED_BITS.includes(size)) throw new FlatBufferFault('an invalid bit width');
    return ['fixed', size / 8];
  };
}
function byUnit(widths: readonly number[], absent: number): Read {
  return (flat, type) => ['fixed', widths[flat.scalar(type, 0, 'int16', absent)] ?? 0];
}
function plain(form: Layout['form'], width: number): Read {
  return () => [form, width];
}
function sized(form: Layout['form']): Read {
  return (flat, type) => [form, flat.scalar(type, 0, 'int32', 0)];
}
const timestamp: Read = (flat, type) => {
  flat.string(type, 1);
  return byUnit([8, 8, 8, 8], 0)(flat, type);
};

/** The types of Schema.fbs that apache-arrow reads, by number; children expected (−1: any). */
const TYPES: { readonly [id: number]: readonly [read: Read, children: number] } = {
  1: [plain('null', 0), 0],
  2: [bits(0, 0), 0],
  3: [byUnit([2, 4, 8], 0), 0],
  4: [plain('text', 4), 0],
  5: [plain('text', 4), 0],
  6: [plain('bits', 0), 0],
  7: [bits(2, 128), 0],
  8: [byUnit([4, 8], 1), 0],
  9: [bits(1, 32), 0],
  10: [timestamp, 0],
  11: [byUnit([4, 8, 16], 0), 0],
  12: [plain('list', 4), 1],
  13: [plain('struct', 0), -1],
  15: [sized('fixed'), 0],
  16: [sized('fixed-list'), 1],
  17: [plain('list', 4), 1],
  18: [byUnit([8, 8, 8, 8], 1), 0],
  19: [plain('text', 8), 0],
  20: [plain('text', 8), 0],
  21: [plain('list', 8), 1],
  23: [plain('views', 16), 0],
  24: [plain('views', 16), 0],
};
const UNREAD: { readonly [id: number]: string } = {
  14: 'union',
  22: 'run-end encoded',
  25: 'list view',
  26: 'large list view',
};

function typeLayout(flat: FlatBuffer, name: string, id: number, type: number, children: readonly Layout[]): Layout {
  const unread = UNREAD[id];
  if (unread !== undefined)
    fail('foreign-format', `column "${name}" is of the Arrow type ${unread}: cast it to a plain type`);
  const known = TYPES[id];
  if (known === undefined || type === 0) throw new FlatBufferFault('an unknown column type');
  const [form, width] = known[0](flat, type);
  if (known[1] >= 0 && known[1] !== children.length) throw new FlatBufferFault('a wrong number of child columns');
  if (width < 0 || (form === 'fixed' && width === 0)) throw new FlatBufferFault('an invalid width');
  return { name, form, width, children };
}
