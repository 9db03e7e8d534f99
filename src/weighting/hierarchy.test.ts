import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { type HierarchyNode, hierarchy, leafOf } from './hierarchy.ts';
import type { PriorityMethod } from './priorities.ts';

interface LeaderResult {
  readonly method: string;
  readonly criteriaWeights: number[];
  readonly alternativeWeights: { readonly [criterion: string]: number[] };
  readonly scores: number[];
}
const golden = fixture<{
  seedCompositeWeights: {
    tree: { totalProfit: number[]; salesVolume: number[]; loyalty: number[]; credit: number[] };
    printed: number[];
    fromPrintedLocalWeightsWithExactThirds: number[];
    fromRecoveredMatricesFullPrecision: number[];
  };
  ahp: {
    hierarchies: {
      criteria: string[];
      alternatives: string[];
      criteriaMatrix: number[][];
      alternativeMatrices: { [criterion: string]: number[][] };
      results: LeaderResult[];
    }[];
  };
}>('value-golden.json');
const seed = golden.seedCompositeWeights;

const leaves = (...names: string[]): HierarchyNode[] => names.map((name) => ({ name }));
const branch = (name: string, count: number, how: Partial<HierarchyNode>): HierarchyNode => ({
  name,
  children: leaves(...Array.from({ length: count }, (_, i) => `${i + 1}`)),
  ...how,
});
const tree = (locals: readonly Partial<HierarchyNode>[]): HierarchyNode => ({
  name: 'customer value',
  judgements: [2],
  children: [
    {
      name: 'current value',
      judgements: [4],
      children: [branch('total profit', 4, locals[0]!), branch('sales volume', 3, locals[1]!)],
    },
    {
      name: 'potential value',
      judgements: [3],
      children: [branch('loyalty', 2, locals[2]!), branch('credit', 3, locals[3]!)],
    },
  ],
});
const judged = tree([
  { judgements: [4, 5, 6, 2, 2, 2] },
  { judgements: [1 / 2, 1 / 3, 1 / 2] },
  { judgements: [4] },
  { judgements: [3, 2, 1 / 3] },
]);

