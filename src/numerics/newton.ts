import { choleskyFactor, choleskyInverse, choleskySolve } from './cholesky.ts';

/** Returns f(x) and fills gradient (n) and Hessian (n×n, row-major, both triangles). NaN or ±Infinity: x is refused. */
export type Objective = (x: Float64Array, gradient: Float64Array, hessian: Float64Array) => number;

export interface NewtonOptions {
  readonly maxIterations?: number;
  /** Converged when half the squared Newton decrement, ½gᵀH⁻¹g, is at most this times 1 + |f|. */
  readonly tolerance?: number;
  /** The longest move of any one coordinate in a step. */
  readonly maxStep?: number;
}

export interface NewtonResult {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
}

/**
 * Minimises f by Newton's method on its exact gradient and Hessian, with a backtracking line search; where the Hessian
 * is not positive definite, a multiple of its scale is added to the diagonal until it is (Nocedal & Wright, ch. 3).
 * Once the decrement test holds, one last full step is taken, so the result is far closer than the tolerance. Never
 * throws: a search that cannot improve f any more reports whether the decrement was small by then.
 */
export function minimise(objective: Objective, start: ArrayLike<number>, options: NewtonOptions = {}): NewtonResult {
  const { maxIterations = 100, tolerance = 1e-15, maxStep = 2 } = options;
  const n = start.length;
  let x = Float64Array.from(start);
  let gradient = new Float64Array(n);
  let hessian = new Float64Array(n * n);
  let value = objective(x, gradient, hessian);
  let trial = new Float64Array(n);
  let trialGradient = new Float64Array(n);
  let trialHessian = new Float64Array(n * n);
  const factor = new Float64Array(n * n);
  const step = new Float64Array(n);
  let iterations = 0;
  let converged = false;
  while (iterations < maxIterations) {
    const exact = newtonStep(gradient, hessian, factor, step);
    let slope = 0;
    for (let i = 0; i < n; i++) slope += gradient[i]! * step[i]!;
    const last = exact && -slope / 2 <= tolerance * (1 + Math.abs(value));
    let length = 1;
    for (let i = 0; i < n; i++) length = Math.min(length, maxStep / Math.abs(step[i]!));
    iterations++;
    // Near the optimum f no longer resolves the gain: allow its rounding.
    const slack = 1e-13 * (1 + Math.abs(value));
    let accepted = false;
    for (let half = 0; half < 40 && !accepted; half++) {
      for (let i = 0; i < n; i++) trial[i] = x[i]! + length * step[i]!;
      const next = objective(trial, trialGradient, trialHessian);
      if (next <= value + 1e-4 * length * slope + slack) {
        [x, trial] = [trial, x];
        [gradient, trialGradient] = [trialGradient, gradient];
        [hessian, trialHessian] = [trialHessian, hessian];
        value = next;
        accepted = true;
      }
      length /= 2;
    }
    if (last || !accepted) {
      converged = last || -slope / 2 <= 1e-9 * (1 + Math.abs(value));
      break;
    }
  }
  return { x, value, gradient, hessian, iterations, converged };
}

/** step = −(H + τ·diag)⁻¹ g with the smallest τ of a short ladder that makes it definite; true when τ = 0 did. */
function newtonStep(gradient: Float64Array, hessian: Float64Array, factor: Float64Array, step: Float64Array): boolean {
  const n = gradient.length;
  let scale = 0;
  for (let i = 0; i < n; i++) scale = Math.max(scale, Math.abs(hessian[i * n + i]!));
  if (!hessian.every(Number.isFinite)) {
    // No curvature to go by: a step along the gradient, which the line search shortens.
    for (let i = 0; i < n; i++) step[i] = -gradient[i]!;
    return false;
  }
  let ridge = 0;
  for (;;) {
    factor.set(hessian);
    for (let i = 0; i < n; i++) factor[i * n + i]! += ridge;
    if (choleskyFactor(factor, n) > 1e-14 || ridge > 1e6 * scale) break;
    ridge = ridge === 0 ? 1e-8 * scale + 1e-300 : 10 * ridge;
  }
  for (let i = 0; i < n; i++) step[i] = -gradient[i]!;
  choleskySolve(factor, n, step);
  return ridge === 0;
}

/** H⁻¹ of a positive definite Hessian, row-major; null when it is singular to working precision. */
export function inverseHessian(hessian: Float64Array, n: number): Float64Array | null {
  const factor = hessian.slice(0, n * n);
  return choleskyFactor(factor, n) > 1e-13 ? choleskyInverse(factor, n) : null;
}
