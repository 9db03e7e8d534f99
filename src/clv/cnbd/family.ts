import { gammaDraw } from '../../numerics/draw.ts';
import { orNoneAtAll, withDropout } from '../bg-nbd/distribution.ts';
import { betaGeometricFit, mortalStory } from '../bg-nbd/family.ts';
import { bgNbdLikelihood, logLikelihoodOf } from '../bg-nbd/likelihood.ts';
import type { FirstDropout } from '../bg-nbd/posterior.ts';
import type { HistoryFamily, HistoryScoring, Parameters } from '../family/family.ts';
import { addPurchases, noPurchases } from './distribution.ts';
import type { CnbdNames } from './model.ts';
import { type CnbdParameters, phaseWeights } from './posterior.ts';

/** An (M)BG/CNBD-k as the common estimator asks for it. */
export function cnbdFamily<K extends string>(
  scoring: HistoryScoring<K, CnbdNames>,
  first: FirstDropout,
): HistoryFamily<K, CnbdNames> {
  const kOf = (parameters: Parameters<never>): number => (parameters as CnbdParameters).k;
  return {
    ...scoring,
    ...betaGeometricFit,
    starts: (moments, { k = 1 }) =>
      betaGeometricFit.starts(moments).map((start) => ({ ...start, alpha: start.alpha / k })),
    likelihood: (data, { k = 1 }) => bgNbdLikelihood(data, { k, first }),
    logLikelihood: (parameters, x, recency, T) =>
      logLikelihoodOf(parameters, x, recency, T, { k: kOf(parameters), first }),
    distribution(parameters, t, upTo) {
      const { r, alpha, a, b } = parameters;
      const alive = noPurchases(upTo);
      addPurchases(alive, 1, { k: kOf(parameters), j: 0, s: r, q: t / alpha });
      const out = withDropout(alive, a, b + first);
      return first === 1 ? orNoneAtAll(out, parameters) : out;
    },
    distributionGivenAlive(parameters, { x, recency, T }, t, upTo) {
      const { r, alpha, a, b } = parameters;
      const k = kOf(parameters);
      const R = r + k * x;
      const weights = new Float64Array(k);
      phaseWeights(k, R, (T - recency) / (alpha + T), weights);
      const alive = noPurchases(upTo);
      weights.forEach((weight, j) => {
        if (weight > 0) addPurchases(alive, weight, { k, j, s: R + j, q: t / (alpha + T) });
      });
      return withDropout(alive, a, b + x + first);
    },
    story(parameters, random) {
      const rate = gammaDraw(random, parameters.r, parameters.alpha);
      return mortalStory(parameters, random, () => gammaDraw(random, kOf(parameters), rate), first);
    },
  };
}
