import { readNumbers } from '../columns/whole.ts';
import { fail } from '../errors.ts';
import type { Columns } from '../model/batch.ts';
import { knownOptions } from '../model/options.ts';
import { log } from '../numerics/elementary.ts';
import { mean, sum } from '../numerics/sum.ts';
import { shares } from './perron.ts';

/** Weights from the spread of the data, one per column in the order given. */
export interface ObjectiveWeights {
  readonly columns: readonly string[];
  /** They sum to 1. A column without spread has 0. */
  readonly weights: readonly number[];
  /** Rows that took part: those without a null in any of the columns. */
  readonly rows: number;
  readonly warnings: readonly string[];
}

export interface EntropyWeights extends ObjectiveWeights {
  readonly entropy: readonly number[];
  /** 1 − entropy. */
  readonly divergence: readonly number[];
}

/**
 * Entropy weights (Shannon; Hwang & Yoon 1981): with p_ij = x_ij/Σ_i x_ij, E_j = −Σ_i p_ij ln p_ij / ln m and
 * w_j ∝ 1 − E_j. They depend on the zero of each column: `shift` adds a number to a column that has negative values.
 *
 * @throws ClienteleError `invalid-value` for a negative value, fewer than two rows, or when no column has spread;
 *   unknown-column, wrong-type.
 * @example entropyWeights({ a: [1, 1], b: [1, 3] }, ['a', 'b']).weights // [0, 1]
 */
export function entropyWeights(
  data: Columns,
  columns: readonly string[],
  options: { readonly shift?: { readonly [column: string]: number } } = {},
): EntropyWeights {
  const { shift = {} } = knownOptions(options, 'entropyWeights', 'shift');
  const { values, ...about } = complete(data, columns);
  const entropy = values.map((column, c) => {
    const by = shift[columns[c]!] ?? 0;
    const shifted = column.map((x) => x + by);
    const lowest = Math.min(...extent(shifted));
    if (lowest < 0)
      fail(
        'invalid-value',
        `column "${columns[c]}" goes down to ${lowest}: entropy needs values of 0 or more, give a shift`,
      );
    if (isConstant(shifted)) return 1;
    const total = sum(shifted);
    return -sum(shifted.map((x) => (x > 0 ? (x / total) * log(x / total) : 0))) / log(about.rows);
  });
  const divergence = entropy.map((e) => 1 - e);
  return { ...weighed(divergence, about), entropy, divergence };
}

export interface StandardDeviationWeights extends ObjectiveWeights {
  /** Of the min–max columns, with n − 1. */
  readonly standardDeviation: readonly number[];
}

/**
 * Standard-deviation weights: w_j ∝ the standard deviation of the column brought to 0 … 1 by min–max (Diakoulaki et al.
 * 1995). The direction of a criterion does not matter.
 *
 * @throws ClienteleError `invalid-value` for fewer than two rows or when no column has spread; unknown-column, wrong-type.
 * @example standardDeviationWeights({ a: [1, 2], b: [5, 9] }, ['a', 'b']).weights // [0.5, 0.5]
 */
export function standardDeviationWeights(data: Columns, columns: readonly string[]): StandardDeviationWeights {
  const { values, ...about } = complete(data, columns);
  const standardDeviation = values.map((column) => deviation(minMax(column)));
  return { ...weighed(standardDeviation, about), standardDeviation };
}

export interface CriticWeights extends StandardDeviationWeights {
  /** `correlation[j][k]` of the min–max columns in their directions; 0 beside a column without spread. */
  readonly correlation: readonly (readonly number[])[];
  /** σ_j Σ_k (1 − r_jk). */
  readonly information: readonly number[];
}

/**
 * CRITIC weights (Diakoulaki, Mavrotas & Papayannakis 1995): w_j ∝ σ_j Σ_k (1 − r_jk) of the columns brought to 0 … 1 by
 * min–max, columns in `costs` mirrored. A column without spread takes no part in the sums: it changes no other weight.
 *
 * @throws ClienteleError `invalid-value` for fewer than two rows or when the columns hold no information (none has spread,
 *   or all move together); `unknown-column` for a cost that is not among the columns; wrong-type.
 * @example criticWeights({ price: [3, 1, 2], quality: [9, 5, 8] }, ['price', 'quality'], { costs: ['price'] })
 */
