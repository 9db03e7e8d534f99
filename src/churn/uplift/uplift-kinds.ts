import { fail } from '../../errors.ts';
import { type Check, fields, fitReport, modelHead, record, within } from '../../model/checks.ts';
import type { FitReport, Kind, Kinds, ModelBase } from '../../model/contract.ts';
import type { Field, Span } from '../../model/field.ts';
import { bindCombination, joinInputs, parseNested } from './nested.ts';

/** A difference of two probabilities of the same horizon, in [−1, 1]. */
export interface UpliftField<O extends string = string> extends Field<O, 'number'> {
  readonly horizon: Span | null;
}

export interface UpliftReport extends FitReport {
  readonly treatedRows: number;
  readonly controlRows: number;
  /** Share of rows treated, or the mean of the given propensity. */
  readonly propensity: number;
  /** Rate of churn of the control rows less that of the treated, by their raw counts; Newcombe interval of 95 %. */
  readonly averageEffect: { readonly difference: number; readonly interval: readonly [low: number, high: number] };
}

/** uplift = control(x) − treated(x): churn left alone less churn treated. */
export interface TLearnerModel<F extends string = string, O extends string = string>
  extends ModelBase<'tLearner', F, UpliftField<O>> {
  readonly treated: ModelBase;
  readonly control: ModelBase;
  readonly fit: UpliftReport;
}

/** uplift = g·(2·control(x) − 1) + (1 − g)·(2·treated(x) − 1), g the propensity; both learned from imputed effects. */
export interface XLearnerModel<F extends string = string, O extends string = string>
  extends ModelBase<'xLearner', F, UpliftField<O>> {
  readonly treated: ModelBase;
  readonly control: ModelBase;
  readonly propensity: number;
  readonly fit: UpliftReport;
}

/** uplift = 2·transformed(x) − 1. */
export interface ClassTransformationModel<F extends string = string, O extends string = string>
  extends ModelBase<'classTransformation', F, UpliftField<O>> {
  readonly transformed: ModelBase;
  readonly fit: UpliftReport;
}

const raw: Check<unknown> = (json) => json;
const ends = { inputs: fields, outputs: fields<UpliftField> };
const fit = fitReport<UpliftReport>;
const tShape = record({ ...modelHead('tLearner', 1), ...ends, treated: raw, control: raw, fit });
const xShape = record({
  ...modelHead('xLearner', 1),
  ...ends,
  treated: raw,
  control: raw,
  propensity: within(0, 1),
  fit,
});
const classShape = record({ ...modelHead('classTransformation', 1), ...ends, transformed: raw, fit });

/** Reads and scores models of `tLearner`. */
export const tLearnerKind: Kind<TLearnerModel> = {
  kind: 'tLearner',
  version: 1,
  parse(json, path, kinds) {
    const model = tShape(json, path);
    return checkUplift({ ...model, ...parseArms(model, path, kinds) }, path, armsOf);
  },
  bind: (model, kinds) =>
    bindCombination(
      [
        { model: model.control, factor: 1 },
        { model: model.treated, factor: -1 },
      ],
      0,
      model.inputs,
      kinds,
    ),
};

/** Reads and scores models of `xLearner`. */
export const xLearnerKind: Kind<XLearnerModel> = {
  kind: 'xLearner',
  version: 1,
  parse(json, path, kinds) {
    const model = xShape(json, path);
    return checkUplift({ ...model, ...parseArms(model, path, kinds) }, path, armsOf);
  },
  bind: (model, kinds) =>
    bindCombination(
      [
        { model: model.control, factor: 2 * model.propensity },
        { model: model.treated, factor: 2 * (1 - model.propensity) },
      ],
      -1,
      model.inputs,
      kinds,
    ),
};

/** Reads and scores models of `classTransformation`. */
export const classTransformationKind: Kind<ClassTransformationModel> = {
  kind: 'classTransformation',
  version: 1,
  parse(json, path, kinds) {
    const model = classShape(json, path);
    const transformed = parseNested(model.transformed, `${path}.transformed`, kinds);
    return checkUplift({ ...model, transformed }, path, (own) => [own.transformed]);
  },
  bind: (model, kinds) => bindCombination([{ model: model.transformed, factor: 2 }], -1, model.inputs, kinds),
};

interface Arms {
  readonly treated: ModelBase;
  readonly control: ModelBase;
}

function parseArms(
  { treated, control }: { readonly treated: unknown; readonly control: unknown },
  path: string,
  kinds: Kinds,
): Arms {
  return {
    treated: parseNested(treated, `${path}.treated`, kinds),
    control: parseNested(control, `${path}.control`, kinds),
  };
}

const armsOf = ({ treated, control }: Arms): readonly ModelBase[] => [treated, control];

/** Stops unless inputs are those of the models within, and the output is one number with a horizon. */
function checkUplift<M extends { readonly inputs: readonly Field[]; readonly outputs: readonly UpliftField[] }>(
  model: M,
  path: string,
  within: (model: M) => readonly ModelBase[],
): M {
  if (JSON.stringify(model.inputs) !== JSON.stringify(joinInputs(within(model))))
    fail('invalid-model', `${path}.inputs: differ from what the models within read`);
  const [output] = model.outputs;
  if (model.outputs.length !== 1 || output!.type !== 'number' || output!.horizon === undefined)
    fail('invalid-model', `${path}.outputs: expected one number with a horizon`);
  return model;
}
