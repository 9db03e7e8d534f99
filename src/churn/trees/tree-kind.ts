import { fail } from '../../errors.ts';
import { blankNulls } from '../../kernels/nulls.ts';
import { type CellRule, cellRules, parseTree, type Tree } from '../../kernels/tree.ts';
import { treesCost } from '../../kernels/tree-cost.ts';
import { bindTrees } from '../../kernels/tree-sum.ts';
import { fields, fitReport, modelHead, record } from '../../model/checks.ts';
import type { FitReport, Kind, ModelBase } from '../../model/contract.ts';
import type { Field, Span } from '../../model/field.ts';
import type { PruningStep } from './prune-cross-validated.ts';
import { explainTrees } from './tree-shap.ts';

/** A probability whose contributions add up on the scale of probabilities. */
export interface TreeProbabilityField<O extends string = string> extends Field<O, 'number'> {
  readonly horizon: Span | null;
  readonly explained: 'probability';
}

/** Share of a feature in the decrease of the impurity; the shares add up to 1. */
export interface Importance {
  readonly column: string;
  readonly importance: number;
}

export interface DecisionTreeReport extends FitReport {
  readonly baseRate: number;
  readonly leaves: number;
  readonly depth: number;
  /** The largest first. Decreases of the rows of the fit: columns of many values are favoured. */
  readonly importance: readonly Importance[];
  /** The complexity the tree was pruned at. */
  readonly complexity: number;
  /** The smoothing of the leaves, given or chosen; 0 when there is one leaf. */
  readonly smoothing: number;
  /** The pruning sequence with its cross-validated cost, when the complexity was chosen by it. */
  readonly pruning: readonly PruningStep[] | null;
}

/** P(churn) is the value of the leaf a row ends in. */
export interface DecisionTreeModel<F extends string = string, O extends string = string>
  extends ModelBase<'decisionTree', F, TreeProbabilityField<O>> {
  /** One per input. */
  readonly rules: readonly CellRule[];
  readonly tree: Tree;
  readonly fit: DecisionTreeReport;
}

const shape = record({
  ...modelHead('decisionTree', 1),
  inputs: fields,
  outputs: fields<TreeProbabilityField>,
  rules: cellRules,
  tree: (json, path) => ({ json, path }),
  fit: fitReport<DecisionTreeReport>,
});

/** Reads, scores and explains models of `decisionTree`. */
export const decisionTreeKind: Kind<DecisionTreeModel> = {
  kind: 'decisionTree',
  version: 1,
  parse(json, path) {
    const read = shape(json, path);
    const tree = parseTree(read.tree.json, read.tree.path, read.inputs);
    checkTreeModel(read, [tree], 'probability', path);
    if (tree.value.some((p) => p < 0 || p > 1)) fail('invalid-model', `${path}.tree.value: not within [0, 1]`);
    return { ...read, tree };
  },
  bind(model) {
    const sum = bindTrees([model.tree], model.inputs, model.rules);
    return (rows, inputs, [out]) => {
      sum(rows, inputs, out!);
      blankNulls(rows, out!);
    };
  },
  explain: (model) => explainTrees([model.tree], model.inputs, model.rules, { scale: 'probability' }),
  cost: (model, called) => treesCost([model.tree], model.inputs, called),
};

/** Stops unless there is a rule per input and one explained probability. */
export function checkTreeModel(
  model: { readonly inputs: readonly Field[]; readonly outputs: readonly Field[]; readonly rules: readonly CellRule[] },
  trees: readonly Tree[],
  explained: string,
  path: string,
): void {
  if (model.rules.length !== model.inputs.length)
    fail('invalid-model', `${path}.rules: expected ${model.inputs.length}, one per input, got ${model.rules.length}`);
  if (model.outputs.length !== 1) fail('invalid-model', `${path}.outputs: expected 1, got ${model.outputs.length}`);
  const field = model.outputs[0]!;
  if (field.type !== 'number' || field.horizon === undefined || field.explained !== explained)
    fail(
      'invalid-model',
      `${path}.outputs: "${field.name}" must be a number with a horizon, explained as ${explained}`,
    );
  for (const { surrogates } of trees)
    if (surrogates.length > 0 && model.rules.every(({ missing }) => missing !== 'surrogate'))
      fail('invalid-model', `${path}: surrogates, but no input with missing "surrogate"`);
}
