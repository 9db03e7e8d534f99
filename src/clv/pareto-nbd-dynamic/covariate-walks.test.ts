import { describe, expect, it } from 'vitest';
import { parseDay } from '../../columns/index.ts';
import { ClienteleError } from '../../errors.ts';
import { covariateWalks } from './covariate-walks.ts';
import { nextPeriod } from './periods.ts';

const LOG = {
  id: ['b', 'a', 'a', 'a', 'b', 'a', null],
  day: ['2024-01-03', '2024-01-15', '2024-01-01', '2024-01-15', '2024-02-20', '2024-01-08', '2024-01-01'],
};
const STARTS = ['2024-01-01', '2024-01-08', '2024-01-15', '2024-01-22', '2024-01-29', '2024-02-05'];
const weeks = (sale: readonly number[], ids = ['a', 'b']) => ({
  id: ids.flatMap((id) => STARTS.map(() => id)),
  week: ids.flatMap(() => STARTS),
  sale: ids.flatMap(() => sale),
});
const OPTIONS = {
  customer: 'id',
  date: 'day',
  start: 'week',
  columns: ['sale'],
  unit: 'week',
  asOf: '2024-01-31',
} as const;
const SALE = [0, 0, 1, 1, 0, 1];

describe('walks', () => {
  it('count from the first purchase; runs end where a covariate changes; purchases belong to the run of their day', () => {
    const { customers, from, until, purchases, values, report } = covariateWalks(LOG, weeks(SALE), OPTIONS);
    expect(customers.customer.levels).toEqual(['a', 'b']);
    // a: first on Jan 1, then Jan 8 and (twice) Jan 15; b: Jan 3, Feb 20 is after the last day.
    expect([...customers.frequency]).toEqual([2, 0]);
    expect([...customers.recency]).toEqual([2, 0]);
    expect([...customers.T]).toEqual([30 / 7, 4]);
    expect([...from]).toEqual([0, 4, 8]);
    // b begins two days into the first week.
    expect([...until]).toEqual([2, 4, 5, 6, 12 / 7, 26 / 7, 33 / 7, 40 / 7]);
    expect([...values]).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
    // Jan 15, when the sale begins, is part of it.
    expect([...purchases]).toEqual([1, 1, 0, 0, 0, 0, 0, 0]);
    expect(report).toEqual({ rows: 7, after: 1, missing: 1, sameDay: 1, missingCovariates: 0 });
  });

  it('are the same whatever the order of the rows, split into tables or shared by all customers', () => {
    const straight = covariateWalks(LOG, weeks(SALE), OPTIONS);
    const { id, week, sale } = weeks(SALE);
    const back = { id: id.slice().reverse(), week: week.slice().reverse(), sale: sale.slice().reverse() };
    const log = { id: LOG.id.slice().reverse(), day: LOG.day.slice().reverse() };
    expect(covariateWalks(log, back, OPTIONS)).toEqual(straight);
    const parts = [
      { id: id.slice(5), week: week.slice(5), sale: sale.slice(5) },
      { id: id.slice(0, 5), week: week.slice(0, 5), sale: sale.slice(0, 5) },
    ];
    expect(covariateWalks([LOG, { id: [] as string[], day: [] as string[] }], parts, OPTIONS)).toEqual(straight);
    expect(covariateWalks(LOG, { week: STARTS, sale: SALE }, { ...OPTIONS, shared: true })).toEqual(straight);
  });

  it('take periods of another length than the unit, by the calendar', () => {
    const months = { month: ['2024-01-01', '2024-02-01', '2024-03-01'], sale: [0, 1, 0] };
    const { until } = covariateWalks({ id: ['a'], day: ['2024-01-01'] }, months, {
      ...OPTIONS,
      start: 'month',
      period: 'month',
      shared: true,
    });
    expect([...until]).toEqual([31 / 7, 60 / 7, 91 / 7]);
    const after = (day: string, period: 'month' | 'quarter' | 'year' | 'week'): number =>
      nextPeriod(parseDay(day), period);
    expect(after('2023-12-05', 'month')).toBe(parseDay('2024-01-05'));
    expect(after('2023-11-01', 'quarter')).toBe(parseDay('2024-02-01'));
    expect(after('2023-02-28', 'year')).toBe(parseDay('2024-02-28'));
    expect(after('2023-12-31', 'week')).toBe(parseDay('2024-01-07'));
    expect(() => after('2024-01-31', 'month')).toThrow(/cannot start on 2024-01-31/);
  });
});

