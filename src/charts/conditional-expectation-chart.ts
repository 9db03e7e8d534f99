import type { FrequencyRow, HoldoutEvaluation } from '../clv/evaluation/evaluate-holdout.ts';
import { actualExpected } from './actual-expected.ts';
import { type Chart, chart, percent, quantity, rounded, word } from './chart.ts';
import { frequencyLabel } from './frequency-chart.ts';

export interface ConditionalExpectationChartOptions {
  readonly title?: string;
}

/** Customers with one number of repeat purchases in the calibration, and what they bought in the holdout. */
export interface ConditionalExpectationRow extends FrequencyRow {
  /** What stands at the axis; the last is open: `7+`. */
  readonly label: string;
}

/**
 * Mean purchases in the holdout by the frequency of the calibration, actual beside expected; the totals stand below the title.
 * @example conditionalExpectationChart(evaluateHoldout(bgNbd, model, customers, actual, { periods: 39 }))
 */
export function conditionalExpectationChart(
  { byFrequency, total }: Pick<HoldoutEvaluation, 'byFrequency' | 'total'>,
  { title = 'Purchases in the holdout by frequency in the calibration' }: ConditionalExpectationChartOptions = {},
): Chart<ConditionalExpectationRow> {
  const values = byFrequency.map((row): ConditionalExpectationRow => ({ ...row, label: frequencyLabel(row) }));
  const [low, high] = total.interval;
  const off = total.relative === null ? '' : ` (${total.relative > 0 ? '+' : ''}${percent(total.relative)})`;
  const subtitle = [
    `Total: expected ${rounded(total.expected)}${off}, actual ${total.actual}`,
    `Predictive interval of ${percent(total.level)}: ${rounded(low)} to ${rounded(high)}`,
  ];
  const about = [word('label', 'Repeat purchases'), quantity('customers', 'Customers', ',')] as const;
  return chart(
    { title, subtitle, description: 'Mean purchases in the holdout by repeat purchases before, actual and expected.' },
    values,
    {
      width: 420,
      height: 280,
      ...actualExpected<keyof ConditionalExpectationRow>(
        { ...word('label', 'Repeat purchases in the calibration'), sort: null, axis: { labelAngle: 0 } },
        {
          ...{ actual: 'actual', expected: 'expected', title: 'Mean purchases in the holdout', format: '.3~f' },
          ...{ actualAs: 'line', about },
        },
      ),
    },
  );
}
