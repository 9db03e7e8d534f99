import { isLeaf, splitWeights, type Tree } from '../../kernels/tree.ts';
import type { RankedTests } from './tree-shap-codes.ts';

/** A split on the way to a leaf: codes above the rank pass (`right`), or the others; the code of a null as stated. */
interface PathTest {
  readonly column: number;
  readonly feature: number;
  readonly rank: number;
  readonly right: boolean;
  readonly nullCode: number;
  readonly nullPasses: boolean;
}
/** A leaf and its way. */
export interface Path {
  readonly value: number;
  readonly tests: readonly PathTest[];
  readonly features: readonly number[];
  /** Per feature: the share of the fit's rows that its splits let through. */
  readonly share: readonly number[];
}
/** The cases of a column that some paths tell apart. */
interface Digit {
  readonly column: number;
  /** Above `ranks[k]` the case is `cases[k + 1]`, up to it `cases[k]`. */
  readonly ranks: readonly number[];
  readonly cases: readonly number[];
  /** Per case: a code that is in it. */
  readonly examples: readonly number[];
}
/** Leaves of one subtree; every combination of cases is an entry of their table. */
export interface PathGroup {
  readonly paths: readonly Path[];
  readonly digits: readonly Digit[];
  readonly features: readonly number[];
  readonly entries: number;
}

/** Whether a code passes every test. */
function passes(tests: readonly PathTest[], code: number): boolean {
  return tests.every(({ rank, right, nullCode, nullPasses }) =>
    code === nullCode ? nullPasses : code > rank === right,
  );
}

/** The bits of the path's features that a code of a column fails. */
export function failing({ tests, features }: Path, column: number, code: number): number {
  let out = 0;
  for (const test of tests)
    if (test.column === column && !passes([test], code)) out |= 1 << features.indexOf(test.feature);
  return out;
}

/**
 * Subtrees, as large as `most` entries allow, that together hold every leaf; null when a leaf alone needs more than
 * `mostOfLeaf`. `nullCodes` tells the code of a null per column.
 */
export function groupPaths(
  tree: Tree,
  tests: RankedTests,
  nullCodes: readonly number[],
  { most, mostOfLeaf }: { readonly most: number; readonly mostOfLeaf: number },
): PathGroup[] | null {
  if (tree.feature.length === 0) return [];
  const below = splitWeights(tree);
  const weightOf = (child: number): number => (isLeaf(child) ? tree.weight[~child]! : below[child]!);
  const out: PathGroup[] = [];
  let fits = true;
  /** The group of a whole subtree; null when there is none, its parts then are in `out`. */
  const visit = (child: number, path: Omit<Path, 'value'>): PathGroup | null => {
    if (isLeaf(child)) {
      const own = group([{ ...path, value: tree.value[~child]! }], mostOfLeaf);
      fits &&= own !== null;
      return own;
    }
    const side = (right: boolean): PathGroup | null => {
      const next = (right ? tree.right : tree.left)[child]!;
      const own = weightOf(next) / below[child]!;
      const feature = tree.feature[child]!;
      const column = tests.column[child]!;
      const known = path.features.indexOf(feature);
      const test: PathTest = {
        column,
        feature,
        rank: tests.rank[child]!,
        right,
        nullCode: nullCodes[column]!,
        nullPasses: (tree.nullLeft[child] === 1) !== right,
      };
      return visit(next, {
        tests: [...path.tests, test],
        features: known < 0 ? [...path.features, feature] : path.features,
        share: known < 0 ? [...path.share, own] : path.share.map((share, k) => (k === known ? share * own : share)),
      });
    };
    const left = side(false);
    const right = side(true);
    const both = left && right && group([...left.paths, ...right.paths], most);
    if (both) return both;
    if (left) out.push(left);
    if (right) out.push(right);
    return null;
  };
  const all = visit(0, { tests: [], features: [], share: [] });
  if (all) out.push(all);
  return fits ? out : null;
}

function group(paths: readonly Path[], most: number): PathGroup | null {
  const features = new Set<number>();
  for (const path of paths) for (const feature of path.features) features.add(feature);
  if (2 ** features.size > most) return null;
  const byColumn = new Map<number, PathTest[][]>();
  paths.forEach(({ tests }, p) => {
    for (const test of tests) {
      let own = byColumn.get(test.column);
      if (!own) {
        own = paths.map(() => []);
        byColumn.set(test.column, own);
      }
      own[p]!.push(test);
    }
  });
  let entries = 1;
  const digits: Digit[] = [];
  for (const [column, own] of byColumn) {
    const digit = digitOf(column, own);
    entries *= digit.examples.length;
    if (entries > most) return null;
    digits.push(digit);
  }
  return { paths, digits, features: [...features], entries };
}

function digitOf(column: number, byPath: readonly (readonly PathTest[])[]): Digit {
  const tests = byPath.flat();
  const { nullCode } = tests[0]!;
  const ranks = [...new Set(tests.map(({ rank }) => rank))].sort((a, b) => a - b);
  const known = new Map<string, number>();
  const examples: number[] = [];
  const caseOf = (code: number): number => {
    const key = byPath.map((own) => Number(passes(own, code))).join('');
    const found = known.get(key) ?? examples.length;
    if (found === examples.length) {
      known.set(key, found);
      examples.push(code);
    }
    return found;
  };
  // Codes between two ranks are alike; a null has the highest code of all.
  const cases = [...ranks, ranks[ranks.length - 1]! + 1].map(caseOf);
  if (nullCode >= 0) {
    ranks.push(nullCode - 1);
    cases.push(caseOf(nullCode));
  }
  return { column, ranks, cases, examples };
}
