// The sums of a block in a memory of WASM against the loops that stand in for it: the same bits.
import { describe, expect, it } from 'vitest';
import { kernelsAt } from '../kernels/wasm/registry.ts';
import { plainRoom, type Room, roomOf } from '../kernels/wasm/room.ts';
import { seededRandom } from '../numerics/random.ts';
import { BLOCK, Block, blockBytes } from './block.ts';
import { buildDesign } from './design.ts';
import { logisticLikelihood } from './logistic-likelihood.ts';
import { maximise } from './newton.ts';

const random = seededRandom(3);
const noise = (length: number, scale = 1): Float64Array =>
  Float64Array.from({ length }, () => scale * (random.uniform() - 0.5));

describe('Block in a memory of WASM', () => {
  it('has the sums of ordinary arrays, bit by bit, for 1 … 8 columns and any number of rows', () => {
    for (let width = 1; width <= 8; width++)
      for (const rows of [1, 2, 3, 7, 8, 9, 63, BLOCK - 1, BLOCK]) {
        const columns = Array.from({ length: width }, () => noise(BLOCK));
        const factor = noise(BLOCK);
        const weights = noise(width);
        const [fast, slow] = [roomOf(blockBytes(width, 2)), plainRoom].map((room: Room) => {
          const block = new Block(width, room);
          block.columns.forEach((own, j) => {
            own.set(columns[j]!);
          });
          const out = room.float64(BLOCK).fill(12345.678);
          const root = room.float64(BLOCK);
          root.set(factor);
          block.combine(rows, weights, out);
          const sums = new Float64Array(width).fill(0.1);
          block.addProducts(rows, root, sums);
          block.addGram(rows, root);
          block.addGram(rows, root);
          const gram = columns.flatMap((_, a) => columns.slice(0, a + 1).map((__, b) => block.gram(a, b)));
          return { inWasm: kernelsAt(out.buffer) !== undefined, out: out.slice(0, rows), sums, gram };
        });
        expect(fast).toEqual({ ...slow, inWasm: true });
      }
  });
});

describe('logisticLikelihood in a memory of WASM', () => {
  const rows = 3001;
  const field = (name: string) => ({ name, type: 'number' as const });
  const rest = { unseen: 'reference', reference: undefined } as const;
  const levels = ['a', 'b', 'c'];
  const features = [
    ...Array.from({ length: 12 }, (_, k) => ({
      ...{ ...rest, field: field(`x${k}`), missing: k === 4 ? ('level' as const) : ('null' as const), codes: null },
      values: noise(rows, 10 ** (k % 3)).map((x, i) => (k === 4 && i % 7 === 0 ? Number.NaN : x)),
    })),
    {
      ...{ ...rest, field: { name: 'c', type: 'category' as const, levels }, missing: 'null' as const, values: null },
      codes: Int32Array.from({ length: rows }, () => random.below(3)),
    },
  ];
  const design = buildDesign(
    features,
    Int32Array.from({ length: rows }, (_, i) => i),
  );
  const y = Float64Array.from(features[0]!.values!, (x, i) => Number(x + features[1]!.values![i]! / 20 > noise(1)[0]!));
  const weight = noise(rows).map((x) => x + 1);
  const offset = noise(rows, 3);
  const clusters = { codes: Int32Array.from({ length: rows }, (_, i) => i % 300), count: 300 };

  for (const [name, given] of [
    ['alone', {}],
    ['with weights', { weight }],
    ['with offsets', { offset }],
    ['with both', { weight, offset }],
  ] as const)
    it(`has the value, gradient, information and fit of ordinary arrays, bit by bit: ${name}`, () => {
      expect(kernelsAt(design.room.float64(1).buffer)).toBeDefined();
      const [fast, other, slow] = [undefined, roomOf(blockBytes(design.width + 1, 5)), plainRoom].map((room) => {
        const likelihood = logisticLikelihood({ design, y, ...given }, room);
        const n = likelihood.size;
        const at = [0.3, 40, 900].map((scale) => {
          const beta = Float64Array.from({ length: n }, (_, j) => scale * Math.sin(j));
          const gradient = new Float64Array(n);
          const slope = new Float64Array(n);
          const information = new Float64Array(n * n);
          const value = likelihood.evaluate(beta, gradient, information);
          return { value, gradient, information, along: likelihood.slope(beta, slope), slope };
        });
        const fit = maximise(likelihood, new Float64Array(n), 50);
        const { beta } = fit;
        return {
          at,
          fit,
          predictor: likelihood.predictor(beta),
          scores: [likelihood.scores(beta), likelihood.scores(beta, clusters)],
        };
      });
      expect(slow!.fit.status).toBe('converged');
      expect(fast).toEqual(slow);
      expect(other).toEqual(slow);
    });
});
