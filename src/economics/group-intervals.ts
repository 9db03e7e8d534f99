import { readCategories } from '../columns/index.ts';
import { fail } from '../errors.ts';
import type { CategoryColumn, PlainColumn } from '../model/batch.ts';
import { knownOptions } from '../model/options.ts';
import { quantile } from '../numerics/quantile.ts';
import { seededRandom } from '../numerics/random.ts';
import { mean, sum } from '../numerics/sum.ts';
import { countsOf, numbersOf, partsOf, ratio } from './group-by.ts';

export interface IntervalOptions {
  /** Seed of the resampling: a whole number. */
  readonly seed: number;
  /** How many resamples. Default: 1000. */
  readonly resamples?: number;
  /** Two-sided coverage. Default: 0.95. */
  readonly level?: number;
}

/** A figure with its bootstrap interval; null where it has no value, and for a group without customers. */
export interface FigureInterval {
  readonly estimate: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly standardError: number | null;
}

export interface MeasureInterval {
  readonly total: FigureInterval;
  /** Over the values that are not null. */
  readonly mean: FigureInterval;
  /** Of the total over all groups. */
  readonly share: FigureInterval;
}

export interface GroupIntervalRow<N extends string = string> {
  /** null: the rows without a group, listed when there are any. */
  readonly group: string | null;
  readonly count: number;
  readonly share: FigureInterval;
  readonly measures: { readonly [M in N]: MeasureInterval };
}

export interface GroupIntervals<N extends string = string> {
  readonly rows: number;
  readonly level: number;
  readonly resamples: number;
  readonly groups: readonly GroupIntervalRow<N>[];
  /** Over all groups. */
  readonly all: { readonly [M in N]: Omit<MeasureInterval, 'share'> };
}

/**
 * Percentile bootstrap of a portrait: customers are drawn with replacement, and the shares of the groups and the totals,
 * means and shares of the measures are formed anew. Value at risk is a measure: p·value.
 *
 * It covers what another base of as many customers from where these came from would show. The scores are taken as they are: what the
 * models do not know of their parameters, cuts that would have come out elsewhere, and who leaves in the end are not in it.
 * A group without customers has no interval, as a resample cannot show what was never seen.
 *
 * Rows × resamples draws; the columns are not copied.
 *
 * Source: Efron (1979), Annals of Statistics 7, 1–26; quantiles of type 7.
 * @throws ClienteleError `wrong-length`; `invalid-option`.
 * @example groupIntervals(['a', 'a', 'b', 'b'], {}, { seed: 1 }).groups[0].share.estimate // 0.5
 */
export function groupIntervals<const N extends string>(
  groups: PlainColumn,
  measures: { readonly [M in N]: PlainColumn },
  options: IntervalOptions,
): GroupIntervals<N> {
  const { seed, resamples = 1000, level = 0.95 } = knownOptions(options, 'groupIntervals', 'seed resamples level');
  if (!(Number.isSafeInteger(resamples) && resamples >= 1))
    fail('invalid-option', `invalid resamples: ${resamples}; use a whole number of at least 1`);
  if (!(level > 0 && level < 1)) fail('invalid-option', `invalid level: ${level}; use a number between 0 and 1`);
  const column = readCategories({ groups }, 'groups');
  const rows = column.codes.length;
  const names = Object.keys(measures) as N[];
  const values = names.map((name) => numbersOf(measures[name], name, rows));
  const { slots, width, own, draws } = resampled(column, values, seed, resamples);
  const all = column.levels.length + 1;

  const figure = (of: (cells: Float64Array) => number | null): FigureInterval => {
    const estimate = of(own);
    return estimate === null
      ? NONE
      : spread(
          estimate,
          Float64Array.from(draws, (cells) => of(cells) ?? Number.NaN),
          level,
        );
  };
  const measure = (m: number, part: number): MeasureInterval => {
    const total = part * width + slots[m]!.total;
    const known = part * width + slots[m]!.known;
    const whole = all * width + slots[m]!.total;
    const seen = own[known]! > 0;
    return {
      total: figure((cells) => (seen ? cells[total]! : null)),
      mean: figure((cells) => ratio(cells[total]!, cells[known]!)),
      share: figure((cells) => (seen ? ratio(cells[total]!, cells[whole]!) : null)),
    };
  };
  return {
    rows,
    level,
    resamples,
    groups: countsOf(column).flatMap((count, g): GroupIntervalRow<N>[] => {
      const group = column.levels[g] ?? null;
      if (group === null && count === 0) return [];
      return [
        {
          group,
          count,
          share: figure((cells) => (count > 0 ? cells[g * width]! / rows : null)),
          measures: byName(names, (m) => measure(m, g)),
        },
      ];
    }),
    all: byName(names, (m) => {
      const { total, mean: average } = measure(m, all);
      return { total, mean: average };
    }),
  };
}

