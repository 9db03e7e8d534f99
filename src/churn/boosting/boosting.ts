import type { Tree } from '../../kernels/tree.ts';
import { exp, log, log1p } from '../../numerics/elementary.ts';
import { type Random, seededRandom } from '../../numerics/random.ts';
import type { BinnedColumn } from './binned-data.ts';
import { type GrowLimits, LeafwiseGrower } from './grow-leafwise.ts';

/** The rows of a fit, in an order that their content alone decides. */
export interface BoostingData {
  readonly columns: readonly BinnedColumn[];
  /** 1 or 0. */
  readonly y: Float64Array;
  readonly weight: Float64Array;
  /** Whether all weights are whole numbers. */
  readonly wholeWeights: boolean;
}

export interface BoostOptions extends Omit<GrowLimits, 'bounded'> {
  /** Shares of rows and of features that each tree is grown on. */
  readonly rowShare: number;
  readonly featureShare: number;
  readonly seed: number;
}

/** Mean log loss after so many rounds. */
export interface RoundLoss {
  readonly round: number;
  readonly train: number;
  readonly heldOut: number | null;
}

export interface Losses {
  readonly train: number;
  readonly heldOut: number | null;
}

/**
 * Boosts trees on `train` by Newton steps on the log loss, a round at a time, and judges each on `heldOut` when there are
 * such rows.
 *
 * Gradients p − y and hessians p(1 − p) are rounded to multiples of a power of 2 that is far below their meaning and such
 * that all sums of them are exact: no order of rows, no merging of parts, and no difference of sums changes a bit.
 */
export class Boosting {
  readonly base: number;
  readonly trees: Tree[] = [];
  readonly heldOut: Int32Array;
  private readonly data: BoostingData;
  private readonly train: Int32Array;
  private readonly weight: number;
  private readonly scores: Float64Array;
  private readonly cells: Float64Array;
  private readonly scale: number;
  private readonly grower: LeafwiseGrower;
  private readonly random: Random;
  private readonly featureShare: number;
  private readonly features: Int32Array;
  private readonly used: Int32Array;
  private readonly carried: Int32Array;

  constructor(data: BoostingData, train: Int32Array, heldOut: Int32Array, options: BoostOptions) {
    const { columns, y } = data;
    let weight = 0;
    let events = 0;
    for (const row of train) {
      weight += data.weight[row]!;
      events += data.weight[row]! * y[row]!;
    }
    this.data = data;
    this.train = train;
    this.heldOut = heldOut;
    this.weight = weight;
    this.base = log(events / (weight - events));
    this.scores = new Float64Array(y.length).fill(this.base);
    this.cells = new Float64Array(3 * y.length);
    this.scale = exactScale(weight);
    this.grower = new LeafwiseGrower(columns, this.cells, y.length, scaled(options, this.scale));
    this.random = seededRandom(options.seed);
    this.featureShare = options.featureShare;
    this.features = Int32Array.from(columns, (_, k) => k).filter((k) => varies(columns[k]!));
    this.used = new Int32Array(Math.ceil(options.rowShare * train.length));
    this.carried = new Int32Array(train.length + heldOut.length - this.used.length);
  }

  /** Σ of the decreases of the loss per feature. */
  get gains(): Float64Array {
    return this.grower.gains;
  }

  /** Mean log losses now. Takes the derivatives that the next tree is grown on. */
  judge(): Losses {
    const { data, train, heldOut, scores, scale, cells, weight } = this;
    return {
      train: derivatives(data, train, scores, scale, cells) / weight,
      heldOut: heldOut.length > 0 ? meanLoss(data, heldOut, scores) : null,
    };
  }

  /** Adds a tree; false when there is no split. */
  grow(): boolean {
    const { train, heldOut, used, carried, random, features, featureShare, scores } = this;
    deal(train, heldOut, used, carried, random);
    const own = featureShare < 1 ? drawn(features, featureShare, random) : features;
    const tree = this.grower.grow(used, carried, own, scores);
    if (tree !== null) this.trees.push(tree);
    return tree !== null;
  }
}

function scaled(options: BoostOptions, scale: number): GrowLimits {
  return {
    ...options,
    minHessian: options.minHessian * scale,
    l2: options.l2 * scale,
    categorySmoothing: options.categorySmoothing * scale,
    minGain: options.minGain * scale,
    bounded: options.directions.some((direction) => direction !== 0),
  };
}

/** The largest power of 2 by which gradients may be multiplied so that sums of their whole parts are exact. */
function exactScale(weight: number): number {
  let scale = 1;
  while (weight * scale <= 2 ** 50) scale *= 2;
  while (weight * scale > 2 ** 51) scale /= 2;
  return scale;
}

/** Whether a feature can be split at all. */
function varies({ bins, codes }: BinnedColumn): boolean {
  return bins > 1 || (bins === 1 && codes.includes(1));
}

/** Fills `[gradient, hessian, weight]` of the rows, and returns their total log loss. */
function derivatives(
  { y, weight, wholeWeights }: BoostingData,
  rows: Int32Array,
  scores: Float64Array,
  scale: number,
  cells: Float64Array,
): number {
  let loss = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const z = scores[row]!;
    const w = weight[row]!;
    const event = y[row]!;
    const e = exp(-Math.abs(z));
    // p − y without the cancellation near 0: −1/(1 + e^z) for an event, 1/(1 + e^−z) for the others.
    const against = event === 1 ? -z : z;
    const miss = (against < 0 ? e : 1) / (1 + e);
    const factor = (1 - 2 * event) * scale;
    const h = e / ((1 + e) * (1 + e));
    // A row of whole weight w gives exactly what w rows of weight 1 give.
    cells[3 * row] = wholeWeights ? w * Math.round(miss * factor) : Math.round(w * miss * factor);
    cells[3 * row + 1] = wholeWeights ? w * Math.round(h * scale) : Math.round(w * h * scale);
    cells[3 * row + 2] = w;
    loss += w * (log1p(e) + Math.max(against, 0));
  }
  return loss;
}

function meanLoss({ y, weight }: BoostingData, rows: Int32Array, scores: Float64Array): number {
  let loss = 0;
  let total = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const z = scores[row]!;
    const w = weight[row]!;
    loss += w * (log1p(exp(-Math.abs(z))) + Math.max(y[row] === 1 ? -z : z, 0));
    total += w;
  }
  return loss / total;
}

/** Draws the rows of a tree, in their order (selection sampling: Knuth 1969, algorithm 3.4.2 S); the others are carried. */
function deal(train: Int32Array, heldOut: Int32Array, used: Int32Array, carried: Int32Array, random: Random): void {
  carried.set(heldOut);
  if (used.length === train.length) {
    used.set(train);
    return;
  }
  let taken = 0;
  let left = heldOut.length;
  for (let i = 0; i < train.length; i++) {
    if (random.uniform() * (train.length - i) < used.length - taken) used[taken++] = train[i]!;
    else carried[left++] = train[i]!;
  }
}

/** Some of the features, ascending. */
function drawn(features: Int32Array, share: number, random: Random): Int32Array {
  const pool = features.slice();
  const count = Math.ceil(share * pool.length);
  for (let k = 0; k < count; k++) {
    const other = k + random.below(pool.length - k);
    const held = pool[other]!;
    pool[other] = pool[k]!;
    pool[k] = held;
  }
  return pool.subarray(0, count).sort();
}
