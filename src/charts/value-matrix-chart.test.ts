import { describe, expect, it } from 'vitest';
import { groupSummary } from '../economics/index.ts';
import { engine } from '../scoring/engine.ts';
import { grid, gridKind, threeDimensional, valueMatrix } from '../segments/index.ts';
import { valueMatrixChart } from './value-matrix-chart.ts';

// By hand: the means are 5 and 4, so the customers are HL, HL, LH, LL and one without a value.
const customers = { currentValue: [8, 9, 2, 1, null], potentialValue: [1, 2, 9, 4, 1] };
const model = valueMatrix().fit(customers);
const { segment } = engine({ grid: gridKind }).compile(model).score(customers).columns;
const summary = groupSummary(segment, customers);

describe('valueMatrixChart', () => {
  it('puts each cell at its levels, with customers, mean, total and strategy (S28)', () => {
    const { values } = valueMatrixChart(model, summary).data;
    expect(values.map(({ segment, x, y }) => [segment, x, y])).toEqual([
      ['LL', 'L', 'L'],
      ['LH', 'L', 'H'],
      ['HL', 'H', 'L'],
      ['HH', 'H', 'H'],
    ]);
    expect(values[2]).toEqual({
      segment: 'HL',
      en: 'High value, low potential',
      zh: '高价值低潜力',
      label: 'High value, low potential 高价值低潜力',
      customers: 2,
      share: 0.5,
      x: 'H',
      y: 'L',
      mean: 8.5,
      total: 17,
      totalShare: 17 / 20,
      strategyEn: 'Spend moderately, case by case, to keep the value.',
      strategyZh: '视情况适度投入,保持现有价值。',
    });
  });

  it('keeps a cell without customers, its mean null', () => {
    const { values } = valueMatrixChart(model, summary).data;
    expect(values[3]).toMatchObject({ segment: 'HH', customers: 0, share: 0, mean: null });
  });

  it('tells how many customers have no segment, and the cuts', () => {
    const spec = valueMatrixChart(model, summary);
    expect(spec.title.subtitle).toEqual(['1 without a segment are left out']);
    expect(spec.encoding!.x).toMatchObject({ title: 'currentValue (cut at 5)', sort: ['L', 'H'] });
    expect(spec.encoding!.y).toMatchObject({ sort: ['H', 'L'] });
  });

  it('shows another measure on demand', () => {
    // By hand: potential values 1 and 2 of the two customers in HL.
    const { values } = valueMatrixChart(model, summary, { measure: 'potentialValue' }).data;
    expect(values[2]).toMatchObject({ mean: 1.5, total: 3 });
  });

  it('refuses other grids, unknown segments and measures that are not in the summary', () => {
    const eight = threeDimensional().fit({ ...customers, loyalty: [1, 2, 3, 4, 5] });
    expect(() => valueMatrixChart(eight, [])).toThrow('a grid of two axes');
    const merged = grid({
      axes: model.axes.map(({ column }) => ({ column, cut: 'mean' as const })),
      cells: [
        { key: 'top', when: ['high', 'high'] },
        { key: 'others', when: 'rest' },
      ],
      as: 'segment',
    }).fit(customers);
    expect(() => valueMatrixChart(merged, [])).toThrow('a segment of its own');
    expect(() => valueMatrixChart(model, groupSummary(['XX'], { currentValue: [1] }))).toThrow('"XX" is no segment');
    expect(() => valueMatrixChart(model, groupSummary(['HH'], { spend: [1] }))).toThrow('no measure "currentValue"');
  });
});
