import { describe, expect, it } from 'vitest';
import { reasonTable } from './reason-table.ts';

const times = (reason: string | null, n: number): (string | null)[] => Array.from({ length: n }, () => reason);
const failure = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe('reasonTable', () => {
  it('gives shares, cumulative shares and classes as worked by hand', () => {
    const reason = [...times('R3', 4), ...times('R1', 50), ...times(null, 15), ...times('R9', 6), ...times('R2', 40)];
    const table = reasonTable({ reason: [...reason, ...times('other', 5)] }, { unknown: ['other'] });
    expect(table).toEqual({
      ...{ leavers: 120, unknown: 20, shareUnknown: 1 / 6, periods: [] },
      reasons: [
        { reason: 'R1', leavers: 50, share: 0.5, cumulativeShare: 0.5, class: 'A' },
        { reason: 'R2', leavers: 40, share: 0.4, cumulativeShare: 0.9, class: 'A' },
        { reason: 'R9', leavers: 6, share: 0.06, cumulativeShare: 0.96, class: 'B' },
        { reason: 'R3', leavers: 4, share: 0.04, cumulativeShare: 1, class: 'C' },
      ],
    });
  });

  it('orders equal counts by code, whatever the order of rows, and takes numbers as codes', () => {
    const reasons = ['b', 'a', 'c', 'c'];
    const names = (rows: readonly string[]) => reasonTable({ reason: rows }).reasons.map(({ reason }) => reason);
    expect(names(reasons)).toEqual(['c', 'a', 'b']);
    expect(names(reasons.toReversed())).toEqual(['c', 'a', 'b']);
    expect(reasonTable({ reason: [7, 7, 3] }).reasons.map(({ reason }) => reason)).toEqual(['7', '3']);
  });

  it('cuts at the named shares: who crosses a limit is in, who stands on it is out (worked by hand)', () => {
    const reason = [...times('a', 5), ...times('b', 3), ...times('c', 2)];
    const of = (...shares: number[]) =>
      reasonTable({ reason }, { shares, classes: ['few', 'many', 'rest'].slice(0, shares.length + 1) }).reasons.map(
        (row) => row.class,
      );
    expect(of(0.5)).toEqual(['few', 'many', 'many']);
    expect(of(0.51)).toEqual(['few', 'few', 'many']);
    expect(of(0.5, 0.9)).toEqual(['few', 'many', 'many']);
  });

  it('counts by period over the same reasons, months ascending and null last (worked by hand)', () => {
    const { periods } = reasonTable({
      reason: ['price', 'move', 'price', null, 'price', null, 'move'],
      period: ['2024-02', '2024-02', '2024-01', '2024-01', '2024-02', '2024-03', null],
    });
    expect(periods).toEqual([
      { period: '2024-01', leavers: 2, unknown: 1, counts: [1, 0], shares: [1, 0] },
      { period: '2024-02', leavers: 3, unknown: 0, counts: [2, 1], shares: [2 / 3, 1 / 3] },
      { period: '2024-03', leavers: 1, unknown: 1, counts: [0, 0], shares: [null, null] },
      { period: null, leavers: 1, unknown: 0, counts: [0, 1], shares: [0, 1] },
    ]);
    const numbers = reasonTable({ reason: ['a', 'a', 'a'], period: [10, 9, 11] });
    expect(numbers.periods.map(({ period }) => period)).toEqual(['9', '10', '11']);
  });

  it('has no reasons when none is known', () => {
    expect(reasonTable({ reason: [null, null] })).toMatchObject({
      leavers: 2,
      unknown: 2,
      shareUnknown: 1,
      reasons: [],
    });
  });

  it('refuses nobody, unequal columns and odd options', () => {
    expect(() => reasonTable({ reason: [] })).toThrow(failure('empty-input', /no leavers/));
    expect(() => reasonTable({ reason: ['a'], period: ['x', 'y'] })).toThrow(failure('wrong-length', /"period"/));
    expect(() => reasonTable({ reason: ['a'] }, { shares: [0.9, 0.8] })).toThrow(failure('invalid-option', /shares/));
    expect(() => reasonTable({ reason: [null] }, { classes: ['A'] })).toThrow(failure('invalid-option', /classes/));
    expect(() => reasonTable({ reason: ['a'] }, { unknown: 'a' as unknown as string[] })).toThrow(
      failure('invalid-option', /unknown/),
    );
  });
});
