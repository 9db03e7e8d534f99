import { describe, expect, it } from 'vitest';
import { groupSummary, tierTable } from '../economics/index.ts';
import { pyramid } from '../segments/index.ts';
import { pyramidChart } from './pyramid-chart.ts';

describe('pyramidChart', () => {
  // By hand: 4 of 5 customers are low and hold 5 of 10; 1 is high and holds 5.
  const spend = [1, 1, 1, 2, 5];
  const summary = groupSummary(['low', 'low', 'low', 'low', 'high'], { spend });

  it('gives each tier its share of the customers and of the measure as bars around 0 (S27)', () => {
    expect(pyramidChart(summary, { top: 'last' }).data.values).toEqual([
      {
        tier: 'high',
        en: null,
        zh: null,
        label: 'high',
        of: 'customers',
        amount: 1,
        share: 0.2,
        left: -0.1,
        right: 0.1,
      },
      { tier: 'high', en: null, zh: null, label: 'high', of: 'spend', amount: 5, share: 0.5, left: -0.25, right: 0.25 },
      { tier: 'low', en: null, zh: null, label: 'low', of: 'customers', amount: 4, share: 0.8, left: -0.4, right: 0.4 },
      { tier: 'low', en: null, zh: null, label: 'low', of: 'spend', amount: 5, share: 0.5, left: -0.25, right: 0.25 },
    ]);
  });

  it('takes the names of a model in both languages', () => {
    const model = pyramid().fit({ currentValue: spend });
    const [row] = pyramidChart(summary, { segments: model.segments }).data.values;
    expect(row).toMatchObject({ tier: 'low', en: 'Low', zh: '低端客户', label: 'Low 低端客户' });
  });

  it('lists customers without a tier at the bottom, whichever row is the top', () => {
    const some = groupSummary(['low', null, 'high'], { spend: [1, 1, 2] });
    for (const top of ['first', 'last'] as const) {
      const { values } = pyramidChart(some, { top }).data;
      expect(values.at(-1)).toMatchObject({ tier: null, label: 'Unclassified 未分类' });
    }
  });

  it('shows a tier that loses money as a bar of its own width with a negative share (S52)', () => {
    // By hand: gold earns 10·100·0.3 = 300, basic 90·10·0.1 − 90·2 = −90, together 210.
    const table = tierTable([
      { tier: 'gold', count: 10, averageSpend: 100, margin: 0.3 },
      { tier: 'basic', count: 90, averageSpend: 10, margin: 0.1, costToServe: 2 },
    ]);
    const profit = pyramidChart(table).data.values.filter(({ of }) => of === 'profit');
    expect(profit.map(({ amount, share }) => [amount, share])).toEqual([
      [300, 300 / 210],
      [-90, -90 / 210],
    ]);
    expect([profit[1]!.left, profit[1]!.right]).toEqual([-45 / 210, 45 / 210]);
  });

  it('keeps a share without a base as null', () => {
    const { values } = pyramidChart(groupSummary(['a'], { spend: [0] })).data;
    expect(values[1]).toMatchObject({ of: 'spend', amount: 0, share: null, left: null, right: null });
  });
});
