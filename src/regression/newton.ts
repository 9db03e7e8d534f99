import type { FitStatus } from '../model/contract.ts';
import { choleskyInverse, choleskySolve } from '../numerics/cholesky.ts';
import { factorInOrder, RANK_TOLERANCE } from './rank.ts';

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

/**
 * Maximises `logLikelihood − ½ Σ penalty[j]·β[j]²` by Newton's method with Cholesky and step halving. Converged when
 * the gradient is below 1e-10 of the weight total and the step no longer moves the coefficients; under separation the
 * gradient vanishes as well, but the steps stay near 1 and the information along them fades, which ends the search
 * as 'not-identified' with the finite coefficients reached so far.
 */
export function maximise(likelihood: Likelihood, penalty: Float64Array, maxIterations: number): NewtonFit {
  const n = likelihood.size;
  const dropped = new Uint8Array(n);
  const unbounded = new Uint8Array(n);
  const pivots = new Float64Array(n);
  let beta = new Float64Array(n);
  beta[0] = likelihood.start;
  let trial = new Float64Array(n);
  let gradient = new Float64Array(n);
  let trialGradient = new Float64Array(n);
  let information = new Float64Array(n * n);
  let trialInformation = new Float64Array(n * n);
  const startLogLikelihood = likelihood.evaluate(beta, gradient, information);
  const startInformation = information.slice();

  const penalised = penalty.some((p) => p > 0);
  factorInOrder(information.slice(), n, (_, diagonal) => RANK_TOLERANCE * diagonal, dropped, pivots);
  if (penalised) dropped.fill(0);
  const floors = pivots.map((pivot) => (INFORMATION_FLOOR * pivot) / startInformation[0]!);

  const objective = (ll: number, at: Float64Array): number =>
    at.reduce((total, b, j) => total - 0.5 * penalty[j]! * b * b, ll);
  let logLikelihood = startLogLikelihood;
  let best = objective(logLikelihood, beta);
  const factor = new Float64Array(n * n);
  const step = new Float64Array(n);
  let status: FitStatus = 'iteration-limit';
  let gradientNorm = Number.POSITIVE_INFINITY;
  let lastStep = Number.POSITIVE_INFINITY;
  let iterations = 0;
  const gone = new Uint8Array(n);
  for (; ; iterations++) {
    factor.set(information);
    for (let j = 0; j < n; j++) {
      factor[j * n + j] = factor[j * n + j]! + penalty[j]!;
      step[j] = dropped[j] === 1 ? 0 : gradient[j]! - penalty[j]! * beta[j]!;
    }
    gradientNorm = largest(step) / likelihood.total;
    gone.set(dropped);
    factorInOrder(factor, n, (j) => floors[j]!, gone, pivots);
    if (gone.some((flag, j) => flag !== dropped[j])) {
      status = 'not-identified';
      for (let j = 0; j < n; j++) if (gone[j] !== dropped[j]) unbounded[j] = 1;
      break;
    }
    choleskySolve(factor, n, step);
    const size = largest(step);
    const settled = size <= STEP_TOLERANCE || (size < 1e-4 && size >= lastStep / 2);
    if (gradientNorm <= GRADIENT_TOLERANCE && settled) {
      // The last step is below what the log-likelihood and the information would show.
      for (let j = 0; j < n; j++) beta[j] = beta[j]! + step[j]!;
      status = 'converged';
      break;
    }
    if (iterations >= maxIterations) break;
    lastStep = size;
    let accepted = false;
    for (let halving = 0, scale = 1; halving < HALVINGS && !accepted; halving++, scale /= 2) {
      for (let j = 0; j < n; j++) trial[j] = beta[j]! + scale * step[j]!;
      const ll = likelihood.evaluate(trial, trialGradient, trialInformation);
      const value = objective(ll, trial);
      accepted = value >= best - 1e-12 * (1 + Math.abs(best));
      if (!accepted) continue;
      logLikelihood = ll;
      best = value;
    }
    if (!accepted) break;
    [beta, trial] = [trial, beta];
    [gradient, trialGradient] = [trialGradient, gradient];
    [information, trialInformation] = [trialInformation, information];
  }
  if (status === 'not-identified') {
    // The columns that were still moving are those the direction is made of.
    for (let j = 1; j < n; j++) step[j] = beta[j]! - trial[j]!;
    step[0] = 0;
    const size = largest(step);
    for (let j = 1; j < n; j++) if (Math.abs(step[j]!) >= size / 2) unbounded[j] = 1;
  }
  return {
    status,
    beta,
    logLikelihood,
    startLogLikelihood,
    iterations,
    gradientNorm,
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
