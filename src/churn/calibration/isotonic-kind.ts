import { allFinite } from '../../columns/all-finite.ts';
import { fail } from '../../errors.ts';
import { cellsNear, settle } from '../../kernels/cells-near.ts';
import { blankNulls, carryWhy } from '../../kernels/nulls.ts';
import { type AddScores, bindPieces } from '../../kernels/piecewise.ts';
import { scratchAt } from '../../kernels/wasm/registry.ts';
import { fields, finite, fitReport, flag, listOf, modelHead, record, within } from '../../model/checks.ts';
import type { FitReport, Kind, ModelBase } from '../../model/contract.ts';
import { nextDown } from '../../numerics/next-down.ts';
import { type CalibratedField, checkCalibrated } from './calibrated-field.ts';

export interface IsotonicReport extends FitReport {
  /** Blocks of equal probability that pooling left. */
  readonly blocks: number;
  /** Why there are none. */
  readonly standardErrors: string;
}

/** A rising curve through points, straight between them. */
export interface IsotonicModel<S extends string = string, O extends string = string>
  extends ModelBase<'isotonicCalibration', S, CalibratedField<O>> {
  /**
   * false: flat beyond the first and last point. true: points rise strictly within (0, 1), and beyond the ends the curve
   * goes on in the slope of the piece beside them, levelling off half way to 0 and to 1.
   */
  readonly strict: boolean;
  /** Ascending. */
  readonly scores: readonly number[];
  readonly probabilities: readonly number[];
  readonly fit: IsotonicReport;
}

const stored = record({
  ...modelHead('isotonicCalibration', 1),
  inputs: fields,
  outputs: fields<CalibratedField>,
  strict: flag,
  scores: listOf(finite),
  probabilities: listOf(within(0, 1)),
  fit: fitReport<IsotonicReport>,
});

/** Reads and scores models of `isotonicCalibration`. */
export const isotonicKind: Kind<IsotonicModel> = {
  kind: 'isotonicCalibration',
  version: 1,
  parse(json, path) {
    const model = stored(json, path);
    checkCalibrated(model, path);
    const { scores, probabilities, strict } = model;
    if (scores.length === 0 || scores.length !== probabilities.length)
      fail('invalid-model', `${path}.probabilities: expected one per score, ${scores.length}, and at least one`);
    for (let i = 1; i < scores.length; i++) {
      if (!(scores[i]! > scores[i - 1]!)) fail('invalid-model', `${path}.scores[${i}]: scores must rise`);
      const step = probabilities[i]! - probabilities[i - 1]!;
      if (!(strict ? step > 0 : step >= 0))
        fail('invalid-model', `${path}.probabilities[${i}]: probabilities must ${strict ? 'rise' : 'not fall'}`);
    }
    if (strict && !(probabilities[0]! > 0 && probabilities[probabilities.length - 1]! < 1))
      fail('invalid-model', `${path}.probabilities: a strict curve stays within 0 and 1`);
    return model;
  },
  bind({ scores, probabilities, strict }) {
    const x = Float64Array.from(scores);
    const p = Float64Array.from(probabilities);
    const last = x.length - 1;
    const slope = (i: number): number => (p[i + 1]! - p[i]!) / (x[i + 1]! - x[i]!);
    // The tails go on in the slope of the pieces beside them.
    const lower = strict && last > 0 ? slope(0) / p[0]! : 0;
    const upper = strict && last > 0 ? slope(last - 1) / (1 - p[last]!) : 0;
    const curve = bindCurve(x, p);
    return (rows, inputs, outputs) => {
      const input = inputs[0]!;
      const out = outputs[0]!;
      const { values } = out;
      const scratch = scratchAt(values.buffer);
      const mark = scratch?.mark() ?? 0;
      const score = cellsNear(scratch, rows, input);
      curve(rows, score, values.fill(0, 0, rows));
      if (strict) addTails(rows, score, values, x, p, lower, upper);
      scratch?.release(mark);
      if (allFinite(values, 0, rows)) {
        settle(out);
        return;
      }
      carryWhy(rows, inputs, out);
      blankNulls(rows, out);
    };
  },
};

/** The points joined by straight lines, flat beyond the first and last of them. */
function bindCurve(x: Float64Array, p: Float64Array): AddScores {
  const last = x.length - 1;
  const between = (at: number): boolean => at > 0 && at <= last;
  const pieces = (of: (at: number) => number): Float64Array =>
    Float64Array.from({ length: last + 2 }, (_, at) => of(at));
  return bindPieces(
    Array.from(x, nextDown),
    {
      slope: pieces((at) => (between(at) ? 1 : 0)),
      shift: pieces((at) => (between(at) ? -x[at - 1]! : 0)),
      span: pieces((at) => (between(at) ? x[at]! - x[at - 1]! : 1)),
      rise: pieces((at) => (between(at) ? p[at]! - p[at - 1]! : 0)),
      base: pieces((at) => p[Math.max(at, 1) - 1]!),
    },
    1,
    0,
  );
}

function addTails(
  rows: number,
  score: Float64Array,
  values: Float64Array,
  x: Float64Array,
  p: Float64Array,
  lower: number,
  upper: number,
): void {
  const last = x.length - 1;
  const first = x[0]!;
  const end = x[last]!;
  for (let i = 0; i < rows; i++) {
    const s = score[i]!;
    // An infinite score has no value.
    if (s < first) values[i] = p[0]! - p[0]! * levelling(lower * (first - s)) + s * 0;
    else if (s > end) values[i] = p[last]! + (1 - p[last]!) * levelling(upper * (s - end)) + s * 0;
  }
}

/** u/(1 + 2u): from 0 with the slope 1 towards ½. */
const levelling = (u: number): number => 1 / (2 + 1 / u);
