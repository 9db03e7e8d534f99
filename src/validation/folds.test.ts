import { describe, expect, it } from 'vitest';
import { parseDay } from '../columns/days.ts';
import type { Columns } from '../model/batch.ts';
import type { Span } from '../model/field.ts';
import { seededRandom } from '../numerics/random.ts';
import { type Folds, partRows } from './folds.ts';
import { dealFolds } from './stratified.ts';
import { knownAfter } from './temporal.ts';

const random = seededRandom(5);
const parts = (
  data: Columns,
  folds?: Folds,
  actual: Float64Array | null = null,
  horizon: Span | null = null,
  lookAhead?: number,
) => partRows(data, folds, { actual, horizon: () => horizon, lookAhead });
const titles = (...args: Parameters<typeof parts>) => parts(...args).titles;

describe('dealFolds', () => {
  it('gives every fold its events, non-events and unknown rows to within one of each', () => {
    for (const [rows, count, seed] of [
      [103, 5, 1],
      [40, 7, 2],
      [1000, 3, 9],
    ] as const) {
      const y = Float64Array.from({ length: rows }, () => [0, 0, 0, 1, Number.NaN][random.below(5)]!);
      const fold = dealFolds(rows, count, seed, y, null);
      for (const is of [(v: number) => v === 1, (v: number) => v === 0, (v: number) => v !== v, () => true]) {
        const own = Array.from({ length: count }, (_, k) => fold.filter((f, row) => f === k && is(y[row]!)).length);
        expect(Math.max(...own) - Math.min(...own)).toBeLessThanOrEqual(1);
      }
    }
  });

  it('keeps groups together and spreads the events of large ones: by hand, 6 groups on 2 folds', () => {
    // Events by group: 8, 4, 3, 1, 0, 0 of 10 rows each. By share of a class they come as 8 | 4 | 0 with 8 | 0 with 4 |
    // 1 with 8 | 3 with 4: 9 events and 7.
    const events = [8, 4, 3, 1, 0, 0];
    const of = Int32Array.from({ length: 60 }, (_, row) => Math.floor(row / 10));
    const y = Float64Array.from({ length: 60 }, (_, row) => (row % 10 < events[of[row]!]! ? 1 : 0));
    for (let seed = 1; seed < 20; seed++) {
      const fold = dealFolds(60, 2, seed, y, { of, count: 6 });
      for (let row = 0; row < 60; row++) expect(fold[row]).toBe(fold[10 * of[row]!]);
      const inFirst = y.filter((v, row) => v === 1 && fold[row] === 0).length;
      expect([7, 9]).toContain(inFirst);
      expect(fold.filter((f) => f === 0).length).toBe(30);
    }
  });

  it('is the same for the same seed, another for another, and knows of one class only without outcomes', () => {
    const y = Float64Array.from({ length: 50 }, () => random.below(2));
    expect(dealFolds(50, 5, 3, y, null)).toEqual(dealFolds(50, 5, 3, y, null));
    expect(dealFolds(50, 5, 3, y, null)).not.toEqual(dealFolds(50, 5, 4, y, null));
    const plain = dealFolds(52, 5, 3, null, null);
    expect([0, 1, 2, 3, 4].map((k) => plain.filter((f) => f === k).length).sort()).toEqual([10, 10, 10, 11, 11]);
    expect(() => dealFolds(3, 4, 1, null, null)).toThrow('3 rows cannot be dealt to 4 folds: lower folds.count');
  });
});

