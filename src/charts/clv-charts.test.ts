import { describe, expect, it } from 'vitest';
import {
  aliveHistory,
  bgNbd,
  compareModels,
  evaluateHoldout,
  frequencyFit,
  recencyFrequencyGrid,
  shiftedBetaGeometric,
  tracking,
  valueRanking,
} from '../clv/index.ts';
import { faultsOf } from './chart.test-support.ts';
import {
  aliveHistoryChart,
  cohortSurvivalChart,
  conditionalExpectationChart,
  frequencyChart,
  modelComparisonChart,
  recencyFrequencyHeatMap,
  trackingChart,
  valueRankingChart,
} from './index.ts';

const T = Float64Array.from({ length: 120 }, (_, i) => 15 + (i % 15));
const week = bgNbd({ unit: 'week' });
/** Customers of their own kind: every sixth buys often, half once or twice. */
const frequency = T.map((_, i) => (i % 6 === 0 ? 6 + (i % 5) : i % 2 === 0 ? 0 : 1 + (i % 3)));
const customers = { frequency, recency: T.map((t, i) => (frequency[i]! > 0 ? t * (0.4 + 0.05 * (i % 11)) : 0)), T };
const model = week.fit(customers);
const later = T.map((_, i) => (i % 6 === 0 ? 2 + (i % 2) : i % 7 === 0 ? 1 : 0));
const judged = evaluateHoldout(bgNbd, model, customers, later, { periods: 10 });

/** What a reader sees: no fault, and something to say. */
const faultless = (spec: object): void => expect(faultsOf(spec)).toEqual([]);

describe('trackingChart', () => {
  const rows = tracking(bgNbd, model, customers, { calibration: 30, periods: 40, actual: [3, 5, 2] });

  it('holds the rows of the result, actual null where none is given, and a rule at the end of the calibration', () => {
    const spec = trackingChart(rows, { unit: 'weeks' });
    faultless(spec);
    expect(spec.data.values).toEqual(rows);
    expect(spec.data.values.slice(1, 4).map(({ actualCumulative }) => actualCumulative)).toEqual([8, 10, null]);
    expect(spec.layer![0]).toMatchObject({ mark: { type: 'rule' }, encoding: { x: { datum: 30 } } });
    expect(spec.title.subtitle).toEqual([expect.stringMatching(/^By 3 expected .* actual 10$/)]);
  });

  it('shows purchases up to each time, or those of each period on demand', () => {
    const shown = (spec: object): string => JSON.stringify(spec).split('"layer"').slice(1).join();
    expect(shown(trackingChart(rows))).toContain('"field":"actualCumulative","type":"quantitative","title":"Repeat');
    const each = trackingChart(rows, { view: 'incremental' });
    faultless(each);
    expect(shown(each)).not.toContain('Cumulative');
  });

  it('has no rule without a holdout, and no rows of nothing', () => {
    expect(trackingChart(rows.slice(0, 30)).layer).toHaveLength(1);
    faultless(trackingChart([]));
    expect(trackingChart([]).title.subtitle).toEqual([]);
  });
});

describe('frequencyChart', () => {
  it('holds the rows of the result, the last one open', () => {
    const rows = frequencyFit(bgNbd, model, customers, { top: 3 });
    const spec = frequencyChart(rows);
    faultless(spec);
    expect(spec.data.values).toEqual(rows.map((row, i) => ({ ...row, label: ['0', '1', '2', '3+'][i] })));
    expect(rows.reduce((n, { actual }) => n + actual, 0)).toBe(120);
    faultless(frequencyChart([]));
  });
});

describe('conditionalExpectationChart', () => {
  it('holds actual beside expected purchases by frequency, and tells the totals', () => {
    const spec = conditionalExpectationChart(judged);
    faultless(spec);
    expect(spec.data.values.map(({ label, ...row }) => row)).toEqual(judged.byFrequency);
    expect(spec.data.values.at(-1)!.label).toBe('7+');
    const actual = later.reduce((a, b) => a + b, 0);
    expect(spec.title.subtitle[0]).toMatch(new RegExp(`^Total: expected .* %\\), actual ${actual}$`));
    expect(spec.title.subtitle[1]).toMatch(/^Predictive interval of 95 %: /);
  });

  it('has no relative error when nothing was bought', () => {
    const none = evaluateHoldout(
      bgNbd,
      model,
      customers,
      T.map(() => 0),
      { periods: 10 },
    );
    expect(conditionalExpectationChart(none).title.subtitle[0]).toMatch(/^Total: expected [\d.]+, actual 0$/);
  });
});

