import { describe, expect, it } from 'vitest';
import { InputLane, readFloat64 } from '../columns/input-lane.ts';
import type { Lane } from '../model/batch.ts';
import type { Explanation } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import { seededRandom } from '../numerics/random.ts';
import { BLOCK } from './block.ts';
import { explainLinear, type LinearTerm } from './linear.ts';
import { bindTopTerms, topTerms } from './top-terms.ts';
import { scratchAt } from './wasm/registry.ts';
import { sharedScratch } from './wasm/scratch.ts';

const random = seededRandom(5);
/** Also cells that are equal in their upper halves, and both sides of 2^−1000. */
const HARD = [
  ...[0, -0, Number.NaN, 5e-324, -5e-324, 1.7e308, -1.7e308, Infinity, -Infinity],
  ...[1 + 2 ** -40, 1 + 2 ** -39, 2 ** -1000, 2 ** -1000 * (1 + 2 ** -52), 2 ** -1000 * (1 - 2 ** -53), -1e-9],
];
/** Few distinct values, so that ties are frequent. */
const cell = (): number => (random.below(8) ? random.below(9) - 4 : HARD[random.below(HARD.length)]!);

const explanation = (columns: readonly Float64Array[]): Explanation => ({
  scale: 'any',
  base: 0,
  terms: columns.map((_, t) => ({ name: `t${t}`, columns: [`t${t}`] })),
  kernel: (rows, _, outputs) => {
    outputs.forEach(({ values }, t) => {
      values.set(columns[t]!.subarray(0, rows));
    });
  },
});
const codeLane = (codes: Int32Array): Lane => ({
  values: new Float64Array(0),
  codes,
  why: new Uint8Array(BLOCK),
  clean: true,
});

describe('bindTopTerms', () => {
  it('finds by WASM and without it what a full sort of every row finds', () => {
    for (const [count, rows] of [
      [1, 1],
      [2, 2],
      [3, 7],
      [20, 64],
      [33, 501],
      [7, BLOCK],
    ] as const)
      for (const k of [1, 2, 3, 5]) {
        const columns = Array.from({ length: count }, () => Float64Array.from({ length: BLOCK }, cell));
        const wanted = Array.from({ length: rows }, (_, row) =>
          columns
            .map((_, term) => term)
            .filter((term) => columns[term]![row]! >= 2 ** -1000)
            .sort((a, b) => Math.sign(columns[b]![row]! - columns[a]![row]!) || a - b)
            .slice(0, k),
        );
        const mark = sharedScratch().mark();
        const fast = Array.from({ length: k }, () => sharedScratch().codes().fill(77));
        const slow = Array.from({ length: k }, () => new Int32Array(BLOCK).fill(77));
        expect(scratchAt(fast[0]!.buffer)).toBeDefined();
        const tell = bindTopTerms(explanation(columns), k);
        for (const codes of [fast, slow]) {
          tell(rows, [], codes.map(codeLane), false);
          wanted.forEach((own, row) => {
            expect(codes.map((place) => place[row])).toEqual(Array.from({ length: k }, (_, i) => own[i] ?? -1));
          });
        }
        sharedScratch().release(mark);
      }
  });

  it('finds the same from affine terms as from their contributions, wherever the columns lie, nulls among them or not', () => {
    for (const [count, rows] of [
      [1, 1],
      [2, 5],
      [4, 63],
      [20, 498],
      [33, BLOCK],
    ] as const)
      for (const nulls of [false, true])
        for (const k of [1, 3]) {
          const mark = sharedScratch().mark();
          const fields = Array.from({ length: count }, (_, t): Field => ({ name: `x${t}`, type: 'number' }));
          const terms = fields.map(({ name }) => ({
            column: name,
            weight: random.below(5) - 2,
            missing: null,
            centre: random.below(3) - 1,
          }));
          const explained = explainLinear({ intercept: 1, terms, groups: [] }, fields, 'any');
          expect(explained.affine).toHaveLength(count);
          const { affine, ...general } = explained;
          const cells = fields.map(() =>
            Float64Array.from({ length: BLOCK }, () => {
              if (random.below(99) > 0) return random.below(7) - 3;
              // Without nulls: a weight of 2 makes the contributions infinite.
              return nulls ? cell() : [1.7e308, -1.7e308, 5e-324][random.below(3)]!;
            }),
          );
          const lanes = (resident: boolean): Lane[] =>
            cells.map((own) => {
              const lane = new InputLane(BLOCK);
              const column = resident ? sharedScratch().numbers() : new Float64Array(BLOCK);
              column.set(own);
              readFloat64(column, 0, rows, lane);
              return lane;
            });
          const [wanted, ...found] = [general, explained, explained].map((own, way) => {
            const codes = Array.from({ length: k }, () => sharedScratch().codes().fill(77));
            bindTopTerms(own, k)(rows, lanes(way === 2), codes.map(codeLane), !nulls);
            return codes.map((place) => [...place.subarray(0, rows)]);
          });
          for (const own of found) expect(own).toEqual(wanted);
          sharedScratch().release(mark);
        }
  });

  it('tells no term of a model with groups, categories or rules for null as affine', () => {
    const fields: Field[] = [
      { name: 'a', type: 'number' },
      { name: 'b', type: 'number' },
    ];
    const [a, b] = ['a', 'b'].map((column) => ({ column, weight: 1, missing: null, centre: 0 }));
    const affine = (terms: readonly LinearTerm[], groups: string[][] = []): unknown =>
      explainLinear({ intercept: 0, terms, groups }, fields, 'any').affine;
    expect(affine([a!, b!])).toHaveLength(2);
    expect(affine([a!, b!], [['a', 'b']])).toBeUndefined();
    expect(affine([a!, { ...b!, missing: { value: 0, weight: 1 } }])).toBeUndefined();
  });

  it('tells no reason where there is no term, and leaves the room as it was', () => {
    const mark = sharedScratch().mark();
    const codes = new Int32Array(4).fill(9);
    bindTopTerms(explanation([]), 1)(4, [], [codeLane(codes)], true);
    expect([...codes]).toEqual([-1, -1, -1, -1]);
    expect(sharedScratch().mark()).toBe(mark);
  });
});

describe('topTerms', () => {
  it('gives the amounts beside the terms, NaN where there are fewer', () => {
    const codes = [new Int32Array(2), new Int32Array(2)];
    const amounts = [new Float64Array(2), new Float64Array(2)];
    topTerms([Float64Array.of(1, -1), Float64Array.of(3, 0)], 2, codes, amounts);
    expect(codes.map((own) => [...own])).toEqual([
      [1, -1],
      [0, -1],
    ]);
    expect(amounts.map((own) => [...own])).toEqual([
      [3, Number.NaN],
      [1, Number.NaN],
    ]);
  });
});
