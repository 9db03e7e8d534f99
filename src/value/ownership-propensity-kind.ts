import { fail } from '../errors.ts';
import { bindCondition, type Condition, storedCondition, UNKNOWN, YES } from '../kernels/condition.ts';
import { bindLinear, checkLinearPart, explainLinear, type LinearPart, linearPart } from '../kernels/linear.ts';
import { blankNulls, setNull } from '../kernels/nulls.ts';
import { type Lane, WHY } from '../model/batch.ts';
import { fields, fitReport, listOf, modelHead, nullable, record, text } from '../model/checks.ts';
import type { FitReport, Kind, ModelBase } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import type { When } from '../model/when.ts';
import type { LogisticReport } from '../regression/report.ts';

/** P(owns): ranks who looks like an owner; no horizon, so that it is no adoption probability. */
export interface PropensityField<O extends string = string> extends Field<O, 'number'> {
  readonly horizon: null;
  readonly explained: 'log-odds';
}

/** One offer's model of ownership among the eligible. */
export interface OwnershipPart extends LinearPart {
  readonly name: string;
  /** Who can have it; null: everyone. */
  readonly eligible: When | null;
}

export interface OwnershipReport extends FitReport {
  /** Per offer the fit of its logistic regression, and its AUC on its own rows. */
  readonly offers: readonly (LogisticReport & { readonly name: string; readonly inSampleAuc: number })[];
}

/** One logistic regression per offer; outputs in the order of `offers`. */
export interface OwnershipModel<In extends string = string, O extends string = string>
  extends ModelBase<'ownershipPropensity', In, PropensityField<O>> {
  readonly offers: readonly OwnershipPart[];
  readonly fit: OwnershipReport;
}

const shape = record({
  ...modelHead('ownershipPropensity', 1),
  inputs: fields,
  outputs: fields<PropensityField>,
  offers: listOf(record({ name: text, eligible: nullable(storedCondition), ...linearPart })),
  fit: fitReport<OwnershipReport>,
});

/** Reads, scores and explains models of `ownershipPropensity`. */
export const ownershipPropensityKind: Kind<OwnershipModel> = {
  kind: 'ownershipPropensity',
  version: 1,
  parse(json, path) {
    const model = shape(json, path);
    const { inputs, outputs, offers } = model;
    const needed = new Set<string>();
    offers.forEach((offer, k) => {
      checkLinearPart(offer, inputs, `${path}.offers[${k}]`);
      for (const { column } of offer.terms) needed.add(column);
      if (offer.eligible !== null) needed.add(offer.eligible.column);
      openness(offer, inputs);
    });
    if (needed.size !== inputs.length || !inputs.every(({ name }) => needed.has(name)))
      fail('invalid-model', `${path}.inputs: expected ${[...needed].join(', ')}`);
    if (new Set(offers.map(({ name }) => name)).size !== offers.length)
      fail('invalid-model', `${path}.offers: a name is repeated`);
    if (outputs.length !== offers.length) fail('invalid-model', `${path}.outputs: expected ${offers.length}`);
    for (const { name, type, horizon, explained } of outputs)
      if (type !== 'number' || horizon !== null || explained !== 'log-odds')
        fail('invalid-model', `${path}.outputs: "${name}" must be a number without horizon, explained as log-odds`);
    return model;
  },
  bind(model) {
    const offers = model.offers.map((offer) => ({
      linear: bindLinear(offer, model.inputs, 'logit'),
      close: openness(offer, model.inputs),
    }));
    return (rows, inputs, outputs) => {
      for (let k = 0; k < offers.length; k++) {
        const out = outputs[k]!;
        offers[k]!.linear(rows, inputs, out);
        offers[k]!.close(rows, inputs, out);
        blankNulls(rows, out);
      }
    };
  },
  explain(model, output) {
    const offer = model.offers[model.outputs.findIndex((field) => field.name === output)]!;
    const explained = explainLinear(offer, model.inputs, 'log-odds');
    const close = openness(offer, model.inputs);
    return {
      ...explained,
      kernel: (rows, inputs, outputs) => {
        explained.kernel(rows, inputs, outputs);
        for (const out of outputs) {
          close(rows, inputs, out);
          blankNulls(rows, out);
        }
      },
    };
  },
};

/** Marks the rows an offer is not open to, whatever their features are. */
function openness(
  { eligible }: OwnershipPart,
  inputs: readonly Field[],
): (rows: number, lanes: readonly Lane[], out: Lane) => void {
  if (eligible === null) return () => {};
  const at = inputs.findIndex((field) => field.name === eligible.column);
  if (at < 0) return fail('invalid-model', `no input "${eligible.column}" for the condition of an offer`);
  const condition: Condition = bindCondition(eligible, inputs[at]!);
  let answer = new Uint8Array(0);
  return (rows, lanes, out) => {
    if (answer.length < rows) answer = new Uint8Array(rows);
    const lane = lanes[at]!;
    condition(rows, lane, answer);
    for (let i = 0; i < rows; i++) {
      if (answer[i] === YES) continue;
      setNull(out, i, answer[i] === UNKNOWN ? lane.why[i]! : WHY.notEligible);
    }
  };
}
