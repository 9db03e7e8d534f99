import { fail } from '../errors.ts';
import type { PlainColumn } from '../model/batch.ts';
import { knownOptions } from '../model/options.ts';
import { normalQuantile } from '../numerics/normal.ts';
import { studentTQuantile } from '../numerics/student-t.ts';
import { checkCounts, checkLevel, scoreCounts } from './survey-scores.ts';

type Interval = readonly [number, number];

/** Answers by group: 9–10 promote, 7–8 are passive, 0–6 detract. */
export interface PromoterCounts {
  readonly promoters: number;
  readonly passives: number;
  readonly detractors: number;
}

/** Net promoter score in points, −100 … 100, with three intervals; limits are not cut off at ±100. */
export interface NetPromoterScore extends PromoterCounts {
  readonly n: number;
  /** Answers that were not given. */
  readonly nulls: number;
  /** 100(p − d). */
  readonly nps: number;
  /** 100√((p + d − (p − d)²)/n). */
  readonly standardError: number;
  /** nps ± z·standardError. Of no width when all answers are alike. */
  readonly wald: Interval;
  /** The same with ¾ of an answer added to the promoters, ¾ to the detractors and 3 to n, about that adjusted score. */
  readonly adjustedWald: Interval;
  /** nps ± t·s/√n of the answers coded −1, 0, 1, n − 1 degrees of freedom; null for one answer. */
  readonly trinomialT: Interval | null;
}

export interface IntervalOptions {
  /** Two-sided coverage. Default .95. */
  readonly level?: number;
}

/**
 * Net promoter score from counts (S70; Reichheld 2003), with the Wald interval, the adjusted Wald interval of Rocks (2016,
 * The American Statistician 70, 365–372; ¾ added to each end, 3 to n) and Student's t on the answers −1, 0, 1.
 *
 * @throws invalid-value for counts that are not whole or below 0; empty-input without an answer; invalid-option.
 * @example netPromoterScore({ promoters: 210, passives: 120, detractors: 70 }).nps // 35
 */
export function netPromoterScore(counts: PromoterCounts, options: IntervalOptions = {}): NetPromoterScore {
  const { level = 0.95 } = knownOptions(options, 'netPromoterScore', 'level');
  const { promoters, passives, detractors } = counts;
  checkCounts({ promoters, passives, detractors });
  checkLevel(level);
  const n = promoters + passives + detractors;
  if (n === 0) fail('empty-input', 'no answer to score: all counts are 0');
  const z = normalQuantile((1 + level) / 2);
  const { nps, standardError } = score(promoters, detractors, n);
  const adjusted = score(promoters + 0.75, detractors + 0.75, n + 3);
  return {
    promoters,
    passives,
    detractors,
    n,
    nulls: 0,
    nps,
    standardError,
    wald: around(nps, z * standardError),
    adjustedWald: around(adjusted.nps, z * adjusted.standardError),
    // The sample variance has n − 1 where the Wald variance has n.
    trinomialT:
      n === 1 ? null : around(nps, studentTQuantile((1 + level) / 2, n - 1) * standardError * Math.sqrt(n / (n - 1))),
  };
}

/**
 * Net promoter score of a column of answers 0 … 10; nulls are counted and left out.
 * @throws invalid-value for an answer that is not a whole number from 0 to 10; empty-input without an answer.
 * @example npsFromScores([10, 9, 9, 8, 7, 7, 6, 5, 0, 10, 3, 9]).nps // 8.333333333333334
 */
export function npsFromScores(scores: PlainColumn, options: IntervalOptions = {}): NetPromoterScore {
  knownOptions(options, 'npsFromScores', 'level');
  const { counts, nulls } = scoreCounts(scores, 0, 10);
  const between = (from: number, to: number): number => counts.slice(from, to + 1).reduce((a, b) => a + b, 0);
  const groups = { promoters: between(9, 10), passives: between(7, 8), detractors: between(0, 6) };
  return { ...netPromoterScore(groups, options), nulls };
}

function score(
  promoters: number,
  detractors: number,
  n: number,
): { readonly nps: number; readonly standardError: number } {
  const net = (promoters - detractors) / n;
  // Equal to p + d − net², and never below 0 by rounding.
  const variance =
    (promoters * (1 - net) ** 2 + detractors * (1 + net) ** 2 + (n - promoters - detractors) * net ** 2) / n;
  return { nps: 100 * net, standardError: 100 * Math.sqrt(variance / n) };
}

const around = (centre: number, half: number): Interval => [centre - half, centre + half];
