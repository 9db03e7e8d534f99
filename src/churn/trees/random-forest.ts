import { fail } from '../../errors.ts';
import type { Tree } from '../../kernels/tree.ts';
import { bindTrees } from '../../kernels/tree-sum.ts';
import type { Lane } from '../../model/batch.ts';
import type { Estimator } from '../../model/contract.ts';
import type { Field } from '../../model/field.ts';
import { knownOptions } from '../../model/options.ts';
import { type Random, seededRandom } from '../../numerics/random.ts';
import { outcome } from '../../regression/outcome.ts';
import type { AsBase } from '../logistic/options.ts';
import { binaryMetrics, calibrationLine } from '../metrics.ts';
import { calibrate, type RandomForestModel, type RandomForestReport, randomForestKind } from './forest-kind.ts';
import { type GrowOptions, grow } from './grow.ts';
import { importanceOf, ranked } from './importance.ts';
import { storedTree } from './stored-tree.ts';
import type { TrainingData } from './training-data.ts';
import { chooseTree, readTreeInput, type TreeInput, type TreeOptions, wholeOption } from './tree-options.ts';

export interface RandomForestOptions<F extends string, O extends string> extends TreeOptions<F, O> {
  /** Number of trees. Default 100. */
  readonly trees?: number;
  /** Default 10. */
  readonly maxDepth?: number;
  /** Default 10. */
  readonly minLeaf?: number;
  /** Default 1. */
  readonly smoothing?: number;
  /** How many features each split may choose among, drawn anew at every split. Default √features, rounded up. */
  readonly featuresPerSplit?: number;
  /** Rows drawn for each tree as a share of all, with replacement. Default 1. */
  readonly sample?: number;
  /** Default 1. */
  readonly seed?: number;
  /** Default `'direction'`; a forest learns no surrogates. */
  readonly missing?: 'direction' | 'null';
  /** Whether probabilities are recalibrated on the rows each tree had not drawn. Default true. */
  readonly calibrated?: boolean;
}

/**
 * A random forest of churn: the mean of trees that are each grown on rows drawn with replacement, every split choosing
 * among features drawn anew (Breiman 2001). Trees average their leaves' probabilities, not votes.
 *
 * The mean of trees is too cautious where churn is easy to tell (its log-odds want stretching by 1.7 on the Iranian churn
 * data, by 1.02 on telco), so it is recalibrated, by default, with the logistic line that fits the rows each tree had not
 * drawn. Contributions add up to the mean before that.
 *
 * The bits of a model depend on its seed and on the order of rows alone; each tree has its own stream, seeded in turn, so
 * trees may be grown in any order. Memory: 12 bytes per cell of the features, in memory as a whole; the model is refused
 * when it would outgrow a model file.
 *
 * @throws one-class when the label has one class only; label-as-feature; unknown-column; invalid-option; empty-input.
 * Source: Breiman (2001), Random forests, Machine Learning 45.
 * @example
 * const model = randomForest({ label, features: ['tenure', 'contract'], trees: 50, seed: 7 }).fit(customers);
 * model.fit.outOfBag?.rocAuc; // an honest AUC without a holdout
 */
export function randomForest<const F extends string, const O extends string = 'churnProbability'>(
  options: RandomForestOptions<F, O>,
): Estimator<RandomForestModel<F, O>> {
  const {
    criterion = 'gini',
    maxDepth = 10,
    minLeaf = 10,
    smoothing = 1,
    trees = 100,
    sample = 1,
    seed = 1,
  } = knownOptions(
    options as AsBase<typeof options>,
    'randomForest',
    'trees maxDepth minLeaf smoothing featuresPerSplit sample seed missing calibrated label features weight criterion as group',
  );
  const { label, as = 'churnProbability' as O, calibrated = true } = options;
  const chosen = chooseTree(options, { maxDepth, minLeaf, smoothing }, options.missing ?? 'direction', [
    'direction',
    'null',
  ]);
  const width = chosen.columns.length;
  const { featuresPerSplit = Math.ceil(Math.sqrt(width)) } = options;
  wholeOption('trees', trees, 1, 10_000);
  wholeOption('featuresPerSplit', featuresPerSplit, 1, width);
  if (!(sample > 0 && sample <= 1)) fail('invalid-option', `invalid sample: ${sample}; use a share in (0, 1]`);
  if (!Number.isSafeInteger(seed)) fail('invalid-option', `invalid seed: ${seed}; use a whole number`);
  return {
    kind: randomForestKind,
    labels: [label.column],
    targets: [{ output: as, actual: (data) => outcome(data, label.column, label.churned) }],
    fit(table) {
      const input = readTreeInput(table, chosen);
      const how = { criterion, maxDepth, minLeaf };
      const seeds = seededRandom(seed);
      const lanes = lanesOf(input.data);
      const forest: Tree[] = [];
      const shares = new Float64Array(width);
      const bag = new OutOfBag(input.data.rows);
      let size = 0;
      for (let k = 0; k < trees; k++) {
        // Each tree has a stream of its own, so that trees may be grown in any order, anywhere.
        const random = seededRandom(Math.floor(seeds.uniform() * 2 ** 53));
        const draws = drawRows(input.data.rows, Math.ceil(sample * input.data.rows), random);
        const grown = growOne(input, draws, { ...how, draw: { count: featuresPerSplit, random } }, smoothing, trees);
        forest.push(grown.tree);
        size += bytes(grown.tree);
        if (size > MOST_BYTES) tooLarge(k + 1, trees);
        for (let f = 0; f < width; f++) shares[f] = shares[f]! + grown.shares[f]! / trees;
        bag.add(grown.tree, input, lanes, draws, trees);
      }
      const { calibration, outOfBag } = bag.finish(input, calibrated);
      const leaves = forest.reduce((all, { value }) => all + value.length, 0) / trees;
      const total = shares.reduce((a, b) => a + b, 0);
      return {
        kind: 'randomForest',
        version: 1,
        inputs: input.inputs as readonly Field<F>[],
        outputs: [{ name: as, type: 'number', horizon: label.horizon, explained: 'uncalibrated-probability' }],
        rules: input.rules,
        trees: forest,
        calibration,
        fit: {
          status: 'converged',
          rows: input.data.rows,
          warnings: leaves > 1 ? input.warnings : [...input.warnings, 'no split: every row gets the base rate'],
          baseRate: input.baseRate,
          leaves,
          importance: ranked(total > 0 ? shares.map((s) => s / total) : shares, input.data.columns),
          outOfBag,
        },
      };
    },
  };
}

