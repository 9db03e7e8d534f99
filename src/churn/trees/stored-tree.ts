import { isLeaf, type Tree } from '../../kernels/tree.ts';
import type { GrownNode, Test } from './grow.ts';

/**
 * A grown tree as models store it, its nodes with `collapse <= complexity` cut to leaves.
 * @param value of a leaf, by the node.
 * @param unit the weight of 1.
 */
export function storedTree(
  nodes: readonly GrownNode[],
  collapse: Float64Array,
  complexity: number,
  unit: number,
  value: (node: number) => number,
): Tree {
  const feature: number[] = [];
  const threshold: number[] = [];
  const left: number[] = [];
  const right: number[] = [];
  const nullLeft: number[] = [];
  const subsets: (readonly number[])[] = [];
  const surrogates: Tree['surrogates'][number][] = [];
  const values: number[] = [];
  const weights: number[] = [];
  const known = new Map<string, number>();
  const cut = ({ threshold, levels }: Test): number => {
    if (levels === null) return threshold;
    const key = levels.join();
    const found = known.get(key);
    if (found !== undefined) return found;
    known.set(key, subsets.length);
    return subsets.push(levels) - 1;
  };
  const put = (t: number): number => {
    const { split, weight } = nodes[t]!;
    if (split === null || collapse[t]! <= complexity) {
      values.push(value(t) + 0);
      weights.push(weight / unit);
      return ~(values.length - 1);
    }
    const own = feature.push(split.feature) - 1;
    threshold.push(cut(split));
    nullLeft.push(split.nullLeft ? 1 : 0);
    left.push(0);
    right.push(0);
    for (const stand of split.surrogates)
      surrogates.push({ split: own, feature: stand.feature, threshold: cut(stand), reversed: stand.reversed });
    left[own] = put(split.left);
    right[own] = put(split.right);
    return own;
  };
  put(0);
  return { feature, threshold, left, right, nullLeft, subsets, surrogates, value: values, weight: weights };
}

/** Longest path from the root to a leaf. */
export function depthOf({ left, right }: Tree): number {
  const depth = new Int32Array(left.length);
  let deepest = 0;
  for (let i = 0; i < left.length; i++) {
    deepest = Math.max(deepest, depth[i]! + 1);
    for (const child of [left[i]!, right[i]!]) if (!isLeaf(child)) depth[child] = depth[i]! + 1;
  }
  return deepest;
}
