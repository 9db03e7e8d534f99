import { describe, expect, it } from 'vitest';
import { logisticKind, logisticRegression } from '../churn/index.ts';
import { engine } from '../scoring/engine.ts';
import { faultsOf } from './chart.test-support.ts';
import { contributionSummaryChart } from './index.ts';

const customers = {
  tenure: [1, 5, 30, null, 30, 2, 14, 9],
  plan: ['month', 'month', 'year', 'year', 'month', 'year', 'month', 'year'],
  left: [1, 1, 0, 1, 0, 0, 0, 1],
};
const model = logisticRegression({
  label: { column: 'left', churned: 1, horizon: null },
  features: ['tenure', 'plan'],
}).fit(customers);
const explained = engine({ logisticRegression: logisticKind })
  .compile(model)
  .explain(customers, model.outputs[0]!.name);

describe('contributionSummaryChart', () => {
  it('holds the contribution of each term to each scored customer, the strongest term first', () => {
    const spec = contributionSummaryChart(explained, { features: customers });
    expect(faultsOf(spec)).toEqual([]);
    const { values } = spec.data;
    expect(values).toHaveLength(14);
    explained.terms.forEach(({ name }, t) => {
      const own = values.filter(({ term }) => term === name);
      expect(own.map(({ row }) => row)).toEqual([0, 1, 2, 4, 5, 6, 7]);
      const amounts = own.map(({ row }) => explained.contributions[t]![row]!);
      expect(own.map(({ contribution }) => contribution)).toEqual(amounts);
      expect(own[0]!.importance).toBeCloseTo(amounts.reduce((a, b) => a + Math.abs(b), 0) / 7, 14);
    });
    expect(values[0]!.importance).toBeGreaterThan(values[13]!.importance);
  });

  it('tells the value of the feature, and where a number lies among the others: by hand of 1, 2, 5, 9, 14, 30, 30', () => {
    const { values } = contributionSummaryChart(explained, { features: customers }).data;
    const tenure = values.filter(({ term }) => term === 'tenure');
    expect(tenure.map(({ value, level }) => [value, level])).toEqual([
      [1, 0],
      [5, 2 / 5],
      [30, 1],
      [30, 1],
      [2, 1 / 5],
      [14, 4 / 5],
      [9, 3 / 5],
    ]);
    const plan = values.filter(({ term }) => term !== 'tenure');
    expect(plan[0]).toMatchObject({ value: 'month', level: null });
  });

  it('does without the features, and shows fewer terms and rows on demand, saying so', () => {
    const spec = contributionSummaryChart(explained, { terms: 1, rows: 3 });
    expect(faultsOf(spec)).toEqual([]);
    expect(spec.data.values.map(({ row, value }) => [row, value])).toEqual([
      [0, null],
      [2, null],
      [5, null],
    ]);
    expect(spec.title.subtitle).toEqual(['3 of 7 customers are shown', 'The strongest 1 of 2 terms']);
  });

  it('is empty of nothing, and refuses another batch and wrong limits', () => {
    const nothing = contributionSummaryChart({ scale: 'log-odds', base: 0, terms: [], contributions: [] });
    expect(faultsOf(nothing)).toEqual([]);
    expect(nothing.data.values).toEqual([]);
    expect(() => contributionSummaryChart(explained, { features: { tenure: [1] } })).toThrow(
      'features have 1 rows, the contributions 8: give the batch explained',
    );
    expect(() => contributionSummaryChart(explained, { rows: 0 })).toThrow('invalid rows: 0');
    expect(() => contributionSummaryChart(explained, { terms: 1.5 })).toThrow('invalid terms: 1.5');
  });
});
