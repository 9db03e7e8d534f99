import { describe, expect, it } from 'vitest';
import { exp } from '../numerics/elementary.ts';
import { seededRandom } from '../numerics/random.ts';
import { bindScoreMap } from './bind-score-map.ts';
import type { ScoreMap } from './score-map.ts';

const random = seededRandom(77);
const MAX = Number.MAX_VALUE;
const bits = (values: Float64Array<ArrayBuffer>): readonly bigint[] => [...new BigInt64Array(values.buffer)];

function neighbours(x: number): readonly number[] {
  if (x === 0) return [0, -0, Number.MIN_VALUE, -Number.MIN_VALUE];
  const at = (by: bigint): number => {
    const cell = Float64Array.of(x);
    const word = new BigInt64Array(cell.buffer);
    word[0] = word[0]! + by;
    return cell[0]!;
  };
  return [x, at(1n), at(-1n)].filter(Number.isFinite);
}

/** The score of one value by the definition (S9), looking at every limit in turn. */
function scoreOf(map: ScoreMap, x: number): number {
  if (map.kind === 'logistic') return 100 / (1 + exp(-map.slope * (x - map.midpoint)));
  if (map.kind === 'step')
    return map.scores[map.cuts.filter((cut) => (map.closed === 'left' ? x >= cut : x > cut)).length]!;
  const knots =
    map.kind === 'linear'
      ? ([
          [map.low, 0],
          [map.high, 100],
        ] as const)
      : map.knots;
  const low = knots[0]![0];
  const high = knots[knots.length - 1]![0];
  const unit = Number.isFinite(high - low) ? 1 : 0.5;
  const value = Math.min(Math.max(x, low), high);
  const at = knots.slice(1, -1).filter(([knot]) => value > knot).length;
  const [[from, base], [to, top]] = [knots[at]!, knots[at + 1]!];
  return base + ((value * unit - from * unit) / (to * unit - from * unit)) * (top - base);
}

const limitsOf = (map: ScoreMap): readonly number[] =>
  map.kind === 'linear'
    ? [map.low, map.high]
    : map.kind === 'piecewise'
      ? map.knots.map(([value]) => value)
      : map.kind === 'step'
        ? map.cuts
        : [map.midpoint, map.midpoint + 708 / map.slope, map.midpoint - 708 / map.slope];

const increasing = (count: number, size: number): readonly number[] =>
  [...new Set(Array.from({ length: count }, () => (2 * random.uniform() - 1) * size))].sort((a, b) => a - b);
const height = (): number => 100 * random.uniform();
/** Numbers of limits on both sides of every table size: 8, 15, 63, 255. */
const COUNTS = [2, 3, 4, 5, 7, 8, 9, 14, 15, 16, 17, 62, 63, 64, 65, 255, 256];
const EXTREME = [-MAX, -1e300, -1, -Number.MIN_VALUE, 0, Number.MIN_VALUE, 1e-310, 1, 1e300, MAX];

const maps: readonly ScoreMap[] = [
  { kind: 'linear', low: -2, high: 2 },
  { kind: 'linear', low: 0, high: 1e-310 },
  { kind: 'linear', low: -3, high: 0 },
  { kind: 'linear', low: -MAX, high: MAX },
  { kind: 'linear', low: 1e9, high: 1e9 + 1 },
  { kind: 'piecewise', knots: EXTREME.map((value) => [value, height()]) },
  {
    kind: 'piecewise',
    knots: [
      [-1, 100],
      [0, 0],
    ],
  },
  ...COUNTS.map((count): ScoreMap => {
    const falling = increasing(count, 3).map((value, i): [number, number] => [value, 100 - (100 * i) / count]);
    return { kind: 'piecewise', knots: falling };
  }),
  ...COUNTS.map((count): ScoreMap => ({ kind: 'piecewise', knots: increasing(count, 3).map((x) => [x, height()]) })),
  ...(['left', 'right'] as const).flatMap((closed) =>
    [[], [0], EXTREME, ...COUNTS.map((count) => increasing(count, 3))].map(
      (cuts): ScoreMap => ({ kind: 'step', cuts, scores: [...cuts, 0].map(height), closed }),
    ),
  ),
  { kind: 'logistic', midpoint: 0.2, slope: 1.5 },
  { kind: 'logistic', midpoint: -1e5, slope: -1e-3 },
  { kind: 'logistic', midpoint: 0, slope: 400 },
];

describe('bindScoreMap', () => {
  it.each(maps.map((map) => [`${map.kind} with ${limitsOf(map).length} limits`, map] as const))(
    '%s: the bits of the definition on every limit, on both sides of it, and at all sizes of numbers',
    (_, map) => {
      const limits = limitsOf(map);
      const cells = Float64Array.from([
        ...limits.flatMap(neighbours),
        ...EXTREME.flatMap(neighbours),
        ...Array.from({ length: 50 }, () => (2 * random.uniform() - 1) * 4),
      ]);
      const plain = new Float64Array(cells.length);
      bindScoreMap(map)(cells.length, cells, plain);
      expect(bits(plain)).toEqual(bits(cells.map((x) => scoreOf(map, x))));
      const sum = cells.map(() => 0.3);
      bindScoreMap(map, -0.7, 41.3)(cells.length, cells, sum);
      expect(bits(sum)).toEqual(bits(cells.map((x) => 0.3 + -0.7 * (scoreOf(map, x) - 41.3))));
    },
  );

  it.each(maps.map((map) => [`${map.kind} with ${limitsOf(map).length} limits`, map] as const))(
    '%s: a cell that is not finite leaves none behind, and nothing beside it',
    (_, map) => {
      const cells = Float64Array.of(1, Number.NaN, 1, Number.POSITIVE_INFINITY, 1, Number.NEGATIVE_INFINITY, 1);
      const out = new Float64Array(cells.length + 1);
      bindScoreMap(map)(cells.length, cells, out);
      const score = scoreOf(map, 1);
      expect([...out].map((x) => (Number.isFinite(x) ? x : null))).toEqual([
        score,
        null,
        score,
        null,
        score,
        null,
        score,
        0,
      ]);
    },
  );

  it('works on blocks that grow and shrink', () => {
    for (const map of maps) {
      const add = bindScoreMap(map);
      for (const rows of [1, 5, 0, 3, 9]) {
        const cells = Float64Array.from({ length: rows }, () => 4 * random.uniform() - 2);
        const out = new Float64Array(rows);
        add(rows, cells, out);
        expect(bits(out)).toEqual(bits(cells.map((x) => scoreOf(map, x))));
      }
    }
  });
});
