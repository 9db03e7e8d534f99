import { heightsOf, type Tree } from './tree.ts';
import { FOUR, selectProgram } from './tree-select.ts';
import type { LevelTable, TreeTests } from './tree-tests.ts';

/** A code is a byte: of a column no more thresholds can be told apart. */
const MOST_THRESHOLDS = 255;
const MOST_CELLS = 4096;
/** What making a cell a code costs, in levels that a row walks down a tree cell by cell; an estimate. */
const LEVELS_PER_CELL = 2;

/** What a plan makes of trees for the WASM kernels: columns as byte codes, and a program over the codes. */
export interface CodedTrees {
  readonly trees: number;
  /** The program, then the tables: how the cells of a column become codes, or its levels. */
  readonly bytes: Uint8Array;
  /** Per column of the tests where its table begins, −1 when the trees do not ask for it. */
  readonly tables: readonly number[];
  /** Per column an earlier one that has the same codes where the input has no null, else −1. */
  readonly sameAs: readonly number[];
}

/**
 * The trees over 8-bit codes, code = #{thresholds < x}: `x > threshold k` is `code > k`, exactly. In parts, as many trees in
 * each as have no more than 255 thresholds on a column; or why that cannot be, or would not pay.
 */
export function codeTrees(trees: readonly Tree[], tests: TreeTests): readonly CodedTrees[] | string {
  if (trees.length < FOUR) return `coding the cells pays from ${FOUR} trees on`;
  const parts: CodedTrees[] = [];
  let cells = 0;
  for (let from = 0; from < trees.length; ) {
    const seen = tests.columns.map(() => new Set<number>());
    let to = from;
    let most = 0;
    while (to < trees.length) {
      const more = moreThresholds(seen, tests, to, to + FOUR);
      most = more.reduce((largest, { size }, c) => Math.max(largest, size + seen[c]!.size), 0);
      if (most > MOST_THRESHOLDS) break;
      more.forEach((own, c) => {
        for (const threshold of own) seen[c]!.add(threshold);
      });
      to = Math.min(trees.length, to + FOUR);
    }
    if (to === from)
      return `an 8-bit code tells ${MOST_THRESHOLDS} thresholds of a column apart, there is one with ${most}`;
    const part = codePart(trees.slice(from, to), { ...tests, trees: tests.trees.slice(from, to) }, seen);
    if (part === null) return 'there are too many columns or leaves for a walk over codes';
    parts.push(part);
    cells += part.tables.filter((table) => table >= 0).length;
    from = to;
  }
  const levels = trees.reduce((all, tree) => all + (heightsOf(tree)[0] ?? 0), 0);
  return LEVELS_PER_CELL * cells < levels
    ? parts
    : `coding ${cells} cells per row takes longer than walking ${levels} levels`;
}

/** The thresholds of each column that some trees have beyond those seen. */
function moreThresholds(seen: readonly Set<number>[], tests: TreeTests, from: number, to: number): Set<number>[] {
  const more = seen.map(() => new Set<number>());
  for (const { column, threshold } of tests.trees.slice(from, to))
    for (let i = 0; i < column.length; i++)
      if (!seen[column[i]!]!.has(threshold[i]!)) more[column[i]!]!.add(threshold[i]!);
  return more;
}

function codePart(trees: readonly Tree[], tests: TreeTests, own: readonly Set<number>[]): CodedTrees | null {
  const seen = [...own];
  const sameAs = tests.columns.map(({ numbersOf }, c) => {
    const first = numbersOf === undefined ? -1 : tests.columns.findIndex((column) => column.numbersOf === numbersOf);
    if (first < 0 || first >= c || seen[c]!.size === 0) return -1;
    const both = new Set([...seen[first]!, ...seen[c]!]);
    if (both.size > MOST_THRESHOLDS) return -1;
    seen[first] = both;
    return first;
  });
  const tables: number[] = [];
  const made: Uint8Array[] = [];
  const index: Map<number, number>[] = [];
  let next = 0;
  sameAs.forEach((first, c) => {
    const thresholds = Float64Array.from(seen[first < 0 ? c : first]!).sort();
    index.push(new Map(Array.from(thresholds, (value, k) => [value, k])));
    tables.push(first >= 0 ? tables[first]! : thresholds.length > 0 ? next : -1);
    if (first >= 0 || thresholds.length === 0) return;
    const { levelsOf } = tests.columns[c]!;
    const table = levelsOf ? padded(levelsOf.table) : codeTable(thresholds);
    made.push(table);
    next += table.length;
  });
  const program = selectProgram(trees, tests, (t, i) => {
    const { column, threshold } = tests.trees[t]!;
    return index[column[i]!]!.get(threshold[i]!)!;
  });
  if (program === null) return null;
  const bytes = new Uint8Array(program.length + next);
  bytes.set(program);
  let at = program.length;
  for (const table of made) {
    bytes.set(table, at);
    at += table.length;
  }
  return {
    trees: trees.length,
    bytes,
    tables: tables.map((table) => (table < 0 ? -1 : program.length + table)),
    sameAs,
  };
}

/** 0 and 1 are the codes of what is to the left and right of the one threshold. The kernel reads 16 bytes. */
function padded(table: LevelTable): Uint8Array {
  const out = new Uint8Array((table.length + 15) & ~15);
  out.set(table);
  return out;
}

/** Where the whole numbers of float64 are one apart. */
const WHOLE = 2 ** 52;

/**
 * scale, shift, last cell, comparisons, offset of the thresholds, then the first code of every cell of a grid over the
 * thresholds, then the thresholds and ∞. A cell's first code counts the thresholds in earlier cells: the grid is a monotone
 * function of x, so those are below x, and those in later cells are not.
 */
function codeTable(thresholds: Float64Array): Uint8Array {
  let best = grid(thresholds, 16);
  for (let cells = 64; cells <= MOST_CELLS && best.most > 1; cells *= 4) {
    const finer = grid(thresholds, cells);
    if (finer.most < best.most) best = finer;
  }
  const { starts, most, scale, shift } = best;
  const at = (32 + starts.length + 7) & ~7;
  const out = new Uint8Array(at + 8 * (thresholds.length + most + 1));
  const view = new DataView(out.buffer);
  view.setFloat64(0, scale, true);
  view.setFloat64(8, shift, true);
  view.setFloat64(16, WHOLE + starts.length - 1, true);
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
  readonly shift: number;
}

function grid(thresholds: Float64Array, cells: number): Grid {
  const low = thresholds[0]!;
  const wanted = cells / (thresholds.at(-1)! - low);
  const whole = Number.isFinite(wanted) && Number.isFinite(low * wanted);
  const [scale, shift] = whole ? [wanted, WHOLE - low * wanted] : [0, WHOLE];
  // 0·∞ is in cell 0, as for the kernel.
  const cellOf = (x: number): number => {
    const placed = x * scale + shift;
    return Math.min(placed > WHOLE ? placed : WHOLE, WHOLE + cells - 1) - WHOLE;
  };
  const counts = new Uint8Array(cells);
  let most = 0;
  for (const threshold of thresholds) most = Math.max(most, ++counts[cellOf(threshold)]!);
  const starts = new Uint8Array(cells);
  for (let c = 1; c < cells; c++) starts[c] = starts[c - 1]! + counts[c - 1]!;
  return { starts, most, scale, shift };
}
