import { readNumbers } from '../../columns/whole.ts';
import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import type { Estimator, FitReport, FitStatus, ModelBase, Target } from '../../model/contract.ts';
import type { Field, Span } from '../../model/field.ts';
import { names } from '../../model/options.ts';
import { outcome, twoClasses } from '../../regression/outcome.ts';
import { describeSpan, sameSpan } from '../../value/horizon.ts';
import { type ChurnLabel, checkLabel } from '../logistic/options.ts';
import type { CalibratedField } from './calibrated-field.ts';

export interface CalibrationOptions<S extends string, O extends string> {
  readonly label: ChurnLabel;
  /** Column of the score to calibrate. Default: `churnProbability`. */
  readonly score?: S;
  /** Column of observation weights (≥ 0) for the fit. */
  readonly weight?: string;
  /** Name of the output. Default: `calibratedProbability`. */
  readonly as?: O;
}

/** The rows of a fit. */
export interface CalibrationRows {
  readonly scores: Float64Array;
  /** 1 and 0. */
  readonly y: Float64Array;
  readonly weight: Float64Array;
  /** Weight of the leavers and of the stayers. */
  readonly events: number;
  readonly nonEvents: number;
}

/** What a calibrator learns: its parameters, how the fit ended, and what else stands in the report. */
export interface Calibrated<P, R extends object = object> {
  readonly parameters: P;
  readonly status: FitStatus;
  readonly warnings: readonly string[];
  readonly report?: R;
}

/** The part that all calibrators share: options, reading rows, horizon, and what the pipeline needs to know. */
export function calibrator<M extends ModelBase, P>(
  kind: Estimator['kind'],
  {
    label,
    score,
    weight,
    as,
  }: Required<Pick<CalibrationOptions<string, string>, 'score' | 'as' | 'label'>> & {
    readonly weight: string | undefined;
  },
  /** The score must be a probability. */
  probability: boolean,
  learn: (rows: CalibrationRows) => Calibrated<P>,
): Estimator<M> {
  names({ score, as });
  checkLabel(label);
  if (score === label.column) fail('label-as-feature', `the label "${score}" is the score as well: leave it out`);
  if (weight !== undefined && (weight === label.column || weight === score))
    fail('invalid-option', `weight "${weight}" is the label or the score as well`);
  const target: Target = { output: as, actual: (data) => outcome(data, label.column, label.churned) };
  return {
    kind,
    labels: [label.column],
    targets: [target],
    fit(data, upstream) {
      checkHorizon(score, label.horizon, upstream);
      const { rows, warnings } = readRows(data, label, score, weight, probability);
      const learned = learn(rows);
      const output: CalibratedField = { name: as, type: 'number', horizon: label.horizon };
      const fit: FitReport = {
        status: learned.status,
        rows: rows.y.length,
        warnings: [...warnings, ...learned.warnings],
        ...learned.report,
      };
      return {
        kind: kind.kind,
        version: kind.version,
        inputs: [{ name: score, type: 'number' }],
        outputs: [output],
        ...learned.parameters,
        fit,
      } as unknown as M;
    },
  };
}

function checkHorizon(score: string, horizon: Span | null, upstream: readonly Field[] = []): void {
  const known = upstream.find(({ name }) => name === score)?.horizon;
  if (known !== undefined && !sameSpan(known, horizon))
    fail(
      'horizon-mismatch',
      `"${score}" has the horizon ${describeSpan(known)}, the label ${describeSpan(horizon)}: use one label for both`,
    );
}

function readRows(
  data: Columns,
  label: ChurnLabel,
  score: string,
  weight: string | undefined,
  probability: boolean,
): { readonly rows: CalibrationRows; readonly warnings: readonly string[] } {
  const y = twoClasses(data, label.column, label.churned);
  const scores = readNumbers(data, score);
  const weights = weight === undefined ? new Float64Array(y.length).fill(1) : readNumbers(data, weight);
  const kept: number[] = [];
  let unlabelled = 0;
  let unscored = 0;
  let outside = 0;
  for (let row = 0; row < y.length; row++) {
    const s = scores[row]!;
    const w = weights[row]!;
    if (w < 0) fail('invalid-value', `weight "${weight}", row ${row}: ${w}; weights are 0 or above`);
    if (y[row] !== y[row]) unlabelled++;
    else if (s !== s) unscored++;
    else if (probability && !(s >= 0 && s <= 1)) outside++;
    else if (w > 0) kept.push(row);
  }
  const take = (values: Float64Array): Float64Array => Float64Array.from(kept, (row) => values[row]!);
  const rows = { scores: take(scores), y: take(y), weight: take(weights) };
  let events = 0;
  let nonEvents = 0;
  rows.y.forEach((event, i) => {
    if (event === 1) events += rows.weight[i]!;
    else nonEvents += rows.weight[i]!;
  });
  if (kept.length === 0) fail('all-null', `no row has both a label and a usable "${score}"`);
  if (events === 0 || nonEvents === 0)
    fail('one-class', `label "${label.column}": all ${kept.length} rows of the fit are of one class`);
  const left = (count: number, why: string): string[] =>
    count > 0 ? [`${count} rows ${why} are left out of the fit`] : [];
  return {
    rows: { ...rows, events, nonEvents },
    warnings: [
      ...left(unlabelled, 'without a label'),
      ...left(unscored, `where "${score}" is null`),
      ...left(outside, `where "${score}" is no probability`),
    ],
  };
}
