import type { TimeUnit } from '../../model/field.ts';
import { exp, expm1, log1p } from '../../numerics/elementary.ts';
import { incompleteBeta } from '../../numerics/incomplete-beta.ts';
import { phaseSum } from '../bg-nbd/phases.ts';
import { averaged, type BgNbdParameters, bgNbdPosterior, type FirstDropout } from '../bg-nbd/posterior.ts';
import type { Posterior } from '../family/family.ts';
import { continuousRate } from '../family/quantities.ts';
import { aliveByPhase, discountedByPhase, expectedByPhase } from './expected.ts';

/** r, alpha, a, b of the BG/NBD with λ the rate of a phase, k of which make the time between two purchases. */
export interface CnbdParameters extends BgNbdParameters {
  readonly k: number;
}

/**
 * P(j phases have ended since the last purchase | alive at T), j < k: the terms of {@link phaseSum} over their sum. The
 * rate is then Gamma(R + j, α + T), R = r + kx.
 */
export function phaseWeights(k: number, R: number, q: number, weights: Float64Array): void {
  // From the largest term outward, so that none overflows.
  const factor = (j: number): number => ((R + j - 1) * q) / j;
  let peak = 0;
  while (peak < k - 1 && factor(peak + 1) > 1) peak++;
  weights[peak] = 1;
  let total = 1;
  for (let j = peak + 1; j < k; j++) total += weights[j] = weights[j - 1]! * factor(j);
  for (let j = peak; j > 0; j--) total += weights[j - 1] = weights[j]! / factor(j);
  for (let j = 0; j < k; j++) weights[j]! /= total;
}

/** The (M)BG/CNBD-k as the history kernel asks for it; the (M)BG/NBD itself at k = 1. */
export function cnbdPosterior(
  { k, ...prior }: CnbdParameters,
  unit: TimeUnit,
  tables: boolean,
  first: FirstDropout,
): Posterior {
  if (k === 1) return bgNbdPosterior(prior, unit, tables, first);
  const parameters = averaged({ ...prior, b: prior.b + first });
  const { r, alpha, a } = parameters;
  const weights = new Float64Array(k);
  const overPhases = (x: number, T: number, recency: number, f: (j: number) => number): number => {
    phaseWeights(k, r + k * x, (T - recency) / (alpha + T), weights);
    let total = 0;
    for (let j = 0; j < k; j++) if (weights[j]! > 0) total += weights[j]! * f(j);
    return total;
  };
  const expected = expectedByPhase(parameters, k, tables);
  return {
    alive(x, recency, T) {
      const n = x + first;
      if (n === 0 || a === 0) return 1;
      const R = r + k * x;
      const { ln } = phaseSum(k, R, (T - recency) / (alpha + T));
      return 1 / (1 + (a / (prior.b + n - 1)) * exp(R * log1p((T - recency) / (alpha + recency)) - ln));
    },
    given(q) {
      switch (q.quantity) {
        case 'probabilityAlive': {
          const { ahead = 0 } = q;
          if (ahead === 0) return null;
          const later = aliveByPhase(parameters, k, tables);
          return (x, T, recency) =>
            Math.min(
              1,
              overPhases(x, T, recency, (j) => later(x, j, T, ahead)),
            );
        }
        case 'probabilityOfPurchase': {
          const h = q.periods;
          return (x, T, recency) => {
            const R = r + k * x;
            if (R === 0) return 0;
            const [A, silence] = [alpha + T, T - recency];
            // No purchase: as few phases by T + h as by T. Where that cancels, the chance that k − j phases end.
            const bought = -expm1(
              phaseSum(k, R, (silence + h) / (A + h)).ln - phaseSum(k, R, silence / A).ln - R * log1p(h / A),
            );
            return bought > 0.01
              ? bought
              : overPhases(x, T, recency, (j) => incompleteBeta(h / (A + h), A / (A + h), k - j, R + j));
          };
        }
        case 'expectedPurchases':
          return (x, T, recency) => overPhases(x, T, recency, (j) => expected(x, j, T, q.periods));
        case 'discountedResidualTransactions': {
          const h = q.periods === 'infinite' ? Infinity : q.periods;
          const worth = discountedByPhase(parameters, k, continuousRate(q.rate, unit), h, expected, tables);
          return (x, T, recency) => overPhases(x, T, recency, (j) => worth(x, j, T));
        }
      }
    },
  };
}
