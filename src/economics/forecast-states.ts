import { fail } from '../errors.ts';
import { knownOptions } from '../model/options.ts';
import type { TransitionMatrix } from './transition-matrix.ts';

/**
 * Expected customers per state after 0, 1, …, `steps` periods: start·Pᵏ, `entrants` being added at the end of each (S56).
 * Null from where customers stand in a state that has no probabilities.
 *
 * @param options.start customers per state now. Default: those of the first date.
 * @param options.entrants newcomers per state and period. Default: none.
 * @throws ClienteleError `wrong-length`; `invalid-option` for steps that are not a whole number in [0, 10000].
 * @example
 * const matrix = transitionMatrix({ states: ['a', 'lost'], absorbing: ['lost'], counts: [[80, 20], [0, 0]] });
 * forecastStates(matrix, 2)[2] // [64, 36]
 */
export function forecastStates(
  { states, probabilities, startCounts }: TransitionMatrix,
  steps: number,
  options: { readonly start?: readonly number[]; readonly entrants?: readonly number[] } = {},
): readonly (readonly number[] | null)[] {
  const { start = startCounts, entrants } = knownOptions(options, 'forecastStates', 'start entrants');
  if (!(Number.isInteger(steps) && steps >= 0 && steps <= 10_000))
    fail('invalid-option', `invalid steps: ${steps}; use a whole number in [0, 10000]`);
  for (const [name, list] of [['start', start] as const, ['entrants', entrants ?? start] as const]) {
    if (list.length !== states.length)
      fail('wrong-length', `${name} has ${list.length} numbers, there are ${states.length} states`);
    if (!list.every((count) => Number.isFinite(count) && count >= 0))
      fail('invalid-value', `${name}: expected finite numbers of at least 0, got ${list.join(', ')}`);
  }
  const path: (readonly number[] | null)[] = [start];
  for (let step = 0; step < steps; step++) {
    const now = path[step]!;
    if (now?.some((count, s) => count > 0 && probabilities[s] === null) ?? true) path.push(null);
    else
      path.push(
        states.map((_, to) =>
          now!.reduce((n, count, from) => n + count * (probabilities[from]?.[to] ?? 0), entrants?.[to] ?? 0),
        ),
      );
  }
  return path;
}
