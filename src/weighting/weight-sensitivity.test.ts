import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { judgementMatrix } from './judgement-matrix.ts';
import { priorities } from './priorities.ts';
import { synthesis } from './synthesis.ts';
import { weightSensitivity } from './weight-sensitivity.ts';

interface Row {
  readonly criterion: string;
  readonly baseWeight: number;
  readonly scoreAt0: number[];
  readonly scoreAt1: number[];
  readonly 'scoreAt0.5': number[];
  readonly crossings: { pair: [string, string]; weight: number }[];
}
const { ahp } = fixture<{
  ahp: {
    hierarchies: {
      name: string;
      criteria: string[];
      alternatives: string[];
      criteriaMatrix: number[][];
      alternativeMatrices: { [criterion: string]: number[][] };
      results: { scores: number[] }[];
    }[];
    sensitivity: { rows: Row[] };
    idealMode: { raw: number[]; scores: number[] };
  };
}>('value-golden.json');
const prepared = (h: (typeof ahp.hierarchies)[number]) => ({
  weights: priorities(judgementMatrix(h.criteriaMatrix)).weights,
  locals: h.criteria.map((c) => priorities(judgementMatrix(h.alternativeMatrices[c]!)).weights),
});
const [leader] = ahp.hierarchies;
const { weights, locals } = prepared(leader!);
const scores = leader!.alternatives.map((_, a) => locals.map((row) => row[a]!));
const near = (found: readonly number[], wanted: readonly number[], tolerance = 1e-12): void => {
  expect(found.length).toBe(wanted.length);
  found.forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!), `[${i}] ${value} ≠ ${wanted[i]}`).toBeLessThanOrEqual(tolerance);
  });
};

describe('weightSensitivity (S25)', () => {
  it('S25: the leader example equals golden ahp.sensitivity: scores at 0, ½ and 1 and every crossing weight', () => {
    const { criteria, alternatives } = leader!;
    const found = weightSensitivity({ criteria, weights, alternatives, scores });
    ahp.sensitivity.rows.forEach((wanted, k) => {
      const one = found[k]!;
      expect(one.criterion).toBe(wanted.criterion);
      near([one.baseWeight], [wanted.baseWeight]);
      near(one.scoreAt0, wanted.scoreAt0);
      near(one.scoreAt1, wanted.scoreAt1);
      near(
        one.scoreAt0.map((s, a) => (s + one.scoreAt1[a]!) / 2),
        wanted['scoreAt0.5'],
      );
      expect(one.crossings.map(({ pair }) => pair)).toEqual(wanted.crossings.map(({ pair }) => pair));
      near(
        one.crossings.map(({ weight }) => weight),
        wanted.crossings.map(({ weight }) => weight),
      );
    });
  });

  it('S25: a pair changes places just there: the order is one way just below a crossing and the other just above', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 3 }), {
          minLength: 2,
          maxLength: 5,
        }),
        (rows) => {
          const given = {
            criteria: ['x', 'y', 'z'],
            weights: [0.5, 0.25, 0.25],
            alternatives: rows.map((_, a) => `${a}`),
            scores: rows,
          };
          weightSensitivity(given).forEach(({ crossings }, k) => {
            for (const { pair, weight } of crossings) {
              const gap = (at: number): number => {
                const moved = given.weights.map((w, c) => (c === k ? at : (w * (1 - at)) / (1 - given.weights[k]!)));
                const [a, b] = pair.map((name) => rows[Number(name)]!.reduce((s, v, c) => s + v * moved[c]!, 0));
                return a! - b!;
              };
              expect(Math.abs(gap(weight))).toBeLessThan(1e-12);
              expect(gap(weight - 1e-6) * gap(weight + 1e-6)).toBeLessThan(0);
            }
          });
        },
      ),
      { seed: 12, numRuns: 100 },
    );
  });

  it('S25: equal alternatives never cross, a tie at weight 0 or 1 is no crossing, a criterion with all weight leaves the rest equal', () => {
    const of = (rows: number[][], w: number[]) =>
      weightSensitivity({ criteria: ['x', 'y', 'z'], weights: w, alternatives: ['a', 'b'], scores: rows });
    expect(
      of(
        [
          [1, 2, 3],
          [1, 2, 3],
        ],
        [0.5, 0.25, 0.25],
      ).every(({ crossings }) => crossings.length === 0),
    ).toBe(true);
    expect(
      of(
        [
          [1, 2, 2],
          [1, 3, 3],
        ],
        [0.5, 0.25, 0.25],
      )[0]!.crossings,
    ).toEqual([]);
    const [first] = of(
      [
        [1, 0, 4],
        [0, 2, 6],
      ],
      [1, 0, 0],
    );
    expect(first!.scoreAt0).toEqual([2, 4]);
    near([first!.crossings[0]!.weight], [2 / 3]);
  });

  it('refuses NaN scores, weights that do not sum to 1 and lists that do not match', () => {
    const given = { criteria: ['x', 'y'], weights: [0.5, 0.5], alternatives: ['a'], scores: [[1, 2]] };
    expect(() => weightSensitivity({ ...given, scores: [[1, Number.NaN]] })).toThrow(/"a" scores NaN in "y"/);
    expect(() => weightSensitivity({ ...given, scores: [[1]] })).toThrow(/"a" has 1 scores for 2 criteria/);
    expect(() => weightSensitivity({ ...given, scores: [] })).toThrow(/0 rows of scores for 1 alternatives/);
    expect(() => weightSensitivity({ ...given, weights: [0.5, 0.4] })).toThrow(/the weights sum to 0.9/);
    expect(() => weightSensitivity({ ...given, weights: [1] })).toThrow(/1 weights for 2 criteria/);
  });
});

describe('synthesis', () => {
  it('S22: the leader and the cities score as in golden ahp.hierarchies', () => {
    for (const one of ahp.hierarchies) {
      const { weights, locals } = prepared(one);
      near(synthesis(weights, locals).scores, one.results[0]!.scores);
    }
  });

  it('S22: the ideal mode equals golden ahp.idealMode', () => {
    const { raw, scores } = synthesis(weights, locals, 'ideal');
    near(raw, ahp.idealMode.raw);
    near(scores, ahp.idealMode.scores);
  });

  it('refuses what does not fit', () => {
    expect(() => synthesis([1], [[0, 0]])).toThrow(/priorities\[0\]: 0, 0/);
    expect(() => synthesis([1], [[0.5, Number.NaN]])).toThrow(/NaN/);
    expect(() => synthesis([0.5, 0.5], [[1, 0]])).toThrow(/one list per criterion/);
    expect(() => synthesis([0.5], [[1]])).toThrow(/sum to 0.5/);
    expect(() => synthesis([1], [[1]], 'x' as 'ideal')).toThrow(/unknown mode/);
  });
});
