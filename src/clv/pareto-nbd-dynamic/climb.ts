import { minimise } from '../../numerics/newton.ts';
import type { Penalty, Summit } from '../maximise.ts';
import type { WalkLikelihood } from './likelihood.ts';

/** Maximises ln L plus penalties on θ by Newton's method in η, θ = map·η with an n×m map; the summit is told in η. */
export function climb(
  likelihood: WalkLikelihood,
  map: Float64Array,
  n: number,
  start: readonly number[],
  penalties: readonly Penalty[],
): Summit {
  const m = start.length;
  const theta = new Float64Array(n);
  const g = new Float64Array(n);
  const H = new Float64Array(n * n);
  const toTheta = (eta: Float64Array): void => {
    for (let i = 0; i < n; i++) {
      theta[i] = 0;
      for (let j = 0; j < m; j++) theta[i]! += map[m * i + j]! * eta[j]!;
    }
  };
  const end = minimise((eta, gradient, hessian) => {
    toTheta(eta);
    let value = likelihood(theta, g, H);
    for (const { at, centre, precision } of penalties) {
      const off = theta[at]! - centre;
      value -= (precision * off * off) / 2;
      g[at]! -= precision * off;
      H[(n + 1) * at]! -= precision;
    }
    gradient.fill(0);
    hessian.fill(0);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < m; j++) {
        const by = map[m * i + j]!;
        if (by === 0) continue;
        gradient[j]! -= by * g[i]!;
        for (let k = 0; k < n; k++) {
          const curve = by * H[n * i + k]!;
          for (let l = 0; l < m; l++) hessian[m * j + l]! -= curve * map[m * k + l]!;
        }
      }
    return -value;
  }, start);
  toTheta(end.x);
  const penalty = penalties.reduce((sum, { at, centre, precision }) => sum + precision * (theta[at]! - centre) ** 2, 0);
  return {
    ...{ theta, logLikelihood: penalty / 2 - end.value, logPosterior: -end.value, information: end.hessian },
    gradientNorm: end.gradient.reduce((most, d) => Math.max(most, Math.abs(d)), 0),
    ...{ iterations: end.iterations, converged: end.converged },
  };
}
