import { describe, expect, it } from 'vitest';
import { exp, expInto } from './elementary.ts';
import { seededRandom } from './random.ts';

const bits = (values: Float64Array<ArrayBuffer>): readonly bigint[] => [...new BigInt64Array(values.buffer)];

describe('expInto', () => {
  const random = seededRandom(31);
  const usual = Float64Array.from(
    { length: 4001 },
    () => (2 * random.uniform() - 1) * 10 ** (5 * random.uniform() - 2),
  ).filter((x) => Math.abs(x) < 708);
  const edge = [
    ...[0, -0, 5e-324, -5e-324, 1e-300, 707.9999999999999, -707.9999999999999, 708, -708, 708.9999999999999, 709],
    ...[709.7, 709.8, 710, -708.5, -745, -745.13, -746, 1e308, -1e308, Number.POSITIVE_INFINITY],
    ...[Number.NEGATIVE_INFINITY, Number.NaN],
  ];

  it('gives the bits of exp for usual numbers, for a block with one at the edge, and for NaN among usual ones', () => {
    const blocks = [usual, ...edge.map((x) => Float64Array.of(1, x, -2, 0.1)), Float64Array.of(Number.NaN, 1)];
    for (const block of blocks) {
      const out = new Float64Array(block.length).fill(7);
      expInto(block.length, block, out);
      expect(bits(out)).toEqual(bits(block.map(exp)));
    }
  });

  it('leaves the cells beyond the block alone, and an empty block too', () => {
    const out = Float64Array.of(7, 7);
    expInto(0, usual, out);
    expect([...out]).toEqual([7, 7]);
    expInto(1, Float64Array.of(0, 3), out);
    expect([...out]).toEqual([1, 7]);
  });
});
