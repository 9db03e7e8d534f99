import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { knownOptions, names } from '../../model/options.ts';
import { chiSquaredTail } from '../../numerics/chi-squared.ts';
import { choleskySolve } from '../../numerics/cholesky.ts';
import { factorInOrder, RANK_TOLERANCE } from '../../regression/rank.ts';
import { addSpan, atEvents, atRisk, riskSets, sumBackwards } from './risk-sets.ts';
import { checkSurvivalColumns, readGroups, readTimes, type SurvivalColumns } from './survival-times.ts';

/**
 * How much an event time counts: all alike (`log-rank`, best under proportional hazards), by the number at risk n
 * (`gehan-breslow`, the generalised Wilcoxon test), by √n (`tarone-ware`), or by S̃(t) = Π_{t_k ≤ t} (1 − d_k/(n_k + 1))
 * (`peto`, early differences as well, but not distorted by who was censored).
 */
export type LogRankWeights = 'log-rank' | 'gehan-breslow' | 'tarone-ware' | 'peto';

export interface LogRankOptions extends SurvivalColumns {
  /** Column of the groups that are compared. */
  readonly group: string;
  /** Column of strata: groups are compared within each, and the differences are added up. */
  readonly strata?: string;
  /** Default `'log-rank'`. */
  readonly weights?: LogRankWeights;
}

export interface LogRank {
  readonly weights: LogRankWeights;
  readonly chiSquared: number;
  /** Groups that can be told apart, less one. */
  readonly degreesOfFreedom: number;
  readonly pValue: number;
  readonly groups: readonly {
    readonly group: string;
    readonly rows: number;
    /** Events that happened, and that would have if the groups were alike: Σ d·n_g/n. */
    readonly observed: number;
    readonly expected: number;
  }[];
  readonly warnings: readonly string[];
}

/**
 * Log-rank test that k groups leave at the same rate, and its weighted relatives: with U_g = Σ w(d_g − d·n_g/n) over the event
 * times (of every stratum) and the hypergeometric covariance V = Σ w² d(n − d)/(n − 1)·(n_g/n)(δ_gh − n_h/n), the statistic
 * UᵀV⁻U is chi-squared under the hypothesis. Groups at risk at no event time take no part.
 *
 * @throws one-class when there are not two groups at risk together, or no event; invalid-value for a time below 0;
 *   empty-input, all-null, unknown-column, invalid-option.
 * Source: Mantel (1966); Peto & Peto (1972); Tarone & Ware (1977); Klein & Moeschberger (2003), §7.3–7.5.
 * @example
 * logRank(
 *   { months: [1, 2, 3, 4], left: ['yes', 'yes', 'yes', 'yes'], plan: ['a', 'a', 'b', 'b'] },
 *   { duration: 'months', event: { column: 'left', churned: 'yes' }, group: 'plan' },
 * ).chiSquared; // 2.882352941176471 = (7/6)²/(17/36)
 */
