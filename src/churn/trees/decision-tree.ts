import { fail } from '../../errors.ts';
import type { Estimator } from '../../model/contract.ts';
import type { Field } from '../../model/field.ts';
import { knownOptions, object } from '../../model/options.ts';
import { outcome } from '../../regression/outcome.ts';
import type { AsBase } from '../logistic/options.ts';
import { type GrowOptions, grow } from './grow.ts';
import { importanceOf, ranked } from './importance.ts';
import { collapsePoints } from './prune.ts';
import { chooseStep, crossValidateSequence, type PruningStep, pruningSequence } from './prune-cross-validated.ts';
import { crossValidatedSmoothing } from './smoothing.ts';
import { depthOf, storedTree } from './stored-tree.ts';
import { type DecisionTreeModel, decisionTreeKind } from './tree-kind.ts';
import {
  chooseTree,
  readTreeInput,
  type TreeInput,
  type TreeMissing,
  type TreeOptions,
  wholeOption,
} from './tree-options.ts';

/**
 * How far the grown tree is pruned back: `complexity` – subtrees go that decrease the impurity by less than this for each
 * leaf they add (of the whole fit: the `ccp_alpha` of scikit-learn); `folds` – the complexity is chosen by
 * cross-validation, `'lowest'` by the least Brier score of held-out rows, `'oneStandardError'` as the smallest tree within
 * one standard error of it. Folds are dealt by row within each outcome, so that the order of rows matters here.
 */
export type Pruning =
  | { readonly complexity: number }
  | { readonly folds: number; readonly seed?: number; readonly rule?: 'lowest' | 'oneStandardError' };

export interface DecisionTreeOptions<F extends string, O extends string> extends Omit<TreeOptions<F, O>, 'smoothing'> {
  /** Default 6. */
  readonly maxDepth?: number;
  /** Default 50. */
  readonly minLeaf?: number;
  /**
   * Default `'cross-validated'`: as much as makes the leaves calibrated on held-out rows (slope 1), by trees grown on four of
   * five folds; `fit.smoothing` tells it. It is no fixed number because none is right for all data: the churn data in hand
   * want 5 to 70.
   */
  readonly smoothing?: number | 'cross-validated';
  /** Default `{ complexity: 0 }`: only what decreases nothing goes. */
  readonly prune?: Pruning;
  /** Default `'direction'`. */
  readonly missing?: TreeMissing;
}

/**
 * A classification tree of churn (CART): binary splits on numbers (`x <= threshold` goes left) and on subsets of levels,
 * each the one that decreases the impurity of its node most, over all cuts between distinct values and, by Breiman's
 * theorem, all subsets. Thresholds are exact float64 midpoints of neighbouring values. Of equal splits the earlier feature's
 * and the lowest is taken; with the weights rounded to whole multiples of a tiny unit all sums are exact, so that the
 * order of rows changes nothing but the folds of a cross-validated pruning.
 *
 * Levels that a split did not see go with the majority of its rows. Leaf probabilities lean towards the base rate by
 * `smoothing` rows, by default as many as calibrate trees grown on four fifths of the rows on the other fifth. Contributions add up to the probability (TreeSHAP). Memory: 12 bytes per cell of the features.
 *
 * @throws one-class when the label has one class only; label-as-feature; unknown-column; invalid-option; empty-input.
 * Source: Breiman, Friedman, Olshen & Stone (1984), Classification and Regression Trees.
 * @example
 * const model = decisionTree({
 *   label: { column: 'left', churned: 'yes', horizon: null },
 *   features: ['tenure'],
 *   minLeaf: 1,
 *   smoothing: 0,
 * }).fit({ left: ['yes', 'yes', 'no', 'no'], tenure: [1, 2, 10, 20] });
 * model.tree.threshold; // [6]
 */
