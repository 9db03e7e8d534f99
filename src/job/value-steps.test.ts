// Every option of every estimator stands in its step, and the models are compared with those of the estimators called
// directly.
import { describe } from 'vitest';
import { currentValue, lifetimeValue, ownershipPropensity, potentialValue } from '../value/index.ts';
import { compositeIndex } from '../weighting/index.ts';
import { areTheirEstimators, given, label, ridge, year } from './steps.test-support.ts';
import { valueSteps } from './value-steps.ts';

describe('the options of a value step are those of its estimator', () => {
  areTheirEstimators(valueSteps, {
    ownershipPropensity: [
      given(ownershipPropensity, {
        offers: [
          {
            name: 'tv',
            owned: { column: 'tv', equals: 'yes' },
            eligible: { column: 'plan', equals: ['a', 'b'] },
            exclude: ['plan'],
          },
          { name: 'film', owned: { column: 'film', not: 'no' } },
        ],
        features: ['x', 'plan', 'w'],
        exclude: ['w'],
        as: 'owns_',
        ...ridge,
      }),
    ],
    currentValue: [
      given(currentValue, {
        profit: ['money', 'more'],
        periods: 2,
        rate: year,
        unit: 'quarter',
        timing: 'begin',
        as: 'ccv',
      }),
      given(currentValue, {
        profit: 'money',
        periods: 7,
        rate: year,
        unit: 'month',
        timing: 'end',
        as: 'ccv',
      }),
    ],
    potentialValue: [
      given(potentialValue, {
        offers: [
          {
            name: 'tv',
            probability: 'p',
            profit: 7,
            owned: { column: 'tv', equals: 'yes' },
            eligible: { column: 'plan', not: 'a' },
          },
          { name: 'film', probability: 'r', profit: 'more' },
        ],
        periods: 5,
        rate: year,
        unit: 'month',
        timing: 'begin',
        as: 'cpv',
      }),
    ],
    lifetimeValue: [
      given(lifetimeValue, {
        currentValue: 'money',
        potentialValue: 'more',
        retention: { column: 'r', horizon: label.horizon },
        loyalty: { column: 'p', horizon: label.horizon },
        annuity: { periods: 5, rate: year, unit: 'year', timing: 'begin' },
        as: 'clv',
        retainedAs: 'kept',
      }),
      given(lifetimeValue, {
        currentValue: 'money',
        potentialValue: 'more',
        survivalAnnuity: 'n',
        annuity: { periods: 5, rate: year },
      }),
    ],
    compositeIndex: [
      given(compositeIndex, {
        indicators: [
          {
            column: 'money',
            weight: 2,
            map: { kind: 'linear', low: 0, high: 90 },
            standardise: 'z-sample',
            cost: true,
            group: 'value',
          },
          { column: 'x', weight: 1, map: { kind: 'logistic', midpoint: 5, slope: 0.3 } },
          {
            column: 'more',
            weight: 1,
            map: {
              kind: 'piecewise',
              knots: [
                [0, 0],
                [60, 100],
              ],
            },
          },
          { column: 'n', weight: 1, map: { kind: 'step', cuts: [1, 2], scores: [0, 50, 100], closed: 'left' } },
        ],
        aggregate: 'sum',
        missing: 'renormalise',
        renormalise: true,
        as: 'index',
      }),
      given(compositeIndex, {
        indicators: [
          { column: 'x', weight: 0.5 },
          { column: 'n', weight: 0.5, cost: true },
        ],
        aggregate: 'topsis',
      }),
    ],
  });
});
