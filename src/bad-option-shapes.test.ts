// Options of the wrong shape, through the public modules: each is refused by a ClienteleError that names it, or – where
// the value can be used after all – gives a model that parses; a TypeError is never what a caller sees.
import { describe, expect, it } from 'vitest';
import {
  betaCalibration,
  coxRegression,
  decisionTree,
  isotonicCalibration,
  plattCalibration,
  priorCorrection,
  randomForest,
} from './churn/index.ts';
import {
  betaDiscreteWeibull,
  bgBb,
  bgCnbd,
  bgNbd,
  gammaGamma,
  ggomNbd,
  mbgNbd,
  nbd,
  paretoNbd,
  shiftedBetaGeometric,
  spendValue,
} from './clv/index.ts';
import { ClienteleError } from './errors.ts';
import { loyalty, loyaltyLadder, nextProduct, pointsRules, shareOfWallet } from './loyalty/index.ts';
import type { Columns } from './model/batch.ts';
import type { Estimator, ModelBase } from './model/contract.ts';
import { ntile, rfm } from './rfm/index.ts';
import { compile, parseModel } from './scoring/index.ts';
import {
  agglomerate,
  averageBalance,
  bankLayers,
  borderline,
  customerGrades,
  depositTiers,
  eligibility,
  grid,
  kMeans,
  pyramid,
  rfmTiers,
  silhouette,
  spendTiers,
  threeDimensional,
  threeLevels,
  valueMatrix,
} from './segments/index.ts';
import { currentValue, lifetimeValue, ownershipPropensity, potentialValue } from './value/index.ts';

const numbers = (own: readonly number[]): Float64Array => Float64Array.from(own);
const data: Columns = {
  a: numbers([1, 2, 3, 4, 5, 6]),
  b: numbers([6, 1, 5, 2, 4, 3]),
  c: numbers([2, 2, 9, 9, 3, 3]),
  p: numbers([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]),
  owned: ['yes', 'no', 'no', 'yes', 'yes', 'no'],
  x: numbers([0, 1, 2, 3, 0, 1]),
  tx: numbers([0, 2, 3, 5, 0, 1]),
  T: numbers([6, 6, 7, 8, 9, 9]),
};
/** Options that the buy-till-you-die estimators share. */
const history = {
  ...{ frequency: 'x', recency: 'tx', T: 'T', unit: 'week', weight: 'c' },
  outputs: [{ quantity: 'probabilityOfPurchase', periods: 2, as: 'out' }],
  covariates: { purchase: ['a'] },
  ridge: { purchase: 1 },
  priors: { r: { median: 1, sd: 1 } },
} as const;
const left = { column: 'owned', churned: 'yes', horizon: null } as const;
const rate = { discount: 0.1, per: 'year' } as const;
const when = { column: 'owned', equals: 'yes' } as const;
const two = { fixed: [2, 4] } as const;
const tier = { key: 'low', names: { en: 'Low', zh: '低' } } as const;
const strategies = { HH: { budget: 'low' } } as const;

