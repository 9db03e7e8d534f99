import { describe, expect, it } from 'vitest';
import { seededRandom } from '../numerics/random.ts';
import { engine } from '../scoring/engine.ts';
import { compositeIndex, type Indicator } from './composite-index.ts';
import { compositeIndexKind } from './composite-index-kind.ts';
import type { Aggregation } from './composite-index-model.ts';

const { compile } = engine({ compositeIndex: compositeIndexKind });
const INF = Number.POSITIVE_INFINITY;
/** Rows of a block of the engine. */
const BLOCK = 2048;

/** One of each map, a column as it is, a column of weight 0 and one without spread. */
const indicators: readonly Indicator[] = [
  { column: 'a', weight: 0.2, map: { kind: 'linear', low: -2, high: 2 }, standardise: 'max' },
  {
    column: 'b',
    weight: 0.2,
    cost: true,
    standardise: 'max',
    map: {
      kind: 'piecewise',
      knots: [
        [-2, 100],
        [0, 20],
        [1, 0],
      ],
    },
  },
  { column: 'c', weight: 0.2, map: { kind: 'logistic', midpoint: 0.2, slope: 1.5 }, standardise: 'sum' },
  { column: 'd', weight: 0.2, map: { kind: 'step', cuts: [-1, 0], scores: [5, 40, 70], closed: 'left' } },
  { column: 'e', weight: 0.1, standardise: 'max', cost: true },
  { column: 'f', weight: 0.1, map: { kind: 'linear', low: 0, high: 1 }, standardise: 'min-max' },
  { column: 'g', weight: 0 },
];
const names = indicators.map(({ column }) => column);
type Data = { [name: string]: Float64Array };

function sample(rows: number): Data {
  const random = seededRandom(rows + 1);
  const columns = names.map(
    (name) => [name, Float64Array.from({ length: rows }, () => 4 * random.uniform() - 2)] as const,
  );
  return { ...Object.fromEntries(columns), e: Float64Array.from({ length: rows }, () => 0.1 + random.uniform()) };
}
const fitted = { ...sample(50), f: new Float64Array(50).fill(3) };
const slice = (data: Data, start: number, end: number): Data =>
  Object.fromEntries(names.map((name) => [name, data[name]!.slice(start, end)]));
const plansOf = (grouped: boolean) =>
  (['sum', 'product', 'topsis'] as Aggregation[]).flatMap((aggregate) =>
    (['null', 'renormalise'] as const).map((missing) => {
      const list = indicators.map((one, i) => (grouped ? { ...one, group: i % 2 ? 'odd' : 'even' } : one));
      return {
        aggregate,
        missing,
        plan: compile(compositeIndex({ indicators: list, aggregate, missing }).fit(fitted)),
      };
    }),
  );

describe('the kernel of composite indices', () => {
  it.each([false, true])('gives every row the bits it has alone, about the edges of blocks (groups: %s)', (grouped) => {
    for (const { plan } of plansOf(grouped))
      for (const rows of [BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 1]) {
        const data = sample(rows);
        data.b![BLOCK - 2] = Number.NaN;
        data.d![rows - 1] = INF;
        data.g![1] = Number.NaN;
        const whole = plan.score(data).columns as Data;
        for (const row of [0, 1, BLOCK - 3, BLOCK - 2, BLOCK - 1, BLOCK, rows - 2, rows - 1].filter(
          (at) => at < rows,
        )) {
          const alone = plan.score(slice(data, row, row + 1)).columns as Data;
          for (const name of Object.keys(alone)) expect(whole[name]![row]).toBe(alone[name]![0]);
        }
      }
  });

  it.each([Number.NaN, INF, -INF])('a cell of %s makes its row null by every aggregation, in any column', (cell) => {
    for (const { plan, missing } of plansOf(false)) {
      if (missing === 'renormalise') continue;
      for (const name of names) {
        const data = sample(3);
        const { score } = plan.score(data).columns as Data;
        data[name]![1] = cell;
        const result = plan.score(data);
        expect([...(result.columns as Data).score!]).toEqual([score![0], Number.NaN, score![2]]);
        expect(result.report.nulls).toEqual({ score: { 'not-finite': 1 } });
      }
    }
  });

  it('renormalised over the indicators that are there, a cell that is not finite is absent as a null is', () => {
    for (const { plan, missing } of plansOf(true)) {
      if (missing === 'null') continue;
      for (const name of names) {
        const scores = [Number.NaN, INF, -INF].map((cell) => {
          const data = sample(3);
          data[name]![1] = cell;
          return plan.score(data).columns;
        });
        expect(scores[1]).toEqual(scores[0]);
        expect(scores[2]).toEqual(scores[0]);
        const nulls = { ...sample(3), [name]: [sample(3)[name]![0]!, null, sample(3)[name]![2]!] };
        expect(plan.score(nulls).columns).toEqual(scores[0]);
        expect((scores[0] as Data).score!.every(Number.isFinite)).toBe(true);
      }
    }
  });

  it('the first column of the model that is null gives the cause; a sum beyond the largest number is out of range', () => {
    const plan = compile(
      compositeIndex({
        indicators: [
          { column: 'a', weight: 0.5, map: { kind: 'linear', low: 0, high: 1 } },
          { column: 'b', weight: 0.5, standardise: 'min-max' },
        ],
      }).fit({ a: [0, 1], b: [0, 1e-300] }),
    );
    const nulls = (a: (number | null)[], b: (number | null)[]) => plan.score({ a, b }).report.nulls.score;
    expect(nulls([null, 1], [INF, 0])).toEqual({ missing: 1 });
    expect(nulls([INF, 1], [null, 0])).toEqual({ 'not-finite': 1 });
    expect(nulls([1, 1], [1e300, 0])).toEqual({ 'out-of-range': 1 });
    expect(nulls([null, 1], [1e300, 0])).toEqual({ missing: 1 });
    expect(nulls([], [])).toBeUndefined();
  });

  it('changes no cell of the batch', () => {
    const data = sample(5);
    data.a![2] = INF;
    data.b![3] = Number.NaN;
    const copy = slice(data, 0, 5);
    for (const { plan } of plansOf(true)) plan.score(data);
    expect(data).toEqual(copy);
  });
});
