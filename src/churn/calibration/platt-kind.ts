import { fail } from '../../errors.ts';
import { bindLinear } from '../../kernels/linear.ts';
import { blankNulls } from '../../kernels/nulls.ts';
import { fields, finite, fitReport, modelHead, nullable, oneOf, record } from '../../model/checks.ts';
import type { FitReport, Kind, ModelBase } from '../../model/contract.ts';
import { type CalibratedField, checkCalibrated } from './calibrated-field.ts';
import { type LogRange, logRange } from './log-odds-range.ts';
import { logOddsKernel } from './odds-kernel.ts';

/** Standard errors from the inverse of the information; null where the likelihood is flat. */
export interface PlattReport extends FitReport {
  readonly standardErrors: { readonly intercept: number | null; readonly slope: number | null };
}

/** P = 1/(1 + e^−(intercept + slope·x)); x is the score, or the log-odds of a score that is a probability. */
export interface PlattModel<S extends string = string, O extends string = string>
  extends ModelBase<'plattCalibration', S, CalibratedField<O>> {
  readonly scale: 'score' | 'log-odds';
  readonly intercept: number;
  readonly slope: number;
  /** null on the scale of the score. */
  readonly range: LogRange | null;
  readonly fit: PlattReport;
}

const stored = record({
  ...modelHead('plattCalibration', 1),
  inputs: fields,
  outputs: fields<CalibratedField>,
  scale: oneOf('score', 'log-odds'),
  intercept: finite,
  slope: finite,
  range: nullable(logRange),
  fit: fitReport<PlattReport>,
});

/** Reads and scores models of `plattCalibration`. */
export const plattKind: Kind<PlattModel> = {
  kind: 'plattCalibration',
  version: 1,
  parse(json, path) {
    const model = stored(json, path);
    checkCalibrated(model, path);
    if ((model.scale === 'log-odds') !== (model.range !== null))
      fail('invalid-model', `${path}.range: belongs to the scale "log-odds", and must be given with it`);
    return model;
  },
  bind({ intercept, slope, range, inputs }) {
    if (range) return logOddsKernel(intercept, slope, range);
    const term = { column: inputs[0]!.name, weight: slope, missing: null, centre: 0 };
    const linear = bindLinear({ intercept, terms: [term], groups: [] }, inputs, 'logit');
    return (rows, lanes, outputs) => {
      const out = outputs[0]!;
      if (!linear(rows, lanes, out)) blankNulls(rows, out);
    };
  },
};
