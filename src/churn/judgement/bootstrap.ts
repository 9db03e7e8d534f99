import { ClienteleError, fail } from '../../errors.ts';
import { knownOptions } from '../../model/options.ts';
import { quantile } from '../../numerics/quantile.ts';
import { seededRandom } from '../../numerics/random.ts';
import { mean, sum } from '../../numerics/sum.ts';
import { checkCount, checkLevel } from '../metrics.ts';

export interface BootstrapOptions {
  /** Seed of the resampling: a whole number. */
  readonly seed: number;
  /** How many resamples. Default: 1000. */
  readonly resamples?: number;
  /** Two-sided coverage. Default: 0.95. */
  readonly level?: number;
  /**
   * Rows are drawn within the groups of equal values here, in their number: give the outcome column to hold both classes
   * at their size. Default: one group.
   */
  readonly strata?: ArrayLike<number>;
}

export interface BootstrapInterval {
  /** The metric on the rows themselves; null when it has no value there. */
  readonly estimate: number | null;
  /** Percentiles of the resampled values; null when no resample had a value. */
  readonly low: number | null;
  readonly high: number | null;
  /** Standard deviation of the resampled values; null with fewer than two. */
  readonly standardError: number | null;
  readonly level: number;
  /** Resamples drawn. */
  readonly resamples: number;
  /** Resamples without a value (null, not finite, or of one class): the percentiles do not know of them. */
  readonly withoutValue: number;
}

/**
 * Percentile bootstrap of any metric of equally long columns: whole rows are drawn with replacement, so a difference of two
 * classifiers on the same rows is paired.
 *
 * Source: Efron (1979), Annals of Statistics 7, 1–26; quantiles of type 7.
 * @param metric gets the resampled columns, in the order of `columns`.
 * @throws wrong-length; empty-input; invalid-option; and what `metric` throws, but for `one-class` in a resample.
 * @example bootstrapInterval(rocAuc, [[0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9]], { seed: 1 }).low // 1
 * @example bootstrapInterval((y, a, b) => rocAuc(y, a) - rocAuc(y, b), [actual, mine, theirs], { seed: 1 })
 */
export function bootstrapInterval<const C extends readonly ArrayLike<number>[]>(
  metric: (...columns: { -readonly [K in keyof C]: Float64Array }) => number | null,
  columns: C,
  options: BootstrapOptions,
): BootstrapInterval {
  const {
    seed,
    resamples = 1000,
    level = 0.95,
    strata,
  } = knownOptions(options, 'bootstrapInterval', 'seed resamples level strata');
  checkLevel(level);
  checkCount(resamples, 'resamples');
  const rows = columns[0]?.length ?? 0;
  if (rows === 0) fail('empty-input', 'no rows to draw from');
  for (const column of strata ? [...columns, strata] : columns)
    if (column.length !== rows) fail('wrong-length', `columns of ${rows} and ${column.length} rows`);
  const random = seededRandom(seed);
  const cells = columns.map((column) => Float64Array.from(column));
  const value = (drawn: readonly Float64Array[]): number => {
    try {
      return metric(...(drawn as { -readonly [K in keyof C]: Float64Array })) ?? Number.NaN;
    } catch (error) {
      if (error instanceof ClienteleError && error.code === 'one-class') return Number.NaN;
      throw error;
    }
  };
  const groups = groupsOf(strata, rows);
  const drawn = cells.map(() => new Float64Array(rows));
  const values = new Float64Array(resamples);
  for (let round = 0; round < resamples; round++) {
    let at = 0;
    for (const group of groups)
      for (let i = 0; i < group.length; i++, at++) {
        const row = group[random.below(group.length)]!;
        for (let c = 0; c < cells.length; c++) drawn[c]![at] = cells[c]![row]!;
      }
    values[round] = value(drawn);
  }
  const found = values.filter((x) => Number.isFinite(x)).sort();
  const centre = mean(found);
  const estimate = value(cells);
  return {
    estimate: Number.isFinite(estimate) ? estimate : null,
    low: found.length > 0 ? quantile(found, (1 - level) / 2) : null,
    high: found.length > 0 ? quantile(found, (1 + level) / 2) : null,
    standardError: found.length > 1 ? Math.sqrt(sum(found.map((x) => (x - centre) ** 2)) / (found.length - 1)) : null,
    level,
    resamples,
    withoutValue: resamples - found.length,
  };
}

/** Rows by stratum; NaN is a stratum of its own. */
function groupsOf(strata: ArrayLike<number> | undefined, rows: number): readonly (readonly number[])[] {
  const groups = new Map<number, number[]>();
  for (let row = 0; row < rows; row++) {
    const stratum = strata ? strata[row]! : 0;
    const group = groups.get(stratum);
    if (group) group.push(row);
    else groups.set(stratum, [row]);
  }
  return [...groups.values()];
}
