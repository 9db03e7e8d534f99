import { describe, expect, it } from 'vitest';
import { seededRandom, shuffled } from '../../numerics/random.ts';
import { bgNbd } from '../bg-nbd/bg-nbd.ts';
import { modelOf } from '../clv.test-support.ts';
import { historyAccumulator, resumeHistories } from './history-accumulator.ts';

const rows = 4000;
const random = seededRandom(1);
const T = Float64Array.from({ length: rows }, (_, i) => 20 + (i % 20));
const drawn = bgNbd.simulate(modelOf({ r: 0.9, alpha: 7, a: 0.8, b: 2.4 }), { T }, { seed: 4 });
const z = Float64Array.from({ length: rows }, () => random.below(2));
// Weekly recencies, so that histories repeat.
const data = { frequency: drawn.frequency, recency: drawn.recency.map((t) => Math.min(Math.ceil(t), 20)), T, z };
const slice = (from: number, to: number) =>
  Object.fromEntries(Object.entries(data).map(([name, column]) => [name, column.slice(from, to)]));
const shards = (count: number) =>
  Array.from({ length: count }, (_, k) => slice(Math.floor((k * rows) / count), Math.floor(((k + 1) * rows) / count)));

describe('a fit over shards', () => {
  for (const covariates of [[], ['z']] as const)
    it(`one shard or twenty, merged in any order, through JSON or not, give the bits of the whole (${covariates.length} covariates)`, () => {
      const options = {
        unit: 'week',
        ...(covariates.length > 0 ? { covariates: { purchase: covariates } } : {}),
      } as const;
      const whole = bgNbd(options).fit(data);
      const grouped = bgNbd({ ...options, weight: 'customers' });
      for (const [count, seed] of [
        [1, 1],
        [2, 2],
        [20, 3],
        [20, 4],
      ] as const) {
        const parts = shards(count).map((batch) => {
          const one = historyAccumulator({ covariates });
          one.update(batch);
          return seed % 2 === 0 ? resumeHistories(JSON.parse(JSON.stringify(one))) : one;
        });
        const all = historyAccumulator({ covariates });
        for (const k of shuffled(count, seededRandom(seed))) all.merge(parts[k]!);
        const { columns, nulls } = all.finish();
        expect(nulls).toBe(0);
        expect(columns.frequency!.length).toBe(whole.fit.distinctRows);
        expect(columns.frequency!.length).toBeLessThan(rows / 2);
        expect(grouped.fit(columns as never)).toEqual(whole);
      }
    });

  it('nulls are counted, impossible histories refused, other columns not merged, damaged states not resumed', () => {
    const one = historyAccumulator();
    one.update({ frequency: [1, Number.NaN, 0], recency: [2, 1, 0], T: [3, 4, 5] });
    expect(one.finish()).toEqual({
      columns: {
        frequency: Float64Array.of(0, 1),
        recency: Float64Array.of(0, 2),
        T: Float64Array.of(5, 3),
        customers: Float64Array.of(1, 1),
      },
      nulls: 1,
    });
    expect(() => one.update({ frequency: [1], recency: [9], T: [3] })).toThrow(/row 0: recency 9 is after T 3/);
    expect(() => one.merge(historyAccumulator({ T: 'age' }))).toThrow(
      /cannot merge histories of frequency, recency, age/,
    );
    const state = one.toJSON();
    expect(() => resumeHistories({ ...state, customers: [1] })).toThrow(/state/);
    expect(() =>
      resumeHistories({
        ...state,
        cells: [
          [0, 1],
          [0, 9],
          [5, 3],
        ],
      }),
    ).toThrow(/recency 9/);
    expect(() => resumeHistories({ ...state, version: 2 })).toThrow(/version/);
    expect(() => historyAccumulator({ frequency: 'T' })).toThrow(/each column once/);
  });
});
