import { type Lane, WHY } from '../model/batch.ts';
import type { Field } from '../model/field.ts';
import { BLOCK } from './block.ts';
import { setNull } from './nulls.ts';
import { type CellRule, isLeaf, type Tree } from './tree.ts';
import { cellProgram } from './tree-cells.ts';
import { codeTrees } from './tree-codes.ts';
import { FOUR, GROUP, OPERANDS } from './tree-select.ts';
import { levelPlaces, type TreeTests, treeTests } from './tree-tests.ts';
import { type Scratch, scratchAt } from './wasm/registry.ts';

/** Cells of the tests' columns that are held at a time: small enough for a core's own cache. */
const CELLS = 1 << 15;
const MOST_ROWS = 256;
/** Codes of columns that are held at a time, and as many mirrored ones. */
const CODES = 1 << 17;

/** Rows that are walked together, so that a tree is fetched once for many rows; a multiple of 4. */
export function rowsTogether(columns: number): number {
  return Math.max(8, Math.min(MOST_ROWS, (CELLS / Math.max(columns, 1)) & ~7));
}

/**
 * Binds `out = base + Σ over trees, in their order, of the leaf's value`. Marks the rows that a rule makes null; the
 * caller ends with `blankNulls`.
 */
export function bindTrees(
  trees: readonly Tree[],
  inputs: readonly Field[],
  rules: readonly CellRule[],
  base = 0,
): (rows: number, lanes: readonly Lane[], out: Lane) => void {
  const tests = treeTests(trees, inputs);
  // Only one of them runs, as a rule: neither is made before it is needed.
  let plain: Sum | undefined;
  let fast: ReturnType<typeof bindWasm> | undefined;
  return (rows, lanes, out) => {
    const scratch = trees.length > 0 ? scratchAt(out.values.buffer) : undefined;
    if (scratch) fast ??= bindWasm(trees, tests, base);
    if (!scratch || !fast!(scratch, rows, lanes, out)) {
      plain ??= bindPlain(trees, tests, base);
      plain(rows, lanes, out);
    }
    nullRows(rows, lanes, rules, out);
  };
}

type Sum = (rows: number, lanes: readonly Lane[], out: Lane) => void;

function bindPlain(trees: readonly Tree[], tests: TreeTests, base: number): Sum {
  const columns = tests.columns;
  const together = rowsTogether(columns.length);
  const flat = flatten(trees, tests, together);
  const cells = new Float64Array(Math.max(columns.length, 1) * together);
  const sums = new Float64Array(together);
  return (rows, lanes, out) => {
    for (let from = 0; from < rows; from += together) {
      const count = Math.min(together, rows - from);
      for (let c = 0; c < columns.length; c++) columns[c]!(lanes, from, count, cells, c * together);
      sums.fill(base);
      // Rows beyond the last one are walked as well; nobody reads their sums.
      walk(flat, cells, sums, (count + 3) & ~3);
      for (let i = 0; i < count; i++) out.values[from + i] = sums[i]!;
    }
  };
}

/** The same sums by WASM, or false where the memory has no room. */
function bindWasm(
  trees: readonly Tree[],
  tests: TreeTests,
  base: number,
): (scratch: Scratch, rows: number, lanes: readonly Lane[], out: Lane) => boolean {
  const { columns } = tests;
  const parts = codeTrees(trees, tests);
  if (typeof parts !== 'string') {
    const half = GROUP * columns.length;
    // As many rows at a time as keep their codes in a core's own cache.
    const together = Math.min(BLOCK, Math.max(1, Math.floor(CODES / Math.max(half, 1))) * GROUP);
    // Columns of one category in turn, so that its places are written once.
    const order = columns
      .map(({ levelsOf }, c) => ({ category: levelsOf?.at ?? -1, c }))
      .sort((a, b) => a.category - b.category);
    return (scratch, rows, lanes, out) => {
      const { kernels } = scratch;
      const mark = scratch.mark();
      const cells = scratch.numbers();
      const places = scratch.codes();
      const codes = scratch.bytes((2 * half * together) / GROUP);
      const operands = scratch.bytes(OPERANDS);
      const { buffer } = out.values;
      let fits = codes >= 0 && operands >= 0 && cells.buffer === buffer && places.buffer === buffer;
      out.values.fill(base, 0, rows);
      for (let part = 0; part < parts.length && fits; part++) {
        const { trees, bytes, tables, sameAs } = parts[part]!;
        const program = scratch.program(bytes);
        fits = program >= 0;
        if (!fits) break;
        for (let from = 0; from < rows; from += together) {
          const count = Math.min(together, rows - from);
          const groups = Math.ceil(count / GROUP);
          let placed = -1;
          for (let k = 0; k < order.length; k++) {
            const { category, c } = order[k]!;
            const same = sameAs[c]!;
            const to = codes + GROUP * c;
            const table = program + tables[c]!;
            if (same >= 0 && lanes[columns[c]!.numbersOf!]!.clean)
              kernels.copyCodes(codes + GROUP * same, to, groups, 2 * half);
            else if (tables[c]! >= 0 && category >= 0) {
              const { table: own } = columns[c]!.levelsOf!;
              if (category !== placed) levelPlaces(lanes[category]!, from, count, own, places);
              placed = category;
              kernels.codeLevels(places.byteOffset, count, table, own.length, to, 2 * half);
            } else if (tables[c]! >= 0) {
              columns[c]!(lanes, from, count, cells, 0);
              kernels.codeCells(cells.byteOffset, count, table, to, 2 * half);
            }
          }
          if (half > 0) kernels.mirrorCodes(codes, groups, half);
          const sums = out.values.byteOffset + 8 * from;
          kernels.selectTrees(program, Math.ceil(trees / FOUR), codes, groups, 2 * half, operands, sums);
        }
      }
      scratch.release(mark);
      return fits;
    };
  }
  const together = BLOCK;
  const cellsAndNodes = cellProgram(trees, tests, together);
  const first = columns.map(({ numbersOf }, c) =>
    columns.findIndex((column, earlier) => earlier < c && numbersOf !== undefined && column.numbersOf === numbersOf),
  );
  // Kept, as V8 throws code away that saw the last view of its kind die.
  let view: Float64Array = new Float64Array(0);
  return (scratch, rows, lanes, out) => {
    const mark = scratch.mark();
    const cells = scratch.bytes(8 * together * Math.max(columns.length, 1));
    const program = scratch.program(cellsAndNodes);
    const fits = cells >= 0 && program >= 0;
    if (fits) {
      const { buffer } = out.values;
      if (view.buffer !== buffer || view.byteOffset !== cells)
        view = new Float64Array(buffer, cells, together * columns.length);
      for (let c = 0; c < columns.length; c++) {
        const { numbersOf } = columns[c]!;
        const same = first[c]!;
        if (same >= 0 && lanes[numbersOf!]!.clean)
          view.copyWithin(c * together, same * together, same * together + rows);
        else columns[c]!(lanes, 0, rows, view, c * together);
      }
      out.values.fill(base, 0, (rows + 7) & ~7);
      scratch.kernels.walkCells(program, trees.length, cells, rows, out.values.byteOffset);
    }
    scratch.release(mark);
    return fits;
  };
}

