import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CategoryColumn, Columns } from '../model/batch.ts';
import type { Estimator, ModelBase } from '../model/contract.ts';
import type { CutRule } from '../numerics/cut-rule.ts';
import { rfm, rfmKind } from '../rfm/index.ts';
import { engine } from '../scoring/engine.ts';
import { agglomerate, cutTree } from './agglomerate.ts';
import { customerGrades } from './customer-grades.ts';
import { grid } from './grid.ts';
import { gridKind } from './grid-kind.ts';
import { kMeans } from './k-means.ts';
import { kMeansKind } from './k-means-kind.ts';
import { pyramid } from './pyramid.ts';
import { threeLevels } from './three-levels.ts';

const { compile } = engine({ grid: gridKind, rfm: rfmKind, kMeans: kMeansKind });

/** Few distinct values, so that many rows tie. */
const values = (length: number) => fc.array(fc.integer({ min: 0, max: 12 }), { minLength: length, maxLength: length });
const table = fc
  .integer({ min: 6, max: 40 })
  .chain((rows) => fc.record({ a: values(rows), b: values(rows), c: values(rows) }));
const closed = fc.constantFrom('left', 'right');
const rules: readonly CutRule[] = [
  'mean',
  'median',
  { fixed: [3, 7] },
  { quantile: [0.25, 0.75] },
  { equalWidth: 3 },
  { averageRank: 3 },
  { shareOfCustomers: [0.2, 0.5] },
  { shareOfValue: [0.5, 0.8] },
];

/** The group of each row, numbered by first appearance: two partitions are equal when these are. */
function partition(column: CategoryColumn): number[] {
  const seen: number[] = [];
  return Array.from(column.codes, (code) => {
    if (!seen.includes(code)) seen.push(code);
    return seen.indexOf(code);
  });
}
const first = (model: ModelBase, batch: Columns): CategoryColumn =>
  Object.values((compile(model as never) as { score(b: Columns): { columns: object } }).score(batch).columns).find(
    (column): column is CategoryColumn => 'codes' in column,
  )!;

describe('adding a constant column changes no classification', () => {
  it.each(rules.map((rule) => [JSON.stringify(rule), rule] as const))('of a grid, as an axis by %s', (_, cut) => {
    fc.assert(
      fc.property(table, closed, fc.integer({ min: 1, max: 9 }), ({ a, b }, side, constant) => {
        // A share of a total needs one above 0.
        const data = { a: [1, ...a], b: [1, ...b], k: new Array(a.length + 1).fill(constant) };
        const axis = (column: 'a' | 'b' | 'k') => ({ column, cut, closed: side });
        const without = grid({ axes: [axis('a'), axis('b')] }).fit(data);
        const within = grid({ axes: [axis('a'), axis('k'), axis('b')] }).fit(data);
        expect(partition(first(within, data))).toEqual(partition(first(without, data)));
      }),
      { numRuns: 40 },
    );
  });

  it('of a grid or an RFM model, as a column beside those that are read', () => {
    fc.assert(
      fc.property(table, ({ a, b, c }) => {
        const data = { a, b, c };
        const more = { ...data, k: new Array(a.length).fill(7) };
        for (const estimator of [
          grid({ axes: [{ column: 'a', cut: 'mean' }] }),
          rfm({ recency: 'a', frequency: 'b', monetary: 'c', scores: 3 }),
        ]) {
          const model = estimator.fit(data) as ModelBase;
          expect(estimator.fit(more)).toEqual(model);
          expect(first(model, more)).toEqual(first(model, data));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('of clusters, by k-means or by merging', () => {
    fc.assert(
      fc.property(table, ({ a, b }) => {
        const data = { a: [0, 20, ...a], b: [0, 20, ...b], k: new Array(a.length + 2).fill(0.1) };
        const means = (columns: ('a' | 'b' | 'k')[]) =>
          first(kMeans({ columns, clusters: 2, seed: 3, starts: 2 }).fit(data), data);
        expect(means(['a', 'k', 'b'])).toEqual(means(['a', 'b']));
        const merged = (columns: string[]) => cutTree(agglomerate(data, { columns }), 3);
        expect(merged(['a', 'k', 'b'])).toEqual(merged(['a', 'b']));
      }),
      { numRuns: 30 },
    );
  });
});

describe('scoring one batch or many gives the same bits', () => {
  const cell = fc.option(fc.double({ min: 0, max: 9, noNaN: true }), { nil: null, freq: 6 });
  const gappy = fc.integer({ min: 0, max: 60 }).chain((rows) => {
    // Some complete rows first, so that there is always something to learn from.
    const column = fc
      .array(cell, { minLength: rows, maxLength: rows })
      .map((own): readonly (number | null)[] => [1, 2, 3, 4, ...own]);
    return fc.record({ a: column, b: column, c: column, cuts: fc.array(fc.nat({ max: rows }), { maxLength: 4 }) });
  });
  const estimators: readonly (readonly [string, Estimator<ModelBase>])[] = [
    [
      'grid',
      grid({
        axes: [
          { column: 'a', cut: 'mean', as: 'level' },
          { column: 'b', cut: 'median' },
        ],
      }),
    ],
    ['pyramid', pyramid({ column: 'a' })],
    ['threeLevels', threeLevels({ value: 'a', potential: 'b', loyalty: 'c' })],
    ['customerGrades', customerGrades({ orders: 'a', score: 'b', cut: { quantile: [0.5, 0.9] } })],
    ['rfm', rfm({ recency: 'a', frequency: 'b', monetary: 'c', scores: 3 })],
    ['nested rfm', rfm({ recency: 'a', frequency: 'b', monetary: 'c', scores: 2, nested: true })],
    ['kMeans', kMeans({ columns: ['a', 'b'], clusters: 1, seed: 1 })],
  ] as never;

  it.each(estimators)('by %s', (_, estimator) => {
    fc.assert(
      fc.property(gappy, ({ a, b, c, cuts }) => {
        const plan = compile(estimator.fit({ a, b, c }) as never) as {
          score(batch: Columns): { columns: { readonly [name: string]: Float64Array | CategoryColumn } };
        };
        const bits = (column: Float64Array | CategoryColumn): (number | bigint)[] =>
          'codes' in column ? [...column.codes] : [...new BigUint64Array(column.slice().buffer)];
        const edges = [0, ...cuts.sort((x, y) => x - y), a.length];
        const parts = edges.slice(1).map((end, p) => {
          const own = <T>(column: readonly T[]) => column.slice(edges[p], end);
          return plan.score({ a: own(a), b: own(b), c: own(c) }).columns;
        });
        for (const [name, column] of Object.entries(plan.score({ a, b, c }).columns))
          expect(parts.flatMap((part) => bits(part[name]!))).toEqual(bits(column));
      }),
      { numRuns: 40 },
    );
  });
});

describe('k-means on the line between two centres', () => {
  it('puts a point that is equally near into the cluster listed first, beside it into the nearer one (by hand)', () => {
    const model = kMeans({ columns: ['x'], clusters: 2, seed: 1, standardise: 'none' }).fit({ x: [0, 0, 0, 8, 8] });
    expect(model.centres).toEqual([[0], [8]]);
    const x = [3.999, 4, 4.001];
    expect([...first(model, { x }).codes]).toEqual([0, 0, 1]);
  });
});
