import { type Check, listOf, type Optional, oneOf, optional, record, text, whole, within } from '../model/checks.ts';
import { DAYS, type TimeUnit } from '../model/field.ts';
import type { Benefit, Names, Segment, Strategy } from './cells.ts';

/** A display name in both languages. */
export const names: Check<Names> = record({ en: text, zh: text });
/** A benefit with its quota. */
export const benefit: Check<Benefit> = record({
  benefit: text,
  uses: within(0, Number.MAX_VALUE),
  per: oneOf(...(Object.keys(DAYS) as TimeUnit[])),
});

/** The parts of a strategy. */
export const strategyParts: { readonly [P in keyof Strategy]: Check<Strategy[P]> } = {
  priority: whole(1),
  budget: text,
  actions: listOf(text),
  text: names,
};

/** The parts of a segment as a model lists it, for use in `record`. */
export const segmentParts: {
  readonly key: Check<string>;
  readonly names: Optional<Names>;
  readonly strategy: Optional<Strategy>;
  readonly benefits: Optional<readonly Benefit[]>;
  readonly usually: Optional<'small' | 'large'>;
} = {
  key: text,
  names: optional(names),
  strategy: optional(record(strategyParts)),
  benefits: optional(listOf(benefit)),
  usually: optional(oneOf('small', 'large')),
};

/** A segment as a model lists it. */
export const segment: Check<Segment> = record(segmentParts);
