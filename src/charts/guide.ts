import type { View } from './chart.ts';
import { GUIDE } from './palette.ts';

/** Where a guide lies: at one x or y across the whole chart, or from (x, y) to (x2, y2). */
export interface Guide {
  readonly x?: number;
  readonly y?: number;
  readonly x2?: number;
  readonly y2?: number;
}

/** From one corner to the other of a chart of two shares. */
export const DIAGONAL: Guide = { x: 0, y: 0, x2: 1, y2: 1 };

/** A view with dashed lines behind it that show no data, such as what chance would give. */
export function withGuides<Column extends string>(guides: readonly Guide[], view: View<Column>): View<Column> {
  return {
    layer: [
      ...guides.map((guide) => ({
        data: { values: [{}] },
        mark: { type: 'rule', color: GUIDE, strokeDash: [4, 4] } as const,
        encoding: Object.fromEntries(Object.entries(guide).map(([channel, datum]) => [channel, { datum }])),
      })),
      view,
    ],
  };
}
