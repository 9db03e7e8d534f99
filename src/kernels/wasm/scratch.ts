import { LOGS, ROOTS } from '../../numerics/elementary.ts';
import { BLOCK } from '../block.ts';
import { MODULE } from './module.ts';
import { register, type Scratch, type WasmKernels } from './registry.ts';

// Where things lie; layout.as.ts knows ROOTS and LOGS, which all threads of a memory share. Of the rest each has its own.
const PLACES_TAKEN_AT = 0;
const PLACES_AT = 4;
const ROOTS_AT = 1024;
const LOGS_AT = 3072;
const SLOTS_AT = 8192;
const SLOT = 8 * BLOCK;
const SLOTS = 192;
const PROGRAMS_AT = SLOTS_AT + SLOTS * SLOT;
const PROGRAMS = 8 << 20;
const PAGE = 65536;
/** Where the tables that kernels read end: what has no use for slots and programs may lie from here on. */
export const TABLES_END: number = SLOTS_AT;
/** Bytes that a memory needs per thread before anything else may be laid into it. */
export const RESERVED: number = Math.ceil((PROGRAMS_AT + PROGRAMS) / PAGE) * PAGE;

/** Lays tables and the slots of a thread into a memory of at least {@link RESERVED} bytes per thread. */
export function scratchIn(memory: WebAssembly.Memory, thread = 0): Scratch {
  const { buffer } = memory;
  const kernels = new WebAssembly.Instance(compiled(isShared(buffer)), { env: { memory } })
    .exports as unknown as WasmKernels;
  new Float64Array(buffer, ROOTS_AT, ROOTS.length).set(ROOTS);
  new Float64Array(buffer, LOGS_AT, LOGS.length).set(LOGS);
  const slotsAt = thread * RESERVED + SLOTS_AT;
  const programsAt = thread * RESERVED + PROGRAMS_AT;
  const numbers: Float64Array[] = [];
  const codes: Int32Array[] = [];
  const bytes = new Uint8Array(buffer);
  let used = 0;
  let programs = new WeakMap<Uint8Array, number>();
  let next = programsAt;
  const scratch: Scratch = {
    kernels,
    memory,
    words: new Int32Array(buffer),
    numbers: () => {
      if (used >= SLOTS) return new Float64Array(BLOCK);
      numbers[used] ??= new Float64Array(buffer, slotsAt + used * SLOT, BLOCK);
      return numbers[used++]!;
    },
    codes: () => {
      if (used >= SLOTS) return new Int32Array(BLOCK);
      codes[used] ??= new Int32Array(buffer, slotsAt + used * SLOT, BLOCK);
      return codes[used++]!;
    },
    bytes: (count) => {
      const at = used;
      const end = used + Math.ceil(count / SLOT);
      if (end > SLOTS) return -1;
      used = end;
      return slotsAt + at * SLOT;
    },
    mark: () => used,
    release: (mark) => {
      used = mark;
    },
    program: (own) => {
      const at = programs.get(own);
      if (at !== undefined) return at;
      if (own.length > PROGRAMS) return -1;
      if (next + own.length > programsAt + PROGRAMS) {
        programs = new WeakMap();
        next = programsAt;
      }
      bytes.set(own, next);
      programs.set(own, next);
      const placed = next;
      next += (own.length + 63) & ~63;
      return placed;
    },
  };
  register(buffer, scratch);
  return scratch;
}

/** A memory with room for the scratch of so many threads, and `bytes` behind it. */
export function memoryWithPlaces(places: number, bytes: number, shared: boolean): WebAssembly.Memory {
  const memory = fixedMemory(places * RESERVED + bytes, shared);
  new Int32Array(memory.buffer, PLACES_AT, 1)[0] = places;
  return memory;
}
/** Where the bytes behind the scratch of all threads begin. */
export function endOfPlaces(buffer: ArrayBufferLike): number {
  return RESERVED * new Int32Array(buffer, PLACES_AT, 1)[0]!;
}
/** Takes a place for scratch, in which no other thread then works; undefined when all are taken. */
export function takePlace(memory: WebAssembly.Memory): number | undefined {
  const places = new Int32Array(memory.buffer, PLACES_AT, 1)[0]!;
  const taken = new Int32Array(memory.buffer, PLACES_TAKEN_AT, 1);
  for (let place = 0; place < places; place++)
    if ((Atomics.or(taken, 0, 1 << place) & (1 << place)) === 0) return place;
  return undefined;
}
export function leavePlace(memory: WebAssembly.Memory, place: number): void {
  Atomics.and(new Int32Array(memory.buffer, PLACES_TAKEN_AT, 1), 0, ~(1 << place));
}

