import type { TrackingRow } from '../clv/evaluation/tracking.ts';
import { actualExpected } from './actual-expected.ts';
import { type Chart, chart, quantity, rounded, withUnit, word } from './chart.ts';
import { withGuides } from './guide.ts';

export interface TrackingChartOptions {
  /** Purchases up to each time, or in each period. Default `cumulative`. */
  readonly view?: 'cumulative' | 'incremental';
  /** Of time, such as `weeks`. */
  readonly unit?: string;
  readonly title?: string;
}

/**
 * Expected against actual repeat purchases over time; a dashed rule stands where the calibration ends.
 * @example trackingChart(tracking(bgNbd, model, customers, { calibration: 39, periods: 78, actual }), { unit: 'weeks' })
 */
export function trackingChart(rows: readonly TrackingRow[], options: TrackingChartOptions = {}): Chart<TrackingRow> {
  const { view = 'cumulative', unit, title = 'Tracking of repeat purchases' } = options;
  const end = rows.findLast(({ phase }) => phase === 'calibration');
  const last = rows.findLast(({ actualCumulative }) => actualCumulative !== null);
  const cumulative = view === 'cumulative';
  const time = quantity('time' as const, withUnit('Time', unit));
  const drawn = actualExpected<keyof TrackingRow>(time, {
    actual: cumulative ? 'actualCumulative' : 'actual',
    expected: cumulative ? 'expectedCumulative' : 'expected',
    title: cumulative ? 'Repeat purchases so far' : 'Repeat purchases in the period',
    format: ',.5~r',
    actualAs: 'line',
    about: [time, word('phase', 'Phase')],
  });
  return chart(
    {
      title,
      subtitle: last
        ? [`By ${rounded(last.time)} expected ${rounded(last.expectedCumulative)}, actual ${last.actualCumulative}`]
        : [],
      description: `Expected and actual repeat purchases ${cumulative ? 'up to each time' : 'in each period'}.`,
    },
    rows,
    {
      width: 480,
      height: 280,
      ...withGuides(end && end !== rows.at(-1) ? [{ x: end.time }] : [], drawn),
    },
  );
}
