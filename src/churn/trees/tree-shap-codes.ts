import type { Tree } from '../../kernels/tree.ts';
import type { TreeTests } from '../../kernels/tree-tests.ts';
import type { Field } from '../../model/field.ts';

/** The splits of a tree on codes: split `i` goes right when the code of `column[i]` is above `rank[i]`. */
export interface RankedTests {
  readonly column: Int32Array;
  readonly rank: Int32Array;
}

/** A column of codes: code = #{thresholds < x}. */
export interface CodeColumn {
  /** Of the tests' columns. */
  readonly at: number;
  /** The column that is alike but for nulls, which are −∞ in one of them and ∞ in the other; −1 when there is none. */
  readonly other: number;
  readonly thresholds: Float64Array;
  /** The code of a null that may go either way, −1 when there is none. */
  readonly nullCode: number;
}

export interface ShapCodes {
  readonly columns: readonly CodeColumn[];
  readonly trees: readonly RankedTests[];
}

/**
 * Columns of codes for the splits of trees. Splits of one number that send nulls different ways share a column, so that
 * what they ask of a row is told by one code.
 */
export function shapCodes(trees: readonly Tree[], tests: TreeTests, inputs: readonly Field[]): ShapCodes {
  const other = partners(trees, tests, inputs);
  const home = other.map((partner, c) => (partner >= 0 ? Math.min(c, partner) : c));
  const seen = Array.from(home, () => new Set<number>());
  for (const { column, threshold } of tests.trees)
    column.forEach((c, i) => {
      seen[home[c]!]!.add(threshold[i]! + 0);
    });
  const place = new Map<number, number>();
  const columns: CodeColumn[] = [];
  home.forEach((own, c) => {
    if (own !== c) return;
    const thresholds = Float64Array.from(seen[c]!).sort();
    place.set(c, columns.length);
    columns.push({ at: c, other: other[c]!, thresholds, nullCode: other[c]! < 0 ? -1 : thresholds.length + 1 });
  });
  const index = columns.map(({ thresholds }) => new Map(Array.from(thresholds, (value, k) => [value, k])));
  return {
    columns,
    trees: tests.trees.map(({ column, threshold }) => {
      const own = column.map((c) => place.get(home[c]!)!);
      return { column: own, rank: own.map((c, i) => index[c]!.get(threshold[i]!)!) };
    }),
  };
}

/** For every column of the tests the one of the same number with nulls on the other side; surrogates have no such pair. */
function partners(trees: readonly Tree[], tests: TreeTests, inputs: readonly Field[]): Int32Array {
  const other = new Int32Array(tests.columns.length).fill(-1);
  const found = new Map<number, [left: number, right: number]>();
  trees.forEach((tree, t) => {
    const surrogates = new Set(tree.surrogates.map(({ split }) => split));
    tree.feature.forEach((feature, i) => {
      if (inputs[feature]!.type !== 'number' || surrogates.has(i)) return;
      const pair = found.get(feature) ?? [-1, -1];
      pair[tree.nullLeft[i] === 1 ? 0 : 1] = tests.trees[t]!.column[i]!;
      found.set(feature, pair);
    });
  });
  for (const [left, right] of found.values())
    if (left >= 0 && right >= 0) {
      other[left] = right;
      other[right] = left;
    }
  return other;
}

/** Writes the codes of a block: its cells lie at `from`, those of the column that differs in nulls at `fromOther`. */
export function encode(
  { other, thresholds, nullCode }: CodeColumn,
  cells: Float64Array,
  from: number,
  fromOther: number,
  count: number,
  codes: Int16Array,
  to: number,
): void {
  const { length } = thresholds;
  const widest = 1 << (31 - Math.clz32(length));
  for (let i = 0; i < count; i++) {
    const x = cells[from + i]!;
    let code = 0;
    for (let step = widest; step > 0; step >>= 1)
      if (code + step <= length && thresholds[code + step - 1]! < x) code += step;
    codes[to + i] = code;
  }
  if (other < 0) return;
  for (let i = 0; i < count; i++) if (cells[from + i]! !== cells[fromOther + i]!) codes[to + i] = nullCode;
}
