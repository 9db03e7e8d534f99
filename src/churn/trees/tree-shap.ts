import { blankNulls } from '../../kernels/nulls.ts';
import { type CellRule, splitWeights, type Tree } from '../../kernels/tree.ts';
import { nullRows } from '../../kernels/tree-sum.ts';
import { type TreeTests, treeTests } from '../../kernels/tree-tests.ts';
import type { Explanation } from '../../model/contract.ts';
import type { Field } from '../../model/field.ts';
import { encode, type ShapCodes, shapCodes } from './tree-shap-codes.ts';
import { type AddShap, shapRecursion } from './tree-shap-recursion.ts';
import { type ShapRoom, shapRoom } from './tree-shap-room.ts';
import { shapTables } from './tree-shap-tables.ts';

/** Cells that are held at a time: those of a block of rows, unless there are very many columns. */
const CELLS = 1 << 19;
const MOST_ROWS = 2048;

/**
 * Shapley values of a sum of trees, where a coalition's value is the score with the features outside it averaged along the
 * tree by the rows of the fit (path-dependent TreeSHAP: Lundberg et al. 2020). `base + Σ contributions` is the score.
 *
 * A leaf of value v is reached by a share z of the rows that lack feature j (the product of its splits' shares), and by
 * all (o = 1) or none (o = 0) of those that have it. Since k!(m−1−k)!/m! = ∫ tᵏ(1−t)^(m−1−k) dt over [0, 1], feature i gets
 * v·(o_i − z_i)·∫ Π_{j≠i} (z_j(1 − t) + o_j·t) dt. The integrand is a polynomial, so Gauss–Legendre is exact, and all of
 * its terms are positive: unlike the usual recursion nothing cancels.
 *
 * The o of a leaf's m features take 2^m patterns, whatever the cells: contributions are looked up in tables that are made
 * once. Trees whose tables would be too large are worked out row by row; which ones these are depends on the model alone.
 */
export function explainTrees(
  trees: readonly Tree[],
  inputs: readonly Field[],
  rules: readonly CellRule[],
  { scale, base = 0 }: { readonly scale: string; readonly base?: number },
): Explanation {
  const tests = treeTests(trees, inputs);
  const { columns } = tests;
  const together = Math.min(MOST_ROWS, Math.max(32, (CELLS / Math.max(columns.length, 1)) & ~31));
  const cells = new Float64Array(columns.length * together);
  const coded = shapCodes(trees, tests, inputs);
  const { room, recursions } = prepare(trees, inputs, tests, coded, together);
  const row = new Float64Array(inputs.length);
  return {
    scale,
    base: trees.reduce((total, tree) => total + meanOf(tree), base),
    terms: inputs.map(({ name }) => ({ name, columns: [name] })),
    kernel: (rows, lanes, outputs) => {
      for (const lane of outputs) nullRows(rows, lanes, rules, lane);
      for (let from = 0; from < rows; from += together) {
        const count = Math.min(together, rows - from);
        for (let c = 0; c < columns.length; c++) columns[c]!(lanes, from, count, cells, c * together);
        coded.columns.forEach((column, c) => {
          encode(column, cells, column.at * together, column.other * together, count, room.codes, c * together);
        });
        room.sums.fill(0);
        room.add(count);
        if (recursions.length > 0)
          for (let i = 0; i < count; i++) {
            row.fill(0);
            for (const add of recursions) add(cells, i, row);
            for (let k = 0; k < row.length; k++) room.sums[k * together + i]! += row[k]!;
          }
        for (let k = 0; k < outputs.length; k++)
          outputs[k]!.values.set(room.sums.subarray(k * together, k * together + count), from);
      }
      for (const lane of outputs) blankNulls(rows, lane);
    },
  };
}

/** Tables where they fit, else recursions. Here and not in the closure, lest it keep a copy of the tables. */
function prepare(
  trees: readonly Tree[],
  inputs: readonly Field[],
  tests: TreeTests,
  coded: ShapCodes,
  together: number,
): { readonly room: ShapRoom; readonly recursions: readonly AddShap[] } {
  const tables = shapTables(trees, coded);
  return {
    room: shapRoom(
      tables.flatMap((own) => own ?? []),
      coded.columns.length,
      inputs.length,
      together,
    ),
    recursions: trees.flatMap((tree, t) => (tables[t] ? [] : [shapRecursion(tree, tests.trees[t]!, together)])),
  };
}

/** Mean leaf value over the rows of the fit. */
function meanOf(tree: Tree): number {
  const { value, weight } = tree;
  const whole = splitWeights(tree)[0] ?? weight[0]!;
  return value.reduce((mean, v, k) => mean + v * (weight[k]! / whole), 0);
}
