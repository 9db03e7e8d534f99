// Boosting where its arrays lie in a memory of WASM, against the same on ordinary arrays: the same bits.
import { describe, expect, it } from 'vitest';
import { plainRoom, type Room, roomOf } from '../../kernels/wasm/room.ts';
import { seededRandom } from '../../numerics/random.ts';
import { massOf, trainingData } from '../trees/training-data.ts';
import { binnedBytes, binnedData } from './binned-data.ts';
import { Boosting, type BoostOptions, boostingBytes } from './boosting.ts';

const options: BoostOptions = {
  leaves: 9,
  maxDepth: 64,
  minGain: 0,
  learningRate: 0.3,
  directions: new Int8Array(7),
  minLeaf: 3,
  minHessian: 1e-3,
  l2: 1,
  categorySmoothing: 10,
  rowShare: 1,
  featureShare: 1,
  seed: 5,
};
const BINS = 255;
const COLUMNS = 7;

/** Numbers of many, of few and of one value, all with nulls, a flag, and levels; outcomes that hang on some of them. */
function table(rows: number, seed: number) {
  const random = seededRandom(seed);
  const number = (of: () => number, nulls: number) =>
    Float64Array.from({ length: rows }, () => (random.uniform() < nulls ? Number.NaN : of()));
  const columns = [
    number(() => random.uniform(), 0.1),
    number(() => random.below(3), 0.3),
    number(() => 1, 0.5),
    number(() => random.uniform() ** 9, 0),
    number(() => random.below(2), 0),
    number(() => random.below(300), 0.01),
  ];
  const codes = Int32Array.from({ length: rows }, () => random.below(6) - 1);
  const y = Float64Array.from(codes, (code, i) => {
    const z = (columns[0]![i] || 0) - columns[4]![i]! + (code === 2 ? 1 : 0) + (columns[2]![i] ? 0 : 0.5);
    return random.uniform() < 1 / (1 + Math.exp(-4 * z)) ? 1 : 0;
  });
  const rest = { missing: 'null', unseen: 'reference', reference: undefined } as const;
  const features = columns.map((values, k) => ({
    ...rest,
    field: { name: `x${k}`, type: 'number' as const },
    values,
    codes: null,
  }));
  const levels = ['a', 'b', 'c', 'd', 'e'];
  const category = { ...rest, field: { name: 'level', type: 'category' as const, levels }, values: null, codes };
  return {
    y,
    weight: Float64Array.from({ length: rows }, () => 0.5 + random.uniform()),
    data: trainingData(
      [...features, category],
      Int32Array.from({ length: rows }, (_, i) => i),
      () => false,
    ),
  };
}

function boosted(rows: number, given: Partial<BoostOptions>, room: Room, held = 0, weighted = false) {
  const { data, y, weight } = table(rows, rows);
  const order = Int32Array.from({ length: rows }, (_, i) => i);
  const mass = massOf(y, weighted ? weight : null);
  const own = room.float64(rows);
  own.set(y);
  const boosting = new Boosting(
    {
      binned: binnedData(data, mass, order, BINS, room),
      y: own,
      weight: Float64Array.from(order, (row) => mass.cells[2 * row]! / mass.unit),
      wholeWeights: !weighted,
    },
    order.slice(held),
    order.slice(0, held),
    { ...options, ...given },
    room,
  );
  const losses = [];
  for (let round = 0; round < 8; round++) {
    losses.push(boosting.judge());
    boosting.grow();
  }
  return { trees: boosting.trees, gains: boosting.gains, losses, inWasm: boosting.inWasm };
}
const enough = (rows: number): number =>
  binnedBytes(rows, COLUMNS) + 8 * rows + 16 + boostingBytes(rows, Array(COLUMNS).fill(BINS), options.leaves);

describe('Boosting in a memory of WASM', () => {
  const cases: readonly (readonly [string, Partial<BoostOptions>, number, boolean])[] = [
    ['all rows', {}, 0, false],
    ['with rows held out', {}, 400, false],
    ['on shares of rows and features', { rowShare: 0.6, featureShare: 0.4 }, 7, false],
    ['with weights', {}, 100, true],
    ['with a monotone column', { directions: Int8Array.of(1, 0, 0, 0, 0, 0, 0) }, 0, false],
    ['with leaves of any size', { minLeaf: 0, minHessian: 0 }, 0, false],
    ['without a penalty', { l2: 0, minLeaf: 40 }, 0, false],
  ];
  for (const [name, given, held, weighted] of cases)
    it(`grows the trees of ordinary arrays, bit by bit: ${name}`, () => {
      for (const rows of [2001, 1024]) {
        const fast = boosted(rows, given, roomOf(enough(rows)), held, weighted);
        const slow = boosted(rows, given, plainRoom, held, weighted);
        expect(slow.trees.length).toBe(8);
        expect(fast).toEqual({ ...slow, inWasm: true });
      }
    });

  it('goes on in ordinary arrays when the memory is full', () => {
    const slow = boosted(1500, {}, plainRoom);
    for (const bytes of [0, 20_000, 60_000, 100_000, 150_000]) expect(boosted(1500, {}, roomOf(bytes))).toEqual(slow);
  });
});
