import { readNumbers } from '../../columns/whole.ts';
import { fail } from '../../errors.ts';
import type { PlainColumn } from '../../model/batch.ts';
import { knownOptions } from '../../model/options.ts';
import { normalQuantile } from '../../numerics/normal.ts';
import { studentTQuantile } from '../../numerics/student-t.ts';
import { sum } from '../../numerics/sum.ts';
import { checkCount, checkLevel } from '../metrics.ts';
import { smooth } from './smooth.ts';

/**
 * - `'drift'`: a random walk that goes on as it went on average from the first period to the last; for stocks, such as the
 *   number of active customers.
 * - `'exponentialSmoothing'`: simple exponential smoothing, a level that wanders without a direction; for flows, such as
 *   the new and the lost customers of a period.
 */
export type TrendMethod = 'drift' | 'exponentialSmoothing';

export interface ForecastOptions {
  readonly method: TrendMethod;
  /** How many periods ahead. Default: 3. */
  readonly ahead?: number;
  /** Two-sided coverage of the intervals. Default: 0.95. */
  readonly level?: number;
  /** Fewer periods than this give no forecast. Default: 6, at least 4. */
  readonly minimum?: number;
  /** What the series cannot fall below, such as 0 for counts: forecasts and limits are kept there. Default: none. */
  readonly lowest?: number;
}

export interface ForecastPoint {
  /** 1 for the first period after the last one. */
  readonly ahead: number;
  readonly expected: number;
  readonly low: number;
  readonly high: number;
}

export interface TrendForecast {
  readonly method: TrendMethod;
  readonly observations: number;
  /** Empty when there is no forecast. */
  readonly points: readonly ForecastPoint[];
  /** Why there is no forecast; null when there is one. */
  readonly missing: 'too-short' | 'nulls' | null;
  /** Change per period; null for smoothing. */
  readonly drift: number | null;
  /** Weight of the newest period, in [0, 1]; null for drift. */
  readonly alpha: number | null;
  /** The level before the first period; null for drift. */
  readonly initialLevel: number | null;
  /** Standard deviation of the error one period ahead, degrees of freedom taken off. */
  readonly sigma: number | null;
}

/**
 * Forecast of a series of equally long periods by one of two plain methods, with prediction intervals in closed form
 * (S84). T periods y₁ … y_T, h periods ahead:
 * - drift: b = (y_T − y₁)/(T − 1), forecast y_T + h·b, error variance σ²·h·(1 + h/(T − 1)), σ² = Σ (yₜ − yₜ₋₁ − b)²/(T − 2);
 *   limits by Student's t with T − 2 degrees of freedom, exact for independent normal changes;
 * - exponential smoothing: ℓₜ = ℓₜ₋₁ + α·(yₜ − ℓₜ₋₁), forecast ℓ_T, with the α in [0, 1] and the ℓ₀ of least squared
 *   errors; error variance σ²·(1 + (h − 1)·α²), σ² = Σ e²/(T − 2); limits by the normal distribution, which leaves out that
 *   α is estimated.
 * Neither knows of seasons. A null anywhere, or too few periods, gives no forecast: `missing` says which.
 *
 * Source: Hyndman & Athanasopoulos (2021), Forecasting: Principles and Practice, §5.2, §5.5, §8.1, §8.7; the models behind:
 * Hyndman, Koehler, Ord & Snyder (2008), table 6.2 (ETS(A,N,N)).
 * @param values in order of time.
 * @throws invalid-option; wrong-type for text.
 * @example
 * trendForecast([10, 12, 11, 14, 15, 16], { method: 'drift', ahead: 1 }).points[0]
 * // { ahead: 1, expected: 17.2, low: 12.68881066740192, high: 21.711189332598078 }
 */
export function trendForecast(values: PlainColumn, options: ForecastOptions): TrendForecast {
  const {
    method,
    ahead = 3,
    level = 0.95,
    minimum = 6,
    lowest,
  } = knownOptions(options, 'trendForecast', 'method ahead level minimum lowest');
  checkForecast({ method, ahead, level, minimum });
  if (lowest !== undefined && !Number.isFinite(lowest))
    fail('invalid-option', `invalid lowest: ${lowest}; use a finite number, or leave it out`);
  const y = readNumbers({ values }, 'values');
  const n = y.length;
  const missing = n < minimum ? 'too-short' : y.some((value) => value !== value) ? 'nulls' : null;
  const empty = { drift: null, alpha: null, initialLevel: null, sigma: null };
  if (missing !== null) return { method, observations: n, points: [], missing, ...empty };
  const tail = (1 + level) / 2;
  const found = method === 'drift' ? drift(y, tail) : smoothing(y, tail);
  const floor = (value: number): number => (lowest === undefined ? value : Math.max(value, lowest));
  const points = Array.from({ length: ahead }, (_, k): ForecastPoint => {
    const [expected, half] = found.at(k + 1);
    return { ahead: k + 1, expected: floor(expected), low: floor(expected - half), high: floor(expected + half) };
  });
  return { method, observations: n, points, missing, ...empty, ...found.parameters };
}

/** Stops unless these options are usable. */
export function checkForecast({ method, ahead, level, minimum }: Required<Omit<ForecastOptions, 'lowest'>>): void {
  if (method !== 'drift' && method !== 'exponentialSmoothing')
    fail('invalid-option', `invalid method: ${String(method)}; use "drift" or "exponentialSmoothing"`);
  checkCount(ahead, 'ahead');
  checkLevel(level);
  if (!(Number.isSafeInteger(minimum) && minimum >= 4))
    fail('invalid-option', `invalid minimum: ${minimum}; use a whole number of at least 4`);
}

interface Found {
  readonly parameters: Partial<Pick<TrendForecast, 'drift' | 'alpha' | 'initialLevel' | 'sigma'>>;
  /** Forecast and half the width of its interval. */
  at(ahead: number): readonly [expected: number, half: number];
}

function drift(y: Float64Array, tail: number): Found {
  const steps = y.length - 1;
  const last = y[steps]!;
  const b = (last - y[0]!) / steps;
  const changes = Array.from({ length: steps }, (_, t) => y[t + 1]! - y[t]!);
  const sigma = Math.sqrt(sum(changes.map((change) => (change - b) ** 2)) / (steps - 1));
  const t = studentTQuantile(tail, steps - 1);
  return {
    parameters: { drift: b, sigma },
    at: (h) => [last + h * b, t * sigma * Math.sqrt(h * (1 + h / steps))],
  };
}

function smoothing(y: Float64Array, tail: number): Found {
  const { alpha, initialLevel, finalLevel, squares } = smooth(y);
  const sigma = Math.sqrt(squares / (y.length - 2));
  const z = normalQuantile(tail);
  return {
    parameters: { alpha, initialLevel, sigma },
    at: (h) => [finalLevel, z * sigma * Math.sqrt(1 + (h - 1) * alpha * alpha)],
  };
}
