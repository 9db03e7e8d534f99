import type { FrequencyFitRow } from '../clv/evaluation/frequency-fit.ts';
import { actualExpected } from './actual-expected.ts';
import { type Chart, chart, word } from './chart.ts';

export interface FrequencyChartOptions {
  readonly title?: string;
}

/** Customers with one number of repeat purchases. */
export interface FrequencyChartRow extends FrequencyFitRow {
  /** What stands at the axis; the last is open: `7+`. */
  readonly label: string;
}

/** The label of a frequency. */
export function frequencyLabel({ frequency, open }: { readonly frequency: number; readonly open: boolean }): string {
  return open ? `${frequency}+` : `${frequency}`;
}

/**
 * The histogram of repeat purchases in the calibration as bars, what the model expects as a line.
 * @example frequencyChart(frequencyFit(bgNbd, model, customers)).data.values.at(-1).label // '7+'
 */
export function frequencyChart(
  rows: readonly FrequencyFitRow[],
  { title = 'Customers by repeat purchases' }: FrequencyChartOptions = {},
): Chart<FrequencyChartRow> {
  const values = rows.map((row): FrequencyChartRow => ({ ...row, label: frequencyLabel(row) }));
  return chart(
    { title, description: 'Number of customers by repeat purchases in the calibration, actual and expected.' },
    values,
    {
      width: 420,
      height: 280,
      ...actualExpected<keyof FrequencyChartRow>(
        { ...word('label', 'Repeat purchases'), sort: null, axis: { labelAngle: 0 } },
        {
          ...{ actual: 'actual', expected: 'expected', title: 'Customers', format: ',.5~r', actualAs: 'bar' },
          about: [word('label', 'Repeat purchases')],
        },
      ),
    },
  );
}
