import type { Tree } from '../../kernels/tree.ts';
import { kernelsOf, plainRoom, type Room, roomFor } from '../../kernels/wasm/room.ts';
import { exp, log, log1p } from '../../numerics/elementary.ts';
import { type Random, seededRandom } from '../../numerics/random.ts';
import type { BinnedColumn, BinnedRows } from './binned-data.ts';
import { CELL } from './cell.ts';
import { type GrowLimits, growBytes, LeafwiseGrower } from './grow-leafwise.ts';
import type { Packing } from './histogram.ts';

/** The rows of a fit, in an order that their content alone decides. */
export interface BoostingData {
  readonly binned: BinnedRows;
  /** 1 or 0. */
  readonly y: Float64Array;
  readonly weight: Float64Array;
  /** Whether all weights are whole numbers. */
  readonly wholeWeights: boolean;
}

/** Bytes that boosting of so many rows takes beside the data, features of so many bins at most. */
export function boostingBytes(rows: number, bins: readonly number[], leaves: number): number {
  return roomFor(8 * rows) + roomFor(8 * CELL * rows) + 4 * roomFor(4 * rows) + growBytes(rows, bins, leaves);
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
  private readonly product: Float64Array;
  private readonly unitWeights: boolean;
  private readonly packing: Packing;
  private readonly scale: number;
  private readonly grower: LeafwiseGrower;
  private readonly random: Random;
  private readonly featureShare: number;
  private readonly features: Int32Array;
  private readonly used: Int32Array;
  private readonly carried: Int32Array;

  constructor(
    data: BoostingData,
    train: Int32Array,
    heldOut: Int32Array,
    options: BoostOptions,
    room: Room = plainRoom,
  ) {
    const { y } = data;
    const { columns } = data.binned;
    let weight = 0;
    let events = 0;
    let unitWeights = true;
    for (let i = 0; i < train.length; i++) {
      const row = train[i]!;
      weight += data.weight[row]!;
      events += data.weight[row]! * y[row]!;
      unitWeights &&= data.weight[row] === 1;
    }
    this.unitWeights = unitWeights;
    this.data = data;
    this.train = room.int32(train.length);
    this.train.set(train);
    this.heldOut = heldOut;
    this.weight = weight;
    this.base = log(events / (weight - events));
    this.scores = room.float64(y.length).fill(this.base);
    this.cells = room.float64(CELL * y.length);
    this.product = room.float64(1);
    this.scale = exactScale(weight);
    this.packing = packingOf(weight);
    this.random = seededRandom(options.seed);
    this.featureShare = options.featureShare;
    this.features = Int32Array.from(columns, (_, k) => k).filter((k) => varies(columns[k]!));
    this.used = room.int32(Math.ceil(options.rowShare * train.length));
    this.carried = room.int32(train.length + heldOut.length - this.used.length);
    const inWasm =
      kernelsOf(this.train, y, this.scores, this.cells, this.product, this.used, this.carried) !== undefined;
    const packing = unitWeights && weight <= MOST_PACKED ? this.packing : 'wide';
    this.grower = new LeafwiseGrower(
      data.binned,
      this.cells,
      y.length,
      scaled(options, this.scale),
      inWasm ? packing : null,
      room,
    );
    if (!this.grower.packed) for (const row of train) this.cells[CELL * row + 2] = data.weight[row]!;
  }

  /** Σ of the decreases of the loss per feature. */
  get gains(): Float64Array {
    return this.grower.gains;
  }

  /** Whether WASM adds up the rows. */
  get inWasm(): boolean {
    return this.grower.inWasm;
  }

  /** Mean log losses now. Takes the derivatives that the next tree is grown on. */
  judge(): Losses {
    const { data, train, heldOut, scores, scale, cells, weight, unitWeights, product, packing, grower } = this;
    return {
      train:
        (unitWeights
          ? plainDerivatives(data.y, train, scores, scale, packing, cells, product, grower.packed)
          : weightedDerivatives(data, train, scores, scale, packing.unit, cells)) / weight,
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

/** Beyond so many rows a packed hessian would have too few digits. */
const MOST_PACKED = 2 ** 20;

/** Counts up to `weight` in the lowest bits, and above them hessians whose sums stay below 2^62. */
function packingOf(weight: number): Packing {
  if (weight > MOST_PACKED) return { bits: 0, unit: 1 };
  let bits = 1;
  while (2 ** bits <= weight) bits++;
  // Hessians are at most a quarter of the gradients, which add up to 2^51 at most.
  return { bits, unit: 2 ** Math.max(0, bits - 12) };
}

/** Whether a feature can be split at all. */
function varies({ bins, codes }: BinnedColumn): boolean {
  return bins > 1 || (bins === 1 && codes.includes(1));
}

/** Rows whose Π(1 + e^−|z|) stays below 2^1024, so that one logarithm serves them. */
const RUN = 512;

/** Fills gradient and hessian of the rows, all of weight 1, and returns their total log loss. */
function plainDerivatives(
  y: Float64Array,
  rows: Int32Array,
  scores: Float64Array,
  scale: number,
  { bits, unit }: Packing,
  cells: Float64Array,
  product: Float64Array,
  packed: boolean,
): number {
  const wasm = packed ? kernelsOf(rows, y, scores, cells, product) : undefined;
  let loss = 0;
  for (let from = 0; from < rows.length; from += RUN) {
    const count = Math.min(RUN, rows.length - from);
    const linear = wasm
      ? wasm.lossDerivatives(
          rows.byteOffset + 4 * from,
          count,
          scores.byteOffset,
          y.byteOffset,
          scale,
          scale / unit,
          bits,
          cells.byteOffset,
          product.byteOffset,
        )
      : lossDerivatives(rows, from, count, scores, y, scale, unit, cells, product);
    loss += linear + log(product[0]!);
  }
  return loss;
}

/** 1.5 · 2⁵²: adding and subtracting it rounds to a whole number. */
const TO_WHOLE = 6755399441055744;

/** The sum of what is linear in the scores, even and odd places apart; Π(1 + e^−|z|) is left in `product`. */
function lossDerivatives(
  rows: Int32Array,
  from: number,
  count: number,
  scores: Float64Array,
  y: Float64Array,
  scale: number,
  unit: number,
  cells: Float64Array,
  product: Float64Array,
): number {
  let even = 0;
  let odd = 0;
  let evens = 1;
  let odds = 1;
  for (let i = 0; i < count; i++) {
    const row = rows[from + i]!;
    const z = scores[row]!;
    const sign = 1 - 2 * y[row]!;
    const e = exp(-Math.abs(z));
    // p − y without the cancellation near 0: −1/(1 + e^z) for an event, 1/(1 + e^−z) for the others.
    const against = z * sign;
    const both = 1 + e;
    const miss = (against < 0 ? e : 1) / both;
    cells[CELL * row] = rounded(miss * (sign * scale));
    cells[CELL * row + 1] = unit * rounded((e / (both * both)) * (scale / unit));
    const linear = against > 0 ? against : 0;
    if (i % 2 === 0) {
      even += linear;
      evens *= both;
    } else {
      odd += linear;
      odds *= both;
    }
  }
  product[0] = evens * odds;
  return even + odd;
}

/** As {@link plainDerivatives}, for any weights. */
function weightedDerivatives(
  { y, weight, wholeWeights }: BoostingData,
  rows: Int32Array,
  scores: Float64Array,
  scale: number,
  unit: number,
  cells: Float64Array,
): number {
  let loss = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const z = scores[row]!;
    const w = weight[row]!;
    const sign = 1 - 2 * y[row]!;
    const e = exp(-Math.abs(z));
    const against = z * sign;
    const miss = (against < 0 ? e : 1) / (1 + e);
    const factor = sign * scale;
    const h = e / ((1 + e) * (1 + e));
    // A row of whole weight w gives exactly what w rows of weight 1 give.
    cells[CELL * row] = wholeWeights ? w * rounded(miss * factor) : rounded(w * miss * factor);
    cells[CELL * row + 1] = wholeWeights
      ? w * unit * rounded((h * scale) / unit)
      : unit * rounded((w * h * scale) / unit);
    loss += w * (log1p(e) + Math.max(against, 0));
  }
  return loss;
}

/** To the nearest whole number, half to even. */
function rounded(x: number): number {
  return x + TO_WHOLE - TO_WHOLE;
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
