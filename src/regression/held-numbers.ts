import { makeLane } from '../columns/lane.ts';
import { openNumbers } from '../columns/open.ts';
import { type Columns, type Lane, WHY } from '../model/batch.ts';

export interface HeldNumbers {
  /** NaN where null. May be the caller's own: not to be written to. */
  readonly values: Float64Array;
  /** Whether it is known that no cell is null. */
  readonly complete: boolean;
}

/** As `readNumbers`, but cells that can be used as they lie are not copied. `lane`: one that may be used again. */
export function heldNumbers(data: Columns, column: string, lane: Lane = makeLane({ type: 'number' }, 0)): HeldNumbers {
  const reader = openNumbers(data, column);
  const { rows } = reader;
  if (lane.why.length < rows) lane.why = new Uint8Array(rows);
  reader.read(0, rows, lane);
  const { values, why, clean } = lane;
  if (clean) return { values: values.length === rows ? values : values.subarray(0, rows), complete: true };
  const own = values.slice(0, rows);
  for (let i = 0; i < rows; i++) if (why[i] !== WHY.valid) own[i] = Number.NaN;
  return { values: own, complete: false };
}
