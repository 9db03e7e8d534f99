import { describe, expect, it } from 'vitest';
import { makeLane } from '../columns/lane.ts';
import { matches } from '../columns/matches.ts';
import { openField } from '../columns/open.ts';
import type { Columns } from '../model/batch.ts';
import type { When } from '../model/when.ts';
import { bindCondition, storedCondition, UNKNOWN, YES } from './condition.ts';
import { conditionFields } from './condition-field.ts';

function answers(when: When, data: Columns, rows: number): number[] {
  const [field] = conditionFields(data, [when]);
  const lane = makeLane(field!, rows);
  openField(data, field!).read(0, rows, lane);
  const out = new Uint8Array(rows);
  bindCondition(when, field!)(rows, lane, out);
  return [...out];
}

describe('bindCondition', () => {
  const data = { text: ['a', 'b', null, 'c'], number: [1, 2.5, null, -3] };
  const conditions: When[] = [
    { column: 'text', equals: 'a' },
    { column: 'text', not: 'a' },
    { column: 'text', equals: ['b', 'c', 'z'] },
    { column: 'text', not: ['b', 'z'] },
    { column: 'number', equals: 2.5 },
    { column: 'number', not: [1, '-3'] },
    { column: 'number', equals: [] },
  ];

  it('says yes exactly where matches does, and knows nothing of a null cell', () => {
    for (const when of conditions) {
      const found = answers(when, data, 4);
      expect(found.map((answer) => (answer === YES ? 1 : 0))).toEqual([...matches(data, when)]);
      expect(found.map((answer) => answer === UNKNOWN)).toEqual([false, false, true, false]);
    }
  });

  it('lists the levels of data and conditions, sorted, one field per column', () => {
    expect(conditionFields(data, conditions)).toEqual([
      { name: 'text', type: 'category', levels: ['a', 'b', 'c', 'z'] },
      { name: 'number', type: 'number' },
    ]);
  });

  it('refuses text for numbers and unknown columns', () => {
    expect(() => conditionFields(data, [{ column: 'number', equals: 'x' }])).toThrow('"x" is not one');
    expect(() => conditionFields(data, [{ column: 'number', equals: ' ' }])).toThrow('is not one');
    expect(() => conditionFields(data, [{ column: 'none', equals: 1 }])).toThrow('unknown column "none"');
  });
});

describe('storedCondition', () => {
  it('reads either equals or not', () => {
    expect(storedCondition({ column: 'a', equals: ['x', 1] }, 'm')).toEqual({ column: 'a', equals: ['x', 1] });
    expect(storedCondition({ column: 'a', not: 'x' }, 'm')).toEqual({ column: 'a', not: 'x' });
    expect(() => storedCondition({ column: 'a' }, 'm')).toThrow('m: give either');
    expect(() => storedCondition({ column: 'a', equals: 1, not: 2 }, 'm')).toThrow('m: give either');
    expect(() => storedCondition({ column: 'a', equals: true }, 'm')).toThrow('m.equals');
  });
});
