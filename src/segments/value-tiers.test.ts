import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { groupSummary } from '../economics/index.ts';
import type { CategoryColumn } from '../model/batch.ts';
import type { CutRule } from '../numerics/cut-rule.ts';
import { engine } from '../scoring/engine.ts';
import { averageRanks } from '../weighting/index.ts';
import { grid } from './grid.ts';
import { gridKind } from './grid-kind.ts';
import { pyramid } from './pyramid.ts';
import { threeDimensional } from './three-dimensional.ts';
import { valueMatrix } from './value-matrix.ts';

const { compile } = engine({ grid: gridKind });
const names = ({ codes, levels }: CategoryColumn): (string | null)[] => Array.from(codes, (c) => levels[c] ?? null);
const golden = fixture<{
  readonly concentration: { values: number[]; topShare: { '0.2': number } };
  readonly valueMatrix2x2: { customers: { currentValue: number; potentialValue: number }[] };
}>('value-golden.json');

describe('the tier table of the pyramid (S27)', () => {
  it('holds count, share of customers and share of value; the top 20 % hold the golden 72.17 % (S27)', () => {
    const { values, topShare } = golden.concentration;
    const { tier } = compile(pyramid().fit({ currentValue: values })).score({ currentValue: values }).columns;
    const table = groupSummary(tier, { value: values });
    expect(table.map(({ group, count, share }) => [group, count, share])).toEqual([
      ['low', 5, 0.5],
      ['middle', 3, 0.3],
      ['high', 2, 0.2],
    ]);
    expect(table[2]!.measures.value.share).toBeCloseTo(topShare['0.2'], 12);
    // Rank 1 is the largest; equal values share the mean of their ranks.
    expect([...averageRanks(values.map((x) => -x))]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
});

describe('the value matrix in figures (S28)', () => {
  it('gives count, total, mean and a strategy for each cell, and no variance for a cell of one (S28, by hand)', () => {
    const { customers } = golden.valueMatrix2x2;
    const data = {
      currentValue: customers.map((c) => c.currentValue),
      potentialValue: customers.map((c) => c.potentialValue),
    };
    const model = valueMatrix().fit(data);
    const table = groupSummary(compile(model).score(data).columns.segment, data);
    const of = (cell: string) => {
      const { count, measures } = table.find((row) => row.group === cell)!;
      const { currentValue, potentialValue } = measures;
      return [count, currentValue.total, currentValue.mean, potentialValue.total, potentialValue.mean];
    };
    expect(of('HH')).toEqual([3, 82 + 77 + 90, 83, 75 + 70 + 81, 226 / 3]);
    expect(of('HL')).toEqual([2, 70 + 66, 68, 40 + 45, 42.5]);
    expect(of('LH')).toEqual([1, 45, 45, 66, 66]);
    expect(of('LL')).toEqual([1, 30, 30, 35, 35]);
    expect(table.find((row) => row.group === 'LL')!.measures.currentValue.variance).toBeNull();
    expect(Object.fromEntries(model.segments.map(({ key, strategy }) => [key, strategy!.budget]))).toEqual({
      HH: 'highest',
      HL: 'moderate',
      LH: 'moderate',
      LL: 'none',
    });
  });
});

describe('high and low (S29)', () => {
  const rules: readonly (readonly [string, CutRule, number])[] = [
    ['mean', 'mean', 4],
    ['median', 'median', 3],
    ['quantile', { quantile: 0.75 }, 5],
    ['fixed', { fixed: 7 }, 7],
    ['equal widths', { equalWidth: 2 }, 5],
  ];
  it.each(rules)(
    '%s: the cut is stored, a later value equal to it is low, or high when closed on the left (S29, by hand)',
    (_, cut, at) => {
      // Mean 20/5, median, third quartile and middle of 1, 2, 3, 5, 9; the null takes no part.
      const value = [1, 2, 3, 5, 9, null];
      for (const closed of ['right', 'left'] as const) {
        const model = grid({ axes: [{ column: 'value', cut, closed }] }).fit({ value });
        expect(model.axes[0]!.cuts).toEqual([at]);
        const later = [at * (1 - 2 ** -52), at, at * (1 + 2 ** -52), null];
        expect(names(compile(model).score({ value: later }).columns.segment)).toEqual(
          closed === 'right' ? ['low', 'low', 'high', null] : ['low', 'high', 'high', null],
        );
      }
    },
  );
  it('puts a value equal to its mean low in the presets, one just above it high (S28, S29, S31, by hand)', () => {
    const same = { currentValue: [2, 2], potentialValue: [3, 3], loyalty: [1, 1] };
    const later = { currentValue: [2, 2.001], potentialValue: [3, 3.001], loyalty: [1, 1.001] };
    const [matrix, classes] = [valueMatrix().fit(same), threeDimensional().fit(same)];
    expect(names(compile(matrix).score(later).columns.segment)).toEqual(['LL', 'HH']);
    expect(names(compile(classes).score(later).columns.segment)).toEqual(['least-valuable', 'platinum']);
  });
  it('tells a margin from the lower of two cuts that are equally near, the nearer one beside that (S29, by hand)', () => {
    const model = grid({ axes: [{ column: 'value', cut: { fixed: [10, 20] } }] }).fit({ value: [1] });
    const { contributions } = compile(model).explain({ value: [14, 15, 16] }, 'segment');
    expect([...contributions[0]!]).toEqual([4, 5, -4]);
  });
});
