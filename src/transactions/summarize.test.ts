import { DateDay, Table, TimestampMillisecond, vectorFromArray } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { hasShared, sharedColumns } from '../../fixtures/load.ts';
import { parseDay } from '../columns/index.ts';
import type { Columns } from '../model/batch.ts';
import { summarize, summaryAccumulator } from './index.ts';

const names = { customer: 'id', date: 'day', amount: 'paid' } as const;

// Three customers on paper. Ada: 1 Jan (10), 8 Jan (20 + 5 on one day), 22 Jan (35). Bo: 5 Jan (8). Cy: 30 Jan (3).
const log = {
  id: ['bo', 'ada', 'ada', 'ada', 'cy', 'ada'],
  day: ['2024-01-05', '2024-01-22', '2024-01-08', '2024-01-01', '2024-01-30', '2024-01-08'],
  paid: [8, 35, 20, 10, 3, 5],
};
const end = '2024-02-05';

/** The columns as arrays, ids spelled out. */
function plain(columns: ReturnType<typeof summarize>['customers']): { [name: string]: unknown[] } {
  const { customer, ...numbers } = columns;
  return {
    customer: Array.from(customer.codes, (code) => customer.levels[code]),
    ...Object.fromEntries(Object.entries(numbers).map(([name, values]) => [name, [...(values as Float64Array)]])),
  };
}

