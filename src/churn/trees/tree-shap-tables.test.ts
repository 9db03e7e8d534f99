import { describe, expect, it } from 'vitest';
import { bindRun } from '../../kernels/run.ts';
import type { CellRule, Surrogate, Tree } from '../../kernels/tree.ts';
import { bindTrees } from '../../kernels/tree-sum.ts';
import { treeTests } from '../../kernels/tree-tests.ts';
import { scratchAt } from '../../kernels/wasm/registry.ts';
import type { Columns } from '../../model/batch.ts';
import type { Field } from '../../model/field.ts';
import { seededRandom } from '../../numerics/random.ts';
import { explainTrees } from './tree-shap.ts';
import { shapCodes } from './tree-shap-codes.ts';
import { shapRecursion } from './tree-shap-recursion.ts';
import { addTable, shapRoom } from './tree-shap-room.ts';
import { shapTables } from './tree-shap-tables.ts';

const random = seededRandom(11);
const LEVELS = ['u', 'v', 'w', 'x'];
const SUBSETS = [[0, 2], [1], [1, 2, 3]];
type Cell = number | string | null;
type Batch = { [name: string]: Cell[] };

/** Numbers, and as the last input a category. */
const inputsOf = (count: number): readonly Field[] =>
  Array.from({ length: count }, (_, k) =>
    k === count - 1 ? { name: 'level', type: 'category', levels: LEVELS } : { name: `x${k}`, type: 'number' },
  );
const rulesOf = (inputs: readonly Field[]): readonly CellRule[] =>
  inputs.map(() => ({ missing: 'surrogate', unseen: 'majority', nulls: 1 }));

/** A tree of random splits with thresholds of a coarse grid, on a path often the same input; some have a surrogate. */
function randomTree(leaves: number, count: number): Tree {
  const feature: number[] = [];
  const threshold: number[] = [];
  const sides: { readonly left: number[]; readonly right: number[] } = { left: [], right: [] };
  const surrogates: Surrogate[] = [];
  const cut = (own: number): number => (own === count - 1 ? random.below(3) : random.below(9) / 8);
  const open: ([at: number, side: 'left' | 'right'] | null)[] = [null];
  while (open.length < leaves) {
    const [place] = open.splice(random.below(open.length), 1);
    const own = random.below(count);
    const at = feature.push(own) - 1;
    threshold.push(cut(own));
    const other = (own + 1) % count;
    if (random.below(6) === 0)
      surrogates.push({ split: at, feature: other, threshold: cut(other), reversed: random.below(2) === 1 });
    if (place) sides[place[1]][place[0]] = at;
    open.push([at, 'left'], [at, 'right']);
  }
  open.forEach((place, leaf) => {
    if (place) sides[place[1]][place[0]] = ~leaf;
  });
  return {
    ...sides,
    feature,
    threshold,
    nullLeft: feature.map(() => random.below(2)),
    subsets: SUBSETS,
    surrogates,
    value: open.map(() => random.uniform() - 0.5),
    weight: open.map(() => 1 + random.below(9)),
  };
}

function randomBatch(inputs: readonly Field[], rows: number): Batch {
  const cell = ({ type }: Field): Cell => {
    if (random.below(8) === 0) return null;
    return type === 'number' ? random.below(17) / 16 : [...LEVELS, 'unseen'][random.below(5)]!;
  };
  return Object.fromEntries(inputs.map((field) => [field.name, Array.from({ length: rows }, () => cell(field))]));
}

const below = (tree: Tree, child: number): number =>
  child < 0 ? tree.weight[~child]! : below(tree, tree.left[child]!) + below(tree, tree.right[child]!);

