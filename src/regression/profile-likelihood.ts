import { choleskyFactor, choleskySolve } from '../numerics/cholesky.ts';
import type { Likelihood } from './newton.ts';

// The ends are found to this, in units of the root of the likelihood ratio: 1e-9 of a standard error or so.
const TOLERANCE = 1e-10;
const STEPS = 60;
const HALVINGS = 40;

/** A linear function aᵀβ of the coefficients whose interval is wanted, and where to begin. */
export interface Profiled {
  readonly contrast: Float64Array;
  /** Its standard error at the maximum. */
  readonly error: number;
}

/**
 * The two values of aᵀβ at which the highest log-likelihood given that value is `z²/2` below its maximum. `fixed` (1) keeps
 * a coefficient where it is. Null for an end that the search does not find.
 *
 * On the signed root `r(c) = ±√(2(ln L̂ − ln L(c)))`, which is nearly linear in c, Newton's method needs the slope of the profile
 * only: the multiplier λ of the constraint aᵀβ = c.
 */
export function profileEnds(
  likelihood: Likelihood,
  maximum: { readonly beta: Float64Array; readonly logLikelihood: number; readonly fixed: Uint8Array },
  { contrast, error }: Profiled,
  z: number,
): readonly [number | null, number | null] {
  const centre = dot(contrast, maximum.beta);
  const end = (side: -1 | 1): number | null => {
    const constrained = constrainedMaximiser(likelihood, maximum.fixed, contrast);
    let beta = maximum.beta;
    let at = centre + side * z * error;
    let inside = centre;
    let outside: number | null = null;
    for (let step = 0; step < STEPS; step++) {
      const found = constrained(beta, at);
      if (found === null) return null;
      beta = found.beta;
      const root = Math.sqrt(Math.max(0, 2 * (maximum.logLikelihood - found.logLikelihood)));
      if (Math.abs(root - z) <= TOLERANCE * z) return at;
      if (root < z) inside = at;
      else outside = at;
      // dr/dc = −λ/r on the upper side, λ/r on the lower one.
      const slope = (-side * found.multiplier) / root;
      let next = slope > 0 ? at + (side * (z - root)) / slope : Number.NaN;
      const low = side > 0 ? inside : (outside ?? Number.NEGATIVE_INFINITY);
      const high = side > 0 ? (outside ?? Number.POSITIVE_INFINITY) : inside;
      if (!(next > low && next < high)) next = outside === null ? centre + 2 * (at - centre) : (inside + outside) / 2;
      if (Math.abs(next - at) <= 1e-13 * (Math.abs(at) + error)) return at;
      at = next;
    }
    return null;
  };
  return [end(-1), end(1)];
}

interface ConstrainedMaximum {
  readonly beta: Float64Array;
  readonly logLikelihood: number;
  /** d(highest log-likelihood)/dc. */
  readonly multiplier: number;
}

/** Maximises the log-likelihood under aᵀβ = c by Newton steps `d = H⁻¹(g − λa)` with `aᵀd = c − aᵀβ`. */
function constrainedMaximiser(
  likelihood: Likelihood,
  fixed: Uint8Array,
  contrast: Float64Array,
): (start: Float64Array, c: number) => ConstrainedMaximum | null {
  const n = likelihood.size;
  const free = Array.from({ length: n }, (_, j) => j).filter((j) => fixed[j] === 0);
  const m = free.length;
  const gradient = new Float64Array(n);
  const information = new Float64Array(n * n);
  const factor = new Float64Array(m * m);
  const newton = new Float64Array(m);
  const away = new Float64Array(m);
  const load = (from: Float64Array): boolean => {
    free.forEach((j, a) => {
      newton[a] = gradient[j]!;
      away[a] = from[j]!;
      for (let b = 0; b <= a; b++) factor[a * m + b] = information[j * n + free[b]!]!;
    });
    if (choleskyFactor(factor, m) < 1e-15) return false;
    choleskySolve(factor, m, newton);
    choleskySolve(factor, m, away);
    return true;
  };
  const along = (v: Float64Array): number => free.reduce((sum, j, a) => sum + contrast[j]! * v[a]!, 0);
  return (start, c) => {
    const beta = start.slice();
    // First onto the constraint, in the direction that costs least likelihood.
    likelihood.evaluate(beta, gradient, information);
    if (!load(contrast)) return null;
    const gap = (c - dot(contrast, beta)) / along(away);
    free.forEach((j, a) => {
      beta[j] = beta[j]! + gap * away[a]!;
    });
    let logLikelihood = likelihood.evaluate(beta, gradient, information);
    let multiplier = 0;
    for (let iteration = 0; iteration < STEPS; iteration++) {
      if (!load(contrast)) return null;
      multiplier = along(newton) / along(away);
      const step = newton.map((d, a) => d - multiplier * away[a]!);
      // What the step gains, in units of log-likelihood.
      const gain = free.reduce((sum, j, a) => sum + gradient[j]! * step[a]!, 0);
      if (!(gain > 1e-15 * (1 + Math.abs(logLikelihood)))) break;
      const from = beta.slice();
      let accepted = false;
      for (let halving = 0, scale = 1; halving < HALVINGS && !accepted; halving++, scale /= 2) {
        free.forEach((j, a) => {
          beta[j] = from[j]! + scale * step[a]!;
        });
        const ll = likelihood.evaluate(beta, gradient, information);
        accepted = ll >= logLikelihood - 1e-12 * (1 + Math.abs(logLikelihood));
        if (accepted) logLikelihood = ll;
      }
      if (!accepted) return null;
    }
    return { beta, logLikelihood, multiplier };
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, x, j) => sum + x * b[j]!, 0);
}