describe('summarize', () => {
  it('gives the figures of a log of six rows worked out by hand', () => {
    const { customers, report } = summarize(log, { ...names, unit: 'week', end });
    expect(plain(customers)).toEqual({
      customer: ['ada', 'bo', 'cy'],
      frequency: [2, 0, 0],
      recency: [3, 0, 0],
      T: [5, 31 / 7, 6 / 7],
      monetaryValue: [30, Number.NaN, Number.NaN],
      orders: [3, 1, 1],
      total: [70, 8, 3],
      meanOrder: [70 / 3, 8, 3],
      daysSinceLast: [14, 31, 6],
      firstDate: [19723, 19727, 19752],
      lastDate: [19744, 19727, 19752],
    });
    expect(report).toEqual({
      rows: 6,
      used: 6,
      before: 0,
      after: 0,
      missing: { customer: 0, date: 0, amount: 0 },
      zero: 0,
      negative: 0,
      dropped: 0,
      merged: 1,
      customers: 3,
      holdoutOnly: 0,
      truncated: 0,
    });
  });

  it('stops calibration at its last day, gives what follows as holdout, and counts who first buys there', () => {
    const { customers, report } = summarize(log, { ...names, unit: 'day', end, calibrationEnd: '2024-01-08' });
    const found: Float64Array = customers.holdoutFrequency;
    expect([...found]).toEqual([1, 0]);
    expect(plain(customers)).toMatchObject({
      customer: ['ada', 'bo'],
      frequency: [1, 0],
      recency: [7, 0],
      T: [7, 3],
      monetaryValue: [25, Number.NaN],
      total: [35, 8],
      daysSinceLast: [0, 3],
      holdoutTotal: [35, 0],
      holdoutPeriods: [28, 28],
    });
    expect(report).toMatchObject({ used: 6, customers: 2, holdoutOnly: 1 });
  });

  it('gives the figures of its docstring example', () => {
    const { customers } = summarize(
      { id: ['a', 'a', 'a'], day: ['2024-01-01', '2024-01-15', '2024-02-01'], paid: [10, 20, 40] },
      { ...names, unit: 'week', end: '2024-02-05', calibrationEnd: '2024-01-29' },
    );
    const { frequency, recency, T, monetaryValue, holdoutFrequency } = customers;
    expect([frequency, recency, T, monetaryValue, holdoutFrequency].map((column) => column[0])).toEqual([
      1, 2, 4, 20, 1,
    ]);
  });

  it.each([
    ['day', 35],
    ['week', 5],
    ['month', 35 / (365.25 / 12)],
    ['year', 35 / 365.25],
  ] as const)('states time in the unit asked for: %s', (unit, T) => {
    expect(summarize(log, { ...names, unit, end }).customers.T[0]).toBe(T);
  });

  it('counts every row of a day as a purchase under sameDay: separate, the smaller amount first', () => {
    const twice = { id: ['a', 'a', 'a'], day: ['2024-01-01', '2024-01-01', '2024-01-04'], paid: [9, 4, 2] };
    const options = { ...names, unit: 'day', end } as const;
    expect(plain(summarize(twice, { ...options, sameDay: 'separate' }).customers)).toMatchObject({
      frequency: [2],
      recency: [3],
      monetaryValue: [(9 + 2) / 2],
      total: [15],
    });
    expect(plain(summarize(twice, options).customers)).toMatchObject({ frequency: [1], monetaryValue: [2] });
  });

  it('uses nothing after the as-of date: a longer log with the same end gives the same customers', () => {
    const short = summarize(log, { ...names, unit: 'week', end: '2024-01-08' });
    const upTo = [0, 2, 3, 5];
    const cut = {
      id: upTo.map((i) => log.id[i]!),
      day: upTo.map((i) => log.day[i]!),
      paid: upTo.map((i) => log.paid[i]!),
    };
    expect(short.customers).toEqual(summarize(cut, { ...names, unit: 'week', end: '2024-01-08' }).customers);
    expect(short.report).toMatchObject({ rows: 6, used: 4, after: 2 });
  });

  it('counts rows before start, and customers whose true first purchase lies there', () => {
    const { customers, report } = summarize(log, { ...names, unit: 'day', start: '2024-01-08', end });
    expect(plain(customers)).toMatchObject({ customer: ['ada', 'cy'], frequency: [1, 0], T: [28, 6] });
    expect(report).toMatchObject({ before: 2, used: 4, truncated: 1 });
  });

  it('takes both ends of the window in', () => {
    const { report } = summarize(log, { ...names, unit: 'day', start: '2024-01-01', end: '2024-01-30' });
    expect(report).toMatchObject({ before: 0, after: 0, used: 6 });
  });

  it('leaves rows with a null out, counted by the first null cell', () => {
    const holes = {
      id: ['a', null, 'a', 'a', null],
      day: ['2024-01-01', '2024-01-02', null, '2024-01-03', null],
      paid: [1, 2, 3, Number.NaN, null],
    };
    const { customers, report } = summarize(holes, { ...names, unit: 'day', end });
    expect(plain(customers)).toMatchObject({ customer: ['a'], orders: [1] });
    expect(report).toMatchObject({ rows: 5, used: 1, missing: { customer: 2, date: 1, amount: 1 } });
  });

  it.each([
    ['keep', { orders: [4], total: [9], frequency: [3] }, 0],
    ['keep-zero', { orders: [3], total: [11], frequency: [2] }, 1],
    ['drop', { orders: [2], total: [11], frequency: [1] }, 2],
  ] as const)(
    'treats amounts of 0 and below by the stated rule %s, and always counts them',
    (nonPositive, is, dropped) => {
      const odd = {
        id: ['a', 'a', 'a', 'a'],
        day: ['2024-01-01', '2024-01-02', '2024-01-03', '2024-01-04'],
        paid: [5, 0, -2, 6],
      };
      const { customers, report } = summarize(odd, { ...names, unit: 'day', end, nonPositive });
      expect(plain(customers)).toMatchObject(is);
      expect(report).toMatchObject({ rows: 4, used: 4 - dropped, zero: 1, negative: 1, dropped });
    },
  );

  it('refuses an amount of 0 by its row when asked to', () => {
    expect(() =>
      summarize({ ...log, paid: [8, 35, 0, 1, 1, 1] }, { ...names, unit: 'day', end, nonPositive: 'refuse' }),
    ).toThrow('column "paid", row 2 of the log: 0 is not above 0; correct it, or choose another rule in nonPositive');
  });

  it('adds exact duplicates of a row up: they are one purchase, of twice the amount', () => {
    const twice = { id: ['a', 'a'], day: ['2024-01-01', '2024-01-01'], paid: [2, 2] };
    const { customers, report } = summarize(twice, { ...names, unit: 'day', end });
    expect(plain(customers)).toMatchObject({ orders: [1], total: [4] });
    expect(report.merged).toBe(1);
  });

  it('gives an empty table for an empty log', () => {
    const { customers, report } = summarize({ id: [], day: [], paid: [] }, { ...names, unit: 'day', end });
    expect(customers.frequency).toHaveLength(0);
    expect(customers.customer.levels).toEqual([]);
    expect(report).toMatchObject({ rows: 0, customers: 0 });
    expect(summarize([], { ...names, unit: 'day', end }).report.rows).toBe(0);
  });

  it('orders customers by id as text, numbers too', () => {
    const { customers } = summarize(
      { id: [10, 9, 100], day: ['2024-01-01', '2024-01-01', '2024-01-01'], paid: [1, 1, 1] },
      { ...names, unit: 'day', end },
    );
    expect(customers.customer.levels).toEqual(['10', '100', '9']);
  });

  it('reads days given as whole numbers since 1970-01-01', () => {
    const days = { ...log, day: log.day.map(parseDay) };
    const options = { ...names, unit: 'week', end } as const;
    expect(summarize(days, options)).toEqual(summarize(log, options));
  });

  it('reads Arrow tables as it reads plain columns: Date32, and timestamps by their UTC day', () => {
    const options = { ...names, unit: 'week', end } as const;
    const expected = summarize(log, options);
    const dates = log.day.map((day) => new Date(`${day}T00:00:00Z`));
    const nearMidnight = log.day.map((day) => Date.parse(`${day}T23:59:59.999Z`));
    for (const day of [
      vectorFromArray(dates, new DateDay()),
      vectorFromArray(nearMidnight, new TimestampMillisecond()),
      vectorFromArray(log.day),
    ]) {
      const table = new Table({ id: vectorFromArray(log.id), day, paid: vectorFromArray(log.paid) });
      expect(summarize(table, options)).toEqual(expected);
      expect(summarize([table.slice(0, 2), table.slice(2)], options)).toEqual(expected);
      expect(summarize(table.batches, options)).toEqual(expected);
    }
  });

  it('has the same bits whatever the row order, the batch boundaries and the order of merges', () => {
    const rows = 2000;
    const many = Array.from({ length: rows }, (_, i) => ({
      id: `c${(i * 7919) % 97}`,
      day: 19723 + ((i * 104729) % 60),
      paid: ((i * 31337) % 1009) / 7,
    }));
    const batchOf = (part: typeof many): Columns => ({
      id: part.map((r) => r.id),
      day: part.map((r) => r.day),
      paid: part.map((r) => r.paid),
    });
    const options = { ...names, unit: 'week', end: '2024-02-29', calibrationEnd: '2024-01-31' } as const;
    const whole = summarize(batchOf(many), options);
    const back = summarize(batchOf([...many].reverse()), options);
    expect(back).toEqual(whole);
    for (const size of [1, 7, 999]) {
      const batches: Columns[] = [];
      for (let i = 0; i < rows; i += size) batches.push(batchOf(many.slice(i, i + size)));
      expect(summarize(batches, options)).toEqual(whole);
      const shards = [0, 1, 2].map(() => summaryAccumulator(options));
      for (const [i, batch] of batches.entries()) shards[i % 3]!.update(batch);
      shards[2]!.merge(shards[0]!);
      shards[2]!.merge(shards[1]!);
      expect(shards[2]!.finish()).toEqual(whole);
    }
  });

  it('never changes the log, and an accumulator may go on after it was asked', () => {
    const before = structuredClone(log);
    const summary = summaryAccumulator({ ...names, unit: 'week', end });
    summary.update(log);
    const once = summary.finish();
    expect(summary.finish()).toEqual(once);
    summary.update({ id: ['bo'], day: ['2024-01-12'], paid: [4] });
    expect(plain(summary.finish().customers)).toMatchObject({ frequency: [2, 1, 0], recency: [3, 1, 0] });
    expect(log).toEqual(before);
  });

  it('says what is wrong with an option', () => {
    const options = { ...names, unit: 'week', end } as const;
    expect(() => summarize(log, { ...options, end: '2024-02-30' })).toThrow(
      'invalid end: "2024-02-30"; write a date as "yyyy-mm-dd"',
    );
    expect(() => summarize(log, { ...options, start: '2025-01-01' })).toThrow(
      'start 2025-01-01 lies after end 2024-02-05',
    );
    expect(() => summarize(log, { ...options, calibrationEnd: end })).toThrow(
      'calibrationEnd 2024-02-05 must lie before end 2024-02-05',
    );
    expect(() => summarize(log, { ...options, unit: 'fortnight' as 'week' })).toThrow(
      'invalid unit: "fortnight"; use one of day, week, month, quarter, year',
    );
    expect(() => summarize(log, { ...options, amount: 'price' })).toThrow(
      'unknown column "price": the batch has id, day, paid',
    );
    const other = summaryAccumulator({ ...options, unit: 'day' });
    expect(() => summaryAccumulator(options).merge(other)).toThrow(
      'cannot merge summaries: unit is week here and day there',
    );
  });

  it.each(['2024-1-5', '05.01.2024', '2024-01-05T10:00:00Z', '2024-02-30', ''])(
    'refuses the date %j instead of guessing',
    (day) => {
      expect(() => summarize({ id: ['a'], day: [day], paid: [1] }, { ...names, unit: 'day', end })).toThrow(
        'column "day"',
      );
    },
  );
});

