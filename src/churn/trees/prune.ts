import { type Criterion, impurityMass } from './best-split.ts';
import type { GrownNode } from './grow.ts';

/** Below this a decrease of the impurity (at most ln 2) is rounding. */
const NOTHING = 1e-14;

/**
 * Minimal cost-complexity pruning (Breiman et al. 1984, §3.3): for every node the complexity α at which it becomes a leaf,
 * ∞ for leaves as grown. The tree of a given α, the smallest of those that minimise R(T) + α·leaves, has the nodes with
 * `collapse <= α` cut to leaves. R is Σ leaves (share of weight)·impurity. The weakest link, the node with the least
 * (R(t) − R(T_t))/(leaves − 1), goes first; a node never goes after its parent.
 */
export function collapsePoints(nodes: readonly GrownNode[], criterion: Criterion): Float64Array {
  const size = nodes.length;
  const whole = nodes[0]!.weight;
  const parent = new Int32Array(size).fill(-1);
  const leaves = new Int32Array(size);
  const own = Float64Array.from(nodes, ({ weight, events }) => impurityMass(weight, events, criterion) / whole);
  const below = own.slice();
  for (let t = size - 1; t >= 0; t--) {
    const { split } = nodes[t]!;
    leaves[t] = split === null ? 1 : leaves[split.left]! + leaves[split.right]!;
    if (split === null) continue;
    below[t] = below[split.left]! + below[split.right]!;
    parent[split.left] = t;
    parent[split.right] = t;
  }
  const collapse = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  const strength = (t: number): number => (own[t]! - below[t]!) / (leaves[t]! - 1);
  const queue = new Queue();
  for (let t = 0; t < size; t++) if (leaves[t]! > 1) queue.add(strength(t), t);
  let alpha = 0;
  for (let t = queue.next(); t >= 0; t = queue.next()) {
    // Cut already, or an entry from before something below was cut.
    if (leaves[t] === 1 || queue.key !== strength(t) || isCutOff(t, parent, leaves)) continue;
    alpha = Math.max(alpha, queue.key > NOTHING ? queue.key : 0);
    collapse[t] = alpha;
    const gone = leaves[t]! - 1;
    const more = own[t]! - below[t]!;
    leaves[t] = 1;
    below[t] = own[t]!;
    for (let up = parent[t]!; up >= 0; up = parent[up]!) {
      leaves[up] = leaves[up]! - gone;
      below[up] = below[up]! + more;
      if (leaves[up]! > 1) queue.add(strength(up), up);
    }
  }
  for (let t = 1; t < size; t++)
    if (nodes[t]!.split !== null) collapse[t] = Math.min(collapse[t]!, collapse[parent[t]!]!);
  return collapse;
}

function isCutOff(t: number, parent: Int32Array, leaves: Int32Array): boolean {
  for (let up = parent[t]!; up >= 0; up = parent[up]!) if (leaves[up] === 1) return true;
  return false;
}

/** A binary heap of nodes by key, equal keys by node. */
class Queue {
  /** Of the node that came last. */
  key = 0;
  private readonly keys: number[] = [];
  private readonly items: number[] = [];

  add(key: number, item: number): void {
    const { keys, items } = this;
    let at = keys.length;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (keys[up]! < key || (keys[up] === key && items[up]! <= item)) break;
      keys[at] = keys[up]!;
      items[at] = items[up]!;
      at = up;
    }
    keys[at] = key;
    items[at] = item;
  }

  /** −1 when empty. */
  next(): number {
    const { keys, items } = this;
    if (keys.length === 0) return -1;
    const item = items[0]!;
    this.key = keys[0]!;
    const key = keys.pop()!;
    const moved = items.pop()!;
    const size = keys.length;
    if (size === 0) return item;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      const other = child + 1;
      if (
        other < size &&
        (keys[other]! < keys[child]! || (keys[other] === keys[child] && items[other]! < items[child]!))
      )
        child = other;
      if (key < keys[child]! || (key === keys[child] && moved <= items[child]!)) break;
      keys[at] = keys[child]!;
      items[at] = items[child]!;
      at = child;
    }
    keys[at] = key;
    items[at] = moved;
    return item;
  }
}
