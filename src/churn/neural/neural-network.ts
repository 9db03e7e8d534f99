import { fail } from '../../errors.ts';
import type { Estimator } from '../../model/contract.ts';
import type { Field } from '../../model/field.ts';
import { knownOptions } from '../../model/options.ts';
import { log } from '../../numerics/elementary.ts';
import { seededRandom } from '../../numerics/random.ts';
import { outcome } from '../../regression/outcome.ts';
import { type LbfgsResult, minimiseLbfgs } from './l-bfgs.ts';
import { type Layer, layersOf, type NetworkLoss, networkLoss, unitViews } from './network-loss.ts';
import { type NetworkRows, networkRows } from './network-rows.ts';
import {
  type EpochLoss,
  type NeuralNetworkModel,
  type NeuralNetworkReport,
  neuralNetworkKind,
} from './neural-network-kind.ts';
import { type ChosenNetwork, chooseNetwork, type NeuralNetworkOptions } from './neural-options.ts';

/** Per unit of weight of the rows. */
const TOLERANCE = 1e-7;
/** Weight decays to choose from, the strongest first. */
const DECAYS = [100, 10, 1, 0.1];
/** Without held-out rows: weights are drawn towards 0 as by a standard normal prior. */
const UNJUDGED = 1;

/**
 * A multi-layer perceptron for churn: P = 1/(1 + e^−η), η = b + Σ v·h, h = tanh(a + Σ w·x), with one to three hidden layers,
 * by the least `Σ logloss + (l2/2)·Σ weight²` (biases free) that L-BFGS finds from seeded first weights, with all rows in
 * every pass. Features, weights and nulls are as in `logisticRegression`; scaling and encoding are folded into the model.
 *
 * The first weights of hidden units are uniform on ±√(6/(inputs + units)) (Glorot & Bengio 2010), those of the output 0, so
 * that the first epoch starts from the base rate. The same seed and rows give the same bits, in whatever order the rows are.
 *
 * There are no standard errors: hidden units may change places and signs without a change of the function, so that weights
 * are not identified. Contributions of features are not offered either. Memory: the feature columns.
 *
 * @throws one-class when the label has one class only; label-as-feature; all-null; unknown-column; invalid-option.
 * Source: Rumelhart, Hinton & Williams (1986), Nature 323; Bishop (1995), Neural Networks for Pattern Recognition, ch. 4, 6, 9.
 * @example
 * const model = neuralNetwork({
 *   label: { column: 'left', churned: 1, horizon: null }, features: ['a', 'b'], hidden: [4], l2: 0.001, earlyStopping: false,
 * }).fit({ left: [0, 1, 1, 0], a: [0, 0, 1, 1], b: [0, 1, 0, 1] });
 * model.fit.size; // 17
 */
export function neuralNetwork<const F extends string, const O extends string = 'churnProbability'>(
  options: NeuralNetworkOptions<F, O>,
): Estimator<NeuralNetworkModel<F, O>> {
  knownOptions(options, 'neuralNetwork', 'label features weight group hidden epochs l2 earlyStopping seed as');
  const chosen = chooseNetwork(options);
  const { label, as = 'churnProbability' as O } = options;
  return {
    kind: neuralNetworkKind,
    labels: [label.column],
    targets: [{ output: as, actual: (data) => outcome(data, label.column, label.churned) }],
    fit(data) {
      const rows = networkRows(data, options, chosen);
      const layers = layersOf(rows.design.width, chosen.hidden);
      const { weights, report } = learn(rows, layers, chosen);
      return {
        kind: 'neuralNetwork',
        version: 1,
        inputs: rows.inputs as readonly Field<string>[] as readonly Field<F>[],
        outputs: [{ name: as, type: 'number', horizon: label.horizon }],
        ...stored(rows, weights, layers),
        fit: report,
      };
    },
  };
}

