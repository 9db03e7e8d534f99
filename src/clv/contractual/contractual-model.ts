import { readNumbers } from '../../columns/index.ts';
import { fail } from '../../errors.ts';
import { blankNulls, carryWhy, setNull } from '../../kernels/nulls.ts';
import { type Columns, WHY } from '../../model/batch.ts';
import {
  type Check,
  either,
  field,
  fields,
  fitReport,
  listOf,
  modelHead,
  oneOf,
  record,
  within,
} from '../../model/checks.ts';
import type { Kernel, Kind, ModelBase } from '../../model/contract.ts';
import { DAYS, type Field, type TimeUnit } from '../../model/field.ts';
import type { ContractualFit } from './contractual-fit.ts';
import { type ContractualQuantity, contractualField, contractualQuantity, figureOf } from './contractual-quantities.ts';
import type { LikelihoodRatio } from './fit-beta-discrete-weibull.ts';
import { type LifetimeParameters, lifetimeLaw } from './lifetime-law.ts';

/** What a fitted sBG and BdW have in common. */
export interface ContractualModel<
  K extends 'shiftedBetaGeometric' | 'betaDiscreteWeibull' = 'shiftedBetaGeometric' | 'betaDiscreteWeibull',
  In extends string = string,
  Out extends string = string,
> extends ModelBase<K, In, Field<Out, 'number'>>,
    LifetimeParameters {
  /** Length of the time between two renewals; every horizon is in it. */
  readonly unit: TimeUnit;
  /** What each output is, in the order of `outputs`. */
  readonly quantities: readonly ContractualQuantity[];
}

/** A fitted sBG (Fader & Hardie 2007): probability of leaving at each renewal Beta(alpha, beta) over customers. */
export interface ShiftedBetaGeometricModel<In extends string = string, Out extends string = string>
  extends ContractualModel<'shiftedBetaGeometric', In, Out> {
  readonly c?: never;
  readonly fit: ContractualFit<'alpha' | 'beta'>;
}

/** How a BdW fit ended. */
export interface BetaDiscreteWeibullFit extends ContractualFit<'alpha' | 'beta' | 'c'> {
  /** The test of c = 1. */
  readonly likelihoodRatio: LikelihoodRatio;
}

/** A fitted BdW (Fader et al. 2018): P(T > t) = E[(1 − θ)^(t^c)], θ ~ Beta(alpha, beta); c < 1, retention of each rises. */
export interface BetaDiscreteWeibullModel<In extends string = string, Out extends string = string>
  extends ContractualModel<'betaDiscreteWeibull', In, Out> {
  readonly c: number;
  readonly fit: BetaDiscreteWeibullFit;
}

export const SHIFTED_BETA_GEOMETRIC_VERSION = 1;
export const BETA_DISCRETE_WEIBULL_VERSION = 1;

const usable: Check<number> = within(1e-30, 1e30);
const zeroOrUsable = either(oneOf(0), usable, '0 or a number in [1e-30, 1e30]');
const shared = {
  unit: oneOf(...(Object.keys(DAYS) as TimeUnit[])),
  inputs: (json: unknown, path: string) => fields<Field<string, 'number'>>(json, path),
  outputs: (json: unknown, path: string) => fields<Field<string, 'number'>>(json, path),
  quantities: listOf(contractualQuantity),
  alpha: zeroOrUsable,
  beta: zeroOrUsable,
};
const shiftedBetaGeometricShape = record({
  ...modelHead('shiftedBetaGeometric', SHIFTED_BETA_GEOMETRIC_VERSION),
  ...shared,
  fit: (json, path) => fitReport<ContractualFit<'alpha' | 'beta'>>(json, path),
});
const betaDiscreteWeibullShape = record({
  ...modelHead('betaDiscreteWeibull', BETA_DISCRETE_WEIBULL_VERSION),
  ...shared,
  c: within(1e-30, 1e3),
  fit: (json, path) => fitReport<BetaDiscreteWeibullFit>(json, path),
});

/** Reads and scores sBG models; nothing of fitting. */
export const shiftedBetaGeometricKind: Kind<ShiftedBetaGeometricModel> = {
  kind: 'shiftedBetaGeometric',
  version: SHIFTED_BETA_GEOMETRIC_VERSION,
  parse: (json, path) => consistent(shiftedBetaGeometricShape(json, path), path),
  bind: tenureKernel,
};

/** Reads and scores BdW models; nothing of fitting. */
export const betaDiscreteWeibullKind: Kind<BetaDiscreteWeibullModel> = {
  kind: 'betaDiscreteWeibull',
  version: BETA_DISCRETE_WEIBULL_VERSION,
  parse: (json, path) => consistent(betaDiscreteWeibullShape(json, path), path),
  bind: tenureKernel,
};

/** The input is the tenure; each output is the field of its quantity. */
function consistent<M extends ContractualModel>(model: M, path: string): M {
  const { inputs, outputs, quantities, unit, alpha, beta } = model;
  if (alpha === 0 && beta === 0) fail('invalid-model', `${path}: alpha and beta cannot both be 0`);
  if (inputs.length !== 1 || inputs[0]!.type !== 'number')
    fail('invalid-model', `${path}.inputs: expected one number, the tenure`);
  if (outputs.length !== quantities.length || outputs.length === 0)
    fail('invalid-model', `${path}.outputs: ${outputs.length} for ${quantities.length} quantities`);
  outputs.forEach((output, k) => {
    const wanted = field(contractualField(quantities[k]!, output.name, unit), path);
    if (JSON.stringify(output) !== JSON.stringify(wanted))
      fail('invalid-model', `${path}.outputs[${k}]: not the field of its quantity, ${JSON.stringify(wanted)}`);
  });
  return model;
}

const isTenure = (t: number): boolean => Number.isInteger(t) && t >= 0;

/** Tenures are few: each figure is computed once for each of them. */
function remembered(value: (tenure: number) => number): (tenure: number) => number {
  const known = new Map<number, number>();
  return (tenure) => {
    const found = known.get(tenure);
    if (found !== undefined) return found;
    const computed = value(tenure);
    known.set(tenure, computed);
    return computed;
  };
}

function tenureKernel(model: ContractualModel): Kernel {
  const law = lifetimeLaw(model);
  const values = model.quantities.map((q) => remembered(figureOf(q, law, model.unit)));
  return (rows, inputs, outputs) => {
    const tenure = inputs[0]!.values;
    values.forEach((value, k) => {
      const output = outputs[k]!;
      carryWhy(rows, inputs, output);
      for (let i = 0; i < rows; i++) {
        const t = tenure[i]!;
        const known = isTenure(t);
        const figure = known ? value(t) : Number.NaN;
        output.values[i] = figure;
        if (figure !== figure && output.why[i] === WHY.valid) setNull(output, i, known ? WHY.noMean : WHY.outOfRange);
      }
      blankNulls(rows, output);
    });
  };
}

/** One figure for every row of a batch: NaN where the tenure is null or no whole number ≥ 0, or there is no mean. */
export function eachTenure(model: ContractualModel, customers: Columns, quantity: ContractualQuantity): Float64Array {
  const value = remembered(figureOf(quantity, lifetimeLaw(model), model.unit));
  return readNumbers(customers, model.inputs[0]!.name).map((t) => {
    const figure = isTenure(t) ? value(t) : Number.NaN;
    return Number.isFinite(figure) ? figure : Number.NaN;
  });
}
