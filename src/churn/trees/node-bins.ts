import type { Bins } from './best-split.ts';
import type { TrainingColumn } from './training-data.ts';

/** Room for the groups of the widest node. */
export function makeBins(room: number): Bins {
  return {
    count: 0,
    code: new Int32Array(room),
    weight: new Float64Array(room),
    events: new Float64Array(room),
  };
}

/**
 * Groups a node's rows by their value on a counted feature. `cells` holds `[weight, events]` per row; `counts`, all 0, is
 * left all 0.
 */
export function countBins(
  codes: Int32Array,
  size: number,
  cells: Float64Array,
  rows: Int32Array,
  from: number,
  to: number,
  counts: Float64Array,
  bins: Bins,
): void {
  for (let i = from; i < to; i++) {
    const row = rows[i]!;
    const at = 2 * codes[row]!;
    if (at < 0) continue;
    counts[at] = counts[at]! + cells[2 * row]!;
    counts[at + 1] = counts[at + 1]! + cells[2 * row + 1]!;
  }
  let count = 0;
  for (let code = 0; code < size; code++) {
    const weight = counts[2 * code]!;
    if (weight === 0) continue;
    bins.code[count] = code;
    bins.weight[count] = weight;
    bins.events[count++] = counts[2 * code + 1]!;
    counts[2 * code] = 0;
    counts[2 * code + 1] = 0;
  }
  bins.count = count;
}

/** The same on a feature whose rows are kept sorted. */
export function sortedBins(
  codes: Int32Array,
  cells: Float64Array,
  order: Int32Array,
  from: number,
  to: number,
  bins: Bins,
): void {
  let count = -1;
  let last = -1;
  let weight = 0;
  let events = 0;
  for (let i = from; i < to; i++) {
    const row = order[i]!;
    const w = cells[2 * row]!;
    if (w === 0) continue;
    const code = codes[row]!;
    if (code !== last) {
      if (count >= 0) {
        bins.weight[count] = weight;
        bins.events[count] = events;
      }
      bins.code[++count] = code;
      last = code;
      weight = 0;
      events = 0;
    }
    weight += w;
    events += cells[2 * row + 1]!;
  }
  if (count >= 0) {
    bins.weight[count] = weight;
    bins.events[count] = events;
  }
  bins.count = count + 1;
}

/**
 * Orders the levels of a category by their share of events, equal shares by code: with two classes the best of all
 * subsets is then a cut of this order (Breiman et al. 1984, theorem 4.5). Shell's sort, in place.
 */
export function orderByShare({ count, code, weight, events }: Bins): void {
  let gap = 1;
  while (3 * gap < count) gap = 3 * gap + 1;
  for (; gap > 0; gap = (gap - 1) / 3)
    for (let i = gap; i < count; i++) {
      const c = code[i]!;
      const w = weight[i]!;
      const e = events[i]!;
      const share = e / w;
      let at = i;
      for (; at >= gap; at -= gap) {
        const other = events[at - gap]! / weight[at - gap]!;
        if (other < share || (other === share && code[at - gap]! < c)) break;
        code[at] = code[at - gap]!;
        weight[at] = weight[at - gap]!;
        events[at] = events[at - gap]!;
      }
      code[at] = c;
      weight[at] = w;
      events[at] = e;
    }
}

/**
 * The threshold that parts two neighbouring values, `low <= threshold < high`: their midpoint, without overflow, or `low`
 * when no number lies between.
 */
export function between(low: number, high: number): number {
  const middle = high - low < Number.POSITIVE_INFINITY ? low + (high - low) / 2 : low / 2 + high / 2;
  return middle < high ? middle + 0 : low;
}

/** The threshold after bin `at` of a number: beyond every value when all of them go left. */
export function thresholdAfter(column: TrainingColumn, bins: Bins, at: number): number {
  if (at + 1 === bins.count) return Number.MAX_VALUE;
  return between(column.values![bins.code[at]!]!, column.values![bins.code[at + 1]!]!);
}
