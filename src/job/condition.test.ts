import { describe, expect, it } from 'vitest';
import { condition } from './condition.ts';
import { failure } from './job.test-support.ts';

describe('a condition in a job file', () => {
  it('holds a column and either equals or not: a text, a number or a list', () => {
    for (const when of [
      { column: 'left', equals: 'no' },
      { column: 'left', not: 'yes' },
      { column: 'arrears', equals: 0 },
      { column: 'plan', equals: ['a', 'b', 3] },
    ])
      expect(condition(when, 'job.x')).toEqual(when);
  });

  it('names the path of what is wrong', () => {
    const either = 'invalid-job: job.x: give either "equals" or "not"';
    expect(failure(() => condition({ column: 'a' }, 'job.x'))).toBe(either);
    expect(failure(() => condition({ column: 'a', equals: 1, not: 2 }, 'job.x'))).toBe(either);
    expect(failure(() => condition({ column: 'a', above: 1 }, 'job.x'))).toMatch(
      /job\.x: unknown key "above"; known are/,
    );
    expect(failure(() => condition({ equals: 1 }, 'job.x'))).toMatch(/job\.x: missing key "column"/);
    expect(failure(() => condition({ column: 'a', equals: true }, 'job.x'))).toMatch(
      /job\.x\.equals: expected a text, a number or a list of them, got true/,
    );
    expect(failure(() => condition({ column: 'a', equals: null }, 'job.x'))).toMatch(/job\.x\.equals/);
    expect(failure(() => condition('a = 1', 'job.x'))).toMatch(/job\.x: expected an object, got "a = 1"/);
  });
});
