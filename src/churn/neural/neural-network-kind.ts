import { fail } from '../../errors.ts';
import { checkLinearPart, linearPart } from '../../kernels/linear.ts';
import { fields, finite, fitReport, listOf, modelHead, record } from '../../model/checks.ts';
import type { FitReport, Kind, ModelBase } from '../../model/contract.ts';
import type { CalibratedField } from '../calibration/calibrated-field.ts';
import { bindNetwork, type HiddenUnit, type Unit } from './network-kernel.ts';

/** Mean log loss after so many iterations, without the penalty. */
export interface EpochLoss {
  readonly epoch: number;
  readonly train: number;
  readonly heldOut: number | null;
}

export interface NeuralNetworkReport extends FitReport {
  readonly baseRate: number;
  /** Weights and biases. */
  readonly size: number;
  readonly l2: number;
  /** Iterations behind the stored weights. */
  readonly epochs: number;
  /** Largest derivative of the penalised loss there, per unit of weight of the rows; not small after an early stop. */
  readonly gradientNorm: number;
  /** Mean log loss on the rows of the fit. */
  readonly logLoss: number;
  /** Rows the number of epochs was judged on, and those the judged network learned from; null without early stopping. */
  readonly heldOut: { readonly rows: number; readonly trainRows: number; readonly logLoss: number } | null;
  /** Log loss by epoch, of the fit that chose the number of epochs; without early stopping of the model itself. */
  readonly curve: readonly EpochLoss[];
}

export type { HiddenUnit, Unit } from './network-kernel.ts';

/** P(churn) = 1/(1 + e^−η), η the last layer's one unit; every unit of the layers before it passes through tanh. */
export interface NeuralNetworkModel<F extends string = string, O extends string = string>
  extends ModelBase<'neuralNetwork', F, CalibratedField<O>> {
  readonly first: readonly HiddenUnit[];
  /** Further hidden layers, and the output layer of one unit. */
  readonly layers: readonly (readonly Unit[])[];
  readonly fit: NeuralNetworkReport;
}

const shape = record({
  ...modelHead('neuralNetwork', 1),
  inputs: fields,
  outputs: fields<CalibratedField>,
  first: listOf(record({ bias: finite, terms: linearPart.terms })),
  layers: listOf(listOf(record({ bias: finite, weights: listOf(finite) }))),
  fit: fitReport<NeuralNetworkReport>,
});

/** Reads and scores models of `neuralNetwork`. */
export const neuralNetworkKind: Kind<NeuralNetworkModel> = {
  kind: 'neuralNetwork',
  version: 1,
  parse(json, path) {
    const model = shape(json, path);
    const { first, layers, inputs, outputs } = model;
    if (first.length === 0) fail('invalid-model', `${path}.first: expected at least one unit`);
    first.forEach(({ bias, terms }, j) => {
      checkLinearPart({ intercept: bias, terms, groups: [] }, inputs, `${path}.first[${j}]`);
      if (terms.length !== inputs.length)
        fail(
          'invalid-model',
          `${path}.first[${j}].terms: expected one per input, ${inputs.length}, got ${terms.length}`,
        );
    });
    let width = first.length;
    layers.forEach((units, l) => {
      units.forEach(({ weights }, j) => {
        if (weights.length !== width)
          fail('invalid-model', `${path}.layers[${l}][${j}].weights: expected ${width}, got ${weights.length}`);
      });
      width = units.length;
    });
    if (layers.length === 0 || width !== 1) fail('invalid-model', `${path}.layers: the last one must be one unit`);
    const [output] = outputs;
    if (outputs.length !== 1 || output!.type !== 'number' || output!.horizon === undefined)
      fail('invalid-model', `${path}.outputs: expected one number with a horizon`);
    return model;
  },
  bind: bindNetwork,
};
