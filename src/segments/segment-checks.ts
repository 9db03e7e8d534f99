import { fail } from '../errors.ts';
import {
  type Check,
  checked,
  dictionaryOf,
  either,
  listOf,
  oneOf,
  optional,
  record,
  text,
  whole,
  within,
} from '../model/checks.ts';
import { DAYS, type TimeUnit } from '../model/field.ts';
import type { Cell, Names, Segment, Strategy } from './cells.ts';

const names: Check<Names> = record({ en: text, zh: text });
const priority = whole(1);
const actions = listOf(text);
const benefit = record({
  benefit: text,
  uses: within(0, Number.MAX_VALUE),
  per: oneOf(...(Object.keys(DAYS) as TimeUnit[])),
});
const shape = {
  key: text,
  names: optional(names),
  strategy: optional(record({ priority, budget: text, actions, text: names })),
  benefits: optional(listOf(benefit)),
  usually: optional(oneOf('small', 'large')),
};

/** A segment as a model lists it. */
export const segment: Check<Segment> = record(shape);

const level = either(text, listOf(text), 'a level, a list of levels or "*"');
const cell: Check<Cell> = record({
  ...shape,
  when: either(oneOf('rest'), listOf(level), '"rest" or a list of levels, one per axis'),
});
const changes: Check<{ readonly [key: string]: Partial<Strategy> }> = dictionaryOf(
  record({
    priority: optional(priority),
    budget: optional(text),
    actions: optional(actions),
    text: optional(names),
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
  const own = checked('invalid-option', changes, given, 'strategies');
  for (const key of Object.keys(own))
    if (!segments.some((one) => one.key === key))
      fail(
        'invalid-option',
        `strategies: unknown segment "${key}"; there are ${segments.map((one) => one.key).join(', ')}`,
      );
  return segments.map((one) => ({ ...one, strategy: { ...one.strategy!, ...own[one.key] } }));
}
