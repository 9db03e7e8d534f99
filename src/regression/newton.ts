import type { FitStatus } from '../model/contract.ts';
import { choleskyInverse, choleskySolve } from '../numerics/cholesky.ts';
import { factorInOrder, RANK_TOLERANCE } from './rank.ts';
import { type Sample, startOnSample } from './sample-start.ts';
import { Secants } from './secants.ts';

/** A concave log-likelihood whose first coefficient is the intercept. */
export interface Likelihood {
  readonly size: number;
  /** Sum of the observation weights, the scale of the gradient norm. */
  readonly total: number;
  /** Where to start: all coefficients 0 but the intercept. */
  readonly start: number;
  /** Returns the log-likelihood; writes the gradient and the information −∂²/∂β∂βᵀ (row-major, lower triangle). */
  evaluate(beta: Float64Array, gradient: Float64Array, information: Float64Array): number;
  /** As `evaluate`, without the information, where that is cheaper. */
  slope?(beta: Float64Array, gradient: Float64Array): number;
  /** The same of some of the rows, for a start from there. */
  readonly sample?: Sample | undefined;
}

export interface NewtonFit {
  readonly status: FitStatus;
  readonly beta: Float64Array;
  readonly logLikelihood: number;
  /** At the starting point, the model of the intercept alone. */
  readonly startLogLikelihood: number;
  readonly iterations: number;
  /** Largest element of the penalised gradient over the sum of weights, on scaled columns. */
  readonly gradientNorm: number;
  /** Inverse of the penalised information, row-major; rows of left-out and unbounded coefficients mean nothing. */
  readonly covariance: Float64Array;
  /** Information at the starting point: there every row weighs alike, so it is the Gram matrix up to a factor. */
  readonly startInformation: Float64Array;
  /** 1 = a combination of earlier columns, left out with coefficient 0. */
  readonly dropped: Uint8Array;
  /** 1 = the likelihood grows without bound along this column (separation). */
  readonly unbounded: Uint8Array;
}

const GRADIENT_TOLERANCE = 1e-10;
const STEP_TOLERANCE = 1e-10;
// Information that a bounded coefficient keeps is of the order of one row; below this share of a row it is gone.
const INFORMATION_FLOOR = 1e-5;
const HALVINGS = 30;
// The information of an earlier point serves as long as a step with it brings the gradient down to this share. Newton's own
// steps bring it to 1/e under separation, which is to be seen with the information of the point reached.
const CONTRACTION = 0.35;
// Nearer than this to 0 it need not bring the gradient.
const NEAR = 1e-12;

/**
 * Maximises `logLikelihood − ½ Σ penalty[j]·β[j]²` by Newton's method with Cholesky and step halving. Where a likelihood has
 * a `slope`, the information of one point serves for the steps after it, with secant corrections, while they get on
 * well; the last step has its own. Where it has a `sample` as well, the search begins at the maximum of that. Converged when the gradient is below 1e-10 of the weight total and the step no
 * longer moves the coefficients; under separation the gradient vanishes as well, but the steps stay near 1 and the
 * information along them fades, which ends the search as 'not-identified' with the finite coefficients reached so far.
 */
