import { fail } from '../errors.ts';
import { seededRandom, shuffled } from '../numerics/random.ts';

export interface TrainingRowOptions {
  /**
   * With more rows than this, a seeded sample of this size is trained on, with the share of both classes as in all rows;
   * a warning tells. Default 2000: the time of ml-cart grows with the square of the rows.
   */
  readonly maxRows?: number;
  /** Default 1. */
  readonly seed?: number;
}

/** Stops unless the options can be used; fills in their defaults. */
export function checkTrainingRows({ maxRows = 2000, seed = 1 }: TrainingRowOptions): Required<TrainingRowOptions> {
  if (!(Number.isSafeInteger(maxRows) && maxRows >= 2))
    fail('invalid-option', `invalid maxRows: ${maxRows}; use a whole number of at least 2`);
  if (!Number.isSafeInteger(seed)) fail('invalid-option', `invalid seed: ${seed}; use a whole number`);
  return { maxRows, seed };
}

/** The rows to train on, in their order, and what to warn of. Stops unless both classes are among them. */
export function trainingRows(
  y: Float64Array,
  usable: { readonly rows: Int32Array; readonly warnings: readonly string[] },
  label: string,
  { maxRows, seed }: Required<TrainingRowOptions>,
): { readonly rows: Int32Array; readonly warnings: readonly string[] } {
  const { rows } = usable;
  const events = rows.filter((row) => y[row] === 1);
  const others = rows.filter((row) => y[row] === 0);
  if (events.length === 0 || others.length === 0)
    fail(
      'one-class',
      `label "${label}": all ${rows.length} rows of the fit say ${events.length === 0 ? 'no' : 'yes'}; rows with a null in a feature that has no rule take no part`,
    );
  const unknown = y.reduce((count, v) => count + (v === v ? 0 : 1), 0);
  const warnings = [
    ...(unknown > 0 ? [`${unknown} rows without a label are left out of the fit`] : []),
    ...usable.warnings,
  ];
  if (rows.length <= maxRows) return { rows, warnings };
  const share = Math.round((maxRows * events.length) / rows.length);
  const taken = Math.min(Math.max(share, 1), maxRows - 1);
  const random = seededRandom(seed);
  const draw = (of: Int32Array, count: number): Int32Array =>
    shuffled(of.length, random)
      .subarray(0, count)
      .map((k) => of[k]!);
  const sample = new Int32Array(maxRows);
  sample.set(draw(events, taken));
  sample.set(draw(others, maxRows - taken), taken);
  return {
    rows: sample.sort(),
    warnings: [
      ...warnings,
      `trained on a sample of ${maxRows} of ${rows.length} rows, since the peer is slow: raise maxRows for more`,
    ],
  };
}
