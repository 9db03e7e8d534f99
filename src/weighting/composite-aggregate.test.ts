import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { engine } from '../scoring/engine.ts';
import { compositeIndex, type Indicator } from './composite-index.ts';
import { compositeIndexKind } from './composite-index-kind.ts';
import type { Aggregation } from './composite-index-model.ts';

const { compile, parseModel } = engine({ compositeIndex: compositeIndexKind });
interface Topsis {
  readonly name: string;
  readonly matrix: number[][];
  readonly weights: number[];
  readonly directions: number[];
  readonly closeness: number[];
  readonly published?: number[];
}
const { mcda, satisfactionIndex } = fixture<{
  mcda: {
    topsis: Topsis[];
    weightedSum: Omit<Topsis, 'closeness'> & { minMaxScores: number[]; linearMaxScores: number[] };
    weightedProduct: { scores: number[] };
  };
  satisfactionIndex: {
    weights: { [name: string]: number };
    answers: (number | null)[][];
    index: number[];
    populationMean: number;
  };
}>('value-golden.json');

const table = (matrix: readonly number[][]): { [name: string]: number[] } =>
  Object.fromEntries(matrix[0]!.map((_, c) => [`c${c}`, matrix.map((row) => row[c]!)]));
const criteria = (
  { weights, directions }: Pick<Topsis, 'weights' | 'directions'>,
  standardise: NonNullable<Indicator['standardise']>,
): Indicator[] => weights.map((weight, c) => ({ column: `c${c}`, weight, standardise, cost: directions[c] === -1 }));
const near = (found: ArrayLike<number>, wanted: readonly number[], tolerance = 1e-12): void => {
  expect(found.length).toBe(wanted.length);
  wanted.forEach((value, i) => {
    if (Number.isNaN(value)) expect(found[i]).toBeNaN();
    else expect(Math.abs(found[i]! - value), `[${i}] ${found[i]} ≠ ${value}`).toBeLessThan(tolerance);
  });
};

