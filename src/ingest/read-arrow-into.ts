import { type RecordBatch, RecordBatchReader } from 'apache-arrow';
import { type ByteSource, chunksOf, joinBytes } from './byte-source.ts';
import { IpcVerifier } from './ipc-verifier.ts';
import { checkCount, checked, wrapped } from './read-ipc.ts';
import { dataRoom } from './resident-memory.ts';

export interface ReadArrowIntoOptions {
  /** Told of each batch that the memory has no room for, by its number: it needs so many bytes, and so many are left. */
  readonly onForeign?: (batch: { readonly batch: number; readonly bytes: number; readonly left: number }) => void;
}

/**
 * Reads an Arrow IPC stream like {@link readIpc}, with the cells laid into a memory of {@link residentMemory}, one batch
 * behind the other: kernels then work on them without a copy. Each byte is copied once, from the source into the memory.
 *
 * A batch that no longer fits comes in buffers of its own, as from `readIpc`: it scores the same, more slowly; `onForeign` and
 * `plan.explainCost(batch)` say so. Reading into the same memory again overwrites the batches that lie there.
 *
 * @throws ClienteleError as `readIpc` does, and `invalid-option` for another memory than one of `residentMemory`.
 * @example
 * const memory = residentMemory(bytes.length);
 * for await (const batch of readArrowInto(memory, bytes)) plan.score(batch).columns.numRows; // 65536, …
 */
export async function* readArrowInto(
  memory: WebAssembly.Memory,
  source: ByteSource,
  { onForeign }: ReadArrowIntoOptions = {},
): AsyncGenerator<RecordBatch, void, undefined> {
  const verifier = new IpcVerifier();
  const bytes = laid(source, verifier, dataRoom(memory), onForeign);
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
  onForeign: ReadArrowIntoOptions['onForeign'],
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
      const bytes = verifier.wants;
      if (verifier.inRecords && next + bytes <= room.length) {
        wanted = room.subarray(next, next + bytes);
        next += Math.ceil(bytes / LINE) * LINE;
        continue;
      }
      wanted = new Uint8Array(bytes);
      if (verifier.inRecords)
        onForeign?.({ batch: verifier.rows.length, bytes, left: Math.max(room.length - next, 0) });
    }
    if (at < chunk.length) rest.push(chunk.subarray(at));
  }
  if (verifier.wants > 0) verifier.endEarly(wanted.subarray(0, filled));
  verifier.tail(joinBytes(rest));
  yield* end;
}
