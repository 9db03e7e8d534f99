import { areRefused } from '../bad-input.test-support.ts';
import { crossTable, groupSummary, migration } from '../economics/index.ts';
import { loyaltyLadder, stageCounts } from '../loyalty/index.ts';
import { type Cell, customerGrades, grid, kMeans, rfmTiers, segmentSizes, threeLevels } from './index.ts';

const axes = [
  { column: 'r', cut: { fixed: [1, 2] } },
  { column: 'f', cut: { fixed: 1 } },
] as const;
const map = (...cells: readonly Cell[]) => grid({ axes, cells });

areRefused({
  'a segment map that does not cover its grid once': [
    [
      'uncovered',
      () => map({ key: 'a', when: [['low', 'middle'], '*'] }),
      'invalid-option',
      /cells: no cell covers high-low, high-high; add cells, or one with when: 'rest'/,
    ],
    [
      'overlapping',
      () => map({ key: 'a', when: ['*', 'low'] }, { key: 'b', when: ['low', '*'] }, { key: 'c', when: 'rest' }),
      'invalid-option',
      /cells: more than one cell covers low-low; part them, or set overlaps: 'first'/,
    ],
    [
      'never reached',
      () => map({ key: 'a', when: ['*', '*'] }, { key: 'b', when: 'rest' }),
      'invalid-option',
      /cells: "b" is never reached; leave it out/,
    ],
    [
      'with two rests',
      () => map({ key: 'a', when: 'rest' }, { key: 'b', when: 'rest' }),
      'invalid-option',
      /only one may be 'rest'/,
    ],
    [
      'with a key twice',
      () => map({ key: 'a', when: ['low', '*'] }, { key: 'a', when: 'rest' }),
      'invalid-option',
      /cells: a key is repeated/,
    ],
    [
      'with an unknown level',
      () => map({ key: 'a', when: ['huge', '*'] }),
      'invalid-option',
      /cell "a": unknown level "huge"; axis 0 has low, middle, high/,
    ],
    [
      'of RFM scores',
      () => rfmTiers({ cells: [{ key: 'best', when: ['5', '5'] }] }),
      'invalid-option',
      /no cell covers 1-1, 1-2, 1-3, 1-4, 1-5 and 19 more/,
    ],
    [
      'of RFM scores, for other scores than its own',
      () => rfmTiers({ scores: 3 }),
      'invalid-option',
      /the default map is for two columns with scores 1 to 5/,
    ],
    [
      'of three criteria',
      () => threeLevels({ cells: [{ key: 'a', when: ['high', 'high', 'high'] }] }),
      'invalid-option',
      /no cell covers low-low-low/,
    ],
    ['with too many combinations', () => tooMany(), 'invalid-option', /combinations of levels; at most 100000/],
  ],
  'an unknown stage or segment': [
    [
      'of the ladder, renamed',
      () => loyaltyLadder({ names: { fan: { en: 'Fan', zh: '粉丝' } } as never }),
      'invalid-option',
      /unknown stage "fan"; the ladder has suspect, prospect/,
    ],
    [
      'of the ladder, with a strategy',
      () => loyaltyLadder({ strategies: { fan: {} } as never }),
      'invalid-option',
      /unknown stage "fan"/,
    ],
    ['in a column of stages', () => stageCounts(['fan']), 'invalid-value', /"fan"/],
    [
      'in a column of segments',
      () => segmentSizes(['fan'], map({ key: 'a', when: ['*', '*'] }).fit({ r: [1], f: [1] })),
      'invalid-value',
      /"fan" is no segment of the model: a/,
    ],
    [
      'in a migration',
      () =>
        migration(
          { customer: ['a'], state: ['fan'] },
          { customer: ['a'], state: ['gold'] },
          { states: ['gold', 'basic'] },
        ),
      'invalid-value',
      /state "fan" of the first date is not one of gold, basic, lost/,
    ],
    [
      'in a change of strategies',
      () => rfmTiers({ strategies: { fans: { budget: 'low' } } }),
      'invalid-option',
      /strategies: unknown segment "fans"; there are champions/,
    ],
  ],
  'a table that cannot be grouped': [
    ['of other lengths', () => groupSummary(['a'], { spend: [1, 2] }), 'wrong-length', /spend has 2 rows, expected 1/],
    ['crossed', () => crossTable(['a'], ['x', 'y']), 'wrong-length', /columns has 2 rows, expected 1/],
    [
      'by a ratio of something else',
      () => groupSummary(['a'], { spend: [1] }, { ratios: { share: { part: 'spend', whole: 'all' as 'spend' } } }),
      'invalid-option',
      /invalid ratios\.share\.whole: all; name one of spend/,
    ],
    [
      'into grades without a score',
      () => customerGrades({ cut: { quantile: [0.5, 0.9] } }).fit({ orders: [1], total: [null] }),
      'all-null',
      /"total"/,
    ],
    [
      'into more clusters than customers',
      () => kMeans({ columns: ['x'], clusters: 2, seed: 1 }).fit({ x: [5] }),
      'empty-input',
      /only 1 different points/,
    ],
  ],
});

function tooMany(): unknown {
  const cut = { equalWidth: 50 } as const;
  return grid({ axes: ['a', 'b', 'c'].map((column) => ({ column, cut })), cells: [{ key: 'x', when: 'rest' }] });
}