export function maximise(likelihood: Likelihood, penalty: Float64Array, maxIterations: number): NewtonFit {
  const n = likelihood.size;
  const dropped = new Uint8Array(n);
  const unbounded = new Uint8Array(n);
  const pivots = new Float64Array(n);
  let beta = new Float64Array(n);
  beta[0] = likelihood.start;
  let trial = new Float64Array(n);
  const gradient = new Float64Array(n);
  const information = new Float64Array(n * n);
  const startLogLikelihood = likelihood.evaluate(beta, gradient, information);
  const startInformation = information.slice();

  const penalised = penalty.some((p) => p > 0);
  factorInOrder(information.slice(), n, (_, diagonal) => RANK_TOLERANCE * diagonal, dropped, pivots);
  if (penalised) dropped.fill(0);
  const floors = pivots.map((pivot) => (INFORMATION_FLOOR * pivot) / startInformation[0]!);

  const objective = (ll: number, at: Float64Array): number =>
    at.reduce((total, b, j) => total - 0.5 * penalty[j]! * b * b, ll);
  /** The gradient of the objective, 0 for columns that are left out. */
  const ascentAt = (at: Float64Array): Float64Array =>
    gradient.map((g, j) => (dropped[j] === 1 ? 0 : g - penalty[j]! * at[j]!));
  let logLikelihood = startLogLikelihood;
  let best = objective(logLikelihood, beta);
  let ascent = ascentAt(beta);
  const factor = new Float64Array(n * n);
  const solve = (v: Float64Array): void => choleskySolve(factor, n, v);
  const secants = new Secants();
  let status: FitStatus = 'iteration-limit';
  let lastStep = Number.POSITIVE_INFINITY;
  let iterations = 0;
  const gone = new Uint8Array(n);
  /** Whether the factor is to be, and then is, that of the information at `beta`. */
  let own = true;
  const refresh = (): void => {
    if (!own) likelihood.evaluate(beta, gradient, information);
    own = true;
    ascent = ascentAt(beta);
  };
  /** The factor of `information`; whether it shows all columns that are not left out. */
  const factorise = (): boolean => {
    factor.set(information);
    for (let j = 0; j < n; j++) factor[j * n + j] = factor[j * n + j]! + penalty[j]!;
    gone.set(dropped);
    factorInOrder(factor, n, (j) => floors[j]!, gone, pivots);
    return gone.every((flag, j) => flag === dropped[j]);
  };
  const { slope, sample } = likelihood;
  if (slope && sample && maxIterations > 0 && factorise()) {
    const step = ascent.slice();
    solve(step);
    for (let j = 0; j < n; j++) trial[j] = beta[j]! + step[j]!;
    if (startOnSample(sample, penalty, trial, dropped, floors, factor)) {
      const ll = slope(trial, gradient);
      const value = objective(ll, trial);
      if (value > best) {
        [beta, trial] = [trial, beta];
        [logLikelihood, best, iterations] = [ll, value, 1];
        ascent = ascentAt(beta);
        own = false;
        if (maxIterations === 1) refresh();
      }
    }
  }
  for (;;) {
    if (own) {
      if (!factorise()) {
        status = 'not-identified';
        for (let j = 0; j < n; j++) if (gone[j] !== dropped[j]) unbounded[j] = 1;
        break;
      }
      secants.clear();
    }
    const step = ascent.slice();
    secants.solve(step, solve);
    const size = largest(step);
    if (own) {
      const settled = size <= STEP_TOLERANCE || (size < 1e-4 && size >= lastStep / 2);
      if (largest(ascent) <= GRADIENT_TOLERANCE * likelihood.total && settled) {
        // The last step is below what the log-likelihood and the information would show.
        for (let j = 0; j < n; j++) beta[j] = beta[j]! + step[j]!;
        status = 'converged';
        break;
      }
      if (iterations >= maxIterations) break;
    }
    lastStep = size;
    let accepted = false;
    for (let halving = 0, scale = 1; halving < (own ? HALVINGS : 1) && !accepted; halving++, scale /= 2) {
      for (let j = 0; j < n; j++) trial[j] = beta[j]! + scale * step[j]!;
      const ll = slope ? slope(trial, gradient) : likelihood.evaluate(trial, gradient, information);
      const value = objective(ll, trial);
      accepted = value >= best - 1e-12 * (1 + Math.abs(best));
      if (!accepted) continue;
      logLikelihood = ll;
      best = value;
    }
    if (!accepted) {
      if (own) break;
      refresh();
      continue;
    }
    [beta, trial] = [trial, beta];
    iterations++;
    const before = ascent;
    ascent = ascentAt(beta);
    own = slope === undefined;
    if (own) continue;
    secants.add(beta, trial, ascent, before);
    const norm = largest(ascent);
    if (norm > CONTRACTION * largest(before) || norm <= NEAR * likelihood.total || iterations >= maxIterations)
      refresh();
  }
  if (status === 'not-identified') {
    // The columns that were still moving are those the direction is made of.
    const last = beta.map((b, j) => (j === 0 ? 0 : b - trial[j]!));
    const size = largest(last);
    for (let j = 1; j < n; j++) if (Math.abs(last[j]!) >= size / 2) unbounded[j] = 1;
  }
  return {
    status,
    beta,
    logLikelihood,
    startLogLikelihood,
    iterations,
    gradientNorm: largest(ascent) / likelihood.total,
    covariance: choleskyInverse(factor, n),
    startInformation,
    dropped,
    unbounded,
  };
}

function largest(values: Float64Array): number {
  let most = 0;
  for (let j = 0; j < values.length; j++) most = Math.max(most, Math.abs(values[j]!));
  return most;
}
