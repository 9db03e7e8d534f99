import type { Bins } from './best-split.ts';
import { thresholdAfter } from './node-bins.ts';
import type { TrainingColumn } from './training-data.ts';

/** A split that sends rows to the sides of another one as well as it can. */
export interface GrownSurrogate {
  readonly feature: number;
  readonly threshold: number;
  readonly levels: readonly number[] | null;
  /** The high side goes left. */
  readonly reversed: boolean;
  /** Weight of the rows it sends where the split itself does. */
  readonly agreement: number;
}

const MOST = 5;

/**
 * The splits on other features that agree best with a split, best first, at most five, and only such that do better
 * than sending every row with the majority (Breiman et al. 1984, §5.3). The search is over rows that know both; what a
 * surrogate does not know counts as a disagreement. `fill` gives `[weight, weight that goes left]` per value of a feature.
 */
export function rankSurrogates(
  columns: readonly TrainingColumn[],
  split: number,
  left: number,
  right: number,
  unit: number,
  fill: (feature: number) => Bins,
): readonly GrownSurrogate[] {
  const majority = Math.max(left, right);
  const found: GrownSurrogate[] = [];
  for (let feature = 0; feature < columns.length; feature++) {
    if (feature === split) continue;
    const column = columns[feature]!;
    const bins = fill(feature);
    const best =
      column.values === null
        ? imitateByLevels(feature, bins, left >= right)
        : imitateByThreshold(feature, column, bins, unit);
    if (best !== null && best.agreement > majority) found.push(best);
  }
  return found.sort((a, b) => b.agreement - a.agreement || a.feature - b.feature).slice(0, MOST);
}

/** Two rows at least on either side: one alone would imitate by chance. */
function imitateByThreshold(feature: number, column: TrainingColumn, bins: Bins, unit: number): GrownSurrogate | null {
  let weight = 0;
  let lefts = 0;
  for (let b = 0; b < bins.count; b++) {
    weight += bins.weight[b]!;
    lefts += bins.events[b]!;
  }
  let best = -1;
  let at = -1;
  let reversed = false;
  let low = 0;
  let lowLefts = 0;
  for (let b = 0; b + 1 < bins.count; b++) {
    low += bins.weight[b]!;
    lowLefts += bins.events[b]!;
    if (low < 2 * unit || weight - low < 2 * unit) continue;
    const agreement = lowLefts + (weight - low - (lefts - lowLefts));
    if (agreement > best || weight - agreement > best) {
      reversed = weight - agreement > agreement;
      best = Math.max(agreement, weight - agreement);
      at = b;
    }
  }
  if (at < 0) return null;
  return { feature, threshold: thresholdAfter(column, bins, at), levels: null, reversed, agreement: best };
}

/** Each level goes where most of its rows go. */
function imitateByLevels(feature: number, bins: Bins, majorityLeft: boolean): GrownSurrogate | null {
  const levels: number[] = [];
  let agreement = 0;
  for (let b = 0; b < bins.count; b++) {
    const lefts = bins.events[b]!;
    const rights = bins.weight[b]! - lefts;
    if (lefts > rights || (lefts === rights && majorityLeft)) levels.push(bins.code[b]!);
    agreement += Math.max(lefts, rights);
  }
  return levels.length === 0 || levels.length === bins.count
    ? null
    : { feature, threshold: 0, levels, reversed: false, agreement };
}
