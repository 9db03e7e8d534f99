import { describe, expect, it } from 'vitest';
import { toArrow } from '../columns/index.ts';
import { summarize } from './summarize.ts';

describe('a log of plain and Arrow batches in turn', () => {
  it('counts every row as itself, whatever was missing in the batch before', () => {
    const customer = Array.from({ length: 5 }, () => 'a');
    const date = [1, 2, 3, 4, 5];
    const arrow = (amounts: readonly (number | null)[]) => toArrow({ customer, date, amount: amounts });
    const log = [
      arrow([1, 1, 1, 1, null]),
      { customer: ['a'], date: [1], amount: [1] },
      arrow([null, 1, 1, 1, 1]),
      { customer: [null, 'a'], date: [1, null], amount: [1, 1] },
      arrow([1, 1, 1, 1, 1]),
    ];
    const columns = { customer: 'customer', date: 'date', amount: 'amount' } as const;
    const { report, customers } = summarize(log, { ...columns, unit: 'day', end: '1970-01-31' });
    // By hand: 18 rows, 2 without an amount, 1 without a customer, 1 without a date.
    expect(report.rows).toBe(18);
    expect(report.missing).toEqual({ customer: 1, date: 1, amount: 2 });
    expect(report.used).toBe(14);
    expect([...customers.frequency]).toEqual([4]);
  });
});
