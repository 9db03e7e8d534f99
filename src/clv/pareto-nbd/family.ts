import { exponentialDraw, gammaDraw } from '../../numerics/draw.ts';
import type { HistoryFamily } from '../family/family.ts';
import { purchaseDistribution } from './distribution.ts';
import { logLikelihoodOf, paretoNbdLikelihood } from './likelihood.ts';
import { paretoNbdScoring } from './model.ts';

/** A Gamma distribution this concentrated cannot be told from one value where its shape has no standard error. */
const CONCENTRATED = 100;

/** With beta below this, in any unit of time, whoever does not last drops out before the first chance to buy. */
const AT_ONCE = 1e-6;

/** The Pareto/NBD as the common estimator asks for it. */
export const paretoNbdFamily: HistoryFamily<'paretoNbd', 'r' | 'alpha' | 's' | 'beta'> = {
  ...paretoNbdScoring,
  timePowers: { r: 0, alpha: 1, s: 0, beta: 1 },
  starts: ({ mean, shape }) => [
    { r: shape, alpha: shape / mean / 2, s: 0.7, beta: 0.5 },
    { r: shape, alpha: shape / mean, s: 2, beta: 8 },
    { r: 2 * shape, alpha: (2 * shape) / mean, s: 0.1, beta: 0.2 },
    { r: 1, alpha: 1 / mean, s: 10, beta: 30 },
    { r: 1 + shape, alpha: (1 + shape) / mean / 2, s: 0.03, beta: 1e-9 },
  ],
  likelihood: paretoNbdLikelihood,
  logLikelihood: logLikelihoodOf,
  immortal: { set: { s: 0, beta: 1 }, free: ['r', 'alpha'] },
  // With beta (or alpha) held, s (or r) moves the ratio of the pair, which has a finite value in the limit.
  limits: [
    {
      name: 'one purchase rate',
      note: 'customers do not differ measurably in their purchase rate: the likelihood is flat towards r, alpha → ∞',
      reached: ({ r }) => r > CONCENTRATED,
      free: ['r', 's', 'beta'],
      shown: ['s', 'beta'],
    },
    {
      name: 'one dropout rate',
      note: 'customers do not differ measurably in their dropout rate (exponential lifetimes): the likelihood is flat towards s, beta → ∞',
      reached: ({ s }) => s > CONCENTRATED,
      free: ['r', 'alpha', 's'],
      shown: ['r', 'alpha'],
    },
    {
      name: 'all-or-none dropout',
      note: 'customers drop out at once or hardly ever: the likelihood is highest in the limit s, beta → 0',
      reached: ({ s, beta }) => s < 0.5 && beta < AT_ONCE,
      free: ['r', 'alpha', 's'],
      shown: ['r', 'alpha'],
    },
  ],
  none: (meanT) => ({ r: 0, alpha: meanT, s: 0, beta: meanT }),
  distribution: purchaseDistribution,
  // Given alive at T the rates are Gamma(r + x, α + T) and Gamma(s, β + T): a new customer with these.
  distributionGivenAlive: ({ r, alpha, s, beta }, { x, T }, t, upTo) =>
    purchaseDistribution({ r: r + x, alpha: alpha + T, s, beta: beta + T }, t, upTo),
  story({ r, alpha, s, beta }, random) {
    const rate = gammaDraw(random, r, alpha);
    const end = exponentialDraw(random) / gammaDraw(random, s, beta);
    let t = 0;
    return {
      next() {
        t += exponentialDraw(random) / rate;
        return t <= end ? t : Infinity;
      },
    };
  },
};
