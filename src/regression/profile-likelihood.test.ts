import { describe, expect, it } from 'vitest';
import type { Likelihood } from './newton.ts';
import { profileEnds } from './profile-likelihood.ts';

/** −½(β − μ)ᵀA(β − μ) with A = [[2, 1], [1, 3]]: its profile is known in closed form. */
const quadratic: Likelihood = {
  size: 2,
  total: 1,
  start: 0,
  evaluate(beta, gradient, information) {
    const [u, v] = [beta[0]! - 1, beta[1]! + 2];
    gradient[0] = -(2 * u + v);
    gradient[1] = -(u + 3 * v);
    information.set([2, 1, 1, 3]);
    return -0.5 * (2 * u * u + 2 * u * v + 3 * v * v);
  },
};
const at = (contrast: readonly number[], error: number, fixed = [0, 0]) =>
  profileEnds(
    quadratic,
    { beta: Float64Array.of(1, -2), logLikelihood: 0, fixed: Uint8Array.from(fixed) },
    { contrast: Float64Array.from(contrast), error },
    1.5,
  );

describe('profileEnds', () => {
  it('is aᵀμ ± z·√(aᵀA⁻¹a) for a quadratic log-likelihood, wherever it begins', () => {
    // A⁻¹ = [[3, −1], [−1, 2]]/5.
    for (const error of [0.01, 1, 50]) {
      expect(at([1, 0], error)[0]).toBeCloseTo(1 - 1.5 * Math.sqrt(3 / 5), 9);
      expect(at([1, 0], error)[1]).toBeCloseTo(1 + 1.5 * Math.sqrt(3 / 5), 9);
      expect(at([1, 2], error)[1]).toBeCloseTo(-3 + 1.5 * Math.sqrt((3 - 4 + 8) / 5), 9);
    }
  });

  it('leaves a fixed coefficient where it is', () => {
    expect(at([1, 0], 1, [0, 1])[1]).toBeCloseTo(1 + 1.5 / Math.sqrt(2), 9);
  });
});
