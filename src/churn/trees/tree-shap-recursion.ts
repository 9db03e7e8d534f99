import { isLeaf, splitWeights, type Tree } from '../../kernels/tree.ts';
import { gaussLegendre } from '../../numerics/quadrature.ts';

/** Adds the contributions of one tree for one row to `out`, by feature. */
export type AddShap = (cells: Float64Array, row: number, out: Float64Array) => void;

/**
 * Contributions by a recursion over the splits, for trees whose tables would be too large: `threshold` is compared with
 * `cells[column·together + row]`; the products of the factors on a path are held at every Gauss–Legendre point.
 */
export function shapRecursion(
  tree: Tree,
  { column, threshold }: { readonly column: Int32Array; readonly threshold: Float64Array },
  together: number,
): AddShap {
  const { left, right, feature, value, weight } = tree;
  const splits = feature.length;
  const below = splitWeights(tree);
  const weightOf = (child: number): number => (isLeaf(child) ? weight[~child]! : below[child]!);

  // The split above with the same feature, −1 when there is none; depth and number of distinct features on the path.
  const above = new Int32Array(splits).fill(-1);
  const parent = new Int32Array(splits).fill(-1);
  const depth = new Int32Array(splits);
  const distinct = new Int32Array(splits);
  let deepest = 0;
  let most = 1;
  for (let i = 0; i < splits; i++) {
    if (parent[i]! >= 0) depth[i] = depth[parent[i]!]! + 1;
    for (let up = parent[i]!; up >= 0; up = parent[up]!)
      if (feature[up] === feature[i]) {
        above[i] = up;
        break;
      }
    distinct[i] = (parent[i]! >= 0 ? distinct[parent[i]!]! : 0) + (above[i]! < 0 ? 1 : 0);
    deepest = Math.max(deepest, depth[i]! + 1);
    most = Math.max(most, distinct[i]!);
    for (const child of [left[i]!, right[i]!]) if (!isLeaf(child)) parent[child] = i;
  }
  const points = (most + 1) >> 1;
  const rule = gaussLegendre(points);
  const t = rule.nodes.map((x) => (1 + x) / 2);
  const shareLeft = Float64Array.from(left, (child, i) => weightOf(child) / below[i]!);
  const shareRight = Float64Array.from(right, (child, i) => weightOf(child) / below[i]!);

  // Per depth: Π of factors down to there, and Σ of leaves below, at each point.
  const products = new Float64Array((deepest + 1) * points).fill(1);
  const sums = new Float64Array((deepest + 1) * points);
  // Of the edge that was last taken from each split: share and one-fraction of its feature so far.
  const zero = new Float64Array(splits);
  const one = new Float64Array(splits);

  const visit = (child: number, level: number, x: Float64Array, row: number, out: Float64Array): void => {
    const at = level * points;
    if (isLeaf(child)) {
      const v = value[~child]!;
      for (let q = 0; q < points; q++) sums[at + q] = v * products[at + q]!;
      return;
    }
    const goesRight = x[column[child]! * together + row]! > threshold[child]!;
    const up = above[child]!;
    const zeroUp = up < 0 ? 1 : zero[up]!;
    const oneUp = up < 0 ? 1 : one[up]!;
    const f = feature[child]!;
    const next = at + points;
    for (let q = 0; q < points; q++) sums[at + q] = 0;
    for (let side = 0; side < 2; side++) {
      const z = zeroUp * (side === 0 ? shareLeft : shareRight)[child]!;
      const o = goesRight === (side === 1) ? oneUp : 0;
      zero[child] = z;
      one[child] = o;
      for (let q = 0; q < points; q++) {
        const factor = z * (1 - t[q]!) + o * t[q]!;
        products[next + q] = (products[at + q]! * factor) / (zeroUp * (1 - t[q]!) + oneUp * t[q]!);
      }
      visit(side === 0 ? left[child]! : right[child]!, level + 1, x, row, out);
      let own = 0;
      let instead = 0;
      for (let q = 0; q < points; q++) {
        const sum = sums[next + q]!;
        const w = rule.weights[q]! / 2;
        own += (w * sum) / (z * (1 - t[q]!) + o * t[q]!);
        // The leaves below were counted at the split above with its fractions; from here these stand in their place.
        if (up >= 0) instead += (w * sum) / (zeroUp * (1 - t[q]!) + oneUp * t[q]!);
        sums[at + q] = sums[at + q]! + sum;
      }
      out[f] = out[f]! + (o - z) * own - (up >= 0 ? (oneUp - zeroUp) * instead : 0);
    }
  };
  return (cells, row, out) => {
    if (splits > 0) visit(0, 0, cells, row, out);
  };
}
