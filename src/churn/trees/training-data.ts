import { fail } from '../../errors.ts';
import type { FeatureColumn } from '../../regression/feature.ts';
import { ColumnRanks } from './column-ranks.ts';
import { taken } from './taken.ts';

/** One feature of the rows of a fit, by rank: comparing whole numbers gives the same splits as comparing the values. */
export interface TrainingColumn {
  readonly name: string;
  /** Rank of the row's value among the distinct ones, or code of its level; −1 where null. */
  readonly codes: Int32Array;
  /** Distinct values or levels. */
  readonly size: number;
  /** The distinct values, ascending; null for a category. */
  readonly values: Float64Array | null;
  /** Rows by ascending rank, nulls left out, equal ranks by row; null where counting by rank is cheaper. */
  readonly order: Int32Array | null;
  /** Whether surrogates decide about nulls, which then take no part in the choice of a split on this feature. */
  readonly surrogate: boolean;
  readonly nulls: number;
}

export interface TrainingData {
  readonly rows: number;
  readonly columns: readonly TrainingColumn[];
}

/** Up to this many distinct values rows are counted per value; beyond it they are kept in sorted order. */
const COUNTED = 256;
const MOST_LEVELS = 1024;

/** Ranks the features of the given rows, numbers of more values than `counted` in sorted order. */
export function trainingData(
  features: readonly FeatureColumn[],
  rows: Int32Array,
  surrogate: (feature: number) => boolean,
  counted: number = COUNTED,
): TrainingData {
  const ranks = features.some(({ values }) => values !== null) ? new ColumnRanks(rows.length) : null;
  return {
    rows: rows.length,
    columns: features.map(({ field, values, codes }, k) => {
      const head = { name: field.name, surrogate: surrogate(k) };
      if (values !== null) return { ...head, ...ranked(values, rows, ranks!, counted) };
      const size = field.levels!.length;
      if (size > MOST_LEVELS)
        fail(
          'invalid-value',
          `feature "${field.name}" has ${size} levels, more than ${MOST_LEVELS}: is it an identifier?`,
        );
      const own = taken(codes!, rows, new Int32Array(rows.length));
      return { ...head, codes: own, size, values: null, order: null, nulls: nullsOf(own) };
    }),
  };
}

function ranked(
  column: Float64Array,
  rows: Int32Array,
  ranks: ColumnRanks,
  counted: number,
): Pick<TrainingColumn, 'codes' | 'size' | 'values' | 'order' | 'nulls'> {
  const { cells } = ranks;
  // −0 is 0: they are one value.
  for (let i = 0; i < cells.length; i++) cells[i] = column[rows[i]!]! + 0;
  const { values, ...rest } = ranks.ranks(counted);
  return { ...rest, values, size: values.length };
}

function nullsOf(codes: Int32Array): number {
  let nulls = 0;
  for (let i = 0; i < codes.length; i++) if (codes[i]! < 0) nulls++;
  return nulls;
}

/**
 * Weight and weighted outcome of every row, `[w, w·y]` after each other, as whole numbers, so that sums of them are exact
 * and no split depends on the order of rows. `unit` is the weight of 1; a weight is rounded to a multiple of 1/unit,
 * which is far below the rounding of float64 sums, and whole weights are kept while their sums are exact.
 */
export interface Mass {
  readonly cells: Float64Array;
  readonly unit: number;
}

/** Totals of weights below it and above its inverse leave no room for exact sums. */
const SMALLEST = 1e-200;

export function massOf(y: Float64Array, weight: Float64Array | null): Mass {
  const cells = new Float64Array(2 * y.length);
  let unit = 1;
  if (weight !== null) {
    let total = 0;
    for (let i = 0; i < weight.length; i++) total += weight[i]!;
    if (!(total >= SMALLEST && total <= 1 / SMALLEST))
      fail('invalid-value', `weights add up to ${total}: scale them to a mean of 1`);
    if (!weight.every(Number.isInteger)) while (total * unit * 2 <= 2 ** 50) unit *= 2;
    while (total * unit > 2 ** 51) unit /= 2;
  }
  for (let i = 0; i < y.length; i++) {
    const w = weight === null ? 1 : Math.round(weight[i]! * unit);
    cells[2 * i] = w;
    cells[2 * i + 1] = w * y[i]!;
  }
  return { cells, unit };
}