/** An estimator with every option it has. */
const made: { readonly [name: string]: readonly [(options: never) => Estimator, object] } = {
  grid: [
    grid,
    {
      axes: [{ column: 'a', cut: 'mean', closed: 'left', levels: ['l', 'h'], as: 'level' }],
      cells: [{ key: 'all', when: ['*'] }],
      overlaps: 'first',
      as: 'out',
    },
  ],
  pyramid: [pyramid, { column: 'a', cut: 'mean', closed: 'left', tiers: [tier, { key: 'high' }], as: 'out' }],
  depositTiers: [depositTiers, { balance: 'a', limits: [1, 2, 3], closed: 'left', as: 'out' }],
  spendTiers: [
    spendTiers,
    { spend: 'a', limits: [1, 2, 3], closed: 'left', newBelow: { column: 'b', below: 2 }, as: 'out' },
  ],
  rfmTiers: [
    rfmTiers,
    { columns: ['a', 'b'], scores: 5, cells: [{ key: 'all', when: ['*', '*'] }], overlaps: 'first', as: 'out' },
  ],
  threeDimensional: [
    threeDimensional,
    {
      current: 'a',
      potential: 'b',
      loyalty: 'p',
      cut: { current: 'mean', potential: 'mean', loyalty: 'mean' },
      newBelow: { column: 'c', below: 2 },
      strategies: { gold: { budget: 'low' } },
      as: 'out',
    },
  ],
  threeLevels: [
    threeLevels,
    {
      value: 'a',
      potential: 'b',
      loyalty: 'p',
      cut: { value: two, potential: two, loyalty: two },
      closed: 'left',
      cells: [{ key: 'all', when: ['*', '*', '*'] }],
      as: 'out',
    },
  ],
  valueMatrix: [valueMatrix, { current: 'a', potential: 'b', cut: 'mean', strategies, as: 'out' }],
  customerGrades: [customerGrades, { orders: 'a', score: 'b', cut: two, closed: 'left', as: 'out' }],
  eligibility: [
    eligibility,
    {
      balance: 'a',
      limit: 3,
      closed: 'left',
      benefits: [{ benefit: 'lounge', uses: 1, per: 'year' }],
      as: 'out',
    },
  ],
  bankLayers: [bankLayers, { column: 'a', cut: two, closed: 'left', strategies: { high: { priority: 2 } }, as: 'out' }],
  kMeans: [
    kMeans,
    { columns: ['a', 'b'], clusters: 2, seed: 1, standardise: 'none', starts: 1, names: ['x', 'y'], as: 'out' },
  ],
  rfm: [
    rfm,
    {
      recency: 'a',
      frequency: 'b',
      monetary: 'c',
      scores: 2,
      rule: { recency: 'mean', frequency: 'mean', monetary: 'mean' },
      ties: 'up',
      empty: 'report',
      nested: false,
      noPurchase: 'lowest',
      weights: { recency: 1, frequency: 1, monetary: 1 },
      as: { rfmCode: 'code' },
    },
  ],
  currentValue: [currentValue, { profit: ['a', 'b'], periods: 2, rate, unit: 'month', timing: 'begin', as: 'out' }],
  potentialValue: [
    potentialValue,
    {
      offers: [{ name: 'tv', probability: 'p', profit: 'a', owned: when, eligible: when }],
      periods: 2,
      rate,
      unit: 'month',
      timing: 'begin',
      as: 'out',
    },
  ],
  lifetimeValue: [
    lifetimeValue,
    {
      currentValue: 'a',
      potentialValue: 'b',
      retention: { column: 'p', horizon: { every: 1, unit: 'year' } },
      loyalty: { column: 'p', horizon: { every: 1, unit: 'year' } },
      annuity: { periods: 2, rate, unit: 'year', timing: 'end' },
      as: 'out',
      retainedAs: 'kept',
    },
  ],
  ownershipPropensity: [
    ownershipPropensity,
    { offers: [{ name: 'tv', owned: when }], features: ['a', 'b'], exclude: ['b'], as: 'q_', l2: 1 },
  ],
  loyalty: [loyalty, { probability: 'p', horizon: { every: 1, unit: 'year' }, as: 'out' }],
  loyaltyLadder: [
    loyaltyLadder,
    {
      orders: 'a',
      qualified: [when],
      disqualified: [when],
      client: [{ column: 'b', atLeast: 2 }],
      advocate: [{ column: 'c', atMost: 5 }],
      unknown: 'no',
      strategies: { suspect: { budget: 'low' } },
      names: { suspect: { en: 'S', zh: '潜' } },
      as: 'out',
    },
  ],
  shareOfWallet: [
    shareOfWallet,
    { own: 'p', category: 'a', estimated: when, as: { share: 's', headroom: 'h', flag: 'f' } },
  ],
  pointsRules: [pointsRules, { rules: [{ name: 'x', column: 'a', points: 1, per: 2, cap: 3 }], as: 'out' }],
  nextProduct: [
    nextProduct,
    {
      products: [
        { name: 'x', owned: when, eligible: when },
        { name: 'y', owned: when },
      ],
      shrinkage: 1,
      as: 'q_',
      next: 'out',
    },
  ],
  bgNbd: [
    bgNbd,
    {
      frequency: 'c',
      recency: 'a',
      T: 'b',
      unit: 'week',
      outputs: [{ quantity: 'probabilityOfPurchase', periods: 2, as: 'out' }],
    },
  ],
  histories: [bgNbd, history],
  mbgNbd: [mbgNbd, history],
  nbd: [nbd, history],
  paretoNbd: [paretoNbd, history],
  ggomNbd: [ggomNbd, history],
  bgCnbd: [bgCnbd, { ...history, k: [1, 2] }],
  bgBb: [bgBb, { frequency: 'x', recency: 'tx', T: 'T', unit: 'year', weight: 'c' }],
  shiftedBetaGeometric: [
    shiftedBetaGeometric,
    {
      unit: 'year',
      tenure: 'T',
      churned: { column: 'owned', churned: 'yes' },
      outputs: [{ quantity: 'retentionRate', as: 'out' }],
    },
  ],
  betaDiscreteWeibull: [
    betaDiscreteWeibull,
    {
      unit: 'year',
      tenure: 'T',
      churned: { column: 'owned', churned: 'yes' },
      outputs: [{ quantity: 'survivalProbability', periods: 2 }],
    },
  ],
  coxRegression: [
    coxRegression,
    {
      ...{ duration: 'T', event: { column: 'owned', churned: 'yes' }, period: 'month', features: ['a'] },
      outputs: [{ quantity: 'survivalProbability', periods: 1, as: 'out' }],
    },
  ],
  decisionTree: [
    decisionTree,
    { label: left, features: ['a', 'b'], maxDepth: 2, minLeaf: 1, criterion: 'entropy', as: 'out' },
  ],
  randomForest: [randomForest, { label: left, features: ['a', 'b'], trees: 2, minLeaf: 1, seed: 1, as: 'out' }],
  plattCalibration: [plattCalibration, { label: left, score: 'p', as: 'out' }],
  isotonicCalibration: [isotonicCalibration, { label: left, score: 'p', strict: true, as: 'out' }],
  betaCalibration: [betaCalibration, { label: left, score: 'p', as: 'out' }],
  priorCorrection: [priorCorrection, { probability: 'p', populationRate: 0.1, sampleRate: 0.5, as: 'out' }],
  gammaGamma: [gammaGamma, { frequency: 'a', monetaryValue: 'b', as: 'out' }],
  spendValue: [spendValue, { transactions: 'a', spend: 'b', margin: 0.5, as: 'out' }],
};
const wrong = [null, 5, -1, Number.NaN, true, '', 'x', {}, [], [null], [5], [''], { a: null }, { column: '' }];
const shown = (value: unknown): string => JSON.stringify(value) ?? String(value);

