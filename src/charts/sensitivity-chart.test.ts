import { describe, expect, it } from 'vitest';
import { weightSensitivity } from '../weighting/index.ts';
import { sensitivityChart } from './sensitivity-chart.ts';

// By hand: with price at x, a scores x and b scores 3·(1 − x); they meet at x = 3/4.
const given = {
  criteria: ['price', 'service'],
  weights: [0.5, 0.5],
  alternatives: ['a', 'b'],
  scores: [
    [1, 0],
    [0, 3],
  ],
};
const result = weightSensitivity(given);

describe('sensitivityChart', () => {
  it('gives each alternative its line and marks where two change places (S25)', () => {
    const price = sensitivityChart(result, given).data.values.filter(({ criterion }) => criterion === 'price');
    expect(price.map(({ at, alternative, weight, score }) => [at, alternative, weight, score])).toEqual([
      ['zero', 'a', 0, 0],
      ['base', 'a', 0.5, 0.5],
      ['one', 'a', 1, 1],
      ['zero', 'b', 0, 3],
      ['base', 'b', 0.5, 1.5],
      ['one', 'b', 1, 0],
      ['crossing', 'a × b', 0.75, 0.75],
    ]);
  });

  it('shows only the criteria it is given', () => {
    const { values } = sensitivityChart(result.slice(1), given).data;
    expect(new Set(values.map(({ criterion }) => criterion))).toEqual(new Set(['service']));
  });

  it('refuses another number of alternatives and repeated ones', () => {
    expect(() => sensitivityChart(result, { alternatives: ['a'] })).toThrow('1 alternatives for 2 scores of "price"');
    expect(() => sensitivityChart(result, { alternatives: ['a', 'a'] })).toThrow('a name is repeated');
  });
});
