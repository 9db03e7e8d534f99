// Every WASM kernel against the loop that stands in for it: the same bits, whatever the cells.
import { describe, expect, it } from 'vitest';
import { allCoded } from '../../columns/all-coded.ts';
import { allFinite } from '../../columns/all-finite.ts';
import { makeLane } from '../../columns/lane.ts';
import type { Lane } from '../../model/batch.ts';
import type { Field } from '../../model/field.ts';
import { seededRandom } from '../../numerics/random.ts';
import { sigmoidInPlace } from '../../numerics/sigmoid.ts';
import { BLOCK } from '../block.ts';
import { bindLinear } from '../linear.ts';
import type { CellRule, Tree } from '../tree.ts';
import { bindTrees } from '../tree-sum.ts';
import { scratchAt } from './registry.ts';
import { sharedScratch } from './scratch.ts';

const HARD = [0, -0, Number.NaN, Infinity, -Infinity, 5e-324, -5e-324, 2.2e-308, 1.7e308, -1.7e308];
const EXPONENTS = [-707.9, -708, -708.1, -709, -744.4, -745.1, -745.2, -746, 708.9, 709, 709.8, 710];
const random = seededRandom(7);
const cell = (scale: number, hard = 0.02): number =>
  random.uniform() < hard
    ? [...HARD, ...EXPONENTS][random.below(HARD.length + EXPONENTS.length)]!
    : scale * (2 * random.uniform() - 1);

/** Room that WASM works on, poisoned, so that a cell that is not written shows. */
function inWasm(cells?: Float64Array): Float64Array {
  const out = sharedScratch().numbers();
  expect(scratchAt(out.buffer)).toBeDefined();
  out.fill(12345.678);
  if (cells) out.set(cells);
  return out;
}
const lengths = [0, 1, 2, 3, 4, 5, 7, 63, 64, 65, 1000, BLOCK - 1, BLOCK];
const numberLane = (values: Float64Array): Lane => ({ ...makeLane({ type: 'number' }, BLOCK), values });

describe('WASM kernels', () => {
  it('give the sigmoid of their twin, bit by bit, and touch nothing behind the last row', () => {
    const mark = sharedScratch().mark();
    for (const scale of [1, 40, 800])
      for (const rows of lengths) {
        const cells = Float64Array.from({ length: BLOCK }, () => cell(scale));
        const fast = inWasm(cells);
        sigmoidInPlace(rows, cells);
        sigmoidInPlace(rows, fast);
        expect(fast).toEqual(cells);
      }
    sharedScratch().release(mark);
  });

  it('know whether all cells are finite', () => {
    const mark = sharedScratch().mark();
    for (const rows of lengths) {
      const cells = Float64Array.from({ length: BLOCK }, () => cell(1e300, 0));
      const fast = inWasm(cells);
      expect(allFinite(fast, 0, rows)).toBe(true);
      for (const bad of [Number.NaN, Infinity, -Infinity])
        for (const at of new Set([0, rows >> 1, rows - 1, rows])) {
          if (at < 0 || at >= BLOCK) continue;
          const kept = fast[at]!;
          fast[at] = bad;
          expect(allFinite(fast, 0, rows)).toBe(at >= rows);
          fast[at] = kept;
        }
    }
    sharedScratch().release(mark);
  });

  it('know whether all codes stand for a level', () => {
    const mark = sharedScratch().mark();
    for (const rows of lengths) {
      const codes = sharedScratch().codes();
      for (let i = 0; i < BLOCK; i++) codes[i] = i % 3 === 0 ? 2 ** 31 - 1 : i % 5;
      for (const own of [codes, codes.slice()]) {
        expect(allCoded(own, rows)).toBe(true);
        for (const bad of [-1, -(2 ** 31)])
          for (const at of new Set([0, rows >> 1, rows - 1, rows])) {
            if (at < 0 || at >= BLOCK) continue;
            const kept = own[at]!;
            own[at] = bad;
            expect(allCoded(own, rows)).toBe(at >= rows);
            own[at] = kept;
          }
      }
    }
    sharedScratch().release(mark);
  });

  it('add columns in the order of terms, from one to sixty of them, wherever they lie', () => {
    for (const count of [1, 2, 4, 5, 6, 9, 10, 11, 16, 19, 20, 21, 24, 25, 30, 41, 60])
      for (const link of ['identity', 'logit'] as const)
        for (const size of [0.01, 3, 400]) {
          const mark = sharedScratch().mark();
          const inputs = Array.from({ length: count }, (_, k): Field => ({ name: `x${k}`, type: 'number' }));
          const terms = inputs.map(({ name }) => ({ column: name, weight: cell(size, 0), missing: null, centre: 0 }));
          const linear = bindLinear({ intercept: cell(1, 0), terms, groups: [] }, inputs, link);
          const rows = lengths[((count + size) % lengths.length) | 0]!;
          const cells = inputs.map(() => Float64Array.from({ length: BLOCK }, () => cell(1, size === 3 ? 0 : 1e-4)));
          const slow = numberLane(new Float64Array(BLOCK).fill(12345.678));
          const fast = numberLane(inWasm());
          const copied = numberLane(inWasm());
          const told = linear(rows, cells.map(numberLane), slow);
          const resident = cells.map((own) => numberLane(inWasm(own)));
          expect(linear(rows, resident, fast)).toBe(told);
          expect(linear(rows, cells.map(numberLane), copied)).toBe(told);
          for (let i = 0; i < BLOCK; i++) {
            expect(fast.values[i]).toBe(slow.values[i]);
            expect(copied.values[i]).toBe(slow.values[i]);
          }
          sharedScratch().release(mark);
        }
  });

  it('add columns with cells of every sort, and tell whether all sums are finite', () => {
    for (const count of [1, 4, 5, 6, 12, 20])
      for (const hard of [0, 0.002, 0.3])
        for (const rows of lengths.slice(1)) {
          const mark = sharedScratch().mark();
          const scratch = scratchAt(inWasm().buffer)!;
          const weights = Array.from({ length: count }, () => cell(3, 0));
          const cells = weights.map(() => Float64Array.from({ length: BLOCK }, () => cell(1e3, hard)));
          const at = scratch.bytes(4 * count);
          cells.forEach((own, k) => {
            scratch.words[(at >> 2) + k] = inWasm(own).byteOffset;
          });
          const z = inWasm();
          const weightsAt = scratch.program(new Uint8Array(Float64Array.from(weights).buffer));
          const whole = new Float64Array(BLOCK).fill(12345.678);
          for (let i = 0; i < rows; i++)
            whole[i] = weights.reduce((sum, weight, k) => sum + weight * cells[k]![i]!, 0.5);
          const allOf = (values: Float64Array): number => (values.subarray(0, rows).every(Number.isFinite) ? 1 : 0);
          const { linear } = scratch.kernels;
          expect(linear(z.byteOffset, rows, 0.5, at, weightsAt, count, 1, 0)).toBe(allOf(whole));
          expect(z.every((own, i) => Object.is(own, whole[i]))).toBe(true);
          // The same columns once more on top of that, and their probabilities.
          for (const link of [0, 1]) {
            z.set(whole);
            const again = whole.slice();
            for (let i = 0; i < rows; i++)
              again[i] = weights.reduce((sum, weight, k) => sum + weight * cells[k]![i]!, again[i]!);
            const finite = linear(z.byteOffset, rows, 0.5, at, weightsAt, count, 0, link);
            expect(finite).toBe(allOf(again));
            if (link === 1) sigmoidInPlace(rows, again);
            if (link === 0 || finite === 1) expect(z.every((own, i) => Object.is(own, again[i]))).toBe(true);
          }
          scratch.release(mark);
        }
  });
});

