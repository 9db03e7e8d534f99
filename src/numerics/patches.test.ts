import { describe, expect, it } from 'vitest';
import { BLOCK } from '../kernels/block.ts';
import { kernelsAt } from '../kernels/wasm/registry.ts';
import { sharedScratch } from '../kernels/wasm/scratch.ts';
import { log1p } from './elementary.ts';
import { patched } from './patches.ts';
import { seededRandom } from './random.ts';

const smooth = (row: number, A: number): number => (row + 1) * log1p(7 / A);
const random = seededRandom(3);

describe('a function by patches', () => {
  it('is the function to rounding, from the lowest argument over 32 octaves and beyond', () => {
    for (const lowest of [1e-30, 0.3, 4.5, 1e20]) {
      const unit = (A: number): number => smooth(2, A / lowest);
      const { at } = patched(lowest, (_, A) => unit(A));
      for (let k = 0; k < 3000; k++) {
        const A = lowest * Math.exp(k === 0 ? 0 : 40 * random.uniform());
        expect(Math.abs(at(k % 300, A) / unit(A) - 1)).toBeLessThan(4e-15);
      }
    }
  });

  it('is the function itself where a polynomial would not do', () => {
    const kink = (_: number, A: number): number => Math.abs(A - 5.03);
    const { at } = patched(1, kink);
    for (let A = 5; A < 5.2; A += 0.001) expect(at(0, A)).toBe(kink(0, A));
    const nothing = patched(1, () => Number.NaN);
    expect(nothing.at(0, 3)).toBeNaN();
    expect(nothing.at(0, Infinity)).toBeNaN();
  });

  it('has the same bits one by one and in bulk, by WASM and without, whoever was first', () => {
    const scratch = sharedScratch();
    const mark = scratch.mark();
    const rows = scratch.numbers();
    const cells = scratch.numbers();
    const out = scratch.numbers();
    expect(kernelsAt(out.buffer)).toBeDefined();
    const start = 1.5;
    const hard = [4.5, 4.499999, 4.75, 8, 4.5 * 2 ** 31, 2 ** 33, 2 ** 34, 2 ** 40, 1e308, Infinity];
    const [byWasm, plain, single, backwards] = [0, 0, 0, 0].map(() => patched(4.5, smooth)) as [
      ReturnType<typeof patched>,
      ReturnType<typeof patched>,
      ReturnType<typeof patched>,
      ReturnType<typeof patched>,
    ];
    for (const count of [1, 2, 3, 77, BLOCK - 1, BLOCK, BLOCK, BLOCK]) {
      for (let i = 0; i < count; i++) {
        rows[i] =
          random.uniform() < 0.05 ? [0, 255, 256, 2 ** 31, 2 ** 32, 2 ** 53 - 1][random.below(6)]! : random.below(20);
        const A = random.uniform() < 0.05 ? hard[random.below(hard.length)]! : 4.5 * Math.exp(12 * random.uniform());
        cells[i] = A - start;
      }
      out.fill(12345.678);
      byWasm.each(count, rows, start, cells, out);
      const wanted = new Float64Array(count);
      plain.each(count, rows.slice(), start, cells.slice(), wanted);
      expect(out.slice(0, count)).toEqual(wanted);
      if (count < BLOCK) expect(out[count + 1] ?? 12345.678).toBe(12345.678);
      expect(wanted.map((_, i) => single.at(rows[i]!, start + cells[i]!))).toEqual(wanted);
      for (let i = count - 1; i >= 0; i--) expect(backwards.at(rows[i]!, start + cells[i]!)).toBe(wanted[i]);
      byWasm.each(count, null, 0, cells, out);
      plain.each(count, null, 0, cells.slice(), wanted);
      expect(out.slice(0, count)).toEqual(wanted);
    }
    scratch.release(mark);
  });
});