describe('partRows by default', () => {
  it('is five stratified folds, a customer together where there is a column of that name', () => {
    const customer = Array.from({ length: 60 }, (_, row) => `c${row % 20}`);
    const parted = parts({ customer });
    expect([parted.rule, parted.splits.length, parted.warnings]).toEqual(['stratified', 5, []]);
    for (const { train, test } of parted.splits) {
      const seen = new Set(Array.from(train, (row) => customer[row]));
      expect(Array.from(test).some((row) => seen.has(customer[row]!))).toBe(false);
    }
    // Yes and no are no ids.
    expect(parts({ customer: customer.map((_, row) => (row % 2 ? 'yes' : 'no')) }).splits.length).toBe(5);
  });

  it('warns of a customer on both sides under another name, by which it may be told', () => {
    const customerID = Array.from({ length: 60 }, (_, row) => `c${row % 50}`);
    const { warnings } = parts({ customerID, paid: customerID.map(() => 1) });
    expect(warnings).toEqual([
      expect.stringMatching(
        /^\d+ values of "customerID" have rows in several folds, .* name the customer's column in "by"$/,
      ),
    ]);
    expect(parts({ customerID }, { by: 'customerID' }).warnings).toEqual([]);
    expect(parts({ customerID: customerID.map((_, row) => `c${row}`) }).warnings).toEqual([]);
    expect(parts({ paid: customerID, regionId: customerID.map((_, row) => row % 2) }).warnings).toEqual([]);
  });

  it('is by time where there are several as-of dates, the first one only learned from', () => {
    const asOf = ['2024-03-31', '2024-03-31', '2023-12-31', '2024-06-30', '2023-12-31'];
    const parted = parts({ asOf }, undefined, null, { every: 3, unit: 'month' });
    expect([parted.rule, parted.titles]).toEqual(['temporal', ['as of 2024-03-31', 'as of 2024-06-30']]);
    expect(parted.splits.map(({ train, test }) => [Array.from(train), Array.from(test)])).toEqual([
      [
        [2, 4],
        [0, 1],
      ],
      [[0, 1, 2, 4], [3]],
    ]);
  });

  it('waits for outcomes: a horizon of six months, or the days of the data set, reach over one quarter', () => {
    const asOf = ['2023-12-31', '2024-03-31', '2024-06-30', '2024-09-30'];
    expect(titles({ asOf }, undefined, null, { every: 6, unit: 'month' })).toEqual([
      'as of 2024-06-30',
      'as of 2024-09-30',
    ]);
    expect(titles({ asOf }, undefined, null, null, 200)).toEqual(['as of 2024-09-30']);
    expect(titles({ asOf }, { rule: 'temporal', lookAhead: 91 }, null, null, 200)).toEqual([
      'as of 2024-03-31',
      'as of 2024-06-30',
      'as of 2024-09-30',
    ]);
    expect(parts({ asOf }).warnings).toEqual([expect.stringMatching(/horizon is not known: .* name folds.lookAhead$/)]);
    const two = parts({ asOf }, { rule: 'temporal', lookAhead: 0, atLeast: 2, atMost: 2 });
    expect(two.splits.map(({ train }) => Array.from(train))).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  it('is by folds where no date can be judged: one date, or none whose outcome came in before the next', () => {
    const asOf = Array.from({ length: 20 }, (_, row) => (row % 2 ? '2024-01-31' : '2024-02-29'));
    expect(parts({ asOf }, undefined, null, { every: 1, unit: 'year' }).rule).toBe('stratified');
    expect(parts({ asOf: asOf.map(() => '2024-01-31') }).rule).toBe('stratified');
    expect(parts({ asOf: asOf.map((_, row) => `${row % 3}`) }).rule).toBe('stratified');
  });

  it('does not judge a date before which nobody left, and says so', () => {
    const asOf = ['2024-01-31', '2024-01-31', '2024-02-29', '2024-02-29', '2024-03-31', '2024-04-30'];
    const left = Float64Array.of(0, 0, 0, 1, 1, Number.NaN);
    const parted = parts({ asOf }, undefined, left, { every: 1, unit: 'month' });
    expect(parted.titles).toEqual(['as of 2024-03-31', 'as of 2024-04-30']);
    expect(parted.warnings).toEqual(['not judged as of 2024-02-29: the outcomes known by then are of one class']);
  });

  it('leaves rows without a date out, and says how many', () => {
    const { splits, warnings } = parts(
      { asOf: ['2024-01-31', null, '2024-02-29'] },
      { rule: 'temporal', lookAhead: 5 },
    );
    expect(splits).toEqual([{ train: Int32Array.of(0), test: Int32Array.of(2) }]);
    expect(warnings).toEqual(['1 rows without an as-of date are neither learned from nor judged in folds']);
  });
});

describe('knownAfter', () => {
  it.each([
    [3, 'month', '2023-11-30', '2024-02-29'],
    [3, 'month', '2024-12-31', '2025-03-31'],
    [1, 'quarter', '2024-09-30', '2024-12-30'],
    [1, 'year', '2024-02-29', '2025-02-28'],
    [1, 'month', '2024-01-05', '2024-02-05'],
    [2, 'week', '2024-01-31', '2024-02-14'],
    [90, 'day', '2024-12-31', '2025-03-31'],
    [0.5, 'month', '2024-01-01', '2024-01-17'],
  ] as const)('%s %s after %s is %s, by the calendar', (every, unit, from, to) => {
    expect(knownAfter({ every, unit })(parseDay(from))).toBe(parseDay(to));
  });
});

describe('folds that cannot be used', () => {
  const asOf = ['2024-01-31', '2024-02-29'];
  it.each([
    [{ count: 1 }, /invalid folds.count: 1/],
    [{ count: 2, seed: 0.5 }, /invalid folds.seed: 0.5/],
    [{ count: 2, by: '' }, /invalid folds.by/],
    [{ count: 2, by: 'none' }, /unknown column "none"/],
    [{ count: 2, rule: 'random' }, /invalid folds.rule: random; use "row-modulo" or "temporal"/],
    [{ rule: 'temporal', asOf: 'none' }, /unknown column "none"/],
    [{ rule: 'temporal', lookAhead: -1 }, /invalid folds.lookAhead: -1/],
    [{ rule: 'temporal', atLeast: 3, atMost: 2 }, /invalid folds.atMost: 2/],
    [
      { rule: 'temporal', lookAhead: 60 },
      /no as-of date in "asOf" has 1 before it whose outcomes were known and of both classes: add dates/,
    ],
  ])('%j', (folds, message) => {
    expect(() => parts({ asOf }, folds as Folds)).toThrow(message);
  });
});
