import { kernelsAt } from '../kernels/wasm/registry.ts';
import { exp } from './elementary.ts';

/**
 * The logistic function 1/(1 + e^−z), without overflow: 0 and 1 are reached only where float64 ends.
 * @example sigmoid(0) // 0.5
 */
export function sigmoid(z: number): number {
  const e = exp(-Math.abs(z));
  return (z < 0 ? e : 1) / (1 + e);
}

/** {@link sigmoid} of the first `rows` cells, in place. */
export function sigmoidInPlace(rows: number, values: Float64Array): void {
  const wasm = kernelsAt(values.buffer);
  if (wasm) {
    wasm.sigmoid(values.byteOffset, rows);
    return;
  }
  for (let i = 0; i < rows; i++) {
    const z = values[i]!;
    const e = exp(-Math.abs(z));
    // sigmoid without its branch: the signs of a batch cannot be foretold. The bits are the same.
    values[i] = (e * Number(z < 0) + Number(z >= 0)) / (1 + e);
  }
}
