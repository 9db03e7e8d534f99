import type { FitStatus } from '../model/contract.ts';
import { choleskySolve } from '../numerics/cholesky.ts';
import type { Likelihood } from './newton.ts';
import { factorInOrder, RANK_TOLERANCE } from './rank.ts';

/** Penalty `Σ l1[j]·|β_j| + ½ Σ l2[j]·β_j²` on the scale of the log-likelihood; the intercept has 0 and 0. */
export interface ElasticNetPenalty {
  readonly l1: Float64Array;
  readonly l2: Float64Array;
}

export interface ElasticNetFit {
  readonly status: FitStatus;
  readonly beta: Float64Array;
  readonly logLikelihood: number;
  readonly iterations: number;
  /** Largest violation of the optimality conditions over the sum of weights, on scaled columns. */
  readonly violation: number;
}

/** Solves for one penalty after the other; the curvature learned for one serves the next. */
export type ElasticNetSolver = (
  penalty: ElasticNetPenalty,
  start: Float64Array,
  tolerance: number,
  maxIterations: number,
) => ElasticNetFit;

// The information of an earlier point serves as long as a step with it divides the violation by this much.
const CONTRACTION = 0.2;
// Nearer than this to the optimum, a step that no longer helps is one of rounding.
const ROUNDING = 1e-10;
const HALVINGS = 30;
const ROUNDS = 500;

/**
 * Maximises `logLikelihood − Σ l1·|β| − ½ Σ l2·β²` by proximal Newton steps: each maximises the quadratic model of the
 * log-likelihood under the penalty, by coordinate descent until the set of non-zero coefficients is known and
 * then exactly on that set. Ended when the optimality (Karush–Kuhn–Tucker) conditions hold to `tolerance`: with the
 * gradient g of the log-likelihood, `g_j − l2·β_j = l1·sign β_j` where β_j ≠ 0, and `|g_j| ≤ l1` where β_j = 0.
 *
 * Source: Friedman, Hastie & Tibshirani (2010), J. Stat. Softw. 33(1), §3; Lee, Sun & Saunders (2014), SIAM J. Optim. 24.
 */
export function elasticNetSolver(likelihood: Likelihood): ElasticNetSolver {
  const n = likelihood.size;
  const information = new Float64Array(n * n);
  let known = false;
  return ({ l1, l2 }, start, tolerance, maxIterations) => {
    const slope = (at: Float64Array, out: Float64Array): number =>
      likelihood.slope ? likelihood.slope(at, out) : likelihood.evaluate(at, out, new Float64Array(n * n));
    const objective = (ll: number, at: Float64Array): number =>
      at.reduce((sum, b, j) => sum - l1[j]! * Math.abs(b) - 0.5 * l2[j]! * b * b, ll);
    let beta = start.slice();
    let trial = new Float64Array(n);
    let gradient = new Float64Array(n);
    let trialGradient = new Float64Array(n);
    let current = known;
    let fresh = false;
    let logLikelihood = 0;
    const refresh = (): void => {
      logLikelihood = likelihood.evaluate(beta, gradient, information);
      for (let a = 0; a < n; a++) for (let b = 0; b < a; b++) information[b * n + a] = information[a * n + b]!;
      known = true;
      current = true;
      fresh = true;
    };
    if (current) logLikelihood = slope(beta, gradient);
    else refresh();
    let violation = largestViolation(beta, gradient, l1, l2) / likelihood.total;
    let status: FitStatus = 'iteration-limit';
    let iterations = 0;
    for (; ; iterations++) {
      if (violation <= tolerance) {
        status = 'converged';
        break;
      }
      if (iterations >= maxIterations) break;
      if (!current) refresh();
      const target = quadraticOptimum(beta, gradient, information, l1, l2, 0.01 * tolerance * likelihood.total);
      const best = objective(logLikelihood, beta);
      let accepted = false;
      for (let halving = 0, scale = 1; halving < (fresh ? HALVINGS : 1) && !accepted; halving++, scale /= 2) {
        for (let j = 0; j < n; j++) trial[j] = scale === 1 ? target[j]! : beta[j]! + scale * (target[j]! - beta[j]!);
        const ll = slope(trial, trialGradient);
        accepted = objective(ll, trial) >= best - 1e-12 * (1 + Math.abs(best));
        if (accepted) logLikelihood = ll;
      }
      if (!accepted) {
        if (fresh) break;
        current = false;
        continue;
      }
      const after = largestViolation(trial, trialGradient, l1, l2) / likelihood.total;
      if (fresh && violation <= ROUNDING && after >= violation) {
        status = 'converged';
        break;
      }
      current = after <= CONTRACTION * violation;
      fresh = false;
      violation = after;
      [beta, trial] = [trial, beta];
      [gradient, trialGradient] = [trialGradient, gradient];
    }
    return { status, beta, logLikelihood, iterations, violation };
  };
}

