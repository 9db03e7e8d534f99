import type { Lane } from '../model/batch.ts';
import type { Field } from '../model/field.ts';

/** What a lane of the other type holds. */
export const NO_VALUES: Float64Array<ArrayBuffer> = new Float64Array(0);
export const NO_CODES: Int32Array<ArrayBuffer> = new Int32Array(0);

/** A lane with room for `rows` cells of the field's type. */
export function makeLane(field: Pick<Field, 'type'>, rows: number): Lane {
  const number = field.type === 'number';
  return {
    values: number ? new Float64Array(rows) : NO_VALUES,
    codes: number ? NO_CODES : new Int32Array(rows),
    why: new Uint8Array(rows),
    clean: true,
  };
}
