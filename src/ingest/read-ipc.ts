import { type RecordBatch, RecordBatchReader, Table } from 'apache-arrow';
import { ClienteleError, fail } from '../errors.ts';
import { asBytes, type ByteSource, chunksOf, joinBytes } from './byte-source.ts';
import { IpcVerifier } from './ipc-verifier.ts';

/**
 * Reads an Arrow IPC stream (or the stream inside an Arrow file) as record batches, message by message. Every message is
 * checked before apache-arrow sees it – framing, metadata, buffer bounds, lengths, null counts, offsets, dictionary codes –
 * since apache-arrow takes an empty input for an empty table, and may hang or change the row count on damaged bytes. The
 * format has no checksum: a changed value inside a body cannot be noticed. A stream without rows gives one empty batch, so
 * that its schema is not lost.
 *
 * Errors: `empty-input`, `corrupt-input` (cut off, damaged, bytes behind the end), `foreign-format` (compressed bodies,
 * big-endian, Arrow before 0.15, column types apache-arrow does not read, other files), `duplicate-column`.
 *
 * @example
 * for await (const batch of readIpc(response.body)) batch.numRows; // 65536, …
 */
export async function* readIpc(source: ByteSource): AsyncGenerator<RecordBatch, void, undefined> {
  const verifier = new IpcVerifier();
  const bytes = verified(source, verifier);
  try {
    const reader = await RecordBatchReader.from(bytes);
    let index = 0;
    for await (const batch of reader) yield checked(batch, verifier, index++);
    checkCount(index, verifier);
  } catch (error) {
    throw wrapped(error);
  } finally {
    await bytes.return();
  }
}

/**
 * Reads an Arrow IPC stream that is already in memory, at once. The rules are those of {@link readIpc}; the columns are
 * views of `bytes` where these are aligned, so `bytes` must not change afterwards.
 *
 * @example
 * readIpcTable(bytes).numRows; // 7043
 */
export function readIpcTable(bytes: Uint8Array): Table {
  const verifier = new IpcVerifier();
  try {
    const batches = [...RecordBatchReader.from(sound(asBytes(bytes), verifier))];
    for (const [i, batch] of batches.entries()) checked(batch, verifier, i);
    checkCount(batches.length, verifier);
    return new Table(batches);
  } catch (error) {
    throw wrapped(error);
  }
}

/** The checked bytes of a whole stream. All of it is checked first. */
function sound(bytes: Uint8Array, verifier: IpcVerifier): Uint8Array[] {
  const out: Uint8Array[] = [];
  let at = 0;
  while (verifier.wants > 0) {
    const end = at + verifier.wants;
    if (end > bytes.length) verifier.endEarly(bytes.subarray(at));
    out.push(...verifier.step(bytes.subarray(at, end)));
    at = end;
  }
  verifier.tail(bytes.subarray(at));
  return out.filter((part) => part.length > 0);
}

// The end-of-stream mark is held back until the source has ended: behind it apache-arrow would look no further.
async function* verified(source: ByteSource, verifier: IpcVerifier): AsyncGenerator<Uint8Array, void, undefined> {
  let end: readonly Uint8Array[] = [];
  let waiting: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunksOf(source)) {
    waiting.push(chunk);
    size += chunk.length;
    if (verifier.wants === 0 || size < verifier.wants) continue;
    const bytes = joinBytes(waiting);
    let at = 0;
    while (verifier.wants > 0 && at + verifier.wants <= bytes.length) {
      const next = at + verifier.wants;
      const parts = verifier.step(bytes.subarray(at, next));
      if (verifier.wants === 0) end = parts;
      else for (const part of parts) if (part.length > 0) yield part;
      at = next;
    }
    waiting = [bytes.subarray(at)];
    size = bytes.length - at;
  }
  const rest = waiting.length === 0 ? new Uint8Array(0) : joinBytes(waiting);
  if (verifier.wants > 0) verifier.endEarly(rest);
  verifier.tail(rest);
  yield* end;
}

// The door and apache-arrow must have read the same thing.
export function checked(batch: RecordBatch, verifier: IpcVerifier, index: number): RecordBatch {
  const names = verifier.schema?.columns.map((column) => column.name);
  const same =
    batch.numRows === (verifier.rows[index] ?? 0) &&
    batch.schema.fields.length === names?.length &&
    batch.schema.fields.every((field, i) => field.name === names[i]);
  if (!same)
    fail(
      'corrupt-input',
      `the Arrow stream is damaged: batch ${index + 1} reads differently from what its header says`,
    );
  return batch;
}

export function checkCount(read: number, verifier: IpcVerifier): void {
  if (read !== Math.max(verifier.rows.length, 1))
    fail(
      'corrupt-input',
      `the Arrow stream is damaged: ${verifier.rows.length} batches were announced, ${read} were read`,
    );
}

export function wrapped(error: unknown): unknown {
  if (error instanceof ClienteleError) return error;
  return new ClienteleError(
    'corrupt-input',
    `apache-arrow cannot read the stream: ${error instanceof Error ? error.message : String(error)}`,
  );
}
