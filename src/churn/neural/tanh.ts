import { kernelsAt } from '../../kernels/wasm/registry.ts';
import { exp } from '../../numerics/elementary.ts';

/** The hyperbolic tangent of the first `rows` cells, in place, to 2e-16 absolute; ±1 where e^−2|z| is nothing beside 1. */
export function tanhInPlace(rows: number, values: Float64Array): void {
  const wasm = kernelsAt(values.buffer);
  if (wasm) {
    wasm.tanh(values.byteOffset, rows);
    return;
  }
  for (let i = 0; i < rows; i++) {
    const z = values[i]!;
    const e = exp(-2 * Math.abs(z));
    values[i] = ((1 - e) / (1 + e)) * (z < 0 ? -1 : 1);
  }
}
