import { readNumbers } from '../../columns/whole.ts';
import { fail } from '../../errors.ts';
import type { CellRule } from '../../kernels/tree.ts';
import type { Columns } from '../../model/batch.ts';
import type { Field } from '../../model/field.ts';
import { knownOptions, list, names, object } from '../../model/options.ts';
import { usableRows } from '../../regression/design.ts';
import { type Feature, normaliseFeatures, readFeatures } from '../../regression/feature.ts';
import { labelWarnings, twoClasses } from '../../regression/outcome.ts';
import { quoted } from '../../regression/quoted.ts';
import { separationWarnings } from '../../regression/separating.ts';
import { type ChurnLabel, checkLabel, refuseLabel } from '../logistic/options.ts';
import type { Criterion } from './best-split.ts';
import { taken } from './taken.ts';
import { type Mass, massOf, type TrainingData, trainingData } from './training-data.ts';

/**
 * What a null does: `'direction'` – it goes the way that was learned at each split (nulls of the fit take part in the choice
 * of the split; without any, the way of the majority); `'surrogate'` – up to five other splits that imitate the split
 * decide in its place, then the majority; `'null'` – it gives null, and such rows are left out of the fit.
 */
export type TreeMissing = 'direction' | 'surrogate' | 'null';

/** A feature with its options; a bare column name takes the defaults. */
export interface TreeFeature<C extends string = string> {
  readonly column: C;
  /** How the column is read. Default: as it is stored; `'category'` treats numbers as levels. */
  readonly type?: 'number' | 'category';
  /** Default: the `missing` of the estimator. */
  readonly missing?: TreeMissing;
  /** What a level does that the fit did not see: it goes with the majority of the fit's rows (default), or gives null. */
  readonly unseen?: 'majority' | 'null';
}

/** A list of features may serve a regression too: a tree has no use for a reference level. */
type Shared = TreeFeature & Pick<Feature, 'reference'>;

export interface TreeOptions<F extends string, O extends string> {
  readonly label: ChurnLabel;
  /** Number and category columns. */
  readonly features: readonly (F | TreeFeature<F>)[];
  /** Column of case weights (≥ 0): a row of weight 2 counts as two rows, for `minLeaf` and `smoothing` as well. */
  readonly weight?: string;
  /** What splits decrease. Default `'gini'`. */
  readonly criterion?: Criterion;
  /** Longest path from the root to a leaf, at most 64. */
  readonly maxDepth?: number;
  /** Least weight of a leaf. */
  readonly minLeaf?: number;
  /** A leaf's probability is (events + smoothing·baseRate)/(weight + smoothing): the m-estimate. */
  readonly smoothing?: number;
  /** Name of the output. Default `churnProbability`. */
  readonly as?: O;
}

/** Options of tree estimators after their checks. */
export interface Chosen {
  readonly label: ChurnLabel;
  readonly features: readonly Required<Pick<TreeFeature, 'missing' | 'unseen'>>[];
  readonly columns: readonly Feature[];
  readonly weight: string | undefined;
}

/** Stops at the first common option that cannot be used. */
export function chooseTree(
  options: Omit<TreeOptions<string, string>, 'maxDepth' | 'minLeaf' | 'smoothing'>,
  limits: { readonly maxDepth: number; readonly minLeaf: number; readonly smoothing: number },
  missing: TreeMissing,
  allowed: readonly TreeMissing[],
): Chosen {
  const { label, weight, criterion = 'gini', as = 'churnProbability' } = object(options, 'options');
  checkLabel(label);
  names({ as });
  if (criterion !== 'gini' && criterion !== 'entropy')
    fail('invalid-option', `invalid criterion: ${String(criterion)}; use "gini" or "entropy"`);
  wholeOption('maxDepth', limits.maxDepth, 1, 64);
  if (!(limits.minLeaf > 0 && Number.isFinite(limits.minLeaf)))
    fail('invalid-option', `invalid minLeaf: ${limits.minLeaf}; use a number above 0`);
  if (!(limits.smoothing >= 0 && Number.isFinite(limits.smoothing)))
    fail('invalid-option', `invalid smoothing: ${limits.smoothing}; use 0 or a positive number`);
  const own = list(options.features, 'features').map((feature, k) =>
    typeof feature === 'string'
      ? { column: feature }
      : knownOptions(
          object(feature, `features[${k}]`) as Shared,
          `features[${k}]`,
          'column type reference missing unseen',
        ),
  );
  const columns = normaliseFeatures(
    own.map(({ column, type }) => (type === undefined ? { column } : { column, type })),
  );
  if (columns.length === 0) fail('invalid-option', 'invalid features: a tree needs at least one');
  const features = own.map((feature: TreeFeature) => {
    const rule = feature.missing ?? missing;
    const unseen = feature.unseen ?? 'majority';
    const at = `feature "${feature.column}"`;
    if (!allowed.includes(rule))
      fail('invalid-option', `${at}: invalid missing: ${String(rule)}; use ${allowed.map((a) => `"${a}"`).join(', ')}`);
    if (unseen !== 'majority' && unseen !== 'null')
      fail('invalid-option', `${at}: invalid unseen: ${String(unseen)}; use "majority" or "null"`);
    return { missing: rule, unseen };
  });
  refuseLabel(columns, label.column);
  if (weight !== undefined && (weight === label.column || columns.some(({ column }) => column === weight)))
    fail('invalid-option', `weight "${weight}" is the label or a feature as well`);
  return { label, features, columns, weight };
}

