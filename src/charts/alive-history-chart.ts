import type { AliveRow } from '../clv/evaluation/alive-history.ts';
import { type Chart, chart, percent, quantity, withUnit } from './chart.ts';
import { GUIDE, MARK } from './palette.ts';

export interface AliveHistoryChartOptions {
  /** Of time, such as `weeks`. */
  readonly unit?: string;
  readonly title?: string;
}

/**
 * P(alive) of one customer as it stood over time, a dashed rule at each purchase; where it stands now is below the title.
 * @example aliveHistoryChart(aliveHistory(bgNbd, model, [2, 5, 6], { until: 39 }), { unit: 'weeks' })
 */
export function aliveHistoryChart(
  rows: readonly AliveRow[],
  { unit, title = 'P(alive) of a customer over time' }: AliveHistoryChartOptions = {},
): Chart<AliveRow> {
  const last = rows.at(-1);
  const purchases = rows.filter(({ purchase }) => purchase).length;
  const subtitle = last ? [`${percent(last.probabilityAlive)} after ${purchases} repeat purchases`] : [];
  const time = quantity('time', withUnit('Time since the first purchase', unit));
  const alive = quantity('probabilityAlive', 'P(alive)');
  return chart(
    {
      title,
      subtitle,
      description: 'Probability that one customer is still active, as purchases come and fail to come.',
    },
    rows,
    {
      width: 480,
      height: 240,
      encoding: {
        x: time,
        tooltip: [
          { ...time, format: '.4~r' },
          { ...alive, format: '.1%' },
        ],
      },
      layer: [
        {
          mark: { type: 'rule', color: GUIDE, strokeDash: [4, 4] },
          transform: [{ filter: { field: 'purchase', equal: true } }],
        },
        {
          mark: { type: 'line', color: MARK, point: 'transparent' },
          encoding: { y: { ...alive, scale: { domain: [0, 1] }, axis: { format: '%' } } },
        },
      ],
    },
  );
}
