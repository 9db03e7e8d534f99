import { readCategories, readNumbers } from '../columns/index.ts';
import { fail } from '../errors.ts';
import type { PlainColumn } from '../model/batch.ts';
import { knownOptions } from '../model/options.ts';
import { type OddsRatio, oddsRatio } from '../numerics/odds-ratio.ts';
import { kendallTauB, spearman } from '../numerics/ordinal-association.ts';
import { checkLevel } from './survey-scores.ts';

/** Customers × periods, in any order: what they said and what they spent. A period without a row is one without spend. */
export interface SatisfactionPanel {
  readonly customer: PlainColumn;
  /** Whole numbers: the period's position in time. */
  readonly period: PlainColumn;
  /** The answer of that period, null where not asked. */
  readonly satisfaction: PlainColumn;
  readonly spend: PlainColumn;
}

export interface SatisfactionBehaviourOptions {
  /** Answers from the worst to the best. */
  readonly levels: readonly (string | number)[];
  /** The first level that counts as satisfied. */
  readonly satisfiedFrom: string | number;
  /** Periods between the answer and the behaviour. */
  readonly lag: number;
  /** Grown means spend strictly above (1 + this) times the spend when asked. Default 0. */
  readonly growth?: number;
  /** Two-sided coverage of the interval. Default .95. */
  readonly level?: number;
}

export const BEHAVIOURS = ['left', 'kept', 'grown'] as const;

export interface SatisfactionBehaviour {
  readonly lag: number;
  readonly levels: readonly string[];
  /** left, kept, grown. */
  readonly behaviours: typeof BEHAVIOURS;
  /** `counts[level][behaviour]`. */
  readonly counts: readonly (readonly number[])[];
  /** Of the level; null for a level without answers. */
  readonly rates: readonly (readonly (number | null)[])[];
  /** Answers counted. */
  readonly answers: number;
  /** Odds of staying (kept or grown) of the satisfied over those of the others; null when one side is empty. */
  readonly stay: OddsRatio | null;
  /** Rank correlations of level and behaviour, ties averaged; null when one of them does not vary. */
  readonly spearman: number | null;
  readonly kendallTauB: number | null;
  /** Answers whose behaviour lies after the last period of the panel. */
  readonly censored: number;
  /** Answers of customers who spent nothing when asked. */
  readonly inactive: number;
  /** Answers whose spend is null, then or later. */
  readonly nulls: number;
}

/**
 * Satisfaction is an attitude, loyalty a behaviour (S64): each answer against what its customer did `lag` periods later.
 * Left: no spend then; grown: spend above (1 + growth) times the spend when asked; kept: anything between. Answers of one
 * customer in several periods count one by one, so that the interval is too narrow where they are many.
 *
 * @throws invalid-value for an answer that is no level, a period that is not whole, and two rows of a customer in one
 *   period; invalid-option; wrong-length.
 * @example
 * satisfactionBehaviour(
 *   { customer: ['a', 'a', 'b'], period: [1, 2, 1], satisfaction: ['high', null, 'low'], spend: [10, 12, 10] },
 *   { levels: ['low', 'high'], satisfiedFrom: 'high', lag: 1 },
 * ).counts // [[1, 0, 0], [0, 0, 1]]
 */
export function satisfactionBehaviour(
  panel: SatisfactionPanel,
  options: SatisfactionBehaviourOptions,
): SatisfactionBehaviour {
  const {
    lag,
    growth = 0,
    level = 0.95,
  } = knownOptions(options, 'satisfactionBehaviour', 'levels satisfiedFrom lag growth level');
  const levels = options.levels.map(String);
  const satisfied = levels.indexOf(String(options.satisfiedFrom));
  if (!(Number.isSafeInteger(lag) && lag >= 1)) fail('invalid-option', `invalid lag: ${lag}; use whole periods from 1`);
  if (!(growth >= 0 && Number.isFinite(growth)))
    fail('invalid-option', `invalid growth: ${growth}; use a share of at least 0`);
  if (levels.length < 2 || new Set(levels).size < levels.length)
    fail('invalid-option', 'levels: name at least two, each once');
  if (satisfied < 1)
    fail('invalid-option', `satisfiedFrom: ${options.satisfiedFrom} must be one of ${levels.slice(1).join(', ')}`);
  checkLevel(level);

  const { codes: customer, levels: ids } = readCategories({ customer: panel.customer }, 'customer');
  const period = readNumbers({ period: panel.period }, 'period');
  const answer = readCategories({ satisfaction: panel.satisfaction }, 'satisfaction');
  const spend = readNumbers({ spend: panel.spend }, 'spend');
  const lengths = [customer, period, answer.codes, spend].map((column) => column.length);
  if (new Set(lengths).size > 1)
    fail('wrong-length', `customer, period, satisfaction and spend have ${lengths.join(', ')} rows`);
  const rank = answer.levels.map((own) => levels.indexOf(own));
  const rowOf = ids.map(() => new Map<number, number>());
  let last = Number.NEGATIVE_INFINITY;
  customer.forEach((code, row) => {
    const time = period[row]!;
    if (code < 0) fail('invalid-value', `customer, row ${row}: the id is null`);
    if (!Number.isSafeInteger(time)) fail('invalid-value', `period, row ${row}: ${time} is not a whole number`);
    if (rowOf[code]!.has(time))
      fail('invalid-value', `customer ${JSON.stringify(ids[code])} has two rows in period ${time}: add them up first`);
    rowOf[code]!.set(time, row);
    last = Math.max(last, time);
  });

  const counts = levels.map(() => [0, 0, 0]);
  let [censored, inactive, nulls] = [0, 0, 0];
  answer.codes.forEach((code, row) => {
    if (code < 0) return;
    const own = rank[code]!;
    if (own < 0)
      fail(
        'invalid-value',
        `satisfaction, row ${row}: unknown level ${JSON.stringify(answer.levels[code])}; levels are ${levels.join(', ')}`,
      );
    const before = spend[row]!;
    const later = rowOf[customer[row]!]!.get(period[row]! + lag);
    const after = later === undefined ? 0 : spend[later]!;
    if (before !== before || after !== after) nulls++;
    else if (before <= 0) inactive++;
    else if (period[row]! + lag > last) censored++;
    else counts[own]![after <= 0 ? 0 : after > before * (1 + growth) ? 2 : 1]!++;
  });
  const totals = counts.map((list) => list.reduce((a, b) => a + b, 0));
  const pooled = (from: number, to: number): readonly [number, number] => {
    const part = counts.slice(from, to);
    const left = part.reduce((n, list) => n + list[0]!, 0);
    return [totals.slice(from, to).reduce((a, b) => a + b, 0) - left, left];
  };
  const [stayed, left] = pooled(satisfied, levels.length);
  const [othersStayed, othersLeft] = pooled(0, satisfied);
  return {
    lag,
    levels,
    behaviours: BEHAVIOURS,
    counts,
    rates: counts.map((list, l) => list.map((count) => (totals[l] === 0 ? null : count / totals[l]!))),
    answers: totals.reduce((a, b) => a + b, 0),
    stay: oddsRatio(stayed, left, othersStayed, othersLeft, level),
    spearman: spearman(counts),
    kendallTauB: kendallTauB(counts),
    censored,
    inactive,
    nulls,
  };
}
