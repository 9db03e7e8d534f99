import fc from 'fast-check';
import { all, create } from 'mathjs';
import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { judgementMatrix } from './judgement-matrix.ts';
import { type PriorityMethod, priorities } from './priorities.ts';
import { RANDOM_INDICES, type RandomIndexName } from './random-index.ts';

interface Figures {
  readonly weights: number[];
  readonly lambdaMax: number;
  readonly ci: number;
  readonly cr: { [name in RandomIndexName]: number };
}
interface Case {
  readonly name: string;
  readonly n: number;
  readonly matrix: number[][];
  readonly published?: { weights: number[]; lambdaMax?: number; cr?: number; crSaaty2005?: number };
  readonly methods: { eigenvector: Figures; geometricMean: Figures; columnSum: Figures };
}
const { ahp } = fixture<{
  ahp: { cases: Case[]; randomIndex: { [name in RandomIndexName]: { [n: string]: number } } };
}>('value-golden.json');
const methods = [
  ['eigenvector', 'eigenvector'],
  ['geometric-mean', 'geometricMean'],
  ['column-sum', 'columnSum'],
] as const;
const tables = Object.keys(RANDOM_INDICES) as RandomIndexName[];

const near = (found: readonly number[], wanted: readonly number[], tolerance: number): void => {
  expect(found.length).toBe(wanted.length);
  found.forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!), `[${i}] ${value} ≠ ${wanted[i]}`).toBeLessThanOrEqual(tolerance);
  });
};

