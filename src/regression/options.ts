import { fail } from '../errors.ts';
import type { RegressionOptions } from './fit-logistic.ts';

/** Stops at the first regression option that cannot be used. */
export function checkRegressionOptions({ l2 = 0, groupCollinear = 0.9, maxIterations = 100 }: RegressionOptions): void {
  if (!(l2 >= 0 && l2 < Number.POSITIVE_INFINITY))
    fail('invalid-option', `invalid l2: ${l2}; use 0 or a positive number`);
  if (groupCollinear !== false && !(groupCollinear > 0 && groupCollinear <= 1))
    fail('invalid-option', `invalid groupCollinear: ${String(groupCollinear)}; use a number in (0, 1], or false`);
  if (!(Number.isInteger(maxIterations) && maxIterations > 0))
    fail('invalid-option', `invalid maxIterations: ${maxIterations}; use a whole number above 0`);
}