/** How far the optimality conditions are from holding, for the worst coefficient. */
export function largestViolation(
  beta: Float64Array,
  gradient: Float64Array,
  l1: Float64Array,
  l2: Float64Array,
): number {
  let most = 0;
  for (let j = 0; j < beta.length; j++) {
    const b = beta[j]!;
    const own = b === 0 ? Math.abs(gradient[j]!) - l1[j]! : Math.abs(gradient[j]! - l2[j]! * b - l1[j]! * Math.sign(b));
    most = Math.max(most, own);
  }
  return most;
}

/** Maximises `gᵀ(u − β) − ½(u − β)ᵀH(u − β)` under the penalty, over u. */
function quadraticOptimum(
  beta: Float64Array,
  gradient: Float64Array,
  information: Float64Array,
  l1: Float64Array,
  l2: Float64Array,
  tolerance: number,
): Float64Array {
  const n = beta.length;
  const u = beta.slice();
  // The gradient of the quadratic model at u.
  const rest = gradient.slice();
  const settle = (): void => {
    rest.set(gradient);
    for (let k = 0; k < n; k++) {
      const step = u[k]! - beta[k]!;
      if (step !== 0) for (let j = 0; j < n; j++) rest[j] = rest[j]! - information[k * n + j]! * step;
    }
  };
  for (let round = 0; round < ROUNDS; round++) {
    sweep(u, rest, information, l1, l2);
    solveActive(u, rest, information, l1, l2, settle);
    settle();
    if (largestViolation(u, rest, l1, l2) <= tolerance) break;
  }
  return u;
}

/** One round of coordinate descent: `u_j = soft(rest_j + H_jj·u_j, l1_j)/(H_jj + l2_j)`. */
function sweep(
  u: Float64Array,
  rest: Float64Array,
  information: Float64Array,
  l1: Float64Array,
  l2: Float64Array,
): void {
  const n = u.length;
  for (let j = 0; j < n; j++) {
    const own = information[j * n + j]!;
    const pull = rest[j]! + own * u[j]!;
    const size = Math.abs(pull) - l1[j]!;
    const next = size > 0 && own + l2[j]! > 0 ? (Math.sign(pull) * size) / (own + l2[j]!) : 0;
    const step = next - u[j]!;
    if (step === 0) continue;
    u[j] = next;
    for (let k = 0; k < n; k++) rest[k] = rest[k]! - information[j * n + k]! * step;
  }
}

/**
 * Newton's step on the coefficients that are not 0, whose signs it keeps: one that would change its sign stops at 0 and
 * leaves the set. Columns that are combinations of others in the set stay as coordinate descent left them.
 */
function solveActive(
  u: Float64Array,
  rest: Float64Array,
  information: Float64Array,
  l1: Float64Array,
  l2: Float64Array,
  settle: () => void,
): void {
  const n = u.length;
  for (;;) {
    const active: number[] = [];
    for (let j = 0; j < n; j++) if (u[j] !== 0 || l1[j] === 0) active.push(j);
    const m = active.length;
    const matrix = new Float64Array(m * m);
    const step = new Float64Array(m);
    active.forEach((j, a) => {
      step[a] = rest[j]! - l2[j]! * u[j]! - l1[j]! * Math.sign(u[j]!);
      for (let b = 0; b <= a; b++) matrix[a * m + b] = information[j * n + active[b]!]!;
      matrix[a * m + a] = matrix[a * m + a]! + l2[j]!;
    });
    const out = new Uint8Array(m);
    factorInOrder(matrix, m, (_, diagonal) => RANK_TOLERANCE * diagonal, out, new Float64Array(m));
    for (let a = 0; a < m; a++) if (out[a] === 1) step[a] = 0;
    choleskySolve(matrix, m, step);
    let length = 1;
    let first = -1;
    active.forEach((j, a) => {
      if (l1[j] === 0 || u[j]! * (u[j]! + step[a]!) > 0) return;
      const until = -u[j]! / step[a]!;
      if (until <= length) {
        length = until;
        first = j;
      }
    });
    active.forEach((j, a) => {
      u[j] = j === first ? 0 : u[j]! + length * step[a]!;
    });
    if (first < 0) return;
    settle();
  }
}
