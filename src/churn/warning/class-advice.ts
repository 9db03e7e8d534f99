import { fail } from '../../errors.ts';
import { knownOptions } from '../../model/options.ts';
import type { Segment } from '../../segments/cells.ts';
import { BUDGETS, type Budget } from '../../segments/strategies.ts';
import { type Labels, labelReader } from './columns.ts';

/** Columns of a warning list: spread them into it. */
export interface ClassAdvice {
  /** What the strategy of the customer's class says, in words. */
  readonly strategy: readonly (string | null)[];
  /** Whether it spends on keeping the customer; null where there is no class, strategy or budget. */
  readonly strategyContacts: readonly (boolean | null)[];
}

/**
 * What the strategy of each customer's class says: the words, and whether to spend on keeping the customer, which is when
 * its budget is at least `from`.
 *
 * @throws invalid-option for a budget that is none; invalid-value for a segment that is not among those given.
 * @example
 * classAdvice(['gold', 'short-term'], EIGHT_CLASSES).strategyContacts // [true, false]
 */
export function classAdvice(
  segment: Labels,
  segments: readonly Pick<Segment, 'key' | 'strategy'>[],
  options: { readonly from?: Budget; readonly language?: 'en' | 'zh' } = {},
): ClassAdvice {
  const { from = 'moderate', language = 'en' } = knownOptions(options, 'classAdvice', 'from language');
  if (language !== 'en' && language !== 'zh') fail('invalid-option', `invalid language: ${language}; use "en" or "zh"`);
  const least = BUDGETS.indexOf(from);
  if (least < 0) fail('invalid-option', `invalid from: ${String(from)}; use one of ${BUDGETS.join(', ')}`);
  const known = new Map(
    segments.map(({ key, strategy }) => {
      const rank = strategy === undefined ? -1 : BUDGETS.indexOf(strategy.budget as Budget);
      const words = strategy?.text[language] ?? null;
      return [key, { words, contacts: rank < 0 ? null : rank >= least }] as const;
    }),
  );
  const rows = 'codes' in segment ? segment.codes.length : segment.length;
  const of = labelReader(segment, rows, 'segment');
  const strategy: (string | null)[] = [];
  const strategyContacts: (boolean | null)[] = [];
  for (let row = 0; row < rows; row++) {
    const key = of(row);
    const advice = key === null ? null : known.get(String(key));
    if (advice === undefined)
      fail('invalid-value', `segment, row ${row}: "${key}" is none of ${[...known.keys()].join(', ')}`);
    strategy.push(advice?.words ?? null);
    strategyContacts.push(advice?.contacts ?? null);
  }
  return { strategy, strategyContacts };
}
