import { readNumbers } from '../../columns/whole.ts';
import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { knownOptions, names } from '../../model/options.ts';
import { checkSurvivalColumns, readGroups, readTimes, type SurvivalColumns } from './survival-times.ts';

/** How well a risk score orders who leaves first. */
export interface Concordance {
  /** (concordant + ½ tied scores)/(comparable pairs): ½ is chance, 1 a perfect order. Null without a comparable pair. */
  readonly concordance: number | null;
  /** Infinitesimal jackknife over customers. */
  readonly standardError: number | null;
  readonly pairs: number;
  readonly concordant: number;
  readonly discordant: number;
  readonly tiedScores: number;
}

/**
 * Harrell's concordance of a risk score with the times of leaving, for held-out customers as well: over all pairs in which one
 * is seen to leave while the other is still watched and stays longer, the share in which the leaver has the higher
 * score. Pairs are compared within strata; two who leave at one time are not comparable. O(n log n).
 *
 * @param options.score column of the score; higher means leaving sooner (a linear predictor or relative risk).
 * @throws invalid-value for a time below 0; empty-input, all-null, unknown-column, invalid-option.
 * Source: Harrell, Lee & Mark (1996); variance: Therneau & Atkinson, Concordance (vignette of the R package survival).
 * @example
 * const { concordance } = concordanceIndex(
 *   { months: [1, 2, 3], left: ['yes', 'no', 'yes'], risk: [0.9, 0.1, 0.5] },
 *   { duration: 'months', event: { column: 'left', churned: 'yes' }, score: 'risk' },
 * );
 * concordance; // 1: both pairs with the first customer
 */
export function concordanceIndex(
  data: Columns,
  options: SurvivalColumns & { readonly score: string; readonly strata?: string },
): Concordance {
  knownOptions(options, 'concordanceIndex', 'duration event entry score strata');
  checkSurvivalColumns(options);
  const { score, strata } = options;
  names({ score, ...(strata === undefined ? {} : { strata }) });
  const scores = readNumbers(data, score);
  const layers = readGroups(data, strata);
  if (!scores.some((x) => x === x)) fail('all-null', `score "${score}" holds nothing but nulls`);
  const times = readTimes(data, options, (i) => scores[i] === scores[i] && layers.codes[i]! >= 0);
  return concordanceOf(times, scores, layers.codes);
}

export interface ConcordanceTimes {
  readonly entry: Float64Array;
  readonly exit: Float64Array;
  readonly event: Float64Array;
}

/** The same of columns that are read already; rows whose exit is NaN take no part. */
export function concordanceOf(times: ConcordanceTimes, scores: Float64Array, strata: Int32Array): Concordance {
  const { exit } = times;
  const rows = Uint32Array.from(exit.keys()).filter((i) => exit[i] === exit[i]);
  const ranks = new Int32Array(exit.length);
  // Twice a row's concordant (+1 for tied scores), and its comparable pairs.
  const won = new Float64Array(exit.length);
  const met = new Float64Array(exit.length);
  const counts = { concordant: 0, discordant: 0, tiedScores: 0 };
  const byExit = rows.slice().sort((a, b) => strata[a]! - strata[b]! || exit[a]! - exit[b]!);
  for (let from = 0, to = 0; from < byExit.length; from = to) {
    while (to < byExit.length && strata[byExit[to]!] === strata[byExit[from]!]) to++;
    const own = byExit.subarray(from, to);
    denseRanks(own, scores, ranks);
    const byEntry = own.slice().sort((a, b) => times.entry[a]! - times.entry[b]!);
    asLeaver(own, byEntry, times, ranks, won, met, counts);
    asStayer(own, byEntry, times, ranks, won, met);
  }
  const { concordant, discordant, tiedScores } = counts;
  const pairs = concordant + discordant + tiedScores;
  const c = (concordant + tiedScores / 2) / pairs;
  let variance = 0;
  for (const i of rows) variance += (won[i]! / 2 - c * met[i]!) ** 2;
  return {
    concordance: pairs === 0 ? null : c,
    standardError: pairs === 0 ? null : Math.sqrt(variance) / pairs,
    pairs,
    ...counts,
  };
}

