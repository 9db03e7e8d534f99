import { fail } from '../../errors.ts';
import { carryWhy, setNull } from '../../kernels/nulls.ts';
import { type Lane, WHY } from '../../model/batch.ts';
import type { Field, Span } from '../../model/field.ts';

/** A calibrated probability. Explain the classifier's own output: its log-odds are what adds up. */
export interface CalibratedField<O extends string = string> extends Field<O, 'number'> {
  readonly horizon: Span | null;
}

/** Stops unless one number goes in and one probability comes out. */
export function checkCalibrated(
  { inputs, outputs }: { readonly inputs: readonly Field[]; readonly outputs: readonly Field[] },
  path: string,
): void {
  if (inputs.length !== 1 || inputs[0]!.type !== 'number')
    fail('invalid-model', `${path}.inputs: expected one number, the score`);
  const [output] = outputs;
  if (outputs.length !== 1 || output!.type !== 'number' || output!.horizon === undefined)
    fail('invalid-model', `${path}.outputs: expected one number with a horizon`);
}

/** Carries nulls over, and marks rows whose score is no probability. */
export function carryProbability(rows: number, input: Lane, out: Lane): void {
  carryWhy(rows, [input], out);
  const p = input.values;
  for (let i = 0; i < rows; i++)
    if (!(p[i]! >= 0 && p[i]! <= 1) && out.why[i] === WHY.valid) setNull(out, i, WHY.outOfRange);
}
