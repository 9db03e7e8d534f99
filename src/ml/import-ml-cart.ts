import type { DecisionTreeModel } from '../churn/trees/tree-kind.ts';
import { fail } from '../errors.ts';
import { checked, nullable, span, whole } from '../model/checks.ts';
import type { Field, Span } from '../model/field.ts';
import { knownOptions, list, names, object } from '../model/options.ts';
import { type MlLevels, matrixLayout } from './ml-feature.ts';
import { anyObject, plainJson } from './peer-json.ts';
import { readPeerNode, treePart } from './peer-tree.ts';

/** A feature of a tree; a bare column name is a number. */
export type MlCartFeature<C extends string = string> =
  | C
  | {
      readonly column: C;
      /** `'null'` (default): a null gives null. `'direction'`: it goes right, where ml-cart sends NaN. */
      readonly missing?: 'null' | 'direction';
    }
  | (MlLevels<C> & {
      /** As for a number; `'direction'`: a null has none of the levels. */
      readonly missing?: 'null' | 'direction';
      /** A level that is not listed goes with the majority of the training rows (default), or gives null. */
      readonly unseen?: 'majority' | 'null';
    });

export interface ImportMlCartOptions<F extends string, O extends string> {
  /** What the columns of the matrix held that the peer was trained on, in their order. */
  readonly features: readonly MlCartFeature<F>[];
  /** The class of those who left. Default 1. */
  readonly churned?: number;
  /** Time within which they left; null when it is not known. */
  readonly horizon: Span | null;
  /** Name of the output. Default `churnProbability`. */
  readonly as?: O;
}

/**
 * The JSON of a `DecisionTreeClassifier` of ml-cart as a `decisionTree` model: P is the churned class's share in the leaf.
 * Its `x < splitValue` is stored as `x <= t` with t the float64 number just below, so that every number goes the same way.
 * It writes no size for leaves of up to `minNumSamples` rows; where these do not follow from the sizes above they are
 * halved, which touches explanations and the base rate, no score.
 *
 * @param peer what `toJSON()` of the trained tree returns, or the JSON text of it.
 * @throws invalid-model with the place of the fault; invalid-option.
 * @example
 * const json = {
 *   name: 'DTClassifier',
 *   root: { splitColumn: 0, splitValue: 6, left: { distribution: [[0.25, 0.75]] }, right: { distribution: [[1]] } },
 * };
 * importMlCart(json, { features: ['tenure'], horizon: null }).tree.value; // [0.75, 0]
 */
export function importMlCart<const F extends string, const O extends string = 'churnProbability'>(
  peer: unknown,
  options: ImportMlCartOptions<F, O>,
): DecisionTreeModel<F, O> {
  const {
    features,
    churned = 1,
    horizon,
    as = 'churnProbability' as O,
  } = knownOptions(options, 'importMlCart', 'features churned horizon as');
  const rules = cartRules(features);
  checked('invalid-option', nullable(span), horizon, 'horizon');
  checked('invalid-option', whole(), churned, 'churned');
  names({ as });
  const { name, root } = anyObject(plainJson(peer, 'ml-cart'), 'ml-cart');
  if (name === 'DTRegression')
    fail('invalid-model', 'ml-cart.name: a regression tree has no classes; train a DecisionTreeClassifier');
  if (name !== 'DTClassifier')
    fail('invalid-model', `ml-cart.name: expected "DTClassifier", got ${JSON.stringify(name)}`);
  const layout = matrixLayout(features);
  if (layout.columns.some(({ mean, scale }) => mean !== 0 || scale !== 1))
    fail('invalid-option', 'invalid features: a tree needs no scaled columns: train it on raw ones');
  const { tree, report, guessed } = treePart(
    readPeerNode(root, 'ml-cart.root', layout.columns.length),
    layout,
    churned,
  );
  const sizes = `the file lacks the sizes of ${guessed} leaves, which are guessed: they matter to explanations alone`;
  return {
    kind: 'decisionTree',
    version: 1,
    inputs: layout.inputs as readonly Field<F>[],
    outputs: [{ name: as, type: 'number', horizon, explained: 'probability' }],
    rules: rules.map((rule) => ({ ...rule, nulls: 0 })),
    tree,
    fit: { ...report, warnings: ['imported from ml-cart', BASELINE, ...(guessed > 0 ? [sizes] : [])] },
  };
}

/** Said of every model that came from this peer. */
export const BASELINE = 'a baseline: neither pruned nor smoothed, and without nulls in training';

type Rules = readonly { readonly missing: 'null' | 'direction'; readonly unseen: 'majority' | 'null' }[];

/** What the features say of cells that cannot be compared. */
export function cartRules(features: readonly unknown[]): Rules {
  return list(features, 'features').map((feature, k) => {
    const given = typeof feature === 'string' ? {} : object(feature as object, `features[${k}]`);
    const { missing = 'null', unseen = 'majority' } = given as { missing?: unknown; unseen?: unknown };
    if (missing !== 'null' && missing !== 'direction')
      fail('invalid-option', `invalid features[${k}].missing: ${String(missing)}; use "null" or "direction"`);
    if (unseen !== 'majority' && unseen !== 'null')
      fail('invalid-option', `invalid features[${k}].unseen: ${String(unseen)}; use "majority" or "null"`);
    return { missing, unseen } as Rules[number];
  });
}
