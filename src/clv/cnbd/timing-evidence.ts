import { readNumbers } from '../../columns/index.ts';
import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { log } from '../../numerics/elementary.ts';
import { lgamma } from '../../numerics/special.ts';
import { sum } from '../../numerics/sum.ts';
import { timing } from '../bg-nbd/likelihood.ts';
import { isHistory } from '../family/history.ts';

/** Where the histories, their covariates and what else counts stand in the data. */
export interface TimingColumns {
  /** Frequency, recency, T, then covariates. */
  readonly inputs: readonly string[];
  readonly weight: string | null;
  /** Column of Σ ln(time between two purchases). */
  readonly logIntervals: string | null;
}

/** What the data say of k beyond the (x, t_x, T) that a fit is of. */
export interface TimingEvidence {
  /** The first row with all its repeat purchases at time 0, which cannot be where k > 1; −1: there is none. */
  readonly instant: number;
  /**
   * ln of the density of all purchase times over that of the last one, summed: Σ (k−1)·ln Π intervals − x lnΓ(k) − ln c,
   * for the rows with a log interval; 0 without such a column.
   */
  gain(k: number): number;
}

/** Reads it; nothing in it depends on the parameters. */
export function timingEvidence(data: Columns, { inputs, weight, logIntervals }: TimingColumns): TimingEvidence {
  const columns = [...inputs, ...(weight === null ? [] : [weight])].map((name) => readNumbers(data, name));
  const [x, recency, T] = columns as [Float64Array, Float64Array, Float64Array];
  const weights = weight === null ? null : columns[columns.length - 1]!;
  const takesPart = (i: number): boolean =>
    x[i]! > 0 &&
    isHistory(x[i]!, recency[i]!, T[i]!) &&
    columns.every((column) => Number.isFinite(column[i]!)) &&
    (weights === null || weights[i]! > 0);
  const rows = Array.from(x.keys()).filter(takesPart);
  const instant = rows.find((i) => recency[i] === 0) ?? -1;
  if (logIntervals === null) return { instant, gain: () => 0 };
  const logs = readNumbers(data, logIntervals);
  const told = rows.filter((i) => logs[i] === logs[i]);
  for (const i of told) {
    // The product of intervals that add up to t_x is largest when they are equal.
    const most = x[i]! * log(recency[i]! / x[i]!);
    if (logs[i]! > most + 1e-9 * (1 + Math.abs(most)))
      fail(
        'invalid-value',
        `row ${i}: ${logIntervals} ${logs[i]} is above ${most}, that of ${x[i]} equal intervals: it is Σ ln of the times between purchases, in the unit of the model`,
      );
  }
  return {
    instant,
    gain: (k) =>
      sum(
        told.map(
          (i) =>
            (weights === null ? 1 : weights[i]!) *
            ((k - 1) * logs[i]! - x[i]! * lgamma(k) - timing(k, x[i]!, recency[i]!)),
        ),
      ),
  };
}
