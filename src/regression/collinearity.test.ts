import { describe, expect, it } from 'vitest';
import { seededRandom } from '../numerics/random.ts';
import { BLOCK, Block } from './block.ts';
import { collinearity } from './collinearity.ts';

/** Gram matrix of an intercept and the columns, row-major, through the blocked kernel. */
function gramOf(columns: readonly Float64Array[]): Float64Array {
  const all = [columns[0]!.map(() => 1), ...columns];
  const block = blocked(all, all[0]!);
  const n = all.length;
  return Float64Array.from({ length: n * n }, (_, at) =>
    block.gram(Math.max(Math.floor(at / n), at % n), Math.min(Math.floor(at / n), at % n)),
  );
}

/** The rows of the columns, block by block. */
function blocked(columns: readonly Float64Array[], root: Float64Array): Block {
  const block = new Block(columns.length);
  for (let from = 0; from < root.length; from += BLOCK) {
    const own = root.subarray(from, from + BLOCK);
    columns.forEach((column, j) => {
      block.columns[j]!.set(column.subarray(from, from + BLOCK));
    });
    block.addGram(own.length, own);
  }
  return block;
}

const random = seededRandom(7);
const noise = (): Float64Array => Float64Array.from({ length: 200 }, () => random.uniform() - 0.5);

describe('Block', () => {
  it('has the plain sums of products, by weight and by row, for 1 … 8 columns', () => {
    for (let width = 1; width <= 8; width++) {
      const columns = Array.from({ length: width }, noise);
      const weight = noise();
      const block = blocked(columns, weight);
      for (let a = 0; a < width; a++)
        for (let b = 0; b <= a; b++) {
          let want = 0;
          for (let i = 0; i < 200; i++) want += weight[i]! ** 2 * columns[a]![i]! * columns[b]![i]!;
          expect(block.gram(a, b)).toBeCloseTo(want, 12);
        }
      // The block holds the rows from 128 on.
      const rows = 200 - BLOCK;
      const sums = new Float64Array(width).fill(1);
      block.addProducts(rows, weight, sums);
      const out = new Float64Array(rows);
      block.combine(rows, weight, out);
      columns.forEach((column, j) => {
        let want = 1;
        for (let i = 0; i < rows; i++) want += weight[i]! * column[BLOCK + i]!;
        expect(sums[j]).toBeCloseTo(want, 12);
      });
      for (let i = 0; i < rows; i++)
        expect(out[i]).toBeCloseTo(
          columns.reduce((sum, column, j) => sum + weight[j]! * column[BLOCK + i]!, 0),
          13,
        );
    }
  });
});

describe('collinearity', () => {
  it('has VIF = 1/(1 − r²) for two columns', () => {
    const x = noise();
    const e = noise();
    const y = x.map((v, i) => v + 0.5 * e[i]!);
    const { columns } = collinearity(gramOf([x, y]), 3, new Uint8Array(3), [0, 1], 0.9);
    const mean = (v: Float64Array): number => v.reduce((a, b) => a + b) / v.length;
    const cov = (a: Float64Array, b: Float64Array): number => mean(a.map((v, i) => (v - mean(a)) * (b[i]! - mean(b))));
    const r2 = cov(x, y) ** 2 / (cov(x, x) * cov(y, y));
    expect(columns[0]).toBeCloseTo(1 / (1 - r2), 9);
    expect(columns[1]).toBeCloseTo(1 / (1 - r2), 9);
  });

  it('groups features whose weights correlate by .9 or more, and no others', () => {
    const [a, b, c] = [noise(), noise(), noise()];
    const sum = a.map((v, i) => v + b[i]! + 0.05 * c[i]!);
    const far = noise();
    const { groups } = collinearity(gramOf([a, b, sum, far]), 5, new Uint8Array(5), [0, 1, 2, 3], 0.9);
    expect(groups).toEqual([[0, 1, 2]]);
    const never = collinearity(gramOf([a, b, sum, far]), 5, new Uint8Array(5), [0, 1, 2, 3], Number.POSITIVE_INFINITY);
    expect(never.groups).toEqual([]);
  });

  it('has a variance inflation per feature that does not depend on the reference level (Fox & Monette 1992)', () => {
    const x = noise();
    const level = Int32Array.from({ length: 200 }, (_, i) =>
      Math.floor(3 * Math.min(0.999, Math.max(0, x[i]! + 0.5 + 0.4 * (random.uniform() - 0.5)))),
    );
    const dummy = (k: number): Float64Array => Float64Array.from(level, (v) => (v === k ? 1 : 0));
    const of = (p: number, q: number) =>
      collinearity(gramOf([dummy(p), dummy(q), x]), 4, new Uint8Array(4), [0, 0, 1], 0.9);
    const first = of(0, 1);
    const second = of(1, 2);
    expect(first.features[0]).toBeCloseTo(second.features[0]!, 9);
    expect(first.columns[0]).not.toBeCloseTo(second.columns[0]!, 3);
    // With one numeric feature beside it the generalised factor of both is 1/(1 − R²), here to the power 1/2 for two columns.
    expect(first.features[0]).toBeCloseTo(Math.sqrt(first.features[1]!), 9);
  });
});
