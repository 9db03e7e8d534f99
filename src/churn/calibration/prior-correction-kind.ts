import { fail } from '../../errors.ts';
import { type CellKernel, eachCell, settle } from '../../kernels/cells-near.ts';
import { blankNulls } from '../../kernels/nulls.ts';
import { type Check, fields, finite, fitReport, modelHead, record } from '../../model/checks.ts';
import type { Kind, ModelBase } from '../../model/contract.ts';
import { type CalibratedField, carryProbability, checkCalibrated } from './calibrated-field.ts';

/** logit P = logit p + ln(π/(1 − π)) − ln(ρ/(1 − ρ)). */
export interface PriorCorrectionModel<S extends string = string, O extends string = string>
  extends ModelBase<'priorCorrection', S, CalibratedField<O>> {
  /** π: the share of leavers among customers. */
  readonly populationRate: number;
  /** ρ: the share of leavers in the rows the classifier learned from. */
  readonly sampleRate: number;
}

/** A share strictly between 0 and 1. */
export const openShare: Check<number> = (json, path) => {
  const share = finite(json, path);
  return share > 0 && share < 1
    ? share
    : fail('invalid-model', `${path}: expected a number between 0 and 1, got ${share}`);
};

const stored = record({
  ...modelHead('priorCorrection', 1),
  inputs: fields,
  outputs: fields<CalibratedField>,
  populationRate: openShare,
  sampleRate: openShare,
  fit: fitReport,
});

/** Reads and scores models of `priorCorrection`. */
export const priorCorrectionKind: Kind<PriorCorrectionModel> = {
  kind: 'priorCorrection',
  version: 1,
  parse(json, path) {
    const model = stored(json, path);
    checkCalibrated(model, path);
    return model;
  },
  bind({ populationRate, sampleRate }) {
    // Odds times a ratio: the same as the shift of log-odds, and 0 and 1 stay what they are.
    const up = populationRate * (1 - sampleRate);
    const down = (1 - populationRate) * sampleRate;
    const inBulk: CellKernel = (kernels, from, to, count) => kernels.priorOdds(from, to, count, up, down);
    return (rows, inputs, outputs) => {
      const input = inputs[0]!;
      const out = outputs[0]!;
      const answer = eachCell(rows, input, out, inBulk);
      if (answer === 1) settle(out);
      else carryProbability(rows, input, out);
      if (answer < 0) {
        const p = input.values;
        const { values } = out;
        for (let i = 0; i < rows; i++) {
          const left = up * p[i]!;
          values[i] = left / (left + down * (1 - p[i]!));
        }
      }
      blankNulls(rows, out);
    };
  },
};