export function criticWeights(
  data: Columns,
  columns: readonly string[],
  options: { readonly costs?: readonly string[] } = {},
): CriticWeights {
  const { costs = [] } = knownOptions(options, 'criticWeights', 'costs');
  for (const cost of costs)
    if (!columns.includes(cost))
      fail('unknown-column', `unknown cost "${cost}": the columns are ${columns.join(', ')}`);
  const { values, ...about } = complete(data, columns);
  const scaled = values.map((column, c) => {
    const scores = minMax(column);
    return costs.includes(columns[c]!) ? scores.map((x) => 1 - x) : scores;
  });
  const standardDeviation = scaled.map(deviation);
  const correlation = scaled.map((one, j) =>
    scaled.map((other, k) => (j === k && standardDeviation[j]! > 0 ? 1 : correlate(one, other))),
  );
  const information = standardDeviation.map((sd, j) =>
    sd === 0 ? 0 : sd * sum(correlation[j]!.map((r, k) => (standardDeviation[k] === 0 ? 0 : 1 - r))),
  );
  return { ...weighed(information, about), standardDeviation, correlation, information };
}

type About = Pick<ObjectiveWeights, 'columns' | 'rows' | 'warnings'>;

/** The rows in which no column is null, column by column. */
function complete(data: Columns, columns: readonly string[]): About & { readonly values: readonly Float64Array[] } {
  if (columns.length === 0) fail('invalid-option', 'no columns: name at least one');
  const repeated = columns.find((column, i) => columns.indexOf(column) !== i);
  if (repeated !== undefined) fail('invalid-option', `invalid columns: "${repeated}" is repeated`);
  const all = columns.map((column) => readNumbers(data, column));
  const length = all[0]!.length;
  const there = new Uint8Array(length).map((_, row) => (all.every((column) => column[row] === column[row]) ? 1 : 0));
  const values = all.map((column) => column.filter((_, row) => there[row] === 1));
  const rows = values[0]!.length;
  if (rows < 2) fail('invalid-value', `${rows} rows without a null in ${columns.join(', ')}: two or more are needed`);
  const warnings = columns
    .filter((_, c) => isConstant(values[c]!))
    .map((column) => `"${column}" has no spread: its weight is 0`);
  if (rows < length) warnings.unshift(`${length - rows} of ${length} rows hold a null and were left out`);
  return { columns: [...columns], values, rows, warnings };
}

function weighed(worth: readonly number[], { columns, rows, warnings }: About): ObjectiveWeights {
  if (!(sum(worth) > 0)) fail('invalid-value', `${columns.join(', ')} tell no rows apart: no weights follow from them`);
  return { columns, weights: shares(worth), rows, warnings };
}

function extent(values: Float64Array): [number, number] {
  let low = values[0]!;
  let high = low;
  for (const x of values) {
    low = Math.min(low, x);
    high = Math.max(high, x);
  }
  return [low, high];
}
function isConstant(values: Float64Array): boolean {
  const [low, high] = extent(values);
  return low === high;
}
function minMax(values: Float64Array): Float64Array {
  const [low, high] = extent(values);
  return values.map((x) => (high > low ? (x - low) / (high - low) : 0));
}
function deviation(values: Float64Array): number {
  if (isConstant(values)) return 0;
  const centre = mean(values);
  return Math.sqrt(sum(values.map((x) => (x - centre) * (x - centre))) / (values.length - 1));
}
function correlate(a: Float64Array, b: Float64Array): number {
  if (isConstant(a) || isConstant(b)) return 0;
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = sum(a.map((x, i) => (x - meanA) * (b[i]! - meanB)));
  return product / (a.length - 1) / (deviation(a) * deviation(b));
}