describe('valueRankingChart', () => {
  it('holds the groups: by hand two of two customers, the first worth all', () => {
    const spec = valueRankingChart(valueRanking([4, 3, 2, 1], [70, 30, 0, 0], { groups: 2 }), { unit: '¥' });
    faultless(spec);
    expect(spec.data.values).toEqual([
      { group: 1, customers: 2, expected: 7, actual: 100, share: 1, cumulativeShare: 1 },
      { group: 2, customers: 2, expected: 3, actual: 0, share: 0, cumulativeShare: 1 },
    ]);
    // Two customers share the last place, so that Spearman's is not 1: 4.5/√(5·4.5).
    expect(spec.title.subtitle).toEqual(['Normalised Gini 1.000', 'Spearman 0.949']);
  });

  it('tells no figures where all values are equal, and shares null where they are 0', () => {
    const spec = valueRankingChart(valueRanking([2, 1], [0, 0], { groups: 2 }));
    faultless(spec);
    expect(spec.title.subtitle).toEqual([]);
    expect(spec.data.values[0]!.share).toBeNull();
  });
});

describe('recencyFrequencyHeatMap', () => {
  const size = { T: 30, frequencies: 2, steps: 2 };

  it('holds the grid, null where no such history can be, on a scale from 0 to 1 for a probability', () => {
    const quantity = { quantity: 'probabilityAlive' } as const;
    const rows = recencyFrequencyGrid(bgNbd, model, quantity, size);
    const spec = recencyFrequencyHeatMap(rows, { quantity });
    faultless(spec);
    expect(spec.data.values).toEqual(rows);
    expect(spec.data.values.filter(({ value }) => value === null)).toHaveLength(4);
    expect(spec.title.text).toBe('P(alive) by frequency and recency');
    expect(spec.layer![1]!.encoding!.color).toMatchObject({ scale: { domain: [0, 1] } });
  });

  it('is titled by its quantity', () => {
    const title = (quantity: Parameters<typeof recencyFrequencyHeatMap>[1]['quantity']): string =>
      recencyFrequencyHeatMap([], { quantity, unit: 'weeks' }).title.text;
    const periods = 39;
    expect(title({ quantity: 'probabilityAlive', ahead: 2 })).toMatch(/^P\(alive\) 2 weeks ahead by/);
    expect(title({ quantity: 'probabilityOfPurchase', periods })).toMatch(/^P\(purchase in the next 39 weeks\) by/);
    expect(title({ quantity: 'expectedPurchases', periods })).toMatch(/^Expected purchases in the next 39 weeks by/);
    const rate = { discount: 0.1, per: 'year' } as const;
    expect(title({ quantity: 'discountedResidualTransactions', periods: 'infinite', rate })).toMatch(
      /^Discounted purchases to come by/,
    );
    faultless(recencyFrequencyHeatMap([], { quantity: { quantity: 'expectedPurchases', periods } }));
  });
});

describe('aliveHistoryChart', () => {
  it('holds the rows of the result, with a rule at each purchase, and tells where it stands', () => {
    const rows = aliveHistory(bgNbd, model, [2, 5], { until: 10, points: 5 });
    const spec = aliveHistoryChart(rows, { unit: 'weeks' });
    faultless(spec);
    expect(spec.data.values).toEqual(rows);
    expect(rows.filter(({ purchase }) => purchase).map(({ time }) => time)).toEqual([2, 5]);
    expect(spec.layer![0]!.transform).toEqual([{ filter: { field: 'purchase', equal: true } }]);
    expect(spec.title.subtitle).toEqual([expect.stringMatching(/ % after 2 repeat purchases$/)]);
    faultless(aliveHistoryChart([]));
  });
});

