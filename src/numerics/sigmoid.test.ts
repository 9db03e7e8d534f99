import { describe, expect, it } from 'vitest';
import { sigmoid, sigmoidInPlace } from './sigmoid.ts';

describe('sigmoid', () => {
  it('is ½ at 0, adds up to 1 with its mirror, and equals 1/(1 + e^−z)', () => {
    expect(sigmoid(0)).toBe(0.5);
    for (const z of [1e-9, 0.3, 2, 17, 36]) {
      expect(sigmoid(z) + sigmoid(-z)).toBeCloseTo(1, 15);
      expect(sigmoid(z)).toBeCloseTo(1 / (1 + Math.exp(-z)), 15);
      expect(Math.abs(sigmoid(-z) / (Math.exp(-z) / (1 + Math.exp(-z))) - 1)).toBeLessThan(1e-15);
    }
  });

  it('is finite and never falls from −800 to 800, and NaN stays NaN', () => {
    let last = 0;
    for (let z = -800; z <= 800; z += 0.125) {
      const p = sigmoid(z);
      expect(p >= last && p <= 1).toBe(true);
      last = p;
    }
    expect([sigmoid(-800), sigmoid(800), sigmoid(Number.NaN)]).toEqual([0, 1, Number.NaN]);
    expect([sigmoid(Number.NEGATIVE_INFINITY), sigmoid(Number.POSITIVE_INFINITY)]).toEqual([0, 1]);
    expect(sigmoid(-740)).toBeGreaterThan(0);
  });

  it('has the same bits in place', () => {
    const z = Float64Array.from({ length: 99 }, (_, i) => (i - 49) * 1.7);
    const want = z.map(sigmoid);
    sigmoidInPlace(99, z);
    expect(z).toEqual(want);
  });
});