describe('bad input is refused with the customer and the remedy', () => {
  const cut = (rows: readonly number[]) => {
    const { id, week, sale } = weeks(SALE);
    const left = id.map((_, row) => row).filter((row) => !rows.includes(row));
    return {
      id: left.map((row) => id[row]!),
      week: left.map((row) => week[row]!),
      sale: left.map((row) => sale[row]!),
    };
  };
  const add = (week: string, sale: number | null = 1) => {
    const all = weeks(SALE);
    return { id: [...all.id, 'b'], week: [...all.week, week], sale: [...all.sale, sale] };
  };
  const cases: readonly (readonly [string, object, object, RegExp])[] = [
    [
      'no path',
      {},
      cut([6, 7, 8, 9, 10, 11]),
      /customer "b": no covariates; add the periods from the first purchase on 2024-01-03/,
    ],
    ['a gap', {}, cut([8]), /customer "b": no covariates from 2024-01-15 to 2024-01-21; add the rows of that gap/],
    [
      'a late start',
      {},
      cut([6]),
      /customer "b": the covariates start on 2024-01-08, after the first purchase on 2024-01-03/,
    ],
    ['an early end', {}, cut([10, 11]), /customer "b": the covariates end on 2024-01-28, before 2024-01-31/],
    [
      'nothing but the past',
      { asOf: '2024-01-03' },
      { id: ['a', 'b', 'b'], week: ['2024-01-01', '2023-12-20', '2023-12-27'], sale: [0, 0, 0] },
      /customer "b": the covariates end on 2024-01-02/,
    ],
    ['a week twice', {}, add('2024-01-15'), /customer "b": two rows of covariates start on 2024-01-15; keep one/],
    ['the first week twice', {}, add('2024-01-01'), /customer "b": two rows of covariates start on 2024-01-01/],
    ['an overlap', {}, add('2024-01-18'), /customer "b": the week from 2024-01-15 overlaps the one from 2024-01-18/],
    [
      'a null',
      {},
      add('2024-02-12', null),
      /customer "b": "sale" is null in the week from 2024-02-12; fill it, or end the path/,
    ],
    ['no date', {}, add('2024-13-01'), /column "week", row 12: "2024-13-01" is not a date/],
    ['nobody', { asOf: '2023-01-01' }, weeks(SALE), /no purchase by 2023-01-01: 7 rows, 6 after it, 1 with a null/],
    ['an odd last day', { asOf: '31.1.2024' }, weeks(SALE), /invalid asOf: 31.1.2024; write a day as yyyy-mm-dd/],
    ['an odd unit', { unit: 'fortnight' }, weeks(SALE), /unit/],
    ['a column twice', { columns: ['sale', 'sale'] }, weeks(SALE), /"sale" stands twice/],
    ['an unknown column', { columns: ['price'] }, weeks(SALE), /unknown column "price"/],
    ['text', { columns: ['id'] }, weeks(SALE), /id/],
  ];
  it.each(cases)('%s', (_, options, covariates, said) => {
    const attempt = (): unknown => covariateWalks(LOG, covariates as never, { ...OPTIONS, ...options } as never);
    expect(attempt).toThrow(ClienteleError);
    expect(attempt).toThrow(said);
  });
  it('a shared path is named as such', () => {
    expect(() =>
      covariateWalks(LOG, { week: STARTS.slice(1), sale: SALE.slice(1) }, { ...OPTIONS, shared: true }),
    ).toThrow(/the shared covariates: the covariates start on 2024-01-08/);
  });
});
