import { describe, expect, it } from 'vitest';
import { completeJudgements } from './complete-judgements.ts';
import { geometricConsistency } from './geometric-consistency.ts';
import { groupPriorities } from './group-priorities.ts';
import { hierarchy } from './hierarchy.ts';
import { type JudgementMatrix, judgementMatrix } from './judgement-matrix.ts';
import { priorities } from './priorities.ts';
import { repairHints } from './repair-hints.ts';

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

  it.each([
    ['a number', 5, 'wrong-type', /judgements are 5: give a triangle, a matrix or named pairs, as a list/],
    ['nothing', null, 'wrong-type', /judgements are null/],
    [
      'a matrix that is made',
      { items: ['a'], values: [[1]] },
      'wrong-type',
      /give a triangle, a matrix or named pairs/,
    ],
    ['a row that is none', [[1, 2], null], 'wrong-type', /judgement 2 is null, the first is a list/],
    ['a pair that is none', [['a', 'b', 2], 5], 'wrong-type', /judgement 2 is 5, the first is a list/],
    ['a lone null', [null], 'invalid-value', /"1" against "2" is null/],
    [
      'a matrix that is not reciprocal',
      [
        [1, 2],
        [0.4, 1],
      ],
      'invalid-value',
      /is 2 and the reverse 0.4: make one the rec/,
    ],
  ] as const)('refuses what is no list of judgements: %s', (_, judgements, code, message) => {
    const work = () => judgementMatrix(judgements as unknown as readonly number[]);
    expect(work).toThrow(message);
    expect(work).toThrow(expect.objectContaining({ code }));
  });

  it('takes typed arrays as lists', () => {
    expect(judgementMatrix(Float64Array.of(4, 5, 2) as unknown as readonly number[]).values).toEqual(wanted);
    const rows = wanted.map((row) => Float64Array.from(row)) as unknown as readonly (readonly number[])[];
    expect(judgementMatrix(rows).values).toEqual(wanted);
  });

  it('other scales are had by the option', () => {
    expect(judgementMatrix([50], { largest: 100 }).values[0]![1]).toBe(50);
  });
});

describe('what takes a judgement matrix', () => {
  const children = [{ name: 'a' }, { name: 'b' }];
  const takers: readonly (readonly [string, (matrix: JudgementMatrix) => unknown])[] = [
    ['priorities', priorities],
    ['geometricConsistency', geometricConsistency],
    ['repairHints', repairHints],
    ['groupPriorities', (matrix) => groupPriorities([matrix])],
  ];
  it.each(takers)('%s refuses numbers, and a matrix with a fault', (_, take) => {
    const refused = (matrix: unknown, code: string, message: RegExp) => {
      expect(() => take(matrix as JudgementMatrix)).toThrow(message);
      expect(() => take(matrix as JudgementMatrix)).toThrow(expect.objectContaining({ code }));
    };
    const items = ['a', 'b'];
    for (const none of [
      [
        [1, 2],
        [0.4, 1],
      ],
      [3],
      null,
      undefined,
      5,
      { items },
    ])
      refused(none, 'wrong-type', /expected a judgement matrix .*: make it with judgementMatrix/);
    refused({ items, values: [[1, 2]] }, 'wrong-length', /on 2 items has 2 lists of 2 values/);
    refused({ items, values: [[1, 2], [0.5]] }, 'wrong-length', /on 2 items has 2 lists of 2 values/);
    refused({ items, values: [[1, 2], Float64Array.of(0.5, 1)] }, 'wrong-length', /on 2 items has 2 lists of 2 values/);
    refused({ items, values: [[1, 2], null] }, 'wrong-length', /on 2 items has 2 lists of 2 values/);
    refused(
      {
        items,
        values: [
          [1, -2],
          [0.5, 1],
        ],
      },
      'invalid-value',
      /"a" against "b" is -2: judgements must be above 0/,
    );
    refused(
      {
        items,
        values: [
          [1, '2'],
          [0.5, 1],
        ],
      },
      'invalid-value',
      /"a" against "b" is 2: /,
    );
  });

  it('a hierarchy names the node, a group says that it wants a list', () => {
    const root = (judgements: unknown) => ({ name: 'value', children, judgements: judgements as readonly number[] });
    expect(() => hierarchy(root(5))).toThrow('children of "value": judgements are 5');
    expect(() => hierarchy(root({ items: ['a', 'b'], values: [1] }))).toThrow('children of "value": a judgement');
    expect(() => groupPriorities(judgementMatrix([3]) as never)).toThrow('invalid matrices: an object; use a list');
    expect(() => completeJudgements(5 as never)).toThrow('judgements are 5');
  });
});
