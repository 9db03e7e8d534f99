import { describe, expect, it } from 'vitest';
import { incompleteBeta } from './incomplete-beta.ts';

describe('incompleteBeta', () => {
  it('agrees with the binomial sum Σ C(n, j) x^j (1 − x)^(n − j), j = a … n, for whole a and b (DLMF 8.17.5)', () => {
    for (const [x, a, b] of [
      [0.3, 6, 14],
      [0.05, 2, 3],
      [0.97, 4, 1],
      [1 / 190, 7, 14],
    ] as const) {
      const n = a + b - 1;
      let term = (1 - x) ** n;
      let upper = 0;
      for (let j = 0; j <= n; j++) {
        if (j >= a) upper += term;
        term *= ((n - j) / (j + 1)) * (x / (1 - x));
      }
      expect(incompleteBeta(x, 1 - x, a, b) / upper).toBeCloseTo(1, 12);
    }
  });

  it('is 0 and 1 at the ends, and mirrors: I_x(a, b) = 1 − I_{1−x}(b, a)', () => {
    expect(incompleteBeta(0, 1, 2, 3)).toBe(0);
    expect(incompleteBeta(1, 0, 2, 3)).toBe(1);
    expect(incompleteBeta(0.25, 0.75, 0.5, 2.5) + incompleteBeta(0.75, 0.25, 2.5, 0.5)).toBeCloseTo(1, 15);
  });
});
