import { kernelsAt } from '../kernels/wasm/registry.ts';

/** Whether the first `count` codes all stand for a level: none is −1. */
export function allCoded(codes: Int32Array, count: number): boolean {
  const wasm = kernelsAt(codes.buffer);
  if (wasm) return wasm.allCoded(codes.byteOffset, count) === 1;
  let any = 0;
  for (let i = 0; i < count; i++) any |= codes[i]!;
  return any >= 0;
}
