import type { Tree } from '../../kernels/tree.ts';
import { kernelsOf, type Room, roomFor } from '../../kernels/wasm/room.ts';
import type { BinnedColumn, BinnedRows } from './binned-data.ts';
import { CELL } from './cell.ts';
import { CODES, Histograms, histogramBytes, type Packing } from './histogram.ts';
import { type Cut, Leaf } from './leaf.ts';
import { fillGroups, leafValue, makeGroups, type SearchLimits, score, searchFeature } from './split-search.ts';
import { TreeUnderWay } from './tree-under-way.ts';

export interface GrowLimits extends SearchLimits {
  readonly leaves: number;
  readonly maxDepth: number;
  /** Least decrease of the loss by a split. */
  readonly minGain: number;
  readonly learningRate: number;
  /** Per feature 1, −1 or 0. */
  readonly directions: Int8Array;
}

/** Score, gradient, hessian, weight and bin of a cut. */
const BEST = 5;
/** Bytes that growing trees on so many rows takes, features of so many bins. */
export function growBytes(rows: number, bins: readonly number[], leaves: number): number {
  return roomFor(4 * rows) + roomFor(CODES) + roomFor(8 * BEST) + histogramBytes(bins, leaves + 1);
}

/**
 * Grows trees leaf by leaf: the leaf whose best split takes most from the loss is split, until there are `leaves` of them.
 * Of two siblings the one with fewer rows is summed up, the other is the difference; the sums are whole numbers, so that
 * the difference is exact.
 */
export class LeafwiseGrower {
  private readonly columns: readonly BinnedColumn[];
  /** `[gradient, hessian, weight]` of every row, whole numbers. */
  private readonly cells: Float64Array;
  private readonly limits: GrowLimits;
  private readonly histograms: Histograms;
  private readonly groups = makeGroups();
  private readonly side: Uint8Array;
  private readonly found: Float64Array;
  /** Whether cuts of numbers are looked for in WASM. */
  private readonly cutsInWasm: boolean;
  private readonly scratch: Int32Array;
  /** Per feature, Σ of the decreases of the loss by its splits, in units of the fit. */
  readonly gains: Float64Array;

  constructor(
    binned: BinnedRows,
    cells: Float64Array,
    rows: number,
    limits: GrowLimits,
    packing: Packing | 'wide' | null,
    room: Room,
  ) {
    this.columns = binned.columns;
    this.cells = cells;
    this.limits = limits;
    this.histograms = new Histograms(binned, cells, limits.leaves + 1, packing, room);
    this.side = room.uint8(CODES);
    this.found = room.float64(BEST);
    this.cutsInWasm = this.packed && !limits.bounded && kernelsOf(cells, this.found) !== undefined;
    this.scratch = room.int32(rows);
    this.gains = new Float64Array(binned.columns.length);
  }

  /** Whether WASM adds up the rows. */
  get inWasm(): boolean {
    return this.histograms.inWasm;
  }

  /** Whether the cells of rows are to be packed. */
  get packed(): boolean {
    return this.histograms.packed;
  }

  /**
   * Grows a tree on `rows` and adds its values to the `scores` of these and of the rows `carried`. Both lists are reordered.
   * Null when there is no split.
   */
  grow(rows: Int32Array, carried: Int32Array, features: Int32Array, scores: Float64Array): Tree | null {
    const { limits, histograms } = this;
    histograms.use(features);
    const tree = new TreeUnderWay();
    const leaves: Leaf[] = [this.root(rows, carried, features)];
    while (leaves.length < limits.leaves) {
      let at = -1;
      for (let k = 0; k < leaves.length; k++) {
        const { cut } = leaves[k]!;
        if (cut !== null && (at < 0 || cut.gain > leaves[at]!.cut!.gain)) at = k;
      }
      if (at < 0) break;
      const last = leaves.length + 1 === limits.leaves;
      const [left, right] = this.split(tree, leaves[at]!, at, leaves.length, rows, carried, features, last);
      leaves[at] = left;
      leaves.push(right);
    }
    for (const { histogram } of leaves) if (histogram !== null) histograms.free(histogram);
    if (leaves.length === 1) return null;
    const { l2, learningRate } = limits;
    const values = leaves.map(
      ({ gradient, hessian, low, high }) => learningRate * leafValue(gradient, hessian, l2, low, high) + 0,
    );
    leaves.forEach((leaf, k) => {
      const value = values[k]!;
      addTo(scores, rows, leaf.from, leaf.to, value);
      addTo(scores, carried, leaf.carriedFrom, leaf.carriedTo, value);
    });
    return tree.finish(
      values,
      leaves.map(({ weight }) => weight),
    );
  }

  private root(rows: Int32Array, carried: Int32Array, features: Int32Array): Leaf {
    const histogram = this.inWasm ? this.histograms.of(rows, 0, rows.length) : null;
    const { gradient, hessian, weight } = this.sums(histogram, rows, features);
    const ranges = [0, rows.length, 0, carried.length] as const;
    const bounds = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
    const leaf = new Leaf(-1, true, 0, ...ranges, gradient, hessian, weight, ...bounds);
    leaf.histogram = histogram;
    if (this.ends(leaf)) return leaf;
    leaf.histogram ??= this.histograms.of(rows, leaf.from, leaf.to);
    leaf.cut = this.search(leaf, features);
    return leaf;
  }

