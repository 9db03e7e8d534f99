import type { GainsRow } from '../churn/judgement/gains-table.ts';
import { type ByModel, listsByModel, toldOf } from './by-model.ts';
import { type Chart, chart, percent, quantity } from './chart.ts';
import { type GainsChartRow, gainsRows } from './gains-rows.ts';
import { modelCurves, SHARES } from './model-curves.ts';

export interface LiftChartOptions {
  /** Lift of each group with all above it, or of the group alone. Default `cumulative`. */
  readonly view?: 'cumulative' | 'group';
  readonly title?: string;
}

/**
 * Lift of a model, or of several by name, against how far down the score one goes, with 1 (chance) as a dashed rule.
 * @param tables from `gainsTable`, or `evaluate(…).gains`
 * @example liftChart(gainsTable(actual, probability)).data.values[0].cumulativeLift // the top-decile lift
 */
export function liftChart(
  tables: ByModel<readonly GainsRow[]>,
  { view = 'cumulative', title = 'Lift' }: LiftChartOptions = {},
): Chart<GainsChartRow> {
  const models = listsByModel(tables);
  const cumulative = view === 'cumulative';
  const values = models.flatMap(([model, table]) => gainsRows(model, table));
  const x = quantity('contacted' as const, 'Share of customers, highest scores first');
  const field = cumulative ? 'cumulativeLift' : 'lift';
  return chart(
    {
      title,
      subtitle: values.flatMap(({ model, group, contacted, cumulativeLift }) =>
        group === 1 && cumulativeLift !== null
          ? [toldOf(model, `top ${percent(contacted)}: ${cumulativeLift.toFixed(2)} times the base rate`)]
          : [],
      ),
      description: `Event rate over base rate of the highest scores, ${cumulative ? 'cumulative' : 'by group'}.`,
    },
    values,
    modelCurves<keyof GainsChartRow>({
      x: { ...x, ...SHARES },
      y: { ...quantity(field, cumulative ? 'Lift of all up to here' : 'Lift of the group'), field },
      tooltip: [
        { ...x, format: '.1%' },
        quantity('cumulativeLift', 'Lift of all up to here', '.3f'),
        quantity('lift', 'Lift of the group', '.3f'),
        quantity('lowestScore', 'Lowest score', '.4~r'),
      ],
      names: models.map(([name]) => name),
      guides: [{ y: 1 }],
      line: { point: true },
    }),
  );
}
