import { describe, expect, it } from 'vitest';
import { groupSummary } from '../economics/index.ts';
import { engine } from '../scoring/engine.ts';
import { gridKind, pyramid, threeDimensional, valueMatrix } from '../segments/index.ts';
import { segmentBubbleChart } from './segment-bubble-chart.ts';

// By hand: the means are 5, 5 and 0.5, so the classes are gold HLH, gold HLH, developable LHL and churn-prone HHL.
const customers = {
  currentValue: [6, 8, 0, 6],
  potentialValue: [1, 3, 8, 8],
  loyalty: [0.9, 0.7, 0.1, 0.3],
};
const model = threeDimensional().fit(customers);
const { segment } = engine({ grid: gridKind }).compile(model).score(customers).columns;
const spec = segmentBubbleChart(model, groupSummary(segment, customers), { unit: '¥' });

describe('segmentBubbleChart', () => {
  it('gives the eight classes their customers and means, null where a class is empty (S31)', () => {
    expect(spec.data.values.map(({ segment, customers }) => [segment, customers])).toEqual([
      ['platinum', 0],
      ['gold', 2],
      ['loyal', 0],
      ['potential', 0],
      ['churn-prone', 1],
      ['short-term', 0],
      ['least-valuable', 0],
      ['developable', 1],
    ]);
    expect(spec.data.values[0]).toMatchObject({ label: 'Platinum 白金客户', x: null, y: null, z: null });
    const gold = spec.data.values[1]!;
    expect(gold).toMatchObject({ en: 'Gold', zh: '黄金客户', share: 0.5, x: 7, y: 2 });
    expect(gold.z).toBeCloseTo(0.8, 12);
  });

  it('draws the cuts of the first two axes and names both with their unit', () => {
    const rules = spec.layer!.filter(({ mark }) => typeof mark === 'object' && mark.type === 'rule');
    expect(rules.map(({ encoding }) => encoding)).toEqual([{ x: { datum: 5 } }, { y: { datum: 5 } }]);
    expect(JSON.stringify(spec.layer)).toContain('Mean currentValue (¥)');
  });

  it('warns below the title of sizes that contradict what is usual (S33)', () => {
    // By hand: churn-prone, usually small, holds 1 of 4, an equal share is 1/8; least valuable, usually large, holds none.
    expect(spec.title.subtitle).toHaveLength(2);
    expect(spec.title.subtitle[0]).toContain('"churn-prone" is usually small; here it holds 25.0 %');
  });

  it('colours by loyalty, or by segment where the summary has no loyalty', () => {
    const { currentValue, potentialValue } = customers;
    const flat = segmentBubbleChart(model, groupSummary(segment, { currentValue, potentialValue }));
    expect(flat.data.values[1]).toMatchObject({ x: 7, y: 2, z: null });
    const colours = [spec, flat].map(({ layer }) => layer!.find(({ encoding }) => encoding?.color)!.encoding!.color);
    expect(colours).toMatchObject([{ field: 'z' }, { field: 'label' }]);
  });

  it('takes any grid of two axes, and refuses one axis and a summary without the columns of the axes', () => {
    const four = valueMatrix().fit(customers);
    expect(segmentBubbleChart(four, []).data.values.map(({ segment }) => segment)).toEqual(['HH', 'HL', 'LH', 'LL']);
    expect(() => segmentBubbleChart(pyramid().fit(customers), [])).toThrow('at least two axes');
    const spend = groupSummary(segment, { currentValue: customers.currentValue });
    expect(() => segmentBubbleChart(model, spend)).toThrow('no measure "potentialValue"');
  });
});