/** Finds weight decay and number of epochs on held-out rows, then learns from all rows. */
function learn(
  rows: NetworkRows,
  layers: readonly Layer[],
  chosen: ChosenNetwork,
): { readonly weights: Float64Array; readonly report: NeuralNetworkReport } {
  const { design, y, weight, trained, warnings } = rows;
  const { epochs, earlyStopping } = chosen;
  const loss = networkLoss(design, y, weight, layers);
  const [total, events] = weigh(rows, 0, y.length);
  const [trainTotal] = weigh(rows, 0, trained);
  const baseRate = events / total;
  const start = firstWeights(layers, chosen.seed, log(events / (total - events)));
  const judged = trained < y.length;

  const search = (l2: number): Search => {
    const curve: EpochLoss[] = [];
    let best = 0;
    // The loss of the point that the search was at last: when it has accepted one, of that.
    let last = loss.evaluate(start, 0, trained);
    const note = (x: Float64Array, epoch: number): boolean => {
      const train = last / trainTotal;
      const heldOut = judged ? loss.evaluate(x, trained, y.length) / (total - trainTotal) : null;
      curve.push({ epoch, train, heldOut });
      if (heldOut === null || heldOut < curve[best]!.heldOut!) best = epoch;
      return earlyStopping && judged ? epoch - best >= earlyStopping.patience : false;
    };
    note(start, 0);
    const tell = (own: number): void => {
      last = own;
    };
    const options = { maxIterations: epochs, tolerance: TOLERANCE * trainTotal, stop: note };
    const found = minimiseLbfgs(penalised(loss, layers, l2, trained, tell), start, options);
    const patience = earlyStopping ? earlyStopping.patience : Number.POSITIVE_INFINITY;
    return { l2, curve, best, found, stopped: found.converged || (judged && found.iterations - best >= patience) };
  };
  const decays = chosen.l2 !== 'held-out' ? [chosen.l2] : judged ? DECAYS : [UNJUDGED];
  const heldOutLoss = ({ curve, best }: Search): number => curve[best]!.heldOut!;
  // Of equal losses the stronger decay's.
  const { l2, curve, best, found, stopped } = decays
    .map(search)
    .reduce((a, b) => (heldOutLoss(b) < heldOutLoss(a) ? b : a));
  const all = { maxIterations: best, tolerance: TOLERANCE * total };
  const fitted = judged ? minimiseLbfgs(penalised(loss, layers, l2, y.length), start, all) : found;
  return {
    weights: fitted.x,
    report: {
      status: stopped ? 'converged' : 'iteration-limit',
      rows: y.length,
      warnings: stopped ? warnings : [...warnings, `the loss was still falling after ${epochs} epochs: allow more`],
      baseRate,
      size: loss.size,
      l2,
      epochs: fitted.iterations,
      gradientNorm: fitted.gradientNorm / total,
      logLoss: loss.evaluate(fitted.x, 0, y.length) / total,
      heldOut: judged ? { rows: y.length - trained, trainRows: trained, logLoss: curve[best]!.heldOut! } : null,
      curve,
    },
  };
}

/** What was found on the rows not held out, by one weight decay. */
interface Search {
  readonly l2: number;
  readonly curve: readonly EpochLoss[];
  /** The epoch of the lowest held-out loss. */
  readonly best: number;
  readonly found: LbfgsResult;
  readonly stopped: boolean;
}

/** Weight of rows, and that of the events among them. */
function weigh({ y, weight }: NetworkRows, from: number, to: number): readonly [total: number, events: number] {
  let total = 0;
  let events = 0;
  for (let i = from; i < to; i++) {
    const w = weight === undefined ? 1 : weight[i]!;
    total += w;
    events += w * y[i]!;
  }
  return [total, events];
}

/** The loss of the first `to` rows with weight decay; `tell` hears it without. */
export function penalised(
  loss: NetworkLoss,
  layers: readonly Layer[],
  l2: number,
  to: number,
  tell?: (loss: number) => void,
): (x: Float64Array, gradient: Float64Array) => number {
  return (x, gradient) => {
    gradient.fill(0);
    let value = loss.evaluate(x, 0, to, gradient);
    tell?.(value);
    for (const { at, units, width } of layers)
      for (let j = 0; j < units; j++)
        for (let k = at + j * width + 1; k < at + (j + 1) * width; k++) {
          value += (l2 / 2) * x[k]! * x[k]!;
          gradient[k] = gradient[k]! + l2 * x[k]!;
        }
    return value;
  };
}

function firstWeights(layers: readonly Layer[], seed: number, logOdds: number): Float64Array {
  const { at: last } = layers.at(-1)!;
  const weights = new Float64Array(last + layers.at(-1)!.width);
  const random = seededRandom(seed);
  for (const { at, units, width } of layers.slice(0, -1)) {
    const reach = Math.sqrt(6 / (width - 1 + units));
    for (let j = 0; j < units; j++)
      for (let k = 1; k < width; k++) weights[at + j * width + k] = reach * (2 * random.uniform() - 1);
  }
  weights[last] = logOdds;
  return weights;
}

/** The weights as the model holds them, those of the first layer on raw columns. */
function stored(
  { design }: NetworkRows,
  weights: Float64Array,
  layers: readonly Layer[],
): Pick<NeuralNetworkModel, 'first' | 'layers'> {
  const [first, ...others] = unitViews(weights, layers);
  design.columns.forEach(({ name, mean, scale }, j) => {
    const raw = first!.flatMap((own) => [own[j + 1]! / scale, (own[j + 1]! * mean) / scale]);
    if (!raw.every(Number.isFinite))
      fail('invalid-value', `feature "${name}" is too large or too small for float64: rescale it`);
  });
  return {
    first: first!.map((own) => ({
      bias: design.columns.reduce((bias, { mean, scale }, j) => bias - (own[j + 1]! * mean) / scale, own[0]!) + 0,
      terms: design.terms(own.slice(1)),
    })),
    layers: others.map((units) =>
      units.map((own) => ({ bias: own[0]! + 0, weights: Array.from(own.subarray(1), (w) => w + 0) })),
    ),
  };
}
