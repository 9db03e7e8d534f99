import { describe, expect, it } from 'vitest';
import { migration, transitionMatrix } from '../economics/index.ts';
import { stageConversion } from '../loyalty/index.ts';
import { migrationHeatMap } from './migration-heat-map.ts';

describe('migrationHeatMap', () => {
  it('has a cell for every move from a state that can be left (S56), null where nobody started', () => {
    // By hand: 8, 1 and 1 of 10 gold customers; nobody was basic.
    const counts = [
      [8, 1, 1],
      [0, 0, 0],
      [0, 0, 0],
    ];
    const matrix = transitionMatrix({ states: ['gold', 'basic', 'lost'], absorbing: ['lost'], counts });
    const { values } = migrationHeatMap(matrix).data;
    expect(values.map(({ from, to, customers, probability }) => [from, to, customers, probability])).toEqual([
      ['gold', 'gold', 8, 0.8],
      ['gold', 'basic', 1, 0.1],
      ['gold', 'lost', 1, 0.1],
      ['basic', 'gold', 0, null],
      ['basic', 'basic', 0, null],
      ['basic', 'lost', 0, null],
    ]);
  });

  it('tells who is in no cell, and takes names in both languages', () => {
    const first = { customer: [1, 2, 3, 4], state: ['gold', 'lost', null, 'gold'] };
    const second = { customer: [1, 2, 3, 5], state: ['gold', 'gold', 'gold', 'gold'] };
    const spec = migrationHeatMap(migration(first, second, { states: ['gold'] }), {
      segments: [{ key: 'gold', names: { en: 'Gold', zh: '金卡客户' } }],
    });
    expect(spec.title.subtitle).toEqual(['Left out: 1 new, 1 returned, 1 unclassified']);
    expect(spec.data.values.map(({ fromLabel, toLabel, customers }) => [fromLabel, toLabel, customers])).toEqual([
      ['Gold 金卡客户', 'Gold 金卡客户', 1],
      ['Gold 金卡客户', 'lost', 1],
    ]);
  });

  it('shows conversion between the stages of the ladder with their names (S61)', () => {
    const conversion = stageConversion(['suspect', 'suspect', null], ['prospect', 'suspect', 'suspect']);
    const spec = migrationHeatMap(conversion);
    expect(spec.data.values).toHaveLength(49);
    expect(spec.data.values[1]).toEqual({
      from: 'suspect',
      to: 'prospect',
      fromLabel: 'Suspect 潜在客户',
      toLabel: 'Prospect 目标客户',
      customers: 1,
      probability: 0.5,
    });
    expect(spec.data.values[7]).toMatchObject({ from: 'prospect', customers: 0, probability: null });
    expect(spec.title.subtitle).toEqual(['Left out: 1 unclassified']);
  });
});
