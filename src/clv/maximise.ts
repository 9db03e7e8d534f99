import { exp, log } from '../numerics/elementary.ts';
import { inverseHessian, minimise } from '../numerics/newton.ts';

/** ln L of positive parameters; fills gradient (n) and Hessian (n×n) on their natural scale. */
export type Likelihood = (parameters: Float64Array, gradient: Float64Array, hessian: Float64Array) => number;

/** The end of a search. */
export interface Maximum {
  readonly parameters: Float64Array;
  readonly logLikelihood: number;
  /** The observed information in ln parameters, n×n. */
  readonly information: Float64Array;
  /** Largest |∂ ln L / ∂ ln parameter|. */
  readonly gradientNorm: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** Maximises by Newton's method in the logarithms of the parameters; e^±60 is as far as it goes. */
export function maximise(likelihood: Likelihood, start: readonly number[]): Maximum {
  const n = start.length;
  const g = new Float64Array(n);
  const H = new Float64Array(n * n);
  const end = minimise((theta, gradient, hessian) => {
    if (theta.some((t) => Math.abs(t) > 60)) return Number.NaN;
    const p = theta.map(exp);
    const value = likelihood(p, g, H);
    for (let i = 0; i < n; i++) {
      gradient[i] = -p[i]! * g[i]!;
      for (let j = 0; j < n; j++) hessian[n * i + j] = -p[i]! * p[j]! * H[n * i + j]!;
      hessian[(n + 1) * i]! -= p[i]! * g[i]!;
    }
    return -value;
  }, start.map(log));
  return {
    parameters: end.x.map(exp),
    logLikelihood: -end.value,
    information: end.hessian,
    gradientNorm: end.gradient.reduce((most, d) => Math.max(most, Math.abs(d)), 0),
    iterations: end.iterations,
    converged: end.converged,
  };
}

/** Standard error of a ln parameter beyond which it says nothing: a factor e^10 either way. */
const FLAT = 10;

/**
 * Covariance J H⁻¹ Jᵀ on the natural scale of the parameters `free` (all by default), the others held; `natural` are
 * their values. Null along a ridge: an error that says nothing is not a number to print.
 */
export function covarianceOf(
  { information }: Maximum,
  natural: readonly number[],
  free: readonly number[] = natural.map((_, i) => i),
): number[][] | null {
  const n = natural.length;
  const m = free.length;
  const block = Float64Array.from(free.flatMap((i) => free.map((j) => information[n * i + j]!)));
  const inverse = inverseHessian(block, m);
  if (inverse === null || free.some((_, k) => Math.sqrt(inverse[(m + 1) * k]!) > FLAT)) return null;
  return free.map((i, k) => free.map((j, l) => natural[i]! * natural[j]! * inverse[m * k + l]! + 0));
}