describe('cohortSurvivalChart', () => {
  const table = { year: [0, 1, 2, 0, 1], active: [100, 80, 70, 50, 30], born: ['a', 'a', 'a', 'b', 'b'] };
  const columns = { period: 'year', active: 'active', cohort: 'born' } as const;
  const contract = shiftedBetaGeometric({ unit: 'year', counts: columns }).fit(table);
  const result = shiftedBetaGeometric.cohortExpectation(contract, table, { ...columns, through: 3 });

  it('holds the share of each cohort that is left, actual null where there is no row: by hand 0.8, 0.7 and 0.6', () => {
    const spec = cohortSurvivalChart(result, { unit: 'years' });
    faultless(spec);
    const { values } = spec.data;
    expect(values.map(({ cohort, period, actual }) => [cohort, period, actual])).toEqual([
      ['a', 0, 1],
      ['a', 1, 0.8],
      ['a', 2, 0.7],
      ['a', 3, null],
      ['b', 0, 1],
      ['b', 1, 0.6],
      ['b', 2, null],
      ['b', 3, null],
    ]);
    const curve = shiftedBetaGeometric.survivalCurve(contract, { periods: 3 });
    values.forEach(({ expected }, i) => {
      expect(expected).toBeCloseTo(curve[i % 4]!, 12);
    });
  });

  it('holds retention from the second period on: by hand 0.8, 70/80 and 0.6', () => {
    const spec = cohortSurvivalChart(result, { measure: 'retention' });
    faultless(spec);
    const retention = shiftedBetaGeometric.retentionCurve(contract, { periods: 3 });
    expect(spec.data.values.map(({ actual }) => actual)).toEqual([0.8, 0.875, null, 0.6, null, null]);
    spec.data.values.forEach(({ expected }, i) => {
      expect(expected).toBeCloseTo(retention[i % 3]!, 12);
    });
  });

  it('holds the customers themselves, and is one curve without cohorts', () => {
    const { year, active } = { year: [0, 1], active: [100, 80] };
    const one = shiftedBetaGeometric.cohortExpectation(
      contract,
      { year, active },
      { period: 'year', active: 'active' },
    );
    const spec = cohortSurvivalChart(one, { measure: 'customers' });
    faultless(spec);
    expect(spec.data.values.map(({ cohort, actual }) => [cohort, actual])).toEqual([
      [null, 100],
      [null, 80],
    ]);
    expect(spec.encoding!.color).toEqual({ value: '#0072B2' });
    const nothing = new Float64Array(0);
    faultless(cohortSurvivalChart({ cohort: [], period: nothing, actual: nothing, expected: nothing }));
  });
});

describe('modelComparisonChart', () => {
  const comparison = compareModels(
    {
      free: { family: bgNbd, estimator: week },
      pinned: { family: bgNbd, estimator: bgNbd({ unit: 'week', priors: { alpha: { median: 40, sd: 1e-3 } } }) },
    },
    customers,
    later,
    { periods: 10 },
  );

  it.each(['logScore', 'squaredError'] as const)('holds the paired differences of the result by %s', (score) => {
    const spec = modelComparisonChart(comparison, { score });
    faultless(spec);
    expect(spec.data.values).toEqual(
      comparison.models.map(({ name, evaluation, againstBest }) => ({
        model: name,
        difference: againstBest[score].mean,
        low: againstBest[score].interval[0],
        high: againstBest[score].interval[1],
        logScore: evaluation.logScore,
        rmse: evaluation.rmse,
      })),
    );
  });

  it('keeps a model that held the outcome impossible, its figures null', () => {
    const [best, other] = comparison.models;
    const infinite = { mean: Number.POSITIVE_INFINITY, interval: [Number.NaN, Number.NaN] } as const;
    const spec = modelComparisonChart({
      ...comparison,
      models: [best!, { ...other!, againstBest: { ...other!.againstBest, logScore: infinite } }],
    });
    faultless(spec);
    expect(spec.data.values[1]).toMatchObject({ difference: null, low: null, high: null });
  });
});
