import { kernelsAt } from '../kernels/wasm/registry.ts';

/** Whether `cells[start … start + count)` are all finite. */
export function allFinite(cells: Float64Array, start: number, count: number): boolean {
  const wasm = kernelsAt(cells.buffer);
  if (wasm) return wasm.allFinite(cells.byteOffset + 8 * start, count) === 1;
  // x·0 is 0 for finite x and NaN for the rest; four sums keep the additions independent of each other.
  const end = start + count;
  const unrolled = start + (count & ~3);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = start; i < unrolled; i += 4) {
    a += cells[i]! * 0;
    b += cells[i + 1]! * 0;
    c += cells[i + 2]! * 0;
    d += cells[i + 3]! * 0;
  }
  for (let i = unrolled; i < end; i++) a += cells[i]! * 0;
  return a + b + c + d === 0;
}