function byName<N extends string, T>(names: readonly N[], of: (m: number) => T): { readonly [M in N]: T } {
  return Object.fromEntries(names.map((name, m) => [name, of(m)])) as { readonly [M in N]: T };
}

const NONE: FigureInterval = { estimate: null, low: null, high: null, standardError: null };

function spread(estimate: number, cells: Float64Array, level: number): FigureInterval {
  const known = cells.filter((x) => x === x).sort();
  const centre = mean(known);
  return {
    estimate,
    low: known.length > 0 ? quantile(known, (1 - level) / 2) : null,
    high: known.length > 0 ? quantile(known, (1 + level) / 2) : null,
    standardError: known.length > 1 ? Math.sqrt(sum(known.map((x) => (x - centre) ** 2)) / (known.length - 1)) : null,
  };
}

/** Sums per part – each level, no level, all – with `width` slots: rows, then totals and numbers of non-null values. */
interface Resampled {
  /** Where a measure has its total and its number of values within a part. */
  readonly slots: readonly { readonly total: number; readonly known: number }[];
  readonly width: number;
  /** Of the rows themselves. */
  readonly own: Float64Array;
  readonly draws: readonly Float64Array[];
}

function resampled(
  { codes, levels }: CategoryColumn,
  values: readonly Float64Array[],
  seed: number,
  resamples: number,
): Resampled {
  const rows = codes.length;
  const lanes: Float64Array[] = [];
  const slots = values.map((column) => {
    const total = lanes.push(column.map((x) => (x === x ? x : 0)));
    // Where nothing is null the rows are the values.
    const known = column.some((x) => x !== x) ? lanes.push(column.map((x) => (x === x ? 1 : 0))) : 0;
    return { total, known };
  });
  const width = lanes.length + 1;
  const parts = levels.length + 2;
  const place = codes.map((code) => (code < 0 ? levels.length : code) * width);

  const own = new Float64Array(parts * width);
  const counts = countsOf({ codes, levels });
  [...counts, rows].forEach((count, part) => {
    own[part * width] = count;
  });
  lanes.forEach((lane, l) => {
    [...partsOf(lane, { codes, levels }), lane].forEach((cells, part) => {
      own[part * width + l + 1] = sum(cells);
    });
  });
  // The cells of a row lie side by side, so that a row drawn is one look into memory.
  const cells = new Float64Array(rows * lanes.length);
  lanes.forEach((lane, l) => {
    for (let row = 0; row < rows; row++) cells[row * lanes.length + l] = lane[row]!;
  });
  const random = seededRandom(seed);
  const draws = Array.from({ length: resamples }, () => {
    const sums = new Float64Array(parts * width);
    for (let i = 0; i < rows; i++) {
      const row = random.below(rows);
      const at = place[row]!;
      sums[at]!++;
      for (let l = 0, from = row * lanes.length; l < lanes.length; l++) sums[at + l + 1]! += cells[from + l]!;
    }
    const whole = (parts - 1) * width;
    for (let at = 0; at < whole; at++) sums[whole + (at % width)]! += sums[at]!;
    return sums;
  });
  return { slots, width, own, draws };
}
