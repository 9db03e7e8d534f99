import { exponentialDraw, gammaDraw } from '../../numerics/draw.ts';
import { log1p } from '../../numerics/elementary.ts';
import type { HistoryFamily } from '../family/family.ts';
import { purchaseDistribution } from './distribution.ts';
import { aged } from './lifetime.ts';
import { ggomNbdLikelihood, logLikelihoodOf } from './likelihood.ts';
import { ggomNbdScoring } from './model.ts';

/** A Gamma distribution this concentrated is one value, and one as far spread out is 0 or without end. */
const CONCENTRATED = 1e4;

/** The Gamma-Gompertz/NBD as the common estimator asks for it. */
export const ggomNbdFamily: HistoryFamily<'ggomNbd', 'r' | 'alpha' | 'b' | 's' | 'beta'> = {
  ...ggomNbdScoring,
  timePowers: { r: 0, alpha: 1, b: -1, s: 0, beta: 0 },
  starts: ({ mean, shape }) => [
    { r: shape, alpha: shape / mean, b: 0.1, s: 0.6, beta: 0.05 },
    { r: 2 * shape, alpha: (2 * shape) / mean, b: 2, s: 1, beta: 5 },
    { r: shape, alpha: shape / mean, b: 0.01, s: 0.3, beta: 0.003 },
    { r: 1, alpha: 1 / mean, b: 1, s: 2, beta: 1 },
  ],
  likelihood: ggomNbdLikelihood,
  logLikelihood: logLikelihoodOf,
  immortal: { set: { b: 1, s: 0, beta: 1 }, free: ['r', 'alpha'] },
  // With one of a pair held, the other moves their ratio, which has a finite value in the limit.
  limits: [
    {
      name: 'one purchase rate',
      note: 'customers do not differ in their purchase rate: the likelihood is highest in the limit r, alpha → ∞',
      reached: ({ r }) => r > CONCENTRATED,
      free: ['r', 'b', 's', 'beta'],
      shown: ['b', 's', 'beta'],
    },
    {
      name: 'one lifetime distribution',
      note: 'customers do not differ in their hazard: the likelihood is highest in the limit s, beta → ∞',
      reached: ({ s }) => s > CONCENTRATED,
      free: ['r', 'alpha', 'b', 's'],
      shown: ['r', 'alpha', 'b'],
    },
    {
      name: 'all-or-none dropout',
      note: 'customers drop out at once or never: the likelihood is highest in the limit s → 0',
      reached: ({ s }) => s < 1 / CONCENTRATED,
      free: ['r', 'alpha', 's'],
      shown: ['r', 'alpha'],
    },
    {
      name: 'Pareto/NBD',
      note: 'no sign that the hazard of a customer rises with age: the likelihood is highest in the limit b, beta → 0, the Pareto/NBD model with the same r, alpha and s and a beta of beta/b',
      reached: ({ beta }) => beta < 1 / CONCENTRATED,
      free: ['r', 'alpha', 's', 'beta'],
      shown: ['r', 'alpha', 's'],
      covariates: true,
    },
  ],
  none: (meanT) => ({ r: 0, alpha: meanT, b: 1 / meanT, s: 0, beta: 1 }),
  distribution: purchaseDistribution,
  // Given alive at T: a new customer with these parameters.
  distributionGivenAlive: ({ r, alpha, b, s, beta }, { x, T }, t, upTo) =>
    purchaseDistribution({ r: r + x, alpha: alpha + T, b, s, beta: aged(b, beta, T) }, t, upTo),
  story({ r, alpha, b, s, beta }, random) {
    const rate = gammaDraw(random, r, alpha);
    const level = gammaDraw(random, s, beta);
    const end = level > 0 ? log1p(exponentialDraw(random) / level) / b : Infinity;
    let t = 0;
    return {
      next() {
        t += exponentialDraw(random) / rate;
        if (!(t <= end)) t = Infinity;
        return t;
      },
    };
  },
};
