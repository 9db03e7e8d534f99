import { fail } from '../errors.ts';
import { type Check, checked, dictionaryOf, either, listOf, oneOf, optional, record, text } from '../model/checks.ts';
import type { Cell, Segment, Strategy } from './cells.ts';
import { segment, segmentParts, strategyParts } from './segment-checks.ts';

const level = either(text, listOf(text), 'a level, a list of levels or "*"');
/** A segment with the levels that it covers. */
export const cell: Check<Cell> = record({
  ...segmentParts,
  when: either(oneOf('rest'), listOf(level), '"rest" or a list of levels, one per axis'),
});
/** Changes to strategies, by segment key. */
export const strategyChanges: Check<{ readonly [key: string]: Partial<Strategy> }> = dictionaryOf(
  record({
    priority: optional(strategyParts.priority),
    budget: optional(strategyParts.budget),
    actions: optional(strategyParts.actions),
    text: optional(strategyParts.text),
  }),
);

/** Segments as an option, without anything that a model could not hold. */
export function segmentList(segments: readonly Segment[], option: string): readonly Segment[] {
  return checked('invalid-option', listOf(segment), segments, option);
}

/** Cells as an option. */
export function cellList(cells: readonly Cell[]): readonly Cell[] {
  return checked('invalid-option', listOf(cell), cells, 'cells');
}

/** Segments with changes laid over their strategies. */
export function withChanges<T extends Segment>(
  segments: readonly T[],
  given: { readonly [key: string]: Partial<Strategy> | undefined },
): readonly T[] {
  const own = checked('invalid-option', strategyChanges, given, 'strategies');
  for (const key of Object.keys(own))
    if (!segments.some((one) => one.key === key))
      fail(
        'invalid-option',
        `strategies: unknown segment "${key}"; there are ${segments.map((one) => one.key).join(', ')}`,
      );
  return segments.map((one) => ({ ...one, strategy: { ...one.strategy!, ...own[one.key] } }));
}
