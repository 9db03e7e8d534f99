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

/** Overwrites the cells whose `why` is set by NaN (numbers) or −1 (codes). */
export function blankNulls(rows: number, output: Lane): void {
  if (output.clean) return;
  const { values, codes, why } = output;
  for (let i = 0; i < rows; i++)
    if (why[i] !== WHY.valid) {
      if (values.length > 0) values[i] = Number.NaN;
      else codes[i] = -1;
    }
}
