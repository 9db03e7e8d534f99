import { fail } from '../errors.ts';
import { type Lane, WHY } from '../model/batch.ts';
import { type Check, either, finite, listOf, optional, record, text } from '../model/checks.ts';
import type { Field } from '../model/field.ts';
import type { When } from '../model/when.ts';

/** What a bound condition says of a row; any other value is null, and the lane's `why` tells the cause. */
export const NO = 0;
export const YES = 1;
export const UNKNOWN = 2;

/** Fills `out[0 … rows)` with {@link NO}, {@link YES} or {@link UNKNOWN} from the lane of the condition's column. */
export type Condition = (rows: number, lane: Lane, out: Uint8Array) => void;

/**
 * Resolves a condition against the field of its column, with the meaning that `matches` gives it: numbers are compared as
 * numbers, categories as text. A null cell is unknown; a level that the field does not list is a level like any other.
 */
export function bindCondition(when: When, field: Field): Condition {
  const wanted = 'equals' in when;
  const list = conditionValues(when);
  if (field.type === 'number') {
    const numbers = list.map((v) => conditionNumber(when, v));
    return (rows, { values, why, clean }, out) => {
      for (let i = 0; i < rows; i++) {
        if (!clean && why[i] !== WHY.valid) out[i] = UNKNOWN;
        else out[i] = numbers.includes(values[i]!) === wanted ? YES : NO;
      }
    };
  }
  const names = new Set(list.map(String));
  const answer = Uint8Array.from(field.levels!, (level) => (names.has(level) === wanted ? YES : NO));
  const unlisted = wanted ? NO : YES;
  return (rows, { codes, why, clean }, out) => {
    for (let i = 0; i < rows; i++) {
      if (clean || why[i] === WHY.valid) out[i] = answer[codes[i]!]!;
      else out[i] = why[i] === WHY.unseenLevel ? unlisted : UNKNOWN;
    }
  };
}

/** The values a condition names. */
export function conditionValues(when: When): readonly (string | number)[] {
  return [('equals' in when ? when.equals : when.not) as string | number | readonly (string | number)[]].flat();
}

/** A value of a condition on a number column. */
export function conditionNumber(when: When, value: string | number): number {
  const number = typeof value === 'number' ? value : value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(number)
    ? number
    : fail('wrong-type', `column "${when.column}" holds numbers; ${JSON.stringify(value)} is not one`);
}

const cell = either(text, finite, 'a text or a number');
const cells = either(cell, listOf(cell), 'a text, a number or a list of them');
const shape = record({ column: text, equals: optional(cells), not: optional(cells) });

/** A condition as it stands in a model. */
export const storedCondition: Check<When> = (json, path) => {
  const { column, equals, not } = shape(json, path);
  if (equals !== undefined && not === undefined) return { column, equals };
  if (not !== undefined && equals === undefined) return { column, not };
  return fail('invalid-model', `${path}: give either "equals" or "not"`);
};