/** Gives `out` the causes of null that no rule of the trees covers, in the order of inputs. */
export function nullRows(rows: number, lanes: readonly Lane[], rules: readonly CellRule[], out: Lane): void {
  if (!out.clean) out.why.fill(WHY.valid);
  out.clean = true;
  for (let k = 0; k < rules.length; k++) {
    const { missing, unseen } = rules[k]!;
    const { why, clean } = lanes[k]!;
    if (clean || (missing !== 'null' && unseen !== 'null')) continue;
    for (let i = 0; i < rows; i++) {
      const cause = why[i]!;
      if (cause === WHY.valid || (out.why[i] !== WHY.valid && !out.clean)) continue;
      if ((cause === WHY.unseenLevel ? unseen : missing) === 'null') setNull(out, i, cause);
    }
  }
}

interface Flat {
  readonly roots: Int32Array;
  readonly depths: Int32Array;
  /** A node's left child; the right one follows it. A leaf is its own. */
  readonly left: Int32Array;
  readonly column: Int32Array;
  readonly threshold: Float64Array;
  readonly value: Float64Array;
}

function flatten(trees: readonly Tree[], tests: TreeTests, together: number): Flat {
  const size = trees.reduce((all, tree) => all + 2 * tree.feature.length + 1, 0);
  const roots = new Int32Array(trees.length);
  const depths = new Int32Array(trees.length);
  const left = new Int32Array(size);
  const column = new Int32Array(size);
  const threshold = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  const value = new Float64Array(size);
  let next = 0;
  trees.forEach((tree, t) => {
    roots[t] = next;
    const place = new Int32Array(tree.feature.length);
    const depth = new Int32Array(tree.feature.length);
    const put = (child: number, at: number, level: number): void => {
      if (isLeaf(child)) {
        left[at] = at;
        value[at] = tree.value[~child]!;
        depths[t] = Math.max(depths[t]!, level);
      } else {
        place[child] = at;
        depth[child] = level;
      }
    };
    const { column: own, threshold: cut } = tests.trees[t]!;
    put(tree.feature.length > 0 ? 0 : ~0, next, 0);
    next++;
    for (let i = 0; i < own.length; i++) {
      const at = place[i]!;
      left[at] = next;
      column[at] = own[i]! * together;
      threshold[at] = cut[i]!;
      put(tree.left[i]!, next, depth[i]! + 1);
      put(tree.right[i]!, next + 1, depth[i]! + 1);
      next += 2;
    }
  });
  return { roots, depths, left, column, threshold, value };
}

/**
 * For each row and tree: from the root, `node = left[node] + (x > threshold)` until the deepest leaf's depth; a leaf
 * stays, since nothing is above ∞. Four rows at a time without a branch on data.
 */
function walk(
  { roots, depths, left, column, threshold, value }: Flat,
  x: Float64Array,
  sums: Float64Array,
  rows: number,
): void {
  for (let t = 0; t < roots.length; t++) {
    const root = roots[t]!;
    const depth = depths[t]!;
    for (let i = 0; i < rows; i += 4) {
      let a = root;
      let b = root;
      let c = root;
      let d = root;
      for (let level = 0; level < depth; level++) {
        a = left[a]! + Number(x[column[a]! + i]! > threshold[a]!);
        b = left[b]! + Number(x[column[b]! + i + 1]! > threshold[b]!);
        c = left[c]! + Number(x[column[c]! + i + 2]! > threshold[c]!);
        d = left[d]! + Number(x[column[d]! + i + 3]! > threshold[d]!);
      }
      sums[i] = sums[i]! + value[a]!;
      sums[i + 1] = sums[i + 1]! + value[b]!;
      sums[i + 2] = sums[i + 2]! + value[c]!;
      sums[i + 3] = sums[i + 3]! + value[d]!;
    }
  }
}
