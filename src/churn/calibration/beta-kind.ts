import { fields, finite, fitReport, modelHead, record, within } from '../../model/checks.ts';
import type { FitReport, Kind, ModelBase } from '../../model/contract.ts';
import { type CalibratedField, checkCalibrated } from './calibrated-field.ts';
import { type LogRange, logRange } from './log-odds-range.ts';
import { logsKernel } from './odds-kernel.ts';

/** Standard errors from the inverse of the information; null where the likelihood is flat or a bound holds. */
export interface BetaCalibrationReport extends FitReport {
  readonly standardErrors: {
    readonly intercept: number | null;
    readonly a: number | null;
    readonly b: number | null;
  };
}

/** logit P = intercept + a·ln p − b·ln(1 − p), a and b at least 0: P never falls as p rises. */
export interface BetaCalibrationModel<S extends string = string, O extends string = string>
  extends ModelBase<'betaCalibration', S, CalibratedField<O>> {
  readonly intercept: number;
  readonly a: number;
  readonly b: number;
  readonly range: LogRange;
  readonly fit: BetaCalibrationReport;
}

const coefficient = within(0, Number.MAX_VALUE);
const stored = record({
  ...modelHead('betaCalibration', 1),
  inputs: fields,
  outputs: fields<CalibratedField>,
  intercept: finite,
  a: coefficient,
  b: coefficient,
  range: logRange,
  fit: fitReport<BetaCalibrationReport>,
});

/** Reads and scores models of `betaCalibration`. */
export const betaCalibrationKind: Kind<BetaCalibrationModel> = {
  kind: 'betaCalibration',
  version: 1,
  parse(json, path) {
    const model = stored(json, path);
    checkCalibrated(model, path);
    return model;
  },
  bind: ({ intercept, a, b, range }) => logsKernel(intercept, a, b, range),
};
