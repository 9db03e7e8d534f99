import { fail } from '../../errors.ts';
import { knownOptions, object } from '../../model/options.ts';
import type { ChurnLabel } from '../logistic-regression.ts';
import { type Chosen, chooseTree, type TreeFeature, wholeOption } from '../trees/tree-options.ts';

export interface GradientBoostingOptions<F extends string, O extends string> {
  readonly label: ChurnLabel;
  /** Number and category columns. */
  readonly features: readonly (F | BoostingFeature<F>)[];
  /** Column of case weights (≥ 0): a row of weight 2 counts as two rows, for `minLeaf` as well. */
  readonly weight?: string;
  /** Column whose equal values (a customer's) are held out together. */
  readonly group?: string;
  /** Most trees. Default 500. */
  readonly rounds?: number;
  /** Share of each tree's Newton step that is taken. Default 0.05. */
  readonly learningRate?: number;
  /** Most leaves of a tree. Default 15. */
  readonly leaves?: number;
  /** Longest path from the root to a leaf, at most 64. Default 64: `leaves` decides. */
  readonly maxDepth?: number;
  /** Least weight of a leaf. Default 20. */
  readonly minLeaf?: number;
  /** Least Σ w·p(1 − p) of a leaf. Default 0.001. */
  readonly minHessian?: number;
  /** λ of the penalty (λ/2)·Σ value². Default 1. */
  readonly l2?: number;
  /** A split must take more than this from the total log loss, by its quadratic approximation. Default 0. */
  readonly minGain?: number;
  /** Levels are ordered by G/(H + categorySmoothing) before they are parted. Default 10. */
  readonly categorySmoothing?: number;
  /** Most bins of a feature, up to 255. Default 255. */
  readonly bins?: number;
  /** Share of the rows that each tree is grown on, drawn without replacement. Default 1. */
  readonly rowShare?: number;
  /** Share of the features that each tree is grown on. Default 1. */
  readonly featureShare?: number;
  /** By number column: 1 – the probability must not fall as the column rises; −1 – it must not rise. */
  readonly monotone?: { readonly [C in NoInfer<F>]?: 1 | -1 };
  /**
   * How the number of trees is found: on a share of the rows held out – on several shares in turn, until 2,000 rows of the
   * rarer class are judged – where no round lowers the mean loss for `patience` rounds. The model is then grown anew, on all rows, with as many trees as were best. `false`: `rounds` trees.
   */
  readonly earlyStopping?: false | EarlyStopping;
  /** Default 1. */
  readonly seed?: number;
  /** What a null does. Default `'direction'`. */
  readonly missing?: 'direction' | 'null';
  /** Name of the output. Default `churnProbability`. */
  readonly as?: O;
}

/** A feature with its options; a bare column name takes the defaults. */
export interface BoostingFeature<C extends string = string> extends TreeFeature<C> {
  readonly missing?: 'direction' | 'null';
}

export interface EarlyStopping {
  /** Default 0.2. */
  readonly share?: number;
  /** Default 30. */
  readonly patience?: number;
}

type Given = GradientBoostingOptions<string, string>;
type Numbers = 'rounds' | 'learningRate' | 'leaves' | 'maxDepth' | 'minLeaf' | 'minHessian' | 'l2' | 'minGain';
type More = 'categorySmoothing' | 'bins' | 'rowShare' | 'featureShare' | 'seed' | 'missing';

/** Options after their checks, with defaults. */
export interface ChosenBoosting extends Required<Pick<Given, Numbers | More>> {
  readonly input: Chosen;
  readonly group: string | undefined;
  readonly directions: Int8Array;
  readonly earlyStopping: false | Required<EarlyStopping>;
}

/** Stops at the first option that cannot be used. */
export function chooseBoosting(options: Given): ChosenBoosting {
  const { monotone = {}, earlyStopping = {}, group, ...given } = options;
  const chosen = { ...defaults, ...given };
  const { maxDepth, minLeaf, missing } = chosen;
  const input = chooseTree(options, { maxDepth, minLeaf, smoothing: 0 }, missing, ['direction', 'null']);
  wholeOption('rounds', chosen.rounds, 1, 10_000);
  wholeOption('leaves', chosen.leaves, 2, 1024);
  wholeOption('bins', chosen.bins, 2, 255);
  for (const name of ['learningRate', 'rowShare', 'featureShare'] as const)
    if (!(chosen[name] > 0 && chosen[name] <= 1))
      fail('invalid-option', `invalid ${name}: ${chosen[name]}; use a number in (0, 1]`);
  for (const name of ['minHessian', 'l2', 'minGain', 'categorySmoothing'] as const)
    if (!(chosen[name] >= 0 && Number.isFinite(chosen[name])))
      fail('invalid-option', `invalid ${name}: ${chosen[name]}; use 0 or a positive number`);
  if (!(chosen.minHessian + chosen.l2 > 0))
    fail('invalid-option', 'invalid l2: 0 with minHessian 0 leaves values of leaves without bounds; raise one of them');
  if (!Number.isSafeInteger(chosen.seed)) fail('invalid-option', `invalid seed: ${chosen.seed}; use a whole number`);
  if (group !== undefined && (group === input.label.column || input.columns.some(({ column }) => column === group)))
    fail('invalid-option', `group "${group}" is the label or a feature as well`);
  return {
    ...chosen,
    input,
    group,
    directions: directionsOf(monotone, input),
    earlyStopping: stopping(earlyStopping),
  };
}

const defaults = {
  rounds: 500,
  learningRate: 0.05,
  leaves: 15,
  maxDepth: 64,
  minLeaf: 20,
  minHessian: 1e-3,
  l2: 1,
  minGain: 0,
  categorySmoothing: 10,
  bins: 255,
  rowShare: 1,
  featureShare: 1,
  seed: 1,
  missing: 'direction',
} as const satisfies Required<Pick<Given, Numbers | More>>;

function directionsOf(monotone: { readonly [column: string]: 1 | -1 | undefined }, { columns }: Chosen): Int8Array {
  for (const [column, direction] of Object.entries(object(monotone, 'monotone'))) {
    const at = columns.find((feature) => feature.column === column);
    if (at === undefined) fail('invalid-option', `monotone: "${column}" is not among the features`);
    if (at.type === 'category')
      fail('invalid-option', `monotone: "${column}" is a category; only numbers have a direction`);
    if (direction !== 1 && direction !== -1 && direction !== undefined)
      fail('invalid-option', `invalid monotone["${column}"]: ${String(direction)}; use 1 or -1`);
  }
  return Int8Array.from(columns, ({ column }) => (Object.hasOwn(monotone, column) ? (monotone[column] ?? 0) : 0));
}

function stopping(option: false | EarlyStopping): false | Required<EarlyStopping> {
  if (option === false) return false;
  const { share = 0.2, patience = 30 } = knownOptions(
    object(option, 'earlyStopping'),
    'earlyStopping',
    'share patience',
  );
  if (!(share > 0 && share < 1)) fail('invalid-option', `invalid earlyStopping.share: ${share}; use a share in (0, 1)`);
  wholeOption('earlyStopping.patience', patience, 1, 10_000);
  return { share, patience };
}
