import { ClienteleError, fail } from '../errors.ts';
import { knownOptions } from '../model/options.ts';
import { checkedMatrix, type JudgementMatrix, type Judgements, judgementMatrix } from './judgement-matrix.ts';
import { type Priorities, type PriorityOptions, priorities } from './priorities.ts';
import { checkedWeights } from './weights.ts';

/** A node of the tree: a leaf, or a node with children and either judgements on them or their weights (S17). */
export interface HierarchyNode {
  /** Distinct among its siblings; the same name may stand in other branches. */
  readonly name: string;
  readonly children?: readonly HierarchyNode[];
  /**
   * Judgements on the children, in their order or by their names, or a matrix that was made from them: completed, or of a
   * group. A single child needs neither these nor weights.
   */
  readonly judgements?: Judgements | JudgementMatrix;
  /** Weights of the children, in their order. */
  readonly weights?: readonly number[];
}

export interface HierarchyOptions extends PriorityOptions {
  /** End of the judgement scale. Default: 9. */
  readonly largest?: number;
  /** Brings direct weights that do not sum to 1 (rounded ones, points) to sum 1. Default: false, such weights are refused. */
  readonly renormalise?: boolean;
}

/** An inner node with the local weights of its children. */
export interface HierarchyBranch {
  /** Names from below the root down to this node; empty for the root. */
  readonly path: readonly string[];
  readonly weight: number;
  readonly children: readonly string[];
  readonly local: readonly number[];
  /** How the local weights came from judgements; `null` for direct weights and single children. */
  readonly priorities: Priorities | null;
}

/** A leaf with its composite (global) weight. */
export interface HierarchyLeaf {
  /** Names from below the root down to the leaf: what identifies it. */
  readonly path: readonly string[];
  readonly name: string;
  readonly weight: number;
}

export interface Hierarchy {
  /** Inner nodes, the root first, each before its children. */
  readonly branches: readonly HierarchyBranch[];
  /** Leaves in the order of the tree. Their weights sum to 1. */
  readonly leaves: readonly HierarchyLeaf[];
}

/**
 * Composite weights of a hierarchy's leaves, W_leaf = Π of the local weights on the path (S22), kept at full precision.
 *
 * @throws ClienteleError `invalid-option` that names the node: repeated children, neither or both of judgements and
 *   weights, weights that do not sum to 1; the errors of {@link judgementMatrix} and {@link priorities} with the node.
 * @example
 * hierarchy({ name: 'value', weights: [2 / 3, 1 / 3], children: [
 *   { name: 'current', children: [{ name: 'profit' }, { name: 'volume' }], judgements: [4] },
 *   { name: 'potential' },
 * ] }).leaves.map((leaf) => leaf.weight) // [0.5333…, 0.1333…, 0.3333…]
 */
export function hierarchy(root: HierarchyNode, options: HierarchyOptions = {}): Hierarchy {
  knownOptions(options, 'hierarchy', 'largest renormalise method randomIndex');
  const branches: HierarchyBranch[] = [];
  const leaves: HierarchyLeaf[] = [];
  const visit = (node: HierarchyNode, path: readonly string[], weight: number): void => {
    const { children } = node;
    if (children === undefined) {
      if (node.judgements || node.weights) fail('invalid-option', `"${node.name}" has weights but no children`);
      leaves.push({ path, name: node.name, weight });
      return;
    }
    const names = children.map((child) => child.name);
    const derived = localWeights(node, names, options);
    const local = derived.weights;
    branches.push({ path, weight, children: names, local, priorities: 'lambdaMax' in derived ? derived : null });
    children.forEach((child, i) => {
      visit(child, [...path, child.name], weight * local[i]!);
    });
  };
  if (root.children === undefined)
    fail('invalid-option', `"${root.name}" has no children: a hierarchy needs a root with some`);
  visit(root, [], 1);
  return { branches, leaves };
}

function localWeights(
  { name, judgements, weights }: HierarchyNode,
  children: readonly string[],
  { largest, renormalise = false, ...how }: HierarchyOptions,
): Priorities | { readonly weights: readonly number[] } {
  const place = `children of "${name}"`;
  if (children.length === 0) fail('invalid-option', `${place}: there are none; leave the list out for a leaf`);
  const repeated = children.find((child, i) => children.indexOf(child) !== i);
  if (repeated !== undefined) fail('invalid-option', `${place}: "${repeated}" is repeated`);
  if (judgements && weights) fail('invalid-option', `${place}: give judgements or weights, not both`);
  if (weights) {
    if (weights.length !== children.length)
      fail('wrong-length', `${place}: ${weights.length} weights for ${children.length} children`);
    return { weights: checkedWeights(weights, renormalise, place) };
  }
  if (judgements)
    try {
      return priorities(matrixOn(children, judgements, largest), how);
    } catch (error) {
      if (error instanceof ClienteleError) fail(error.code, `${place}: ${error.message}`);
      throw error;
    }
  if (children.length > 1) fail('invalid-option', `${place}: give judgements or weights`);
  return { weights: [1] };
}

function matrixOn(
  children: readonly string[],
  judgements: Judgements | JudgementMatrix,
  largest: number | undefined,
): JudgementMatrix {
  if (typeof judgements !== 'object' || !('items' in judgements))
    return judgementMatrix(judgements, { items: children, ...(largest ? { largest } : {}) });
  const { items, values } = checkedMatrix(judgements);
  if (items.length !== children.length || items.some((item, i) => item !== children[i]))
    fail('invalid-value', `the judgements are on ${items.join(', ')}: name ${children.join(', ')} in this order`);
  return judgementMatrix(values, { items: children, largest: Number.POSITIVE_INFINITY });
}

/**
 * One leaf by its path from below the root.
 * @throws ClienteleError `invalid-option` when there is none.
 * @example leafOf(hierarchy(tree), 'current', 'profit').weight
 */
export function leafOf({ leaves }: Hierarchy, ...path: readonly string[]): HierarchyLeaf {
  const same = (leaf: HierarchyLeaf): boolean =>
    leaf.path.length === path.length && leaf.path.every((step, i) => step === path[i]);
  return (
    leaves.find(same) ??
    fail(
      'invalid-option',
      `no leaf ${path.join(' › ')}: there are ${leaves.map((leaf) => leaf.path.join(' › ')).join(', ')}`,
    )
  );
}
