import { fail } from '../errors.ts';
import { FlatBuffer, FlatBufferFault } from './flatbuffer.ts';
import { type BatchHeader, checkBody } from './ipc-body.ts';
import { type IpcSchema, readSchema } from './ipc-schema.ts';
import { foreignFormat } from './sniff.ts';

const SCHEMA = 1;
const DICTIONARY = 2;
const RECORDS = 3;
/** MetadataVersion V4 and V5 (Arrow 0.8 and 1.0). */
const VERSIONS = [3, 4];
const FILE_MAGIC = 'ARROW1\0\0';

/**
 * Walks through an Arrow stream, or the stream inside an Arrow file, message by message. {@link wants} says how many bytes
 * the next step needs; {@link step} takes exactly these and returns the bytes that have been found sound since.
 */
export class IpcVerifier {
  /** Bytes of the next step; 0 at the end of the stream. */
  wants = 8;
  /** The columns, once the schema has been seen. */
  schema: IpcSchema | undefined;
  /** Rows of each record batch so far. */
  readonly rows: number[] = [];
  /** Whether the next step takes the cells of a record batch. */
  inRecords = false;
  private readonly levels = new Map<number, number>();
  private file = false;
  private messages = 0;
  private at = 0;
  private prefix: Uint8Array | undefined;
  private metadata: Uint8Array | undefined;
  private bodyCheck: ((body: Uint8Array) => void) | undefined;

  step(bytes: Uint8Array): readonly Uint8Array[] {
    const start = this.at;
    try {
      this.at += bytes.length;
      if (this.metadata !== undefined) return this.body(bytes);
      return this.prefix === undefined ? this.frame(bytes) : this.message(bytes);
    } catch (error) {
      if (!(error instanceof FlatBufferFault)) throw error;
      return fail(
        'corrupt-input',
        `the Arrow stream is damaged: message ${this.messages + 1}, near byte ${start}, holds ${error.message}`,
      );
    }
  }

  /** Stops for an input that ends inside a message, or before the end-of-stream mark. */
  endEarly(rest: Uint8Array): never {
    if (this.at === 0 && rest.length === 0)
      fail('empty-input', 'the input is empty: an Arrow stream begins with its schema');
    if (this.at === 0) this.refuseForeign(rest);
    return fail(
      'corrupt-input',
      this.wants === 8 && rest.length === 0
        ? 'the Arrow stream ends without its end-of-stream mark: it is cut off, or its writer was not closed'
        : `the Arrow stream is cut off at byte ${this.at + rest.length}, inside message ${this.messages + 1}: fetch it again`,
    );
  }

  /** Checks what comes behind the end-of-stream mark: nothing, or the footer of a file. */
  tail(rest: Uint8Array): void {
    if (this.schema === undefined) fail('corrupt-input', 'the Arrow stream has no schema: write it again');
    if (!this.file) {
      if (rest.length > 0)
        fail('corrupt-input', `there are bytes behind the end of the Arrow stream, from byte ${this.at}: cut them off`);
      return;
    }
    // Some writers put a second end-of-stream mark before the footer.
    const footer = rest.length > 10 ? new DataView(rest.buffer, rest.byteOffset).getInt32(rest.length - 10, true) : -1;
    const gap = rest.length - 10 - footer;
    const sound = footer > 0 && (gap === 0 || gap === 8) && latin1(rest.subarray(rest.length - 6)) === 'ARROW1';
    if (!sound) fail('corrupt-input', 'the Arrow file is cut off or damaged at its footer: fetch it again');
  }

