import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { knownOptions } from '../../model/options.ts';
import { seededRandom, shuffled } from '../../numerics/random.ts';
import { twoClasses } from '../../regression/outcome.ts';

export interface StratifiedSampleOptions {
  readonly label: { readonly column: string; readonly churned: string | number };
  /** Seed of the draw: a whole number. */
  readonly seed: number;
  /** Share of leavers wanted, between 0 and 1. Default: 0.5, a balanced sample. */
  readonly churnedShare?: number;
  /** Rows wanted. Default: as many as there are at that share. */
  readonly rows?: number;
}

export interface StratifiedSample {
  /** Row numbers, ascending. */
  readonly rows: Int32Array;
  /** Share of leavers in the data and in the sample: the options of `priorCorrection`. */
  readonly populationRate: number;
  readonly sampleRate: number;
  /** Rows without a label: never drawn. */
  readonly leftOut: number;
}

/**
 * Draws rows of both classes in a given ratio, without replacement (S77). Correct what a classifier learns from them by
 * `priorCorrection`, which takes both rates.
 * @throws one-class; unknown-column; invalid-option; empty-input when the classes do not hold the rows that are asked for.
 * @example
 * stratifiedSample({ left: ['y', 'n', 'n', 'n'] }, { label: { column: 'left', churned: 'y' }, seed: 1 }).rows.length // 2
 */
export function stratifiedSample(data: Columns, options: StratifiedSampleOptions): StratifiedSample {
  const {
    label,
    seed,
    churnedShare = 0.5,
    rows,
  } = knownOptions(options, 'stratifiedSample', 'label seed churnedShare rows');
  if (!(churnedShare > 0 && churnedShare < 1))
    fail('invalid-option', `invalid churnedShare: ${churnedShare}; use a number between 0 and 1`);
  if (rows !== undefined && !(Number.isSafeInteger(rows) && rows >= 2))
    fail('invalid-option', `invalid rows: ${rows}; use a whole number of at least 2`);
  const y = twoClasses(data, label.column, label.churned);
  const random = seededRandom(seed);
  const [stayed, left] = [0, 1].map((side) => {
    const own: number[] = [];
    y.forEach((outcome, row) => {
      if (outcome === side) own.push(row);
    });
    return own;
  }) as [number[], number[]];
  const known = stayed.length + left.length;
  // The largest total that both classes can fill at this share.
  const most = Math.min(left.length / churnedShare, stayed.length / (1 - churnedShare));
  const wanted = rows ?? most;
  const leavers = Math.max(1, Math.round(wanted * churnedShare));
  const stayers = Math.max(1, Math.round(wanted * (1 - churnedShare)));
  if (leavers > left.length || stayers > stayed.length)
    fail(
      'empty-input',
      `${leavers} leavers and ${stayers} stayers are wanted, but there are ${left.length} and ${stayed.length}: lower rows`,
    );
  const draw = (from: readonly number[], count: number): number[] =>
    Array.from(shuffled(from.length, random).subarray(0, count), (place) => from[place]!);
  const drawn = Int32Array.from([...draw(left, leavers), ...draw(stayed, stayers)]).sort();
  return {
    rows: drawn,
    populationRate: left.length / known,
    sampleRate: leavers / drawn.length,
    leftOut: y.length - known,
  };
}
