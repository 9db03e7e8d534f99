import { fail } from '../../errors.ts';
import { type Room, roomFor, roomOf } from '../../kernels/wasm/room.ts';
import type { Estimator, FitStatus } from '../../model/contract.ts';
import type { Field } from '../../model/field.ts';
import { knownOptions } from '../../model/options.ts';
import { outcome } from '../../regression/outcome.ts';
import { contentOrder } from '../trees/content-order.ts';
import { ranked } from '../trees/importance.ts';
import { taken } from '../trees/taken.ts';
import type { TrainingData } from '../trees/training-data.ts';
import { readTreeInput } from '../trees/tree-options.ts';
import { binnedBytes, binnedData } from './binned-data.ts';
import { Boosting, type BoostingData, boostingBytes, type RoundLoss } from './boosting.ts';
import { type ChosenBoosting, chooseBoosting, type GradientBoostingOptions } from './boosting-options.ts';
import {
  type GradientBoostingModel,
  type GradientBoostingReport,
  gradientBoostingKind,
} from './gradient-boosting-kind.ts';
import { type Dealt, groupsOf, holdOuts } from './hold-out.ts';

/** Trees without held-out rows to find their number on. */
const FEW = 100;

/**
 * Gradient boosting of churn: P = 1/(1 + e^−η), η = base + Σ trees, each tree a Newton step on the log loss. Leaves take
 * −learningRate·G/(H + l2), G and H the sums of gradients p − y and hessians p(1 − p); a split is worth
 * ½(G_l²/(H_l + l2) + G_r²/(H_r + l2) − G²/(H + l2)), and the leaf whose best split is worth most is split next. `base` is the
 * log-odds of the base rate.
 *
 * Features are read in up to 255 bins; up to as many distinct values every cut between two values is looked at. Thresholds
 * are exact float64 midpoints. Categories are split by subsets of levels, nulls go the way that is learned at each split.
 * Levels a split did not see go with the majority of its rows. Contributions add up to the log-odds (TreeSHAP).
 *
 * The number of trees is found on rows, or whole groups, held out by the seed; then all rows are fitted with as many. One
 * fifth of a small table says little, so further fifths are held out in turn, each with trees of its own, until 2,000 rows
 * of the rarer class are judged: at most five times the work, and none more on large tables. The other defaults are usual
 * cautious ones: rate .05, at most 15 leaves of at least 20 rows, l2 1.
 *
 * Gradients are rounded to whole multiples of a tiny unit, so that all sums are exact, and rows are drawn and held out by
 * their content: the bits of a model depend on its rows and its seed, not on the order of rows or the parts they are summed
 * in. Monotone constraints hold exactly, for any other values of the row. Memory: 12 bytes per cell while the features are
 * read, 2 bytes per cell while boosting; passes: one per tree.
 *
 * @throws one-class when the label has one class only; label-as-feature; unknown-column; invalid-option; empty-input.
 * Source: Friedman (2001); Chen & Guestrin (2016), eq. 5–7; Ke et al. (2017), leaf-wise growth and histograms.
 * @example
 * const model = gradientBoosting({
 *   label: { column: 'left', churned: 1, horizon: null },
 *   features: ['tenure'],
 *   ...{ rounds: 1, learningRate: 1, minLeaf: 1, earlyStopping: false },
 * }).fit({ left: [1, 1, 0, 0], tenure: [1, 2, 10, 20] });
 * model.trees[0]!.value; // [0.6666666666666666, -0.6666666666666666]
 */
export function gradientBoosting<const F extends string, const O extends string = 'churnProbability'>(
  options: GradientBoostingOptions<F, O>,
): Estimator<GradientBoostingModel<F, O>> {
  const { label, as = 'churnProbability' as O } = knownOptions(
    options,
    'gradientBoosting',
    'label features weight group rounds learningRate leaves maxDepth minLeaf minHessian l2 minGain categorySmoothing bins rowShare featureShare monotone earlyStopping seed missing as',
  );
  const chosen = chooseBoosting(options);
  return {
    kind: gradientBoostingKind,
    labels: [label.column],
    targets: [{ output: as, actual: (data) => outcome(data, label.column, label.churned) }],
    fit(table) {
      // In bins, nothing is kept in sorted order.
      const input = readTreeInput(table, chosen.input, Number.POSITIVE_INFINITY);
      input.inputs.forEach(({ name, type }, k) => {
        if (type === 'category' && chosen.directions[k] !== 0)
          fail('invalid-option', `monotone: "${name}" is a category; only numbers have a direction`);
      });
      const { data, mass } = input;
      const groups = chosen.group === undefined ? null : groupsOf(table, chosen.group, input.rows);
      const order = contentOrder(input, groups, chosen.seed);
      const placed = groups === null ? null : groups.map((_, i) => groups[order[i]!]!);
      const y = taken(input.y, order, new Float64Array(order.length));
      const { earlyStopping, seed } = chosen;
      const deals = earlyStopping ? holdOuts(y, placed, earlyStopping.share, seed) : [];
      const room = roomOf(bytesOf(data, chosen, 1 + deals.length));
      const boosting: BoostingData = {
        binned: binnedData(data, mass, order, chosen.bins, room),
        y: copied(y, room),
        weight: taken(mass.cells, order, new Float64Array(order.length), 2).map((w) => w / mass.unit),
        wholeWeights: mass.unit === 1,
      };
      const { fitted, ...found } = fitRounds(boosting, deals, placed !== null, room, chosen);
      const total = fitted.gains.reduce((a, b) => a + b, 0);
      const { trees } = fitted;
      return {
        kind: 'gradientBoosting',
        version: 1,
        inputs: input.inputs as readonly Field<F>[],
        outputs: [{ name: as, type: 'number', horizon: label.horizon, explained: 'log-odds' }],
        rules: input.rules,
        base: fitted.base,
        trees,
        fit: {
          status: found.status,
          rows: data.rows,
          warnings: [...input.warnings, ...found.warnings],
          baseRate: input.baseRate,
          rounds: trees.length,
          leaves: trees.length === 0 ? 0 : trees.reduce((all, { value }) => all + value.length, 0) / trees.length,
          importance: ranked(total > 0 ? fitted.gains.map((gain) => gain / total) : fitted.gains, data.columns),
          heldOut: found.heldOut,
          curve: found.curve,
        },
      };
    },
  };
}

