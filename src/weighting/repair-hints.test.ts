import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { geometricConsistency } from './geometric-consistency.ts';
import { judgementMatrix } from './judgement-matrix.ts';
import { priorities } from './priorities.ts';
import { RANDOM_INDICES } from './random-index.ts';
import { repairHints } from './repair-hints.ts';

interface Case {
  readonly name: string;
  readonly matrix: number[][];
  readonly methods: { eigenvector: { weights: number[]; cr: { saaty1980: number } }; geometricMean: { gci?: number } };
}
const { ahp } = fixture<{ ahp: { cases: Case[] } }>('value-golden.json');
const house = ahp.cases.find(({ name }) => name === 'house-buying-8x8')!;

describe('repairHints (S21)', () => {
  it('S21: the pairs of Saaty’s house are ranked by |ln(a_ij w_j/w_i)| of the golden weights; each CR is that of the changed matrix', () => {
    const matrix = judgementMatrix(house.matrix);
    const { weights } = house.methods.eigenvector;
    const hints = repairHints(matrix);
    expect(hints).toHaveLength(28);
    const wanted = house.matrix
      .flatMap((row, i) => row.map((a, j) => ({ i, j, off: Math.log((a * weights[j]!) / weights[i]!) })))
      .filter(({ i, j }) => i < j)
      .sort((a, b) => Math.abs(b.off) - Math.abs(a.off));
    hints.forEach((hint, k) => {
      const { i, j, off } = wanted[k]!;
      expect([hint.first, hint.second, hint.judgement]).toEqual([`${i + 1}`, `${j + 1}`, matrix.values[i]![j]]);
      expect(hint.deviation).toBeCloseTo(off, 12);
      expect(hint.proposed).toBeCloseTo(weights[i]! / weights[j]!, 12);
      const changed = house.matrix.map((row) => [...row]);
      changed[i]![j] = weights[i]! / weights[j]!;
      changed[j]![i] = weights[j]! / weights[i]!;
      const free = judgementMatrix(changed, { largest: Number.POSITIVE_INFINITY });
      expect(hint.consistencyRatio).toBeCloseTo(priorities(free).consistencyRatio, 12);
    });
    // neighbourhood against condition, judged 6 where the weights say 1.13, is what made the matrix inconsistent
    expect(hints[0]).toMatchObject({ first: '3', second: '7', judgement: 6 });
    expect(hints[0]!.consistencyRatio).toBeLessThan(0.1);
    expect(priorities(matrix).consistencyRatio).toBeCloseTo(0.169, 3);
  });

  it('S21: no judgement is changed', () => {
    const matrix = judgementMatrix(house.matrix);
    const before = JSON.stringify(matrix);
    repairHints(matrix, { round: true });
    expect(JSON.stringify(matrix)).toBe(before);
  });

  it('S21: proposals are rounded to the scale when asked, reciprocals too, and kept to its end', () => {
    // 1·2 = 9, 2·3 = 9 and 1·3 = 1/2: worked by hand, weights (4.5)^⅓ : 1 : (2/9)^⅓ = 1.651 : 1 : 0.606
    const hints = repairHints(judgementMatrix([9, 1 / 2, 9]), { round: true });
    expect(hints.map(({ first, second, proposed }) => [first, second, proposed])).toEqual([
      // all deviate alike; a13/(a12·a23) is 1/162, and becomes 1/27 by 1·3 but 1/36 by either of the others
      ['1', '3', 3],
      ['1', '2', 2],
      ['2', '3', 2],
    ]);
    const turned = repairHints(judgementMatrix([1 / 9, 2, 1 / 9]), { round: true });
    expect(turned.map(({ proposed }) => proposed)).toEqual([1 / 3, 1 / 2, 1 / 2]);
    const steep = judgementMatrix([9, 9, 9]);
    const kept = repairHints(steep, { round: true }).find(({ second, first }) => first === '1' && second === '3');
    expect(priorities(steep).weights[0]! / priorities(steep).weights[2]!).toBeGreaterThan(9.5);
    expect(kept!.proposed).toBe(9);
  });

  it('S21: of pairs that deviate alike the one whose proposal repairs most comes first, as the example says', () => {
    // By hand: weights 18^⅓ : 1 : 18^−⅓, so 2.62 → 3, 6.87 → 7, 2.62 → 3. Of three items λmax = 1 + t + 1/t with
    // t³ = a13/(a12·a23) (Saaty 1977): 9/4 becomes 9/6, 7/4 and 9/6.
    const ratio = (cube: number) => (Math.cbrt(cube) + 1 / Math.cbrt(cube) - 2) / 2 / RANDOM_INDICES.saaty1980[3]!;
    const hints = repairHints(judgementMatrix([2, 9, 2]), { round: true });
    expect(hints.map(({ first, second, judgement, proposed }) => [first, second, judgement, proposed])).toEqual([
      ['1', '2', 2, 3],
      ['2', '3', 2, 3],
      ['1', '3', 9, 7],
    ]);
    for (const [h, cube] of [9 / 6, 9 / 6, 7 / 4].entries())
      expect(hints[h]!.consistencyRatio).toBeCloseTo(ratio(cube), 12);
    expect(hints[0]!.consistencyRatio.toFixed(3)).toBe('0.016');
  });

  it('S21: what rounding leaves between alike deviations and ratios orders nothing', () => {
    const scales = [1 / 9, 1 / 7, 1 / 5, 1 / 3, 1 / 2, 1, 2, 3, 5, 7, 9];
    for (const a of scales)
      for (const b of scales)
        for (const c of scales) {
          // Unrounded, each of three proposals makes the matrix as consistent as the others do: ln t goes to a third.
          const pairs = repairHints(judgementMatrix([a, b, c])).map(({ first, second }) => first + second);
          expect(pairs).toEqual(['12', '13', '23']);
        }
  });

  it('S21: a consistent matrix has nothing to repair', () => {
    for (const { deviation, consistencyRatio } of repairHints(judgementMatrix([2, 4, 2]))) {
      expect(Math.abs(deviation)).toBeLessThan(1e-14);
      expect(consistencyRatio).toBe(0);
    }
    expect(repairHints(judgementMatrix([5]))[0]!.consistencyRatio).toBe(0);
  });
});

describe('geometricConsistency', () => {
  it.each(ahp.cases)('S20: $name equals golden gci', ({ matrix, methods }) => {
    const wanted = methods.geometricMean.gci ?? 0;
    expect(Math.abs(geometricConsistency(judgementMatrix(matrix)) - wanted)).toBeLessThan(1e-13 * Math.max(1, wanted));
  });
});