export function decisionTree<const F extends string, const O extends string = 'churnProbability'>(
  options: DecisionTreeOptions<F, O>,
): Estimator<DecisionTreeModel<F, O>> {
  const {
    criterion = 'gini',
    maxDepth = 6,
    minLeaf = 50,
    smoothing = 'cross-validated',
    prune = { complexity: 0 },
  } = knownOptions(
    options as AsBase<typeof options>,
    'decisionTree',
    'maxDepth minLeaf smoothing prune missing label features weight criterion as group',
  );
  const { label, as = 'churnProbability' as O } = options;
  const chosen = chooseTree(
    options,
    { maxDepth, minLeaf, smoothing: smoothing === 'cross-validated' ? 0 : smoothing },
    options.missing ?? 'direction',
    ['direction', 'surrogate', 'null'],
  );
  checkPruning(prune);
  return {
    kind: decisionTreeKind,
    labels: [label.column],
    targets: [{ output: as, actual: (data) => outcome(data, label.column, label.churned) }],
    fit(table) {
      const input = readTreeInput(table, chosen);
      const { data, mass, baseRate } = input;
      const how = { criterion, maxDepth, minLeaf };
      const nodes = grow(data, mass, how);
      const collapse = collapsePoints(nodes, criterion);
      const smoothed =
        (m: number) =>
        (weight: number, events: number): number =>
          (events + m * mass.unit * baseRate) / (weight + m * mass.unit);
      const given = typeof smoothing === 'number' ? smoothing : null;
      const { complexity, pruning } = pruned(prune, nodes, collapse, input, how, smoothed(given ?? 0));
      const split = nodes[0]!.split !== null && collapse[0]! > complexity;
      const used = given ?? (split ? crossValidatedSmoothing(input, how, complexity) : 0);
      const share = smoothed(used);
      const tree = storedTree(nodes, collapse, complexity, mass.unit, (t) => share(nodes[t]!.weight, nodes[t]!.events));
      const kept = (t: number): boolean => collapse[t]! > complexity;
      const gains = importanceOf(nodes, kept, data.columns.length);
      const leaves = tree.value.length;
      return {
        kind: 'decisionTree',
        version: 1,
        inputs: input.inputs as readonly Field<F>[],
        outputs: [{ name: as, type: 'number', horizon: label.horizon, explained: 'probability' }],
        rules: input.rules,
        tree,
        fit: {
          status: 'converged',
          rows: data.rows,
          warnings: leaves > 1 ? input.warnings : [...input.warnings, 'no split: every row gets the base rate'],
          baseRate,
          leaves,
          depth: depthOf(tree),
          importance: ranked(gains, data.columns),
          complexity,
          smoothing: used,
          pruning,
        },
      };
    },
  };
}

function pruned(
  prune: Pruning,
  nodes: ReturnType<typeof grow>,
  collapse: Float64Array,
  { data, mass }: TreeInput,
  how: GrowOptions,
  share: (weight: number, events: number) => number,
): { readonly complexity: number; readonly pruning: readonly PruningStep[] | null } {
  if ('complexity' in prune) return { complexity: prune.complexity, pruning: null };
  const steps = pruningSequence(nodes, collapse);
  const folds = { count: prune.folds, seed: prune.seed ?? 1 };
  const pruning = crossValidateSequence(data, mass, how, steps, folds, share);
  return { complexity: chooseStep(pruning, prune.rule ?? 'oneStandardError').complexity, pruning };
}

function checkPruning(prune: Pruning): void {
  knownOptions(object(prune, 'prune'), 'prune', 'complexity folds seed rule');
  if ('complexity' in prune) {
    if (!(prune.complexity >= 0 && Number.isFinite(prune.complexity)))
      fail('invalid-option', `invalid prune.complexity: ${prune.complexity}; use 0 or a positive number`);
    return;
  }
  const { folds, seed = 1, rule = 'oneStandardError' } = prune;
  wholeOption('prune.folds', folds, 2, 100);
  if (!Number.isSafeInteger(seed)) fail('invalid-option', `invalid prune.seed: ${seed}; use a whole number`);
  if (rule !== 'lowest' && rule !== 'oneStandardError')
    fail('invalid-option', `invalid prune.rule: ${String(rule)}; use "lowest" or "oneStandardError"`);
}
