import type { Tree } from './tree.ts';
import { layNodes } from './tree-nodes.ts';
import type { TreeTests } from './tree-tests.ts';

/** As `walkCells` reads it: float64 cells in columns of `together` rows. */
export function cellProgram(trees: readonly Tree[], tests: TreeTests, together: number): Uint8Array {
  const counts = trees.map(({ value }) => 2 * value.length - 1);
  const valuesAt = counts.reduce((all, count) => all + 16 + 16 * count, 0);
  const out = new Uint8Array(valuesAt + 8 * counts.reduce((all, count) => all + count, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  let values = valuesAt;
  trees.forEach((tree, t) => {
    const nodes = at + 16;
    const depth = layNodes(
      tree,
      [tree.feature.length > 0 ? 0 : ~0],
      (node, left, split) => {
        const { column, threshold } = tests.trees[t]!;
        view.setFloat64(nodes + 16 * node, split < 0 ? Number.POSITIVE_INFINITY : threshold[split]!, true);
        view.setUint32(nodes + 16 * node + 8, split < 0 ? 0 : 8 * together * column[split]!, true);
        view.setUint32(nodes + 16 * node + 12, left, true);
      },
      (node, value) => view.setFloat64(values + 8 * node, value, true),
    );
    view.setInt32(at, depth, true);
    view.setUint32(at + 4, counts[t]!, true);
    view.setUint32(at + 8, values, true);
    values += 8 * counts[t]!;
    at = nodes + 16 * counts[t]!;
  });
  return out;
}
