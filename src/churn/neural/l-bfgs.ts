/** Returns f(x) and fills its gradient. */
export type Slope = (x: Float64Array, gradient: Float64Array) => number;

export interface LbfgsOptions {
  readonly maxIterations: number;
  /** Converged when ‖gradient‖∞ is at most this. */
  readonly tolerance: number;
  /** Called with every new point; true ends the search there. */
  readonly stop?: (x: Float64Array, iteration: number) => boolean;
}

export interface LbfgsResult {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradientNorm: number;
  readonly iterations: number;
  /** Whether the gradient met the tolerance, or f could not be lowered any more. */
  readonly converged: boolean;
}

const MEMORY = 10;

/**
 * Minimises f by limited-memory BFGS with a backtracking line search: the direction comes from the last ten steps and
 * changes of the gradient; a pair without positive curvature is not kept.
 *
 * Source: Nocedal & Wright (2006), Numerical Optimization, algorithms 7.4 and 3.1.
 */
export function minimiseLbfgs(f: Slope, start: Float64Array, options: LbfgsOptions): LbfgsResult {
  const { maxIterations, tolerance, stop } = options;
  const n = start.length;
  let x = start.slice();
  let gradient = new Float64Array(n);
  let trial = new Float64Array(n);
  let trialGradient = new Float64Array(n);
  const direction = new Float64Array(n);
  const pairs: Pair[] = [];
  let value = f(x, gradient);
  let iterations = 0;
  let converged = largest(gradient) <= tolerance;
  while (!converged && iterations < maxIterations) {
    descend(gradient, pairs, direction);
    const slope = dot(gradient, direction);
    let length = pairs.length === 0 ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
    let accepted = false;
    for (let half = 0; half < 40 && !accepted; half++, length /= 2) {
      for (let i = 0; i < n; i++) trial[i] = x[i]! + length * direction[i]!;
      const next = f(trial, trialGradient);
      if (!(next <= value + 1e-4 * length * slope)) continue;
      accepted = true;
      value = next;
    }
    if (!accepted) {
      converged = true;
      break;
    }
    remember(pairs, x, trial, gradient, trialGradient);
    [x, trial] = [trial, x];
    [gradient, trialGradient] = [trialGradient, gradient];
    iterations++;
    converged = largest(gradient) <= tolerance;
    if (stop?.(x, iterations)) break;
  }
  return { x, value, gradientNorm: largest(gradient), iterations, converged };
}

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  /** Σ step·change. */
  readonly curvature: number;
}

function remember(
  pairs: Pair[],
  from: Float64Array,
  to: Float64Array,
  before: Float64Array,
  after: Float64Array,
): void {
  const step = to.map((x, i) => x - from[i]!);
  const change = after.map((g, i) => g - before[i]!);
  const curvature = dot(step, change);
  if (!(curvature > 1e-12 * dot(change, change))) return;
  pairs.push({ step, change, curvature });
  if (pairs.length > MEMORY) pairs.shift();
}

/** direction = −H·gradient by the two-loop recursion. */
function descend(gradient: Float64Array, pairs: readonly Pair[], direction: Float64Array): void {
  for (let i = 0; i < direction.length; i++) direction[i] = -gradient[i]!;
  const shares = new Float64Array(pairs.length);
  for (let k = pairs.length - 1; k >= 0; k--) {
    const { step, change, curvature } = pairs[k]!;
    shares[k] = dot(step, direction) / curvature;
    add(direction, change, -shares[k]!);
  }
  const newest = pairs.at(-1);
  if (newest) {
    const scale = newest.curvature / dot(newest.change, newest.change);
    for (let i = 0; i < direction.length; i++) direction[i] = direction[i]! * scale;
  }
  for (let k = 0; k < pairs.length; k++) {
    const { step, change, curvature } = pairs[k]!;
    add(direction, step, shares[k]! - dot(change, direction) / curvature);
  }
}

function add(to: Float64Array, from: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i] = to[i]! + factor * from[i]!;
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
}

function largest(gradient: Float64Array): number {
  let most = 0;
  for (let i = 0; i < gradient.length; i++) most = Math.max(most, Math.abs(gradient[i]!));
  return most;
}
