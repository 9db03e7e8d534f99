/** Thrown by {@link FlatBuffer} where the bytes cannot be what they should be; turned into `corrupt-input` at the door. */
export class FlatBufferFault extends Error {}

/**
 * Reads the flatbuffers of Arrow metadata, with every position checked: offsets point forward and inside, vectors fit.
 * A position of 0 stands for “absent”. Layout: https://flatbuffers.dev/internals/
 */
export class FlatBuffer {
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get size(): number {
    return this.view.byteLength;
  }

  /** The root table. */
  root(): number {
    return this.follow(0);
  }

  /** Where field `index` of a table lies; 0 when it is absent. */
  slot(table: number, index: number): number {
    const vtable = table - this.int32(table);
    const vtableSize = this.int16(vtable);
    const tableSize = this.int16(vtable + 2);
    if (vtableSize < 4 || vtableSize % 2 !== 0 || tableSize < 4) fault('vtable');
    this.inside(vtable, vtableSize);
    this.inside(table, tableSize);
    const entry = 4 + 2 * index;
    if (entry >= vtableSize) return 0;
    const offset = this.int16(vtable + entry);
    if (offset === 0) return 0;
    if (offset < 4 || offset >= tableSize) fault('field offset');
    return table + offset;
  }

  /** The table, vector or string that the offset at `at` points to. */
  follow(at: number): number {
    const offset = this.int32(at);
    if (offset < 4) fault('offset');
    this.inside(at + offset, 4);
    return at + offset;
  }

  /** A table in field `index`, or 0. */
  table(table: number, index: number): number {
    const at = this.slot(table, index);
    return at === 0 ? 0 : this.follow(at);
  }

  /** A vector in field `index`: where its items start and how many there are. Absent: none. */
  vector(table: number, index: number, itemBytes: number): { readonly at: number; readonly count: number } {
    const slot = this.slot(table, index);
    if (slot === 0) return { at: 0, count: 0 };
    const at = this.follow(slot);
    const count = this.int32(at);
    if (count < 0) fault('vector length');
    this.inside(at + 4, count * itemBytes);
    return { at: at + 4, count };
  }

  /** A string in field `index`, or ''. */
  string(table: number, index: number): string {
    const { at, count } = this.vector(table, index, 1);
    const { buffer, byteOffset } = this.view;
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(buffer, byteOffset + at, count));
    } catch {
      return fault('string');
    }
  }

  scalar(table: number, index: number, type: 'uint8' | 'int16' | 'int32' | 'int64', absent: number): number {
    const at = this.slot(table, index);
    return at === 0 ? absent : this[type](at);
  }

  uint8(at: number): number {
    this.inside(at, 1);
    return this.view.getUint8(at);
  }

  int16(at: number): number {
    this.inside(at, 2);
    return this.view.getInt16(at, true);
  }

  int32(at: number): number {
    this.inside(at, 4);
    return this.view.getInt32(at, true);
  }

  int64(at: number): number {
    this.inside(at, 8);
    const value = this.view.getInt32(at + 4, true) * 4_294_967_296 + this.view.getUint32(at, true);
    return Number.isSafeInteger(value) ? value : fault('64-bit number');
  }

  private inside(at: number, bytes: number): void {
    if (!(at >= 0 && at + bytes <= this.view.byteLength)) fault('position');
  }
}

function fault(what: string): never {
  throw new FlatBufferFault(`an invalid ${what}`);
}
