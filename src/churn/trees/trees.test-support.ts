import { seededRandom } from '../../numerics/random.ts';
import type { DecisionTreeModel } from './tree-kind.ts';

export type Cells = { [name: string]: (number | string | null)[] };

export type Draws = {
  a: (number | null)[];
  b: (number | null)[];
  c: (string | null)[];
  y: number[];
};

/** Seeded rows: numbers `a` and `b` (few values with `ties`), a category `c`, and a label `y` that depends on them. */
export function draws(
  seed: number,
  count: number,
  { nulls = false, ties = false }: { readonly nulls?: boolean; readonly ties?: boolean },
): { data: Draws; y: number[] } {
  const random = seededRandom(seed);
  const data: Draws = { a: [], b: [], c: [], y: [] };
  for (let i = 0; i < count; i++) {
    const a = ties ? random.below(3) : random.uniform();
    const b = ties ? random.below(2) : Math.round(random.uniform() * 1e6) / 1e6;
    const c = 'uvwxz'[random.below(5)]!;
    const churned = random.uniform() < (a > 0.5 ? 0.7 : 0.3) + (c === 'v' || c === 'x' ? 0.25 : -0.1) ? 1 : 0;
    const gone = (): boolean => nulls && random.uniform() < 0.15;
    data.a.push(gone() ? null : a);
    data.b.push(gone() ? null : b);
    data.c.push(gone() ? null : c);
    data.y.push(churned);
  }
  return { data, y: data.y };
}

/** The largest decrease of the impurity by one split, every threshold, subset and side of nulls tried. */
export function bestCutBySearch(
  data: Cells,
  y: readonly number[],
  features: readonly string[],
  least: number,
  criterion: 'gini' | 'entropy',
): number {
  const impurity = (p: number): number =>
    criterion === 'gini' ? 2 * p * (1 - p) : p === 0 || p === 1 ? 0 : -p * Math.log(p) - (1 - p) * Math.log(1 - p);
  const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
  let best = -1;
  for (const feature of features) {
    const cells = data[feature]!;
    const distinct = [...new Set(cells)].filter((v) => v !== null);
    const sides: ((v: number | string) => boolean)[] =
      typeof distinct[0] === 'number'
        ? distinct.map((cut) => (v) => v <= cut)
        : Array.from({ length: 2 ** distinct.length }, (_, set) => (v) => ((set >> distinct.indexOf(v)) & 1) === 1);
    for (const side of sides)
      for (const nullLeft of [true, false]) {
        const left = cells.map((v) => (v === null ? nullLeft : side(v)));
        const l = y.filter((_, i) => left[i]);
        const r = y.filter((_, i) => !left[i]);
        if (l.length < least || r.length < least) continue;
        const after = (l.length * impurity(mean(l)) + r.length * impurity(mean(r))) / y.length;
        best = Math.max(best, impurity(mean(y)) - after);
      }
  }
  return best;
}

/** Scores by walking the stored tree cell by cell. */
export function walkTree({ tree, inputs }: DecisionTreeModel, data: Cells): number[] {
  const count = data[inputs[0]!.name]!.length;
  const below = (child: number): number =>
    child < 0 ? tree.weight[~child]! : below(tree.left[child]!) + below(tree.right[child]!);
  const test = (feature: number, threshold: number, row: number): boolean | 'missing' | 'unseen' => {
    const { name, levels } = inputs[feature]!;
    const cell = data[name]![row]!;
    if (cell === null) return 'missing';
    if (typeof cell === 'number') return cell <= threshold;
    const code = levels!.indexOf(cell);
    return code < 0 ? 'unseen' : tree.subsets[threshold]!.includes(code);
  };
  return Array.from({ length: count }, (_, row) => {
    let at = tree.feature.length > 0 ? 0 : ~0;
    while (at >= 0) {
      let left = test(tree.feature[at]!, tree.threshold[at]!, row);
      if (left === 'unseen') left = below(tree.left[at]!) >= below(tree.right[at]!);
      if (left === 'missing')
        for (const { split, feature, threshold, reversed } of tree.surrogates) {
          const found = split === at ? test(feature, threshold, row) : 'missing';
          if (typeof found !== 'boolean') continue;
          left = found !== reversed;
          break;
        }
      if (typeof left !== 'boolean') left = tree.nullLeft[at] === 1;
      at = left ? tree.left[at]! : tree.right[at]!;
    }
    return tree.value[~at]!;
  });
}

type Table = { readonly [name: string]: Float64Array | string[] };

/** Number columns as they are and a 0/1 column per level, levels sorted by code point. */
export function oneHot(data: object, features: readonly (string | { readonly column: string })[]): Table {
  const out: { [name: string]: Float64Array } = {};
  for (const feature of features) {
    const name = typeof feature === 'string' ? feature : feature.column;
    const column = (data as Table)[name]!;
    if (column instanceof Float64Array) out[name] = column;
    else
      for (const level of [...new Set(column)].sort())
        out[`${name}=${level}`] = Float64Array.from(column, (cell) => (cell === level ? 1 : 0));
  }
  return out;
}

export function rows(data: object, keep: (row: number) => boolean): Table {
  return Object.fromEntries(
    Object.entries(data as Table).map(([name, column]) => [
      name,
      column instanceof Float64Array ? column.filter((_, i) => keep(i)) : column.filter((_, i) => keep(i)),
    ]),
  );
}
