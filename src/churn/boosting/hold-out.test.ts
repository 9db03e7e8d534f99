import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../numerics/random.ts';
import type { BinnedColumn } from './binned-data.ts';
import { addRows, layout } from './histogram.ts';
import { groupsOf, holdOut, holdOuts } from './hold-out.ts';

describe('holdOut', () => {
  const y = Float64Array.from({ length: 1000 }, (_, i) => (i % 4 === 0 ? 1 : 0));

  it('takes the share from each class', () => {
    const { train, heldOut } = holdOut(y, null, 0.2, 1)!;
    expect(heldOut.length).toBe(200);
    expect(heldOut.reduce((all, row) => all + y[row]!, 0)).toBe(50);
    expect([...train, ...heldOut].sort((a, b) => a - b)).toEqual([...y.keys()]);
  });

  it('keeps groups whole; rows without one are groups of their own', () => {
    const groups = Int32Array.from(y, (_, i) => (i % 10 === 9 ? -1 : (i * 7) % 60));
    const { train, heldOut } = holdOut(y, groups, 0.2, 1)!;
    const own = new Set([...heldOut].map((row) => groups[row]!).filter((group) => group >= 0));
    expect([...train].some((row) => own.has(groups[row]!))).toBe(false);
    expect(own.size).toBeGreaterThan(5);
    const alone = [...heldOut].filter((row) => groups[row] === -1).length;
    expect(alone).toBeGreaterThan(5);
    expect(alone).toBeLessThan(50);
    expect(Math.abs(heldOut.length - 200)).toBeLessThan(20);
  });

  it('is null when a side would lack a class', () => {
    expect(holdOut(Float64Array.of(1, 0, 0, 0, 0, 0), null, 0.2, 1)).toBe(null);
    expect(holdOut(y, new Int32Array(1000), 0.2, 1)).toBe(null);
  });
});

describe('holdOuts', () => {
  const y = Float64Array.from({ length: 1003 }, (_, i) => (i % 4 === 0 ? 1 : 0));

  it('holds every row out once when no part has enough of the rarer class, groups whole', () => {
    const groups = Int32Array.from(y, (_, i) => (i % 10 === 9 ? -1 : (i * 7) % 60));
    for (const own of [null, groups]) {
      const deals = holdOuts(y, own, 0.2, 1);
      expect(deals.length).toBe(5);
      const held = deals.flatMap(({ heldOut }) => [...heldOut]);
      expect(new Set(held).size).toBe(held.length);
      expect(held.length).toBeGreaterThan(990);
      for (const { train, heldOut } of deals) expect(train.length + heldOut.length).toBe(1003);
    }
  });

  it('stops when 2,000 rows of the rarer class have been held out', () => {
    const many = Float64Array.from({ length: 20_000 }, (_, i) => (i % 3 === 0 ? 1 : 0));
    expect(holdOuts(many, null, 0.2, 1).length).toBe(2);
    expect(holdOuts(many, null, 0.4, 1).length).toBe(1);
  });

  it('is empty when a side would lack a class', () => {
    expect(holdOuts(Float64Array.of(1, 0, 0, 0, 0, 0), null, 0.2, 1)).toEqual([]);
  });
});

describe('groupsOf', () => {
  it('numbers groups by ascending value among the rows of the fit', () => {
    const rows = Int32Array.of(0, 2, 3, 4);
    expect([...groupsOf({ g: ['b', 'z', 'a', null, 'b'] }, 'g', rows)]).toEqual([1, 0, -1, 1]);
    expect([...groupsOf({ g: [7, 1, -3, null, 7] }, 'g', rows)]).toEqual([1, 0, -1, 1]);
  });
});

describe('addRows', () => {
  it('adds whole numbers to the same bits in any order and any parts, so that shards may merge', () => {
    const random = seededRandom(4);
    const rows = 5000;
    const columns: BinnedColumn[] = [7, 255].map((bins) => ({
      codes: Uint8Array.from({ length: rows }, () => random.below(bins + 1)),
      ...{ bins, edges: null, levels: null },
    }));
    const cells = Float64Array.from({ length: 3 * rows }, () => Math.round((random.uniform() - 0.5) * 2 ** 38));
    const { offsets, size } = layout(columns);
    const both = Int32Array.of(0, 1);
    const all = Int32Array.from({ length: rows }, (_, i) => i);
    const sums = (order: Int32Array, parts: readonly number[]): Float64Array => {
      const out = new Float64Array(size);
      for (let k = 1; k < parts.length; k++)
        addRows(columns, offsets, both, cells, order, parts[k - 1]!, parts[k]!, out);
      return out;
    };
    const whole = sums(all, [0, rows]);
    expect(sums(all.slice().reverse(), [0, 17, 2900, rows])).toEqual(whole);
    // In integers of any size.
    const exact = new BigInt64Array(size);
    for (let i = 0; i < rows; i++)
      columns.forEach(({ codes }, f) => {
        for (let k = 0; k < 3; k++) exact[offsets[f]! + 3 * codes[i]! + k]! += BigInt(cells[3 * i + k]!);
      });
    expect([...whole].map(BigInt)).toEqual([...exact]);
  });
});
