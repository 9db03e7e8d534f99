import type { ValueGroup, ValueRanking } from '../clv/evaluation/value-ranking.ts';
import { actualExpected } from './actual-expected.ts';
import { type Chart, chart, quantity, withUnit } from './chart.ts';

export interface ValueRankingChartOptions {
  /** Of the value, such as `¥`. */
  readonly unit?: string;
  readonly title?: string;
}

/**
 * Actual value of groups (deciles) of customers in the order of their predicted value as bars, the predictions as a line;
 * how well they rank stands below the title.
 * @example valueRankingChart(valueRanking(predicted, spent), { unit: '¥' })
 */
export function valueRankingChart(
  { groups, normalisedGini, spearman }: ValueRanking,
  { unit, title = 'Value by predicted value' }: ValueRankingChartOptions = {},
): Chart<ValueGroup> {
  const subtitle = [
    ...(normalisedGini === null ? [] : [`Normalised Gini ${normalisedGini.toFixed(3)}`]),
    ...(spearman === null ? [] : [`Spearman ${spearman.toFixed(3)}`]),
  ];
  const name = 'Group by predicted value, the highest first';
  return chart(
    { title, subtitle, description: 'Actual and expected value of groups of customers by predicted value.' },
    groups,
    {
      width: 420,
      height: 280,
      ...actualExpected<keyof ValueGroup>(
        { field: 'group', type: 'ordinal', title: name, axis: { labelAngle: 0 } },
        {
          ...{ actual: 'actual', expected: 'expected', title: withUnit('Value', unit), format: ',.5~r' },
          actualAs: 'bar',
          about: [
            quantity('group', 'Group'),
            quantity('customers', 'Customers', ','),
            quantity('share', 'Share of all value', '.1%'),
            quantity('cumulativeShare', 'With all above', '.1%'),
          ],
        },
      ),
    },
  );
}
