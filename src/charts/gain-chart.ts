import type { GainsRow } from '../churn/judgement/gains-table.ts';
import { type ByModel, listsByModel } from './by-model.ts';
import { type Chart, chart, quantity } from './chart.ts';
import { type GainsChartRow, gainsRows } from './gains-rows.ts';
import { DIAGONAL } from './guide.ts';
import { modelCurves, SHARES } from './model-curves.ts';

export interface GainChartOptions {
  readonly title?: string;
}

/**
 * Cumulative gains of a model, or of several by name: the share of all leavers that is found by contacting a share of the
 * customers, the highest scores first; the dashed line is chance. The curve starts at nobody, group 0.
 * @param tables from `gainsTable`, or `evaluate(…).gains`
 * @example gainChart({ logistic: gainsTable(actual, p), forest: gainsTable(actual, q) })
 */
export function gainChart(
  tables: ByModel<readonly GainsRow[]>,
  { title = 'Cumulative gains' }: GainChartOptions = {},
): Chart<GainsChartRow> {
  const models = listsByModel(tables);
  const values = models.flatMap(([model, table]): readonly GainsChartRow[] => {
    const rows = gainsRows(model, table);
    return rows.length === 0 ? [] : [{ model, ...NOBODY }, ...rows];
  });
  const x = quantity('contacted' as const, 'Share of customers, highest scores first');
  const y = quantity('gain' as const, 'Share of all who leave');
  return chart(
    { title, description: 'Share of leavers among the customers with the highest scores, with the line of chance.' },
    values,
    modelCurves<keyof GainsChartRow>({
      x: { ...x, ...SHARES },
      y: { ...y, ...SHARES, field: 'gain' },
      tooltip: [{ ...x, format: '.1%' }, { ...y, format: '.1%' }, quantity('lowestScore', 'Lowest score', '.4~r')],
      names: models.map(([name]) => name),
      guides: [DIAGONAL],
      line: { point: true },
    }),
  );
}

const NOBODY = {
  group: 0,
  contacted: 0,
  lowestScore: null,
  events: 0,
  lift: null,
  cumulativeLift: null,
  gain: 0,
} as const;
