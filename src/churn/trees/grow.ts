import type { Random } from '../../numerics/random.ts';
import { type Bins, type Criterion, type Cut, searchCuts } from './best-split.ts';
import { countBins, makeBins, orderByShare, sortedBins, thresholdAfter } from './node-bins.ts';
import { type GrownSurrogate, rankSurrogates } from './surrogates.ts';
import type { Mass, TrainingColumn, TrainingData } from './training-data.ts';

export interface GrowOptions {
  readonly criterion: Criterion;
  readonly maxDepth: number;
  /** Least weight of a leaf. */
  readonly minLeaf: number;
  /** How many features each split may choose among, drawn anew at every node. Absent: all of them. */
  readonly draw?: { readonly count: number; readonly random: Random };
}

/** A test of a node: numbers up to the threshold, or the listed levels, go left. */
export interface Test {
  readonly feature: number;
  readonly threshold: number;
  /** Level codes, ascending; null for a number. */
  readonly levels: readonly number[] | null;
}

/** A node as it was grown, in preorder: node 0 is the root, children come after parents. */
export interface GrownNode {
  readonly depth: number;
  /** In units of the fit's `Mass`. */
  readonly weight: number;
  readonly events: number;
  /** Null: a leaf. */
  split: GrownSplit | null;
}
export interface GrownSplit extends Test {
  readonly nullLeft: boolean;
  readonly surrogates: readonly GrownSurrogate[];
  /** Decrease of Σ weight·impurity, in units of `Mass`. */
  readonly gain: number;
  readonly left: number;
  readonly right: number;
}

/**
 * Grows a tree on the rows with weight: every node takes the split that decreases the impurity most, however little,
 * until it is pure, as deep as allowed, or has no split that leaves `minLeaf` on both sides. Of equal splits the one on
 * the earlier feature, then the lower threshold, is taken. Exact: every cut between two values of the node is looked at.
 */
export function grow(data: TrainingData, mass: Mass, options: GrowOptions): readonly GrownNode[] {
  return new Grower(data, mass, options).nodes;
}

