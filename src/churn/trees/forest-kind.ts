import { fail } from '../../errors.ts';
import { blankNulls } from '../../kernels/nulls.ts';
import { type CellRule, cellRules, parseTree, type Tree } from '../../kernels/tree.ts';
import { treesCost } from '../../kernels/tree-cost.ts';
import { bindTrees } from '../../kernels/tree-sum.ts';
import { kernelsAt } from '../../kernels/wasm/registry.ts';
import { fields, finite, fitReport, listOf, modelHead, positive, record } from '../../model/checks.ts';
import type { FitReport, Kind, ModelBase } from '../../model/contract.ts';
import type { Field, Span } from '../../model/field.ts';
import { log } from '../../numerics/elementary.ts';
import { sigmoidInPlace } from '../../numerics/sigmoid.ts';
import { checkTreeModel, type Importance } from './tree-kind.ts';
import { explainTrees } from './tree-shap.ts';

/** A probability whose contributions add up to the mean of the trees, before its calibration. */
export interface ForestProbabilityField<O extends string = string> extends Field<O, 'number'> {
  readonly horizon: Span | null;
  readonly explained: 'uncalibrated-probability';
}

export interface RandomForestReport extends FitReport {
  readonly baseRate: number;
  /** Mean number of leaves per tree. */
  readonly leaves: number;
  /** Mean over trees, the largest first. Decreases of the rows of the fit: columns of many values are favoured. */
  readonly importance: readonly Importance[];
  /** Figures of the calibrated probability on rows that a tree had not drawn. Null when too few rows were left out. */
  readonly outOfBag: {
    readonly rows: number;
    readonly rocAuc: number;
    /** Null: infinite. */
    readonly logLoss: number | null;
    readonly brier: number;
  } | null;
}

/**
 * P(churn) = 1/(1 + e^−η), η = intercept + slope·ln(m/(1 − m)), m the mean of the leaves a row ends in. Each tree stores
 * its leaves divided by the number of trees, so that m is a sum.
 */
export interface RandomForestModel<F extends string = string, O extends string = string>
  extends ModelBase<'randomForest', F, ForestProbabilityField<O>> {
  /** One per input. */
  readonly rules: readonly CellRule[];
  readonly trees: readonly Tree[];
  readonly calibration: { readonly intercept: number; readonly slope: number };
  readonly fit: RandomForestReport;
}

const shape = record({
  ...modelHead('randomForest', 1),
  inputs: fields,
  outputs: fields<ForestProbabilityField>,
  rules: cellRules,
  trees: listOf((json, path) => ({ json, path })),
  calibration: record({ intercept: finite, slope: positive }),
  fit: fitReport<RandomForestReport>,
});

/** Reads, scores and explains models of `randomForest`. */
export const randomForestKind: Kind<RandomForestModel> = {
  kind: 'randomForest',
  version: 1,
  parse(json, path) {
    const read = shape(json, path);
    if (read.trees.length === 0) fail('invalid-model', `${path}.trees: expected at least one`);
    const trees = read.trees.map((tree) => parseTree(tree.json, tree.path, read.inputs));
    checkTreeModel(read, trees, 'uncalibrated-probability', path);
    trees.forEach(({ value }, k) => {
      // Rounding may leave 1/trees a shade above.
      if (value.some((v) => v < 0 || v * trees.length > 1 + 1e-12))
        fail('invalid-model', `${path}.trees[${k}].value: not within [0, 1/${trees.length}]`);
    });
    return { ...read, trees };
  },
  bind(model) {
    const sum = bindTrees(model.trees, model.inputs, model.rules);
    const { intercept, slope } = model.calibration;
    return (rows, inputs, [out]) => {
      sum(rows, inputs, out!);
      calibrate(rows, out!.values, intercept, slope);
      blankNulls(rows, out!);
    };
  },
  explain: (model) => explainTrees(model.trees, model.inputs, model.rules, { scale: 'uncalibrated-probability' }),
  cost: (model, called) => treesCost(model.trees, model.inputs, called),
};

/** Bounds of the mean, so that its log-odds are finite. */
const LEAST = 1e-12;

/** Means of trees as calibrated probabilities, in place. */
export function calibrate(rows: number, values: Float64Array, intercept: number, slope: number): void {
  const wasm = kernelsAt(values.buffer);
  if (wasm) wasm.meanOdds(values.byteOffset, rows, intercept, slope);
  else
    for (let i = 0; i < rows; i++) {
      const m = Math.min(1 - LEAST, Math.max(LEAST, values[i]!));
      values[i] = intercept + slope * log(m / (1 - m));
    }
  sigmoidInPlace(rows, values);
}
