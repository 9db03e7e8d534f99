import { allFinite } from '../columns/all-finite.ts';
import { type Lane, WHY } from '../model/batch.ts';

/**
 * Gives `output` the first cause of null among `inputs`, in their order, and sets `clean`. Kernels then compute every
 * row and call {@link blankNulls}: dirty blocks are rare, and a test per row would cost the clean ones.
 */
export function carryWhy(rows: number, inputs: readonly Lane[], output: Lane): void {
  if (!output.clean) output.why.fill(WHY.valid);
  output.clean = true;
  for (const input of inputs) {
    if (input.clean) continue;
    output.clean = false;
    for (let i = 0; i < rows; i++) if (output.why[i] === WHY.valid) output.why[i] = input.why[i]!;
  }
}

/** Marks one row null. */
export function setNull(output: Lane, row: number, why: number): void {
  output.why[row] = why;
  output.clean = false;
}

/**
 * The last act of a kernel: overwrites the cells whose `why` is set by NaN (numbers) or −1 (codes). A number that
 * overflowed is null as well, with the cause `out-of-range`: in results NaN means null, and nothing is infinite.
 */
export function blankNulls(rows: number, output: Lane): void {
  const { values, codes, why } = output;
  if (values.length === 0) {
    if (!output.clean) for (let i = 0; i < rows; i++) if (why[i] !== WHY.valid) codes[i] = -1;
    return;
  }
  if (output.clean && allFinite(values, 0, rows)) return;
  for (let i = 0; i < rows; i++) {
    if (why[i] === WHY.valid && !Number.isFinite(values[i])) setNull(output, i, WHY.outOfRange);
    if (why[i] !== WHY.valid) values[i] = Number.NaN;
  }
}
