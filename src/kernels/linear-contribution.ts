import { allFinite } from '../columns/all-finite.ts';
import { addressIn, heldCells } from '../columns/input-lane.ts';
import { type Lane, WHY } from '../model/batch.ts';

type LinearKernel = (rows: number, inputs: readonly Lane[], out: Lane) => boolean;

/**
 * `out = intercept + weight·x` of one column in one pass, where cells lie in the caller's own buffer and the results are
 * finite; else as `general` does it, with the same bits.
 */
export function bindContribution(at: number, weight: number, intercept: number, general: LinearKernel): LinearKernel {
  return (rows, lanes, out) => {
    const lane = lanes[at]!;
    const z = out.values;
    if (addressIn(z.buffer, lane) >= 0) return general(rows, lanes, out);
    const x = heldCells(lane) ?? (lane.clean ? lane.values : undefined);
    if (x === undefined) return general(rows, lanes, out);
    scaleInto(z, rows, x, weight, intercept);
    if (!allFinite(z, 0, rows)) return general(rows, lanes, out);
    if (!out.clean) out.why.fill(WHY.valid);
    out.clean = true;
    return true;
  };
}

function scaleInto(z: Float64Array, rows: number, x: Float64Array, weight: number, intercept: number): void {
  for (let i = 0; i < rows; i++) z[i] = intercept + weight * x[i]!;
}