/** Stops unless the option is a whole number within limits. */
export function wholeOption(name: string, value: number, low: number, high: number): void {
  if (!(Number.isInteger(value) && value >= low && value <= high))
    fail('invalid-option', `invalid ${name}: ${value}; use a whole number from ${low} to ${high}`);
}

/** The rows of a fit, ready for growing trees. */
export interface TreeInput {
  readonly inputs: readonly Field[];
  readonly rules: readonly CellRule[];
  /** The rows of the table that take part, in their order. */
  readonly rows: Int32Array;
  readonly data: TrainingData;
  readonly mass: Mass;
  /** Outcome of each row of `data`. */
  readonly y: Float64Array;
  readonly baseRate: number;
  readonly warnings: readonly string[];
}

/** Reads label, weight and features (`counted`: see {@link trainingData}); rows without a label, without weight, or with a null that has no rule are left out. */
export function readTreeInput(
  table: Columns,
  { label, features, columns, weight }: Chosen,
  counted?: number,
): TreeInput {
  const y = twoClasses(table, label.column, label.churned);
  let unknown = 0;
  for (let i = 0; i < y.length; i++) if (y[i] !== y[i]) unknown++;
  const weights = weight === undefined ? null : readNumbers(table, weight);
  let unweighted = 0;
  weights?.forEach((w, i) => {
    if (w !== w && y[i] === y[i]) unweighted++;
    if (w < 0) fail('invalid-value', `weight "${weight}", row ${i}: ${w}; weights are 0 or above`);
    if (w !== w || w === 0) y[i] = Number.NaN;
  });
  const use = (row: number): boolean => y[row] === y[row];
  const read = readFeatures(table, columns, use);
  // A feature whose nulls have a rule is known to `usableRows` by any rule but 'null'.
  const ruled = read.map((column, k) => ({
    ...column,
    missing: features[k]!.missing === 'null' ? ('null' as const) : ('level' as const),
  }));
  const { rows, warnings } = usableRows(ruled, y.length, use);
  const own = taken(y, rows, new Float64Array(rows.length));
  for (const side of [0, 1])
    if (!own.includes(side))
      fail(
        'one-class',
        `label "${label.column}": all ${own.length} rows of the fit say ${side === 1 ? 'no' : 'yes'}; rows without weight, or with a null in a feature that has no rule, take no part`,
      );
  const mass = massOf(own, weights && taken(weights, rows, new Float64Array(rows.length)));
  const data = trainingData(read, rows, (k) => features[k]!.missing === 'surrogate', counted);
  let total = 0;
  let events = 0;
  for (let i = 0; i < own.length; i++) {
    total += mass.cells[2 * i]!;
    events += mass.cells[2 * i + 1]!;
  }
  return {
    inputs: read.map(({ field }) => field),
    rules: data.columns.map(({ nulls }, k) => ({ ...features[k]!, nulls })),
    rows,
    data,
    mass,
    y: own,
    baseRate: events / total,
    warnings: [
      ...(unknown > 0 ? [`${unknown} rows without a label are left out of the fit`] : []),
      ...(unweighted > 0 ? [`${unweighted} rows without a weight are left out of the fit`] : []),
      ...warnings,
      ...constants(data),
      ...separationWarnings(read, y),
      ...labelWarnings(table, label.column, label.churned),
    ],
  };
}

function constants({ columns, rows }: TrainingData): readonly string[] {
  const named = (list: readonly { readonly name: string }[], what: string): readonly string[] =>
    list.length === 0 ? [] : [`never used, ${what}: ${quoted(list.map(({ name }) => name))}`];
  return [
    ...named(
      columns.filter(({ nulls }) => nulls === rows),
      'null in every row',
    ),
    ...named(
      columns.filter(({ nulls, size }) => nulls === 0 && size === 1),
      'constant',
    ),
  ];
}
