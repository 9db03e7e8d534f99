import type { Concentration } from '../economics/concentration.ts';
import { type Chart, chart, percent, quantity } from './chart.ts';
import { GUIDE, MARK } from './palette.ts';

export interface LorenzChartOptions {
  /** What is concentrated, such as `revenue`. Default: `value`. */
  readonly of?: string;
  readonly title?: string;
}

/** A point of the Lorenz curve. */
export interface LorenzRow {
  /** Share of the customers, from the poorest. */
  readonly population: number;
  /** What they hold of the value. */
  readonly share: number;
  /** What they would hold if all were equal. */
  readonly equality: number;
}

/**
 * The Lorenz curve (S57) with the line of equality; the Gini coefficient and the Pareto points stand below the title.
 * Without a curve (a total of 0 or less) it has no rows.
 * @example lorenzChart(concentration([0, 0, 0, 10])).title.subtitle // ['Gini coefficient 0.750', …]
 */
export function lorenzChart(result: Concentration, options: LorenzChartOptions = {}): Chart<LorenzRow> {
  const { of = 'value', title = `Lorenz curve of ${of}` } = options;
  const { lorenz, gini, pareto, customers } = result;
  const values = (lorenz?.population ?? []).map((population, i): LorenzRow => {
    return { population, share: lorenz!.share[i]!, equality: population };
  });
  const subtitle = [
    ...(gini === null ? [] : [`Gini coefficient ${gini.toFixed(3)}`]),
    ...pareto.flatMap(({ reach, count }) =>
      count === null
        ? []
        : [`${percent(count / customers)} of the customers hold at least ${percent(reach)} of the ${of}`],
    ),
  ];
  const population = quantity('population', 'Share of customers, poorest first');
  const held = `Share of ${of}`;
  const share = quantity('share', held);
  const percents = { axis: { format: '%' } };
  return chart({ title, subtitle, description: `How evenly ${of} is spread over the customers.` }, values, {
    width: 320,
    height: 320,
    encoding: { x: { ...population, scale: { domain: [0, 1] }, ...percents } },
    layer: [
      {
        mark: { type: 'line', color: GUIDE, strokeDash: [4, 4] },
        encoding: { y: { ...quantity('equality', held), ...percents } },
      },
      {
        mark: { type: 'line', color: MARK, point: 'transparent' },
        encoding: {
          y: { ...share, ...percents },
          tooltip: [
            { ...population, format: '.1%' },
            { ...share, format: '.1%' },
          ],
        },
      },
    ],
  });
}
