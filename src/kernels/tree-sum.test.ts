// Sums of trees of every shape by WASM, against the walk of each row in plain TypeScript: the same bits.
import { describe, expect, it } from 'vitest';
import { makeLane } from '../columns/lane.ts';
import { type Lane, WHY } from '../model/batch.ts';
import type { Field } from '../model/field.ts';
import { seededRandom } from '../numerics/random.ts';
import { BLOCK } from './block.ts';
import type { CellRule, Tree } from './tree.ts';
import { codeTrees } from './tree-codes.ts';
import { bindTrees } from './tree-sum.ts';
import { treeTests } from './tree-tests.ts';
import { scratchAt } from './wasm/registry.ts';
import { sharedScratch } from './wasm/scratch.ts';

const random = seededRandom(23);
const NUMBERS = 6;
/** With a null and a level that is not listed 14 make 16, as many as are looked up at once. */
const LEVELS = [3, 14, 15, 40];
const inputs: readonly Field[] = [
  ...Array.from({ length: NUMBERS }, (_, k): Field => ({ name: `x${k}`, type: 'number' })),
  ...LEVELS.map(
    (count): Field => ({
      name: `of ${count}`,
      type: 'category',
      levels: Array.from({ length: count }, (_, k) => `l${k}`),
    }),
  ),
];
/** Two of each category, one after the other. */
const SUBSETS = LEVELS.flatMap((count) =>
  [0, 1].map((k) => Array.from({ length: count }, (_, code) => code).filter((code) => (code * 7 + k) % 3 > 0)),
);
const rules: readonly CellRule[] = inputs.map(() => ({ missing: 'direction', unseen: 'majority', nulls: 1 }));
const HARD = [0, -0, 5e-324, -5e-324, 1e308, -1e308, 0.25, 0.25];

/** Where the next split goes: which of the open places, of how many. */
type Shape = (open: number, step: number) => number;
const shapes: { readonly [name: string]: Shape } = {
  'at random': (open) => random.below(open),
  'complete trees': () => 0,
  'to the right': (open) => open - 1,
  'to the left': (open) => (open > 1 ? open - 2 : 0),
  'from side to side': (open, step) => (open > 1 ? open - 1 - (step % 2) : 0),
};

function treeOf(leaves: number, cuts: number, next: Shape): Tree {
  const feature: number[] = [];
  const threshold: number[] = [];
  const sides: { readonly left: number[]; readonly right: number[] } = { left: [], right: [] };
  const open: ([at: number, side: 'left' | 'right'] | null)[] = [null];
  while (open.length < leaves) {
    const [place] = open.splice(next(open.length, feature.length), 1);
    const own = random.below(inputs.length);
    const at = feature.push(own) - 1;
    const cut = random.below(cuts);
    threshold.push(own >= NUMBERS ? 2 * (own - NUMBERS) + random.below(2) : (HARD[cut] ?? cut / cuts - 0.5));
    if (place) sides[place[1]][place[0]] = at;
    open.push([at, 'left'], [at, 'right']);
  }
  open.forEach((place, leaf) => {
    if (place) sides[place[1]][place[0]] = ~leaf;
  });
  return {
    ...sides,
    feature,
    threshold,
    nullLeft: feature.map(() => random.below(2)),
    subsets: SUBSETS,
    surrogates: [],
    value: open.map(() => (random.below(9) === 0 ? -0 : random.uniform() - 0.5)),
    weight: open.map(() => 1),
  };
}

function laneOf(field: Field, cuts: number, nulls: number): Lane {
  const lane = makeLane(field, BLOCK);
  lane.clean = nulls === 0;
  for (let i = 0; i < BLOCK; i++) {
    const number = field.type === 'number';
    const isNull = random.uniform() < nulls;
    if (isNull) lane.why[i] = number || random.below(2) ? WHY.missing : WHY.unseenLevel;
    if (!number) lane.codes[i] = isNull ? -1 : random.below(field.levels!.length);
    else if (isNull) lane.values[i] = Number.NaN;
    else {
      const cut = random.below(cuts);
      const at = HARD[cut] ?? cut / cuts - 0.5;
      lane.values[i] = random.below(3) ? at : random.below(2) ? at + 1e-12 : random.uniform() - 0.5;
    }
  }
  return lane;
}

/** Both paths for each number of rows; WASM works on poisoned room. */
function compare(trees: readonly Tree[], cuts: number, base: number): void {
  const sum = bindTrees(trees, inputs, rules, base);
  for (const rows of [1, 127, 128, 129, BLOCK])
    for (const nulls of [0, 0.1]) {
      const lanes = inputs.map((field) => laneOf(field, cuts, nulls));
      const slow = makeLane({ type: 'number' }, BLOCK);
      const mark = sharedScratch().mark();
      const fast: Lane = { ...makeLane({ type: 'number' }, BLOCK), values: sharedScratch().numbers().fill(Number.NaN) };
      expect(scratchAt(fast.values.buffer)).toBeDefined();
      sum(rows, lanes, slow);
      sum(rows, lanes, fast);
      const bits = ({ values }: Lane): BigUint64Array => new BigUint64Array(values.slice(0, rows).buffer);
      expect(bits(fast)).toEqual(bits(slow));
      sharedScratch().release(mark);
    }
}

describe('sums of trees by WASM, of splits placed', () => {
  for (const [name, shape] of Object.entries(shapes))
    it(name, () => {
      for (const leaves of [2, 3, 4, 5, 8, 31, 64, 65])
        compare(
          Array.from({ length: 4 + (leaves % 4) }, () => treeOf(leaves, 40, shape)),
          40,
          leaves % 2 ? 0.125 : -0,
        );
    });
  it('at random, of every number of leaves from 1 to 40, and of 1 and 256 beside each other', () => {
    compare(
      Array.from({ length: 40 }, (_, k) => treeOf(k + 1, 60, shapes['at random']!)),
      60,
      1,
    );
    const mixed = Array.from({ length: 9 }, (_, k) => treeOf(k % 2 ? 256 : 1, 60, shapes['at random']!));
    compare(mixed, 60, -1);
    compare(
      Array.from({ length: 8 }, () => treeOf(1, 1, shapes['at random']!)),
      1,
      0,
    );
  });
});

describe('codes of trees', () => {
  it('come in parts where a column has more thresholds than one code tells apart, with the same sums', () => {
    const trees = Array.from({ length: 90 }, () => treeOf(120, 3000, shapes['at random']!));
    const parts = codeTrees(trees, treeTests(trees, inputs));
    expect(typeof parts).not.toBe('string');
    expect(parts.length).toBeGreaterThan(2);
    compare(trees, 3000, 0.5);
  });
  it('are not made where four trees have too many thresholds, or for few trees', () => {
    const trees = Array.from({ length: 8 }, () => treeOf(1300, 30000, shapes['at random']!));
    expect(codeTrees(trees, treeTests(trees, inputs))).toMatch(/255 thresholds/);
    compare(trees, 30000, 0);
    const few = trees.slice(0, 3);
    expect(codeTrees(few, treeTests(few, inputs))).toMatch(/from 4 trees on/);
    compare(few, 30000, 0);
  });
});
