import type { CalibrationBin } from '../churn/metrics-probability.ts';
import { type ByModel, listsByModel } from './by-model.ts';
import { type Chart, chart, known, quantity } from './chart.ts';
import { DIAGONAL } from './guide.ts';
import { modelCurves, SHARES } from './model-curves.ts';

export interface CalibrationChartOptions {
  readonly title?: string;
}

/** A bin of the calibration table of one model. */
export interface CalibrationChartRow extends CalibrationBin {
  /** Null for the only one. */
  readonly model: string | null;
}

/**
 * Event rate against mean probability by bin, of a model or of several by name, circles as large as the bin; on the dashed
 * line probabilities are right. Empty bins have no point.
 * @param tables from `calibrationTable`, or `evaluate(…).calibration`
 * @example calibrationChart({ raw: calibrationTable(actual, p), isotonic: calibrationTable(actual, q) })
 */
export function calibrationChart(
  tables: ByModel<readonly CalibrationBin[]>,
  { title = 'Calibration' }: CalibrationChartOptions = {},
): Chart<CalibrationChartRow> {
  const models = listsByModel(tables);
  const x = quantity('meanProbability' as const, 'Mean probability');
  const y = quantity('eventRate' as const, 'Share that left');
  return chart(
    { title, description: 'Share that left against the probability that was foretold, by bin.' },
    models.flatMap(([model, table]) => table.map((bin): CalibrationChartRow => ({ model, ...bin }))),
    modelCurves<keyof CalibrationChartRow>({
      x: { ...x, ...SHARES },
      y: { ...y, ...SHARES, field: 'eventRate' },
      tooltip: [
        { ...x, format: '.1%' },
        { ...y, format: '.1%' },
        quantity('rows', 'Customers', ',.5~r'),
        quantity('from', 'Above', '.3~r'),
        quantity('to', 'Up to', '.3~r'),
      ],
      names: models.map(([name]) => name),
      guides: [DIAGONAL],
      line: {},
      over: [
        {
          mark: { type: 'circle', opacity: 0.85 },
          transform: known('eventRate'),
          encoding: { y: { ...y, ...SHARES }, size: { ...quantity('rows', 'Customers'), scale: { rangeMax: 400 } } },
        },
      ],
    }),
  );
}
