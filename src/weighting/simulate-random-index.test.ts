import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { judgementMatrix } from './judgement-matrix.ts';
import { priorities } from './priorities.ts';
import { simulateRandomIndex } from './simulate-random-index.ts';

const { ahp } = fixture<{
  ahp: { randomIndex: { exactN3: number; ownSimulation: { values: { [n: string]: [number, number, number] } } } };
}>('value-golden.json');
const scale = [1 / 9, 1 / 8, 1 / 7, 1 / 6, 1 / 5, 1 / 4, 1 / 3, 1 / 2, 1, 2, 3, 4, 5, 6, 7, 8, 9];

describe('random index (S20)', () => {
  it('S20: the mean CI of all 17³ matrices of three items is the exact RI(3) = 0.5244574…', () => {
    let total = 0;
    for (const a of scale)
      for (const b of scale) for (const c of scale) total += priorities(judgementMatrix([a, b, c])).consistencyIndex;
    expect(Math.abs(total / 17 ** 3 - ahp.randomIndex.exactN3)).toBeLessThan(1e-12);
  });

  it('S20: simulated RI(3) lies within four of its standard errors of the exact value', () => {
    const { values, standardError, matrices } = simulateRandomIndex(3, { matrices: 40_000, seed: 5 });
    expect(Math.abs(values[3]! - ahp.randomIndex.exactN3)).toBeLessThan(4 * standardError);
    expect(matrices).toBe(40_000);
  });

  it.each([4, 7, 10, 15])('S20: simulated RI(%i) agrees with golden ownSimulation within four standard errors', (n) => {
    const [mean, error, size] = ahp.randomIndex.ownSimulation.values[n]!;
    const found = simulateRandomIndex(n, { matrices: 2000 });
    expect(Math.abs(found.values[n]! - mean)).toBeLessThan(4 * Math.hypot(found.standardError, error));
    expect(found.standardError / (error * Math.sqrt(size / 2000))).toBeCloseTo(1, 0);
  });

  it('S20: beyond the tables a simulation gives the CR, named with its size and seed; the same seed the same bits', () => {
    const simulated = simulateRandomIndex(21, { matrices: 200, seed: 3 });
    expect(simulated).toEqual(simulateRandomIndex(21, { matrices: 200, seed: 3 }));
    const matrix = judgementMatrix(Array.from({ length: 210 }, (_, i) => (i % 3) + 1));
    expect(() => priorities(matrix)).toThrow(/no value for 21 items: use simulateRandomIndex\(21\)/);
    const found = priorities(matrix, { randomIndex: simulated });
    expect(found.randomIndex).toEqual({ name: 'simulation of 200 matrices, seed 3', value: simulated.values[21] });
    expect(found.consistencyRatio).toBe(found.consistencyIndex / simulated.values[21]!);
  });

  it('refuses what cannot be simulated', () => {
    expect(() => simulateRandomIndex(2)).toThrow(/one and two items are always consistent/);
    expect(() => simulateRandomIndex(4, { matrices: 1 })).toThrow(/draw 2 or more/);
    expect(() => simulateRandomIndex(4, { seed: 0.5 })).toThrow(/invalid seed/);
  });
});
