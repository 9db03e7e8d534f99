import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { combineWeights } from './combine-weights.ts';
import { criticWeights, entropyWeights, standardDeviationWeights } from './objective-weights.ts';

interface Entropy {
  readonly name: string;
  readonly matrix: number[][];
  readonly entropy: number[];
  readonly divergence: number[];
  readonly weights: number[];
  readonly published?: number[];
}
interface Critic {
  readonly name: string;
  readonly matrix: number[][];
  readonly directions: number[];
  readonly sd: number[];
  readonly correlation?: number[][];
  readonly information: number[];
  readonly weights: number[];
}
const { mcda } = fixture<{ mcda: { entropy: Entropy[]; critic: Critic[] } }>('value-golden.json');

const names = (matrix: readonly number[][]): string[] => matrix[0]!.map((_, c) => `c${c}`);
const table = (matrix: readonly number[][]): { [name: string]: number[] } =>
  Object.fromEntries(names(matrix).map((name, c) => [name, matrix.map((row) => row[c]!)]));
const near = (found: readonly number[], wanted: readonly number[], tolerance = 1e-12): void => {
  expect(found.length).toBe(wanted.length);
  found.forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!), `[${i}] ${value} ≠ ${wanted[i]}`).toBeLessThanOrEqual(tolerance);
  });
};

describe('objective weights (S23)', () => {
  it.each(mcda.entropy)('S23: entropy weights of $name equal golden mcda.entropy and what is published', (one) => {
    const { entropy, divergence, weights, rows } = entropyWeights(table(one.matrix), names(one.matrix));
    near(entropy, one.entropy);
    near(divergence, one.divergence);
    near(weights, one.weights);
    if (one.published) near(weights, one.published, 6e-4);
    expect(rows).toBe(one.matrix.length);
  });

  it.each(mcda.critic)('S23: CRITIC weights of $name equal golden mcda.critic', (one) => {
    const columns = names(one.matrix);
    const costs = columns.filter((_, c) => one.directions[c] === -1);
    const found = criticWeights(table(one.matrix), columns, { costs });
    near(found.standardDeviation, one.sd);
    near(found.information, one.information);
    near(found.weights, one.weights);
    if (one.correlation) near(found.correlation.flat(), one.correlation.flat());
  });

  it('S23: standard-deviation weights are the golden CRITIC deviations over their sum', () => {
    const [one] = mcda.critic;
    const total = one!.sd.reduce((a, b) => a + b);
    const { weights } = standardDeviationWeights(table(one!.matrix), names(one!.matrix));
    near(
      weights,
      one!.sd.map((sd) => sd / total),
    );
  });

  it('S23: weights sum to 1, do not depend on the order of the columns, and a constant column gets 0 and changes no other', () => {
    const value = fc.integer({ min: 0, max: 1000 });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, value), { minLength: 3, maxLength: 12 }), (rows) => {
        const data = {
          a: rows.map((r) => r[0]),
          b: rows.map((r) => r[1]),
          c: rows.map((r) => r[2]),
          k: rows.map(() => 7),
        };
        for (const weigh of [entropyWeights, standardDeviationWeights, criticWeights]) {
          let plain: readonly number[];
          try {
            plain = weigh(data, ['a', 'b', 'c']).weights;
          } catch (error) {
            expect((error as Error).message).toMatch(/tell no rows apart/);
            continue;
          }
          near([plain.reduce((a, b) => a + b)], [1]);
          const [c, a, b] = weigh(data, ['c', 'a', 'b']).weights;
          near([a!, b!, c!], plain, 1e-9);
          const more = weigh(data, ['a', 'k', 'b', 'c']);
          near(more.weights, [plain[0]!, 0, plain[1]!, plain[2]!], 1e-12);
          expect(more.weights[1]).toBe(0);
          expect(more.warnings).toContain('"k" has no spread: its weight is 0');
        }
      }),
      { seed: 9, numRuns: 60 },
    );
  });

  it('S23: rows with a null are left out of all columns and counted', () => {
    const data = { a: [1, 2, null, 4], b: [4, 1, 3, null] };
    const found = standardDeviationWeights(data, ['a', 'b']);
    expect(found).toMatchObject({
      rows: 2,
      weights: [0.5, 0.5],
      warnings: ['2 of 4 rows hold a null and were left out'],
    });
  });

  it('S23: entropy refuses negative values and takes a shift for them', () => {
    const data = { profit: [-5, 5, 15], volume: [1, 2, 3] };
    expect(() => entropyWeights(data, ['profit', 'volume'])).toThrow(/"profit" goes down to -5.*give a shift/);
    const shifted = entropyWeights(data, ['profit', 'volume'], { shift: { profit: 5 } });
    const byHand = entropyWeights({ profit: [0, 10, 20], volume: [1, 2, 3] }, ['profit', 'volume']);
    expect(shifted.weights).toEqual(byHand.weights);
  });

  it('refuses tables that tell nothing', () => {
    expect(() => criticWeights({ a: [1, 1], b: [2, 2] }, ['a', 'b'])).toThrow(/a, b tell no rows apart/);
    expect(() => criticWeights({ a: [1], b: [2] }, ['a', 'b'])).toThrow(/1 rows without a null/);
    expect(() => criticWeights({ a: [1, 2] }, ['a'], { costs: ['b'] })).toThrow(/unknown cost "b"/);
    expect(() => entropyWeights({ a: [1, 2] }, ['a', 'a'])).toThrow(/"a" is repeated/);
    expect(() => entropyWeights({ a: [1, 2] }, [])).toThrow(/name at least one/);
    expect(() => entropyWeights({ a: [1, 2] }, ['b'])).toThrow(/"b"/);
  });
});

describe('combineWeights (S23)', () => {
  it('S23: product and sum by hand: √(0.5·0.2) : √(0.5·0.8) = 1 : 2; 0.25·0.5 + 0.75·0.2 = 0.275', () => {
    near(combineWeights([0.5, 0.5], [0.2, 0.8]), [1 / 3, 2 / 3]);
    near(combineWeights([0.5, 0.5], [0.2, 0.8], { alpha: 0.25, rule: 'sum' }), [0.275, 0.725]);
  });

  it('S23: alpha 1 gives the subjective and alpha 0 the objective weights, by both rules', () => {
    const [s, o] = [
      [0.7, 0.3, 0],
      [0, 0.4, 0.6],
    ];
    for (const rule of ['product', 'sum'] as const) {
      near(combineWeights(s!, o!, { alpha: 1, rule }), s!);
      near(combineWeights(s!, o!, { alpha: 0, rule }), o!);
    }
    near(combineWeights(s!, o!), [0, 1, 0]);
  });

  it('refuses weights that do not sum to 1 or leave nothing', () => {
    expect(() => combineWeights([0.5, 0.4], [0.5, 0.5])).toThrow(/subjective: the weights sum to 0.9/);
    expect(() => combineWeights([1], [0.5, 0.5])).toThrow(/1 subjective weights and 2 objective/);
    expect(() => combineWeights([1, 0], [0, 1])).toThrow(/leaves nothing, use the sum/);
    expect(() => combineWeights([1], [1], { alpha: 2 })).toThrow(/invalid alpha: 2/);
    expect(() => combineWeights([1], [1], { rule: 'mean' as 'sum' })).toThrow(/unknown rule "mean"/);
  });
});
