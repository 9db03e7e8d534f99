import { fail } from '../../errors.ts';
import { bindLinear, checkLinearPart, explainLinear, type LinearPart, linearPart } from '../../kernels/linear.ts';
import { blankNulls, setNull } from '../../kernels/nulls.ts';
import { type Lane, WHY } from '../../model/batch.ts';
import {
  type Check,
  checked,
  fields,
  finite,
  fitReport,
  listOf,
  modelHead,
  nullable,
  oneOf,
  positive,
  record,
  text,
  within,
} from '../../model/checks.ts';
import type { Kind, ModelBase } from '../../model/contract.ts';
import { DAYS, type Field, type TimeUnit } from '../../model/field.ts';
import { exp } from '../../numerics/elementary.ts';
import type { Ties } from './cox-likelihood.ts';
import { type CoxQuantity, fieldOf, needsTime, quantities } from './cox-quantities.ts';
import type { CoxReport } from './cox-report.ts';
import { type HazardCurve, remaining } from './remaining.ts';

/** Cumulative hazard of the average customer: a step at each event time, 0 before the first. */
export interface CoxBaseline {
  /** Null without strata. */
  readonly stratum: string | null;
  readonly time: readonly number[];
  readonly cumulativeHazard: readonly number[];
  /** The latest time at which somebody was watched: nothing is known of the hazard beyond. */
  readonly until: number;
}

/**
 * Hazard h(t) = h₀(t)·e^η, η = intercept + Σ weight·x + Σ weights[level], with the intercept chosen so that η is 0 on
 * average over the rows of the fit; h₀ is a curve per stratum.
 */
export interface CoxModel<In extends string = string, Out extends Field<string, 'number'> = Field<string, 'number'>>
  extends ModelBase<'coxRegression', In, Out>,
    LinearPart {
  /** The unit of times. */
  readonly period: TimeUnit;
  readonly ties: Ties;
  /** Input column of the tenure so far; null when no output depends on it. */
  readonly tenure: string | null;
  /** Input column of the stratum; null without strata, or when no output depends on it. */
  readonly strata: string | null;
  /** What each output is, in the order of outputs. */
  readonly quantities: readonly CoxQuantity[];
  readonly baseline: readonly CoxBaseline[];
  readonly fit: CoxReport;
}

const unit: Check<TimeUnit> = oneOf(...(Object.keys(DAYS) as TimeUnit[]));
const shape = record({
  ...modelHead('coxRegression', 1),
  inputs: fields,
  outputs: fields<Field<string, 'number'>>,
  period: unit,
  ties: oneOf('efron', 'breslow'),
  tenure: nullable(text),
  strata: nullable(text),
  quantities,
  intercept: finite,
  terms: linearPart.terms,
  groups: linearPart.groups,
  baseline: listOf(
    record({
      stratum: nullable(text),
      time: listOf(positive),
      cumulativeHazard: listOf(within(0, Number.MAX_VALUE)),
      until: positive,
    }),
  ),
  fit: fitReport<CoxReport>,
});

