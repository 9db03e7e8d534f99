import { type RecordBatch, RecordBatchReader } from 'apache-arrow';
import { fail } from '../errors.ts';
import { type ByteSource, chunksOf, joinBytes } from './byte-source.ts';
import { IpcVerifier } from './ipc-verifier.ts';
import { checkCount, checked, wrapped } from './read-ipc.ts';
import { dataRoom } from './resident-memory.ts';

/**
 * Reads an Arrow IPC stream like {@link readIpc}, with the cells laid into a memory of {@link residentMemory}, one batch
 * behind the other: kernels then work on them without a copy. Each byte is copied once, from the source into the memory.
 *
 * Reading into the same memory again overwrites the batches that lie there.
 *
 * @throws ClienteleError as `readIpc` does, and `invalid-option` when the batches do not fit.
 * @example
 * const memory = residentMemory(bytes.length);
 * for await (const batch of readArrowInto(memory, bytes)) plan.score(batch).columns.numRows; // 65536, …
 */
export async function* readArrowInto(
  memory: WebAssembly.Memory,
  source: ByteSource,
): AsyncGenerator<RecordBatch, void, undefined> {
  const verifier = new IpcVerifier();
  const bytes = laid(source, verifier, dataRoom(memory));
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

/** Columns begin on cache lines, as far as their writer aligned them within the body. */
const LINE = 64;

/** The checked bytes, of which the bodies of record batches lie in `room`. The end-of-stream mark comes when all is checked. */
async function* laid(
  source: ByteSource,
  verifier: IpcVerifier,
  room: Uint8Array,
): AsyncGenerator<Uint8Array, void, undefined> {
  let next = 0;
  let wanted = new Uint8Array(verifier.wants) as Uint8Array;
  let filled = 0;
  let end: readonly Uint8Array[] = [];
  const rest: Uint8Array[] = [];
  for await (const chunk of chunksOf(source)) {
    let at = 0;
    while (at < chunk.length && verifier.wants > 0) {
      const count = Math.min(chunk.length - at, wanted.length - filled);
      wanted.set(chunk.subarray(at, at + count), filled);
      at += count;
      filled += count;
      if (filled < wanted.length) continue;
      const sound = verifier.step(wanted);
      if (verifier.wants === 0) end = sound;
      else for (const part of sound) if (part.length > 0) yield part;
      filled = 0;
      if (!verifier.inRecords) wanted = new Uint8Array(verifier.wants);
      else {
        if (next + verifier.wants > room.length)
          fail(
            'invalid-option',
            `batch ${verifier.rows.length} needs ${verifier.wants} bytes, the memory has ${Math.max(room.length - next, 0)} left: ` +
              'make it with residentMemory of the length of the stream',
          );
        wanted = room.subarray(next, next + verifier.wants);
        next += Math.ceil(verifier.wants / LINE) * LINE;
      }
    }
    if (at < chunk.length) rest.push(chunk.subarray(at));
  }
  if (verifier.wants > 0) verifier.endEarly(wanted.subarray(0, filled));
  verifier.tail(joinBytes(rest));
  yield* end;
}