export function logRank(data: Columns, options: LogRankOptions): LogRank {
  const {
    group,
    strata,
    weights = 'log-rank',
  } = knownOptions(options, 'logRank', 'group strata weights duration event entry');
  checkSurvivalColumns(options);
  names({ group, ...(strata === undefined ? {} : { strata }) });
  if (!Object.hasOwn(WEIGHTS, weights))
    fail('invalid-option', `invalid weights: ${String(weights)}; use ${Object.keys(WEIGHTS).join(', ')}`);
  if (group === strata) fail('invalid-option', `"${group}" cannot be both the group and the stratum`);
  const groups = readGroups(data, group);
  const layers = readGroups(data, strata);
  const own = readTimes(data, options, (i) => groups.codes[i]! >= 0 && layers.codes[i]! >= 0);
  const sets = riskSets(own, { codes: layers.codes, count: layers.levels.length });
  const k = groups.levels.length;
  const steps = sets.times.length;
  const n = atRisk(sets);
  const d = atEvents(sets, own.event);
  if (steps === 0) fail('one-class', `event "${options.event.column}" never happens: there is nothing to compare`);
  const w = WEIGHTS[weights](n, d, sets.starts);
  const shares = groups.levels.map(() => new Float64Array(steps));
  const rows = new Float64Array(k);
  const observed = new Float64Array(k);
  const expected = new Float64Array(k);
  const u = new Float64Array(k);
  for (let i = 0; i < own.exit.length; i++) {
    if (own.exit[i] !== own.exit[i]) continue;
    const [g, last] = [groups.codes[i]!, sets.last[i]!];
    rows[g]!++;
    addSpan(shares[g]!, last, sets.before[i]!, 1);
    if (own.event[i] === 0) continue;
    observed[g]!++;
    u[g] = u[g]! + w[last]!;
  }
  const covariance = new Float64Array(k * k);
  for (const share of shares) sumBackwards(share, sets.starts);
  for (let t = 0; t < steps; t++) {
    const tied = n[t]! > 1 ? (w[t]! ** 2 * d[t]! * (n[t]! - d[t]!)) / (n[t]! - 1) : 0;
    for (let g = 0; g < k; g++) {
      const share = shares[g]![t]! / n[t]!;
      expected[g] = expected[g]! + d[t]! * share;
      u[g] = u[g]! - w[t]! * d[t]! * share;
      for (let h = 0; h <= g; h++)
        covariance[g * k + h] = covariance[g * k + h]! + tied * share * ((g === h ? 1 : 0) - shares[h]![t]! / n[t]!);
    }
  }
  const { chiSquared, rank } = quadraticForm(covariance, u, k);
  if (rank === 0)
    fail('one-class', `group "${group}": no two groups are at risk together at an event time; ${k} level(s) found`);
  const warnings = [...own.warnings];
  const list = groups.levels.map((name, g) => ({
    group: name!,
    rows: rows[g]!,
    observed: observed[g]!,
    expected: expected[g]!,
  }));
  for (const { group: name, rows: count, observed: o, expected: e } of list)
    if (count === 0 || e === 0) warnings.push(`group "${name}" is at risk at no event time: it takes no part`);
    else if (o === 0) warnings.push(`group "${name}" has no event; ${e.toPrecision(3)} were expected`);
  return {
    weights,
    chiSquared,
    degreesOfFreedom: rank,
    pValue: chiSquaredTail(chiSquared, rank),
    groups: list,
    warnings,
  };
}

const WEIGHTS: {
  readonly [W in LogRankWeights]: (n: Float64Array, d: Float64Array, starts: Int32Array) => Float64Array;
} = {
  'log-rank': (n) => new Float64Array(n.length).fill(1),
  'gehan-breslow': (n) => n,
  'tarone-ware': (n) => n.map(Math.sqrt),
  peto: (n, d, starts) => {
    const out = new Float64Array(n.length);
    for (let s = 0; s + 1 < starts.length; s++) {
      let S = 1;
      for (let k = starts[s]!; k < starts[s + 1]!; k++) {
        S *= 1 - d[k]! / (n[k]! + 1);
        out[k] = S;
      }
    }
    return out;
  },
};

/** uᵀA⁻u and the rank of A, for positive semidefinite A given by its lower triangle and u in its range. */
function quadraticForm(
  a: Float64Array,
  u: Float64Array,
  size: number,
): { readonly chiSquared: number; readonly rank: number } {
  const out = new Uint8Array(size);
  const factor = a.slice();
  factorInOrder(factor, size, (_, diagonal) => RANK_TOLERANCE * diagonal, out, new Float64Array(size));
  const solved = u.map((x, j) => (out[j] === 1 ? 0 : x));
  choleskySolve(factor, size, solved);
  let chiSquared = 0;
  let rank = 0;
  for (let j = 0; j < size; j++)
    if (out[j] === 0) {
      chiSquared += u[j]! * solved[j]!;
      rank++;
    }
  return { chiSquared, rank };
}