/** A node's rows are side by side in `rows`, and in the order of every sorted feature. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

class Grower {
  readonly nodes: GrownNode[] = [];
  private readonly data: TrainingData;
  private readonly mass: Mass;
  private readonly options: GrowOptions;
  private readonly least: number;
  private readonly rows: Int32Array;
  private readonly orders: readonly (Int32Array | null)[];
  private readonly bins: Bins;
  private readonly counts: Float64Array;
  private readonly features: Int32Array;
  private readonly cut: Cut = { gain: -1, bin: -1, nullLeft: true };
  /** 1 where a row goes left. */
  private readonly side: Uint8Array;
  private readonly scratch: Int32Array;
  /** `[weight, weight if it goes left]` for the search of surrogates. */
  private readonly imitated: Float64Array;

  constructor(data: TrainingData, mass: Mass, options: GrowOptions) {
    this.data = data;
    this.mass = mass;
    this.options = options;
    this.least = options.minLeaf * mass.unit;
    const all = Int32Array.from({ length: data.rows }, (_, row) => row);
    this.rows = weighted(all, mass.cells);
    this.orders = data.columns.map(({ order }) => order && weighted(order, mass.cells));
    const widest = data.columns.reduce((most, { size, order }) => (order ? most : Math.max(most, size)), 0);
    this.bins = makeBins(Math.max(widest, this.rows.length));
    this.counts = new Float64Array(2 * widest);
    this.features = Int32Array.from(data.columns, (_, k) => k);
    this.side = new Uint8Array(data.rows);
    this.scratch = new Int32Array(this.rows.length);
    this.imitated = new Float64Array(data.columns.some(({ surrogate }) => surrogate) ? 2 * data.rows : 0);
    const ends = Int32Array.from(this.orders, (order) => order?.length ?? 0);
    const whole = { from: 0, to: this.rows.length, starts: new Int32Array(ends.length), ends };
    this.build(whole, 0, ...this.totals(0, this.rows.length));
  }

  private build(part: Part, depth: number, weight: number, events: number): number {
    const node: GrownNode = { depth, weight, events, split: null };
    const own = this.nodes.push(node) - 1;
    if (this.ends(depth, weight, events)) return own;
    const feature = this.choose(part, weight, events);
    if (feature < 0) return own;
    const { gain } = this.cut;
    const chosen = this.take(part, feature);
    const middle = divide(this.rows, part.from, part.to, this.side, this.scratch);
    const [leftWeight, leftEvents] = this.totals(part.from, middle);
    const rightWeight = weight - leftWeight;
    const rightEvents = events - leftEvents;
    const { starts, ends } = part;
    const middles = starts.slice();
    if (!this.ends(depth + 1, leftWeight, leftEvents) || !this.ends(depth + 1, rightWeight, rightEvents))
      for (let k = 0; k < middles.length; k++) {
        const order = this.orders[k]!;
        if (order !== null) middles[k] = divide(order, starts[k]!, ends[k]!, this.side, this.scratch);
      }
    const left = this.build({ from: part.from, to: middle, starts, ends: middles }, depth + 1, leftWeight, leftEvents);
    const right = this.build({ from: middle, to: part.to, starts: middles, ends }, depth + 1, rightWeight, rightEvents);
    node.split = { ...chosen, gain, left, right };
    return own;
  }

  /** Whether a node is a leaf without a look at its rows. */
  private ends(depth: number, weight: number, events: number): boolean {
    return depth >= this.options.maxDepth || events === 0 || events === weight || weight < 2 * this.least;
  }

  private totals(from: number, to: number): [number, number] {
    const { cells } = this.mass;
    let weight = 0;
    let events = 0;
    for (let i = from; i < to; i++) {
      const at = 2 * this.rows[i]!;
      weight += cells[at]!;
      events += cells[at + 1]!;
    }
    return [weight, events];
  }

  /** The feature of the best cut, which `cut` tells; −1 when there is none. */
  private choose(part: Part, weight: number, events: number): number {
    const { cut, features } = this;
    const { draw } = this.options;
    cut.gain = -1;
    let best = -1;
    // A feature that is constant in the node does not count as drawn.
    let wanted = draw?.count ?? features.length;
    for (let k = 0; k < features.length && wanted > 0; k++) {
      if (draw) {
        const other = k + draw.random.below(features.length - k);
        const held = features[other]!;
        features[other] = features[k]!;
        features[k] = held;
      }
      const feature = features[k]!;
      const varies = this.search(part, feature, weight, events);
      if (varies) wanted--;
      if (this.improved) best = feature;
    }
    return best;
  }
  private improved = false;

  /** Looks at the cuts of one feature; false when the feature is constant here. */
  private search(part: Part, feature: number, weight: number, events: number): boolean {
    const { bins, cut } = this;
    const column = this.data.columns[feature]!;
    this.fill(part, feature, this.mass.cells);
    let knownWeight = 0;
    let knownEvents = 0;
    for (let b = 0; b < bins.count; b++) {
      knownWeight += bins.weight[b]!;
      knownEvents += bins.events[b]!;
    }
    const nullWeight = column.surrogate ? 0 : weight - knownWeight;
    const nullEvents = column.surrogate ? 0 : events - knownEvents;
    this.improved = false;
    if (bins.count + (nullWeight > 0 ? 1 : 0) < 2) return false;
    if (column.values === null) orderByShare(bins);
    this.improved = searchCuts(bins, nullWeight, nullEvents, this.least, this.options.criterion, cut);
    return true;
  }

  private fill({ from, to, starts, ends }: Part, feature: number, cells: Float64Array): void {
    const { codes, size } = this.data.columns[feature]!;
    const order = this.orders[feature]!;
    if (order === null) countBins(codes, size, cells, this.rows, from, to, this.counts, this.bins);
    else sortedBins(codes, cells, order, starts[feature]!, ends[feature]!, this.bins);
  }

  /** Turns the best cut into a split and marks in `side` where each row goes. */
  private take(part: Part, feature: number): Omit<GrownSplit, 'gain' | 'left' | 'right'> {
    const { bins, cut, side, rows } = this;
    const { cells } = this.mass;
    const column = this.data.columns[feature]!;
    this.fill(part, feature, cells);
    if (column.values === null) orderByShare(bins);
    const goesLeft = new Uint8Array(column.values === null ? column.size : 0);
    for (let b = 0; b <= cut.bin; b++) if (column.values === null) goesLeft[bins.code[b]!] = 1;
    const last = bins.code[cut.bin] ?? -1;
    let leftWeight = 0;
    let rightWeight = 0;
    let nulls = 0;
    for (let i = part.from; i < part.to; i++) {
      const row = rows[i]!;
      const code = column.codes[row]!;
      if (code < 0) {
        nulls++;
        continue;
      }
      const left = column.values === null ? goesLeft[code]! : code <= last ? 1 : 0;
      side[row] = left;
      if (left === 1) leftWeight += cells[2 * row]!;
      else rightWeight += cells[2 * row]!;
    }
    const majorityLeft = leftWeight >= rightWeight;
    const nullLeft = nulls > 0 && !column.surrogate ? cut.nullLeft : majorityLeft;
    const threshold = column.values === null ? 0 : thresholdAfter(column, bins, cut.bin);
    const allLeft = cut.bin + 1 === bins.count;
    if (column.values === null) {
      // Levels that no row of the node has go where the most rows go.
      const here = new Uint8Array(column.size);
      for (let b = 0; b < bins.count; b++) here[bins.code[b]!] = 1;
      for (let code = 0; code < goesLeft.length; code++)
        if (here[code] === 0) goesLeft[code] = allLeft || majorityLeft ? 1 : 0;
    }
    const levels = column.values === null ? codesOf(goesLeft) : null;
    const surrogates = column.surrogate ? this.imitate(part, feature, leftWeight, rightWeight) : [];
    if (nulls > 0) this.sendNulls(part, column, surrogates, nullLeft);
    return { feature, threshold, levels, nullLeft, surrogates };
  }

  private imitate(part: Part, feature: number, left: number, right: number): readonly GrownSurrogate[] {
    const { rows, side, imitated } = this;
    const { cells } = this.mass;
    const { codes } = this.data.columns[feature]!;
    for (let i = part.from; i < part.to; i++) {
      const row = rows[i]!;
      const weight = codes[row]! < 0 ? 0 : cells[2 * row]!;
      imitated[2 * row] = weight;
      imitated[2 * row + 1] = side[row] === 1 ? weight : 0;
    }
    return rankSurrogates(this.data.columns, feature, left, right, this.mass.unit, (other) => {
      this.fill(part, other, imitated);
      return this.bins;
    });
  }

  private sendNulls(
    part: Part,
    column: TrainingColumn,
    surrogates: readonly GrownSurrogate[],
    nullLeft: boolean,
  ): void {
    const { rows, side } = this;
    for (let i = part.from; i < part.to; i++) {
      const row = rows[i]!;
      if (column.codes[row]! >= 0) continue;
      const stand = standIn(this.data.columns, surrogates, row);
      side[row] = (stand ?? nullLeft) ? 1 : 0;
    }
  }
}

