// Every option of every estimator stands in its step, and the models are compared with those of the estimators called
// directly.
import { describe } from 'vitest';
import { rfm } from '../rfm/index.ts';
import {
  bankLayers,
  customerGrades,
  depositTiers,
  eligibility,
  grid,
  kMeans,
  pyramid,
  rfmTiers,
  spendTiers,
  threeDimensional,
  threeLevels,
  valueMatrix,
} from '../segments/index.ts';
import { segmentSteps } from './segment-steps.ts';
import { areTheirEstimators, change, given } from './steps.test-support.ts';

describe('the options of a segment step are those of its estimator', () => {
  areTheirEstimators(segmentSteps, {
    rfm: [
      given(rfm, {
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
      given(rfm, {
        recency: 'rec',
        frequency: 'f',
        monetary: 'money',
        rule: { recency: { quantile: [0.25, 0.75], plus: 1 }, frequency: { fixed: 1 }, monetary: 'median' },
        empty: 'merge',
      }),
    ],
    rfmTiers: [
      given(rfmTiers, {
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
      given(rfmTiers, { columns: ['score1', 'score2'], strategies: { champions: change, promising: { priority: 1 } } }),
    ],
    grid: [
      given(grid, {
        axes: [
          { column: 'money', cut: { equalWidth: 3 }, closed: 'left', levels: ['few', 'some', 'much'], as: 'spend' },
          { column: 'x', cut: 'mean' },
        ],
        cells: [
          { key: 'best', strategy: change, when: [['some', 'much'], 'high'] },
          { key: 'much', when: ['much', '*'] },
          { key: 'other', benefits: [{ benefit: 'call', uses: 1, per: 'year' }], when: 'rest' },
        ],
        overlaps: 'first',
        as: 'cell',
      }),
    ],
    threeDimensional: [
      given(threeDimensional, {
        current: 'money',
        potential: 'more',
        loyalty: 'r',
        cut: { current: { fixed: 50 }, potential: { equalWidth: 2 }, loyalty: 'median' },
        newBelow: { column: 'months', below: 2 },
        strategies: { platinum: change },
        as: 'class',
      }),
    ],
    threeLevels: [
      given(threeLevels, {
        value: 'money',
        potential: 'more',
        loyalty: 'r',
        cut: { value: { fixed: [30, 60] }, potential: { quantile: [0.3, 0.6] }, loyalty: { shareOfValue: [0.2, 0.5] } },
        closed: 'left',
        cells: [
          { key: 'top', when: ['high', '*', '*'] },
          { key: 'rest', when: 'rest' },
        ],
        as: 'class',
      }),
    ],
    valueMatrix: [
      given(valueMatrix, {
        current: 'money',
        potential: 'more',
        cut: { current: { shareOfValue: 0.5, crossing: 'down' }, potential: { averageRank: 2 } },
        strategies: { HH: change },
        as: 'cell',
      }),
      given(valueMatrix, { current: 'money', potential: 'more', cut: 'median' }),
    ],
    pyramid: [
      given(pyramid, {
        column: 'money',
        cut: { shareOfCustomers: 0.3, crossing: 'down' },
        closed: 'left',
        tiers: [{ key: 'low' }, { key: 'top', strategy: change, usually: 'small' }],
        as: 'layer',
      }),
    ],
    spendTiers: [
      given(spendTiers, {
        spend: 'money',
        limits: [20, 40, 60],
        closed: 'right',
        newBelow: { column: 'months', below: 2 },
        as: 'grade',
      }),
    ],
    depositTiers: [
      given(depositTiers, {
        balance: 'money',
        limits: [20, 40, 60],
        closed: 'right',
        as: 'grade',
      }),
    ],
    bankLayers: [
      given(bankLayers, {
        column: 'money',
        cut: { fixed: [30, 60] },
        closed: 'left',
        strategies: { high: { priority: 2 } },
        as: 'layer',
      }),
    ],
    customerGrades: [
      given(customerGrades, { orders: 'f', score: 'money', cut: { fixed: [30, 60] }, closed: 'right', as: 'grade' }),
    ],
    eligibility: [
      given(eligibility, {
        balance: 'money',
        limit: 50,
        closed: 'right',
        benefits: [{ benefit: 'lounge', uses: 2, per: 'year' }],
        as: 'member',
      }),
    ],
    kMeans: [
      given(kMeans, {
        columns: ['money', 'x'],
        clusters: 2,
        seed: 3,
        standardise: 'min-max',
        starts: 2,
        names: ['most', 'few'],
        as: 'group',
      }),
    ],
  });
});
