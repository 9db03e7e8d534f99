import { blankNulls } from '../../kernels/nulls.ts';
import { type CellRule, isLeaf, splitWeights, type Tree } from '../../kernels/tree.ts';
import { nullRows, rowsTogether } from '../../kernels/tree-sum.ts';
import { treeTests } from '../../kernels/tree-tests.ts';
import type { Explanation } from '../../model/contract.ts';
import type { Field } from '../../model/field.ts';
import { gaussLegendre } from '../../numerics/quadrature.ts';

/**
 * Shapley values of a sum of trees, where a coalition's value is the score with the features outside it averaged along the
 * tree by the rows of the fit (path-dependent TreeSHAP: Lundberg et al. 2020). `base + Σ contributions` is the score.
 *
 * A leaf of value v is reached by a share z of the rows that lack feature j (the product of its splits' shares), and by
 * all (o = 1) or none (o = 0) of those that have it. Since k!(m−1−k)!/m! = ∫ tᵏ(1−t)^(m−1−k) dt over [0, 1], feature i gets
 * v·(o_i − z_i)·∫ Π_{j≠i} (z_j(1 − t) + o_j·t) dt. The integrand is a polynomial, so Gauss–Legendre is exact, and all of
 * its terms are positive: unlike the usual recursion nothing cancels.
 */
export function explainTrees(
  trees: readonly Tree[],
  inputs: readonly Field[],
  rules: readonly CellRule[],
  { scale, base = 0 }: { readonly scale: string; readonly base?: number },
): Explanation {
  const tests = treeTests(trees, inputs);
  const columns = tests.columns;
  const together = rowsTogether(columns.length);
  const cells = new Float64Array(Math.max(columns.length, 1) * together);
  const plans = trees.map((tree, t) => shapPlan(tree, tests.trees[t]!, together));
  const means = plans.reduce((total, { mean }) => total + mean, base);
  const width = inputs.length;
  const out = new Float64Array(width);
  return {
    scale,
    base: means,
    terms: inputs.map(({ name }) => ({ name, columns: [name] })),
    kernel: (rows, lanes, outputs) => {
      for (const lane of outputs) nullRows(rows, lanes, rules, lane);
      for (let from = 0; from < rows; from += together) {
        const count = Math.min(together, rows - from);
        for (let c = 0; c < columns.length; c++) columns[c]!(lanes, from, count, cells, c * together);
        for (let i = 0; i < count; i++) {
          out.fill(0);
          for (let t = 0; t < plans.length; t++) plans[t]!.add(cells, i, out);
          for (let k = 0; k < width; k++) outputs[k]!.values[from + i] = out[k]!;
        }
      }
      for (const lane of outputs) blankNulls(rows, lane);
    },
  };
}

interface ShapPlan {
  /** Mean leaf value over the rows of the fit. */
  readonly mean: number;
  add(cells: Float64Array, row: number, out: Float64Array): void;
}

function shapPlan(
  tree: Tree,
  { column, threshold }: { readonly column: Int32Array; readonly threshold: Float64Array },
  together: number,
): ShapPlan {
  const { left, right, feature, value, weight } = tree;
  const splits = feature.length;
  const below = splitWeights(tree);
  const weightOf = (child: number): number => (isLeaf(child) ? weight[~child]! : below[child]!);
  const whole = weightOf(splits > 0 ? 0 : ~0);
  let mean = 0;
  for (let k = 0; k < value.length; k++) mean += value[k]! * (weight[k]! / whole);

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
  return {
    mean,
    add: (cells, row, out) => {
      if (splits > 0) visit(0, 0, cells, row, out);
    },
  };
}
