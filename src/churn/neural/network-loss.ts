import { exp, log1p } from '../../numerics/elementary.ts';
import { BLOCK, Block } from '../../regression/block.ts';
import type { Design } from '../../regression/design.ts';
import { tanhInPlace } from './tanh.ts';

/** One layer of a network within the vector of all weights: per unit a bias and a weight per input. */
export interface Layer {
  /** Where its weights begin. */
  readonly at: number;
  readonly units: number;
  /** Inputs and the bias. */
  readonly width: number;
}

/** The layers of a network: hidden ones of the given sizes, and one output unit. */
export function layersOf(inputs: number, hidden: readonly number[]): readonly Layer[] {
  const layers: Layer[] = [];
  let at = 0;
  let width = inputs + 1;
  for (const units of [...hidden, 1]) {
    layers.push({ at, units, width });
    at += units * width;
    width = units + 1;
  }
  return layers;
}

/** How many weights, biases among them, all layers have. */
export function sizeOf(layers: readonly Layer[]): number {
  return layers.reduce((size, { units, width }) => size + units * width, 0);
}

export interface NetworkLoss {
  readonly size: number;
  /** Σ w·logloss over rows `from … to`; adds its gradient to `gradient` if there is one. */
  evaluate(weights: Float64Array, from: number, to: number, gradient?: Float64Array): number;
}

/**
 * The log loss of a network with tanh units, and its gradient by back-propagation (Rumelhart, Hinton & Williams 1986), over
 * blocks of rows in their order. Each layer reads a block whose first column is the constant 1 of the biases:
 * `h = tanh(W·[1, x])`, `δ_in = (1 − h²)·Wᵀδ_out`, `∂W = Σ δ·[1, x]`.
 */
export function networkLoss(
  design: Design,
  y: Float64Array,
  weight: Float64Array | undefined,
  layers: readonly Layer[],
): NetworkLoss {
  const blocks = layers.map(({ width }) => new Block(width));
  for (const { columns } of blocks) columns[0]!.fill(1);
  const features = blocks[0]!.columns.slice(1);
  const last = layers.length - 1;
  const deltas = layers.map(({ units }) => Array.from({ length: units }, () => new Float64Array(BLOCK)));
  const output = deltas[last]![0]!;

  const forward = (views: Views, rows: number): void => {
    for (let l = 0; l < last; l++)
      for (let j = 0; j < layers[l]!.units; j++) {
        const h = blocks[l + 1]!.columns[j + 1]!;
        blocks[l]!.combine(rows, views[l]![j]!, h);
        tanhInPlace(rows, h);
      }
    blocks[last]!.combine(rows, views[last]![0]!, output);
  };
  const backward = (views: Views, gradients: Views, rows: number): void => {
    for (let l = last; l >= 0; l--) {
      const own = deltas[l]!;
      for (let j = 0; j < own.length; j++) blocks[l]!.addProducts(rows, own[j]!, gradients[l]![j]!);
      if (l === 0) return;
      for (let k = 0; k < deltas[l - 1]!.length; k++)
        propagate(rows, own, views[l]!, k + 1, blocks[l]!.columns[k + 1]!, deltas[l - 1]![k]!);
    }
  };
  /** The loss of a block whose log-odds stand in `output`, which then holds w(p − y). */
  const judge = (rows: number, from: number): number => {
    let loss = 0;
    for (let i = 0; i < rows; i++) {
      const z = output[i]!;
      const w = weight === undefined ? 1 : weight[from + i]!;
      const hit = y[from + i]!;
      const e = exp(-Math.abs(z));
      loss += w * (log1p(e) + (z > 0 ? z : 0) - hit * z);
      output[i] = w * ((z < 0 ? e : 1) / (1 + e) - hit);
    }
    return loss;
  };

  return {
    size: sizeOf(layers),
    evaluate(weights, from, to, gradient) {
      const views = unitViews(weights, layers);
      const gradients = gradient && unitViews(gradient, layers);
      let loss = 0;
      for (let start = from; start < to; start += BLOCK) {
        const rows = Math.min(BLOCK, to - start);
        design.fill(start, rows, features);
        forward(views, rows);
        loss += judge(rows, start);
        if (gradients) backward(views, gradients, rows);
      }
      return loss;
    },
  };
}

/** Per layer and unit the weights, as views into the vector of all. */
type Views = readonly (readonly Float64Array[])[];

export function unitViews(weights: Float64Array, layers: readonly Layer[]): Views {
  return layers.map(({ at, units, width }) =>
    Array.from({ length: units }, (_, j) => weights.subarray(at + j * width, at + (j + 1) * width)),
  );
}

/** `out = (1 − h²)·Σ_j weight_j·δ_j`, with the weights of one input of the layer above. */
function propagate(
  rows: number,
  above: readonly Float64Array[],
  weights: readonly Float64Array[],
  input: number,
  h: Float64Array,
  out: Float64Array,
): void {
  out.fill(0, 0, rows);
  for (let j = 0; j < above.length; j++) {
    const w = weights[j]![input]!;
    const delta = above[j]!;
    for (let i = 0; i < rows; i++) out[i] = out[i]! + w * delta[i]!;
  }
  for (let i = 0; i < rows; i++) out[i] = out[i]! * (1 - h[i]! * h[i]!);
}
