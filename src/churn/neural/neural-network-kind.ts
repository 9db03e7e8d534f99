import { makeLane } from '../../columns/lane.ts';
import { fail } from '../../errors.ts';
import { bindLinear, checkLinearPart, type LinearTerm, linearPart } from '../../kernels/linear.ts';
import { blankNulls } from '../../kernels/nulls.ts';
import { type Lane, WHY } from '../../model/batch.ts';
import { fields, finite, fitReport, listOf, modelHead, record } from '../../model/checks.ts';
import type { FitReport, Kind, ModelBase } from '../../model/contract.ts';
import { sigmoidInPlace } from '../../numerics/sigmoid.ts';
import type { CalibratedField } from '../calibration/calibrated-field.ts';
import { tanhInPlace } from './tanh.ts';

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

/** A unit of the first hidden layer, tanh(bias + Σ weight·x + Σ weights[level]); weights are on the raw columns. */
export interface HiddenUnit {
  readonly bias: number;
  readonly terms: readonly LinearTerm[];
}

/** A unit that reads the layer below it. */
export interface Unit {
  readonly bias: number;
  readonly weights: readonly number[];
}

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
  bind({ first, layers, inputs }) {
    const units = first.map(({ bias, terms }) => bindLinear({ intercept: bias, terms, groups: [] }, inputs));
    const below = first.map(() => makeLane({ type: 'number' }, 0));
    const above = layers.map((own) => own.map(() => new Float64Array(0)));
    return (rows, lanes, [out]) => {
      if (below[0]!.values.length < rows) {
        for (const lane of below) Object.assign(lane, makeLane({ type: 'number' }, rows));
        for (const layer of above)
          layer.fill(new Float64Array(0)).forEach((_, j) => {
            layer[j] = new Float64Array(rows);
          });
      }
      for (let j = 0; j < units.length; j++) {
        units[j]!(rows, lanes, below[j]!);
        tanhInPlace(rows, below[j]!.values);
      }
      let values = below.map((lane) => lane.values);
      layers.forEach((layer, l) => {
        const last = l === layers.length - 1;
        layer.forEach((unit, j) => {
          const z = last ? out!.values : above[l]![j]!;
          combine(rows, unit, values, z);
          if (!last) tanhInPlace(rows, z);
        });
        values = above[l]!;
      });
      sigmoidInPlace(rows, out!.values);
      takeWhy(rows, below[0]!, out!);
      blankNulls(rows, out!);
    };
  },
};

/** `z = bias + Σ weight·x`, in the order of the units below. */
function combine(rows: number, { bias, weights }: Unit, below: readonly Float64Array[], z: Float64Array): void {
  z.fill(bias, 0, rows);
  for (let k = 0; k < weights.length; k++) {
    const w = weights[k]!;
    const x = below[k]!;
    for (let i = 0; i < rows; i++) z[i] = z[i]! + w * x[i]!;
  }
}

/** All units have the same rules for nulls, so that the first one knows the causes of all. */
function takeWhy(rows: number, from: Lane, out: Lane): void {
  if (!out.clean) out.why.fill(WHY.valid);
  out.clean = from.clean;
  if (!from.clean) for (let i = 0; i < rows; i++) out.why[i] = from.why[i]!;
}
