import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../numerics/random.ts';
import { ascendingOrder } from './ascending-order.ts';

describe('ascendingOrder', () => {
  const random = seededRandom(11);
  const cases: readonly (readonly [string, () => number])[] = [
    ['numbers that their upper bits tell apart', () => random.uniform() - 0.5],
    ['numbers that differ in their lower bits only', () => 1 + random.below(1000) * 2 ** -50],
    ['negative ones of these', () => -1 - random.below(1e9) * 2 ** -50],
    ['few values, some of them not known', () => [3, -2, Number.NaN, 0.1, 0.1 + 2 ** -56][random.below(5)]!],
    ['the ends of float64', () => [Infinity, -Infinity, 5e-324, -5e-324, 1.7e308, -1.7e308, 0][random.below(7)]!],
    ['one value', () => 7],
    ['no value', () => Number.NaN],
  ];
  for (const [name, of] of cases)
    it(`is the stable order of comparisons: ${name}`, () => {
      for (const rows of [0, 1, 2, 1000]) {
        const cells = Float64Array.from({ length: rows }, of);
        const given = cells.slice();
        const want = Array.from(cells, (_, i) => i)
          .filter((i) => cells[i] === cells[i])
          .sort((a, b) => (cells[a]! < cells[b]! ? -1 : cells[a]! > cells[b]! ? 1 : a - b));
        expect([...ascendingOrder(cells)]).toEqual(want);
        expect(cells).toEqual(given);
      }
    });

  it('puts −0 before 0', () => {
    expect([...ascendingOrder(Float64Array.of(0, -0, 1, -0, 0))]).toEqual([1, 3, 0, 4, 2]);
  });
});
