import { isLeaf, type Tree } from './tree.ts';
import type { TreeTests } from './tree-tests.ts';

/** Rows that are coded and compared together. */
export const GROUP = 64;
/** A code is a byte: of a column no more thresholds can be told apart. */
const MOST_THRESHOLDS = 255;
/** Columns that an offset of 16 bits reaches. */
const MOST_COLUMNS = 1023;
const MOST_CELLS = 2048;

/** What a plan makes of trees for the WASM kernels: columns as byte codes, and a program over the codes. */
export interface CodedTrees {
  /** One per column of the tests: how its cells become codes. */
  readonly tables: readonly Uint8Array[];
  /** Per column an earlier one that has the same codes where the input has no null, else −1. */
  readonly sameAs: readonly number[];
  readonly program: Uint8Array;
  readonly kind: 'select' | 'walk';
}

/**
 * The trees over 8-bit codes, code = #{thresholds < x}: `x > threshold k` is `code > k`, exactly. Null where a column
 * has more than 255 thresholds, or there are too many columns or nodes.
 */
export function codeTrees(trees: readonly Tree[], tests: TreeTests): CodedTrees | null {
  const columns = tests.columns.length;
  if (columns > MOST_COLUMNS) return null;
  const seen = Array.from({ length: columns }, () => new Set<number>());
  for (const { column, threshold } of tests.trees)
    column.forEach((c, i) => {
      seen[c]!.add(threshold[i]!);
    });
  const sameAs = tests.columns.map(({ numbersOf }, c) => {
    const first = numbersOf === undefined ? -1 : tests.columns.findIndex((column) => column.numbersOf === numbersOf);
    return first < c && first >= 0 && new Set([...seen[first]!, ...seen[c]!]).size <= MOST_THRESHOLDS ? first : -1;
  });
  sameAs.forEach((first, c) => {
    if (first >= 0) for (const threshold of seen[c]!) seen[first]!.add(threshold);
  });
  sameAs.forEach((first, c) => {
    if (first >= 0) seen[c] = seen[first]!;
  });
  const thresholds = seen.map((set) => Float64Array.from(set).sort());
  if (thresholds.some(({ length }) => length > MOST_THRESHOLDS)) return null;
  const index = thresholds.map((all) => new Map(Array.from(all, (value, k) => [value, k])));
  const codeOf = (t: number, i: number): number =>
    index[tests.trees[t]!.column[i]!]!.get(tests.trees[t]!.threshold[i]!)!;
  const kind = isSmall(trees) ? 'select' : 'walk';
  const program =
    kind === 'select'
      ? selectProgram(trees, tests, codeOf)
      : columns <= 256 && trees.every(({ value }) => 2 * value.length <= 65535)
        ? walkProgram(trees, tests, codeOf)
        : null;
  const tables = thresholds.map((own, c) => (sameAs[c]! < 0 ? codeTable(own) : null));
  return program && { tables: tables.map((table, c) => table ?? tables[sameAs[c]!]!), sameAs, program, kind };
}

/** Selecting costs by the split, walking by the level; measured, a level costs as much as twenty splits. */
function isSmall(trees: readonly Tree[]): boolean {
  const splits = trees.reduce((all, { feature }) => all + feature.length, 0);
  const levels = trees.reduce((all, tree) => all + layNodes(tree, ignore, ignore), 0);
  return trees.every(({ value }) => value.length <= 256) && splits <= 20 * levels;
}
function ignore(): void {}

/**
 * low, scale, cells − 1, comparisons, offset of the thresholds, then the first code of every cell of a grid over the
 * thresholds, then the thresholds and ∞. A cell's first code counts the thresholds in earlier cells: the grid is a monotone
 * function of x, so those are below x, and those in later cells are not.
 */
function codeTable(thresholds: Float64Array): Uint8Array {
  const finite = thresholds.filter(Number.isFinite);
  const low = finite[0] ?? 0;
  const span = (finite.at(-1) ?? 0) - low;
  let best = grid(thresholds, low, span, 16);
  for (let cells = 64; cells <= MOST_CELLS && best.most > 1; cells *= 4) {
    const finer = grid(thresholds, low, span, cells);
    if (finer.most < best.most) best = finer;
  }
  const { starts, most, scale } = best;
  const at = (32 + starts.length + 7) & ~7;
  const out = new Uint8Array(at + 8 * (thresholds.length + most + 1));
  const view = new DataView(out.buffer);
  view.setFloat64(0, low, true);
  view.setFloat64(8, scale, true);
  view.setFloat64(16, starts.length - 1, true);
  view.setInt32(24, most, true);
  view.setUint32(28, at, true);
  out.set(starts, 32);
  const ends = new Float64Array(out.buffer, at);
  ends.fill(Number.POSITIVE_INFINITY);
  ends.set(thresholds);
  return out;
}

interface Grid {
  readonly starts: Uint8Array;
  /** Most thresholds in one cell. */
  readonly most: number;
  readonly scale: number;
}