/** Whether a row goes left at a split; `columns` hold the row. */
export function goesLeft(columns: readonly TrainingColumn[], split: GrownSplit, row: number): boolean {
  return passes(columns, split, row) ?? standIn(columns, split.surrogates, row) ?? split.nullLeft;
}

function passes(columns: readonly TrainingColumn[], { feature, threshold, levels }: Test, row: number): boolean | null {
  const { codes, values } = columns[feature]!;
  const code = codes[row]!;
  if (code < 0) return null;
  return levels === null ? values![code]! <= threshold : levels.includes(code);
}

function standIn(
  columns: readonly TrainingColumn[],
  surrogates: readonly GrownSurrogate[],
  row: number,
): boolean | null {
  for (const surrogate of surrogates) {
    const low = passes(columns, surrogate, row);
    if (low !== null) return low !== surrogate.reversed;
  }
  return null;
}

function weighted(rows: Int32Array, cells: Float64Array): Int32Array {
  const out = new Int32Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    out[count] = row;
    count += cells[2 * row]! > 0 ? 1 : 0;
  }
  return out.slice(0, count);
}

/** Brings the rows that go left before the others, each in their order; returns where the others begin. */
function divide(rows: Int32Array, from: number, to: number, side: Uint8Array, scratch: Int32Array): number {
  let left = from;
  let right = 0;
  for (let i = from; i < to; i++) {
    const row = rows[i]!;
    const goes = side[row]!;
    // Both are written and one is kept, so that nothing depends on a guess.
    rows[left] = row;
    scratch[right] = row;
    left += goes;
    right += 1 - goes;
  }
  for (let i = 0; i < right; i++) rows[left + i] = scratch[i]!;
  return left;
}

function codesOf(flags: Uint8Array): readonly number[] {
  const out: number[] = [];
  for (let code = 0; code < flags.length; code++) if (flags[code] === 1) out.push(code);
  return out;
}
