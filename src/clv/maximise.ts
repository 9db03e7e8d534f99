import { exp, log } from '../numerics/elementary.ts';
import { inverseHessian, minimise } from '../numerics/newton.ts';

/** ln L of positive parameters; fills gradient (n) and Hessian (n×n) on their natural scale. */
export type Likelihood = (parameters: Float64Array, gradient: Float64Array, hessian: Float64Array) => number;

/** A part of the data whose ln parameters are linear in θ: ln p_k = Σ_j map[m·k + j]·θ_j. */
export interface Part {
  readonly likelihood: Likelihood;
  readonly map: Float64Array;
}

/** −½·precision·(θ_at − centre)²: a normal prior of θ_at, or a ridge. */
export interface Penalty {
  readonly at: number;
  readonly centre: number;
  readonly precision: number;
}

/** The end of a search over θ. */
export interface Summit {
  readonly theta: Float64Array;
  readonly logLikelihood: number;
  /** ln L plus the penalties. */
  readonly logPosterior: number;
  /** The observed information in θ, penalties included, m×m. */
  readonly information: Float64Array;
  /** Largest derivative by θ left at the end. */
  readonly gradientNorm: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** Maximises Σ parts + penalties over θ by Newton's method; e^±60 is as far as a parameter goes. */
export function maximiseParts(
  parts: readonly Part[],
  parameters: number,
  start: ArrayLike<number>,
  penalties: readonly Penalty[] = [],
): Summit {
  const n = parameters;
  const m = start.length;
  const p = new Float64Array(n);
  const g = new Float64Array(n);
  const H = new Float64Array(n * n);
  const end = minimise((theta, gradient, hessian) => {
    gradient.fill(0);
    hessian.fill(0);
    let total = 0;
    let lost = 0;
    for (const { likelihood, map } of parts) {
      for (let k = 0; k < n; k++) {
        let ln = 0;
        for (let j = 0; j < m; j++) ln += map[m * k + j]! * theta[j]!;
        if (Math.abs(ln) > 60) return Number.NaN;
        p[k] = exp(ln);
      }
      const value = likelihood(p, g, H);
      const next = total + value;
      lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
      total = next;
      for (let k = 0; k < n; k++) {
        const slope = p[k]! * g[k]!;
        for (let j = 0; j < m; j++) {
          const a = map[m * k + j]!;
          if (a === 0) continue;
          gradient[j]! -= a * slope;
          for (let l = 0; l < n; l++) {
            const curve = p[k]! * p[l]! * H[n * k + l]! + (k === l ? slope : 0);
            for (let i = 0; i < m; i++) hessian[m * j + i]! -= a * curve * map[m * l + i]!;
          }
        }
      }
    }
    let objective = -(total + lost);
    for (const { at, centre, precision } of penalties) {
      const off = theta[at]! - centre;
      objective += (precision * off * off) / 2;
      gradient[at]! += precision * off;
      hessian[(m + 1) * at]! += precision;
    }
    return objective;
  }, start);
  const penalty = penalties.reduce((sum, { at, centre, precision }) => sum + precision * (end.x[at]! - centre) ** 2, 0);
  return {
    theta: end.x,
    logLikelihood: penalty / 2 - end.value,
    logPosterior: -end.value,
    information: end.hessian,
    gradientNorm: end.gradient.reduce((most, d) => Math.max(most, Math.abs(d)), 0),
    iterations: end.iterations,
    converged: end.converged,
  };
}

/** The end of a search over positive parameters. */
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

/** Maximises by Newton's method in the logarithms of the parameters. */
export function maximise(likelihood: Likelihood, start: readonly number[]): Maximum {
  const n = start.length;
  const map = new Float64Array(n * n);
  for (let k = 0; k < n; k++) map[(n + 1) * k] = 1;
  const { theta, ...end } = maximiseParts([{ likelihood, map }], n, start.map(log));
  return { ...end, parameters: theta.map(exp) };
}

/** Standard error of a ln parameter beyond which it says nothing: a factor e^10 either way. */
export const FLAT = 10;

/**
 * Covariance J H⁻¹ Jᵀ of the entries `free` of θ (all by default), the others held; `slopes` are the derivatives of the
 * natural values by θ: a positive parameter itself, 1 for a coefficient. Null along a ridge: an error that says nothing
 * is not a number to print.
 */
export function covarianceOf(
  { information }: { readonly information: Float64Array },
  slopes: readonly number[],
  free: readonly number[] = slopes.map((_, i) => i),
  flat: readonly number[] = slopes.map(() => FLAT),
): number[][] | null {
  const n = slopes.length;
  const m = free.length;
  const block = Float64Array.from(free.flatMap((i) => free.map((j) => information[n * i + j]!)));
  const inverse = inverseHessian(block, m);
  if (inverse === null || free.some((i, k) => Math.sqrt(inverse[(m + 1) * k]!) > flat[i]!)) return null;
  return free.map((i, k) => free.map((j, l) => slopes[i]! * slopes[j]! * inverse[m * k + l]! + 0));
}