/** Whether a row goes left at a split, from the words of the stored tree. */
function goesLeft(tree: Tree, split: number, cells: readonly Cell[]): boolean {
  const known = (feature: number, threshold: number): boolean | undefined => {
    const cell = cells[feature]!;
    if (cell === null) return undefined;
    if (typeof cell === 'number') return cell <= threshold;
    return cell === 'unseen' ? undefined : SUBSETS[threshold]!.includes(LEVELS.indexOf(cell));
  };
  const own = known(tree.feature[split]!, tree.threshold[split]!);
  if (own !== undefined) return own;
  if (cells[tree.feature[split]!] === 'unseen')
    return below(tree, tree.left[split]!) >= below(tree, tree.right[split]!);
  for (const stand of tree.surrogates)
    if (stand.split === split) {
      const left = known(stand.feature, stand.threshold);
      if (left !== undefined) return left !== stand.reversed;
    }
  return tree.nullLeft[split] === 1;
}

/** The score with the features outside a coalition averaged along the tree. */
function expectation(tree: Tree, cells: readonly Cell[], coalition: number): number {
  const visit = (child: number): number => {
    if (child < 0) return tree.value[~child]!;
    const [l, r] = [tree.left[child]!, tree.right[child]!];
    if ((coalition >> tree.feature[child]!) & 1) return visit(goesLeft(tree, child, cells) ? l : r);
    return (below(tree, l) * visit(l) + below(tree, r) * visit(r)) / below(tree, child);
  };
  return visit(tree.feature.length > 0 ? 0 : ~0);
}

/** Σ over coalitions without k of |S|!(m−|S|−1)!/m!·(v(S ∪ k) − v(S)), for every k. */
function shapley(m: number, value: (coalition: number) => number): number[] {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  const values = Array.from({ length: 2 ** m }, (_, set) => value(set));
  return Array.from({ length: m }, (_, k) => {
    let total = 0;
    for (let set = 0; set < 2 ** m; set++) {
      if ((set >> k) & 1) continue;
      const size = set.toString(2).replaceAll('0', '').length;
      total += ((factorial(size) * factorial(m - size - 1)) / factorial(m)) * (values[set | (1 << k)]! - values[set]!);
    }
    return total;
  });
}

function contributions(trees: readonly Tree[], inputs: readonly Field[], batch: Batch): Float64Array[] {
  const { kernel } = explainTrees(trees, inputs, rulesOf(inputs), { scale: 'any' });
  const fields = inputs.map((_, k): Field => ({ name: String(k), type: 'number' }));
  return bindRun(kernel, inputs, fields)(batch as unknown as Columns).columns.map(({ values }) => values);
}

