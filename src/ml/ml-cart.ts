/// <reference path="./peers.d.ts" />
import { DecisionTreeClassifier } from 'ml-cart';
import { checkLabel } from '../churn/logistic/options.ts';
import { type ChurnLabel, refuseLabel } from '../churn/logistic-regression.ts';
import { type DecisionTreeModel, decisionTreeKind } from '../churn/trees/tree-kind.ts';
import { fail } from '../errors.ts';
import type { Estimator } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import { knownOptions, list, names } from '../model/options.ts';
import { usableRows } from '../regression/design.ts';
import { normaliseFeatures, readFeatures } from '../regression/feature.ts';
import { outcome, twoClasses } from '../regression/outcome.ts';
import { BASELINE, cartRules } from './import-ml-cart.ts';
import { matrixLayout } from './ml-feature.ts';
import { anyObject, plainJson } from './peer-json.ts';
import { countRows, readPeerNode, treePart } from './peer-tree.ts';
import { checkTrainingRows, type TrainingRowOptions, trainingRows } from './training-rows.ts';

/** A feature with its options; a bare column name takes the defaults. */
export interface MlCartTrainingFeature<C extends string = string> {
  readonly column: C;
  /** How the column is read. Default: as it is stored; `'category'` treats numbers as levels. */
  readonly type?: 'number' | 'category';
  /**
   * Rows with a null are not trained on. When scoring `'null'` (default): a null gives null; `'direction'`: a number goes
   * right, where ml-cart sends NaN, and a category has none of the levels.
   */
  readonly missing?: 'null' | 'direction';
  /** A level the fit did not see goes with the majority of the training rows (default), or gives null. */
  readonly unseen?: 'majority' | 'null';
}

export interface MlCartOptions<F extends string, O extends string> extends TrainingRowOptions {
  readonly label: ChurnLabel;
  /** Number and category columns; of a category every level is a column of 0 and 1. */
  readonly features: readonly (F | MlCartTrainingFeature<F>)[];
  /** Default 6, at most 64. */
  readonly maxDepth?: number;
  /** A node of this many rows or fewer is a leaf. Default 3, as in ml-cart. */
  readonly minNumSamples?: number;
  /** A node is split when that decreases its Gini impurity 1 − Σp² by more than this. Default 0.01, as in ml-cart. */
  readonly gainThreshold?: number;
  /** Name of the output. Default `churnProbability`. */
  readonly as?: O;
}

/**
 * A decision tree of churn that ml-cart grows and this library scores: a baseline for `decisionTree`. Each node tries the
 * midpoints between neighbours of unlike class on every column, at a cost of its rows squared, so that by default no more
 * than 2,000 rows are trained on. Leaf probabilities are plain shares. ml-cart cannot take nulls, weights or categories.
 *
 * @throws one-class when the label has one class only; label-as-feature; all-null; unknown-column; invalid-option.
 * @example
 * const model = mlCart({
 *   label: { column: 'left', churned: 'yes', horizon: null },
 *   features: ['tenure'],
 * }).fit({ left: ['yes', 'yes', 'no', 'no'], tenure: [1, 2, 10, 20] });
 * model.tree.value; // [1, 0]
 */
export function mlCart<const F extends string, const O extends string = 'churnProbability'>(
  options: MlCartOptions<F, O>,
): Estimator<DecisionTreeModel<F, O>> {
  const {
    maxDepth = 6,
    minNumSamples = 3,
    gainThreshold = 0.01,
  } = knownOptions(options, 'mlCart', 'label features maxDepth minNumSamples gainThreshold as maxRows seed');
  const { label, as = 'churnProbability' as O } = options;
  checkLabel(label);
  names({ as });
  if (!(Number.isInteger(maxDepth) && maxDepth >= 1 && maxDepth <= 64))
    fail('invalid-option', `invalid maxDepth: ${maxDepth}; use a whole number from 1 to 64`);
  if (!(Number.isSafeInteger(minNumSamples) && minNumSamples >= 1))
    fail('invalid-option', `invalid minNumSamples: ${minNumSamples}; use a whole number of at least 1`);
  if (!Number.isFinite(gainThreshold))
    fail('invalid-option', `invalid gainThreshold: ${gainThreshold}; use a finite number`);
  const limits = checkTrainingRows(options);
  const rules = cartRules(options.features);
  const features = normaliseFeatures(
    list(options.features, 'features').map((given: F | MlCartTrainingFeature<F>) => {
      const { column, type } = typeof given === 'string' ? { column: given, type: undefined } : given;
      return type === undefined ? { column } : { column, type };
    }),
  );
  if (features.length === 0) fail('invalid-option', 'invalid features: a tree needs at least one');
  refuseLabel(features, label.column);
  return {
    kind: decisionTreeKind,
    labels: [label.column],
    targets: [{ output: as, actual: (data) => outcome(data, label.column, label.churned) }],
    fit(data) {
      const y = twoClasses(data, label.column, label.churned);
      const labelled = (row: number): boolean => y[row] === y[row];
      const read = readFeatures(data, features, labelled);
      const { rows, warnings } = trainingRows(y, usableRows(read, y.length, labelled), label.column, limits);
      const layout = matrixLayout(
        read.map(({ field }) =>
          field.levels === undefined ? field.name : { column: field.name, levels: field.levels },
        ),
      );
      const matrix = Array.from(rows, (row) =>
        layout.columns.map(({ input, level }) => {
          const { values, codes } = read[input]!;
          return values === null ? Number(codes![row] === level) : values[row]!;
        }),
      );
      const peer = new DecisionTreeClassifier({ maxDepth, minNumSamples, gainThreshold });
      peer.train(
        matrix,
        Array.from(rows, (row) => y[row]!),
      );
      const root = readPeerNode(
        anyObject(plainJson(peer, 'ml-cart'), 'ml-cart').root,
        'ml-cart.root',
        layout.columns.length,
      );
      countRows(root, matrix);
      const { tree, report } = treePart(root, layout, 1);
      const bare = report.leaves > 1 ? [] : ['no split: every row gets the base rate'];
      return {
        kind: 'decisionTree',
        version: 1,
        inputs: layout.inputs as readonly Field<F>[],
        outputs: [{ name: as, type: 'number', horizon: label.horizon, explained: 'probability' }],
        rules: rules.map((rule) => ({ ...rule, nulls: 0 })),
        tree,
        fit: { ...report, warnings: [...warnings, ...bare, BASELINE] },
      };
    },
  };
}