const MOST_BYTES = 56 * 2 ** 20;
const bytes = (tree: Tree): number =>
  8 * (5 * tree.feature.length + 2 * tree.value.length + tree.subsets.reduce((all, { length }) => all + length, 0));

function tooLarge(grown: number, wanted: number): never {
  return fail(
    'invalid-option',
    `a forest of ${wanted} trees would not fit into a model file (64 MB hold ${grown - 1} of them): ask for fewer trees, less depth, or larger leaves`,
  );
}

/** How often each row was drawn. */
function drawRows(rows: number, count: number, random: Random): Uint32Array {
  const draws = new Uint32Array(rows);
  for (let i = 0; i < count; i++) draws[random.below(rows)]!++;
  return draws;
}

function growOne(
  { data, mass, baseRate }: TreeInput,
  draws: Uint32Array,
  how: GrowOptions,
  smoothing: number,
  trees: number,
): { readonly tree: Tree; readonly shares: Float64Array } {
  const cells = new Float64Array(mass.cells.length);
  for (let i = 0; i < draws.length; i++) {
    cells[2 * i] = draws[i]! * mass.cells[2 * i]!;
    cells[2 * i + 1] = draws[i]! * mass.cells[2 * i + 1]!;
  }
  const nodes = grow(data, { cells, unit: mass.unit }, how);
  const prior = smoothing * mass.unit;
  const whole = new Float64Array(nodes.length).fill(Number.POSITIVE_INFINITY);
  const tree = storedTree(nodes, whole, 0, mass.unit, (t) => {
    const { weight, events } = nodes[t]!;
    return (events + prior * baseRate) / (weight + prior) / trees;
  });
  return { tree, shares: importanceOf(nodes, () => true, data.columns.length) };
}

/** The rows of the fit as input lanes. */
function lanesOf({ columns, rows }: TrainingData): readonly Lane[] {
  return columns.map(({ codes, values, nulls }) => ({
    values:
      values === null
        ? new Float64Array(0)
        : Float64Array.from(codes, (code) => (code < 0 ? Number.NaN : values[code]!)),
    codes,
    why: nulls === 0 ? new Uint8Array(rows) : Uint8Array.from(codes, (code) => (code < 0 ? 1 : 0)),
    clean: nulls === 0,
  }));
}

/** Means over the trees that had not drawn a row. */
class OutOfBag {
  private readonly sums: Float64Array;
  private readonly counts: Uint32Array;
  private readonly scores: Lane;

  constructor(rows: number) {
    this.sums = new Float64Array(rows);
    this.counts = new Uint32Array(rows);
    this.scores = { values: new Float64Array(rows), codes: new Int32Array(0), why: new Uint8Array(rows), clean: true };
  }

  add(tree: Tree, { inputs, rules }: TreeInput, lanes: readonly Lane[], draws: Uint32Array, trees: number): void {
    const { sums, counts, scores } = this;
    bindTrees([tree], inputs, rules)(draws.length, lanes, scores);
    for (let i = 0; i < draws.length; i++)
      if (draws[i] === 0) {
        sums[i] = sums[i]! + scores.values[i]! * trees;
        counts[i]!++;
      }
  }

  finish(
    { y, mass }: TreeInput,
    calibrated: boolean,
  ): { readonly calibration: RandomForestModel['calibration']; readonly outOfBag: RandomForestReport['outOfBag'] } {
    const rows = [...y.keys()].filter((i) => this.counts[i]! > 0);
    const judged = rows.map((i) => y[i]!);
    const scores = Float64Array.from(rows, (i) => this.sums[i]! / this.counts[i]!);
    const weight = rows.map((i) => mass.cells[2 * i]! / mass.unit);
    const none = { calibration: { intercept: 0, slope: 1 }, outOfBag: null };
    if (!judged.includes(0) || !judged.includes(1)) return none;
    calibrate(scores.length, scores, 0, 1);
    const line = calibrated ? calibrationLine(judged, scores, { weight }) : null;
    const calibration = line && line.slope > 0 ? { intercept: line.intercept, slope: line.slope } : none.calibration;
    calibrate(scores.length, scores, calibration.intercept, calibration.slope);
    const { rocAuc, logLoss, brier } = binaryMetrics(judged, scores, { weight });
    return { calibration, outOfBag: { rows: rows.length, rocAuc, logLoss, brier } };
  }
}
