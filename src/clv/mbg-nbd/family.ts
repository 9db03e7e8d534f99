import { exponentialDraw, gammaDraw } from '../../numerics/draw.ts';
import { orNoneAtAll, purchaseDistribution } from '../bg-nbd/distribution.ts';
import { betaGeometricFit, mortalStory } from '../bg-nbd/family.ts';
import { bgNbdLikelihood, logLikelihoodOf, type Variant } from '../bg-nbd/likelihood.ts';
import type { HistoryFamily } from '../family/family.ts';
import { mbgNbdScoring } from './model.ts';

const MBG_NBD: Variant = { k: 1, first: 1 };

/** The MBG/NBD as the common estimator asks for it. */
export const mbgNbdFamily: HistoryFamily<'mbgNbd', 'r' | 'alpha' | 'a' | 'b'> = {
  ...mbgNbdScoring,
  ...betaGeometricFit,
  likelihood: (data) => bgNbdLikelihood(data, MBG_NBD),
  logLikelihood: (parameters, x, recency, T) => logLikelihoodOf(parameters, x, recency, T, MBG_NBD),
  // Alive after the first purchase the dropout is Beta(a, b + 1), and the rest is the BG/NBD.
  distribution: (parameters, t, upTo) =>
    orNoneAtAll(purchaseDistribution({ ...parameters, b: parameters.b + 1 }, t, upTo), parameters),
  distributionGivenAlive: ({ r, alpha, a, b }, { x, T }, t, upTo) =>
    purchaseDistribution({ r: r + x, alpha: alpha + T, a, b: b + x + 1 }, t, upTo),
  story({ r, alpha, a, b }, random) {
    const rate = gammaDraw(random, r, alpha);
    return mortalStory({ a, b }, random, () => exponentialDraw(random) / rate, 1);
  },
};
