import { fail } from '../errors.ts';
import { bindLinear, checkLinearPart, type LinearPart, linearPart } from '../kernels/linear.ts';
import { blankNulls, setNull } from '../kernels/nulls.ts';
import { type Lane, WHY } from '../model/batch.ts';
import { type Check, fields, finite, fitReport, listOf, modelHead, oneOf, record, text } from '../model/checks.ts';
import type { Kind, ModelBase } from '../model/contract.ts';
import type { AnnuityTerms, Field, Span, TimeUnit } from '../model/field.ts';
import { exp } from '../numerics/elementary.ts';
import { BASELINES, type Baseline } from '../regression/baseline.ts';
import type { LogisticReport } from '../regression/report.ts';
import { discountFactors } from '../value/annuity.ts';
import { MAX_DURATION } from './person-periods.ts';

/** S(n): the field's horizon is n periods. */
export interface SurvivalField<O extends string = string> extends Field<O, 'number'> {
  readonly horizon: Span;
}
/** Σ S(t)/(1+d)^t under the field's annuity terms. */
export interface SurvivalAnnuityField<O extends string = string> extends Field<O, 'number'> {
  readonly annuity: AnnuityTerms;
}

export interface HazardReport extends LogisticReport {
  /** Customers with a person-period; `baseRate` is events over person-periods. */
  readonly rows: number;
  readonly personPeriods: number;
  readonly events: number;
}

/**
 * Hazard of period t: logit h(t) = intercept + Σ weight·x + Σ baselineWeights[k]·b_k(t). Scored for the periods after
 * the duration already completed.
 */
export interface HazardModel<In extends string = string, Out extends Field<string, 'number'> = Field<string, 'number'>>
  extends ModelBase<'discreteTimeHazard', In, Out>,
    LinearPart {
  /** The unit of one period. */
  readonly period: TimeUnit;
  readonly duration: string;
  readonly baseline: readonly { readonly term: Baseline; readonly weight: number }[];
  readonly fit: HazardReport;
}

const unit: Check<TimeUnit> = oneOf('day', 'week', 'month', 'quarter', 'year');
const shape = record({
  ...modelHead('discreteTimeHazard', 1),
  inputs: fields,
  outputs: fields<Field<string, 'number'>>,
  period: unit,
  duration: text,
  baseline: listOf(record({ term: oneOf('log', 'first', 'linear'), weight: finite })),
  ...linearPart,
  fit: fitReport<HazardReport>,
});

/** Reads and scores models of `discreteTimeHazard`. */
export const discreteTimeHazardKind: Kind<HazardModel> = {
  kind: 'discreteTimeHazard',
  version: 1,
  parse(json, path) {
    const model = shape(json, path);
    checkLinearPart(model, model.inputs, path);
    const own = model.terms.map((term) => term.column);
    const wanted = [...own, model.duration];
    if (own.includes(model.duration) || wanted.join('\n') !== model.inputs.map((field) => field.name).join('\n'))
      fail('invalid-model', `${path}.inputs: expected the columns of the terms, then the duration`);
    if (model.inputs.at(-1)!.type !== 'number') fail('invalid-model', `${path}.inputs: the duration must be a number`);
    if (model.outputs.length === 0) fail('invalid-model', `${path}.outputs: expected at least one`);
    model.outputs.forEach((field, i) => {
      const found = field.horizon?.unit ?? field.annuity?.unit;
      const periods = field.horizon?.every ?? field.annuity?.periods ?? -1;
      if (
        field.type !== 'number' ||
        found !== model.period ||
        (field.horizon != null) === (field.annuity !== undefined)
      )
        fail('invalid-model', `${path}.outputs[${i}]: expected a number with a horizon or annuity in ${model.period}s`);
      if (!(Number.isInteger(periods) && periods <= MAX_DURATION))
        fail('invalid-model', `${path}.outputs[${i}]: expected at most ${MAX_DURATION} whole periods`);
    });
    return model;
  },
  bind(model) {
    const linear = bindLinear(model, model.inputs);
    const durationAt = model.inputs.length - 1;
    const odds = baselineOdds(model.baseline);
    const fillers = model.outputs.map((field) =>
      field.annuity === undefined ? survival(field.horizon!.every) : annuity(field.annuity),
    );
    return (rows, inputs, outputs) => {
      const lane = inputs[durationAt]!;
      for (let k = 0; k < outputs.length; k++) {
        const out = outputs[k]!;
        linear(rows, inputs, out);
        markDurations(rows, lane, out);
        fillers[k]!(rows, lane.values, out, odds);
        blankNulls(rows, out);
      }
    };
  },
};

function markDurations(rows: number, lane: Lane, out: Lane): void {
  for (let i = 0; i < rows; i++) {
    if (out.why[i] !== WHY.valid) continue;
    if (!lane.clean && lane.why[i] !== WHY.valid) setNull(out, i, lane.why[i]!);
    else if (!isDuration(lane.values[i]!)) setNull(out, i, WHY.outOfRange);
  }
}

export function isDuration(t: number): boolean {
  return t >= 0 && t <= MAX_DURATION && Math.floor(t) === t;
}

/** e^(Σ weight·b(t)) for t up to `last`, as a table that grows on demand; index 0 is not used. */
export type OddsTable = (last: number) => Float64Array;

export function baselineOdds(baseline: HazardModel['baseline']): OddsTable {
  let table = new Float64Array(0);
  return (last) => {
    if (table.length <= last) {
      const known = table;
      table = new Float64Array(Math.max(last + 1, Math.min(2 * known.length, 2 * MAX_DURATION)));
      table.set(known);
      for (let t = Math.max(known.length, 1); t < table.length; t++)
        table[t] = boundedExp(baseline.reduce((sum, { term, weight }) => sum + weight * BASELINES[term].at(t), 0));
    }
    return table;
  };
}

/** e^x kept within float64, so that a product of two such odds is never 0·∞. */
export function boundedExp(x: number): number {
  return exp(Math.max(-700, Math.min(700, x)));
}

type Filler = (rows: number, durations: Float64Array, out: Lane, odds: OddsTable) => void;

// 1 − h = 1/(1 + odds): the divisor of S(t) grows by one multiplication per period.
function survival(periods: number): Filler {
  return (rows, durations, out, odds) => {
    const { values, why } = out;
    for (let i = 0; i < rows; i++) {
      if (why[i] !== WHY.valid) continue;
      const done = durations[i]!;
      const table = odds(done + periods);
      const u = boundedExp(values[i]!);
      let divisor = 1;
      for (let t = 1; t <= periods; t++) divisor *= 1 + u * table[done + t]!;
      values[i] = 1 / divisor;
    }
  };
}

function annuity(terms: AnnuityTerms): Filler {
  const discount = discountFactors(terms);
  const late = terms.timing === 'end' ? 1 : 0;
  return (rows, durations, out, odds) => {
    const { values, why } = out;
    for (let i = 0; i < rows; i++) {
      if (why[i] !== WHY.valid) continue;
      const done = durations[i]!;
      const table = odds(done + terms.periods);
      const u = boundedExp(values[i]!);
      let divisor = 1;
      let sum = 0;
      for (let t = 0; t < terms.periods; t++) {
        if (t + late > 0) divisor *= 1 + u * table[done + t + late]!;
        sum += discount[t]! / divisor;
      }
      values[i] = sum;
    }
  };
}
