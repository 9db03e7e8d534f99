import { isLeaf, type Tree } from './tree.ts';

/**
 * Lays the subtrees of `roots` breadth first, both children of a split side by side, the roots at 0, 1, … A leaf (split −1) is
 * its own left child. Gives the depth.
 */
export function layNodes(
  tree: Tree,
  roots: readonly number[],
  node: (at: number, left: number, split: number) => void,
  leaf: (at: number, value: number) => void,
): number {
  const children = [...roots];
  const levels = roots.map(() => 0);
  for (let at = 0; at < children.length; at++) {
    const child = children[at]!;
    if (isLeaf(child)) {
      node(at, at, -1);
      leaf(at, tree.value[~child]!);
    } else {
      node(at, children.length, child);
      children.push(tree.left[child]!, tree.right[child]!);
      levels.push(levels[at]! + 1, levels[at]! + 1);
    }
  }
  return Math.max(...levels);
}
