import { describe, expect, it } from 'vitest';
import { concentration } from '../economics/index.ts';
import { lorenzChart } from './lorenz-chart.ts';

describe('lorenzChart', () => {
  it('holds the curve beside the line of equality (S57), here of 1, 2 and 5 by hand', () => {
    expect(lorenzChart(concentration([2, 5, 1]), { of: 'revenue' }).data.values).toEqual([
      { population: 0, share: 0, equality: 0 },
      { population: 1 / 3, share: 1 / 8, equality: 1 / 3 },
      { population: 2 / 3, share: 3 / 8, equality: 2 / 3 },
      { population: 1, share: 1, equality: 1 },
    ]);
  });

  it('tells the Gini coefficient and the Pareto point: of four customers one holds all, 0.75 and 25 %', () => {
    const { title } = lorenzChart(concentration([0, 0, 0, 10]), { of: 'revenue' });
    expect(title).toEqual({
      text: 'Lorenz curve of revenue',
      subtitle: ['Gini coefficient 0.750', '25 % of the customers hold at least 80 % of the revenue'],
    });
  });

  it('has no rows and no figures where the total is 0', () => {
    const spec = lorenzChart(concentration([0, 0]));
    expect(spec.data.values).toEqual([]);
    expect(spec.title.subtitle).toEqual([]);
  });
});