/** What refused it; undefined when a model came out. That model must be readable. */
function refusal(make: () => Estimator): unknown {
  let model: ModelBase;
  try {
    model = make().fit(data);
  } catch (error) {
    return error;
  }
  const parsed = parseModel(JSON.parse(JSON.stringify(model)));
  expect(parsed).toEqual(model);
  compile(parsed);
  return undefined;
}

/** Every option in every depth, replaced by `value`. */
function* changes(options: unknown, value: unknown): Generator<readonly [path: string, changed: unknown]> {
  if (typeof options !== 'object' || options === null) return;
  const entries = Object.entries(options);
  for (const [key, own] of entries) {
    const put = (changed: unknown): unknown =>
      Array.isArray(options)
        ? options.map((item, i) => (String(i) === key ? changed : item))
        : { ...options, [key]: changed };
    yield [key, put(value)];
    for (const [path, changed] of changes(own, value)) yield [`${key}.${path}`, put(changed)];
  }
}

describe('options of the wrong shape', () => {
  it.each(Object.entries(made))('%s: its full options give a model', (name, [make, options]) => {
    const error = refusal(() => make(options as never));
    // Six rows are no purchase history.
    if (name === 'bgNbd') expect(error).toBeInstanceOf(ClienteleError);
    else expect(error).toBeUndefined();
  });

  it.each(Object.entries(made))('%s: each is refused by a ClienteleError, or can be used', (_, [make, options]) => {
    for (const value of wrong)
      for (const [path, changed] of changes(options, value)) {
        let error: unknown;
        try {
          error = refusal(() => make(changed as never));
        } catch (unreadable) {
          throw new Error(`${path} = ${shown(value)} gives a model that cannot be read: ${String(unreadable)}`);
        }
        if (error !== undefined && !(error instanceof ClienteleError))
          throw new Error(`${path} = ${shown(value)}: ${String(error)}`);
      }
  });

  it.each(Object.entries(made))('%s: no options, or options that are none, are refused', (_, [make]) => {
    for (const value of [null, 5, 'x', []]) {
      const error = refusal(() => make(value as never));
      expect(error).toBeInstanceOf(ClienteleError);
      expect((error as ClienteleError).code).toBe('invalid-option');
    }
  });
});

