import type { GroupRow } from '../economics/group-summary.ts';
import { fail } from '../errors.ts';
import type { GridAxis, GridModel } from '../segments/grid-kind.ts';
import { type Chart, chart, quantity, withUnit, word } from './chart.ts';
import { heatLayers } from './heat.ts';
import { requireMeasure, type SegmentRow, segmentData } from './segment-rows.ts';

export interface ValueMatrixChartOptions {
  /** The measure of the summary whose mean and total stand beside the customers. Default: the column of the first axis. */
  readonly measure?: string;
  /** Of that measure, such as `¥`. */
  readonly unit?: string;
  readonly title?: string;
}

/** One cell of the matrix. */
export interface ValueMatrixRow extends SegmentRow {
  /** Levels of the first and the second axis. */
  readonly x: string;
  readonly y: string;
  /** Of the measure; null without customers. */
  readonly mean: number | null;
  readonly total: number | null;
  readonly totalShare: number | null;
  /** What to do, in both languages. */
  readonly strategyEn: string | null;
  readonly strategyZh: string | null;
}

/**
 * The value matrix (S28) as tiles, the first axis to the right and the second upwards: coloured by share of the customers.
 * Any grid of two axes with a segment of its own in every cell will do.
 *
 * @param summary by the segment that the model writes: `groupSummary(scored.segment, { currentValue })`
 * @throws ClienteleError `invalid-option` for another grid or a measure that the summary lacks; `invalid-value` for a
 *   segment that the model lacks.
 * @example valueMatrixChart(model, groupSummary(scored.segment, { currentValue }), { unit: '¥' })
 */
export function valueMatrixChart(
  model: GridModel,
  summary: readonly GroupRow[],
  options: ValueMatrixChartOptions = {},
): Chart<ValueMatrixRow> {
  const { axes, cells, segments } = model;
  const [across, up] = axes;
  if (!across || !up || axes.length !== 2 || new Set(cells).size !== cells.length)
    fail('invalid-option', 'a matrix needs a grid of two axes with a segment of its own in every cell');
  const { measure = across.column, unit, title = 'Value matrix' } = options;
  const data = segmentData(segments, summary);
  requireMeasure(data, measure);
  const values = cells.map((s, cell): ValueMatrixRow => {
    const row = data.rows[s]!;
    const found = data.measure(row.segment, measure);
    const strategy = segments[s]!.strategy?.text;
    return {
      ...row,
      x: across.levels[Math.floor(cell / up.levels.length)]!,
      y: up.levels[cell % up.levels.length]!,
      mean: found?.mean ?? null,
      total: found?.total ?? null,
      totalShare: found?.share ?? null,
      strategyEn: strategy?.en ?? null,
      strategyZh: strategy?.zh ?? null,
    };
  });
  const share = { field: 'share', title: 'Share of customers', format: '.1%' } as const;
  const layers = heatLayers(
    share,
    values.map((row) => row.share),
    'label',
  );
  return chart(
    { title, subtitle: data.notes, description: `Customers by ${across.column} and ${up.column}.` },
    values,
    {
      width: { step: 240 },
      height: { step: 100 },
      encoding: {
        x: { field: 'x', type: 'ordinal', title: cutTitle(across), sort: across.levels, axis: { labelAngle: 0 } },
        y: { field: 'y', type: 'ordinal', title: cutTitle(up), sort: up.levels.toReversed() },
        tooltip: [
          word('label', 'Segment'),
          quantity('customers', 'Customers', ','),
          { ...share, type: 'quantitative' },
          quantity('mean', withUnit(`Mean ${measure}`, unit), ',.4~r'),
          quantity('total', withUnit(`Total ${measure}`, unit), ',.4~r'),
          quantity('totalShare', `Share of ${measure}`, '.1%'),
          word('strategyEn', 'Strategy'),
          word('strategyZh', '策略'),
        ],
      },
      layer: layers,
    },
  );
}

const cutTitle = ({ column, cuts }: GridAxis): string =>
  `${column} (cut at ${cuts.map((cut) => Number(cut.toPrecision(4))).join(', ')})`;
