import type { Ranking } from '../metrics-ranking.ts';

/**
 * Vertices of the upper convex hull of the ROC curve, from nobody flagged to everybody: only these cuts can be best under
 * any costs (Provost & Fawcett 2001). Edges fall in slope; points on an edge are no vertices.
 */
export interface RocHull {
  /** Weight of the events flagged at each vertex. */
  readonly hits: readonly number[];
  /** Weight of the non-events flagged. */
  readonly misses: readonly number[];
  /** Lowest flagged score; null where nobody is flagged. */
  readonly cuts: readonly (number | null)[];
}

export function rocHull({ scores, eventsAt, nonEventsAt, events, nonEvents }: Ranking): RocHull {
  const hits = [0];
  const misses = [0];
  const cuts: (number | null)[] = [null];
  let h = 0;
  let m = 0;
  for (let k = 0; k < scores.length; k++) {
    const last = k === scores.length - 1;
    h = last ? events : h + eventsAt[k]!;
    m = last ? nonEvents : m + nonEventsAt[k]!;
    for (let top = hits.length - 1; top > 0; top--) {
      const rise = hits[top]! - hits[top - 1]!;
      const run = misses[top]! - misses[top - 1]!;
      if (rise * (m - misses[top]!) > (h - hits[top]!) * run) break;
      hits.pop();
      misses.pop();
      cuts.pop();
    }
    hits.push(h);
    misses.push(m);
    cuts.push(scores[k]!);
  }
  return { hits, misses, cuts };
}
