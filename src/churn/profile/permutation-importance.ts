import { requireColumn } from '../../columns/batch.ts';
import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { knownOptions, list, object } from '../../model/options.ts';
import { seededRandom, shuffled } from '../../numerics/random.ts';
import { mean, sum } from '../../numerics/sum.ts';
import { twoClasses } from '../../regression/outcome.ts';
import type { ChurnLabel } from '../logistic/options.ts';
import { brier, checkCount, logLoss, rocAuc } from '../metrics.ts';
import { cellsOf, type PlainColumns, plainColumns, rowsOf, type ScoreFunction, scored } from './score-columns.ts';

/** How a loss of skill is measured. */
export type ImportanceMetric = 'logLoss' | 'rocAuc' | 'brier';

export interface ImportanceOptions {
  /** Default: log loss and AUC. The first one orders the result. */
  readonly metrics?: readonly ImportanceMetric[];
  /** How often each column is permuted. Default: 5. */
  readonly repeats?: number;
  readonly seed?: number;
}

export interface ImportanceDrop {
  readonly metric: ImportanceMetric;
  /** Mean over repeats of what is lost: the rise of a loss, the fall of the AUC. Null where a log loss is infinite. */
  readonly importance: number | null;
  /** sd over repeats / √repeats: of the permuting only, not of the sample. Null for one repeat. */
  readonly standardError: number | null;
  /** Per repeat. */
  readonly drops: readonly (number | null)[];
}

export interface FeatureImportance {
  /** One column, or those that were permuted together. */
  readonly columns: readonly string[];
  readonly metrics: readonly ImportanceDrop[];
}

export interface PermutationImportance {
  /** Rows with a label and a probability. */
  readonly rows: number;
  readonly leftOut: number;
  readonly repeats: number;
  /** The metrics before anything is permuted; null where a log loss is infinite. */
  readonly baseline: readonly { readonly metric: ImportanceMetric; readonly value: number | null }[];
  /** From the most important down by the first metric (infinite first); equal ones by name. */
  readonly features: readonly FeatureImportance[];
}

type Metric = (actual: ArrayLike<number>, probability: ArrayLike<number>) => number | null;
const METRICS: { readonly [M in ImportanceMetric]: { readonly of: Metric; readonly sign: 1 | -1 } } = {
  logLoss: { of: (y, p) => logLoss(y, p), sign: 1 },
  rocAuc: { of: (y, p) => rocAuc(y, p), sign: -1 },
  brier: { of: (y, p) => brier(y, p), sign: 1 },
};

/**
 * How much worse probabilities become when one column, or a group of columns row by row together, is shuffled among the
 * customers: (metric after − metric before), so signed that above 0 means the column was of use. It tells what the model
 * relies on, not what causes leaving. Of columns that say the same each looks dispensable: permute them as a group. Judge on
 * rows that the model was not fitted to. In a repeat every column is shuffled by the same order, so a result does not depend
 * on which other columns are asked for.
 *
 * Rows whose label is null or whose probability is NaN to begin with are left out and counted. Cost: (1 + columns·repeats)
 * scorings. A plain batch is passed on as it is; of an Arrow batch booleans and dates become numbers.
 *
 * Source: Breiman (2001), Machine Learning 45, §10; Fisher, Rudin & Dominici (2019), JMLR 20(177), for any model.
 * @param score see {@link ScoreFunction}.
 * @param features column names, or lists of them.
 * @throws unknown-column; one-class, all-null or empty-input by the label; invalid-value for no probability; wrong-length;
 *   label-as-feature; invalid-option.
 * @example
 * const data = { left: [1, 0, 0, 1], risk: [0.9, 0.1, 0.2, 0.8], noise: [3, 1, 2, 4] };
 * const score = (batch) => Float64Array.from(batch.risk);
 * const { features } = permutationImportance(score, data, { column: 'left', churned: 1 }, ['noise', 'risk'], { seed: 1 });
 * features.map(({ columns }) => columns[0]) // ['risk', 'noise']
 */
