import { fail } from '../../errors.ts';
import { blankNulls } from '../../kernels/nulls.ts';
import { type CellRule, cellRules, parseTree, type Tree } from '../../kernels/tree.ts';
import { treesCost } from '../../kernels/tree-cost.ts';
import { bindTrees } from '../../kernels/tree-sum.ts';
import { fields, finite, fitReport, listOf, modelHead, record } from '../../model/checks.ts';
import type { FitReport, Kind, ModelBase } from '../../model/contract.ts';
import { sigmoidInPlace } from '../../numerics/sigmoid.ts';
import type { ProbabilityField } from '../logistic-kind.ts';
import { checkTreeModel, type Importance } from '../trees/tree-kind.ts';
import { explainTrees } from '../trees/tree-shap.ts';
import type { RoundLoss } from './boosting.ts';

export interface GradientBoostingReport extends FitReport {
  readonly baseRate: number;
  /** Trees of the model. */
  readonly rounds: number;
  /** Mean number of leaves per tree; 0 without a tree. */
  readonly leaves: number;
  /** Share of a feature in the decrease of the loss, the largest first; columns of many values are favoured. */
  readonly importance: readonly Importance[];
  /**
   * Rows the number of rounds was judged on, and those the judged trees were grown on (the mean of several shares held out);
   * null without early stopping.
   */
  readonly heldOut: { readonly rows: number; readonly trainRows: number; readonly logLoss: number } | null;
  /** Log loss by round, the mean of the fits that chose the number of rounds; without early stopping of the model itself. */
  readonly curve: readonly RoundLoss[];
}

/** P(churn) = 1/(1 + e^−η), η = base + Σ over trees of the leaf a row ends in. */
export interface GradientBoostingModel<F extends string = string, O extends string = string>
  extends ModelBase<'gradientBoosting', F, ProbabilityField<O>> {
  /** One per input. */
  readonly rules: readonly CellRule[];
  readonly base: number;
  readonly trees: readonly Tree[];
  readonly fit: GradientBoostingReport;
}

const shape = record({
  ...modelHead('gradientBoosting', 1),
  inputs: fields,
  outputs: fields<ProbabilityField>,
  rules: cellRules,
  base: finite,
  trees: listOf((json, path) => ({ json, path })),
  fit: fitReport<GradientBoostingReport>,
});

/** Reads, scores and explains models of `gradientBoosting`. */
export const gradientBoostingKind: Kind<GradientBoostingModel> = {
  kind: 'gradientBoosting',
  version: 1,
  parse(json, path) {
    const read = shape(json, path);
    const trees = read.trees.map((tree) => parseTree(tree.json, tree.path, read.inputs));
    checkTreeModel(read, trees, 'log-odds', path);
    if (read.rules.some(({ missing }) => missing === 'surrogate') || trees.some((tree) => tree.surrogates.length > 0))
      fail('invalid-model', `${path}: a boosted model has no surrogates`);
    return { ...read, trees };
  },
  bind(model) {
    const sum = bindTrees(model.trees, model.inputs, model.rules, model.base);
    return (rows, inputs, [out]) => {
      sum(rows, inputs, out!);
      sigmoidInPlace(rows, out!.values);
      blankNulls(rows, out!);
    };
  },
  explain: (model) => explainTrees(model.trees, model.inputs, model.rules, { scale: 'log-odds', base: model.base }),
  cost: (model, called) => treesCost(model.trees, model.inputs, called),
};
