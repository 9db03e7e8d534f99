import { ascendingOrder } from './ascending-order.ts';
import type { TreeInput } from './tree-options.ts';

/**
 * The rows of a fit in an order that their content and the seed decide: by a hash of features, outcome, weight and group.
 * Whatever is drawn by place in it does not depend on how the table was sorted.
 */
export function contentOrder({ data, mass, y }: TreeInput, groups: Int32Array | null, seed: number): Int32Array {
  const rows = y.length;
  const a = new Int32Array(rows).fill(seed | 0);
  const b = new Int32Array(rows).fill(Math.floor(seed / 2 ** 32) ^ 0x9e3779b9);
  const mix = (cell: (row: number) => number): void => {
    for (let i = 0; i < rows; i++) {
      const x = cell(i) | 0;
      a[i] = turn(Math.imul(a[i]! ^ x, 0x85ebca6b));
      b[i] = turn(Math.imul(b[i]! ^ turn(x + 0x165667b1), 0xc2b2ae35) + a[i]!);
    }
  };
  for (const { codes } of data.columns) mix((row) => codes[row]!);
  mix((row) => y[row]!);
  mix((row) => mass.cells[2 * row]! % 2 ** 31);
  mix((row) => mass.cells[2 * row]! / 2 ** 31);
  if (groups !== null) mix((row) => groups[row]!);
  return ascendingOrder(Float64Array.from(a, (high, i) => (high >>> 5) * 2 ** 26 + (b[i]! >>> 6)));
}

function turn(x: number): number {
  const y = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  return y ^ (y >>> 13);
}

/**
 * The fold of every row, dealt by class in turn in content order; null when a class has fewer rows than there are folds.
 */
export function contentFolds(input: TreeInput, count: number, seed: number): Int32Array | null {
  const { y } = input;
  const foldOf = new Int32Array(y.length);
  const dealt = [0, 0];
  for (const row of contentOrder(input, null, seed)) foldOf[row] = dealt[y[row]!]!++ % count;
  return Math.min(...dealt) < count ? null : foldOf;
}
