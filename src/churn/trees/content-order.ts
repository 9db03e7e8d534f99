import { ColumnRanks } from './column-ranks.ts';
import type { TreeInput } from './tree-options.ts';

/** Weights are whole numbers of up to 51 bits, 31 of which are taken first. */
const HALF = 2 ** 31;

/**
 * The rows of a fit in an order that their content and the seed decide: by a hash of features, outcome, weight and group.
 * Whatever is drawn by place in it does not depend on how the table was sorted.
 */
export function contentOrder({ data, mass, y }: TreeInput, groups: Int32Array | null, seed: number): Int32Array {
  const rows = y.length;
  const { cells: weights } = mass;
  const hash = new ContentHash(rows, seed);
  for (const { codes } of data.columns) hash.mix(codes);
  const own = new Int32Array(rows);
  for (let i = 0; i < rows; i++) own[i] = y[i]!;
  hash.mix(own);
  for (let i = 0; i < rows; i++) own[i] = weights[2 * i]! - HALF * Math.floor(weights[2 * i]! / HALF);
  hash.mix(own);
  for (let i = 0; i < rows; i++) own[i] = weights[2 * i]! / HALF;
  hash.mix(own);
  if (groups !== null) hash.mix(groups);
  return hash.order();
}

/** A hash of 64 bits per row, of which 53 decide. */
class ContentHash {
  readonly #a: Int32Array;
  readonly #b: Int32Array;

  constructor(rows: number, seed: number) {
    this.#a = new Int32Array(rows).fill(seed | 0);
    this.#b = new Int32Array(rows).fill(Math.floor(seed / 2 ** 32) ^ 0x9e3779b9);
  }

  /** Takes one more cell of every row into account. */
  mix(cells: Int32Array): void {
    const a = this.#a;
    const b = this.#b;
    for (let i = 0; i < a.length; i++) {
      const x = cells[i]!;
      const own = turn(Math.imul(a[i]! ^ x, 0x85ebca6b));
      a[i] = own;
      b[i] = turn(Math.imul(b[i]! ^ turn(x + 0x165667b1), 0xc2b2ae35) + own);
    }
  }

  order(): Int32Array {
    const ranks = new ColumnRanks(this.#a.length);
    const { cells } = ranks;
    for (let i = 0; i < cells.length; i++) cells[i] = (this.#a[i]! >>> 5) * 2 ** 26 + (this.#b[i]! >>> 6);
    return ranks.order();
  }
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
