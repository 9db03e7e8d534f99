import { describe, expect, it } from 'vitest';
import {
  groupPriorities,
  hierarchy,
  judgementMatrix,
  priorities,
  standardDeviationWeights,
} from '../weighting/index.ts';
import { weightsChart } from './weights-chart.ts';

describe('weightsChart', () => {
  it('lists the leaves of a hierarchy by their path and branch (S22), by hand 0.6·4/5, 0.6·1/5 and 0.4', () => {
    const tree = hierarchy({
      name: 'value',
      weights: [0.6, 0.4],
      children: [
        { name: 'current', children: [{ name: 'profit' }, { name: 'volume' }], judgements: [4] },
        { name: 'potential' },
      ],
    });
    const spec = weightsChart(tree);
    expect(spec.data.values.map(({ criterion, branch }) => [criterion, branch])).toEqual([
      ['current › profit', 'current'],
      ['current › volume', 'current'],
      ['potential', 'potential'],
    ]);
    [0.48, 0.12, 0.4].forEach((weight, i) => {
      expect(spec.data.values[i]!.weight).toBeCloseTo(weight, 12);
    });
    expect(spec.title.subtitle).toEqual(['Largest consistency ratio 0.0000 (perfect)']);
  });

  it('lists the items of one matrix with its consistency: 0.1634, 0.2970, 0.5396 and CR 0.0079 of S26', () => {
    const spec = weightsChart(priorities(judgementMatrix([1 / 2, 1 / 3, 1 / 2], { items: ['a', 'b', 'c'] })));
    expect(spec.data.values.map(({ criterion, branch }) => [criterion, branch])).toEqual([
      ['a', null],
      ['b', null],
      ['c', null],
    ]);
    expect(spec.data.values.map(({ weight }) => weight.toFixed(4))).toEqual(['0.1634', '0.2970', '0.5396']);
    expect(spec.title.subtitle).toEqual(['Largest consistency ratio 0.0079 (satisfactory)']);
  });

  it('tells the least consistent member of a group whose priorities were aggregated (S23)', () => {
    const members = [judgementMatrix([2, 4, 2]), judgementMatrix([1 / 2, 1 / 3, 1 / 2])];
    const [apart, together] = (['priorities', 'judgements'] as const).map((aggregate) =>
      weightsChart(groupPriorities(members, { aggregate })),
    );
    expect(apart!.title.subtitle).toEqual(['Largest consistency ratio 0.0079 (satisfactory)']);
    expect(together!.title.subtitle).toHaveLength(1);
  });

  it('shows weights of data without a consistency', () => {
    const spec = weightsChart(standardDeviationWeights({ a: [1, 2], b: [5, 9] }, ['a', 'b']));
    expect(spec.data.values).toEqual([
      { criterion: 'a', branch: null, weight: 0.5 },
      { criterion: 'b', branch: null, weight: 0.5 },
    ]);
    expect(spec.title.subtitle).toEqual([]);
  });
});
