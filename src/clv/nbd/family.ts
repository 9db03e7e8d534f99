import { exponentialDraw, gammaDraw } from '../../numerics/draw.ts';
import { negativeBinomial } from '../bg-nbd/distribution.ts';
import { logLikelihoodOf } from '../bg-nbd/likelihood.ts';
import type { HistoryFamily } from '../family/family.ts';
import { nbdLikelihood } from './likelihood.ts';
import { nbdScoring } from './model.ts';

/** A Gamma distribution this concentrated is one value. */
const CONCENTRATED = 1e4;

/** The NBD as the common estimator asks for it. */
export const nbdFamily: HistoryFamily<'nbd', 'r' | 'alpha'> = {
  ...nbdScoring,
  timePowers: { r: 0, alpha: 1 },
  starts: ({ mean, shape }) => [
    { r: shape, alpha: shape / mean },
    { r: 1, alpha: 1 / mean },
  ],
  likelihood: nbdLikelihood,
  logLikelihood: ({ r, alpha }, x, recency, T) => logLikelihoodOf({ r, alpha, a: 0, b: 1 }, x, recency, T),
  immortal: null,
  // With α held, r moves the mean rate, which has a finite value in the limit; neither parameter has one.
  limits: [
    {
      name: 'one purchase rate',
      note: 'customers do not differ in their purchase rate: the likelihood is highest in the limit r, alpha → ∞',
      reached: ({ r }) => r > CONCENTRATED,
      free: ['r'],
      shown: [],
    },
  ],
  none: (meanT) => ({ r: 0, alpha: meanT }),
  distribution: ({ r, alpha }, t, upTo) => negativeBinomial(r, t / alpha, upTo).at,
  distributionGivenAlive: ({ r, alpha }, { x, T }, t, upTo) => negativeBinomial(r + x, t / (alpha + T), upTo).at,
  story({ r, alpha }, random) {
    const rate = gammaDraw(random, r, alpha);
    let t = 0;
    return {
      next() {
        t += exponentialDraw(random) / rate;
        return t;
      },
    };
  },
};
