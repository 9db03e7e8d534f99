// Every option of every estimator stands in its step, and the models are compared with those of the estimators called
// directly.
import { describe } from 'vitest';
import {
  betaDiscreteWeibull,
  bgBb,
  bgCnbd,
  bgNbd,
  gammaGamma,
  ggomNbd,
  mbgCnbd,
  mbgNbd,
  nbd,
  paretoNbd,
  shiftedBetaGeometric,
  spendValue,
} from '../clv/index.ts';
import { purchaseSteps } from './purchase-steps.ts';
import { areTheirEstimators, given, year } from './steps.test-support.ts';

/** Every option that the buy-till-you-die estimators share. */
const HISTORY = {
  frequency: 'f',
  recency: 'rec',
  T: 'age',
  unit: 'month',
  outputs: [
    { quantity: 'probabilityAlive', as: 'alive' },
    { quantity: 'probabilityAlive', ahead: 3, as: 'stays' },
    { quantity: 'probabilityOfPurchase', periods: 2, as: 'buys' },
    { quantity: 'expectedPurchases', periods: 3 },
    { quantity: 'discountedResidualTransactions', periods: 'infinite', rate: year, as: 'ever' },
    { quantity: 'discountedResidualTransactions', periods: 4, rate: year },
  ],
  weight: 'w',
  covariates: { purchase: ['x', 'n'], dropout: ['x'] },
  equal: ['x'],
  ridge: { purchase: 0.1 },
  priors: { r: { median: 1, sd: 2 } },
} as const;
const COUNTS = { period: 'period', active: 'active', lost: 'lost', cohort: 'cohort' } as const;
const CONTRACTUAL = [
  { quantity: 'survivalProbability', periods: 3, as: 's3' },
  { quantity: 'expectedResidualLifetime', periods: 'infinite' },
  { quantity: 'discountedExpectedResidualLifetime', periods: 4, rate: year, timing: 'end' },
] as const;

describe('the options of a purchase step are those of its estimator', () => {
  areTheirEstimators(purchaseSteps, {
    bgNbd: [given(bgNbd, HISTORY)],
    mbgNbd: [given(mbgNbd, HISTORY)],
    nbd: [
      given(nbd, {
        ...HISTORY,
        covariates: { purchase: ['x', 'n'] },
        equal: [],
      }),
    ],
    paretoNbd: [given(paretoNbd, HISTORY)],
    ggomNbd: [given(ggomNbd, { ...HISTORY, covariates: {}, equal: [], ridge: {} })],
    bgCnbd: [given(bgCnbd, { ...HISTORY, k: [1, 2], logIntervals: 'logIntervals' })],
    mbgCnbd: [given(mbgCnbd, { ...HISTORY, k: 2, logIntervals: 'logIntervals' })],
    bgBb: [
      given(bgBb, {
        frequency: 'f',
        recency: 'lastBought',
        T: 'opportunities',
        unit: 'month',
        outputs: [
          { quantity: 'probabilityAlive', ahead: 1, as: 'stays' },
          { quantity: 'expectedPurchases', periods: 3 },
        ],
        weight: 'w',
        covariates: {},
        equal: [],
        ridge: {},
        priors: { alpha: { median: 1, sd: 2 } },
      }),
    ],
    shiftedBetaGeometric: [
      given(shiftedBetaGeometric, {
        tenure: 'renewals',
        churned: { column: 'left', churned: 'yes' },
        unit: 'year',
        outputs: CONTRACTUAL,
      }),
      given(shiftedBetaGeometric, { counts: COUNTS, unit: 'year' }),
    ],
    betaDiscreteWeibull: [
      given(betaDiscreteWeibull, {
        tenure: 'renewals',
        churned: { column: 'left', churned: 'yes' },
        unit: 'year',
        outputs: CONTRACTUAL,
      }),
      given(betaDiscreteWeibull, { counts: COUNTS, unit: 'year' }),
    ],
    gammaGamma: [given(gammaGamma, { frequency: 'f', monetaryValue: 'money', as: 'spendEach' })],
    spendValue: [
      given(spendValue, {
        transactions: 'n',
        spend: 'money',
        margin: 0.3,
        acquisitionCost: 4,
        as: 'worth',
      }),
    ],
  });
});