/** Whether a buffer may be seen by other threads; by its tag, as SharedArrayBuffer is not everywhere. */
export function isShared(buffer: ArrayBufferLike): boolean {
  return Object.prototype.toString.call(buffer) === '[object SharedArrayBuffer]';
}

/** What stands in where there is no WASM, or none with SIMD. */
export interface PlainScratch extends Pick<Scratch, 'numbers' | 'codes' | 'mark' | 'release'> {}
const plain: PlainScratch = {
  numbers: () => new Float64Array(BLOCK),
  codes: () => new Int32Array(BLOCK),
  mark: () => 0,
  release: () => {},
};

let shared: PlainScratch | undefined;
/** The scratch room of this thread. */
export function sharedScratch(): PlainScratch {
  shared ??= supported() ? scratchIn(fixedMemory(RESERVED)) : plain;
  return shared;
}

/** A memory of at least so many bytes, which never grows. */
export function fixedMemory(bytes: number, shared = false): WebAssembly.Memory {
  const pages = Math.ceil(bytes / PAGE);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
}

let module: WebAssembly.Module | undefined;
let sharedModule: WebAssembly.Module | undefined;
function compiled(forShared = false): WebAssembly.Module {
  if (forShared) {
    sharedModule ??= new WebAssembly.Module(withSharedMemory(moduleBytes()));
    return sharedModule;
  }
  module ??= new WebAssembly.Module(moduleBytes());
  return module;
}

interface Coder {
  from(text: string, coding: 'base64'): Uint8Array<ArrayBuffer>;
}
function moduleBytes(): Uint8Array<ArrayBuffer> {
  // Of Node and its like: ten times as fast as a loop that runs once.
  const { Buffer } = globalThis as { Buffer?: Coder };
  if (Buffer !== undefined) return Buffer.from(MODULE, 'base64');
  const text = atob(MODULE);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/**
 * The module with its imported memory declared shared, as a shared one is only taken by a module that says so: flags 3
 * in place of 0, and a maximum. (Limits: https://webassembly.github.io/threads/core/binary/types.html)
 */
function withSharedMemory(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  // Magic and version, then sections: id, size, content. The import of memory is "env" "memory", kind 2, limits.
  const name = [3, ...latin1('env'), 6, ...latin1('memory'), 2];
  let at = 8;
  while (bytes[at] !== 2) at += 2 + sizeAt(bytes, at + 1);
  const limits = bytes.findIndex((_, i) => i > at && name.every((byte, k) => bytes[i - name.length + k] === byte));
  const maximum = [0x80, 0x80, 0x04];
  const out = new Uint8Array(bytes.length + maximum.length);
  out.set(bytes.subarray(0, limits + 2));
  out[at + 1] = bytes[at + 1]! + maximum.length;
  out[limits] = 3;
  out.set(maximum, limits + 2);
  out.set(bytes.subarray(limits + 2), limits + 2 + maximum.length);
  return out;
}

/** LEB128 of up to two bytes, less the second byte that the caller steps over. */
function sizeAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! < 128 ? bytes[at]! : 1 + (bytes[at]! & 127) + 128 * bytes[at + 1]!;
}

const latin1 = (text: string): number[] => Array.from(text, (c) => c.charCodeAt(0));

/** False without WASM, without its SIMD, and where a security policy forbids it. */
export function supported(): boolean {
  return refusal() === null;
}

/** What the engine says against running WASM; null where it does. */
export function refusal(): string | null {
  try {
    compiled();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