  /** Over all rows; every feature's bins add up to it. */
  private sums(
    histogram: Float64Array | null,
    rows: Int32Array,
    features: Int32Array,
  ): { gradient: number; hessian: number; weight: number } {
    const of = { gradient: 0, hessian: 0, weight: 0 };
    const add = (cells: Float64Array, at: number): void => {
      of.gradient += cells[at]!;
      of.hessian += cells[at + 1]!;
      of.weight += cells[at + 2]!;
    };
    if (histogram === null) for (let i = 0; i < rows.length; i++) add(this.cells, CELL * rows[i]!);
    else if (features.length > 0) {
      const cells = this.histograms.read(features[0]!, histogram);
      const start = this.histograms.start(features[0]!);
      for (let bin = 0; bin <= this.columns[features[0]!]!.bins; bin++) add(cells, start + CELL * bin);
    }
    return of;
  }

  /** Whether a leaf stays one, without a look at its rows. */
  private ends({ weight, hessian, depth }: Leaf): boolean {
    const { minLeaf, minHessian, maxDepth } = this.limits;
    return weight < 2 * minLeaf || hessian < 2 * minHessian || depth >= maxDepth;
  }

  private fill(feature: number, histogram: Float64Array): void {
    const { categorySmoothing } = this.limits;
    const { histograms, groups } = this;
    const cells = histograms.read(feature, histogram);
    fillGroups(this.columns[feature]!, cells, histograms.start(feature), categorySmoothing, groups);
  }

  private search(leaf: Leaf, features: Int32Array): Cut | null {
    const { columns, groups, limits } = this;
    const best: Cut = {
      score: Number.NEGATIVE_INFINITY,
      feature: -1,
      group: -1,
      nullLeft: false,
      gradient: 0,
      hessian: 0,
      weight: 0,
      gain: 0,
    };
    for (let k = 0; k < features.length; k++) {
      const feature = features[k]!;
      const category = columns[feature]!.levels !== null;
      if (this.cutsInWasm && !category) {
        let end = k + 1;
        while (end < features.length && columns[features[end]!]!.levels === null) end++;
        this.searchNumbers(leaf, features, k, end - k, best);
        k = end - 1;
        continue;
      }
      this.fill(feature, leaf.histogram!);
      searchFeature(feature, category, groups, leaf, limits, limits.directions[feature]!, best);
    }
    if (best.group < 0 && best.feature >= 0) {
      this.fill(best.feature, leaf.histogram!);
      best.group = groups.bin.indexOf(~best.group);
    }
    best.gain = (best.score - score(leaf.gradient, leaf.hessian, limits.l2, leaf.low, leaf.high)) / 2;
    // What rounding alone may leave of a useless cut is none.
    return best.gain > limits.minGain && best.gain > 1e-12 * best.score ? best : null;
  }

  /** As {@link searchFeature}, in WASM, for `count` numbers from the `first` feature on; of what it finds the group is ~bin. */
  private searchNumbers(leaf: Leaf, features: Int32Array, first: number, count: number, best: Cut): void {
    const { found } = this;
    found[0] = best.score;
    const told = this.histograms.bestCuts(leaf.histogram!, first, count, leaf, this.limits, found);
    if (told === 0) return;
    best.score = found[0];
    best.feature = features[first + (told >> 2)]!;
    best.gradient = found[1]!;
    best.hessian = found[2]!;
    best.weight = found[3]!;
    best.group = ~found[4]!;
    best.nullLeft = (told & 3) === 2;
  }

  /** Splits a leaf; the left one takes its number `own`, the right one is number `next`. */
  private split(
    tree: TreeUnderWay,
    leaf: Leaf,
    own: number,
    next: number,
    rows: Int32Array,
    carried: Int32Array,
    features: Int32Array,
    last: boolean,
  ): readonly [Leaf, Leaf] {
    const cut = leaf.cut!;
    this.gains[cut.feature] = this.gains[cut.feature]! + cut.gain;
    const parent = this.store(tree, leaf, cut, own, next);
    const { codes } = this.columns[cut.feature]!;
    const middle = divide(rows, leaf.from, leaf.to, codes, this.side, this.scratch);
    const carriedMiddle = divide(carried, leaf.carriedFrom, leaf.carriedTo, codes, this.side, this.scratch);
    const bounds = this.bounds(leaf, cut);
    const left = new Leaf(
      parent,
      true,
      leaf.depth + 1,
      leaf.from,
      middle,
      leaf.carriedFrom,
      carriedMiddle,
      cut.gradient,
      cut.hessian,
      cut.weight,
      bounds.left.low,
      bounds.left.high,
    );
    const right = new Leaf(
      parent,
      false,
      leaf.depth + 1,
      middle,
      leaf.to,
      carriedMiddle,
      leaf.carriedTo,
      leaf.gradient - cut.gradient,
      leaf.hessian - cut.hessian,
      leaf.weight - cut.weight,
      bounds.right.low,
      bounds.right.high,
    );
    this.searchBoth(leaf, left, right, rows, features, last);
    return [left, right];
  }

