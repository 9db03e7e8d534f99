import { describe, expect, it } from 'vitest';
import { decisionTree } from './decision-tree.ts';
import { treeRules } from './tree-rules.ts';
import { type Cells, draws, walkTree } from './trees.test-support.ts';

const label = { column: 'y', churned: 1, horizon: null } as const;

describe('treeRules', () => {
  it('tells a small tree in words (splits by hand)', () => {
    const data = { tenure: [1, 2, 10, 20], y: [1, 1, 0, 0] };
    const rules = treeRules(decisionTree({ label, features: ['tenure'], minLeaf: 1, smoothing: 0 }).fit(data));
    expect(rules.map(({ text }) => text)).toEqual(['tenure <= 6: 1 (2)', 'tenure > 6: 0 (2)']);
    expect(rules[0]).toEqual({
      conditions: [{ column: 'tenure', atMost: 6, orMissing: true }],
      weight: 2,
      probability: 1,
      text: 'tenure <= 6: 1 (2)',
    });
  });

  it('tells bounds of one column as one condition, levels by name, and nulls where the fit had them', () => {
    const data = {
      x: [1, 2, 3, 4, 5, 6, null, null],
      c: ['u', 'v', 'u', 'v', 'w', 'w', 'u', 'w'],
      y: [0, 0, 1, 1, 0, 0, 1, 1],
    };
    const rules = treeRules(decisionTree({ label, features: ['x', 'c'], minLeaf: 1, smoothing: 0 }).fit(data));
    expect(rules[0]!.text).toBe('(2.5 < x <= 4.5 or x missing): 1 (4)');
    const levels = treeRules(decisionTree({ label, features: ['c'], maxDepth: 1, minLeaf: 1, smoothing: 0 }).fit(data));
    // {u, v} | {w} and {u} | {v, w} decrease the impurity alike: the lower cut of the order by share, w v u, is taken.
    expect(levels.map(({ text }) => text)).toEqual(['c in {u, v}: 0.6 (5)', 'c in {w}: 0.333333 (3)']);
  });

  it('holds for each row exactly in the leaf that scores it (walk over the stored tree)', () => {
    const { data } = draws(8, 400, { nulls: true });
    const model = decisionTree({ label, features: ['a', 'b', 'c'], minLeaf: 4, maxDepth: 7 }).fit(data);
    const rules = treeRules(model);
    const scores = walkTree(model, data);
    const holds = (conditions: (typeof rules)[number]['conditions'], cells: Cells, row: number): boolean =>
      conditions.every(({ column, above, atMost, levels, orMissing }) => {
        const cell = cells[column]![row]!;
        if (cell === null) return orMissing;
        if (typeof cell === 'string') return levels!.includes(cell);
        return cell > (above ?? Number.NEGATIVE_INFINITY) && cell <= (atMost ?? Number.POSITIVE_INFINITY);
      });
    scores.forEach((score, row) => {
      const own = rules.filter(({ conditions }) => holds(conditions, data, row));
      expect(own.map(({ probability }) => probability)).toEqual([score]);
    });
    expect(rules.reduce((all, { weight }) => all + weight, 0)).toBe(400);
  });

  it('tells a tree without a split', () => {
    const model = decisionTree({ label, features: ['x'] }).fit({ x: [1, 1], y: [0, 1] });
    expect(treeRules(model).map(({ text }) => text)).toEqual(['all: 0.5 (2)']);
  });
});
