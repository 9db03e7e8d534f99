import type { GroupRow } from '../economics/group-summary.ts';
import { fail } from '../errors.ts';
import type { GridModel } from '../segments/grid-kind.ts';
import { type Channel, type Chart, chart, known, type Predicate, quantity, withUnit, word } from './chart.ts';
import { GUIDE } from './palette.ts';
import { requireMeasure, type SegmentRow, segmentData } from './segment-rows.ts';

export interface SegmentBubbleChartOptions {
  /** Of the first two axes, such as `¥`. */
  readonly unit?: string;
  readonly title?: string;
}

/** One segment: its customers and their means on the axes of the model; null without customers. */
export interface SegmentBubbleRow extends SegmentRow {
  readonly x: number | null;
  readonly y: number | null;
  /** On the third axis; null where the model or the summary has none. */
  readonly z: number | null;
}

/**
 * Segments as bubbles (S31), such as the eight classes: to the right by the mean of the first axis (current value), upwards
 * by that of the second (potential value), sized by customers, coloured by the third (loyalty) or, without it, by segment.
 * Dashed rules are the cuts of the model.
 *
 * @param summary by the segment that the model writes, with a measure per axis under the name of its column
 * @throws ClienteleError `invalid-option` for a model with one axis or a measure that the summary lacks; `invalid-value`
 *   for a segment that the model lacks.
 * @example
 * segmentBubbleChart(model, groupSummary(scored.segment, { currentValue, potentialValue, loyalty }), { unit: '¥' })
 */
export function segmentBubbleChart(
  model: GridModel,
  summary: readonly GroupRow[],
  options: SegmentBubbleChartOptions = {},
): Chart<SegmentBubbleRow> {
  const { unit, title = 'Segments by value' } = options;
  const [across, up, third] = model.axes;
  if (!across || !up) fail('invalid-option', 'bubbles need a model with at least two axes');
  const data = segmentData(model.segments, summary);
  requireMeasure(data, across.column);
  requireMeasure(data, up.column);
  const depth = third && data.has(third.column) ? third.column : null;
  const values = data.rows.map((row): SegmentBubbleRow => {
    const mean = (column: string | null): number | null =>
      column === null ? null : (data.measure(row.segment, column)?.mean ?? null);
    return { ...row, x: mean(across.column), y: mean(up.column), z: mean(depth) };
  });
  const scale = { zero: false, padding: 60 };
  const x = { ...quantity('x', withUnit(`Mean ${across.column}`, unit)), scale };
  const y = { ...quantity('y', withUnit(`Mean ${up.column}`, unit)), scale };
  const tooltip = [
    word('label', 'Segment'),
    quantity('customers', 'Customers', ','),
    quantity('share', 'Share of customers', '.1%'),
    quantity('x', x.title, ',.4~r'),
    quantity('y', y.title, ',.4~r'),
    ...(depth === null ? [] : [quantity('z', `Mean ${depth}`, '.3~r')]),
  ];
  // Segments that differ in the third axis alone lie almost on each other: one is named above, the other below.
  const middle = third?.cuts[third.cuts.length >> 1];
  const labels: readonly { readonly dy: number; readonly filter: Predicate<'z'> }[] =
    depth === null || middle === undefined
      ? []
      : [
          { dy: -32, filter: { field: 'z', gt: middle } },
          { dy: 32, filter: { field: 'z', lte: middle } },
        ];
  const colour: Channel<keyof SegmentBubbleRow> =
    depth === null ? { ...word('label', 'Segment'), sort: null } : quantity('z', `Mean ${depth}`);
  return chart(
    { title, subtitle: data.notes, description: `Segments by mean ${across.column} and mean ${up.column}.` },
    values,
    {
      width: 480,
      height: 360,
      transform: known('x'),
      layer: [
        ...across.cuts.map((cut) => ({ mark: rule, encoding: { x: { datum: cut } } })),
        ...up.cuts.map((cut) => ({ mark: rule, encoding: { y: { datum: cut } } })),
        {
          mark: { type: 'circle', opacity: 0.85, stroke: 'black', strokeWidth: 0.5 },
          encoding: {
            x,
            y,
            size: { ...quantity('customers', 'Customers'), scale: { rangeMax: 2000 } },
            color: colour,
            order: { field: 'customers', type: 'quantitative', sort: 'descending' },
            tooltip,
          },
        },
        ...labels.map(({ dy, filter }) => ({
          mark: { type: 'text', dy } as const,
          transform: [{ filter }],
          encoding: { x, y, text: word('label') },
        })),
      ],
    },
  );
}

const rule = { type: 'rule', color: GUIDE, strokeDash: [4, 4] } as const;
