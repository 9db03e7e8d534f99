import type { RocPoint } from '../churn/judgement/roc-curve.ts';
import { type ByModel, listsByModel, toldOf } from './by-model.ts';
import { type Chart, chart, quantity } from './chart.ts';
import { modelCurves, SHARES } from './model-curves.ts';
import { thinned } from './thinned.ts';

export interface PrecisionRecallChartOptions {
  readonly title?: string;
}

/** A point of a precision–recall curve. */
export interface PrecisionRecallRow {
  /** Null for the only one. */
  readonly model: string | null;
  /** Lowest score that is flagged; null where nobody is. */
  readonly cut: number | null;
  readonly recall: number;
  /** Where nobody is flagged that of the next point: the curve is flat between points, as average precision has it. */
  readonly precision: number;
}

/**
 * Precision against recall of a model, or of several by name, with the base rate; average precisions stand below the title.
 * Points less than 1/400 of the axes apart are shown as one.
 * @param curves of `rocCurve`, which holds both
 * @example precisionRecallChart(rocCurve([0, 1], [0.2, 0.7])).title.subtitle // ['Average precision 1.000']
 */
export function precisionRecallChart(
  curves: ByModel<readonly RocPoint[]>,
  { title = 'Precision and recall' }: PrecisionRecallChartOptions = {},
): Chart<PrecisionRecallRow> {
  const models = listsByModel(curves);
  const values = models.flatMap(([model, points]) => {
    const rows = points.flatMap(({ cut, truePositiveRate, precision }, i): readonly PrecisionRecallRow[] => {
      const own = precision ?? points[i + 1]?.precision ?? null;
      return own === null ? [] : [{ model, cut, recall: truePositiveRate, precision: own }];
    });
    return thinned(rows, ({ recall, precision }) => [recall, precision]);
  });
  // Flagging everybody finds the base rate.
  const baseRate = models[0]?.[1].at(-1)?.precision ?? null;
  const x = quantity('recall' as const, 'Recall: share of those who leave that is flagged');
  const y = quantity('precision' as const, 'Precision: share of those flagged who leave');
  return chart(
    {
      title,
      subtitle: models.flatMap(([model, points]) =>
        points.length > 0 ? [toldOf(model, `average precision ${averagePrecisionOf(points).toFixed(3)}`)] : [],
      ),
      description: 'Precision against recall over all cuts, with the base rate.',
    },
    values,
    modelCurves<keyof PrecisionRecallRow>({
      x: { ...x, ...SHARES },
      y: { ...y, ...SHARES, field: 'precision' },
      tooltip: [{ ...x, format: '.1%' }, { ...y, format: '.1%' }, quantity('cut', 'Flagged from', '.4~r')],
      names: models.map(([name]) => name),
      guides: baseRate === null ? [] : [{ y: baseRate }],
      line: { interpolate: 'step-before', point: 'transparent' },
    }),
  );
}

/** Σ precision · recall gained. */
function averagePrecisionOf(points: readonly RocPoint[]): number {
  let total = 0;
  points.forEach(({ truePositiveRate, precision }, i) => {
    total += (precision ?? 0) * (truePositiveRate - (points[i - 1]?.truePositiveRate ?? 0));
  });
  return total;
}
