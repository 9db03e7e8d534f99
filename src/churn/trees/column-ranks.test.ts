import { describe, expect, it } from 'vitest';
import { plainRoom } from '../../kernels/wasm/room.ts';
import { seededRandom } from '../../numerics/random.ts';
import { ascendingOrder } from './ascending-order.ts';
import { ColumnRanks } from './column-ranks.ts';

describe('ColumnRanks', () => {
  const random = seededRandom(12);
  const cases: readonly (readonly [string, () => number])[] = [
    ['numbers that their upper bits tell apart', () => random.uniform() - 0.5],
    ['numbers that differ in their lower bits only', () => 1 + random.below(1000) * 2 ** -50],
    ['negative ones of these', () => -1 - random.below(1e9) * 2 ** -50],
    ['pairs that differ in their lowest bit', () => random.below(5000) + 2 ** -38 * random.below(2)],
    ['few values, some of them not known', () => [3, -2, Number.NaN, 0.1, 0.1 + 2 ** -56][random.below(5)]!],
    [
      'numbers of many kinds',
      () => [Number.NaN, -1e300, random.uniform(), 0, 5e-324, random.below(9)][random.below(6)]!,
    ],
    ['the ends of float64', () => [Infinity, -Infinity, 5e-324, -5e-324, 1.7e308, -1.7e308, 0][random.below(7)]!],
    ['whole numbers', () => random.below(2 ** 31) - 2 ** 30],
    ['one value', () => 7],
    ['no value', () => Number.NaN],
  ];

  it('ranks column after column in the same room as comparisons do', () => {
    for (const rows of [0, 1, 2, 7, 3000]) {
      const room = new ColumnRanks(rows);
      for (const [name, of] of [...cases, ...cases.slice().reverse()]) {
        const cells = Float64Array.from({ length: rows }, of);
        const known = Array.from(cells).filter((x) => x === x);
        const values = [...new Set(known)].sort((a, b) => (a < b ? -1 : 1));
        const rank = new Map(values.map((x, k) => [x, k]));
        const order = Array.from(cells, (_, i) => i)
          .filter((i) => cells[i] === cells[i])
          .sort((a, b) => (cells[a]! < cells[b]! ? -1 : cells[a]! > cells[b]! ? 1 : a - b));
        room.cells.set(cells);
        const found = room.ranks(-1);
        expect([...found.codes], name).toEqual(Array.from(cells, (x) => rank.get(x) ?? -1));
        expect([...found.values], name).toEqual(values);
        expect([...found.order!], name).toEqual(order);
        expect(found.nulls).toBe(rows - known.length);
        expect(room.ranks(values.length)).toEqual({ ...found, order: null });
        expect([...room.order()]).toEqual(order);
        expect([...room.cells]).toEqual([...cells]);
      }
    }
  });

  it('finds the same where there is no memory for WASM', () => {
    for (const [, of] of cases) {
      const fast = new ColumnRanks(1500);
      const slow = new ColumnRanks(1500, plainRoom);
      for (let i = 0; i < 1500; i++) {
        fast.cells[i] = of();
        slow.cells[i] = fast.cells[i]!;
      }
      expect(slow.ranks(5)).toEqual(fast.ranks(5));
      expect(slow.order()).toEqual(fast.order());
      expect(fast.order()).toEqual(ascendingOrder(slow.cells));
    }
  });

  it('puts −0 before 0', () => {
    const room = new ColumnRanks(5);
    room.cells.set([0, -0, 1, -0, 0]);
    expect([...room.order()]).toEqual([1, 3, 0, 4, 2]);
  });
});
