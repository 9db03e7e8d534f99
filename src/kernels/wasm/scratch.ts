import { LOGS, ROOTS } from '../../numerics/elementary.ts';
import { BLOCK } from '../block.ts';
import { MODULE } from './module.ts';
import { register, type Scratch, type WasmKernels } from './registry.ts';

// Where things lie; layout.as.ts knows the first two.
const ROOTS_AT = 1024;
const LOGS_AT = 3072;
const SLOTS_AT = 8192;
const SLOT = 8 * BLOCK;
const SLOTS = 192;
const PROGRAMS_AT = SLOTS_AT + SLOTS * SLOT;
const PROGRAMS = 8 << 20;
const PAGE = 65536;
/** Bytes that a memory needs before anything else may be laid into it. */
export const RESERVED: number = Math.ceil((PROGRAMS_AT + PROGRAMS) / PAGE) * PAGE;

/** Lays tables and slots into a memory of at least {@link RESERVED} bytes. */
export function scratchIn(memory: WebAssembly.Memory): Scratch {
  const { buffer } = memory;
  const kernels = new WebAssembly.Instance(compiled(), { env: { memory } }).exports as unknown as WasmKernels;
  new Float64Array(buffer, ROOTS_AT, ROOTS.length).set(ROOTS);
  new Float64Array(buffer, LOGS_AT, LOGS.length).set(LOGS);
  const numbers = Array.from({ length: SLOTS }, (_, s) => new Float64Array(buffer, SLOTS_AT + s * SLOT, BLOCK));
  const codes = Array.from({ length: SLOTS }, (_, s) => new Int32Array(buffer, SLOTS_AT + s * SLOT, BLOCK));
  const bytes = new Uint8Array(buffer);
  let used = 0;
  let programs = new WeakMap<Uint8Array, number>();
  let next = PROGRAMS_AT;
  const scratch: Scratch = {
    kernels,
    numbers: () => numbers[used++] ?? new Float64Array(BLOCK),
    codes: () => codes[used++] ?? new Int32Array(BLOCK),
    bytes: (count) => {
      const at = used;
      const end = used + Math.ceil(count / SLOT);
      if (end > SLOTS) return -1;
      used = end;
      return SLOTS_AT + at * SLOT;
    },
    mark: () => used,
    release: (mark) => {
      used = mark;
    },
    program: (own) => {
      const at = programs.get(own);
      if (at !== undefined) return at;
      if (own.length > PROGRAMS) return -1;
      if (next + own.length > PROGRAMS_AT + PROGRAMS) {
        programs = new WeakMap();
        next = PROGRAMS_AT;
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
  shared ??= supported()
    ? scratchIn(new WebAssembly.Memory({ initial: RESERVED / PAGE, maximum: RESERVED / PAGE }))
    : plain;
  return shared;
}

let module: WebAssembly.Module | undefined;
function compiled(): WebAssembly.Module {
  module ??= new WebAssembly.Module(Uint8Array.from(atob(MODULE), (c) => c.charCodeAt(0)));
  return module;
}

/** False without WASM, without its SIMD, and where a security policy forbids it. */
export function supported(): boolean {
  try {
    compiled();
    return true;
  } catch {
    return false;
  }
}
