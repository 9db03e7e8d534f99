import type { ModelComparison } from '../clv/evaluation/compare-models.ts';
import { type Chart, cell, chart, known, quantity, word } from './chart.ts';
import { withGuides } from './guide.ts';
import { MARK } from './palette.ts';

export interface ModelComparisonChartOptions {
  /** By which models are compared. Default `logScore`. */
  readonly score?: 'logScore' | 'squaredError';
  readonly title?: string;
}

/** One model against the best; null where a score is infinite. */
export interface ModelComparisonRow {
  readonly model: string;
  /** Mean difference per customer, with its interval; below 0 the model is better. */
  readonly difference: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly logScore: number | null;
  readonly rmse: number | null;
}

/**
 * Models on a holdout, each by its difference from the best one by log score with the paired interval: an interval that
 * crosses the dashed rule tells no difference.
 * @example modelComparisonChart(compareModels(candidates, customers, actual, { periods: 39 }))
 */
export function modelComparisonChart(
  { models, best }: ModelComparison,
  options: ModelComparisonChartOptions = {},
): Chart<ModelComparisonRow> {
  const { score = 'logScore', title = 'Models on the holdout' } = options;
  const values = models.map(({ name, evaluation, againstBest }): ModelComparisonRow => {
    const { mean, interval } = againstBest[score];
    return {
      ...{ model: name, difference: cell(mean), low: cell(interval[0]), high: cell(interval[1]) },
      ...{ logScore: cell(evaluation.logScore), rmse: cell(evaluation.rmse) },
    };
  });
  const name = `${score === 'logScore' ? 'Log score' : 'Squared error'} less that of ${best.logScore}, per customer`;
  return chart(
    {
      title,
      subtitle: [`Best by log score: ${best.logScore}; by RMSE: ${best.rmse}`],
      description: `${name}, with intervals: less is better.`,
    },
    values,
    {
      width: 400,
      height: { step: 32 },
      ...withGuides([{ x: 0 }], {
        encoding: {
          y: { ...word('model', 'Model'), sort: null },
          tooltip: [
            word('model', 'Model'),
            quantity('difference', 'Difference', '+.4f'),
            quantity('low', 'From', '+.4f'),
            quantity('high', 'To', '+.4f'),
            quantity('logScore', 'Log score', '.4f'),
            quantity('rmse', 'RMSE', '.4f'),
          ],
        },
        layer: [
          {
            mark: { type: 'rule', color: MARK, strokeWidth: 2 },
            transform: known('low'),
            encoding: { x: quantity('low', name), x2: { field: 'high' } },
          },
          {
            mark: { type: 'circle', color: MARK, size: 80, opacity: 1 },
            transform: known('difference'),
            encoding: { x: quantity('difference', name) },
          },
        ],
      }),
    },
  );
}
