import { fail } from '../errors.ts';
import { scratchAt } from '../kernels/wasm/registry.ts';
import { endOfPlaces, memoryWithPlaces, RESERVED, scratchIn, supported, takePlace } from '../kernels/wasm/scratch.ts';

export interface ResidentMemoryOptions {
  /** Lets threads of `scoreParallel` work on the columns where they lie, without a copy. */
  readonly shared?: boolean;
  /** How many threads find room for their work in a shared memory, besides the calling one; 1 … 30. Default 8. */
  readonly threads?: number;
}

/**
 * A WASM memory for `bytes` of Arrow data, for {@link readArrowInto}: columns that lie in it are scored where they lie,
 * which is as fast as they can be read. `bytes` is the length of the stream, or more. The memory never grows, since that
 * would detach all views of it. Work room of 11 MiB per thread comes on top; pages that are never touched take no memory.
 *
 * Engines reserve address space generously for each memory: take one for many rows, and use it again.
 *
 * @throws ClienteleError `invalid-option` where there is no WASM with SIMD, or no room for so large a memory: `readIpc` does
 * without, and the same scores come out.
 * @example
 * const memory = residentMemory(bytes.length);
 * for await (const batch of readArrowInto(memory, bytes)) plan.score(batch);
 */
export function residentMemory(bytes: number, options: ResidentMemoryOptions = {}): WebAssembly.Memory {
  const { shared = false, threads = shared ? 8 : 0 } = options;
  if (!Number.isSafeInteger(bytes) || bytes < 0)
    fail('invalid-option', `bytes: expected a whole number of bytes, got ${bytes}`);
  if (!Number.isSafeInteger(threads) || threads < 0 || threads > 30)
    fail('invalid-option', `threads: expected a whole number from 0 to 30, got ${threads}`);
  if (threads > 0 && !shared)
    fail('invalid-option', 'threads: only a shared memory has room for them: say shared: true');
  if (!supported()) fail('invalid-option', `this engine runs no WASM with SIMD: ${INSTEAD}`);
  const size = RESERVED * (threads + 1) + bytes;
  if (size > MOST) fail('invalid-option', `a memory holds 4 GiB at most, ${size} bytes are wanted: ${INSTEAD}`);
  const memory = allocated(threads + 1, bytes, shared);
  scratchIn(memory, takePlace(memory));
  return memory;
}

const MOST = 2 ** 32;
const INSTEAD = 'read with readIpc, or in smaller batches';

function allocated(places: number, bytes: number, shared: boolean): WebAssembly.Memory {
  try {
    return memoryWithPlaces(places, bytes, shared);
  } catch (error) {
    const isolation = shared ? ' (a browser shares memory only with a page that is cross-origin isolated)' : '';
    return fail(
      'invalid-option',
      `no memory of ${RESERVED * places + bytes} bytes is to be had${isolation}: ${error instanceof Error ? error.message : error}; ${INSTEAD}`,
    );
  }
}

/** The bytes of a resident memory that data may be laid into. */
export function dataRoom(memory: WebAssembly.Memory): Uint8Array<ArrayBufferLike> {
  const { buffer } = memory;
  if (scratchAt(buffer) === undefined)
    fail('invalid-option', 'the memory is not one of residentMemory, or it was grown: take a new one');
  return new Uint8Array(buffer, endOfPlaces(buffer));
}
