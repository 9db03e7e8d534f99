// Passes over the rows in WASM against the loops that stand in for them: the same bits.
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../numerics/random.ts';
import { BLOCK } from './block.ts';
import { buildDesign, type Design } from './design.ts';
import type { FeatureColumn } from './feature.ts';
import { LogisticBlocks } from './logistic-blocks.ts';
import { logisticLikelihood } from './logistic-likelihood.ts';
import { maximise } from './newton.ts';

const random = seededRandom(3);
const noise = (length: number, scale = 1): Float64Array =>
  Float64Array.from({ length }, () => scale * (random.uniform() - 0.5));

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
      expect(LogisticBlocks.of(design)).not.toBeNull();
      const [fast, slow] = [LogisticBlocks.of(design), null].map((blocks) => {
        const likelihood = logisticLikelihood({ design, y, ...given }, blocks);
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
    });

  it('has them for 1 … 9 columns and rows that are no multiple of a block, of four or of two', () => {
    for (const [columns, extra] of [
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 3],
      [5, 66],
      [6, BLOCK - 1],
      [9, 127],
    ] as const) {
      const count = BLOCK * Math.ceil(35_000 / columns / BLOCK) + extra;
      const own = buildDesign(
        Array.from({ length: columns }, (_, k) => number(`x${k}`, noise(count, k + 1))),
        Int32Array.from({ length: count }, (_, i) => i),
      );
      const blocks = LogisticBlocks.of(own);
      expect(blocks).not.toBeNull();
      const outcomes = noise(count).map((x) => Number(x > 0.1));
      const [fast, slow] = [blocks, null].map((at) => sums(own, outcomes, at));
      expect(fast).toEqual(slow);
    }
  });

  it('starts on a sample where there are many rows, and ends where all of them lead', () => {
    const count = 40_000;
    const columns = [noise(count, 4), noise(count), noise(count, 1e6)];
    const outcomes = columns[0]!.map((x, i) => Number(1 / (1 + Math.exp(1 - x - columns[1]![i]!)) > random.uniform()));
    const own = buildDesign(
      columns.map((values, k) => number(`x${k}`, values)),
      Int32Array.from(outcomes, (_, i) => i),
    );
    const likelihood = logisticLikelihood({ design: own, y: outcomes });
    const { sample, ...whole } = likelihood;
    expect(Math.round(sample!.factor)).toBe(8);
    const none = new Float64Array(likelihood.size);
    const fit = maximise(likelihood, none, 100);
    const other = maximise(whole, none, 100);
    expect([fit.status, other.status]).toEqual(['converged', 'converged']);
    expect(fit.gradientNorm).toBeLessThan(1e-11);
    fit.beta.forEach((b, j) => {
      expect(b).toBeCloseTo(other.beta[j]!, 12);
    });
    expect(maximise(logisticLikelihood({ design: own, y: outcomes }, null), none, 100)).toEqual(fit);
  });

  it('does without the sample where that lacks a column, or a class', () => {
    const count = 40_000;
    const every = 8 * BLOCK;
    // Never in a block of the sample.
    const rare = Float64Array.from({ length: count }, (_, i) => Number(i % every === BLOCK + 5));
    const x = noise(count);
    for (const outcomes of [
      x.map((own, i) => Number(own + rare[i]! * 0.2 > noise(1)[0]!)),
      x.map((_, i) => Number(i % every > BLOCK && i % 3 === 0)),
    ]) {
      const own = buildDesign(
        [number('x', x), number('rare', rare)],
        Int32Array.from(outcomes, (_, i) => i),
      );
      const { sample, ...whole } = logisticLikelihood({ design: own, y: outcomes });
      expect(sample).toBeDefined();
      const none = new Float64Array(3);
      expect(maximise({ ...whole, sample }, none, 100)).toEqual(maximise(whole, none, 100));
    }
  });
});

function number(name: string, values: Float64Array): FeatureColumn {
  return {
    ...{ field: { name, type: 'number' }, missing: 'null', unseen: 'reference', reference: undefined },
    ...{ values, codes: null },
  };
}

function sums(design: Design, y: Float64Array, blocks: LogisticBlocks | null): readonly unknown[] {
  const likelihood = logisticLikelihood({ design, y }, blocks);
  const beta = Float64Array.from({ length: likelihood.size }, (_, j) => Math.cos(j));
  const gradient = new Float64Array(beta.length);
  const information = new Float64Array(beta.length ** 2);
  return [likelihood.evaluate(beta, gradient, information), gradient, information, likelihood.scores(beta)];
}
