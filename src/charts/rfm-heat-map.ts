import { readNumbers } from '../columns/index.ts';
import { groupSummary } from '../economics/group-summary.ts';
import { fail } from '../errors.ts';
import type { Columns } from '../model/batch.ts';
import { type Chart, chart, quantity, withUnit } from './chart.ts';
import { heatLayers } from './heat.ts';

export interface RfmHeatMapOptions {
  /** The column whose mean is shown, such as `total`. */
  readonly measure: string;
  /** Default: `recencyScore`. */
  readonly recency?: string;
  /** Default: `frequencyScore`. */
  readonly frequency?: string;
  /** Highest score of both. Default: the highest that occurs in either. */
  readonly scores?: number;
  /** Of the measure, such as `¥`. */
  readonly unit?: string;
  readonly title?: string;
}

/** One combination of scores. */
export interface RfmHeatMapRow {
  readonly recencyScore: number;
  readonly frequencyScore: number;
  readonly customers: number;
  /** Of the measure; null where no customer has a value. */
  readonly mean: number | null;
}

const MOST_SCORES = 20;

/**
 * Mean of a measure by recency and frequency score (S35), every combination a cell. Customers with a null score are left
 * out.
 * @throws ClienteleError `invalid-value` for a score that is not a whole number from 1 to `scores` (at most 20);
 *   `invalid-option`; unknown-column, wrong-type.
 * @example
 * rfmHeatMap({ recencyScore: [1, 2, 2], frequencyScore: [1, 2, 2], total: [5, 20, 30] }, { measure: 'total' }).data.values[3]
 * // { recencyScore: 2, frequencyScore: 2, customers: 2, mean: 25 }
 */
export function rfmHeatMap(columns: Columns, options: RfmHeatMapOptions): Chart<RfmHeatMapRow> {
  const { measure, recency = 'recencyScore', frequency = 'frequencyScore', unit } = options;
  const { title = `Mean ${measure} by recency and frequency` } = options;
  const { scores } = options;
  if (scores !== undefined && !(Number.isInteger(scores) && scores >= 1 && scores <= MOST_SCORES))
    fail('invalid-option', `invalid scores: ${scores}; use a whole number from 1 to ${MOST_SCORES}`);
  const down = scoresOf(columns, recency, scores ?? MOST_SCORES);
  const across = scoresOf(columns, frequency, scores ?? MOST_SCORES);
  const amounts = readNumbers(columns, measure);
  const highest = scores ?? [down, across].reduce((a, list) => list.reduce((x, y) => (y > x ? y : x), a), 0);

  const cells = Array.from({ length: highest * highest }, (_, cell) => {
    return { recencyScore: Math.floor(cell / highest) + 1, frequencyScore: (cell % highest) + 1 };
  });
  const codes = Int32Array.from(down, (r, row) => {
    const f = across[row]!;
    return r > 0 && f > 0 ? (r - 1) * highest + f - 1 : -1;
  });
  const levels = cells.map((cell) => `${cell.recencyScore}-${cell.frequencyScore}`);
  const summary = groupSummary({ codes, levels }, { measure: amounts });
  const values = cells.map((cell, c): RfmHeatMapRow => {
    const { count, measures } = summary[c]!;
    return { ...cell, customers: count, mean: measures.measure.mean };
  });
  const mean = { field: 'mean', title: withUnit(`Mean ${measure}`, unit), format: ',.4~r' } as const;
  const subtitle = highest > 0 ? [`Score ${highest} is best: latest, most often`] : [];
  const description = `Mean ${measure} of the customers by recency and frequency score.`;
  return chart({ title, subtitle, description }, values, {
    width: { step: 60 },
    height: { step: 40 },
    encoding: {
      x: {
        field: 'recencyScore',
        type: 'ordinal',
        title: 'Recency score',
        axis: { labelAngle: 0 },
      },
      y: {
        field: 'frequencyScore',
        type: 'ordinal',
        title: 'Frequency score',
        scale: { reverse: true },
      },
      tooltip: [
        quantity('recencyScore', 'Recency score'),
        quantity('frequencyScore', 'Frequency score'),
        quantity('customers', 'Customers', ','),
        { ...mean, type: 'quantitative' },
      ],
    },
    layer: heatLayers(
      mean,
      values.map((row) => row.mean),
    ),
  });
}

/** Scores per row; 0 where null. */
function scoresOf(columns: Columns, name: string, highest: number): Float64Array {
  return readNumbers(columns, name).map((score, row) => {
    if (score !== score) return 0;
    return Number.isInteger(score) && score >= 1 && score <= highest
      ? score
      : fail('invalid-value', `column "${name}", row ${row}: ${score} is no score; use whole numbers 1 to ${highest}`);
  });
}
