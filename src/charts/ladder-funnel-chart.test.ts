import { describe, expect, it } from 'vitest';
import { stageCounts } from '../loyalty/index.ts';
import { ladderFunnelChart } from './ladder-funnel-chart.ts';

describe('ladderFunnelChart', () => {
  // By hand: 8 customers on the main path, 2 of them buyers; 2 disqualified beside it.
  const stages = [
    ...Array<string>(4).fill('suspect'),
    ...Array<string>(2).fill('prospect'),
    ...Array<string>(2).fill('disqualified-prospect'),
    'first-time-buyer',
    'advocate',
  ];
  const { values } = ladderFunnelChart(stageCounts(stages)).data;

  it('counts who reached each stage, and the share of those who reached the one before (S61)', () => {
    expect(values.map(({ stage, reached, conversion }) => [stage, reached, conversion])).toEqual([
      ['suspect', 8, null],
      ['prospect', 4, 0.5],
      ['disqualified-prospect', null, null],
      ['first-time-buyer', 2, 0.5],
      ['repeat-buyer', 1, 0.5],
      ['long-term-client', 1, 1],
      ['advocate', 1, 1],
    ]);
  });

  it('names the stages in both languages and centres the bars', () => {
    expect(values[1]).toEqual({
      stage: 'prospect',
      en: 'Prospect',
      zh: '目标客户',
      label: 'Prospect 目标客户',
      customers: 2,
      share: 0.2,
      reached: 4,
      conversion: 0.5,
      shown: 4,
      left: -2,
      right: 2,
    });
  });

  it('shows disqualified prospects by those who stand there', () => {
    expect(values[2]).toMatchObject({ reached: null, customers: 2, shown: 2, left: -1, right: 1 });
  });

  it('has bars of width 0 and no conversion where nobody stands', () => {
    const none = ladderFunnelChart(stageCounts([])).data.values;
    expect(none.every(({ shown, conversion, share }) => shown === 0 && conversion === null && share === null)).toBe(
      true,
    );
  });
});
