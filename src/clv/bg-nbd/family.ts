import { betaDraw, exponentialDraw, gammaDraw } from '../../numerics/draw.ts';
import type { Random } from '../../numerics/random.ts';
import type { HistoryFamily, Parameters, Story } from '../family/family.ts';
import { purchaseDistribution } from './distribution.ts';
import { bgNbdLikelihood, logLikelihoodOf } from './likelihood.ts';
import { bgNbdScoring } from './model.ts';
import type { BgNbdParameters, FirstDropout } from './posterior.ts';

/** A Gamma or Beta distribution this concentrated is one value. */
const CONCENTRATED = 1e4;

type P = 'r' | 'alpha' | 'a' | 'b';

/** What the fits of models of Gamma purchase rates and Beta dropouts share. */
export const betaGeometricFit: Pick<HistoryFamily<string, P>, 'timePowers' | 'immortal' | 'limits' | 'none'> & {
  starts(moments: Parameters<'mean' | 'shape'>): readonly Parameters<P>[];
} = {
  timePowers: { r: 0, alpha: 1, a: 0, b: 0 },
  starts: ({ mean, shape }) => [
    { r: shape, alpha: shape / mean, a: 0.8, b: 2.5 },
    { r: 2 * shape, alpha: (2 * shape) / mean, a: 0.2, b: 2 },
    { r: shape, alpha: shape / mean, a: 0.02, b: 0.1 },
    { r: 1, alpha: 1 / mean, a: 2, b: 10 },
  ],
  immortal: { set: { a: 0, b: 1 }, free: ['r', 'alpha'] },
  // With b (or α) held, a (or r) moves the ratio of the pair, which has a finite value in the limit.
  limits: [
    {
      name: 'one purchase rate',
      note: 'customers do not differ in their purchase rate: the likelihood is highest in the limit r, alpha → ∞',
      reached: ({ r }) => r > CONCENTRATED,
      free: ['r', 'a', 'b'],
      shown: ['a', 'b'],
    },
    {
      name: 'one dropout probability',
      note: 'customers do not differ in their dropout probability: the likelihood is highest in the limit a, b → ∞',
      reached: ({ a, b }) => a + b > CONCENTRATED,
      free: ['r', 'alpha', 'a'],
      shown: ['r', 'alpha'],
    },
    {
      name: 'all-or-none dropout',
      note: 'customers drop out at once or never: the likelihood is highest in the limit a, b → 0',
      reached: ({ a, b }) => a + b < 1 / CONCENTRATED,
      free: ['r', 'alpha', 'a'],
      shown: ['r', 'alpha'],
    },
  ],
  none: (meanT) => ({ r: 0, alpha: meanT, a: 0, b: 1 }),
};

/** A customer who buys after `wait` and drops out after each purchase with probability p ~ Beta(a, b). */
export function mortalStory(
  { a, b }: Pick<BgNbdParameters, 'a' | 'b'>,
  random: Random,
  wait: () => number,
  first: FirstDropout = 0,
): Story {
  const dropout = betaDraw(random, a, b);
  let t = first === 1 && random.uniform() < dropout ? Infinity : 0;
  return {
    next() {
      if (t === Infinity) return t;
      const bought = t + wait();
      t = random.uniform() < dropout ? Infinity : bought;
      return bought;
    },
  };
}

/** The BG/NBD as the common estimator asks for it. */
export const bgNbdFamily: HistoryFamily<'bgNbd', P> = {
  ...bgNbdScoring,
  ...betaGeometricFit,
  likelihood: (data) => bgNbdLikelihood(data),
  logLikelihood: (parameters, x, recency, T) => logLikelihoodOf(parameters, x, recency, T),
  distribution: purchaseDistribution,
  // Given alive at T the rate is Gamma(r + x, α + T) and the dropout Beta(a, b + x): a new customer with these.
  distributionGivenAlive: ({ r, alpha, a, b }, { x, T }, t, upTo) =>
    purchaseDistribution({ r: r + x, alpha: alpha + T, a, b: b + x }, t, upTo),
  story({ r, alpha, a, b }, random) {
    const rate = gammaDraw(random, r, alpha);
    return mortalStory({ a, b }, random, () => exponentialDraw(random) / rate);
  },
};
