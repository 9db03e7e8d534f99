import { formatDay, parseDay } from '../../columns/index.ts';
import { fail } from '../../errors.ts';
import { knownOptions } from '../../model/options.ts';
import { checkWindow, splitAt } from '../../validation/temporal.ts';
import type { Panel } from './panel.ts';

/** Rows of a panel by as-of date: what was known on the test date trains, the rows of that date are judged. */
export interface TemporalSplit {
  /** As-of date of the test rows. */
  readonly test: string;
  /** As-of dates of the training rows, ascending. */
  readonly train: readonly string[];
  readonly trainRows: Int32Array;
  readonly testRows: Int32Array;
  /** Earlier dates left out: their labels were not known yet on the test date. */
  readonly overlapping: readonly string[];
}

export interface BacktestOptions {
  /** Dates to train on at least. Default 1. */
  readonly atLeast?: number;
  /** Train on so many of the newest dates only. Default: on all, a window that grows. */
  readonly atMost?: number;
}

type Dated = Pick<Panel, 'asOf' | 'lookAhead' | 'horizon'> & { readonly columns: { readonly asOf: Float64Array } };

/**
 * Splits a panel by time: the rows of one as-of date test, and those of earlier dates train whose labels were known by
 * then, asOf + lookAhead ≤ test date. A customer may stand on both sides, on other dates, as when a model is in use.
 *
 * @param options.test as-of date of the test rows. Default: the last one
 * @throws ClienteleError `invalid-option` when the panel has no label, no such date, or no date to train on
 * @example
 * const { trainRows, testRows } = temporalSplit(panel);
 * const model = logisticRegression({ label, features: panel.features })
 *   .fit(takeRows(panel.columns, trainRows, Object.keys(panel.columns)));
 */
export function temporalSplit(panel: Dated, options: { readonly test?: string } = {}): TemporalSplit {
  const { test = panel.asOf.at(-1)! } = knownOptions(options, 'temporalSplit', 'test');
  const split = splitOf(panel, test);
  if (split.train.length === 0) {
    const why = `labels are known ${panel.lookAhead} days after their date`;
    fail('invalid-option', `no as-of date to train on for a test as of ${test}: ${why}; add an earlier date`);
  }
  return split;
}

/**
 * One {@link temporalSplit} after another: every as-of date tests once that has enough dates to train on before it,
 * oldest first. Rolling-origin evaluation (Tashman 2000, International Journal of Forecasting 16, 437–450).
 *
 * @throws ClienteleError `invalid-option` when the panel has no label, or no date has enough before it
 * @example
 * for (const { trainRows, testRows } of rollingBacktest(panel, { atMost: 6 })) {}
 */
export function rollingBacktest(panel: Dated, options: BacktestOptions = {}): readonly TemporalSplit[] {
  const { atLeast = 1, atMost = Number.POSITIVE_INFINITY } = knownOptions(options, 'rollingBacktest', 'atLeast atMost');
  checkWindow(atLeast, atMost);
  const splits = panel.asOf.map((date) => splitOf(panel, date, atMost)).filter(({ train }) => train.length >= atLeast);
  if (splits.length === 0)
    fail(
      'invalid-option',
      `no as-of date of ${panel.asOf.join(', ')} has ${atLeast} to train on before it, their labels known ${panel.lookAhead} days later: add dates`,
    );
  return splits;
}

function splitOf({ asOf, columns, horizon, lookAhead }: Dated, test: string, atMost?: number): TemporalSplit {
  if (horizon === null) fail('invalid-option', 'the panel has no label: name its rule when observing');
  if (!asOf.includes(test)) fail('invalid-option', `no as-of date ${test}: the panel has ${asOf.join(', ')}`);
  const known = (day: number): number => day + lookAhead;
  const split = splitAt(asOf.map(parseDay), columns.asOf, parseDay(test), known, atMost);
  const { train, overlapping, trainRows, testRows } = split;
  return { test, train: train.map(formatDay), trainRows, testRows, overlapping: overlapping.map(formatDay) };
}