describe.skipIf(!hasShared('cdnow-sample.csv'))('summarize on the CDNOW sample', () => {
  const cdnow = hasShared('cdnow-sample.csv') ? sharedColumns('cdnow-sample.csv', ['customer_id', 'date']) : {};
  const options = {
    customer: 'customer_id',
    date: 'date',
    amount: 'value',
    unit: 'week',
    calibrationEnd: '1997-09-30',
    end: '1998-06-30',
  } as const;

  it('equals the summary of BTYD (cdnow-summary.csv) in every customer', () => {
    const { customers } = summarize(cdnow, options);
    const theirs = sharedColumns('cdnow-summary.csv', ['customer_id']) as {
      [name: string]: Float64Array;
    } & { customer_id: string[] };
    expect(customers.frequency).toHaveLength(2357);
    theirs.customer_id.forEach((id, at) => {
      const row = customers.customer.levels.indexOf(id);
      expect(customers.frequency[row]).toBe(theirs.x![at]);
      expect(customers.recency[row]).toBe(theirs.t_x![at]);
      expect(customers.T[row]).toBe(theirs.T![at]);
      expect(customers.holdoutFrequency[row]).toBe(theirs.x_star![at]);
      const mean = customers.monetaryValue[row]!;
      expect(Math.abs((Number.isNaN(mean) ? 0 : mean) - theirs.mean_value![at]!)).toBeLessThan(1e-12);
    });
  });

  it('gives the holdout figures of the portrait: 1,882 customer-days (1,959 rows) and 70,976.39 spent', () => {
    const { customers, report } = summarize(cdnow, options);
    const total = (column: Float64Array): number => column.reduce((a, b) => a + b, 0);
    expect(total(customers.holdoutFrequency)).toBe(1882);
    expect(total(customers.holdoutTotal)).toBeCloseTo(70_976.39, 6);
    expect(customers.holdoutPeriods[0]).toBe(39);
    expect(report).toMatchObject({ rows: 6919, used: 6919, before: 0, after: 0, holdoutOnly: 0 });
    expect(total(summarize(cdnow, { ...options, sameDay: 'separate' }).customers.holdoutFrequency)).toBe(1959);
  });

  it('loses 8 customers when amounts of 0 are dropped (portrait)', () => {
    const { report } = summarize(cdnow, { ...options, nonPositive: 'drop' });
    expect(2357 - report.customers).toBe(8);
  });
});
