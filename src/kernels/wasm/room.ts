import { kernelsAt, type WasmKernels } from './registry.ts';
import { fixedMemory, scratchIn, supported, TABLES_END } from './scratch.ts';

/**
 * Arrays of one fit, side by side in a memory of their own that WASM works on. What does not fit is an ordinary array: kernels
 * then take their TypeScript twins. Nothing is handed back; the memory goes when no array of it is left.
 */
export interface Room {
  /** Bytes that are left of its memory. */
  left(): number;
  float64(count: number): Float64Array;
  int32(count: number): Int32Array;
  uint8(count: number): Uint8Array;
}

/** Ordinary arrays only. */
export const plainRoom: Room = {
  left: () => 0,
  float64: (count) => new Float64Array(count),
  int32: (count) => new Int32Array(count),
  uint8: (count) => new Uint8Array(count),
};

/** A vector's bytes: what an array begins at is a multiple, and what it takes as well. */
const VECTOR = 16;
/** More than this is left to ordinary arrays. */
const MOST = 2 ** 30;

/** Bytes that an array of so many takes in a room. */
export function roomFor(bytes: number): number {
  return Math.ceil(bytes / VECTOR) * VECTOR;
}

/** The kernels that work on the memory that all of these arrays lie in. */
export function kernelsOf(first: ArrayBufferView, ...others: readonly ArrayBufferView[]): WasmKernels | undefined {
  const { buffer } = first;
  for (const other of others) if (other.buffer !== buffer) return undefined;
  return kernelsAt(buffer);
}

/** Room for so many bytes; for ordinary arrays where there is no WASM with SIMD, or no such memory to be had. */
export function roomOf(bytes: number): Room {
  const memory = bytes <= MOST && supported() ? memoryOf(TABLES_END + bytes) : null;
  if (memory === null) return plainRoom;
  const { buffer } = memory;
  scratchIn(memory);
  // Where slots would be, as nothing is scored here: what is laid out counts for the garbage collector, used or not.
  let next = TABLES_END;
  const take = (size: number): number => {
    const at = next;
    if (at + roomFor(size) > buffer.byteLength) return -1;
    next += roomFor(size);
    return at;
  };
  return {
    left: () => buffer.byteLength - next,
    float64(count) {
      const at = take(8 * count);
      return at < 0 ? plainRoom.float64(count) : new Float64Array(buffer, at, count);
    },
    int32(count) {
      const at = take(4 * count);
      return at < 0 ? plainRoom.int32(count) : new Int32Array(buffer, at, count);
    },
    uint8(count) {
      const at = take(count);
      return at < 0 ? plainRoom.uint8(count) : new Uint8Array(buffer, at, count);
    },
  };
}

function memoryOf(bytes: number): WebAssembly.Memory | null {
  try {
    return fixedMemory(bytes);
  } catch {
    return null;
  }
}
