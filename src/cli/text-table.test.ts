import { describe, expect, it } from 'vitest';
import { textTable } from './text-table.ts';

describe('a table for the terminal', () => {
  it('sets numbers right and text left, and counts a Chinese character as two columns', () => {
    expect(
      textTable(
        ['name', 'n', 'what'],
        [
          ['白金客户', 7, 'a'],
          ['low', null, ''],
          ['x', 120, 'b'],
        ],
      ).split('\n'),
    ).toEqual(['  name        n  what', '  白金客户    7  a', '  low         –', '  x         120  b']);
  });

  it('is its head when there are no rows', () => {
    expect(textTable(['a', 'b'], [])).toBe('  a  b');
  });
});
