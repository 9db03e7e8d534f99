// Every option of every estimator stands in its step: the compiler sees that none is missing here, and the models are
// compared with those of the estimators called directly.
import { describe, expect, it } from 'vitest';
import { discreteTimeHazard, type HazardOptions, type LogisticOptions, logisticRegression } from '../churn/index.ts';
import {
  bgNbd,
  type GammaGammaOptions,
  gammaGamma,
  ggomNbd,
  type HistoryOptions,
  mbgNbd,
  nbd,
  paretoNbd,
  type SpendValueOptions,
  spendValue,
} from '../clv/index.ts';
import { type LoyaltyOptions, loyalty } from '../loyalty/index.ts';
import type { Estimator, ModelBase } from '../model/contract.ts';
import { type RfmNames, type RfmOptions, rfm } from '../rfm/index.ts';
import {
  type DepositTiersOptions,
  depositTiers,
  type PyramidOptions,
  pyramid,
  type RfmTiersOptions,
  rfmTiers,
  type SpendTiersOptions,
  spendTiers,
  type ThreeDimensionalOptions,
  threeDimensional,
  type ValueMatrixOptions,
  valueMatrix,
} from '../segments/index.ts';
import {
  type CurrentValueOptions,
  currentValue,
  type LifetimeValueOptions,
  lifetimeValue,
  type Offer,
  type OwnedOffer,
  type OwnershipOptions,
  ownershipPropensity,
  type PotentialValueOptions,
  potentialValue,
} from '../value/index.ts';
import { type CompositeIndexOptions, compositeIndex, type Indicator } from '../weighting/index.ts';
import { failure } from './job.test-support.ts';
import { makeStep, type StepName, step } from './steps.ts';

const rows = 60;
const u = (i: number, k: number): number => ((i + 1) * Math.sqrt(k)) % 1;
const numbers = (of: (i: number) => number): Float64Array => Float64Array.from({ length: rows }, (_, i) => of(i));
const texts = (of: (i: number) => string): string[] => Array.from({ length: rows }, (_, i) => of(i));
const data = {
  left: texts((i) => (u(i, 2) < 0.4 ? 'yes' : 'no')),
  x: numbers((i) => 10 * u(i, 3)),
  plan: texts((i) => (u(i, 5) < 0.5 ? 'a' : 'b')),
  w: numbers((i) => 1 + (i % 3)),
  months: numbers((i) => i % 7),
  watched: numbers((i) => 1 + (i % 3)),
  tv: texts((i) => (u(i, 6) < 0.5 ? 'yes' : 'no')),
  film: texts((i) => (u(i, 7) < 0.3 ? 'yes' : 'no')),
  p: numbers((i) => u(i, 10)),
  r: numbers((i) => u(i, 11)),
  money: numbers((i) => 5 + 100 * u(i, 13)),
  more: numbers((i) => 5 + 50 * u(i, 14)),
  f: numbers((i) => i % 4),
  rec: numbers((i) => (i % 4 === 0 ? 0 : 1 + 20 * u(i, 15))),
  age: numbers((i) => 30 + 10 * u(i, 17)),
  n: numbers((i) => 3 * u(i, 19)),
  score1: numbers((i) => 1 + (i % 2)),
  score2: numbers((i) => 1 + (i % 3 === 0 ? 1 : 0)),
};

type Case = readonly [options: object, direct: Estimator];
const given = <O extends object>(make: (options: O) => Estimator, options: Required<O>): Case => [
  options,
  make(options),
];

const ridge = { l2: 0.5, standardise: false, groupCollinear: 0.5, maxIterations: 7 } as const;
const features = ['x', { column: 'plan', type: 'category', reference: 'b', missing: 'level', unseen: 'null' }] as const;
const year = { discount: 0.1, per: 'year' } as const;
const change = { priority: 9, budget: 'none', actions: ['call'], text: { en: 'Call', zh: '致电' } } as const;
const wide = { when: { every: 1, unit: 'year' } } as const;

/** Every option that the buy-till-you-die estimators share. */
const HISTORY: Required<HistoryOptions> = {
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
};

