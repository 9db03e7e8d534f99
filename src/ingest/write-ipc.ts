import { RecordBatchStreamWriter, type Schema } from 'apache-arrow';
import { isArrowLike } from '../columns/batch.ts';
import { fail } from '../errors.ts';
import type { ArrowLike } from '../model/batch.ts';
import { joinBytes } from './byte-source.ts';
import { OwnBatches } from './own-batches.ts';

/**
 * Writes Arrow record batches, or tables, as an Arrow IPC stream, one piece of bytes per batch: uncompressed, the stream
 * format. Batches of another copy or version of apache-arrow, or of flechette, are taken too, and dictionaries may differ
 * from batch to batch: all are put into this copy's types under one schema first, because apache-arrow's writer drops
 * without an error what it does not recognise. All columns are declared nullable; dictionaries are merged as they come
 * and written as Dictionary<Utf8, Int32>, because some readers apply the last one to all batches.
 *
 * Errors: `empty-input` (no batch: the schema is unknown), `wrong-schema` (a batch whose names or types differ from the
 * first one's, or that is not Arrow), `duplicate-column`, `wrong-type` (a type that apache-arrow cannot hold).
 *
 * @example
 * for await (const bytes of writeIpc(readCsv(file, { columns }))) response.write(bytes);
 */
export async function* writeIpc(
  batches: ArrowLike | Iterable<ArrowLike> | AsyncIterable<ArrowLike>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const own = new OwnBatches();
  const writer = new RecordBatchStreamWriter();
  const queue = new Pieces(writer[Symbol.asyncIterator]());
  const source = Symbol.asyncIterator in batches ? (batches as AsyncIterable<ArrowLike>) : listOf(batches);
  for await (const batch of source) {
    for (const part of own.from(batch)) writer.write(part);
    const bytes = await queue.ready();
    if (bytes.length > 0) yield bytes;
  }
  requireSchema(own.schema);
  writer.finish();
  yield await queue.ready();
}

/**
 * Writes record batches or a table as an Arrow IPC stream at once. The rules are those of {@link writeIpc}.
 *
 * @example
 * readIpcTable(writeIpcBytes(table)).numRows === table.numRows; // true
 */
export function writeIpcBytes(batches: ArrowLike | Iterable<ArrowLike>): Uint8Array {
  const own = new OwnBatches();
  const writer = new RecordBatchStreamWriter();
  for (const batch of listOf(batches)) for (const part of own.from(batch)) writer.write(part);
  requireSchema(own.schema);
  writer.finish();
  return writer.toUint8Array(true);
}

// A table of apache-arrow is iterable too, row by row.
function listOf(batches: ArrowLike | Iterable<ArrowLike> | AsyncIterable<ArrowLike>): Iterable<ArrowLike> {
  return isArrowLike(batches as ArrowLike) ? [batches as ArrowLike] : (batches as Iterable<ArrowLike>);
}

function requireSchema(schema: Schema | undefined): void {
  if (schema === undefined) fail('empty-input', 'there is no batch to write: the schema is unknown');
}

/** What a writer has put out so far, without waiting for more. */
class Pieces {
  private readonly source: AsyncIterator<Uint8Array>;
  private next: Promise<IteratorResult<Uint8Array>>;

  constructor(source: AsyncIterator<Uint8Array>) {
    this.source = source;
    this.next = source.next();
  }

  async ready(): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for (;;) {
      const result = await Promise.race([this.next, NOTHING]);
      if (result === undefined || result.done) return joinBytes(parts);
      parts.push(result.value);
      this.next = this.source.next();
    }
  }
}
const NOTHING = Promise.resolve(undefined);
