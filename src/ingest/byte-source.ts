import { fail } from '../errors.ts';

/** Bytes in one piece or as they come: a fetch body, a Node stream, any async iterable of chunks. */
export type ByteSource = Uint8Array | AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>;

/** The chunks of a source, in order. Stopping early closes the source. */
export async function* chunksOf(source: ByteSource): AsyncGenerator<Uint8Array, void, undefined> {
  if (ArrayBuffer.isView(source)) yield asBytes(source);
  else if (typeof source !== 'object' || source === null) fail('wrong-type', BYTES_PLEASE);
  else if (Symbol.asyncIterator in source) for await (const chunk of source) yield asBytes(chunk);
  else if (typeof (source as ReadableStream).getReader === 'function') yield* streamChunks(source);
  else fail('wrong-type', BYTES_PLEASE);
}

const BYTES_PLEASE = 'expected a Uint8Array, a ReadableStream or an async iterable of Uint8Array';

// Not every browser iterates its streams.
async function* streamChunks(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield asBytes(value);
    }
  } finally {
    await reader.cancel();
  }
}

/** Stops when a chunk is not bytes, such as the text of a stream with an encoding set. */
export function asBytes(chunk: unknown): Uint8Array {
  if (!ArrayBuffer.isView(chunk))
    return fail(
      'wrong-type',
      `expected chunks of Uint8Array, got ${typeof chunk}: read the source without an encoding`,
    );
  const { buffer, byteOffset, byteLength } = chunk;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** The chunks in one piece; a single chunk is returned as it is. */
export function joinBytes(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0]!;
  const out = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}
