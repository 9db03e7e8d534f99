import { betaDraw, exponentialDraw } from '../../numerics/draw.ts';
import { log1p } from '../../numerics/elementary.ts';
import type { Random } from '../../numerics/random.ts';
import type { HistoryFamily } from '../family/family.ts';
import { purchaseDistribution } from './distribution.ts';
import { bgBbLikelihood, logLikelihoodOf } from './likelihood.ts';
import { bgBbScoring } from './model.ts';

/** A Beta distribution this concentrated is one value, and one as far spread out is 0 or 1. */
const CONCENTRATED = 1e4;

/** Failures before the first success of trials with probability p. */
const geometricDraw = (random: Random, p: number): number => Math.floor(-exponentialDraw(random) / log1p(-p));

/** The BG/BB as the common estimator asks for it. */
export const bgBbFamily: HistoryFamily<'bgBb', 'alpha' | 'beta' | 'gamma' | 'delta'> = {
  ...bgBbScoring,
  timePowers: { alpha: 0, beta: 0, gamma: 0, delta: 0 },
  starts: ({ mean, length }) => {
    const share = Math.min(0.8, (1.5 * mean) / length);
    const odds = (1 - share) / share;
    return [
      { alpha: 1, beta: odds, gamma: 0.5, delta: 0.5 * length },
      { alpha: 1, beta: odds, gamma: 0.1, delta: length },
      { alpha: 0.3, beta: 0.3 * odds, gamma: 1, delta: length },
      { alpha: 5, beta: 5 * odds, gamma: 2, delta: 2 * length },
    ];
  },
  likelihood: bgBbLikelihood,
  logLikelihood: logLikelihoodOf,
  immortal: { name: 'beta-binomial', set: { gamma: 0, delta: 1 }, free: ['alpha', 'beta'] },
  // With one of a pair held, the other moves their ratio, which has a finite value in the limit.
  limits: [
    {
      name: 'a purchase at every opportunity',
      note: 'customers buy at every opportunity while alive: the likelihood is highest in the limit beta/alpha → 0',
      reached: ({ alpha, beta }) => beta < alpha / CONCENTRATED,
      free: ['gamma', 'delta'],
    },
    {
      name: 'one purchase probability',
      note: 'customers do not differ in their purchase probability: the likelihood is highest in the limit alpha, beta → ∞',
      reached: ({ alpha, beta }) => alpha + beta > CONCENTRATED,
      free: ['alpha', 'gamma', 'delta'],
      shown: ['gamma', 'delta'],
    },
    {
      name: 'all-or-none purchase',
      note: 'customers buy at every opportunity or never: the likelihood is highest in the limit alpha, beta → 0',
      reached: ({ alpha, beta }) => alpha + beta < 1 / CONCENTRATED,
      free: ['alpha', 'gamma', 'delta'],
      shown: ['gamma', 'delta'],
    },
    {
      name: 'one dropout probability',
      note: 'customers do not differ in their dropout probability: the likelihood is highest in the limit gamma, delta → ∞',
      reached: ({ gamma, delta }) => gamma + delta > CONCENTRATED,
      free: ['alpha', 'beta', 'gamma'],
      shown: ['alpha', 'beta'],
    },
    {
      name: 'all-or-none dropout',
      note: 'customers drop out at once or never: the likelihood is highest in the limit gamma, delta → 0',
      reached: ({ gamma, delta }) => gamma + delta < 1 / CONCENTRATED,
      free: ['alpha', 'beta', 'gamma'],
      shown: ['alpha', 'beta'],
    },
  ],
  none: () => ({ alpha: 0, beta: 1, gamma: 0, delta: 1 }),
  distribution: purchaseDistribution,
  // Given alive at n the probabilities are Beta(α+x, β+n−x) and Beta(γ, δ+n): a new customer with these.
  distributionGivenAlive: ({ alpha, beta, gamma, delta }, { x, T }, t, upTo) =>
    purchaseDistribution({ alpha: alpha + x, beta: beta + (T - x), gamma, delta: delta + T }, t, upTo),
  story({ alpha, beta, gamma, delta }, random) {
    const purchase = betaDraw(random, alpha, beta);
    const last = geometricDraw(random, betaDraw(random, gamma, delta));
    let opportunity = 0;
    return {
      next() {
        if (opportunity === Infinity) return opportunity;
        opportunity += 1 + geometricDraw(random, purchase);
        // Also where both are endless: no purchase ever comes.
        if (!(opportunity <= last && opportunity < Infinity)) opportunity = Infinity;
        return opportunity;
      },
    };
  },
};
