import { fail } from '../errors.ts';
import { type Check, finite, flag, listOf, oneOf, positive, record, whole } from '../model/checks.ts';
import type { Field } from '../model/field.ts';

/**
 * A binary tree as models store it, shared by single trees, forests and boosting. Split `i` has an entry in `feature` …
 * `nullLeft`; split 0 is the root, unless there is none and leaf 0 is all. `left` and `right` hold the number of a later
 * split, or `~leaf` (−1 − leaf).
 */
export interface Tree {
  /** Index of the input a split looks at. */
  readonly feature: readonly number[];
  /** A number goes left when `x <= threshold`. At a split on a category this is the index of the levels that go left. */
  readonly threshold: readonly number[];
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** 1: a null goes left, unless a surrogate decides; 0: right. */
  readonly nullLeft: readonly number[];
  /** Sets of level codes, ascending. */
  readonly subsets: readonly (readonly number[])[];
  /** Splits that stand in for a null, ordered by split, the better one first. */
  readonly surrogates: readonly Surrogate[];
  /** What a leaf adds to the score. */
  readonly value: readonly number[];
  /** Weight of the rows of the fit that ended in the leaf. */
  readonly weight: readonly number[];
}

/** Another split that imitates split `split`. */
export interface Surrogate {
  readonly split: number;
  readonly feature: number;
  readonly threshold: number;
  /** The side that is left in {@link Tree} goes right here. */
  readonly reversed: boolean;
}

/** What happens to cells that cannot be compared, per input. */
export interface CellRule {
  /** A null: gives null, or goes the way that the trees state. */
  readonly missing: 'null' | 'direction' | 'surrogate';
  /** A level the fit did not see: goes with the majority of the rows of the fit, or gives null. */
  readonly unseen: 'majority' | 'null';
  /** Nulls in the rows of the fit. */
  readonly nulls: number;
}

const shape: Check<Tree> = record({
  feature: listOf(whole()),
  threshold: listOf(finite),
  left: listOf(whole(-(2 ** 31), 2 ** 31)),
  right: listOf(whole(-(2 ** 31), 2 ** 31)),
  nullLeft: listOf(whole(0, 1)),
  subsets: listOf(listOf(whole())),
  surrogates: listOf(record({ split: whole(), feature: whole(), threshold: finite, reversed: flag })),
  value: listOf(finite),
  weight: listOf(positive),
});

/** The rules of a model, one per input. */
export const cellRules: Check<readonly CellRule[]> = listOf(
  record({
    missing: oneOf('null', 'direction', 'surrogate'),
    unseen: oneOf('majority', 'null'),
    nulls: whole(),
  }),
);

/** Leaves are told from splits by the sign: `~leaf`. */
export const isLeaf = (child: number): boolean => child < 0;

/**
 * Reads a tree over `inputs`: every index in range, children after parents, and every split and leaf but the root the
 * child of exactly one split, so that each row ends in one leaf.
 */
export function parseTree(json: unknown, path: string, inputs: readonly Field[]): Tree {
  const tree = shape(json, path);
  const splits = tree.feature.length;
  for (const key of ['threshold', 'left', 'right', 'nullLeft'] as const)
    if (tree[key].length !== splits)
      fail('invalid-model', `${path}.${key}: expected ${splits}, one per split, got ${tree[key].length}`);
  for (const key of ['value', 'weight'] as const)
    if (tree[key].length !== splits + 1)
      fail('invalid-model', `${path}.${key}: expected ${splits + 1}, one per leaf, got ${tree[key].length}`);
  checkLinks(tree, path);
  tree.subsets.forEach((codes, k) => {
    if (codes.some((code, i) => i > 0 && code <= codes[i - 1]!))
      fail('invalid-model', `${path}.subsets[${k}]: level codes must ascend`);
  });
  for (let i = 0; i < splits; i++) checkTest(tree, tree.feature[i]!, tree.threshold[i]!, inputs, `${path}, split ${i}`);
  tree.surrogates.forEach(({ split, feature, threshold }, k) => {
    const at = `${path}.surrogates[${k}]`;
    if (split >= splits || split < (tree.surrogates[k - 1]?.split ?? 0))
      fail('invalid-model', `${at}.split: ${split} is no split, or out of order`);
    if (feature === tree.feature[split]) fail('invalid-model', `${at}.feature: the split's own feature`);
    checkTest(tree, feature, threshold, inputs, at);
  });
  return tree;
}

/** Longest path that is read; walks go as deep as the deepest leaf. */
export const MOST_DEPTH = 64;

function checkLinks({ left, right }: Tree, path: string): void {
  const splits = left.length;
  const splitSeen = new Uint8Array(splits);
  const leafSeen = new Uint8Array(splits + 1);
  const depth = new Uint8Array(splits);
  for (let i = 0; i < splits; i++) {
    if (depth[i]! >= MOST_DEPTH) fail('invalid-model', `${path}, split ${i}: deeper than ${MOST_DEPTH}`);
    for (const links of [left, right]) {
      const child = links[i]!;
      const wrong = (what: string): never =>
        fail('invalid-model', `${path}.${links === left ? 'left' : 'right'}[${i}]: ${what}`);
      if (isLeaf(child)) {
        if (~child > splits) wrong(`leaf ${~child} of ${splits + 1}`);
        if (leafSeen[~child]!++ > 0) wrong(`leaf ${~child} has two parents`);
      } else {
        if (child <= i || child >= splits) wrong(`${child} is no later split`);
        if (splitSeen[child]!++ > 0) wrong(`split ${child} has two parents`);
        depth[child] = depth[i]! + 1;
      }
    }
  }
}

function checkTest(tree: Tree, feature: number, threshold: number, inputs: readonly Field[], at: string): void {
  const field = inputs[feature] ?? fail('invalid-model', `${at}: no input ${feature}`);
  if (field.type === 'number') return;
  const codes = tree.subsets[threshold] ?? fail('invalid-model', `${at}: no subset ${threshold}`);
  const last = codes[codes.length - 1];
  if (last !== undefined && last >= field.levels!.length)
    fail('invalid-model', `${at}: "${field.name}" has no level ${last}`);
}

/** Weight of the rows below every split; leaves hold their own. */
export function splitWeights({ left, right, weight }: Tree): Float64Array {
  const out = new Float64Array(left.length);
  const of = (child: number): number => (isLeaf(child) ? weight[~child]! : out[child]!);
  for (let i = left.length - 1; i >= 0; i--) out[i] = of(left[i]!) + of(right[i]!);
  return out;
}

/** Whether more of the fit's rows went left at each split (1; a tie goes left) or right (0). */
export function majorities(tree: Tree): Uint8Array {
  const below = splitWeights(tree);
  const of = (child: number): number => (isLeaf(child) ? tree.weight[~child]! : below[child]!);
  return Uint8Array.from(tree.left, (child, i) => (of(child) >= of(tree.right[i]!) ? 1 : 0));
}

/** Levels below every split; a leaf has none. */
export function heightsOf({ left, right }: Tree): Uint8Array {
  const out = new Uint8Array(left.length);
  const of = (child: number): number => (isLeaf(child) ? 0 : out[child]!);
  for (let i = left.length - 1; i >= 0; i--) out[i] = 1 + Math.max(of(left[i]!), of(right[i]!));
  return out;
}
