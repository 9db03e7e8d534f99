import { fail } from '../errors.ts';
import { type Check, either, finite, listOf, optional, record, text } from '../model/checks.ts';
import type { When } from '../model/when.ts';

const cell = either(text, finite, 'a text or a number');
const cells = either(cell, listOf(cell), 'a text, a number or a list of them');
const shape = record({ column: text, equals: optional(cells), not: optional(cells) });

/** A condition as it stands in a job file: `{ "column": "Churn", "equals": "No" }`. */
export const condition: Check<When> = (json, path) => {
  const { column, equals, not } = shape(json, path);
  if (equals !== undefined && not === undefined) return { column, equals };
  if (not !== undefined && equals === undefined) return { column, not };
  return fail('invalid-job', `${path}: give either "equals" or "not"`);
};
