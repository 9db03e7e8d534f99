import { describe, expect, it } from 'vitest';
import { topReasons } from '../reasons.ts';
import { warningList } from './warning-list.ts';

const ids = ['a', 'b', 'c', 'd', 'e'];
const probability = [0.9, 0.5, 0.2, Number.NaN, 0.6];
const value = [10, 100, 300, 1000, Number.NaN];
const order = (list: ReturnType<typeof warningList>): unknown[] => list.rows.map(({ id }) => id);

describe('warningList (S81)', () => {
  it('ranks by value at risk p·value, and counts whom it cannot rank', () => {
    const list = warningList({ ids, probability, value }, { top: 2 });
    expect(order(list)).toEqual(['c', 'b']);
    expect(list.rows.map(({ valueAtRisk }) => valueAtRisk)).toEqual([60, 50]);
    expect(list).toMatchObject({ eligible: 3, leftOut: 2 });
  });

  it('ranks by probability without a value, or when asked to; a null value is then no obstacle', () => {
    expect(order(warningList({ ids, probability }))).toEqual(['a', 'e', 'b', 'c']);
    const list = warningList({ ids, probability, value }, { by: 'probability' });
    expect(order(list)).toEqual(['a', 'e', 'b', 'c']);
    expect(list.rows[1]).toMatchObject({ id: 'e', value: null, valueAtRisk: null });
    expect(list.leftOut).toBe(1);
  });

  it('cuts by probability and by value at risk, both inclusive', () => {
    expect(order(warningList({ ids, probability, value }, { minimumProbability: 0.5 }))).toEqual(['b', 'a']);
    expect(order(warningList({ ids, probability, value }, { minimumValueAtRisk: 50 }))).toEqual(['c', 'b']);
    const none = warningList({ ids, probability, value }, { minimumProbability: 0.95 });
    expect(none).toEqual({ rows: [], eligible: 0, leftOut: 2 });
    expect(warningList({ ids, probability }, { top: 0 })).toEqual({ rows: [], eligible: 4, leftOut: 1 });
  });

  it('orders equal ranks by id: numbers by size, text by its code units; then by row', () => {
    const even = [0.5, 0.5, 0.5];
    expect(order(warningList({ ids: [10, 9, 100], probability: even }))).toEqual([9, 10, 100]);
    expect(order(warningList({ ids: ['10', '9', 'A'], probability: even }))).toEqual(['10', '9', 'A']);
    expect(order(warningList({ ids: ['b', 1, 'a'], probability: even }))).toEqual([1, 'a', 'b']);
    const twice = warningList({ ids: ['x', 'x'], probability: [0.5, 0.5], segment: ['first', 'second'] });
    expect(twice.rows.map(({ segment }) => segment)).toEqual(['first', 'second']);
  });

  it('sets base rate, segment, strategy and reasons beside the probability', () => {
    const contributions = [Float64Array.of(0.2, -1), Float64Array.of(0.5, -1)];
    const { reasons } = topReasons({ terms: [{ name: 'contract' }, { name: 'fibre' }], contributions }, 3);
    const list = warningList({
      ids: { codes: Int32Array.of(1, 0), levels: ['u', 'v'] },
      probability: Float64Array.of(0.75, 0.5),
      value: Float64Array.of(40, 10),
      segment: { codes: Int32Array.of(0, -1), levels: ['churn-prone'] },
      strategy: ['call first', null],
      reasons,
      baseRate: 0.25,
    });
    expect(list.rows).toEqual([
      {
        id: 'v',
        probability: 0.75,
        baseRate: 0.25,
        value: 40,
        valueAtRisk: 30,
        segment: 'churn-prone',
        strategy: 'call first',
        reasons: ['fibre', 'contract'],
      },
      {
        id: 'u',
        probability: 0.5,
        baseRate: 0.25,
        value: 10,
        valueAtRisk: 5,
        segment: null,
        strategy: null,
        reasons: [],
      },
    ]);
  });

  it('refuses columns of other lengths and impossible options', () => {
    const wrong = expect.objectContaining({ code: 'wrong-length' });
    expect(() => warningList({ ids, probability: [0.5] })).toThrow(wrong);
    expect(() => warningList({ ids, probability, value: [1] })).toThrow(wrong);
    expect(() => warningList({ ids, probability, segment: ['a'] })).toThrow(wrong);
    expect(() => warningList({ ids: ['a'], probability: [1.2] })).toThrow('outside [0, 1]');
    const invalid = expect.objectContaining({ code: 'invalid-option' });
    expect(() => warningList({ ids, probability }, { by: 'valueAtRisk' })).toThrow(invalid);
    expect(() => warningList({ ids, probability }, { minimumValueAtRisk: 1 })).toThrow(invalid);
    expect(() => warningList({ ids, probability, value }, { minimumValueAtRisk: Number.NaN })).toThrow(invalid);
    expect(() => warningList({ ids, probability }, { top: 1.5 })).toThrow(invalid);
    expect(() => warningList({ ids, probability }, { minimumProbability: 2 })).toThrow(invalid);
    expect(() => warningList({ ids, probability }, { by: 'id' as 'probability' })).toThrow(invalid);
    expect(() => warningList({ ids, probability, baseRate: -1 })).toThrow(invalid);
  });
});
