import { fail } from '../errors.ts';
import { bindLinear, checkLinearPart, explainLinear, type LinearPart, linearPart } from '../kernels/linear.ts';
import { linearCost } from '../kernels/linear-cost.ts';
import { blankNulls } from '../kernels/nulls.ts';
import { fields, fitReport, modelHead, record } from '../model/checks.ts';
import type { Kind, ModelBase } from '../model/contract.ts';
import type { Field, Span } from '../model/field.ts';
import type { LogisticReport } from '../regression/report.ts';

/** A probability whose contributions add up on the log-odds scale. */
export interface ProbabilityField<O extends string = string> extends Field<O, 'number'> {
  readonly horizon: Span | null;
  readonly explained: 'log-odds';
}

/** P(churn) = 1/(1 + e^−η), η = intercept + Σ weight·x + Σ weights[level]; weights are on the raw columns. */
export interface LogisticModel<F extends string = string, O extends string = string>
  extends ModelBase<'logisticRegression', F, ProbabilityField<O>>,
    LinearPart {
  readonly fit: LogisticReport;
}

const shape = record({
  ...modelHead('logisticRegression', 1),
  inputs: fields,
  outputs: fields<ProbabilityField>,
  intercept: linearPart.intercept,
  terms: linearPart.terms,
  groups: linearPart.groups,
  fit: fitReport<LogisticReport>,
});

/** Reads, scores and explains models of `logisticRegression`. */
export const logisticKind: Kind<LogisticModel> = {
  kind: 'logisticRegression',
  version: 1,
  parse(json, path) {
    const model = shape(json, path);
    checkLinearPart(model, model.inputs, path);
    if (model.terms.length !== model.inputs.length)
      fail('invalid-model', `${path}.terms: expected one per input, ${model.inputs.length}, got ${model.terms.length}`);
    checkProbability(model.outputs, 1, `${path}.outputs`);
    return model;
  },
  bind(model) {
    const probability = bindLinear(model, model.inputs, 'logit');
    return (rows, inputs, [out]) => {
      if (!probability(rows, inputs, out!)) blankNulls(rows, out!);
    };
  },
  explain: (model) => explainLinear(model, model.inputs, 'log-odds'),
  cost: (model, called) => linearCost(model.inputs, called, ', sigmoid'),
};

/** Stops unless the outputs are `count` explained probabilities. */
export function checkProbability(outputs: readonly Field[], count: number, path: string): void {
  if (outputs.length !== count) fail('invalid-model', `${path}: expected ${count}, got ${outputs.length}`);
  for (const field of outputs)
    if (field.type !== 'number' || field.horizon === undefined || field.explained !== 'log-odds')
      fail('invalid-model', `${path}: "${field.name}" must be a number with a horizon, explained as log-odds`);
}
