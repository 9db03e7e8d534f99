import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { bindScoreMap } from './bind-score-map.ts';
import { type ScoreMap, scoreMapCheck } from './score-map.ts';

interface Points {
  readonly inputs: number[];
  readonly outputs: number[];
}
const { scoreMapping: golden } = fixture<{
  scoreMapping: {
    piecewiseLinear: Points & { knotsX: number[]; knotsY: number[] };
    linear0to100: Points & { low: number; high: number };
    linearDescending: Points & { low: number; high: number };
    logistic: Points & { midpoint: number; slope: number };
    step: Points & { cuts: number[]; labels: number[] };
  };
}>('value-golden.json');

function scores(map: ScoreMap, inputs: readonly number[]): Float64Array {
  const out = new Float64Array(inputs.length);
  bindScoreMap(scoreMapCheck(map, 'map'))(inputs.length, Float64Array.from(inputs), out);
  return out;
}
function near(found: Float64Array, wanted: readonly number[]): void {
  wanted.forEach((value, i) => {
    expect(Math.abs(found[i]! - value)).toBeLessThan(1e-13);
  });
}

describe('score maps (S9)', () => {
  it('piecewise linear equals golden scoreMapping.piecewiseLinear, constant outside its knots', () => {
    const { knotsX, knotsY, inputs, outputs } = golden.piecewiseLinear;
    near(scores({ kind: 'piecewise', knots: knotsX.map((x, i) => [x, knotsY[i]!]) }, inputs), outputs);
  });

  it('linear equals golden scoreMapping.linear0to100', () => {
    const { low, high, inputs, outputs } = golden.linear0to100;
    near(scores({ kind: 'linear', low, high }, inputs), outputs);
  });

  it('a falling piecewise map equals golden scoreMapping.linearDescending', () => {
    const { low, high, inputs, outputs } = golden.linearDescending;
    near(
      scores(
        {
          kind: 'piecewise',
          knots: [
            [low, 100],
            [high, 0],
          ],
        },
        inputs,
      ),
      outputs,
    );
  });

  it('logistic equals golden scoreMapping.logistic, falls with a negative slope and does not overflow', () => {
    const { midpoint, slope, inputs, outputs } = golden.logistic;
    near(scores({ kind: 'logistic', midpoint, slope }, inputs), outputs);
    near(
      scores({ kind: 'logistic', midpoint, slope: -slope }, inputs),
      outputs.map((y) => 100 - y),
    );
    near(scores({ kind: 'logistic', midpoint: 0, slope: 10 }, [-1e308, 1e308]), [0, 100]);
  });

  it('step equals golden scoreMapping.step; closed right gives a value on a cut the score below', () => {
    const { cuts, labels, inputs, outputs } = golden.step;
    near(scores({ kind: 'step', cuts, scores: labels, closed: 'left' }, inputs), outputs);
    near(scores({ kind: 'step', cuts, scores: labels, closed: 'right' }, [100000, 100000.01]), [0, 60]);
  });

  it('S9: steps and segments are found as by looking at every limit in turn, on the limits and the numbers next to them', () => {
    const limit = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -5, max: 5 }));
    fc.assert(
      fc.property(fc.uniqueArray(limit, { minLength: 2, maxLength: 9, comparator: (a, b) => a === b }), (found) => {
        const limits = found.sort((a, b) => a - b);
        const inputs = limits
          .flatMap((x) => [x, x - Math.abs(x) * 2 ** -53, x + Math.abs(x) * 2 ** -52, x / 2])
          .filter(Number.isFinite);
        const heights = [...limits.keys(), limits.length].map((at) => at * 10);
        for (const closed of ['left', 'right'] as const)
          expect([...scores({ kind: 'step', cuts: limits, scores: heights, closed }, inputs)]).toEqual(
            inputs.map((x) => 10 * limits.filter((cut) => x > cut || (closed === 'left' && x === cut)).length),
          );
        const rising = scores({ kind: 'piecewise', knots: limits.map((x, i) => [x, 10 * i]) }, inputs);
        inputs.forEach((x, i) => {
          const below = limits.filter((knot) => x > knot).length;
          if (below === 0) expect(rising[i]).toBe(0);
          else {
            expect(rising[i]).toBeGreaterThanOrEqual(10 * (below - 1));
            expect(rising[i]).toBeLessThanOrEqual(10 * Math.min(below, limits.length - 1));
          }
        });
        limits.forEach((knot, i) => {
          expect(scores({ kind: 'piecewise', knots: limits.map((x, k) => [x, 10 * k]) }, [knot])[0]).toBe(10 * i);
        });
      }),
      { seed: 14, numRuns: 200 },
    );
  });

  it('knots as wide apart as numbers go do not overflow', () => {
    near(scores({ kind: 'linear', low: -1.7e308, high: 1.7e308 }, [0, 0.85e308]), [50, 75]);
  });

  it.each([
    [
      'knots that do not rise',
      {
        kind: 'piecewise',
        knots: [
          [1, 0],
          [1, 5],
        ],
      },
      /knots: must be strictly increasing/,
    ],
    ['one knot', { kind: 'piecewise', knots: [[1, 0]] }, /at least two/],
    [
      'a score beyond 100',
      {
        kind: 'piecewise',
        knots: [
          [1, 0],
          [2, 101],
        ],
      },
      /a score of 0 to 100, got 101/,
    ],
    ['low above high', { kind: 'linear', low: 2, high: 1 }, /strictly increasing/],
    ['no slope', { kind: 'logistic', midpoint: 0, slope: 0 }, /slope: must not be 0/],
    [
      'scores that do not match',
      { kind: 'step', cuts: [1], scores: [0], closed: 'left' },
      /1 cuts need 2 scores, got 1/,
    ],
    ['an unknown kind', { kind: 'cubic' }, /map.kind/],
    ['nothing', null, /map/],
  ])('refuses %s', (_, map, message) => {
    expect(() => scoreMapCheck(map, 'map')).toThrow(message);
  });
});
