import type { CohortExpectation } from '../clv/contractual/cohort-expectation.ts';
import { type Chart, cell, chart, known, quantity, withUnit, word } from './chart.ts';
import { MARK } from './palette.ts';

export interface CohortSurvivalChartOptions {
  /** Share of the cohort that is left, share of the last period's that renewed, or the customers themselves. Default `survival`. */
  readonly measure?: 'survival' | 'retention' | 'customers';
  /** Of the periods, such as `years`. */
  readonly unit?: string;
  readonly title?: string;
}

/** One cohort in one period, in the measure that is shown. */
export interface CohortSurvivalRow {
  /** Null where there are no cohorts. */
  readonly cohort: string | null;
  readonly period: number;
  /** Null where it is not known. */
  readonly actual: number | null;
  readonly expected: number | null;
}

const MEASURES = {
  survival: { name: 'Share of the cohort that is left', format: '.1%', axis: { format: '%' } },
  retention: { name: 'Share that renewed', format: '.1%', axis: { format: '%' } },
  customers: { name: 'Active customers', format: ',.5~r', axis: {} },
} as const;

/**
 * Survival (or retention) of cohorts under contract: points are actual, lines expected. Retention starts with the second
 * period of a cohort.
 * @example cohortSurvivalChart(shiftedBetaGeometric.cohortExpectation(model, table, { period: 'year', active: 'customers' }))
 */
export function cohortSurvivalChart(
  result: CohortExpectation,
  { measure = 'survival', unit, title = 'Survival of cohorts' }: CohortSurvivalChartOptions = {},
): Chart<CohortSurvivalRow> {
  const { cohort, period, actual, expected } = result;
  let start = 0;
  const values = cohort.flatMap((name, i): readonly CohortSurvivalRow[] => {
    if (name !== cohort[start]) start = i;
    if (measure === 'retention' && i === start) return [];
    const of = (column: Float64Array): number | null => {
      if (measure === 'customers') return cell(column[i]!);
      return cell(column[i]! / column[measure === 'survival' ? start : i - 1]!);
    };
    return [{ cohort: name, period: period[i]!, actual: of(actual), expected: of(expected) }];
  });
  const cohorts = [...new Set(cohort)].filter((name) => name !== null);
  const color = cohorts.length > 0 ? { ...word('cohort', 'Cohort'), sort: cohorts } : { value: MARK };
  const { name, format, axis } = MEASURES[measure];
  const time = withUnit('Period', unit);
  return chart(
    { title, subtitle: ['Points: actual; lines: expected'], description: `${name} by period, actual and expected.` },
    values,
    {
      width: 420,
      height: 280,
      encoding: {
        x: { ...quantity('period', time), axis: { tickMinStep: 1 } },
        color,
        tooltip: [
          ...(cohorts.length > 0 ? [word('cohort', 'Cohort')] : []),
          quantity('period', time),
          quantity('actual', 'Actual', format),
          quantity('expected', 'Expected', format),
        ],
      },
      layer: [
        {
          mark: { type: 'line' },
          transform: known('expected'),
          encoding: { y: { ...quantity('expected', name), axis } },
        },
        {
          mark: { type: 'circle', size: 50, opacity: 1 },
          transform: known('actual'),
          encoding: { y: { ...quantity('actual', name), axis } },
        },
      ],
    },
  );
}