describe('tables of contributions', () => {
  it('hold the Shapley values by their definition, over nulls, unseen levels, surrogates and repeated features', () => {
    const inputs = inputsOf(6);
    for (const [count, leaves] of [
      [1, 2],
      [1, 25],
      [4, 40],
      [3, 1],
    ] as const) {
      const trees = Array.from({ length: count }, () => randomTree(leaves, inputs.length));
      const batch = randomBatch(inputs, 40);
      const found = contributions(trees, inputs, batch);
      for (let row = 0; row < 40; row++) {
        const cells = inputs.map(({ name }) => batch[name]![row]!);
        const wanted = shapley(inputs.length, (set) =>
          trees.reduce((all, tree) => all + expectation(tree, cells, set), 0),
        );
        wanted.forEach((own, k) => {
          expect(Math.abs(found[k]![row]! - own)).toBeLessThan(1e-12);
        });
      }
    }
  });

  it('give by WASM the bits that they give without it, and what the recursion gives', () => {
    const inputs = inputsOf(9);
    const trees = Array.from({ length: 12 }, () => randomTree(60, inputs.length));
    const tests = treeTests(trees, inputs);
    const coded = shapCodes(trees, tests, inputs);
    const perTree = shapTables(trees, coded);
    const tables = perTree.flatMap((own) => own!);
    const together = 96;
    const columns = coded.columns.length;
    const room = shapRoom(tables, columns, inputs.length, together);
    expect(scratchAt(room.sums.buffer)).toBeDefined();
    for (const rows of [1, 31, 32, 33, 95, 96]) {
      const codes = Int16Array.from({ length: columns * together }, (_, i) =>
        random.below(coded.columns[Math.floor(i / together)]!.thresholds.length + 1),
      );
      const slow = new Float64Array(inputs.length * together);
      for (const table of tables) addTable(table, codes, together, rows, new Uint16Array(together), slow);
      room.codes.set(codes);
      room.sums.fill(0);
      room.add(rows);
      // Cells whose code is c: one that is above the first c thresholds.
      const cells = new Float64Array(tests.columns.length * together).fill(Number.NaN);
      coded.columns.forEach(({ at, other, thresholds }, c) => {
        for (let i = 0; i < together; i++) {
          const code = codes[c * together + i]!;
          const cell = thresholds[code] ?? Number.POSITIVE_INFINITY;
          cells[at * together + i] = cell;
          if (other >= 0) cells[other * together + i] = cell;
        }
      });
      const recursions = trees.map((tree, t) => shapRecursion(tree, tests.trees[t]!, together));
      for (let i = 0; i < rows; i++) {
        const own = new Float64Array(inputs.length);
        for (const add of recursions) add(cells, i, own);
        for (let k = 0; k < inputs.length; k++) {
          expect(room.sums[k * together + i]).toBe(slow[k * together + i]);
          expect(Math.abs(own[k]! - slow[k * together + i]!)).toBeLessThan(1e-12);
        }
      }
    }
  });

  it('are not made where there is no room for them', () => {
    const inputs = inputsOf(9);
    const trees = Array.from({ length: 5 }, () => randomTree(60, inputs.length));
    const coded = shapCodes(trees, treeTests(trees, inputs), inputs);
    expect(shapTables(trees, coded, 0).every((own) => own === null)).toBe(true);
    expect(shapTables(trees, coded).every((own) => own !== null)).toBe(true);
  });

  it('stand aside where a path has more features than a table holds; contributions still add up to the score', () => {
    const inputs = [
      ...Array.from({ length: 17 }, (_, k): Field => ({ name: `x${k}`, type: 'number' })),
      ...inputsOf(1),
    ];
    const chain: Tree = {
      feature: Array.from({ length: 17 }, (_, k) => k),
      threshold: Array.from({ length: 17 }, () => 0.5),
      left: Array.from({ length: 17 }, (_, k) => ~k),
      right: Array.from({ length: 17 }, (_, k) => (k < 16 ? k + 1 : ~17)),
      nullLeft: Array.from({ length: 17 }, (_, k) => k % 2),
      subsets: [],
      surrogates: [],
      value: Array.from({ length: 18 }, (_, k) => k / 7 - 1),
      weight: Array.from({ length: 18 }, (_, k) => 18 - k),
    };
    const trees = [chain, ...Array.from({ length: 6 }, () => randomTree(30, inputs.length))];
    const batch = randomBatch(inputs, 50);
    const found = contributions(trees, inputs, batch);
    const sum = bindTrees(trees, inputs, rulesOf(inputs));
    const score = bindRun((rows, lanes, [out]) => sum(rows, lanes, out!), inputs, [{ name: 's', type: 'number' }])(
      batch as unknown as Columns,
    );
    const { base } = explainTrees(trees, inputs, rulesOf(inputs), { scale: 'any' });
    for (let row = 0; row < 50; row++) {
      const total = found.reduce((all, own) => all + own[row]!, base);
      expect(Math.abs(total - score.columns[0]!.values[row]!)).toBeLessThan(1e-12);
    }
  });

  it('give the same bits whatever the batch', () => {
    const inputs = inputsOf(5);
    const trees = Array.from({ length: 7 }, () => randomTree(31, inputs.length));
    const rows = 2500;
    const batch = randomBatch(inputs, rows);
    const whole = contributions(trees, inputs, batch);
    for (const [from, to] of [
      [0, 1],
      [2047, 2049],
      [100, 2300],
    ] as const) {
      const part = Object.fromEntries(Object.entries(batch).map(([name, cells]) => [name, cells.slice(from, to)]));
      contributions(trees, inputs, part).forEach((own, k) => {
        expect(own).toEqual(whole[k]!.slice(from, to));
      });
    }
    expect(contributions(trees, inputs, randomBatch(inputs, 0)).every(({ length }) => length === 0)).toBe(true);
  });
});
