import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { type CompletionMethod, completeJudgements } from './complete-judgements.ts';
import { judgementMatrix, type PairJudgement } from './judgement-matrix.ts';
import { priorities } from './priorities.ts';

interface Completed {
  readonly weights: number[];
  readonly lambdaMax?: number;
  readonly impliedMissing?: number[];
  readonly completed?: number[];
}
interface Incomplete {
  readonly name: string;
  readonly n: number;
  readonly known: [number, number, number][];
  readonly published?: { weights4dp: number[] };
  readonly harker: Completed;
  readonly logLeastSquares: Completed;
  readonly eigenvalueOptimal: Completed;
}
const { ahp } = fixture<{ ahp: { incomplete: Incomplete[] } }>('value-golden.json');
const solvable = ahp.incomplete.slice(0, 2);
const methods = [
  ['harker', 'harker', 1e-12],
  ['log-least-squares', 'logLeastSquares', 1e-12],
  ['eigenvalue-optimal', 'eigenvalueOptimal', 1e-9],
] as const;
const named = ({ known }: Incomplete): PairJudgement[] => known.map(([i, j, a]) => [`${i}`, `${j}`, a]);
const itemsOf = ({ n }: Incomplete): string[] => Array.from({ length: n }, (_, i) => `${i}`);
const weightsOf = (pairs: readonly PairJudgement[], items: readonly string[], method: CompletionMethod) => {
  const matrix = completeJudgements(pairs, { items, method });
  return priorities(matrix, { method: method === 'log-least-squares' ? 'geometric-mean' : 'eigenvector' });
};

const near = (found: readonly number[], wanted: readonly number[], tolerance: number): void => {
  expect(found.length).toBe(wanted.length);
  found.forEach((value, i) => {
    const off = Math.abs(value - wanted[i]!) / Math.max(1, Math.abs(wanted[i]!));
    expect(off, `[${i}] ${value} ≠ ${wanted[i]}`).toBeLessThanOrEqual(tolerance);
  });
};

describe('completeJudgements (S24)', () => {
  it.each(
    solvable.flatMap((one) =>
      methods.map(([method, key, tolerance]) => ({ name: one.name, one, method, key, tolerance })),
    ),
  )(
    'S24: $name by $method equals golden ahp.incomplete: filled-in judgements, weights and λmax',
    ({ one, method, key, tolerance }) => {
      const wanted = one[key];
      const items = itemsOf(one);
      const { implied } = completeJudgements(named(one), { items, method });
      near(
        implied.map(([, , times]) => times),
        wanted.completed ?? wanted.impliedMissing!,
        tolerance,
      );
      const { weights, lambdaMax } = weightsOf(named(one), items, method);
      near(weights, wanted.weights, tolerance);
      if (wanted.lambdaMax !== undefined) near([lambdaMax], [wanted.lambdaMax], 1e-12);
    },
  );

  it('S24: the weights that Bozóki, Fülöp & Rónyai (2010) print come out to their four digits', () => {
    const [one] = solvable;
    const { weights } = weightsOf(named(one!), itemsOf(one!), 'eigenvalue-optimal');
    expect(weights.map((w) => Number(w.toFixed(4)))).toEqual(one!.published!.weights4dp);
  });

  it('S24: pairs that do not connect all items are refused with the components (golden disconnected)', () => {
    const pairs: PairJudgement[] = [
      ['price', 'service', 2],
      ['brand', 'design', 3],
    ];
    for (const [method] of methods)
      expect(() => completeJudgements(pairs, { method })).toThrow(
        /leave \{price, service\} and \{brand, design\} unconnected: judge at least one pair between them/,
      );
    expect(() => completeJudgements([['a', 'b', 2]], { items: ['a', 'b', 'c'] })).toThrow(/\{a, b\} and \{c\}/);
  });

  it('S24: consistent judgements along a tree are completed exactly, whatever the method and the tree', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(), fc.boolean()), { minLength: 2, maxLength: 8 }),
        fc.constantFrom(...methods.map(([method]) => method)),
        (edges, method) => {
          const pairs = edges.map(([times, parent, over], k): PairJudgement => {
            const judgement = over ? times : 1 / times;
            return [`${k + 1}`, `${parent % (k + 1)}`, judgement];
          });
          const truth = [1];
          for (const [child, parent, times] of pairs) truth[Number(child)] = truth[Number(parent)]! * times;
          const items = truth.map((_, i) => `${i}`);
          const total = truth.reduce((a, b) => a + b);
          const { weights, consistencyIndex } = weightsOf(pairs, items, method);
          near(
            weights,
            truth.map((w) => w / total),
            1e-7,
          );
          expect(consistencyIndex).toBeLessThan(1e-12);
        },
      ),
      { seed: 11, numRuns: 60 },
    );
  });

  it('S24: λmax of the eigenvalue-optimal completion rises when any filled-in judgement is moved by 1 %', () => {
    const [, house] = solvable;
    const { values, implied, items } = completeJudgements(named(house!), { items: itemsOf(house!) });
    const root = (matrix: number[][]) => priorities({ items, values: matrix }).lambdaMax;
    const least = root(values.map((row) => [...row]));
    for (const [a, b] of implied)
      for (const by of [0.99, 1.01]) {
        const moved = values.map((row) => [...row]);
        const [i, j] = [items.indexOf(a), items.indexOf(b)];
        moved[i]![j]! *= by;
        moved[j]![i] = 1 / moved[i]![j]!;
        expect(root(moved)).toBeGreaterThan(least);
      }
  });

  it('judgements that are all there pass through unchanged; bad ones are refused as in a whole matrix', () => {
    const all: PairJudgement[] = [
      ['a', 'b', 4],
      ['a', 'c', 5],
      ['b', 'c', 2],
    ];
    expect(completeJudgements(all)).toEqual({ ...judgementMatrix(all), method: 'eigenvalue-optimal', implied: [] });
    expect(() => completeJudgements([['a', 'b', 0]])).toThrow(/"a" against "b" is 0/);
    expect(() => completeJudgements([['a', 'b', 10]])).toThrow(/beyond the scale of 1 to 9/);
    expect(() => completeJudgements([...all, ['c', 'a', 1]])).toThrow(/judged twice/);
    expect(() => completeJudgements([['a', 'd', 1]], { items: ['a', 'b'] })).toThrow(/the items are a, b/);
    expect(() => completeJudgements(all, { method: 'mean' as 'harker' })).toThrow(/unknown method "mean"/);
  });
});
