import { describe, expect, it } from 'vitest';
import { makeLane } from '../columns/lane.ts';
import { WHY } from '../model/batch.ts';
import type { Field } from '../model/field.ts';
import { BLOCK } from './block.ts';
import type { Tree } from './tree.ts';
import { treeTests } from './tree-tests.ts';

const field: Field = { name: 'plan', type: 'category', levels: ['a', 'b', 'c'] };
/** One split: a and c, and nulls, go left; levels that are not listed go with the majority, left. */
const tree: Tree = {
  feature: [0],
  threshold: [0],
  left: [~0],
  right: [~1],
  nullLeft: [1],
  subsets: [[0, 2]],
  surrogates: [],
  value: [-1, 1],
  weight: [3, 1],
};

describe('the column of a split on a category', () => {
  for (const nulls of [false, true])
    it(`tells the side of every row, of more rows than a block too, ${nulls ? 'nulls among them' : 'without nulls'}`, () => {
      const rows = 2 * BLOCK + 77;
      const lane = makeLane(field, rows);
      const wanted = new Float64Array(rows);
      for (let i = 0; i < rows; i++) {
        lane.codes[i] = i % 3;
        wanted[i] = i % 3 === 1 ? 1 : 0;
        if (!nulls || i % 5 > 1) continue;
        lane.codes[i] = -1;
        lane.why[i] = i % 5 === 0 ? WHY.missing : WHY.unseenLevel;
        wanted[i] = 0;
      }
      lane.clean = !nulls;
      const [column] = treeTests([tree], [field]).columns;
      for (const from of [0, 3, BLOCK]) {
        const out = new Float64Array(rows + 5).fill(9);
        column!([lane], from, rows - from, out, 5);
        expect(out.subarray(5, 5 + rows - from)).toEqual(wanted.subarray(from));
      }
    });
});
