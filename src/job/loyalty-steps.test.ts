// Every option of every estimator stands in its step, and the models are compared with those of the estimators called
// directly.
import { describe } from 'vitest';
import { loyalty, loyaltyLadder, nextProduct, pointsRules, shareOfWallet } from '../loyalty/index.ts';
import { loyaltySteps } from './loyalty-steps.ts';
import { areTheirEstimators, change, given, label } from './steps.test-support.ts';

const tv = { name: 'tv', owned: { column: 'tv', equals: 'yes' }, eligible: { column: 'plan', not: 'c' } } as const;

describe('the options of a loyalty step are those of its estimator', () => {
  areTheirEstimators(loyaltySteps, {
    loyalty: [given(loyalty, { probability: 'p', horizon: label.horizon, as: 'stays' })],
    loyaltyLadder: [
      given(loyaltyLadder, {
        orders: 'f',
        qualified: [{ column: 'tv', equals: 'yes' }],
        disqualified: [{ column: 'film', not: ['no', 'maybe'] }],
        client: [{ column: 'x', atLeast: 3 }],
        advocate: [{ column: 'n', atMost: 2 }],
        unknown: 'no',
        strategies: { suspect: { priority: 2, budget: 'none' }, advocate: change },
        names: { suspect: { en: 'Unknown', zh: '未知' } },
        as: 'stage',
      }),
    ],
    shareOfWallet: [
      given(shareOfWallet, {
        own: 'money',
        category: 'more',
        estimated: { column: 'tv', equals: 'yes' },
        as: { share: 's', headroom: 'h', flag: 'odd' },
      }),
      given(shareOfWallet, { own: 'money', category: 'more', as: { share: 's' } }),
    ],
    pointsRules: [
      given(pointsRules, {
        rules: [
          { name: 'spend', column: 'money', points: 1, per: 10, cap: 50 },
          {
            name: 'years',
            column: 'months',
            steps: [
              { from: 2, points: 5 },
              { from: 4, points: 9 },
            ],
          },
        ],
        as: 'earned',
      }),
    ],
    nextProduct: [
      given(nextProduct, {
        products: [tv, { name: 'film', owned: { column: 'film', equals: 'yes' } }],
        shrinkage: 2,
        as: 'q_',
        next: 'offer',
      }),
    ],
  });
});
