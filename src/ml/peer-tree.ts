import type { DecisionTreeReport } from '../churn/trees/tree-kind.ts';
import { fail } from '../errors.ts';
import { MOST_DEPTH, type Tree } from '../kernels/tree.ts';
import { finite, listOf, whole, within } from '../model/checks.ts';
import { nextDown } from '../numerics/next-down.ts';
import type { MatrixLayout } from './ml-feature.ts';
import { anyObject } from './peer-json.ts';

/** A node of a tree of ml-cart: `x < value` of its column goes left. */
export type PeerNode = PeerSplit | PeerLeaf;
interface PeerSplit {
  /** Rows of the fit that reached the node; null where the file does not say. */
  size: number | null;
  readonly column: number;
  readonly value: number;
  readonly gain: number;
  readonly left: PeerNode;
  readonly right: PeerNode;
}
interface PeerLeaf {
  size: number | null;
  readonly shares: readonly number[];
}
const isSplit = (node: PeerNode): node is PeerSplit => 'left' in node;

/** Reads a node with all below it. As in ml-cart, a node with a distribution is a leaf. */
export function readPeerNode(json: unknown, path: string, columns: number, depth = 0): PeerNode {
  const node = anyObject(json, path);
  const size = (node.numberSamples ?? null) === null ? null : whole(1)(node.numberSamples, `${path}.numberSamples`);
  if (node.distribution !== undefined) {
    const at = `${path}.distribution`;
    // Shares are sums of 1/n, which round above 1.
    const shares = listOf(listOf(within(0, 1 + 1e-9)), 1)(node.distribution, at)[0]!.map((share) => Math.min(share, 1));
    if (!(Math.abs(shares.reduce((total, share) => total + share, 0) - 1) <= 1e-9))
      fail('invalid-model', `${at}: the shares of the classes do not add up to 1`);
    return { size, shares };
  }
  if (node.left === undefined || node.right === undefined)
    fail('invalid-model', `${path}: neither a distribution nor two children: has the tree been trained?`);
  if (depth >= MOST_DEPTH) fail('invalid-model', `${path}: deeper than ${MOST_DEPTH}: train with a smaller maxDepth`);
  return {
    size,
    column: whole(0, columns - 1)(node.splitColumn, `${path}.splitColumn`),
    value: finite(node.splitValue, `${path}.splitValue`),
    gain: typeof node.gain === 'number' ? node.gain : 0,
    left: readPeerNode(node.left, `${path}.left`, columns, depth + 1),
    right: readPeerNode(node.right, `${path}.right`, columns, depth + 1),
  };
}

/** Writes to every node how many of these rows reach it. */
export function countRows(node: PeerNode, rows: readonly (readonly number[])[]): void {
  node.size = rows.length;
  if (!isSplit(node)) return;
  const { column, value } = node;
  countRows(
    node.left,
    rows.filter((row) => row[column]! < value),
  );
  countRows(
    node.right,
    rows.filter((row) => !(row[column]! < value)),
  );
}

/** Classes that the leaves know of: ml-cart cuts each distribution after the last class of the leaf. */
function classesOf(node: PeerNode): number {
  return isSplit(node) ? Math.max(classesOf(node.left), classesOf(node.right)) : node.shares.length;
}

/** What a `decisionTree` model holds of the peer's tree. */
export interface TreePart {
  readonly tree: Tree;
  readonly report: Omit<DecisionTreeReport, 'warnings'>;
  /** Leaves whose size is not known. */
  readonly guessed: number;
}

/** The peer's tree over raw columns, each of which holds numbers as they are or levels. */
export function treePart(root: PeerNode, { inputs, columns }: MatrixLayout, churned: number): TreePart {
  const classes = classesOf(root);
  if (churned >= classes) fail('invalid-option', `invalid churned: ${churned}; the tree knows ${classes} classes`);
  const feature: number[] = [];
  const threshold: number[] = [];
  const left: number[] = [];
  const right: number[] = [];
  const nullLeft: number[] = [];
  const subsets: (readonly number[])[] = [];
  const value: number[] = [];
  const weight: number[] = [];
  const gains = inputs.map(() => 0);
  let depth = 0;
  let guessed = 0;
  let events = 0;
  const put = (node: PeerNode, size: number | null, sure: boolean, level: number): { link: number; total: number } => {
    if (!isSplit(node)) {
      const share = node.shares[churned] ?? 0;
      const own = size ?? 1;
      if (!sure) guessed++;
      depth = Math.max(depth, level);
      events += own * share;
      value.push(share + 0);
      weight.push(own);
      return { link: ~(value.length - 1), total: own };
    }
    const { input, level: code } = columns[node.column]!;
    const at = feature.push(input) - 1;
    if (code < 0) threshold.push(nextDown(node.value));
    else {
      const goesLeft = inputs[input]!.levels!.flatMap((_, k) => ((k === code ? 1 : 0) < node.value ? [k] : []));
      threshold.push(subsets.push(goesLeft) - 1);
    }
    // NaN is below nothing; a null category is 0 in the columns of all levels.
    nullLeft.push(code >= 0 && 0 < node.value ? 1 : 0);
    left.push(0);
    right.push(0);
    const rest = (own: PeerNode, other: PeerNode): readonly [number | null, boolean] => {
      if (own.size !== null) return [own.size, true];
      if (size === null) return [null, false];
      if (other.size === null) return [size / 2, false];
      return size > other.size
        ? [size - other.size, sure]
        : fail('invalid-model', `ml-cart: a child with ${other.size} samples below a node with ${size}`);
    };
    const low = put(node.left, ...rest(node.left, node.right), level + 1);
    const high = put(node.right, ...rest(node.right, node.left), level + 1);
    left[at] = low.link;
    right[at] = high.link;
    const total = low.total + high.total;
    gains[input] = gains[input]! + total * node.gain;
    return { link: at, total };
  };
  const { total } = put(root, root.size, root.size !== null, 0);
  const gained = gains.reduce((sum, gain) => sum + gain, 0);
  const tree = { feature, threshold, left, right, nullLeft, subsets, surrogates: [], value, weight };
  return {
    tree,
    guessed,
    report: {
      status: 'converged',
      rows: root.size ?? 0,
      baseRate: events / total,
      leaves: value.length,
      depth,
      importance: inputs
        .map(({ name }, k) => ({ column: name, importance: gained > 0 ? gains[k]! / gained : 0 }))
        .sort((a, b) => b.importance - a.importance),
      complexity: 0,
      smoothing: 0,
      pruning: null,
    },
  };
}
