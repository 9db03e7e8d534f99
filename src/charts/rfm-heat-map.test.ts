import { tableFromArrays } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { rfmHeatMap } from './rfm-heat-map.ts';

describe('rfmHeatMap', () => {
  // By hand: cell 2·2 has the amounts 20 and 30, cell 2·1 only a null, and one customer has no recency.
  const columns = {
    recencyScore: [1, 2, 2, 2, null],
    frequencyScore: [1, 2, 2, 1, 1],
    total: [5, 20, 30, null, 100],
  };
  const expected = [
    { recencyScore: 1, frequencyScore: 1, customers: 1, mean: 5 },
    { recencyScore: 1, frequencyScore: 2, customers: 0, mean: null },
    { recencyScore: 2, frequencyScore: 1, customers: 1, mean: null },
    { recencyScore: 2, frequencyScore: 2, customers: 2, mean: 25 },
  ];

  it('means a measure by recency and frequency score, null where no customer has a value (S35)', () => {
    expect(rfmHeatMap(columns, { measure: 'total' }).data.values).toEqual(expected);
  });

  it('reads columns of other names, and Arrow tables', () => {
    const table = tableFromArrays({
      r: Float64Array.of(1, 2, 2),
      f: Float64Array.of(1, 2, 2),
      spend: Float64Array.of(5, 20, 30),
    });
    const { values } = rfmHeatMap(table, { measure: 'spend', recency: 'r', frequency: 'f' }).data;
    expect(values.map(({ mean }) => mean)).toEqual([5, null, null, 25]);
  });

  it('shows the whole scale when it is given, else up to the highest score found', () => {
    const { data, title } = rfmHeatMap(columns, { measure: 'total', scores: 5 });
    expect(data.values).toHaveLength(25);
    expect(title.subtitle).toEqual(['Score 5 is best: latest, most often']);
  });

  it('refuses what is no score', () => {
    const wrong = (score: number, scores?: number) => () =>
      rfmHeatMap(
        { recencyScore: [score], frequencyScore: [1], total: [1] },
        { measure: 'total', ...(scores === undefined ? {} : { scores }) },
      );
    expect(wrong(0)).toThrow('column "recencyScore", row 0: 0 is no score; use whole numbers 1 to 20');
    expect(wrong(1.5)).toThrow('1.5 is no score');
    expect(wrong(4, 3)).toThrow('use whole numbers 1 to 3');
    expect(wrong(1, 21)).toThrow('invalid scores: 21');
  });
});