const cases: { readonly [S in StepName]: readonly Case[] } = {
  logisticRegression: [
    given<Omit<LogisticOptions<string, string>, 'penalty'>>(logisticRegression, {
      label: { column: 'left', churned: 'yes', horizon: wide.when },
      features,
      weight: 'w',
      classWeight: { event: 2, nonEvent: 1 },
      offset: { column: 'money', fitOnly: true },
      errors: { cluster: 'age' },
      as: 'q',
      ...ridge,
    }),
    given<Omit<LogisticOptions<string, string>, 'l2'>>(logisticRegression, {
      label: { column: 'left', churned: 'yes', horizon: wide.when },
      features,
      weight: 'w',
      penalty: {
        crossValidate: { folds: 3, seed: 2, mix: 0, rule: 'min', group: 'age', lambdas: [0.2, 0.1] },
      },
      classWeight: 'balanced',
      offset: 'p',
      errors: 'HC1',
      as: 'q',
      standardise: true,
      groupCollinear: 0.5,
      maxIterations: 30,
    }),
  ],
  discreteTimeHazard: [
    given<
      HazardOptions<
        string,
        string,
        Required<NonNullable<HazardOptions<string, string, object, string, string>['outputs']>>,
        string,
        string
      >
    >(discreteTimeHazard as never, {
      duration: 'months',
      event: { column: 'left', churned: 'yes' },
      observed: 'watched',
      period: 'month',
      features,
      baseline: ['linear'],
      outputs: {
        survivalProbability: { periods: 3 },
        survivalAnnuity: { periods: 4, rate: { discount: 0.01, per: 'month' }, timing: 'begin' },
      },
      as: { survivalProbability: 's3', survivalAnnuity: 'a4' },
      ...ridge,
    }),
  ],
  ownershipPropensity: [
    given<OwnershipOptions<readonly OwnedOffer[], string, string>>(ownershipPropensity as never, {
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
  loyalty: [given<LoyaltyOptions<string, string>>(loyalty, { probability: 'p', horizon: wide.when, as: 'stays' })],
  currentValue: [
    given<CurrentValueOptions<string, string>>(currentValue, {
      profit: ['money', 'more'],
      periods: 2,
      rate: year,
      unit: 'quarter',
      timing: 'begin',
      as: 'ccv',
    }),
    given<CurrentValueOptions<string, string>>(currentValue, {
      profit: 'money',
      periods: 7,
      rate: year,
      unit: 'month',
      timing: 'end',
      as: 'ccv',
    }),
  ],
  potentialValue: [
    given<PotentialValueOptions<readonly Offer[], string>>(potentialValue, {
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
    [
      {
        currentValue: 'money',
        potentialValue: 'more',
        retention: { column: 'r', horizon: wide.when },
        loyalty: { column: 'p', horizon: wide.when },
        annuity: { periods: 5, rate: year, unit: 'year', timing: 'begin' },
        as: 'clv',
        retainedAs: 'kept',
      },
      lifetimeValue({
        currentValue: 'money',
        potentialValue: 'more',
        retention: { column: 'r', horizon: wide.when },
        loyalty: { column: 'p', horizon: wide.when },
        annuity: { periods: 5, rate: year, unit: 'year', timing: 'begin' },
        as: 'clv',
        retainedAs: 'kept',
      } satisfies Omit<
        Required<LifetimeValueOptions<string, string, string, string, string, string, string>>,
        'survivalAnnuity'
      >),
    ],
    [
      { currentValue: 'money', potentialValue: 'more', survivalAnnuity: 'n', annuity: { periods: 5, rate: year } },
      lifetimeValue({
        currentValue: 'money',
        potentialValue: 'more',
        survivalAnnuity: 'n',
        annuity: { periods: 5, rate: year },
      }),
    ],
  ],
  compositeIndex: [
    given<CompositeIndexOptions<readonly Indicator[], string, 'sum'>>(compositeIndex, {
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
    [
      {
        indicators: [
          { column: 'x', weight: 0.5 },
          { column: 'n', weight: 0.5, cost: true },
        ],
        aggregate: 'topsis',
      },
      compositeIndex({
        indicators: [
          { column: 'x', weight: 0.5 },
          { column: 'n', weight: 0.5, cost: true },
        ],
        aggregate: 'topsis',
      }),
    ],
  ],
  bgNbd: [given<HistoryOptions>(bgNbd, HISTORY)],
  mbgNbd: [given<HistoryOptions>(mbgNbd, HISTORY)],
  nbd: [
    given<HistoryOptions>(nbd, {
      ...HISTORY,
      covariates: { purchase: ['x', 'n'] },
      equal: [],
    }),
  ],
  paretoNbd: [given<HistoryOptions>(paretoNbd, HISTORY)],
  ggomNbd: [given<HistoryOptions>(ggomNbd, HISTORY)],
  gammaGamma: [given<GammaGammaOptions>(gammaGamma, { frequency: 'f', monetaryValue: 'money', as: 'spendEach' })],
  spendValue: [
    given<SpendValueOptions>(spendValue, {
      transactions: 'n',
      spend: 'money',
      margin: 0.3,
      acquisitionCost: 4,
      as: 'worth',
    }),
  ],
  rfm: [
    given<RfmOptions<string, string, string, RfmNames>>(rfm, {
      recency: 'rec',
      frequency: 'f',
      monetary: 'money',
      scores: 3,
      rule: 'averageRank',
      ties: 'up',
      empty: 'report',
      nested: true,
      noPurchase: 'lowest',
      weights: { recency: 1, frequency: 2, monetary: 3 },
      as: { recencyScore: 'R', frequencyScore: 'F', monetaryScore: 'M', rfmCode: 'RFM', rfmScore: 'sum' },
    }),
    [
      {
        recency: 'rec',
        frequency: 'f',
        monetary: 'money',
        rule: { recency: { quantile: [0.25, 0.75], plus: 1 }, frequency: { fixed: 1 }, monetary: 'median' },
        empty: 'merge',
      },
      rfm({
        recency: 'rec',
        frequency: 'f',
        monetary: 'money',
        rule: { recency: { quantile: [0.25, 0.75], plus: 1 }, frequency: { fixed: 1 }, monetary: 'median' },
        empty: 'merge',
      }),
    ],
  ],
  rfmTiers: [
    given<RfmTiersOptions<readonly string[], string>>(rfmTiers, {
      columns: ['score1', 'score2'],
      scores: 2,
      cells: [
        { key: 'best', names: { en: 'Best', zh: '最佳' }, strategy: change, usually: 'small', when: ['2', ['2']] },
        { key: 'good', when: ['2', '*'] },
        { key: 'other', when: 'rest' },
      ],
      overlaps: 'first',
      strategies: {},
      as: 'cell',
    }),
    [
      { columns: ['score1', 'score2'], strategies: { champions: change, promising: { priority: 1 } } },
      rfmTiers({ columns: ['score1', 'score2'], strategies: { champions: change, promising: { priority: 1 } } }),
    ],
  ],
  threeDimensional: [
    given<ThreeDimensionalOptions<string, string, string, string, string>>(threeDimensional, {
      current: 'money',
      potential: 'more',
      loyalty: 'r',
      cut: { current: { fixed: 50 }, potential: { equalWidth: 2 }, loyalty: 'median' },
      newBelow: { column: 'months', below: 2 },
      strategies: { platinum: change },
      as: 'class',
    }),
  ],
  valueMatrix: [
    given<ValueMatrixOptions<string, string, string>>(valueMatrix, {
      current: 'money',
      potential: 'more',
      cut: { current: { shareOfValue: 0.5, crossing: 'down' }, potential: { averageRank: 2 } },
      strategies: { HH: change },
      as: 'cell',
    }),
    [
      { current: 'money', potential: 'more', cut: 'median' },
      valueMatrix({ current: 'money', potential: 'more', cut: 'median' }),
    ],
  ],
  pyramid: [
    given<PyramidOptions<string, string>>(pyramid, {
      column: 'money',
      cut: { shareOfCustomers: 0.3, crossing: 'down' },
      closed: 'left',
      tiers: [{ key: 'low' }, { key: 'top', strategy: change, usually: 'small' }],
      as: 'layer',
    }),
  ],
  spendTiers: [
    given<SpendTiersOptions<string, string, string>>(spendTiers, {
      spend: 'money',
      limits: [20, 40, 60],
      closed: 'right',
      newBelow: { column: 'months', below: 2 },
      as: 'grade',
    }),
  ],
  depositTiers: [
    given<DepositTiersOptions<string, string>>(depositTiers, {
      balance: 'money',
      limits: [20, 40, 60],
      closed: 'right',
      as: 'grade',
    }),
  ],
};

const list = Object.entries(cases).flatMap(([name, own]) =>
  own.map(([options, direct], i) => ({
    title: own.length > 1 ? `${name}, case ${i + 1}` : name,
    name,
    options,
    direct,
  })),
);

describe('the options of a step are those of its estimator', () => {
  it.each(list)('$title', ({ name, options, direct }) => {
    const json: unknown = JSON.parse(JSON.stringify({ step: name, ...options }));
    const parsed = step(json, 'job.x');
    expect(parsed).toEqual(json);
    const made: ModelBase = makeStep(parsed, new Set()).fit(data);
    expect(made).toEqual(direct.fit(data));
  });

  it.each(list)('$title: an option more is refused', ({ name, options }) => {
    expect(failure(() => step({ step: name, ...options, extra: 1 }, 'job.x'))).toMatch(
      /job\.x: unknown key "extra"; known are /,
    );
  });
});
