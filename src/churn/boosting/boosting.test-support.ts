import type { Cells } from '../trees/trees.test-support.ts';

/**
 * Log-odds of the rows by leaf-wise boosting in its plainest form: every threshold, subset of levels and side of nulls is
 * tried at every leaf, with the formulas of Chen & Guestrin (2016).
 */
export function boostBySearch(
  data: Cells,
  weight: readonly number[],
  features: readonly string[],
  {
    rounds,
    leaves,
    rate,
    l2,
  }: { readonly rounds: number; readonly leaves: number; readonly rate: number; readonly l2: number },
): number[] {
  const y = data.y as number[];
  const total = weight.reduce((a, b) => a + b, 0);
  const events = weight.reduce((all, w, i) => all + w * y[i]!, 0);
  const scores = y.map(() => Math.log(events / (total - events)));
  for (let round = 0; round < rounds; round++) {
    const p = scores.map((z) => 1 / (1 + Math.exp(-z)));
    const g = p.map((q, i) => weight[i]! * (q - y[i]!));
    const h = p.map((q, i) => weight[i]! * q * (1 - q));
    const sum = (of: readonly number[], rows: readonly number[]): number =>
      rows.reduce((all, row) => all + of[row]!, 0);
    const worth = (rows: readonly number[]): number => sum(g, rows) ** 2 / (sum(h, rows) + l2);
    const best = (rows: readonly number[]): { gain: number; sides: readonly (readonly number[])[] } => {
      let found = { gain: 1e-9, sides: [] as (readonly number[])[] };
      for (const feature of features) {
        const cells = data[feature]!;
        const distinct = [...new Set(rows.map((row) => cells[row]!))].filter((v) => v !== null);
        const tests: ((v: number | string) => boolean)[] =
          typeof distinct[0] === 'number'
            ? distinct.map((cut) => (v) => v <= cut)
            : Array.from({ length: 2 ** distinct.length }, (_, set) => (v) => ((set >> distinct.indexOf(v)) & 1) === 1);
        for (const test of tests)
          for (const nullLeft of [true, false]) {
            const goes = (row: number): boolean => (cells[row] === null ? nullLeft : test(cells[row]!));
            const sides = [rows.filter(goes), rows.filter((row) => !goes(row))];
            if (sides.some((side) => side.length === 0)) continue;
            const gain = (worth(sides[0]!) + worth(sides[1]!) - worth(rows)) / 2;
            if (gain > found.gain) found = { gain, sides };
          }
      }
      return found;
    };
    const tree = [y.map((_, i) => i) as readonly number[]].map((rows) => ({ rows, split: best(rows) }));
    while (tree.length < leaves) {
      tree.sort((a, b) => b.split.gain - a.split.gain);
      const { split } = tree[0]!;
      if (split.sides.length === 0) break;
      tree.splice(0, 1, ...split.sides.map((rows) => ({ rows, split: best(rows) })));
    }
    for (const { rows } of tree) {
      const value = -sum(g, rows) / (sum(h, rows) + l2);
      for (const row of rows) scores[row] = scores[row]! + rate * value;
    }
  }
  return scores;
}