  private frame(bytes: Uint8Array): readonly Uint8Array[] {
    if (this.at === 8 && latin1(bytes) === FILE_MAGIC) {
      this.file = true;
      return [];
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
    if (view.getInt32(0, true) !== -1) {
      if (this.at === 8) this.refuseForeign(bytes);
      throw new FlatBufferFault('no start of a message');
    }
    const length = view.getInt32(4, true);
    if (length === 0) {
      this.wants = 0;
      return [bytes];
    }
    if (length < 8 || length % 8 !== 0) throw new FlatBufferFault('an invalid length of its metadata');
    this.prefix = bytes;
    this.wants = length;
    return [];
  }

  private message(bytes: Uint8Array): readonly Uint8Array[] {
    const flat = new FlatBuffer(bytes);
    const message = flat.root();
    if (!VERSIONS.includes(flat.scalar(message, 0, 'int16', 0)))
      fail(
        'foreign-format',
        'the stream has another version of the Arrow format: write it with version V5 (Arrow 1.0 and later)',
      );
    const type = flat.scalar(message, 1, 'uint8', 0);
    const header = flat.table(message, 2);
    const bodyLength = flat.scalar(message, 3, 'int64', 0);
    if (header === 0) throw new FlatBufferFault('no header');
    if (bodyLength < 0 || bodyLength % 8 !== 0) throw new FlatBufferFault('an invalid length of its body');
    checkPairs(flat, message);
    if (this.schema === undefined) {
      if (type !== SCHEMA)
        fail(
          'corrupt-input',
          'the first message is not a schema: apache-arrow for JavaScript leaves it out of files, write the stream format',
        );
      if (bodyLength !== 0) throw new FlatBufferFault('a schema with a body');
      this.schema = readSchema(flat, header);
      this.bodyCheck = () => {};
    } else this.bodyCheck = this.batchCheck(flat, type, header, this.schema);
    this.metadata = bytes;
    this.wants = bodyLength;
    this.inRecords = type === RECORDS && bodyLength > 0;
    return bodyLength === 0 ? this.body(bytes.subarray(0, 0)) : [];
  }

  private batchCheck(flat: FlatBuffer, type: number, header: number, schema: IpcSchema): (body: Uint8Array) => void {
    const levels = (id: number): number =>
      this.levels.get(id) ??
      fail('corrupt-input', `the Arrow stream is damaged: dictionary ${id} is used before it is given`);
    if (type === RECORDS) {
      const batch = batchHeader(flat, header);
      return (body) => {
        checkBody(batch, body, schema.columns, levels);
        this.rows.push(batch.rows);
      };
    }
    if (type !== DICTIONARY) throw new FlatBufferFault('neither a dictionary nor a record batch');
    const id = flat.scalar(header, 0, 'int64', 0);
    const data = flat.table(header, 1);
    const delta = flat.scalar(header, 2, 'uint8', 0) !== 0;
    const layout = schema.dictionaries.get(id);
    if (layout === undefined || data === 0) throw new FlatBufferFault('a dictionary that no column uses');
    const batch = batchHeader(flat, data);
    return (body) => {
      checkBody(batch, body, [layout], levels);
      this.levels.set(id, batch.rows + (delta ? levels(id) : 0));
    };
  }

  private body(bytes: Uint8Array): readonly Uint8Array[] {
    this.bodyCheck!(bytes);
    this.inRecords = false;
    const sound = [this.prefix!, this.metadata!, bytes];
    this.messages++;
    this.prefix = undefined;
    this.metadata = undefined;
    this.wants = 8;
    return sound;
  }

  private refuseForeign(head: Uint8Array): never {
    const isArrow = FILE_MAGIC.startsWith(latin1(head.subarray(0, 6))) || head[0] === 0xff;
    const foreign = isArrow ? undefined : foreignFormat(head);
    if (isArrow) fail('corrupt-input', 'the Arrow data is cut off or damaged at its first bytes: fetch it again');
    return fail(
      'foreign-format',
      foreign ??
        'the input is not an Arrow stream: read CSV with readCsv; write Arrow as a stream of version 0.15 or later',
    );
  }
}

function batchHeader(flat: FlatBuffer, table: number): BatchHeader {
  if (flat.slot(table, 3) !== 0)
    fail(
      'foreign-format',
      'the Arrow stream is compressed: write it uncompressed (pyarrow: IpcWriteOptions(compression=None))',
    );
  const rows = flat.scalar(table, 0, 'int64', 0);
  if (rows < 0) throw new FlatBufferFault('a negative number of rows');
  const nodes = flat.vector(table, 1, 16);
  const buffers = flat.vector(table, 2, 16);
  const variadic = flat.vector(table, 4, 8);
  return {
    rows,
    nodes: Array.from({ length: nodes.count }, (_, i) => ({
      length: flat.int64(nodes.at + 16 * i),
      nulls: flat.int64(nodes.at + 16 * i + 8),
    })),
    buffers: Array.from({ length: buffers.count }, (_, i) => ({
      offset: flat.int64(buffers.at + 16 * i),
      length: flat.int64(buffers.at + 16 * i + 8),
    })),
    variadic: Array.from({ length: variadic.count }, (_, i) => flat.int64(variadic.at + 8 * i)),
  };
}

function checkPairs(flat: FlatBuffer, message: number): void {
  const { at, count } = flat.vector(message, 4, 4);
  for (let i = 0; i < count; i++) {
    const pair = flat.follow(at + 4 * i);
    flat.string(pair, 0);
    flat.string(pair, 1);
  }
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
