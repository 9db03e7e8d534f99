import { ascendingRows } from '../numerics/rank.ts';

/**
 * Ranks from 1 for the smallest value, ties sharing the mean of their ranks; NaN cells stay NaN. A rank depends on all
 * rows: it describes a table and is not a transformation to score later batches with.
 * @example averageRanks([12, 7, 9, 7]) // [4, 1.5, 3, 1.5]
 */
export function averageRanks(values: ArrayLike<number>): Float64Array {
  return ranked(values, (first, last) => (first + last) / 2 + 1);
}

/**
 * Share of the other rows that lie below, (rank − 1)/(n − 1) with the lowest rank of ties, 0 to 1 (Excel PERCENTRANK.INC);
 * 0 for a single row. NaN cells stay NaN.
 * @example percentRanks([12, 7, 9, 7]) // [1, 0, 0.6667, 0]
 */
export function percentRanks(values: ArrayLike<number>): Float64Array {
  return ranked(values, (first, _, n) => (n > 1 ? first / (n - 1) : 0));
}

function ranked(values: ArrayLike<number>, rankOf: (first: number, last: number, n: number) => number): Float64Array {
  const rows = ascendingRows(values);
  const out = new Float64Array(values.length).fill(Number.NaN);
  for (let first = 0; first < rows.length; ) {
    let last = first;
    while (last + 1 < rows.length && values[rows[last + 1]!] === values[rows[first]!]) last++;
    const rank = rankOf(first, last, rows.length);
    for (let i = first; i <= last; i++) out[rows[i]!] = rank;
    first = last + 1;
  }
  return out;
}
