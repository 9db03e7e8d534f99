import { readCategories } from '../columns/index.ts';
import { fail } from '../errors.ts';
import type { PlainColumn } from '../model/batch.ts';
import type { Names, Segment } from './cells.ts';
import type { GridModel } from './grid-kind.ts';

export interface SegmentSize {
  readonly key: string;
  readonly names?: Names;
  readonly count: number;
  /** Of the classified rows; null when there are none. */
  readonly share: number | null;
}

/** A segment whose size contradicts what is usual. */
export interface SizeWarning {
  readonly key: string;
  readonly usually: 'small' | 'large';
  readonly share: number;
  /** The equal share 1 / number of segments that the share was held against. */
  readonly limit: number;
  readonly text: string;
}

export interface SegmentSizes {
  /** Classified rows. */
  readonly rows: number;
  /** Null segment. */
  readonly unclassified: number;
  readonly segments: readonly SegmentSize[];
  readonly warnings: readonly SizeWarning[];
}

/**
 * How many customers each segment of a grid holds, and which sizes contradict the expected ones (of the eight classes:
 * churn-prone is usually small, least valuable usually large; held against an equal share of 1/8).
 * @param column the scored segment column.
 * @throws ClienteleError `invalid-value` for a level that the model does not have.
 */
export function segmentSizes(column: PlainColumn, model: GridModel): SegmentSizes {
  const { codes, levels } = readCategories({ column }, 'column');
  const keys = model.segments.map(({ key }) => key);
  const at = levels.map((level) => keys.indexOf(level));
  const counts = keys.map(() => 0);
  let unclassified = 0;
  for (const code of codes) {
    if (code < 0) unclassified++;
    else if (at[code]! < 0) fail('invalid-value', `"${levels[code]}" is no segment of the model: ${keys.join(', ')}`);
    else counts[at[code]!]!++;
  }
  const rows = codes.length - unclassified;
  return {
    rows,
    unclassified,
    segments: model.segments.map(({ key, names }, s) => ({
      key,
      ...(names ? { names } : {}),
      count: counts[s]!,
      share: rows > 0 ? counts[s]! / rows : null,
    })),
    warnings: sizeWarnings(model.segments, counts),
  };
}

/** The sizes that contradict `usually`. */
export function sizeWarnings(segments: readonly Segment[], counts: readonly number[]): readonly SizeWarning[] {
  const rows = counts.reduce((n, count) => n + count, 0);
  const limit = 1 / segments.length;
  return segments.flatMap(({ key, usually }, s): SizeWarning[] => {
    const share = counts[s]! / rows;
    if (usually === 'small' ? !(share > limit) : usually === 'large' ? !(share < limit) : true) return [];
    const percent = (x: number) => `${(100 * x).toFixed(1)} %`;
    const text = `segment "${key}" is usually ${usually}; here it holds ${percent(share)} of the customers (an equal share is ${percent(limit)})`;
    return [{ key, usually: usually!, share, limit, text }];
  });
}
