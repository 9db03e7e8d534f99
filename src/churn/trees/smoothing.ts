import { calibrationLine } from '../metrics.ts';
import { contentFolds } from './content-order.ts';
import { type GrowOptions, goesLeft, grow } from './grow.ts';
import { collapsePoints } from './prune.ts';
import type { TrainingData } from './training-data.ts';
import type { TreeInput } from './tree-options.ts';

const FOLDS = 5;
/** Least smoothing that is chosen, and the one where nothing can be judged: a leaf of one class is no proof. */
const LEAST = 1;
/** So many judged rows of the rarer class are enough. */
const ENOUGH = 2000;

/** Of held-out rows that end in one leaf of one fold's tree: their weight and events, and the leaf's. */
interface Judged {
  readonly leaf: { readonly weight: number; readonly events: number; readonly baseRate: number };
  weight: number;
  events: number;
}

/**
 * The smoothing at which leaves are calibrated on rows the tree has not seen: trees are grown on four of five folds in turn
 * (until enough rows are judged), and m is raised until the logistic calibration line of
 * (events + m·baseRate)/(weight + m) on the held-out rows has slope 1. What split search makes of chance is thus taken
 * back, as much as there is of it in these data.
 */
export function crossValidatedSmoothing(input: TreeInput, how: GrowOptions, complexity: number): number {
  const { y, mass } = input;
  const foldOf = contentFolds(input, FOLDS, 1);
  if (foldOf === null) return LEAST;
  const data = coarse(input.data);
  const judged: Judged[] = [];
  const seen = [0, 0];
  for (let fold = 0; fold < FOLDS && Math.min(...seen) < ENOUGH; fold++) {
    judged.push(...judge({ ...input, data }, how, complexity, foldOf, fold));
    for (let row = 0; row < y.length; row++) if (foldOf[row] === fold) seen[y[row]!]!++;
  }
  const slope = slopeOf(judged, mass.unit);
  let low = LEAST;
  let high = input.data.rows;
  if (slope(low) >= 1) return low;
  if (slope(high) <= 1) return high;
  // On a logarithmic scale, to a hundredth.
  while (high > 1.01 * low) {
    const middle = Math.sqrt(low * high);
    if (slope(middle) < 1) low = middle;
    else high = middle;
  }
  return low;
}

/** Bins that stand for the values of a long column. */
const BINS = 256;
/** Least rows of a bin: shorter columns keep their values. */
const BIN_ROWS = 64;

/** The columns, long ones in bins of equal share: a tree makes hardly less of chance there, and is grown much faster. */
function coarse({ rows, columns }: TrainingData): TrainingData {
  return {
    rows,
    columns: columns.map((column) => {
      const { order, codes } = column;
      if (order === null || order.length < BINS * BIN_ROWS) return column;
      const own = new Int32Array(rows).fill(-1);
      let bin = 0;
      for (let place = 0; place < order.length; place++) {
        const row = order[place]!;
        if (place === 0 || codes[row] !== codes[order[place - 1]!]) bin = Math.floor((BINS * place) / order.length);
        own[row] = bin;
      }
      return {
        ...column,
        codes: own,
        size: BINS,
        order: null,
        values: Float64Array.from({ length: BINS }, (_, k) => k),
      };
    }),
  };
}

function judge(
  { data, mass, y }: TreeInput,
  how: GrowOptions,
  complexity: number,
  foldOf: Int32Array,
  fold: number,
): readonly Judged[] {
  const { cells, unit } = mass;
  const part = new Float64Array(cells.length);
  for (let row = 0; row < data.rows; row++) {
    part[2 * row] = foldOf[row] === fold ? 0 : cells[2 * row]!;
    part[2 * row + 1] = foldOf[row] === fold ? 0 : cells[2 * row + 1]!;
  }
  const nodes = grow(data, { cells: part, unit }, how);
  const collapse = collapsePoints(nodes, how.criterion);
  const baseRate = nodes[0]!.events / nodes[0]!.weight;
  const leaves = nodes.map(
    ({ weight, events }): Judged => ({ leaf: { weight, events, baseRate }, weight: 0, events: 0 }),
  );
  for (let row = 0; row < data.rows; row++) {
    if (foldOf[row] !== fold) continue;
    let t = 0;
    for (let { split } = nodes[t]!; split !== null && collapse[t]! > complexity; { split } = nodes[t]!)
      t = goesLeft(data.columns, split, row) ? split.left : split.right;
    const own = leaves[t]!;
    own.weight += cells[2 * row]!;
    own.events += cells[2 * row]! * y[row]!;
  }
  return leaves.filter(({ weight }) => weight > 0);
}

/** Slope of the calibration line by smoothing; 1 where there is no line. */
function slopeOf(judged: readonly Judged[], unit: number): (smoothing: number) => number {
  const actual = judged.flatMap(() => [1, 0]);
  const weight = judged.flatMap(({ weight, events }) => [events / unit, (weight - events) / unit]);
  return (smoothing) => {
    const m = smoothing * unit;
    const shares = judged.flatMap(({ leaf }) => {
      const share = (leaf.events + m * leaf.baseRate) / (leaf.weight + m);
      return [share, share];
    });
    return calibrationLine(actual, shares, { weight })?.slope ?? 1;
  };
}