describe('priorities (S19, S20)', () => {
  it.each(ahp.cases)(
    'S19, S20: $name: weights, λmax, CI and CR of all methods and tables equal the golden ahp.cases (50 digits)',
    (one) => {
      const matrix = judgementMatrix(one.matrix);
      for (const [method, key] of methods) {
        const wanted = one.methods[key];
        for (const table of tables) {
          const found = priorities(matrix, { method, randomIndex: table });
          near(found.weights, wanted.weights, 1e-14);
          near([found.lambdaMax, found.consistencyIndex], [wanted.lambdaMax, wanted.ci], 2e-14 * one.n);
          near([found.consistencyRatio], [wanted.cr[table]], 1e-13);
          expect(found.method).toBe(method);
          expect(found.randomIndex).toEqual({ name: table, value: one.n < 3 ? 0 : ahp.randomIndex[table][one.n] });
        }
      }
    },
  );

  it('S19: the eigenvector gives the weights that Saaty printed in 1977, 1990 and 2008 (golden published)', () => {
    const printed = (name: string) => ahp.cases.find((one) => one.name === name)!;
    for (const name of ['drinks-7x7', 'wealth-of-nations-7x7', 'house-buying-8x8']) {
      const { matrix, published } = printed(name);
      // 1977 and 2008 are rounded or cut to three digits by hand
      near(priorities(judgementMatrix(matrix)).weights, published!.weights, 1.01e-3);
    }
    const house = priorities(judgementMatrix(printed('house-buying-8x8').matrix));
    expect(house.lambdaMax).toBeCloseTo(9.669, 3);
    expect(house.consistencyRatio).toBeCloseTo(0.169, 3);
    expect(house.consistency).toBe('to-adjust');
    const drinks = priorities(judgementMatrix(printed('drinks-7x7').matrix), { randomIndex: 'saaty2005' });
    expect(drinks.consistencyRatio).toBeCloseTo(0.022, 3);
    expect(drinks.consistency).toBe('satisfactory');
  });

  it('S26: the printed sales, credit and profit weights and CRs come out, profit by the geometric mean alone', () => {
    const four = (weights: readonly number[]) => weights.map((w) => w.toFixed(4));
    const sales = priorities(judgementMatrix([1 / 2, 1 / 3, 1 / 2]));
    expect(four(sales.weights)).toEqual(['0.1634', '0.2970', '0.5396']);
    expect(sales.consistencyRatio).toBeCloseTo(0.0079, 4);
    const credit = priorities(judgementMatrix([3, 2, 1 / 3]));
    expect(four(credit.weights)).toEqual(['0.5278', '0.1396', '0.3325']);
    expect(credit.consistencyRatio).toBeCloseTo(0.0462, 4);
    const profit = judgementMatrix([4, 5, 6, 2, 2, 2]);
    const printed = ['0.6095', '0.1842', '0.1231', '0.0832'];
    expect(four(priorities(profit, { method: 'geometric-mean' }).weights)).toEqual(printed);
    expect(four(priorities(profit).weights)).not.toEqual(printed);
    expect(four(priorities(profit, { method: 'column-sum' }).weights)).not.toEqual(printed);
  });

  it('the eigenvector is the one of mathjs eigs for random reciprocal matrices of 3 to 5 items', () => {
    const math = create(all!);
    const real = (value: unknown): number => (typeof value === 'number' ? value : (value as { re: number }).re);
    let compared = 0;
    fc.assert(
      fc.property(judged(fc.integer({ min: 3, max: 5 })), (upper) => {
        const matrix = judgementMatrix(upper);
        const pairs = oracle(() => math.eigs(matrix.values.map((row) => [...row])).eigenvectors);
        if (pairs === null) return;
        const best = pairs.reduce((a, b) => (real(b.value) > real(a.value) ? b : a));
        const vector = (best.vector as unknown[]).map(real);
        const total = vector.reduce((a, b) => a + b);
        const { weights, lambdaMax } = priorities(matrix);
        near(
          weights,
          vector.map((v) => v / total),
          1e-10,
        );
        near([lambdaMax], [real(best.value)], 1e-10);
        compared++;
      }),
      { seed: 1, numRuns: 30 },
    );
    expect(compared).toBeGreaterThan(20);
  });

  it('the eigenvector satisfies A w = λ w to 1e-14 in every component, for judgements up to ten', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 15 }).chain((n) =>
          fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
            minLength: (n * (n - 1)) / 2,
            maxLength: (n * (n - 1)) / 2,
          }),
        ),
        (logs) => {
          const { values } = judgementMatrix(
            logs.map((l) => 10 ** l),
            { largest: Number.POSITIVE_INFINITY },
          );
          const { weights } = priorities({ items: values.map((_, i) => String(i)), values });
          const ratios = values.map((row, i) => row.reduce((s, a, j) => s + a * weights[j]!, 0) / weights[i]!);
          expect(Math.max(...ratios) / Math.min(...ratios) - 1).toBeLessThan(1e-14);
        },
      ),
      { seed: 2, numRuns: 200 },
    );
  });

  it('weights sum to 1 and do not depend on the order of the items, by every method', () => {
    fc.assert(
      fc.property(
        judged(fc.integer({ min: 1, max: 9 })),
        fc.constantFrom(...methods.map(([m]) => m)),
        fc.infiniteStream(fc.nat()),
        (upper, method: PriorityMethod, keys) => {
          const { values } = judgementMatrix(upper);
          const order = values
            .map((_, i) => ({ i, key: keys.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ i }) => i);
          const plain = priorities(judgementMatrix(values), { method });
          const moved = priorities(judgementMatrix(order.map((i) => order.map((j) => values[i]![j]!))), { method });
          near([plain.weights.reduce((a, b) => a + b)], [1], 1e-14);
          near(
            moved.weights,
            order.map((i) => plain.weights[i]!),
            1e-14,
          );
          near([moved.consistencyRatio], [plain.consistencyRatio], 1e-12);
        },
      ),
      { seed: 3, numRuns: 200 },
    );
  });

  it('S20: a consistent matrix gives the same weights by all methods and is perfect: CI and CR exactly 0', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 1, maxLength: 15 }), (raw) => {
        const total = raw.reduce((a, b) => a + b);
        const matrix = judgementMatrix(
          raw.map((a) => raw.map((b) => a / b)),
          { largest: Number.POSITIVE_INFINITY },
        );
        for (const [method] of methods) {
          const found = priorities(matrix, { method });
          near(
            found.weights,
            raw.map((w) => w / total),
            1e-13,
          );
          expect([found.consistencyIndex, found.consistencyRatio, found.consistency]).toEqual([0, 0, 'perfect']);
        }
      }),
      { seed: 4, numRuns: 100 },
    );
  });

  it('S20: beyond the table of random indices it stops and names a way out, and never gives CR = 0 (npm ahp #7)', () => {
    const upper = Array.from({ length: (16 * 15) / 2 }, (_, i) => (i % 3) + 1);
    const matrix = judgementMatrix(upper);
    expect(() => priorities(matrix)).toThrow(/saaty1980 has no value for 16 items: use doneganDodd1991/);
    const ratio = priorities(matrix, { randomIndex: 'doneganDodd1991' });
    expect(ratio.consistencyRatio).toBe(ratio.consistencyIndex / 1.5078);
    const own = priorities(matrix, { randomIndex: { name: 'own', values: { 16: 1.6 } } });
    expect(own.randomIndex).toEqual({ name: 'own', value: 1.6 });
    expect(() => priorities(matrix, { randomIndex: { name: 'own', values: { 3: 0.5 } } })).toThrow(/own has no value/);
    expect(() => priorities(matrix, { randomIndex: { name: 'own', values: { 16: 0 } } })).toThrow(/above 0/);
  });

  it('the tables are the published ones (golden ahp.randomIndex)', () => {
    for (const table of tables) expect(RANDOM_INDICES[table]).toEqual(ahp.randomIndex[table]);
  });

  it('refuses unknown methods and tables by name', () => {
    const matrix = judgementMatrix([2]);
    expect(() => priorities(matrix, { method: 'mean' as 'column-sum' })).toThrow(/unknown method "mean"/);
    expect(() => priorities(matrix, { randomIndex: 'saaty' as 'saaty1980' })).toThrow(/unknown randomIndex "saaty"/);
  });
});

/** mathjs gives up on some matrices with multiple eigenvalues; these say nothing. */
function oracle<T>(ask: () => T): T | null {
  try {
    return ask();
  } catch {
    return null;
  }
}

/** Upper triangles on the 1–9 scale. */
function judged(size: fc.Arbitrary<number>): fc.Arbitrary<number[]> {
  const judgement = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.boolean()).map(([a, over]) => (over ? a : 1 / a));
  return size.chain((n) => fc.array(judgement, { minLength: (n * (n - 1)) / 2, maxLength: (n * (n - 1)) / 2 }));
}
