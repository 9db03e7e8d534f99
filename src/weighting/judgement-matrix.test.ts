import { describe, expect, it } from 'vitest';
import { judgementMatrix } from './judgement-matrix.ts';

const wanted = [
  [1, 4, 5],
  [1 / 4, 1, 2],
  [1 / 5, 1 / 2, 1],
];

describe('judgementMatrix (S18)', () => {
  it('S18: upper triangle, whole matrix and named pairs in any order and direction give the same matrix', () => {
    expect(judgementMatrix([4, 5, 2]).values).toEqual(wanted);
    expect(judgementMatrix(wanted).values).toEqual(wanted);
    const pairs = judgementMatrix(
      [
        ['c', 'a', 1 / 5],
        ['a', 'b', 4],
        ['b', 'c', 2],
      ],
      { items: ['a', 'b', 'c'] },
    );
    expect(pairs).toEqual({ items: ['a', 'b', 'c'], values: wanted });
  });

  it('items are named as they appear in the pairs, else by number', () => {
    expect(judgementMatrix([['x', 'y', 3]])).toEqual({
      items: ['x', 'y'],
      values: [
        [1, 3],
        [1 / 3, 1],
      ],
    });
    expect(judgementMatrix([2]).items).toEqual(['1', '2']);
  });

  it('one item needs no judgement, two need one', () => {
    expect(judgementMatrix([]).values).toEqual([[1]]);
    expect(judgementMatrix([[1]]).values).toEqual([[1]]);
    expect(judgementMatrix([], { items: ['only'] })).toEqual({ items: ['only'], values: [[1]] });
  });

  it('reciprocals written to ten digits are taken, to four are refused with the pair', () => {
    expect(
      judgementMatrix([
        [1, 3],
        [0.3333333333, 1],
      ]).values[1]![0],
    ).toBe(1 / 3);
    expect(() =>
      judgementMatrix(
        [
          [1, 3],
          [0.3333, 1],
        ],
        { items: ['price', 'service'] },
      ),
    ).toThrow(/"price" against "service" is 3 and the reverse 0.3333/);
  });

  it.each([
    ['zero', [0, 1, 1], /"1" against "2" is 0/],
    ['negative', [1, -2, 1], /"1" against "3" is -2/],
    ['not a number', [1, 1, Number.NaN], /"2" against "3" is NaN/],
    ['infinite', [1, Infinity, 1], /"1" against "3" is Infinity/],
    ['beyond the scale', [1, 10, 1], /"1" against "3" is beyond the scale of 1 to 9/],
    ['a tenth', [1, 1, 0.1], /"2" against "3" is beyond the scale/],
    ['no triangle', [1, 2, 3, 4], /4 judgements make no upper triangle/],
    ['no square', [[1, 2], [0.5]], /make no square/],
    ['diagonal', [[2]], /against itself is 2/],
    [
      'missing pair',
      [
        ['a', 'b', 2],
        ['b', 'c', 2],
      ],
      /"a" against "c" is not judged/,
    ],
    [
      'judged twice',
      [
        ['a', 'b', 2],
        ['b', 'a', 0.5],
      ],
      /"b" against "a" is judged twice/,
    ],
    ['itself', [['a', 'a', 1]], /not judged against itself/],
    ['zero pair', [['a', 'b', 0]], /"a" against "b" is 0/],
  ] as const)('S18: refuses bad judgements and names the pair: %s', (_, judgements, message) => {
    expect(() => judgementMatrix(judgements as readonly number[])).toThrow(message);
  });

  it('refuses names that do not fit', () => {
    expect(() => judgementMatrix([2], { items: ['a'] })).toThrow(/1 items are named, but the judgements are on 2/);
    expect(() => judgementMatrix([2], { items: ['a', 'a'] })).toThrow(/"a" is repeated/);
    expect(() => judgementMatrix([['a', 'd', 2]], { items: ['a', 'b'] })).toThrow(/the items are a, b/);
    expect(() => judgementMatrix([2], { largest: 0 })).toThrow(/invalid largest/);
  });

  it('other scales are had by the option', () => {
    expect(judgementMatrix([50], { largest: 100 }).values[0]![1]).toBe(50);
  });
});