describe('an option that is not a name, a list or an object is named', () => {
  const cases: readonly (readonly [string, () => unknown, RegExp])[] = [
    ['axes: null', () => grid({ axes: null as never }), /invalid axes: null; use a list/],
    ['an axis of null', () => grid({ axes: [null as never] }), /invalid axes\[0\]: null; use an object/],
    [
      'an empty column',
      () => grid({ axes: [{ column: '', cut: 'mean' }] }),
      /invalid axes\[0\]\.column: ""; use a name/,
    ],
    [
      'cells: 5',
      () => grid({ axes: [{ column: 'a', cut: 'mean' }], cells: 5 as never }),
      /cells: expected a list, got 5/,
    ],
    ['an empty output', () => grid({ axes: [{ column: 'a', cut: 'mean' }], as: '' }), /invalid as: ""; use a name/],
    ['tiers: "x"', () => pyramid({ tiers: 'x' as never }), /tiers: expected a list, got "x"/],
    [
      'an unknown key of a tier',
      () => pyramid({ tiers: [{ key: 'a', colour: 'red' } as never] }),
      /unknown key "colour"/,
    ],
    ['limits: null', () => depositTiers({ limits: [1, 2] as never }), /limits: expected a list of 3/],
    ['newBelow: 5', () => threeDimensional({ newBelow: 5 as never }), /invalid newBelow: 5; use an object/],
    ['no newBelow', () => spendTiers({} as never), /invalid newBelow: undefined; use an object/],
    ['strategies: null', () => valueMatrix({ strategies: null as never }), /strategies: expected an object, got null/],
    ['columns: "a"', () => kMeans({ columns: 'a' as never, clusters: 1, seed: 1 }), /invalid columns: "a"; use a list/],
    ['columns of 5', () => agglomerate({ a: [1] }, { columns: [5 as never] }), /invalid columns\[0\]: 5/],
    ['a linkage', () => agglomerate({ a: [1] }, { columns: ['a'], linkage: 'x' as never }), /linkage: expected one of/],
    [
      'standardise',
      () => kMeans({ columns: ['a'], clusters: 1, seed: 1, standardise: 'x' as never }),
      /standardise: expected one of/,
    ],
    ['no options', () => silhouette({ a: [1] }, ['x'], null as never), /invalid options: null; use an object/],
    ['no window', () => averageBalance({ customer: [], day: [], balance: [] }, null as never), /invalid window: null/],
    ['no distance', () => borderline({ a: [1] }, null as never, null as never), /invalid options: null/],
    ['no tiles', () => ntile([1], null as never), /invalid options: null/],
    ['a rule of null', () => rfm({ rule: null as never }), /invalid rule: null; use an object/],
    ['weights: 5', () => rfm({ weights: 5 as never }), /invalid weights: 5; use an object/],
    ['an empty score name', () => rfm({ as: { rfmCode: '' } }), /invalid as\.rfmCode: ""/],
    ['offers: null', () => potentialValue({ offers: null as never }), /invalid offers: null; use a list/],
    ['an offer of null', () => potentialValue({ offers: [null as never] }), /invalid offers\[0\]: null; use an object/],
    [
      'owned: 5',
      () => potentialValue({ offers: [{ name: 'x', probability: 'p', profit: 1, owned: 5 as never }] }),
      /offers\[0\]\.owned: expected an object, got 5/,
    ],
    ['profit: null', () => currentValue({ profit: null as never, rate }), /invalid profit: null; use a list/],
    ['profit: ""', () => currentValue({ profit: '', periods: 1, rate }), /invalid profit: ""; use a name/],
    ['rate: 5', () => currentValue({ profit: 'a', periods: 1, rate: 5 as never }), /invalid rate: 5; use an object/],
    ['retention: null', () => lifetimeValue({ retention: null as never }), /invalid retention: null; use an object/],
    ['loyalty as: ""', () => loyalty({ as: '' }), /invalid as: ""/],
    ['probability: 5', () => loyalty({ probability: 5 as never }), /invalid probability: 5/],
    ['products: null', () => nextProduct({ products: null as never }), /invalid products: null; use a list/],
    ['features: null', () => ownershipPropensity({ offers: [], features: null as never }), /invalid features: null/],
    ['stage names: null', () => loyaltyLadder({ names: null as never }), /invalid names: null; use an object/],
    ['outputs: null', () => bgNbd({ unit: 'week', outputs: null as never }), /invalid outputs: null; use a list/],
    ['T: ""', () => bgNbd({ unit: 'week', T: '' }), /invalid T: ""/],
    ['an empty spend', () => spendValue({ spend: '', margin: 1 }), /invalid spend: ""/],
    ['frequency: 5', () => gammaGamma({ frequency: 5 as never }), /invalid frequency: 5/],
  ];
  it.each(cases)('%s', (_, work, message) => {
    expect(work).toThrow(expect.objectContaining({ code: 'invalid-option', message: expect.stringMatching(message) }));
  });
});
