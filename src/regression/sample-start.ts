import { choleskySolve } from '../numerics/cholesky.ts';
import { factorInOrder } from './rank.ts';

/** A log-likelihood of some of the rows. */
export interface Sample {
  /** Times this, it is near to that of all rows. */
  readonly factor: number;
  /** Returns it; writes the gradient and the information (row-major, lower triangle). */
  evaluate(beta: Float64Array, gradient: Float64Array, information: Float64Array): number;
}

// Of a sample the maximum is not worth knowing better than to a step of this size on scaled columns.
const ENOUGH = 0.02;
const STEPS = 6;

/**
 * Newton steps on a sample of the rows, from `beta` on: changes it to where they end and leaves the factor of the information
 * of about all rows there. False when the sample shows less than all rows do; `beta` and `factor` then mean nothing.
 *
 * @param dropped 1 = not in the model.
 * @param floors Pivots of the information, times `factor`, are above them.
 */
export function startOnSample(
  { evaluate, factor: share }: Sample,
  penalty: Float64Array,
  beta: Float64Array,
  dropped: Uint8Array,
  floors: Float64Array,
  factor: Float64Array,
): boolean {
  const n = beta.length;
  const step = new Float64Array(n);
  const pivots = new Float64Array(n);
  const gone = new Uint8Array(n);
  let best = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < STEPS; k++) {
    let value = share * evaluate(beta, step, factor);
    for (let j = 0; j < n; j++) {
      value -= 0.5 * penalty[j]! * beta[j]! ** 2;
      step[j] = dropped[j] === 1 ? 0 : share * step[j]! - penalty[j]! * beta[j]!;
      for (let i = j; i < n; i++) factor[i * n + j] = share * factor[i * n + j]! + (i === j ? penalty[j]! : 0);
    }
    if (!(value > best)) return false;
    best = value;
    gone.set(dropped);
    factorInOrder(factor, n, (j) => floors[j]!, gone, pivots);
    if (gone.some((flag, j) => flag !== dropped[j])) return false;
    choleskySolve(factor, n, step);
    let size = 0;
    for (let j = 0; j < n; j++) {
      beta[j] = beta[j]! + step[j]!;
      size = Math.max(size, Math.abs(step[j]!));
    }
    if (size <= ENOUGH) return true;
  }
  return false;
}
