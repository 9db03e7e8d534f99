import { columnNames, rowCount, takeRows } from '../../columns/index.ts';
import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import type { Estimator, ModelBase } from '../../model/contract.ts';
import { knownOptions } from '../../model/options.ts';
import { quantiles } from '../../numerics/quantile.ts';
import { seededRandom } from '../../numerics/random.ts';
import { sum } from '../../numerics/sum.ts';
import type { Interval } from './estimates.ts';

/** Options of {@link bootstrap}. */
export interface BootstrapOptions {
  readonly draws: number;
  readonly seed: number;
  /**
   * Makes the data of a draw from its seed, for a parametric bootstrap: `(seed) => bgNbd.simulate(model, customers, { seed })`.
   * Default: rows drawn with replacement.
   */
  readonly simulate?: (seed: number) => Columns;
  /** Looked at between draws. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, draws: number) => void;
}

/**
 * Refits an estimator to bootstrap samples, one per step: the caller may show progress, wait, or stop between draws.
 * @throws ClienteleError `aborted` when the signal is; `invalid-option`
 * @example
 * const draws = bootstrap(bgNbd({ unit: 'week' }), customers, { draws: 200, seed: 1 });
 * drawIntervals(draws, (m) => [m.r, bgNbd.expectedTransactions(m, { periods: 52 })]);
 */
export function* bootstrap<M extends ModelBase>(
  estimator: Estimator<M>,
  data: Columns,
  options: BootstrapOptions,
): Generator<M, void> {
  const { draws, seed, simulate, signal, onProgress } = knownOptions(
    options,
    'bootstrap',
    'draws seed simulate signal onProgress',
  );
  if (!(Number.isSafeInteger(draws) && draws > 0))
    fail('invalid-option', `invalid draws: ${draws}; use a whole number above 0`);
  const rows = rowCount(data);
  const names = columnNames(data);
  const seeds = seededRandom(seed);
  for (let draw = 0; draw < draws; draw++) {
    if (signal?.aborted) fail('aborted', `the bootstrap was stopped after ${draw} of ${draws} draws`);
    const own = seeds.below(2 ** 31);
    yield estimator.fit(simulate ? simulate(own) : takeRows(data, resampled(rows, own), names));
    onProgress?.(draw + 1, draws);
  }
}

function resampled(rows: number, seed: number): Int32Array {
  const random = seededRandom(seed);
  return Int32Array.from({ length: rows }, () => random.below(rows)).sort();
}

/**
 * Percentile intervals of figures over drawn models (`bootstrap`, `laplaceDraws`): estimate is the mean of the draws,
 * standardError their standard deviation, the bounds their quantiles.
 * @param statistic the figures of one model, always as many; a draw with a NaN among them is an error
 */
export function drawIntervals<M>(
  models: Iterable<M>,
  statistic: (model: M) => ArrayLike<number>,
  options: { readonly level?: number } = {},
): readonly Interval[] {
  const { level = 0.95 } = knownOptions(options, 'drawIntervals', 'level');
  if (!(level > 0 && level < 1)) fail('invalid-option', `invalid level: ${level}; use a number between 0 and 1`);
  const figures: number[][] = [];
  let draw = 0;
  for (const model of models) {
    const values = statistic(model);
    if (draw > 0 && values.length !== figures.length)
      fail('invalid-value', `draw ${draw}: ${values.length} figures, the draws before had ${figures.length}`);
    for (let k = 0; k < values.length; k++) {
      if (!Number.isFinite(values[k]!)) fail('invalid-value', `draw ${draw}: figure ${k} is ${values[k]}`);
      figures[k] ??= [];
      figures[k]!.push(values[k]!);
    }
    draw++;
  }
  if (draw < 2) fail('empty-input', `${draw} draws; an interval needs two or more`);
  return figures.map((values) => {
    const mean = sum(values) / draw;
    const square = sum(values.map((value) => (value - mean) * (value - mean)));
    const [low, high] = quantiles(Float64Array.from(values), [(1 - level) / 2, (1 + level) / 2]);
    return { estimate: mean, standardError: Math.sqrt(square / (draw - 1)), low: low!, high: high! };
  });
}
