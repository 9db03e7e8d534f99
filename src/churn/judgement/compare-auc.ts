import { fail } from '../../errors.ts';
import { knownOptions } from '../../model/options.ts';
import { normalCdf, normalQuantile } from '../../numerics/normal.ts';
import { ascendingRows } from '../../numerics/rank.ts';
import { sum } from '../../numerics/sum.ts';
import { checkLevel, type MetricOptions } from '../metrics.ts';
import { judgedScores } from '../metrics-ranking.ts';

/** The areas of two classifiers on the same rows. Plain JSON data. */
export interface AucComparison {
  /** Rows with an outcome and both scores. */
  readonly rows: number;
  readonly events: number;
  readonly leftOut: number;
  readonly rocAuc: readonly [a: number, b: number];
  /** Area of a less area of b. */
  readonly difference: number;
  /** Of the difference, paired; null with fewer than two rows of a class. */
  readonly standardError: number | null;
  readonly interval: readonly [low: number, high: number] | null;
  /** difference / standardError; null when that is 0 or null. */
  readonly z: number | null;
  /** Two-sided, by the normal distribution. */
  readonly pValue: number | null;
  /** Why a figure is null, by its name. */
  readonly nulls: { readonly [figure: string]: string };
}

/**
 * Compares the ROC areas of two classifiers on the same rows: the paired test of DeLong, DeLong & Clarke-Pearson (1988),
 * with ties counting half and, with weights, the variances of weighted means.
 *
 * Source: Biometrics 44, 837–845.
 * @param actual 1 = happened, 0 = did not, NaN = not judged. Rows where either score is null are left out of both areas.
 * @throws wrong-length; invalid-value; empty-input; one-class; invalid-option.
 * @example compareAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], [0.3, 0.1, 0.2, 0.4]).difference // 0
 */
export function compareAuc(
  actual: ArrayLike<number>,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: MetricOptions = {},
): AucComparison {
  const { weight, level = 0.95 } = knownOptions(options, 'compareAuc', 'level weight');
  checkLevel(level);
  const first = judgedScores(actual, a, weight).scores;
  const second = judgedScores(actual, b, weight).scores;
  const rows: number[] = [];
  for (let i = 0; i < first.length; i++) if (first[i] === first[i] && second[i] === second[i]) rows.push(i);
  const y = Uint8Array.from(rows, (row) => actual[row]!);
  const w = Float64Array.from(rows, (row) => (weight ? weight[row]! : 1));
  const events = y.reduce((count, event) => count + event, 0);
  if (rows.length === 0) fail('empty-input', 'no row has an outcome and both scores');
  if (events === 0 || events === rows.length)
    fail(
      'one-class',
      `all ${rows.length} judged rows are ${events === 0 ? 'non-events' : 'events'}: nothing to compare`,
    );

  const total = [0, 1].map((side) => sum(w.filter((_, i) => y[i] === side))) as [number, number];
  const shares = [first, second].map((scores) =>
    placements(
      Float64Array.from(rows, (row) => scores[row]!),
      y,
      w,
      total,
    ),
  ) as [Float64Array, Float64Array];
  const areas = shares.map((v) => sum(v.map((share, i) => y[i]! * w[i]! * share)) / total[1]) as [number, number];
  const difference = areas[0] - areas[1];
  const variance = (side: number, n: number): number =>
    ((n / (n - 1)) *
      sum(w.map((own, i) => (y[i] === side ? (own * (shares[0][i]! - shares[1][i]! - difference)) ** 2 : 0)))) /
    total[side]! ** 2;
  const known = events > 1 && rows.length - events > 1;
  const standardError = known ? Math.sqrt(variance(1, events) + variance(0, rows.length - events)) : null;
  const nulls: { [figure: string]: string } = {};
  if (standardError === null) {
    const why = 'a class has fewer than two rows: its variance is unknown';
    nulls.standardError = nulls.interval = nulls.z = nulls.pValue = why;
  } else if (standardError === 0) nulls.z = nulls.pValue = 'both classifiers rank every pair alike: the error is 0';
  const z = standardError ? difference / standardError : null;
  const half = standardError === null ? 0 : normalQuantile((1 + level) / 2) * standardError;
  return {
    rows: rows.length,
    events,
    leftOut: actual.length - rows.length,
    rocAuc: areas,
    difference,
    standardError,
    interval: standardError === null ? null : [difference - half, difference + half],
    z,
    pValue: z === null ? null : 2 * normalCdf(-Math.abs(z)),
    nulls,
  };
}

/** For each row the weighted share of the other class that it is ranked rightly against, ties counting half. */
function placements(
  scores: Float64Array,
  y: Uint8Array,
  w: Float64Array,
  total: readonly [nonEvents: number, events: number],
): Float64Array {
  const order = ascendingRows(scores);
  const out = new Float64Array(scores.length);
  const below = [0, 0];
  for (let from = 0, to = 0; from < order.length; from = to) {
    const here = [0, 0];
    for (to = from; to < order.length && scores[order[to]!] === scores[order[from]!]; to++)
      here[y[order[to]!]!]! += w[order[to]!]!;
    for (let at = from; at < to; at++) {
      const row = order[at]!;
      out[row] =
        y[row] === 1 ? (below[0]! + here[0]! / 2) / total[0] : (total[1] - below[1]! - here[1]! / 2) / total[1];
    }
    below[0]! += here[0]!;
    below[1]! += here[1]!;
  }
  return out;
}
