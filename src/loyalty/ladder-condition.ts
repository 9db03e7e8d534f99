import { fail } from '../errors.ts';
import { bindCondition, type Condition, NO, storedCondition, UNKNOWN, YES } from '../kernels/condition.ts';
import { WHY } from '../model/batch.ts';
import { type Check, finite, record, text } from '../model/checks.ts';
import type { Field } from '../model/field.ts';
import type { When } from '../model/when.ts';

/** A condition on one column: cells to equal or not, or a limit that a number must reach or keep to (both closed). */
export type LadderCondition =
  | When
  | { readonly column: string; readonly atLeast: number }
  | { readonly column: string; readonly atMost: number };

/** Whether a condition is a limit on a number column. */
export function isLimit(condition: LadderCondition): condition is Exclude<LadderCondition, When> {
  return 'atLeast' in condition || 'atMost' in condition;
}

const atLeast = record({ column: text, atLeast: finite });
const atMost = record({ column: text, atMost: finite });

/** A condition as it stands in a model. */
export const ladderCondition: Check<LadderCondition> = (json, path) => {
  if (typeof json === 'object' && json !== null) {
    if (Object.hasOwn(json, 'atLeast')) return atLeast(json, path);
    if (Object.hasOwn(json, 'atMost')) return atMost(json, path);
  }
  return storedCondition(json, path);
};

/** Resolves a condition against the field of its column. */
export function bindLadderCondition(condition: LadderCondition, field: Field): Condition {
  if (!isLimit(condition)) return bindCondition(condition, field);
  if (field.type !== 'number') fail('invalid-model', `"${field.name}" must be a number for its limit`);
  const low = 'atLeast' in condition ? condition.atLeast : Number.NEGATIVE_INFINITY;
  const high = 'atMost' in condition ? condition.atMost : Number.POSITIVE_INFINITY;
  return (rows, { values, why, clean }, out) => {
    for (let i = 0; i < rows; i++)
      out[i] = !clean && why[i] !== WHY.valid ? UNKNOWN : values[i]! >= low && values[i]! <= high ? YES : NO;
  };
}