describe('aggregation of a composite index (S8, S23)', () => {
  it.each(mcda.topsis)('TOPSIS of $name equals golden mcda.topsis', ({ matrix, weights, directions, ...one }) => {
    const indicators = criteria({ weights, directions }, 'vector');
    const model = compositeIndex({ indicators, aggregate: 'topsis' }).fit(table(matrix));
    const { columns } = compile(model).score(table(matrix));
    near(columns.score!, one.closeness);
    if (one.published) near(columns.score!, one.published, 1.1e-3);
  });

  it('TOPSIS stores ideal and anti-ideal in the units of the columns: one row scores later as it did among the others', () => {
    const [ersoy] = mcda.topsis;
    const model = compositeIndex({ indicators: criteria(ersoy!, 'vector'), aggregate: 'topsis' }).fit(
      table(ersoy!.matrix),
    );
    expect(model.reference).toEqual({
      ideal: [512, 8, 53, 1.6, 1.7, 6808.9],
      antiIdeal: [256, 4, 32, 1, 1.9, 8479.99],
    });
    const plan = compile(parseModel(JSON.parse(JSON.stringify(model))) as typeof model);
    near(plan.score(table([ersoy!.matrix[4]!])).columns.score!, [ersoy!.closeness[4]!]);
    near(plan.score(table([model.reference!.ideal as number[]])).columns.score!, [1], 1e-15);
    near(plan.score(table([model.reference!.antiIdeal as number[]])).columns.score!, [0], 1e-15);
  });

  it('TOPSIS with maps, with and without standardisation, equals distances worked out by hand', () => {
    // scores 0, 50, 100 and mirrored 100, 20, 0 with weights 0.6, 0.4: middle d⁻ = √(30² + 8²), d⁺ = √(30² + 32²)
    const indicators = [
      { column: 'x', weight: 0.6, map: { kind: 'linear', low: 0, high: 10 } },
      { column: 'y', weight: 0.4, map: { kind: 'linear', low: 0, high: 100 }, cost: true },
    ] as const;
    const data = { x: [0, 5, 10], y: [0, 80, 100] };
    const { columns } = compile(compositeIndex({ indicators, aggregate: 'topsis' }).fit(data)).score(data);
    const near2 = Math.hypot(30, 8) / (Math.hypot(30, 8) + Math.hypot(30, 32));
    near(columns.score, [40 / 100, near2, 60 / 100]);
  });

  it('TOPSIS of rows that do not differ is null, and it cannot be explained', () => {
    const model = compositeIndex({
      indicators: [{ column: 'x', weight: 1, standardise: 'vector' }],
      aggregate: 'topsis',
    }).fit({
      x: [3, 3],
    });
    const plan = compile(model);
    const { columns, report } = plan.score({ x: [3, 4] });
    expect(columns.score[0]).toBeNaN();
    expect(columns.score[1]).toBe(0.5);
    expect(report.nulls).toEqual({ score: { 'out-of-range': 1 } });
    // @ts-expect-error a closeness has no terms
    expect(() => plan.explain({ x: [3] }, 'score')).toThrow(/cannot be explained/);
  });

  it('weighted sums of min–max and linear max equal golden mcda.weightedSum, a cost of max being least over x', () => {
    const { matrix, minMaxScores, linearMaxScores } = mcda.weightedSum;
    for (const [kind, wanted] of [
      ['min-max', minMaxScores],
      ['max', linearMaxScores],
    ] as const) {
      const model = compositeIndex({ indicators: criteria(mcda.weightedSum, kind) }).fit(table(matrix));
      near(compile(model).score(table(matrix)).columns.score!, wanted);
      const json = JSON.parse(JSON.stringify(model));
      expect(compile(parseModel(json)).score(table(matrix))).toEqual(compile(model).score(table(matrix)));
    }
  });

  it('the weighted product equals golden mcda.weightedProduct', () => {
    const { matrix } = mcda.weightedSum;
    const model = compositeIndex({ indicators: criteria(mcda.weightedSum, 'max'), aggregate: 'product' }).fit(
      table(matrix),
    );
    near(compile(model).score(table(matrix)).columns.score!, mcda.weightedProduct.scores);
  });

  it('a product: 100^½ · 25^½ = 50 by hand; 0 stays 0, a value below 0 is null, weight 0 does not matter, branches multiply', () => {
    const linear = { kind: 'linear', low: 0, high: 100 } as const;
    const { columns, report } = compile(
      compositeIndex({
        indicators: [
          { column: 'a', weight: 0.5, map: linear, group: 'g' },
          { column: 'b', weight: 0.5, group: 'h' },
          { column: 'c', weight: 0 },
        ],
        aggregate: 'product',
      }).fit({ a: [], b: [], c: [] }),
    ).score({ a: [100, 0, 50, 50], b: [25, 25, -1, 4], c: [0, -3, 1, 1] });
    near(columns.score, [50, 0, Number.NaN, Math.sqrt(200)]);
    near(columns.g, [100, 0, 50, 50], 1e-12);
    near(columns.h, [25, 25, Number.NaN, 4], 1e-12);
    expect(report.nulls.score).toEqual({ 'out-of-range': 1 });
  });

  it('a product is explained by w·ln X, which add up to ln Y; a score of 0 has no logarithm', () => {
    const model = compositeIndex({
      indicators: [
        { column: 'a', weight: 0.25 },
        { column: 'b', weight: 0.75 },
      ],
      aggregate: 'product',
    }).fit({ a: [], b: [] });
    const plan = compile(model);
    const batch = { a: [2, 0], b: [5, 5] };
    const { scale, base, contributions } = plan.explain(batch, 'score');
    expect([scale, base]).toEqual(['log-score', 0]);
    near([contributions[0]![0]!, contributions[1]![0]!], [0.25 * Math.log(2), 0.75 * Math.log(5)], 1e-15);
    near([contributions[0]![0]! + contributions[1]![0]!], [Math.log(plan.score(batch).columns.score[0]!)], 1e-15);
    expect(contributions[0]![1]).toBeNaN();
  });

  it('missing: renormalise reproduces golden satisfactionIndex; in a product the exponents are brought to sum 1', () => {
    const { weights, answers, index, populationMean } = satisfactionIndex;
    const questions = Object.keys(weights);
    const data = Object.fromEntries(questions.map((q, c) => [q, answers.map((row) => row[c]!)]));
    const indicators = questions.map(
      (column): Indicator => ({
        column,
        weight: weights[column]!,
        map: { kind: 'linear', low: 1, high: 10 },
      }),
    );
    const { columns } = compile(compositeIndex({ indicators, missing: 'renormalise' }).fit(data)).score(data);
    near(columns.score!, index);
    near([columns.score!.reduce((a, b) => a + b) / index.length], [populationMean]);
    const product = compositeIndex({ indicators, missing: 'renormalise', aggregate: 'product' }).fit(data);
    const last = compile(product).score(data).columns.score![4]!;
    const scores = [700 / 9, 600 / 9, 500 / 9];
    near([last], [scores[0]! ** (0.4 / 0.75) * scores[1]! ** (0.2 / 0.75) * scores[2]! ** (0.15 / 0.75)], 1e-11);
  });

  it('TOPSIS with missing: renormalise measures both distances over the indicators that are there', () => {
    const { matrix, weights, directions } = mcda.topsis[1]!;
    const fit = (columns: readonly number[]) =>
      compositeIndex({
        indicators: criteria({ weights, directions }, 'vector').filter((_, c) => columns.includes(c)),
        aggregate: 'topsis',
        missing: 'renormalise',
        renormalise: true,
      }).fit(table(matrix));
    const data = table(matrix);
    const gap = { ...data, c2: data.c2!.map((x, i) => (i === 2 ? null : x)) };
    const whole = compile(fit([0, 1, 2, 3]));
    const { columns } = whole.score(gap);
    near([columns.score![2]!], [compile(fit([0, 1, 3])).score(data).columns.score![2]!]);
    expect(columns.score![1]).toBe(whole.score(data).columns.score![1]);
  });

  it('one batch or many, and whatever stands beside a row: the same bits by every aggregation and map', () => {
    const indicators = [
      {
        column: 'a',
        weight: 0.3,
        map: {
          kind: 'piecewise',
          knots: [
            [0, 10],
            [3, 20],
            [7, 90],
          ],
        },
        group: 'g',
      },
      { column: 'b', weight: 0.3, map: { kind: 'logistic', midpoint: 4, slope: 0.7 }, standardise: 'max', group: 'g' },
      {
        column: 'c',
        weight: 0.4,
        map: { kind: 'step', cuts: [2, 5], scores: [10, 50, 90], closed: 'left' },
        cost: true,
      },
    ] as const;
    const cell = fc.option(fc.double({ min: -2, max: 9, noNaN: true }), { freq: 8 });
    const row = fc.record({ a: cell, b: cell, c: cell });
    const columnsOf = (rows: readonly { a: number | null; b: number | null; c: number | null }[]) => ({
      a: rows.map((r) => r.a),
      b: rows.map((r) => r.b),
      c: rows.map((r) => r.c),
    });
    const fitted = columnsOf(Array.from({ length: 9 }, (_, i) => ({ a: i, b: i / 2, c: 9 - i })));
    const plans = (['sum', 'product', 'topsis'] as Aggregation[]).flatMap((aggregate) =>
      (['null', 'renormalise'] as const).map((missing) =>
        compile(compositeIndex({ indicators, aggregate, missing }).fit(fitted)),
      ),
    );
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 12 }), fc.nat(), (rows, at) => {
        const cut = 1 + (at % (rows.length - 1));
        for (const plan of plans) {
          const whole = plan.score(columnsOf(rows)).columns;
          const parts = [rows.slice(0, cut), rows.slice(cut)].map((part) => plan.score(columnsOf(part)).columns);
          for (const name of ['score', 'g'] as const)
            expect([...whole[name]]).toEqual(parts.flatMap((part) => [...part[name]]));
        }
      }),
      { seed: 10, numRuns: 60 },
    );
  });

  it('adding a constant column changes no ranking, whatever its weight and standardisation', () => {
    const value = fc.integer({ min: 1, max: 50 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(value, value), { minLength: 2, maxLength: 10 }),
        fc.constantFrom<Aggregation>('sum', 'product', 'topsis'),
        fc.constantFrom('min-max' as const, 'max' as const, 'vector' as const),
        (rows, aggregate, standardise) => {
          fc.pre(rows.some(([a]) => a !== rows[0]![0]) && rows.some(([, b]) => b !== rows[0]![1]));
          const data = { a: rows.map(([a]) => a), b: rows.map(([, b]) => b), k: rows.map(() => 7) };
          const score = (indicators: readonly Indicator[]): Float64Array =>
            compile(compositeIndex({ indicators, aggregate }).fit(data)).score(data).columns.score!;
          const plain = score([
            { column: 'a', weight: 0.6, standardise },
            { column: 'b', weight: 0.4, standardise },
          ]);
          const more = score([
            { column: 'a', weight: 0.3, standardise },
            { column: 'b', weight: 0.2, standardise },
            { column: 'k', weight: 0.5, standardise },
          ]);
          for (let i = 0; i < rows.length; i++)
            for (let j = 0; j < rows.length; j++)
              if (plain[i]! > plain[j]! + 1e-9) expect(more[i]).toBeGreaterThan(more[j]!);
        },
      ),
      { seed: 13, numRuns: 150 },
    );
  });

  it('refuses what an aggregation cannot use, and files whose parts do not agree', () => {
    const z = [{ column: 'a', weight: 1, standardise: 'z-sample' }] as const;
    expect(() => compositeIndex({ indicators: z, aggregate: 'product' })).toThrow(
      /a product needs X above 0, z-sample/,
    );
    expect(() => compositeIndex({ indicators: z, aggregate: 'mean' as 'sum' })).toThrow(/unknown aggregate "mean"/);
    const cost = [{ column: 'a', weight: 1, standardise: 'max', cost: true }] as const;
    expect(() => compositeIndex({ indicators: cost }).fit({ a: [0, 1] })).toThrow(/least value over x, use min-max/);
    const { columns, report } = compile(compositeIndex({ indicators: cost }).fit({ a: [2, 4] })).score({
      a: [4, 0, -1],
    });
    near(columns.score, [0.5, Number.NaN, Number.NaN]);
    expect(report.nulls.score).toEqual({ 'out-of-range': 2 });
    const topsis = compositeIndex({ indicators: [{ column: 'a', weight: 1 }], aggregate: 'topsis' });
    expect(() => topsis.fit({ a: [null, null] })).toThrow(/"a" holds nothing but nulls/);
    const json = JSON.parse(JSON.stringify(topsis.fit({ a: [1, 2] })));
    expect(() => parseModel({ ...json, reference: null })).toThrow(/model.reference: topsis has an ideal/);
    expect(() => parseModel({ ...json, reference: { ideal: [], antiIdeal: [1] } })).toThrow(
      /ideal: expected 1 numbers/,
    );
    expect(() => parseModel({ ...json, aggregate: 'sum' })).toThrow(/model.outputs\[0\]/);
  });
});