function grid(thresholds: Float64Array, low: number, span: number, cells: number): Grid {
  const wanted = cells / span;
  const scale = Number.isFinite(wanted) && Number.isFinite(span) ? wanted : 0;
  // 0·∞ is in cell 0, as for the kernel.
  const cellOf = (x: number): number => Math.trunc(Math.min(Math.max((x - low) * scale, 0), cells - 1)) || 0;
  const counts = new Uint32Array(cells);
  for (const threshold of thresholds) counts[cellOf(threshold)]!++;
  const starts = new Uint8Array(cells);
  for (let c = 1; c < cells; c++) starts[c] = starts[c - 1]! + counts[c - 1]!;
  return { starts, most: Math.max(...counts), scale };
}

type CodeOf = (tree: number, split: number) => number;

/** As `selectTrees` of trees.as.ts reads it. */
function selectProgram(trees: readonly Tree[], tests: TreeTests, codeOf: CodeOf): Uint8Array {
  const heads = trees.map(({ feature }) => 16 + ((12 * feature.length + 15) & ~15));
  const leavesAt = heads.reduce((all, size) => all + size, 0);
  const out = new Uint8Array(leavesAt + 8 * trees.reduce((all, { value }) => all + value.length, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  let leaves = leavesAt;
  trees.forEach((tree, t) => {
    view.setInt32(at, tree.feature.length, true);
    view.setUint32(at + 8, leaves, true);
    let op = at + 16;
    // The deeper side first, so that the room for results grows by the logarithm of the leaves only.
    const need = needs(tree);
    const put = (child: number, slot: number): number => {
      if (isLeaf(child)) return GROUP * ~child;
      const [left, right] = [tree.left[child]!, tree.right[child]!];
      const leftFirst = need(left) >= need(right);
      const first = put(leftFirst ? left : right, slot);
      const second = put(leftFirst ? right : left, isLeaf(leftFirst ? left : right) ? slot : slot + 1);
      const to = GROUP * (256 + slot);
      view.setUint16(op, GROUP * tests.trees[t]!.column[child]!, true);
      view.setUint16(op + 2, leftFirst ? first : second, true);
      view.setUint16(op + 4, leftFirst ? second : first, true);
      view.setUint16(op + 6, to, true);
      view.setInt8(op + 8, codeOf(t, child) - 128);
      op += 12;
      return to;
    };
    view.setUint32(at + 4, put(tree.feature.length > 0 ? 0 : ~0, 0), true);
    tree.value.forEach((value, k) => {
      view.setFloat64(leaves + 8 * k, value, true);
    });
    leaves += 8 * tree.value.length;
    at += heads[t]!;
  });
  return out;
}

/** What `selectTrees` chooses from: 256 constant results, then room for those in between; 256 leaves have at most 9 open. */
export function operandTable(): Uint8Array {
  made ??= Uint8Array.from({ length: GROUP * (256 + 16) }, (_, i) => i >> 6);
  return made;
}
let made: Uint8Array | undefined;

/** How many results are open at most while a subtree is computed, its deeper side first. */
function needs({ left, right }: Tree): (child: number) => number {
  const known = new Int32Array(left.length);
  const of = (child: number): number => (isLeaf(child) ? 0 : known[child]!);
  for (let i = left.length - 1; i >= 0; i--) {
    const [a, b] = [of(left[i]!), of(right[i]!)];
    known[i] = Math.max(a, b, Math.min(a, b) + 1);
  }
  return of;
}

/** As `walkCodes` reads it. */
function walkProgram(trees: readonly Tree[], tests: TreeTests, codeOf: CodeOf): Uint8Array {
  const counts = trees.map(({ value }) => 2 * value.length - 1);
  const sizes = counts.map((count) => 16 + ((4 * count + 15) & ~15));
  const valuesAt = sizes.reduce((all, size) => all + size, 0);
  const out = new Uint8Array(valuesAt + 8 * counts.reduce((all, count) => all + count, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  let values = valuesAt;
  trees.forEach((tree, t) => {
    const nodes = at + 16;
    const depth = layNodes(
      tree,
      (node, left, split) => {
        const column = split < 0 ? 0 : tests.trees[t]!.column[split]!;
        const threshold = split < 0 ? 127 : codeOf(t, split) - 128;
        view.setUint32(nodes + 4 * node, ((left << 16) | (column << 8) | (threshold & 255)) >>> 0, true);
      },
      (node, value) => view.setFloat64(values + 8 * node, value, true),
    );
    view.setInt32(at, depth, true);
    view.setUint32(at + 4, counts[t]!, true);
    view.setUint32(at + 8, values, true);
    values += 8 * counts[t]!;
    at += sizes[t]!;
  });
  return out;
}

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

/** Lays a tree breadth first, both children of a split side by side. A leaf (split −1) is its own left child. Gives the depth. */
export function layNodes(
  tree: Tree,
  node: (at: number, left: number, split: number) => void,
  leaf: (at: number, value: number) => void,
): number {
  const children = [tree.feature.length > 0 ? 0 : ~0];
  const levels = [0];
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