export function permutationImportance<const D extends Columns>(
  score: ScoreFunction<D>,
  data: D,
  label: Pick<ChurnLabel, 'column' | 'churned'>,
  features: readonly (string | readonly string[])[],
  options: ImportanceOptions = {},
): PermutationImportance {
  const {
    metrics = ['logLoss', 'rocAuc'],
    repeats = 5,
    seed = 1,
  } = knownOptions(options, 'permutationImportance', 'metrics repeats seed');
  checkCount(repeats, 'repeats');
  checkMetrics(metrics);
  const { column, churned } = object(label, 'label');
  const groups = checkGroups(features, column);
  for (const name of groups.flat()) requireColumn(data, name);
  const { batch, y, base, leftOut } = judgedRows(score, data, twoClasses(data, column, churned));
  const before = metrics.map((metric) => METRICS[metric].of(y, base));
  const random = seededRandom(seed);
  const orders = Array.from({ length: repeats }, () => shuffled(y.length, random));
  const found = groups.map((columns): FeatureImportance => {
    const drops = metrics.map((): (number | null)[] => []);
    for (const order of orders) {
      const moved = Object.fromEntries(columns.map((name) => [name, cellsOf(batch[name]!, order)]));
      const after = scored(score, { ...batch, ...moved });
      metrics.forEach((metric, m) => {
        const value = METRICS[metric].of(y, after);
        drops[m]!.push(value === null || before[m] === null ? null : METRICS[metric].sign * (value - before[m]!) + 0);
      });
    }
    return { columns, metrics: metrics.map((metric, m) => summary(metric, drops[m]!)) };
  });
  const size = ({ metrics }: FeatureImportance): number => metrics[0]!.importance ?? Number.POSITIVE_INFINITY;
  const name = ({ columns }: FeatureImportance): string => columns.join('\n');
  found.sort((a, b) => (size(a) === size(b) ? (name(a) < name(b) ? -1 : 1) : size(b) - size(a)));
  const baseline = metrics.map((metric, m) => ({ metric, value: before[m]! }));
  return { rows: y.length, leftOut, repeats, baseline, features: found };
}

interface Judged {
  readonly batch: PlainColumns;
  readonly y: Float64Array;
  readonly base: ArrayLike<number>;
  readonly leftOut: number;
}

/** The rows with a label and a score, so that permuting does not change who is judged. */
function judgedRows<D extends Columns>(score: ScoreFunction<D>, data: D, y: Float64Array): Judged {
  const all = plainColumns(data);
  const base = scored(score, all);
  const rows = Array.from(y, (_, row) => row).filter((row) => y[row] === y[row] && Number.isFinite(base[row]));
  const pick = (cells: ArrayLike<number>): Float64Array => Float64Array.from(rows, (row) => cells[row]!);
  return { batch: rowsOf(all, rows), y: pick(y), base: pick(base), leftOut: y.length - rows.length };
}

function summary(metric: ImportanceMetric, drops: readonly (number | null)[]): ImportanceDrop {
  const known = drops.filter((drop) => drop !== null);
  if (known.length < drops.length) return { metric, importance: null, standardError: null, drops };
  const importance = mean(known);
  const n = known.length;
  const squares = sum(known.map((drop) => (drop - importance) ** 2));
  return { metric, importance, standardError: n > 1 ? Math.sqrt(squares / (n - 1) / n) : null, drops };
}

function checkMetrics(metrics: readonly ImportanceMetric[]): void {
  if (list(metrics, 'metrics').length === 0) fail('invalid-option', 'no metrics given: name at least one');
  for (const metric of metrics)
    if (!Object.hasOwn(METRICS, metric))
      fail('invalid-option', `invalid metric: ${String(metric)}; use ${Object.keys(METRICS).join(', ')}`);
}

function checkGroups(features: readonly (string | readonly string[])[], label: string): readonly (readonly string[])[] {
  const groups = list(features, 'features').map((group) =>
    typeof group === 'string' ? [group] : list(group, 'feature'),
  );
  if (groups.length === 0) fail('invalid-option', 'no features given: name at least one column');
  for (const group of groups) {
    if (group.length === 0) fail('invalid-option', 'a group of features is empty: name its columns');
    if (new Set(group).size < group.length)
      fail('invalid-option', `features "${group.join('", "')}": a column is given twice`);
    if (group.includes(label)) fail('label-as-feature', `the label "${label}" is listed as a feature: leave it out`);
  }
  return groups;
}
