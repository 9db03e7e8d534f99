import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { migration } from '../economics/index.ts';
import { engine } from '../scoring/engine.ts';
import { pipeline } from '../scoring/pipeline.ts';
import { pipelineKind } from '../scoring/pipeline-kind.ts';
import { gridKind, rfmTiers } from '../segments/index.ts';
import { summarize } from '../transactions/index.ts';
import { rfm, rfmKind } from './index.ts';

const { compile } = engine({ pipeline: pipelineKind, rfm: rfmKind, grid: gridKind });

describe('RFM at a date (S35)', () => {
  it('counts days since the last purchase, orders and money up to an explicit as-of date (S35, by hand)', () => {
    const log = {
      customer: ['a', 'b', 'a', 'a'],
      date: ['2024-01-10', '2024-02-01', '2024-03-01', '2024-04-15'],
      amount: [100, 30, 50, 1000],
    };
    const at = (end: string) =>
      summarize(log, { customer: 'customer', date: 'date', amount: 'amount', unit: 'day', end }).customers;
    const march = at('2024-03-31');
    expect([...march.daysSinceLast]).toEqual([30, 59]);
    expect([...march.orders]).toEqual([2, 1]);
    expect([...march.total]).toEqual([150, 30]);
    const april = at('2024-04-30');
    expect([...april.daysSinceLast]).toEqual([15, 89]);
    expect([...april.total]).toEqual([1150, 30]);
    const { rfmCode } = compile(rfm({ scores: 2 }).fit(march)).score(march).columns;
    expect([...rfmCode.codes].map((code) => rfmCode.levels[code])).toEqual(['222', '111']);
  });

  it('tells who moved between two dates, both scored by the cuts of the first (S35, S56, by hand)', () => {
    // Cuts: recency 40.2, 74, 134, 220; orders 1.8, 3.2, 4.8, 6.6.
    const before = { daysSinceLast: [1, 50, 90, 200, 300], orders: [9, 1, 4, 6, 2], total: [90, 5, 40, 70, 10] };
    const after = { daysSinceLast: [5, 93, 20, 292, 392], orders: [1, 9, 2, 6, 2], total: [8, 90, 9, 70, 10] };
    const plan = compile(pipeline([rfm(), rfmTiers()]).fit(before));
    const first = { customer: ['c1', 'c2', 'c3', 'c4', 'c5'], state: plan.score(before).columns.tier };
    const second = { customer: ['c6', 'c1', 'c2', 'c4', 'c5'], state: plan.score(after).columns.tier };
    const { levels } = plan.score(before).columns.tier;
    const { states, counts, entrants } = migration(first, second, { states: levels });
    const moves = counts.flatMap((row, from) =>
      row.flatMap((count, to) => (count > 0 ? [`${states[from]} → ${states[to]}`] : [])),
    );
    expect(moves).toEqual([
      'champions → loyal-customers',
      'at-risk → at-risk',
      'need-attention → lost',
      'promising → potential-loyalists',
      'hibernating → hibernating',
    ]);
    expect(states.filter((_, s) => entrants[s]! > 0)).toEqual(['new-customers']);
  });

  it('joins the code without dashes up to 9 scores and with them from 10 on (S35)', () => {
    const data = { daysSinceLast: [1, 9], orders: [5, 1], total: [7, 1] };
    const best = (scores: number) =>
      rfm({ scores })
        .fit(data)
        .outputs.find(({ name }) => name === 'rfmCode')!
        .levels!.at(-1);
    expect([best(9), best(10)]).toEqual(['999', '10-10-10']);
  });

  it('leaves no scoring rule of the golden file without a test (S35)', () => {
    const { rfm: golden } = fixture<{ readonly rfm: { readonly scoring: object } }>('value-golden.json');
    expect(Object.keys(golden)).toEqual(['customers', 'scoring', 'segments', 'weightedScore']);
    const sized = ['quantileRightClosed', 'quantileLeftClosed', 'quantileDropDuplicates', 'quantilePlusOneLeftClosed'];
    const tested = [...sized, 'ntile', 'averageRank', 'equalWidth'].flatMap((rule) => [`${rule}5`, `${rule}3`]);
    expect(Object.keys(golden.scoring).sort()).toEqual(
      [...tested, 'customThresholds', 'meanSplit', 'nestedNtile2'].sort(),
    );
  });
});
