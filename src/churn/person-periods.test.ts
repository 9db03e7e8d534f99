import { describe, expect, it } from 'vitest';
import { personPeriods } from './person-periods.ts';

const event = { column: 'left', churned: 'yes' } as const;

describe('personPeriods', () => {
  it('gives one row per period, the event in the last one of those who left, and no row for duration 0 (by hand)', () => {
    const out = personPeriods(
      { months: [2, 0, 3, 1], left: ['yes', 'yes', 'no', 'yes'], plan: ['a', 'b', 'c', 'd'] },
      { duration: 'months', event, columns: ['plan', 'months'], baseline: ['log', 'first', 'linear'] },
    );
    expect([...out.period]).toEqual([1, 2, 1, 2, 3, 1]);
    expect([...out.event]).toEqual([0, 1, 0, 0, 0, 1]);
    const plan = out.plan as unknown as { codes: Int32Array; levels: string[] };
    expect([...plan.codes].map((code) => plan.levels[code])).toEqual(['a', 'a', 'c', 'c', 'c', 'd']);
    expect([...(out.months as Float64Array)]).toEqual([2, 2, 3, 3, 3, 1]);
    expect([...(out['[t=1]'] as Float64Array)]).toEqual([1, 0, 1, 0, 0, 1]);
    expect([...(out['t/12'] as Float64Array)][1]).toBe(2 / 12);
    expect((out['ln(t)'] as Float64Array)[4]).toBeCloseTo(Math.log(3), 15);
  });

  it('with the time observed begins after the duration completed: t = duration + 1 … duration + observed (by hand)', () => {
    const out = personPeriods(
      { months: [5, 0, 2, 7], seen: [3, 2, 0, Number.NaN], left: ['yes', 'no', 'yes', 'yes'], id: [1, 2, 3, 4] },
      { duration: 'months', event, observed: 'seen', columns: ['id'] },
    );
    expect([...out.period]).toEqual([6, 7, 8, 1, 2]);
    expect([...out.event]).toEqual([0, 0, 1, 0, 0]);
    expect([...(out.id as Float64Array)]).toEqual([1, 1, 1, 2, 2]);
  });

  it('leaves out customers with a null duration or event', () => {
    const out = personPeriods({ months: [2, Number.NaN, 1], left: [null, 'no', 'no'] }, { duration: 'months', event });
    expect([...out.period]).toEqual([1]);
  });

  it('refuses a column that is called like an added one, and a duration that is not whole', () => {
    const data = { months: [1.5], left: ['no'], period: [1] };
    expect(() => personPeriods(data, { duration: 'months', event, columns: ['period'] })).toThrow(/"period"/);
    expect(() => personPeriods(data, { duration: 'months', event })).toThrow(/row 0: 1.5; use whole/);
  });
});
