import { readNumbers } from '../../columns/whole.ts';
import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { knownOptions, names } from '../../model/options.ts';
import { exp, log } from '../../numerics/elementary.ts';
import { normalQuantile } from '../../numerics/normal.ts';
import { productLimit, type Steps } from './product-limit.ts';
import { atEvents, atRisk, riskSets } from './risk-sets.ts';
import { checkSurvivalColumns, readGroups, readTimes, type SurvivalColumns } from './survival-times.ts';

/**
 * The scale on which a normal interval is laid: ln(−ln S) (the default: stays within 0 … 1 and holds its level in small
 * samples), ln S, or S itself. Limits are cut off at 0 and 1.
 */
export type SurvivalInterval = 'log-log' | 'log' | 'plain';

export interface KaplanMeierOptions extends SurvivalColumns {
  /** Column of groups: a curve for each. */
  readonly group?: string;
  /** Column of frequency weights (≥ 0): a row of weight 3 counts as three rows. */
  readonly weight?: string;
  /** Default `'log-log'`. */
  readonly interval?: SurvivalInterval;
  /** Confidence of the intervals. Default 0.95. */
  readonly level?: number;
  /** The quantiles of time that are wanted, as shares of those who left. Default `[0.25, 0.5, 0.75]`. */
  readonly quantiles?: readonly number[];
  /** End of the restricted mean. Default: the latest time up to which every group was watched. */
  readonly restrictedTo?: number;
}

/** When a share of the customers has left; null: not within the time watched. */
export interface SurvivalQuantile {
  readonly probability: number;
  /** The smallest t with S(t) ≤ 1 − probability. */
  readonly time: number | null;
  /** Brookmeyer–Crowley: where the lower and the upper limit of S reach 1 − probability. */
  readonly lower: number | null;
  readonly upper: number | null;
}

export interface SurvivalCurve {
  /** Null when there are no groups. */
  readonly group: string | null;
  /** Customers and events, weighted. */
  readonly rows: number;
  readonly events: number;
  /** The latest time at which somebody was watched; S is unknown beyond, unless it is 0. */
  readonly until: number;
  /** One entry per distinct event time, ascending; S is 1 before the first, and constant between them. */
  readonly time: readonly number[];
  readonly atRisk: readonly number[];
  readonly eventsAt: readonly number[];
  /** Censored at that time or later, before the next event time. */
  readonly censored: readonly number[];
  readonly survival: readonly number[];
  /** Greenwood's √(S² Σ d/(n(n − d))); null once S is 0, like the limits. */
  readonly standardError: readonly (number | null)[];
  readonly lower: readonly (number | null)[];
  readonly upper: readonly (number | null)[];
  readonly quantiles: readonly SurvivalQuantile[];
  /** ∫₀^τ S(t) dt, the mean time within the first τ; null when S is not known up to there. */
  readonly restrictedMean: { readonly mean: number; readonly standardError: number } | null;
}

export interface KaplanMeier {
  readonly interval: SurvivalInterval;
  readonly level: number;
  /** τ of the restricted means. */
  readonly restrictedTo: number;
  readonly curves: readonly SurvivalCurve[];
  readonly warnings: readonly string[];
}

/**
 * Kaplan–Meier estimate of staying beyond t, S(t) = Π_{t_k ≤ t} (1 − d_k/n_k), with d_k events among n_k at risk at t_k.
 * With `entry` the n_k hold those who are watched by then, and S(t) is conditional on the first entry (left truncation).
 * Sorting is the cost: O(n log n).
 *
 * Restricted mean: ∫₀^τ S with variance Σ (∫_{t_k}^τ S)² d/(n(n − d)), taken over n > d.
 *
 * @throws invalid-value for times or weights below 0; empty-input, all-null, unknown-column, invalid-option.
 * Source: Kaplan & Meier (1958); Greenwood (1926); Brookmeyer & Crowley (1982); Klein & Moeschberger (2003), ch. 4.
 * @example
 * const { curves } = kaplanMeier(
 *   { months: [1, 2, 2, 3], left: ['yes', 'no', 'yes', 'no'] },
 *   { duration: 'months', event: { column: 'left', churned: 'yes' } },
 * );
 * curves[0].survival; // [0.75, 0.5]
 */