function bytesOf({ rows, columns }: TrainingData, { bins, leaves }: ChosenBoosting, runs: number): number {
  const most = columns.map(({ size }) => Math.min(size, bins));
  return binnedBytes(rows, columns.length) + roomFor(8 * rows) + runs * boostingBytes(rows, most, leaves);
}

function copied(values: Float64Array, room: Room): Float64Array {
  const out = room.float64(values.length);
  out.set(values);
  return out;
}

interface Found extends Pick<GradientBoostingReport, 'heldOut' | 'curve'> {
  readonly fitted: Boosting;
  readonly status: FitStatus;
  readonly warnings: readonly string[];
}

/** Finds the number of rounds on held-out rows, then boosts on all rows. */
function fitRounds(
  data: BoostingData,
  deals: readonly Dealt[],
  groups: boolean,
  room: Room,
  chosen: ChosenBoosting,
): Found {
  const { earlyStopping, rounds } = chosen;
  const all = new Int32Array(data.y.length).map((_, row) => row);
  const none = new Int32Array(0);
  const fitted = new Boosting(data, all, none, chosen, room);
  if (!earlyStopping || deals.length === 0) {
    const { curve } = boost([fitted], earlyStopping ? Math.min(rounds, FEW) : rounds, Number.POSITIVE_INFINITY);
    const warnings = earlyStopping
      ? [
          `too few ${groups ? 'groups' : 'rows'} to hold any out: ${fitted.trees.length} trees, not checked against other rows`,
        ]
      : [];
    return { fitted, status: 'converged', warnings: [...warnings, ...noTree(fitted)], heldOut: null, curve };
  }
  const judged = boost(
    deals.map(({ train, heldOut }) => new Boosting(data, train, heldOut, chosen, room)),
    rounds,
    earlyStopping.patience,
  );
  boost([fitted], judged.best, Number.POSITIVE_INFINITY);
  const count = (rows: (dealt: Dealt) => Int32Array): number =>
    deals.reduce((sum, dealt) => sum + rows(dealt).length, 0);
  return {
    fitted,
    status: judged.stopped ? 'converged' : 'iteration-limit',
    warnings: [
      ...(judged.stopped || judged.best === 0
        ? []
        : [`the loss on held-out rows was still falling after ${rounds} rounds: allow more`]),
      ...noTree(fitted),
    ],
    heldOut: {
      rows: count(({ heldOut }) => heldOut),
      trainRows: Math.round(count(({ train }) => train) / deals.length),
      logLoss: judged.curve[judged.best]!.heldOut!,
    },
    curve: judged.curve,
  };
}

interface Boosted {
  /** From round 0, the base rate alone. */
  readonly curve: readonly RoundLoss[];
  /** The round of the lowest held-out loss, the first of equal ones; without held-out rows the last one. */
  readonly best: number;
  /** Whether it ended before the last allowed round. */
  readonly stopped: boolean;
}

/** Boosts several times side by side, until the mean of their held-out losses falls no more for `patience` rounds. */
function boost(runs: readonly Boosting[], rounds: number, patience: number): Boosted {
  const curve: RoundLoss[] = [];
  const mean = (losses: readonly number[]): number => losses.reduce((a, b) => a + b, 0) / losses.length;
  let best = 0;
  for (let round = 0; ; round++) {
    const losses = runs.map((run) => run.judge());
    const judged = losses.flatMap(({ heldOut }) => heldOut ?? []);
    const heldOut = judged.length > 0 ? mean(judged) : null;
    curve.push({ round, train: mean(losses.map(({ train }) => train)), heldOut });
    if (heldOut === null || heldOut < curve[best]!.heldOut!) best = round;
    if (round === rounds) return { curve, best, stopped: false };
    if (round - best >= patience || !runs.map((run) => run.grow()).includes(true))
      return { curve, best, stopped: true };
  }
}

function noTree({ trees }: Boosting): readonly string[] {
  return trees.length === 0 ? ['no tree lowers the loss: every row gets the base rate'] : [];
}
