import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { consensus } from './consensus.ts';
import { groupPriorities } from './group-priorities.ts';
import { hierarchy } from './hierarchy.ts';
import { judgementMatrix } from './judgement-matrix.ts';

interface Group {
  readonly name: string;
  readonly judges: number[][][];
  readonly judgeWeights: number[];
  readonly aij: { matrix: number[][]; weights: number[]; lambdaMax: number; ci: number };
  readonly individualWeights: number[][];
  readonly aipGeometric: number[];
  readonly aipArithmetic: number[];
  readonly consensus: { Halpha: number; Hgamma: number; Hbeta: number; S: number; Sstar: number };
}
const { ahp } = fixture<{ ahp: { group: Group[] } }>('value-golden.json');

const near = (found: readonly number[], wanted: readonly number[], tolerance = 1e-13): void => {
  expect(found.length).toBe(wanted.length);
  found.forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!), `[${i}] ${value} ≠ ${wanted[i]}`).toBeLessThanOrEqual(tolerance);
  });
};

describe('groupPriorities (S23)', () => {
  it.each(ahp.group)('S23: $name equals golden ahp.group by AIJ, both AIP and consensus', (one) => {
    const matrices = one.judges.map((judge) => judgementMatrix(judge));
    const of = (aggregate: 'judgements' | 'priorities' | 'priorities-arithmetic') =>
      groupPriorities(matrices, { aggregate, memberWeights: one.judgeWeights });
    const aij = of('judgements');
    near(aij.judgements!.values.flat(), one.aij.matrix.flat(), 1e-13);
    near(aij.weights, one.aij.weights);
    near([aij.priorities!.lambdaMax, aij.priorities!.consistencyIndex], [one.aij.lambdaMax, one.aij.ci]);
    aij.members.forEach(({ weights }, m) => {
      near(weights, one.individualWeights[m]!);
    });
    near(of('priorities').weights, one.aipGeometric);
    near(of('priorities-arithmetic').weights, one.aipArithmetic);
    expect(of('priorities').judgements).toBeNull();
    const { withinEntropy, groupEntropy, betweenEntropy, similarity, consensus } = aij.consensus;
    const { Halpha, Hgamma, Hbeta, S, Sstar } = one.consensus;
    near([withinEntropy, groupEntropy, betweenEntropy, similarity, consensus], [Halpha, Hgamma, Hbeta, S, Sstar]);
  });

  it('S23: by the geometric mean AIJ and AIP agree (Aczél & Saaty 1983), members may be in any order', () => {
    const judgement = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.boolean()).map(([a, over]) => (over ? a : 1 / a));
    const member = fc.array(judgement, { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(member, { minLength: 1, maxLength: 5 }), (members) => {
        const matrices = members.map((upper) => judgementMatrix(upper));
        const aij = groupPriorities(matrices, { method: 'geometric-mean' });
        const aip = groupPriorities(matrices, { method: 'geometric-mean', aggregate: 'priorities' });
        near(aij.weights, aip.weights, 1e-13);
        near(groupPriorities(matrices.toReversed(), { method: 'geometric-mean' }).weights, aij.weights, 1e-13);
        near([aij.weights.reduce((a, b) => a + b)], [1]);
        expect(aij.consensus.consensus).toBeLessThanOrEqual(1);
      }),
      { seed: 8, numRuns: 60 },
    );
  });

  it('S23: two members who say the opposite cancel; members of one mind are in full agreement', () => {
    const [up, down] = [judgementMatrix([3]), judgementMatrix([1 / 3])];
    near(groupPriorities([up, down]).weights, [0.5, 0.5]);
    expect(groupPriorities([up, up]).consensus).toMatchObject({ betweenEntropy: 0, similarity: 1, consensus: 1 });
    // H_α = ln 2 − (0.5·ln 1 …): by hand for weights (1, 0) and (0, 1): H_α = 0, H_γ = ln 2, S = 1/2
    near(
      [
        consensus([
          [1, 0],
          [0, 1],
        ]).similarity,
      ],
      [0.5],
    );
    expect(consensus([[1], [1]]).consensus).toBe(1);
    // an endless scale: the least similarity is 1/n
    near(
      [
        consensus(
          [
            [1, 0],
            [0, 1],
          ],
          Number.POSITIVE_INFINITY,
        ).consensus,
      ],
      [0],
    );
  });

  it('S23: a group’s judgements weigh the children of a hierarchy, though their means are off the scale', () => {
    const items = ['a', 'b', 'c'];
    const group = groupPriorities([judgementMatrix([3, 5, 2], { items }), judgementMatrix([2, 4, 3], { items })]);
    const tree = { name: 'goal', children: items.map((name) => ({ name })), judgements: group.judgements! };
    expect(hierarchy(tree).leaves.map(({ weight }) => weight)).toEqual(group.weights);
    const moved = { ...tree, children: ['b', 'a', 'c'].map((name) => ({ name })) };
    expect(() => hierarchy(moved)).toThrow(/children of "goal": the judgements are on a, b, c: name b, a, c/);
  });

  it('refuses members that judge other things, and weights that do not fit', () => {
    const [two, three] = [judgementMatrix([3]), judgementMatrix([1, 1, 1])];
    expect(() => groupPriorities([])).toThrow(/no members/);
    expect(() => groupPriorities([two, three])).toThrow(/member 2 judges 1, 2, 3, member 1 1, 2/);
    expect(() => groupPriorities([two, two], { memberWeights: [1] })).toThrow(/1 memberWeights for 2 members/);
    expect(() => groupPriorities([two, two], { memberWeights: [1, 1] })).toThrow(/memberWeights: the weights sum to 2/);
    near(groupPriorities([two, two], { memberWeights: [3, 1], renormalise: true }).memberWeights, [0.75, 0.25]);
    expect(() => groupPriorities([two], { aggregate: 'aij' as 'judgements' })).toThrow(/unknown aggregate "aij"/);
    expect(() => consensus([])).toThrow(/no members/);
    expect(() => consensus([[1], [0.5, 0.5]])).toThrow(/different numbers/);
  });
});
