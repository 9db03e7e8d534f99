import { rowCount } from '../../columns/batch.ts';
import { readCategories, readNumbers } from '../../columns/whole.ts';
import { fail } from '../../errors.ts';
import type { PlainColumn } from '../../model/batch.ts';
import { knownOptions } from '../../model/options.ts';
import { pow } from '../../numerics/elementary.ts';
import {
  checkForecast,
  type ForecastOptions,
  type TrendForecast,
  type TrendMethod,
  trendForecast,
} from './trend-forecast.ts';

/** One row per period, in order of time, without gaps. */
export interface TrendColumns {
  readonly period: PlainColumn;
  /** Customers at the end of the period. */
  readonly active: PlainColumn;
  /** Customers who came and who left within it. */
  readonly new: PlainColumn;
  readonly lost: PlainColumn;
}

export interface TrendOptions extends Omit<ForecastOptions, 'method' | 'lowest'> {
  /** Default: drift for the active, exponential smoothing for the new and the lost customers. */
  readonly methods?: { readonly active?: TrendMethod; readonly new?: TrendMethod; readonly lost?: TrendMethod };
}

/** A period; what needs a cell that is null, or the period before the first, is null. */
export interface TrendRow {
  readonly period: string;
  readonly active: number | null;
  readonly new: number | null;
  readonly lost: number | null;
  /** new − lost. */
  readonly net: number | null;
  /** active / active before − 1. */
  readonly growthRate: number | null;
  /** lost / active before, and new / active before; null when there were none. */
  readonly churnRate: number | null;
  readonly acquisitionRate: number | null;
  /** active − (active before + net): 0 unless customers came or went in another way, such as those won back. */
  readonly unexplained: number | null;
}

export interface CustomerTrend {
  readonly periods: readonly TrendRow[];
  /** Constant growth rate that leads from the first to the last number of active customers. */
  readonly growthPerPeriod: number | null;
  readonly active: TrendForecast;
  readonly new: TrendForecast;
  readonly lost: TrendForecast;
}

/**
 * Active, new and lost customers period by period, with growth, churn and acquisition rates, and a forecast of each series
 * by a named method (S84; see {@link trendForecast}). The three are forecast each for itself and need not add up. Forecasts
 * and limits are kept at 0 or above. Fewer periods than `minimum`, or a null in a series, give no forecast of it.
 *
 * @throws wrong-length; empty-input; invalid-value for a count below 0, or a period that is null or given twice;
 *   invalid-option.
 * @example
 * const months = { period: ['1', '2', '3'], active: [100, 110, 121], new: [20, 25, 30], lost: [10, 15, 19] };
 * customerTrend(months).periods[1] // { …, net: 10, growthRate: 0.1, churnRate: 0.15, unexplained: 0 }
 * customerTrend(months).active.missing // 'too-short'
 */
export function customerTrend(columns: TrendColumns, options: TrendOptions = {}): CustomerTrend {
  const {
    methods = {},
    ahead = 3,
    level = 0.95,
    minimum = 6,
  } = knownOptions(options, 'customerTrend', 'methods level ahead minimum');
  const { active: stock = 'drift', new: gain = 'exponentialSmoothing', lost: loss = 'exponentialSmoothing' } = methods;
  for (const method of [stock, gain, loss]) checkForecast({ method, ahead, level, minimum });
  const { period, active, new: added, lost } = columns;
  const rows = rowCount({ period, active, new: added, lost });
  if (rows === 0) fail('empty-input', 'there are no periods');
  const names = periodNames(period);
  const counts = { active: countsOf(active, 'active'), new: countsOf(added, 'new'), lost: countsOf(lost, 'lost') };
  const periods = names.map((name, t): TrendRow => {
    const [now, came, left] = [counts.active[t]!, counts.new[t]!, counts.lost[t]!];
    const before = t > 0 ? counts.active[t - 1]! : Number.NaN;
    return {
      period: name,
      active: given(now),
      new: given(came),
      lost: given(left),
      net: given(came - left),
      growthRate: given((now - before) / before),
      churnRate: given(left / before),
      acquisitionRate: given(came / before),
      unexplained: given(now - before - came + left),
    };
  });
  const overall = rows > 1 ? pow(counts.active[rows - 1]! / counts.active[0]!, 1 / (rows - 1)) - 1 : Number.NaN;
  const forecast = (values: Float64Array, method: TrendMethod): TrendForecast =>
    trendForecast(values, { method, ahead, level, minimum, lowest: 0 });
  return {
    periods,
    growthPerPeriod: given(overall),
    active: forecast(counts.active, stock),
    new: forecast(counts.new, gain),
    lost: forecast(counts.lost, loss),
  };
}

/** A number, or null where there is none: a cell was null, or a rate has no base. */
const given = (value: number): number | null => (Number.isFinite(value) ? value : null);

function countsOf(column: PlainColumn, name: string): Float64Array {
  const values = readNumbers({ [name]: column }, name);
  values.forEach((value, t) => {
    if (value < 0) fail('invalid-value', `${name}, row ${t}: ${value} is below 0; use counts`);
  });
  return values;
}

function periodNames(period: PlainColumn): readonly string[] {
  const { codes, levels } = readCategories({ period }, 'period');
  const seen = new Set<number>();
  return Array.from(codes, (code, t) => {
    if (code < 0) fail('invalid-value', `period, row ${t}: it is null; name every period`);
    if (seen.has(code))
      fail('invalid-value', `period, row ${t}: "${levels[code]}" is given twice; use a row per period`);
    seen.add(code);
    return levels[code]!;
  });
}
