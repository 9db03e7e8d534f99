import type { GroupRow, MeasureSummary } from '../economics/group-summary.ts';
import { fail } from '../errors.ts';
import type { Segment } from '../segments/cells.ts';
import { sizeWarnings } from '../segments/segment-sizes.ts';
import { type Label, labelOf } from './labels.ts';

/** One segment of a model with its customers. */
export interface SegmentRow extends Label {
  readonly segment: string;
  readonly customers: number;
  /** Of the customers in a segment; null when there are none. */
  readonly share: number | null;
}

/** The segments of a model, in its order, with what a summary by segment says of them. */
export interface SegmentData {
  readonly rows: readonly SegmentRow[];
  /** Of each segment; `undefined` for a segment that the summary does not have. */
  measure(segment: string, name: string): MeasureSummary | undefined;
  /** Whether the summary has the measure; true for an empty one. */
  has(name: string): boolean;
  /** Customers without a segment, and sizes that contradict what is usual. */
  readonly notes: readonly string[];
}

export function segmentData(segments: readonly Segment[], summary: readonly GroupRow[]): SegmentData {
  const byKey = new Map(summary.map((row) => [row.group, row]));
  for (const key of byKey.keys())
    if (key !== null && !segments.some((segment) => segment.key === key))
      fail(
        'invalid-value',
        `"${key}" is no segment of the model: ${segments.map((s) => s.key).join(', ')}; summarise by its output`,
      );
  const counts = segments.map(({ key }) => byKey.get(key)?.count ?? 0);
  const all = counts.reduce((a, b) => a + b, 0);
  const outside = byKey.get(null)?.count ?? 0;
  return {
    rows: segments.map(({ key }, s) => ({
      segment: key,
      ...labelOf(key, segments),
      customers: counts[s]!,
      share: all > 0 ? counts[s]! / all : null,
    })),
    measure: (segment, name) => byKey.get(segment)?.measures[name],
    has: (name) => summary.every((row) => Object.hasOwn(row.measures, name)),
    notes: [
      ...(outside > 0 ? [`${outside} without a segment are left out`] : []),
      ...sizeWarnings(segments, counts).map(({ text }) => text),
    ],
  };
}

/** Stops unless the summary has the measure. */
export function requireMeasure(data: SegmentData, name: string): void {
  if (!data.has(name))
    fail('invalid-option', `the summary has no measure "${name}": give groupSummary a column of this name`);
}