export function kaplanMeier(data: Columns, options: KaplanMeierOptions): KaplanMeier {
  const {
    group,
    weight,
    interval = 'log-log',
    level = 0.95,
    quantiles = [0.25, 0.5, 0.75],
    restrictedTo,
  } = knownOptions(options, 'kaplanMeier', 'group weight interval level quantiles restrictedTo duration event entry');
  checkSurvivalColumns(options);
  names({ ...(group === undefined ? {} : { group }), ...(weight === undefined ? {} : { weight }) });
  if (!Object.hasOwn(LIMITS, interval))
    fail('invalid-option', `invalid interval: ${String(interval)}; use "log-log", "log" or "plain"`);
  for (const share of [level, ...quantiles])
    if (!(share > 0 && share < 1)) fail('invalid-option', `invalid level or quantile: ${share}; use (0, 1)`);
  if (restrictedTo !== undefined && !(restrictedTo > 0 && restrictedTo < Number.POSITIVE_INFINITY))
    fail('invalid-option', `invalid restrictedTo: ${restrictedTo}; use a time above 0`);
  const groups = readGroups(data, group);
  const weights = weight === undefined ? undefined : readWeights(data, weight);
  const own = readTimes(data, options, (i) => groups.codes[i]! >= 0 && (weights === undefined || weights[i]! > 0));
  const sets = riskSets(own, { codes: groups.codes, count: groups.levels.length });
  const n = atRisk(sets, weights);
  const d = atEvents(sets, own.event, weights);
  const count = groups.levels.length;
  const [rows, until, entered] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const censored = new Float64Array(sets.times.length);
  for (let i = 0; i < own.exit.length; i++) {
    if (own.exit[i] !== own.exit[i]) continue;
    const [s, w] = [groups.codes[i]!, weights === undefined ? 1 : weights[i]!];
    rows[s] = rows[s]! + w;
    until[s] = Math.max(until[s]!, own.exit[i]!);
    entered[s] = Math.max(entered[s]!, own.entry[i]!);
    if (own.event[i] === 0 && sets.last[i]! >= 0) censored[sets.last[i]!] = censored[sets.last[i]!]! + w;
  }
  const known = [...until].filter((t) => t > 0);
  const tau = restrictedTo ?? Math.min(...known);
  const z = normalQuantile((1 + level) / 2);
  const warnings = [...own.warnings];
  const curves = groups.levels.flatMap((name, s): readonly SurvivalCurve[] => {
    if (rows[s] === 0) {
      warnings.push(`group "${name}" has no row at risk: it has no curve`);
      return [];
    }
    const [from, to] = [sets.starts[s]!, sets.starts[s + 1]!];
    const steps = productLimit(n.subarray(from, to), d.subarray(from, to));
    const time = sets.times.subarray(from, to);
    const label = name === null ? '' : ` in group "${name}"`;
    if (time.length === 0) warnings.push(`no event${label}: S is 1 throughout`);
    const zero = steps.survival.indexOf(0);
    if (zero >= 0 && entered[s]! >= time[zero]!)
      warnings.push(`S falls to 0 at ${time[zero]}${label} while customers enter later: start the clock later`);
    const spread = steps.survival.map((S, k) => (S > 0 ? Math.sqrt(steps.greenwood[k]!) : null));
    const lower = steps.survival.map((S, k) => limit(interval, S, spread[k]!, -z));
    const upper = steps.survival.map((S, k) => limit(interval, S, spread[k]!, z));
    const reach = (list: readonly (number | null)[], p: number): number | null => {
      // A product of floats may miss the share it stands for by some units in the last place.
      const k = list.findIndex((S) => S !== null && S <= (1 - p) * (1 + 1e-12));
      return k < 0 ? null : time[k]!;
    };
    return [
      {
        group: name,
        rows: rows[s]!,
        events: d.subarray(from, to).reduce((a, b) => a + b, 0),
        until: until[s]!,
        time: [...time],
        atRisk: [...n.subarray(from, to)],
        eventsAt: [...d.subarray(from, to)],
        censored: [...censored.subarray(from, to)],
        survival: steps.survival,
        standardError: steps.survival.map((S, k) => (spread[k] === null ? null : S * spread[k]!)),
        lower,
        upper,
        quantiles: quantiles.map((p) => ({
          probability: p,
          time: reach(steps.survival, p),
          lower: reach(lower, p),
          upper: reach(upper, p),
        })),
        restrictedMean: tau <= until[s]! || zero >= 0 ? restrictedMean(time, steps, tau) : null,
      },
    ];
  });
  return { interval, level, restrictedTo: tau, curves, warnings };
}

/** A limit z standard errors away; `spread` is the standard error of ln S. */
const LIMITS: { readonly [I in SurvivalInterval]: (S: number, spread: number, z: number) => number } = {
  'log-log': (S, spread, z) => (S === 1 ? 1 : exp(log(S) * exp((-z * spread) / -log(S)))),
  log: (S, spread, z) => S * exp(z * spread),
  plain: (S, spread, z) => S * (1 + z * spread),
};

function limit(interval: SurvivalInterval, S: number, spread: number | null, z: number): number | null {
  return spread === null ? null : Math.min(1, Math.max(0, LIMITS[interval](S, spread, z)));
}

function restrictedMean(
  time: Float64Array,
  { survival, greenwood }: Steps,
  tau: number,
): { readonly mean: number; readonly standardError: number } {
  let area = 0;
  let variance = 0;
  let until = tau;
  for (let k = time.length - 1; k >= 0; k--) {
    if (time[k]! >= tau) continue;
    area += survival[k]! * (until - time[k]!);
    until = time[k]!;
    variance += area * area * (greenwood[k]! - (k === 0 ? 0 : greenwood[k - 1]!));
  }
  return { mean: area + until, standardError: Math.sqrt(variance) };
}

function readWeights(data: Columns, column: string): Float64Array {
  const weights = readNumbers(data, column);
  for (let i = 0; i < weights.length; i++)
    if (weights[i]! < 0) fail('invalid-value', `weight "${column}", row ${i}: ${weights[i]}; weights are 0 or above`);
  return weights;
}
