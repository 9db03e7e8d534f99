import type { BinnedColumn } from './binned-data.ts';
import { CELL } from './cell.ts';

/** Sums over the rows of a node, in units of the fit, and the bounds of its value. */
export interface NodeSums {
  readonly gradient: number;
  readonly hessian: number;
  readonly weight: number;
  readonly low: number;
  readonly high: number;
}

/** In units of the fit. */
export interface SearchLimits {
  readonly minLeaf: number;
  readonly minHessian: number;
  readonly l2: number;
  /** Added to a level's hessian where levels are ordered. */
  readonly categorySmoothing: number;
  /** Whether values have bounds. */
  readonly bounded: boolean;
}

/** The occupied bins of a node, in the order in which a split may cut them. */
export interface Groups {
  count: number;
  readonly bin: Int32Array;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
  readonly weight: Float64Array;
}

export function makeGroups(): Groups {
  return {
    count: 0,
    bin: new Int32Array(256),
    gradient: new Float64Array(256),
    hessian: new Float64Array(256),
    weight: new Float64Array(256),
  };
}

/** The best cut found so far: groups up to `group` go left, with these sums. */
export interface BestCut {
  /** Sum of both sides' {@link score}; −∞ when there is none. */
  score: number;
  feature: number;
  group: number;
  nullLeft: boolean;
  gradient: number;
  hessian: number;
  weight: number;
}

/** What a leaf takes from the loss, doubled: −(2Gv + (H + λ)v²), which is G²/(H + λ) at its best value v = −G/(H + λ). */
export function score(gradient: number, hessian: number, l2: number, low: number, high: number): number {
  const value = leafValue(gradient, hessian, l2, low, high);
  return -value * (2 * gradient + (hessian + l2) * value);
}

/** −G/(H + λ) within bounds. */
export function leafValue(gradient: number, hessian: number, l2: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, -gradient / (hessian + l2)));
}

/** Collects the occupied bins of a feature: numbers ascending, without nulls; levels by G/(H + smoothing), null as one. */
export function fillGroups(
  column: BinnedColumn,
  histogram: Float64Array,
  offset: number,
  smoothing: number,
  groups: Groups,
): void {
  const { bin, gradient, hessian, weight } = groups;
  const category = column.levels !== null;
  const bins = category ? column.bins + 1 : column.bins;
  let count = 0;
  for (let b = 0; b < bins; b++) {
    const at = offset + CELL * b;
    const w = histogram[at + 2]!;
    if (w === 0) continue;
    bin[count] = b;
    gradient[count] = histogram[at]!;
    hessian[count] = histogram[at + 1]!;
    weight[count++] = w;
  }
  groups.count = count;
  if (category) orderLevels(groups, smoothing);
}

/**
 * For any subset S the gain is a convex function of (G_S, H_S), so that without limits on leaves the best of all subsets is
 * a cut of the levels ordered by G/H, whatever λ (the argument of Breiman et al. 1984, theorem 4.5, and Fisher 1958).
 * Smoothing moves levels with few rows to the middle of the order. Shell's sort, equal shares by bin.
 */
function orderLevels({ count, bin, gradient, hessian, weight }: Groups, smoothing: number): void {
  let gap = 1;
  while (3 * gap < count) gap = 3 * gap + 1;
  for (; gap > 0; gap = (gap - 1) / 3)
    for (let i = gap; i < count; i++) {
      const b = bin[i]!;
      const g = gradient[i]!;
      const h = hessian[i]!;
      const w = weight[i]!;
      const share = g / (h + smoothing);
      let at = i;
      for (; at >= gap; at -= gap) {
        const other = gradient[at - gap]! / (hessian[at - gap]! + smoothing);
        if (other < share || (other === share && bin[at - gap]! < b)) break;
        bin[at] = bin[at - gap]!;
        gradient[at] = gradient[at - gap]!;
        hessian[at] = hessian[at - gap]!;
        weight[at] = weight[at - gap]!;
      }
      bin[at] = b;
      gradient[at] = g;
      hessian[at] = h;
      weight[at] = w;
    }
}

/**
 * Looks at every cut of a feature's groups; nulls of a number are joined to the left and to the right side in turn, or
 * stand alone at the right. A better cut replaces `best`, so that of equal ones the first stays.
 * @param direction 1 or −1: values must not fall or rise from left to right; 0: no such rule.
 */
export function searchFeature(
  feature: number,
  category: boolean,
  groups: Groups,
  node: NodeSums,
  limits: SearchLimits,
  direction: number,
  best: BestCut,
): void {
  const { count } = groups;
  if (category) {
    scan(feature, groups, count - 1, 0, 0, 0, node, limits, 0, best, false);
    return;
  }
  let { gradient, hessian, weight } = node;
  for (let k = 0; k < count; k++) {
    gradient -= groups.gradient[k]!;
    hessian -= groups.hessian[k]!;
    weight -= groups.weight[k]!;
  }
  if (weight > 0) scan(feature, groups, count - 1, gradient, hessian, weight, node, limits, direction, best, true);
  scan(feature, groups, weight > 0 ? count : count - 1, 0, 0, 0, node, limits, direction, best, false);
}

function scan(
  feature: number,
  groups: Groups,
  cuts: number,
  startGradient: number,
  startHessian: number,
  startWeight: number,
  node: NodeSums,
  { minLeaf, minHessian, l2, bounded }: SearchLimits,
  direction: number,
  best: BestCut,
  nullLeft: boolean,
): void {
  const { count } = groups;
  const { low, high } = node;
  let g = startGradient;
  let h = startHessian;
  let w = startWeight;
  for (let k = 0; k < cuts; k++) {
    g += groups.gradient[k]!;
    h += groups.hessian[k]!;
    w += groups.weight[k]!;
    const weight = node.weight - w;
    const hessian = node.hessian - h;
    if (w < minLeaf || h < minHessian) continue;
    if (weight < minLeaf || hessian < minHessian) break;
    const gradient = node.gradient - g;
    let found: number;
    if (bounded) {
      // A cut that parts the nulls from all values compares no two values.
      const rise = leafValue(gradient, hessian, l2, low, high) - leafValue(g, h, l2, low, high);
      if (k + 1 < count && rise * direction < 0) continue;
      found = score(g, h, l2, low, high) + score(gradient, hessian, l2, low, high);
    } else found = (g * g) / (h + l2) + (gradient * gradient) / (hessian + l2);
    if (found > best.score) {
      best.score = found;
      best.feature = feature;
      best.group = k;
      best.nullLeft = nullLeft;
      best.gradient = g;
      best.hessian = h;
      best.weight = w;
    }
  }
}
