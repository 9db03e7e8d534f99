import { arrowBuilder } from '../columns/build.ts';
import { fail } from '../errors.ts';
import { bringNear } from '../kernels/cells-near.ts';
import { bindRun } from '../kernels/run.ts';
import { bindTopTerms } from '../kernels/top-terms.ts';
import { scratchAt } from '../kernels/wasm/registry.ts';
import type { Lane } from '../model/batch.ts';
import type { Explanation, Kernel, ModelBase } from '../model/contract.ts';
import type { Field } from '../model/field.ts';

/** Columns that are brought near for both kernels, so that room is left for what they make. */
const MOST_NEAR = 64;

const MOST_REASONS = 1000;

/** A model's kernel with columns of reasons beside its outputs. */
export interface Reasoning {
  /** Outputs, then reasons. */
  readonly fields: readonly Field[];
  readonly run: ReturnType<typeof bindRun>;
  readonly toArrow: ReturnType<typeof arrowBuilder>;
}

/** Adds `reason1` … `reasonK` of an explanation to the outputs of a model, block by block. */
export function bindReasoning(
  { inputs, outputs }: ModelBase,
  score: Kernel,
  explanation: Explanation,
  k: number,
): Reasoning {
  if (!(Number.isSafeInteger(k) && k >= 1 && k <= MOST_REASONS))
    fail('invalid-option', `invalid k: ${k}; use a whole number from 1 to ${MOST_REASONS}`);
  const levels = explanation.terms.map(({ name }) => name);
  const reasons = Array.from({ length: k }, (_, r): Field => ({ name: `reason${r + 1}`, type: 'category', levels }));
  for (const { name } of outputs)
    if (reasons.some((reason) => reason.name === name))
      fail('output-taken', `the model has an output "${name}": give it another name with "as"`);
  const fields = [...outputs, ...reasons];
  const near = explanation.affine ?? [];
  const scored: Lane[] = [];
  const told: Lane[] = [];
  const tell = bindTopTerms(explanation, k);
  return {
    fields,
    run: bindRun(
      (rows, lanes, made) => {
        for (let c = 0; c < made.length; c++)
          if (c < outputs.length) scored[c] = made[c]!;
          else told[c - outputs.length] = made[c]!;
        const { buffer } = told[0]!.codes;
        const scratch = scratchAt(buffer);
        const mark = scratch?.mark() ?? 0;
        if (scratch && near.length <= MOST_NEAR) for (const { at } of near) bringNear(scratch, lanes[at]!, buffer);
        score(rows, lanes, scored);
        // A cell that is null leaves an output null.
        tell(rows, lanes, told, allClean(scored));
        scratch?.release(mark);
      },
      inputs,
      fields,
    ),
    toArrow: arrowBuilder(fields),
  };
}

function allClean(lanes: readonly Lane[]): boolean {
  for (let c = 0; c < lanes.length; c++) if (!lanes[c]!.clean) return false;
  return true;
}
