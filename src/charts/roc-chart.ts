import type { RocPoint } from '../churn/judgement/roc-curve.ts';
import { type ByModel, listsByModel, toldOf } from './by-model.ts';
import { type Chart, chart, quantity } from './chart.ts';
import { DIAGONAL } from './guide.ts';
import { modelCurves, SHARES } from './model-curves.ts';
import { thinned } from './thinned.ts';

export interface RocChartOptions {
  readonly title?: string;
}

/** A point of a ROC curve. */
export interface RocChartRow {
  /** Null for the only one. */
  readonly model: string | null;
  /** Lowest score that is flagged; null where nobody is. */
  readonly cut: number | null;
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
}

/**
 * The ROC curve of a model, or those of several by name, with the line of chance; areas stand below the title. Points less
 * than 1/400 of the axes apart are shown as one.
 * @example rocChart({ logistic: rocCurve(actual, p), forest: rocCurve(actual, q) })
 */
export function rocChart(
  curves: ByModel<readonly RocPoint[]>,
  { title = 'ROC curve' }: RocChartOptions = {},
): Chart<RocChartRow> {
  const models = listsByModel(curves);
  const values = models.flatMap(([model, points]) =>
    thinned(points, (point) => [point.falsePositiveRate, point.truePositiveRate]).map(
      ({ cut, falsePositiveRate, truePositiveRate }): RocChartRow => ({
        ...{ model, cut, falsePositiveRate, truePositiveRate },
      }),
    ),
  );
  const x = quantity('falsePositiveRate' as const, 'Share of those who stay that is flagged');
  const y = quantity('truePositiveRate' as const, 'Share of those who leave that is flagged');
  return chart(
    {
      title,
      subtitle: models.flatMap(([model, points]) =>
        points.length > 0 ? [toldOf(model, `area ${areaOf(points).toFixed(3)}`)] : [],
      ),
      description: 'True-positive rate against false-positive rate over all cuts, with the line of chance.',
    },
    values,
    modelCurves<keyof RocChartRow>({
      x: { ...x, ...SHARES },
      y: { ...y, ...SHARES, field: 'truePositiveRate' },
      tooltip: [{ ...x, format: '.1%' }, { ...y, format: '.1%' }, quantity('cut', 'Flagged from', '.4~r')],
      names: models.map(([name]) => name),
      guides: [DIAGONAL],
    }),
  );
}

/** By trapezia, which is the share of pairs ranked rightly, ties counting half. */
function areaOf(points: readonly RocPoint[]): number {
  let area = 0;
  points.forEach((point, i) => {
    const before = points[i - 1] ?? point;
    const width = point.falsePositiveRate - before.falsePositiveRate;
    area += (width * (point.truePositiveRate + before.truePositiveRate)) / 2;
  });
  return area;
}