  private searchBoth(leaf: Leaf, left: Leaf, right: Leaf, rows: Int32Array, features: Int32Array, last: boolean): void {
    const { histograms } = this;
    const whole = leaf.histogram!;
    if (last || (this.ends(left) && this.ends(right))) {
      histograms.free(whole);
      return;
    }
    const leftIsSmall = left.to - left.from <= right.to - right.from;
    const small = leftIsSmall ? left : right;
    const large = leftIsSmall ? right : left;
    small.histogram = histograms.of(rows, small.from, small.to);
    if (!this.ends(small)) small.cut = this.search(small, features);
    if (!this.ends(large)) {
      histograms.subtract(whole, small.histogram);
      large.histogram = whole;
      large.cut = this.search(large, features);
    } else histograms.free(whole);
    for (const child of [small, large])
      if (child.cut === null && child.histogram !== null) {
        histograms.free(child.histogram);
        child.histogram = null;
      }
  }

  /** Parts the bounds of a leaf at the middle of its children's values where the split's feature has a direction. */
  private bounds(leaf: Leaf, cut: Cut): { readonly left: Bounds; readonly right: Bounds } {
    const { low, high } = leaf;
    const direction = this.limits.directions[cut.feature]!;
    const whole = { low, high };
    // After `store` the groups are those of the cut.
    if (direction === 0 || cut.group + 1 === this.groups.count) return { left: whole, right: whole };
    const { l2 } = this.limits;
    const { gradient, hessian } = cut;
    const left = leafValue(gradient, hessian, l2, low, high);
    const right = leafValue(leaf.gradient - gradient, leaf.hessian - hessian, l2, low, high);
    const middle = (left + right) / 2;
    const below = { low, high: middle };
    const above = { low: middle, high };
    return direction > 0 ? { left: below, right: above } : { left: above, right: below };
  }

  /** Writes a split into the tree, and where each bin goes into `side`. Unoccupied bins go with the majority. */
  private store(tree: TreeUnderWay, leaf: Leaf, cut: Cut, own: number, next: number): number {
    const { groups, side, histograms } = this;
    const { bins, edges, levels } = this.columns[cut.feature]!;
    this.fill(cut.feature, leaf.histogram!);
    const majority = 2 * cut.weight >= leaf.weight ? 1 : 0;
    if (edges === null) {
      side.fill(majority);
      for (let k = 0; k < groups.count; k++) side[groups.bin[k]!] = k <= cut.group ? 1 : 0;
      const subset = levels!.flatMap((codes, bin) => (side[bin] === 1 ? codes : [])).sort((a, b) => a - b);
      return tree.add(cut.feature, tree.subset(subset), side[bins]!, leaf, own, next);
    }
    const cells = histograms.read(cut.feature, leaf.histogram!);
    const nulls = cells[histograms.start(cut.feature) + CELL * bins + 2]! > 0;
    const nullLeft = nulls ? Number(cut.nullLeft) : majority;
    const bin = groups.bin[cut.group]!;
    const after = cut.group + 1 < groups.count ? groups.bin[cut.group + 1]! : -1;
    // Between occupied bins the middle edge is taken; past the last value only nulls go right.
    const edge = after < 0 ? bins - 1 : bin + ((after - bin - 1) >> 1);
    for (let b = 0; b < bins; b++) side[b] = b <= edge ? 1 : 0;
    side[bins] = nullLeft;
    return tree.add(cut.feature, after < 0 ? Number.MAX_VALUE : edges[edge]!, nullLeft, leaf, own, next);
  }
}

interface Bounds {
  readonly low: number;
  readonly high: number;
}

function addTo(scores: Float64Array, rows: Int32Array, from: number, to: number, value: number): void {
  const wasm = kernelsOf(scores, rows);
  if (wasm && to > from) {
    wasm.addToScores(rows.byteOffset + 4 * from, to - from, scores.byteOffset, value);
    return;
  }
  for (let i = from; i < to; i++) scores[rows[i]!] = scores[rows[i]!]! + value;
}

/** Brings the rows that go left before the others, each in their order; returns where the others begin. */
function divide(
  rows: Int32Array,
  from: number,
  to: number,
  codes: Uint8Array,
  side: Uint8Array,
  scratch: Int32Array,
): number {
  const wasm = kernelsOf(rows, codes, side, scratch);
  if (wasm && to > from)
    return (
      from +
      wasm.divideRows(rows.byteOffset + 4 * from, to - from, codes.byteOffset, side.byteOffset, scratch.byteOffset)
    );
  let left = from;
  let right = 0;
  for (let i = from; i < to; i++) {
    const row = rows[i]!;
    const goes = side[codes[row]!]!;
    // Both are written and one is kept, so that nothing depends on a guess.
    rows[left] = row;
    scratch[right] = row;
    left += goes;
    right += 1 - goes;
  }
  for (let i = 0; i < right; i++) rows[left + i] = scratch[i]!;
  return left;
}