/** Reads, scores and explains models of `coxRegression`. */
export const coxKind: Kind<CoxModel> = {
  kind: 'coxRegression',
  version: 1,
  parse(json, path) {
    const model = shape(json, path);
    checkLinearPart(model, model.inputs, path);
    checkColumns(model, path);
    checkBaseline(model, path);
    if (model.quantities.length === 0 || model.quantities.length !== model.outputs.length)
      fail('invalid-model', `${path}.quantities: expected one per output, and at least one`);
    model.outputs.forEach((field, k) => {
      const of = model.quantities[k]!;
      const implied = checked('invalid-model', () => fieldOf(of, field.name, model.period), null, path);
      const wanted = JSON.stringify(Object.entries(implied).sort());
      if (JSON.stringify(Object.entries(field).sort()) !== wanted)
        fail('invalid-model', `${path}.outputs[${k}]: not the field that ${of.quantity} implies`);
    });
    return model;
  },
  bind(model) {
    const linear = bindLinear(model, model.inputs);
    const at = (name: string | null): number => model.inputs.findIndex((field) => field.name === name);
    const tenureAt = at(model.tenure);
    const strataAt = at(model.strata);
    const curves = model.baseline.map(
      ({ time, cumulativeHazard, until }): HazardCurve => ({
        time: Float64Array.from(time),
        hazard: Float64Array.from(cumulativeHazard),
        until,
      }),
    );
    const fillers = model.quantities.map((of) => {
      if (of.quantity === 'linearPredictor') return null;
      if (of.quantity === 'relativeRisk') return exp;
      return remaining(of, model.period);
    });
    return (rows, inputs, outputs) => {
      for (let k = 0; k < outputs.length; k++) {
        const out = outputs[k]!;
        const { values, why } = out;
        const filler = fillers[k]!;
        linear(rows, inputs, out);
        if (needsTime(model.quantities[k]!)) {
          const tenure = inputs[tenureAt]!;
          const stratum = strataAt < 0 ? null : inputs[strataAt]!;
          carry(rows, tenure, out);
          if (stratum !== null) carry(rows, stratum, out);
          for (let i = 0; i < rows; i++) {
            if (why[i] !== WHY.valid) continue;
            const curve = curves[stratum === null ? 0 : stratum.codes[i]!]!;
            const done = tenure.values[i]!;
            const value = done >= 0 ? filler!(exp(values[i]!), curve, done) : Number.NaN;
            if (value === value) values[i] = value;
            else setNull(out, i, WHY.outOfRange);
          }
        } else if (filler !== null) for (let i = 0; i < rows; i++) values[i] = exp(values[i]!);
        blankNulls(rows, out);
      }
    };
  },
  explain: (model) => explainLinear(model, model.inputs, 'log-hazard-ratio'),
};

function carry(rows: number, input: Lane, out: Lane): void {
  if (input.clean) return;
  for (let i = 0; i < rows; i++)
    if (out.why[i] === WHY.valid && input.why[i] !== WHY.valid) setNull(out, i, input.why[i]!);
}

function checkColumns(model: CoxModel, path: string): void {
  const timed = model.quantities.some(needsTime);
  if ((model.tenure !== null) !== timed)
    fail('invalid-model', `${path}.tenure: belongs to a model with an output that depends on time, and to no other`);
  const wanted = [
    ...model.terms.map((term) => term.column),
    ...(model.strata === null ? [] : [model.strata]),
    ...(model.tenure === null ? [] : [model.tenure]),
  ];
  if (new Set(wanted).size !== wanted.length || wanted.join('\n') !== model.inputs.map(({ name }) => name).join('\n'))
    fail('invalid-model', `${path}.inputs: expected the columns of the terms, then the stratum, then the tenure`);
  const tenure = model.inputs.find(({ name }) => name === model.tenure);
  if (tenure !== undefined && tenure.type !== 'number')
    fail('invalid-model', `${path}.inputs: the tenure must be a number`);
  const levels = model.inputs.find(({ name }) => name === model.strata)?.levels;
  const strata = model.baseline.map(({ stratum }) => stratum);
  if (model.strata !== null && JSON.stringify(levels) !== JSON.stringify(strata))
    fail('invalid-model', `${path}.baseline: expected one curve per level of the stratum, in their order`);
  if (model.strata === null && timed && (strata.length !== 1 || strata[0] !== null))
    fail('invalid-model', `${path}.baseline: expected one curve, without a stratum`);
}

function checkBaseline({ baseline }: CoxModel, path: string): void {
  baseline.forEach(({ time, cumulativeHazard, until }, s) => {
    const at = `${path}.baseline[${s}]`;
    if (time.length !== cumulativeHazard.length)
      fail('invalid-model', `${at}: ${time.length} times, but ${cumulativeHazard.length} hazards`);
    for (let k = 1; k < time.length; k++)
      if (!(time[k]! > time[k - 1]! && cumulativeHazard[k]! >= cumulativeHazard[k - 1]!))
        fail('invalid-model', `${at}: times must ascend, and hazards must not fall`);
    if (time.length > 0 && time.at(-1)! > until) fail('invalid-model', `${at}.until: before the last time`);
  });
}