describe('hierarchy (S17, S22, S26)', () => {
  it('S26: the 12 composite weights from the recovered matrices print as the seed prints them', () => {
    const { leaves } = hierarchy(judged, { method: 'geometric-mean' });
    const weights = leaves.map((leaf) => leaf.weight);
    expect(weights.map((w) => Number(w.toFixed(4)))).toEqual(seed.printed);
    weights.forEach((w, i) => {
      expect(Math.abs(w - seed.fromRecoveredMatricesFullPrecision[i]!)).toBeLessThan(1e-15);
    });
    expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1, 14);
  });

  it('S26: the printed local weights multiply to the printed composites; credit, printed to .9999, must be renormalised', () => {
    const { totalProfit, salesVolume, loyalty, credit } = seed.tree;
    const printed = tree([
      { weights: totalProfit },
      { weights: salesVolume },
      { weights: loyalty },
      { weights: credit },
    ]);
    expect(() => hierarchy(printed)).toThrow(/children of "credit": the weights sum to 0\.9999.*renormalise: true/);
    const { leaves } = hierarchy(printed, { renormalise: true });
    leaves.forEach(({ weight }, i) => {
      const factor = i < 9 ? 1 : 0.9999;
      expect(Math.abs(weight * factor - seed.fromPrintedLocalWeightsWithExactThirds[i]!)).toBeLessThan(1e-15);
    });
  });

  it('S17, S22: branches carry local weights, the method and the consistency of their judgements, root first', () => {
    const { branches } = hierarchy(judged, { method: 'geometric-mean' });
    expect(branches.map(({ path }) => path.join('/'))).toEqual([
      '',
      'current value',
      'current value/total profit',
      'current value/sales volume',
      'potential value',
      'potential value/loyalty',
      'potential value/credit',
    ]);
    expect(branches[0]!.local[0]).toBeCloseTo(2 / 3, 15);
    expect(branches[2]!.weight).toBeCloseTo(0.8 * (2 / 3), 15);
    expect(branches[2]!.priorities).toMatchObject({ method: 'geometric-mean', consistency: 'satisfactory' });
    expect(branches[0]!.priorities!.consistency).toBe('perfect');
  });

  it('golden ahp.hierarchies: the leader example, alternatives under every criterion, by all methods', () => {
    const [leader] = golden.ahp.hierarchies;
    const names = { eigenvector: 'eigenvector', geometricMean: 'geometric-mean', columnSum: 'column-sum' } as const;
    for (const result of leader!.results) {
      const method: PriorityMethod = names[result.method as keyof typeof names];
      const { leaves: found, branches } = hierarchy(
        {
          name: 'leader',
          judgements: leader!.criteriaMatrix,
          children: leader!.criteria.map((name) => ({
            name,
            judgements: leader!.alternativeMatrices[name]!,
            children: leaves(...leader!.alternatives),
          })),
        },
        { method },
      );
      branches[0]!.local.forEach((w, i) => {
        expect(w).toBeCloseTo(result.criteriaWeights[i]!, 13);
      });
      leader!.alternatives.forEach((alternative, a) => {
        const score = found.filter((leaf) => leaf.name === alternative).reduce((s, leaf) => s + leaf.weight, 0);
        expect(Math.abs(score - result.scores[a]!)).toBeLessThan(1e-14);
      });
    }
  });

  it('S17: depth may differ, a single child has weight 1, one name may stand in two branches', () => {
    const uneven = hierarchy({
      name: 'goal',
      weights: [0.5, 0.25, 0.25],
      children: [
        { name: 'direct' },
        { name: 'a', children: [{ name: 'price' }] },
        { name: 'b', children: [{ name: 'deep', children: leaves('price', 'other'), weights: [0.4, 0.6] }] },
      ],
    });
    expect(uneven.leaves).toEqual([
      { path: ['direct'], name: 'direct', weight: 0.5 },
      { path: ['a', 'price'], name: 'price', weight: 0.25 },
      { path: ['b', 'deep', 'price'], name: 'price', weight: 0.1 },
      { path: ['b', 'deep', 'other'], name: 'other', weight: 0.15 },
    ]);
    expect(leafOf(uneven, 'b', 'deep', 'price').weight).toBe(0.1);
    expect(() => leafOf(uneven, 'price')).toThrow(/no leaf price: there are direct, a › price, b › deep › price/);
  });

  it('S22: leaf weights sum to 1 for any tree', () => {
    const { node } = fc.letrec<{ node: HierarchyNode }>((tie) => ({
      node: fc
        .array(
          fc.record({ weight: fc.integer({ min: 1, max: 9 }), child: fc.option(tie('node'), { depthSize: 'small' }) }),
          {
            minLength: 1,
            maxLength: 4,
          },
        )
        .map((list) => ({
          name: 'node',
          weights: list.map(({ weight }) => weight),
          children: list.map(({ child }, i) => ({ ...child, name: String(i) })),
        })),
    }));
    fc.assert(
      fc.property(node, (root) => {
        const total = hierarchy(root, { renormalise: true }).leaves.reduce((s, leaf) => s + leaf.weight, 0);
        expect(Math.abs(total - 1)).toBeLessThan(1e-13);
      }),
      { seed: 5, numRuns: 100 },
    );
  });

  it.each([
    ['no children at the root', { name: 'g' }, /"g" has no children/],
    ['an empty list', { name: 'g', children: [] }, /children of "g": there are none/],
    ['repeated siblings', { name: 'g', children: leaves('a', 'a'), weights: [0.5, 0.5] }, /"a" is repeated/],
    ['neither', { name: 'g', children: leaves('a', 'b') }, /give judgements or weights/],
    ['both', { name: 'g', children: leaves('a', 'b'), weights: [1, 0], judgements: [1] }, /not both/],
    ['too few weights', { name: 'g', children: leaves('a', 'b'), weights: [1] }, /1 weights for 2 children/],
    ['a negative weight', { name: 'g', children: leaves('a', 'b'), weights: [2, -1] }, /invalid weight -1/],
    ['weights on a leaf', { name: 'g', children: [{ name: 'a', weights: [1] }] }, /"a" has weights but no children/],
    [
      'a bad judgement',
      { name: 'g', children: leaves('a', 'b'), judgements: [0] },
      /children of "g": "a" against "b" is 0/,
    ],
  ])('refuses %s and names the node', (_, root, message) => {
    expect(() => hierarchy(root)).toThrow(message);
  });
});