interface Counts {
  concordant: number;
  discordant: number;
  tiedScores: number;
}

/** Backwards in time: each leaver meets who is at risk and stays longer. */
function asLeaver(
  byExit: Uint32Array,
  byEntry: Uint32Array,
  { entry, exit, event }: ConcordanceTimes,
  ranks: Int32Array,
  won: Float64Array,
  met: Float64Array,
  counts: Counts,
): void {
  const tree = new CountTree(byExit, ranks);
  let gone = byEntry.length;
  for (let end = byExit.length, from = end; end > 0; end = from) {
    const t = exit[byExit[end - 1]!]!;
    while (from > 0 && exit[byExit[from - 1]!] === t) from--;
    for (let i = from; i < end; i++) if (event[byExit[i]!] === 0) tree.add(ranks[byExit[i]!]!, 1);
    while (gone > 0 && entry[byEntry[gone - 1]!]! >= t) tree.add(ranks[byEntry[--gone]!]!, -1);
    for (let i = from; i < end; i++) {
      const row = byExit[i]!;
      if (event[row] === 0) continue;
      const less = tree.below(ranks[row]!);
      const equal = tree.below(ranks[row]! + 1) - less;
      won[row] = won[row]! + 2 * less + equal;
      met[row] = met[row]! + tree.total;
      counts.concordant += less;
      counts.tiedScores += equal;
      counts.discordant += tree.total - less - equal;
    }
    for (let i = from; i < end; i++) if (event[byExit[i]!] === 1) tree.add(ranks[byExit[i]!]!, 1);
  }
}

/** Forwards in time: each row meets those who left while it was at risk: all up to its exit, less those up to its entry. */
function asStayer(
  byExit: Uint32Array,
  byEntry: Uint32Array,
  { entry, exit, event }: ConcordanceTimes,
  ranks: Int32Array,
  won: Float64Array,
  met: Float64Array,
): void {
  const tree = new CountTree(byExit, ranks);
  const meet = (row: number, sign: number): void => {
    const most = tree.below(ranks[row]! + 1);
    const equal = most - tree.below(ranks[row]!);
    won[row] = won[row]! + sign * (2 * (tree.total - most) + equal);
    met[row] = met[row]! + sign * tree.total;
  };
  let entered = 0;
  for (let from = 0, to = 0; from < byExit.length; from = to) {
    const t = exit[byExit[from]!]!;
    while (entered < byEntry.length && entry[byEntry[entered]!]! < t) meet(byEntry[entered++]!, -1);
    while (to < byExit.length && exit[byExit[to]!] === t) to++;
    for (let i = from; i < to; i++) if (event[byExit[i]!] === 1) meet(byExit[i]!, 1);
    for (let i = from; i < to; i++) if (event[byExit[i]!] === 1) tree.add(ranks[byExit[i]!]!, 1);
    for (let i = from; i < to; i++) if (event[byExit[i]!] === 0) meet(byExit[i]!, 1);
  }
}

/** Writes the ranks of these rows, from 0 upwards; equal scores share one. */
function denseRanks(rows: Uint32Array, scores: Float64Array, ranks: Int32Array): void {
  const order = rows.slice().sort((a, b) => scores[a]! - scores[b]!);
  let rank = 0;
  order.forEach((row, k) => {
    if (k > 0 && scores[row] !== scores[order[k - 1]!]) rank++;
    ranks[row] = rank;
  });
}

/** Counts by rank with prefix sums in logarithmic time (Fenwick 1994). */
class CountTree {
  total = 0;
  readonly #sums: Int32Array;

  constructor(rows: Uint32Array, ranks: Int32Array) {
    let most = 0;
    for (const row of rows) most = Math.max(most, ranks[row]!);
    this.#sums = new Int32Array(most + 2);
  }

  add(rank: number, count: number): void {
    this.total += count;
    for (let i = rank + 1; i < this.#sums.length; i += i & -i) this.#sums[i] = this.#sums[i]! + count;
  }

  /** How many have a rank below this one. */
  below(rank: number): number {
    let sum = 0;
    for (let i = rank; i > 0; i -= i & -i) sum += this.#sums[i]!;
    return sum;
  }
}