/** A tree of random splits on columns of which the last one is a category of three levels. */
function randomTree(leaves: number, columns: number, cuts: number): Tree {
  const feature: number[] = [];
  const threshold: number[] = [];
  const sides: { readonly left: number[]; readonly right: number[] } = { left: [], right: [] };
  const open: ([at: number, side: 'left' | 'right'] | null)[] = [null];
  while (open.length < leaves) {
    const [place] = open.splice(random.below(open.length), 1);
    const own = random.below(columns);
    const at = feature.push(own) - 1;
    const grid = random.below(cuts);
    threshold.push(own === columns - 1 ? random.below(2) : (HARD.filter(Number.isFinite)[grid] ?? grid / cuts - 0.5));
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
    subsets: [[0, 2], [1]],
    surrogates: [],
    value: open.map(() => cell(1, 0)),
    weight: open.map(() => 1 + random.below(9)),
  };
}

describe('sums of trees by WASM', () => {
  const forests: readonly (readonly [name: string, trees: number, leaves: number, cuts: number])[] = [
    ['one stump', 1, 2, 30],
    ['one tree, cell by cell', 1, 300, 100],
    ['small trees by selection', 12, 31, 60],
    ['trees of 256 leaves by selection and a leaf alone', 4, 256, 200],
    ['deep trees by walking codes', 5, 400, 250],
    ['more thresholds than a code tells apart', 9, 300, 3000],
    ['leaves alone', 5, 1, 1],
  ];
  for (const [name, count, leaves, cuts] of forests)
    it(`are those of the plain walk: ${name}`, () => {
      const columns = 7;
      const inputs = Array.from(
        { length: columns },
        (_, k): Field =>
          k === columns - 1
            ? { name: 'level', type: 'category', levels: ['a', 'b', 'c'] }
            : { name: `x${k}`, type: 'number' },
      );
      const rules: CellRule[] = inputs.map(() => ({ missing: 'direction', unseen: 'majority', nulls: 1 }));
      const trees = Array.from({ length: count }, (_, t) => randomTree(t === 2 ? 1 : leaves, columns, cuts));
      const sum = bindTrees(trees, inputs, rules, 0.125);
      for (const rows of lengths.slice(1)) {
        const mark = sharedScratch().mark();
        const lanes = inputs.map((field): Lane => {
          const lane = makeLane(field, BLOCK);
          lane.clean = false;
          for (let i = 0; i < BLOCK; i++) {
            const why = random.uniform() < 0.1 ? (field.type === 'number' ? 1 : 1 + 2 * random.below(2)) : 0;
            lane.why[i] = why;
            if (field.type === 'category') lane.codes[i] = why ? -1 : random.below(3);
            else lane.values[i] = why ? Number.NaN : random.below(2) ? random.below(cuts) / cuts - 0.5 : cell(1, 0.1);
          }
          return lane;
        });
        const slow = makeLane({ type: 'number' }, BLOCK);
        const fast: Lane = { ...makeLane({ type: 'number' }, BLOCK), values: inWasm() };
        sum(rows, lanes, slow);
        sum(rows, lanes, fast);
        expect(fast.values.slice(0, rows)).toEqual(slow.values.slice(0, rows));
        sharedScratch().release(mark);
      }
    });
});
