import { fail } from '../errors.ts';
import { type Check, finite, listOf, oneOf } from '../model/checks.ts';

/** Which side of an interval holds its limit. `'right'`: (lo, hi], a value equal to a cut lies below it. */
export type Closed = 'right' | 'left';

/**
 * In which of the intervals between `cuts` a value lies, 0 … cuts.length. With `closed: 'right'` "above" means strictly
 * greater than the cut. A cut that occurs twice leaves the interval between empty.
 * @example codeOf(300, [100, 300], 'right') // 1
 * @example codeOf(300, [100, 300], 'left') // 2
 */
export function codeOf(value: number, cuts: readonly number[], closed: Closed): number {
  let code = 0;
  if (closed === 'right') while (code < cuts.length && value > cuts[code]!) code++;
  else while (code < cuts.length && value >= cuts[code]!) code++;
  return code;
}

export const closedSide: Check<Closed> = oneOf('right', 'left');

/** Stored cuts: finite, never falling. */
export const storedCuts: Check<readonly number[]> = (json, path) => {
  const cuts = listOf(finite)(json, path);
  for (let i = 1; i < cuts.length; i++)
    if (cuts[i]! < cuts[i - 1]!) fail('invalid-model', `${path}[${i}]: ${cuts[i]} is below the cut before it`);
  return cuts;
};
