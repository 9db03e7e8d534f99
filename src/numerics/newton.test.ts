import { describe, expect, it } from 'vitest';
import { inverseHessian, minimise, type Objective } from './newton.ts';

/** Rosenbrock's valley, minimum 0 at (1, 1), Hessian indefinite in places. */
const rosenbrock: Objective = (x, g, h) => {
  const [a, b] = [x[0]!, x[1]!];
  g.set([-400 * a * (b - a * a) - 2 * (1 - a), 200 * (b - a * a)]);
  h.set([1200 * a * a - 400 * b + 2, -400 * a, -400 * a, 200]);
  return 100 * (b - a * a) ** 2 + (1 - a) ** 2;
};

describe('minimise', () => {
  it('finds the minimum of Rosenbrock’s valley from both sides of the ridge', () => {
    for (const start of [
      [-1.2, 1],
      [3, -4],
      [0, 3],
    ]) {
      const { x, converged, iterations } = minimise(rosenbrock, start);
      expect(converged).toBe(true);
      expect(iterations).toBeLessThan(60);
      expect(Math.hypot(x[0]! - 1, x[1]! - 1)).toBeLessThan(1e-10);
    }
  });

  it('solves a quadratic in one step and the confirming one', () => {
    const { x, iterations, hessian } = minimise(
      (p, g, h) => {
        g.set([4 * (p[0]! - 1) + (p[1]! + 2), p[0]! - 1 + 2 * (p[1]! + 2)]);
        h.set([4, 1, 1, 2]);
        return 2 * (p[0]! - 1) ** 2 + (p[1]! + 2) ** 2 + (p[0]! - 1) * (p[1]! + 2);
      },
      [0, 0],
    );
    expect(Array.from(x)).toEqual([1, -2]);
    expect(iterations).toBeLessThanOrEqual(3);
    // The inverse of [[4, 1], [1, 2]] is [[2, −1], [−1, 4]]/7.
    expect(Array.from(inverseHessian(hessian, 2)!, (v) => Math.round(v * 7e12) / 1e12)).toEqual([2, -1, -1, 4]);
  });

  it('never steps where f is NaN, never throws, and says when it stopped early', () => {
    // −ln x + x on x > 0 only; a full step from 5 would leave the domain.
    const barrier: Objective = (x, g, h) => {
      if (!(x[0]! > 0)) return Number.NaN;
      g[0] = 1 - 1 / x[0]!;
      h[0] = 1 / x[0]! ** 2;
      return x[0]! - Math.log(x[0]!);
    };
    expect(minimise(barrier, [5], { maxStep: 100 }).x[0]).toBeCloseTo(1, 12);
    expect(minimise(barrier, [5], { maxIterations: 1 }).converged).toBe(false);
  });

  it('an infimum at infinity ends with a small decrement instead of running on', () => {
    const { value, iterations } = minimise(
      (x, g, h) => {
        const e = Math.exp(-x[0]!);
        g[0] = -e;
        h[0] = e;
        return e;
      },
      [0],
    );
    expect(value).toBeLessThan(1e-14);
    expect(iterations).toBeLessThan(60);
  });

  it('a singular Hessian has no inverse', () => {
    expect(inverseHessian(Float64Array.of(1, 1, 1, 1), 2)).toBeNull();
  });

  it('goes on by the gradient where the Hessian is no number, and ends', () => {
    const found = minimise(
      (x, gradient, hessian) => {
        gradient[0] = 2 * x[0]!;
        hessian[0] = Number.NaN;
        return x[0]! * x[0]!;
      },
      [3],
      { maxIterations: 30 },
    );
    expect(Math.abs(found.x[0]!)).toBeLessThan(1e-6);
  });
});
