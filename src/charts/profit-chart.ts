import type { ProfitCurve, ProfitPoint } from '../churn/profit/profit-curve.ts';
import { type ByModel, byModel, toldOf } from './by-model.ts';
import { type Chart, chart, percent, quantity, rounded, withUnit } from './chart.ts';
import { modelCurves, SHARES } from './model-curves.ts';

export interface ProfitChartOptions {
  /** Of the profit, such as `¥`. */
  readonly unit?: string;
  readonly title?: string;
}

/** A point of a profit curve. */
export interface ProfitChartRow extends ProfitPoint {
  /** Null for the only one. */
  readonly model: string | null;
  readonly at: 'curve' | 'best';
}

/**
 * Profit of a campaign against the share of customers contacted, of one ranking or of several by name; a ring marks the
 * best point, which stands below the title too.
 * @example profitChart(profitCurve(probability, campaignProfit(probability, terms).profit), { unit: '¥' })
 */
export function profitChart(
  curves: ByModel<ProfitCurve>,
  { unit, title = 'Profit of the campaign' }: ProfitChartOptions = {},
): Chart<ProfitChartRow> {
  const models = byModel(curves, (given): given is ProfitCurve => Array.isArray(given.points));
  const values = models.flatMap(([model, { points, best }]) => [
    ...points.map((point): ProfitChartRow => ({ model, at: 'curve', ...point })),
    { model, at: 'best' as const, ...best },
  ]);
  const x = quantity('share' as const, 'Share of customers contacted, highest scores first');
  const y = quantity('profit' as const, withUnit('Profit', unit));
  return chart(
    {
      title,
      subtitle: models.map(([model, { best }]) => toldOf(model, bestOf(best, unit))),
      description: 'Profit of a campaign by how far down the score it contacts customers.',
    },
    values,
    modelCurves<keyof ProfitChartRow>({
      x: { ...x, ...SHARES },
      y: { ...y, field: 'profit' },
      tooltip: [
        { ...x, format: '.1%' },
        quantity('contacted', 'Customers', ','),
        { ...y, format: ',.4~r' },
        quantity('cut', 'Contacted from', '.4~r'),
      ],
      names: models.map(([name]) => name),
      guides: [{ y: 0 }],
      over: [
        {
          mark: { type: 'circle', filled: false, strokeWidth: 2, size: 120, opacity: 1 },
          transform: [{ filter: { field: 'at', equal: 'best' } }],
          encoding: { y },
        },
      ],
    }),
  );
}

function bestOf({ cut, share, profit }: ProfitPoint, unit: string | undefined): string {
  if (cut === null) return 'no contact pays';
  return `best to contact ${percent(share)}, scores from ${rounded(cut)}: ${rounded(profit)}${unit === undefined ? '' : ` ${unit}`}`;
}
