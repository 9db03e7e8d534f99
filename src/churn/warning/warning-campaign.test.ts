import * as arrow from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { readCategories, readNumbers, toArrow } from '../../columns/index.ts';
import { writeCsvText } from '../../ingest/index.ts';
import { seededRandom } from '../../numerics/random.ts';
import { EIGHT_CLASSES } from '../../segments/index.ts';
import { campaignProfit } from '../profit/campaign-profit.ts';
import { targetList } from '../profit/target-list.ts';
import { classAdvice } from './class-advice.ts';
import { straddling } from './straddling.ts';
import { warningList } from './warning-list.ts';
import { warningTable } from './warning-table.ts';

const columns = {
  ids: ['a', 'b', 'c', 'd'],
  probability: [0.5, 0.1, 0.8, 0.2],
  value: [200, 1000, 50, 100],
};
const campaign = { offerCost: 10, acceptance: 0.3, contactCost: 1 };
// By hand, p·γ·value − contact − offer·(p·γ + 1 − p): 30 − 1 − 6.5, 30 − 1 − 9.3, 12 − 1 − 4.4, 6 − 1 − 8.6.
const saving = [22.5, 19.7, 6.6, -3.6];
const order = (list: { rows: readonly { id: unknown }[] }): unknown[] => list.rows.map(({ id }) => id);
const refused = (run: () => unknown, code: string, part: string) =>
  expect(run).toThrow(expect.objectContaining({ code, message: expect.stringContaining(part) }));

describe('warningList with a campaign', () => {
  it('gives each row its expected saving and spend, and ranks by the saving (by hand)', () => {
    const list = warningList(columns, { campaign });
    expect(order(list)).toEqual(['a', 'b', 'c', 'd']);
    list.rows.forEach((row, i) => {
      expect(row.expectedSaving).toBeCloseTo(saving[i]!, 12);
      expect(row.uplift).toBeNull();
    });
    expect(list.rows[0]!.expectedSpend).toBeCloseTo(7.5, 12);
    expect(list.campaign).toMatchObject({ basis: 'acceptance', worthIt: 3, overruled: { contacted: 0, spared: 0 } });
    expect(list.campaign!.expectedSaving).toBeCloseTo(45.2, 10);
  });

  it('cuts by profit, by capacity, or both', () => {
    const profit = warningList(columns, { campaign, onlyProfitable: true });
    expect([order(profit), profit.eligible]).toEqual([['a', 'b', 'c'], 3]);
    const both = warningList(columns, { campaign, onlyProfitable: true, top: 2 });
    expect([order(both), both.eligible, both.campaign!.worthIt]).toEqual([['a', 'b'], 3, 3]);
    expect(both.campaign!.expectedSaving).toBeCloseTo(42.2, 10);
    expect(order(warningList(columns, { campaign, by: 'valueAtRisk' }))).toEqual(['a', 'b', 'c', 'd']);
    expect(order(warningList(columns, { campaign, by: 'probability', top: 1 }))).toEqual(['c']);
    const none = warningList(columns, { campaign: { ...campaign, offerCost: 1e6 }, onlyProfitable: true });
    expect(none).toMatchObject({ rows: [], eligible: 0, campaign: { worthIt: 0, expectedSaving: 0 } });
  });

  it('is one mechanism with campaignProfit and targetList: the same savings, the same list at a capacity', () => {
    const random = seededRandom(5);
    const n = 500;
    const many = {
      ids: Array.from({ length: n }, (_, i) => i),
      probability: Array.from({ length: n }, () => random.uniform()),
      value: Array.from({ length: n }, () => random.below(300)),
    };
    const terms = {
      offerCost: Array.from({ length: n }, () => random.below(20)),
      acceptance: Array.from({ length: n }, () => random.uniform()),
      stayerAcceptance: 0.5,
      contactCost: 2,
    };
    const { profit, spend } = campaignProfit(many.probability, { ...terms, value: many.value });
    for (const capacity of [0, 10, 100, n]) {
      const list = warningList(many, { campaign: terms, onlyProfitable: true, top: capacity });
      const best = targetList({ profit, spend }, { capacity });
      expect(order(list)).toEqual([...best.rows]);
      expect(list.campaign!.expectedSaving).toBeCloseTo(best.profit, 8);
      expect(list.campaign!.expectedSpend).toBeCloseTo(best.spend, 8);
      for (const { id, expectedSaving } of list.rows) expect(expectedSaving).toBe(profit[id as number]);
    }
  });

  it('rests on the measured uplift where one is given: u·value − spend, and who is driven away is not worth it', () => {
    const uplift = [0.05, 0.3, -0.2, Number.NaN];
    const list = warningList(columns, { campaign: { ...campaign, uplift } });
    // By hand: 300 − 10.3, 10 − 7.5, −10 − 5.4.
    expect(order(list)).toEqual(['b', 'a', 'c']);
    [289.7, 2.5, -15.4].forEach((wanted, i) => {
      expect(list.rows[i]!.expectedSaving).toBeCloseTo(wanted, 10);
    });
    expect(list.rows.map((row) => row.uplift)).toEqual([0.3, 0.05, -0.2]);
    expect(list).toMatchObject({ leftOut: 1, campaign: { basis: 'uplift', worthIt: 2 } });
    // The riskiest is the one whom a contact drives away: risk is not persuadability.
    expect(order(warningList(columns, { by: 'probability', top: 1 }))).toEqual(['c']);
  });

  it('follows the saving where it contradicts the class, and says so; the strategy holds where no saving is known', () => {
    const strategyContacts = [false, true, null, true];
    const list = warningList({ ...columns, strategyContacts }, { campaign });
    expect(list.rows.map((row) => row.action)).toEqual([
      { contact: true, follows: 'saving', strategy: false, saving: true, overruled: true },
      { contact: true, follows: 'saving', strategy: true, saving: true, overruled: false },
      { contact: true, follows: 'saving', strategy: null, saving: true, overruled: false },
      { contact: false, follows: 'saving', strategy: true, saving: false, overruled: true },
    ]);
    // Counted over all customers, also those whom the cut leaves out.
    const short = warningList({ ...columns, strategyContacts }, { campaign, onlyProfitable: true, top: 1 });
    expect(short.campaign!.overruled).toEqual({ contacted: 1, spared: 1 });
    const value = [Number.NaN, 1000, 50, 100];
    const gaps = warningList({ ...columns, value, strategyContacts }, { campaign, by: 'probability' });
    expect(gaps.rows.find(({ id }) => id === 'a')).toMatchObject({
      expectedSaving: null,
      action: { contact: false, follows: 'strategy', strategy: false, saving: null, overruled: false },
    });
    const plain = warningList({ ...columns, strategyContacts });
    expect(plain.rows.map((row) => row.action?.contact ?? null)).toEqual([false, true, null, true]);
    expect(plain.campaign).toBeUndefined();
  });

  it('does not overrule at a saving of exactly 0 in favour of a contact', () => {
    const list = warningList(
      { ids: ['x'], probability: [0.5], value: [0], strategyContacts: [true] },
      { campaign: { offerCost: 0, acceptance: 0.5 } },
    );
    expect(list.rows[0]).toMatchObject({ expectedSaving: 0, action: { contact: false, overruled: true } });
  });

  it('orders equal savings by id, then by row', () => {
    const even = { ids: ['b', 'a', 'b', 'a'], probability: [0.5, 0.5, 0.5, 0.5], value: [100, 100, 100, 100] };
    const list = warningList({ ...even, owner: ['1', '2', '3', '4'] }, { campaign, top: 3 });
    expect(list.rows.map(({ id, owner }) => `${id}${owner}`)).toEqual(['a2', 'a4', 'b1']);
  });

  it('sets interval, horizon, owner and what cannot be acted on beside the probability; asked-for only', () => {
    const interval = { low: [0.4, 0.05, 0.7, Number.NaN], high: [0.6, 0.2, 0.9, Number.NaN] };
    const list = warningList(
      {
        ...columns,
        interval,
        horizon: { every: 3, unit: 'month' },
        owner: ['Li', null, 'Wu', 'Li'],
        reasons: [['monthly', null, null, null]],
        background: [['young', null, 'old', null]],
      },
      { cuts: [0.2, 0.45], by: 'probability' },
    );
    expect(list.borderline).toBe(2);
    expect(list.rows.map((row) => [row.id, row.interval, row.borderline, row.owner])).toEqual([
      ['c', { low: 0.7, high: 0.9 }, false, 'Wu'],
      ['a', { low: 0.4, high: 0.6 }, true, 'Li'],
      ['d', null, null, 'Li'],
      ['b', { low: 0.05, high: 0.2 }, true, null],
    ]);
    expect(list.rows[1]).toMatchObject({
      horizon: { every: 3, unit: 'month' },
      reasons: ['monthly'],
      background: ['young'],
    });
    for (const key of [
      'interval',
      'borderline',
      'horizon',
      'owner',
      'background',
      'action',
      'uplift',
      'expectedSaving',
    ])
      expect(warningList(columns).rows[0]).not.toHaveProperty(key);
  });

  it('refuses bad terms, intervals and columns of other lengths', () => {
    const run =
      (own: object, options: object = {}) =>
      () =>
        warningList({ ...columns, ...own }, options);
    const interval = (low: number[], high: number[]) => ({ interval: { low, high } });
    const [low, high] = [
      [0.4, 0.05, 0.7, 0.1],
      [0.6, 0.2, 0.9, 0.3],
    ];
    refused(run(interval([0.55, 0.05, 0.7, 0.1], high)), 'invalid-value', 'interval, row 0: [0.55, 0.6] must hold');
    refused(run(interval([0.7, 0.05, 0.7, 0.1], [0.3, 0.2, 0.9, 0.3])), 'invalid-value', 'interval, row 0');
    refused(run(interval([-0.1, 0.05, 0.7, 0.1], high)), 'invalid-value', 'interval, row 0');
    refused(run(interval(low, [0.6, 0.2, 1.1, 0.3])), 'invalid-value', 'interval, row 2');
    refused(run(interval([0.4], high)), 'wrong-length', 'interval.low has 1 rows');
    refused(run({ owner: ['Li'] }), 'wrong-length', 'owner has 1 rows');
    refused(run({ background: [['x']] }), 'wrong-length', 'background[0] has 1 rows');
    refused(run({ strategyContacts: [true] }), 'wrong-length', 'strategyContacts has 1 rows');
    refused(run({}, { cuts: [0.5] }), 'invalid-option', 'needs the column "interval"');
    refused(run(interval(low, high), { cuts: [1.5] }), 'invalid-option', 'invalid cut: 1.5');
    refused(run({}, { campaign: { ...campaign, acceptance: 1.2 } }), 'invalid-value', 'acceptance: 1.2');
    refused(run({}, { campaign: { ...campaign, offerCost: -1 } }), 'invalid-value', 'offerCost: -1');
    refused(run({}, { campaign: { ...campaign, contactCost: [1, 1, -2, 1] } }), 'invalid-value', 'contactCost, row 2');
    refused(run({}, { campaign: { ...campaign, acceptance: Number.NaN } }), 'invalid-option', 'acceptance: NaN');
    refused(run({}, { campaign: { ...campaign, acceptance: [0.5] } }), 'wrong-length', 'acceptance has 1 rows');
    refused(run({}, { campaign: { ...campaign, uplift: 2 } }), 'invalid-value', 'uplift: 2');
    refused(run({}, { onlyProfitable: true }), 'invalid-option', 'needs the option "campaign"');
    refused(run({}, { by: 'expectedSaving' }), 'invalid-option', 'needs the option "campaign"');
    refused(run({}, { campaign, onlyProfitable: 1 }), 'invalid-option', 'invalid onlyProfitable: 1');
    refused(() => warningList({ ids: ['a'], probability: [0.5] }, { campaign }), 'invalid-option', 'column "value"');
    expect(warningList({ ids: [], probability: [], value: [] }, { campaign }).campaign!.expectedSaving).toBe(0);
  });
});

describe('classAdvice', () => {
  it('spends where the budget of the class is at least the one given; of the eight, all but three', () => {
    const keys = EIGHT_CLASSES.map(({ key }) => key);
    const { strategy, strategyContacts } = classAdvice([...keys, null], EIGHT_CLASSES);
    const spared = keys.filter((_, i) => strategyContacts[i] === false);
    expect(spared).toEqual(['loyal', 'short-term', 'least-valuable']);
    expect([strategy[8], strategyContacts[8]]).toEqual([null, null]);
    expect(strategy[5]).toBe('Keep the status quo and do not overspend on retention.');
    expect(classAdvice(['loyal'], EIGHT_CLASSES, { from: 'low' }).strategyContacts).toEqual([true]);
    expect(classAdvice(['gold'], EIGHT_CLASSES, { language: 'zh' }).strategy[0]).toContain('投入');
    expect(classAdvice(['x'], [{ key: 'x' }])).toEqual({ strategy: [null], strategyContacts: [null] });
  });

  it('refuses segments and budgets that there are not', () => {
    refused(() => classAdvice(['tin'], EIGHT_CLASSES), 'invalid-value', '"tin" is none of platinum');
    refused(() => classAdvice([], EIGHT_CLASSES, { from: 'lots' as 'low' }), 'invalid-option', 'invalid from: lots');
  });
});

describe('straddling', () => {
  it('counts whose interval holds a cut, ends included, in all and by group (by hand)', () => {
    const interval = { low: [0.1, 0.3, 0.2, Number.NaN], high: [0.2, 0.6, 0.4, 0.5] };
    const groups = { codes: Int32Array.of(0, 1, -1, 0), levels: ['x', 'y', 'z'] };
    expect(straddling(interval, [0.2], groups)).toEqual({
      rows: 3,
      count: 2,
      share: 2 / 3,
      leftOut: 1,
      groups: [
        { group: 'x', rows: 1, count: 1, share: 1 },
        { group: 'y', rows: 1, count: 0, share: 0 },
        { group: 'z', rows: 0, count: 0, share: null },
        { group: null, rows: 1, count: 1, share: 1 },
      ],
    });
    expect(straddling(interval, [0.25, 0.55]).count).toBe(2);
    expect(straddling(interval, []).count).toBe(0);
    refused(() => straddling({ low: [0.5], high: [0.1] }, [0.2]), 'invalid-value', 'upside down');
    refused(() => straddling({ low: [0.5], high: [] }, [0.2]), 'wrong-length', 'high has 0 rows');
    refused(() => straddling(interval, [Number.NaN]), 'invalid-option', 'invalid cut');
  });
});

describe('warningTable', () => {
  const list = warningList(
    {
      ...columns,
      interval: { low: [0.4, 0.05, 0.7, 0.1], high: [0.6, 0.2, 0.9, 0.3] },
      horizon: { every: 1, unit: 'year' },
      strategyContacts: [false, true, null, true],
      reasons: [
        ['monthly', 'bill', null, null],
        ['fibre', null, null, null],
      ],
      owner: ['Li', 'Wu', null, 'Li'],
    },
    { campaign, cuts: [0.45] },
  );

  it('holds the list as columns that Arrow and CSV take', () => {
    const table = toArrow(warningTable(list)) as arrow.Table;
    const read = arrow.tableFromIPC(arrow.tableToIPC(table));
    expect([...readNumbers(read, 'expectedSaving')]).toEqual(list.rows.map((row) => row.expectedSaving));
    expect([...readNumbers(read, 'uplift')]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    const texts = (name: string) => {
      const { codes, levels } = readCategories(read, name);
      return Array.from(codes, (code) => levels[code] ?? null);
    };
    expect(texts('id')).toEqual(['a', 'b', 'c', 'd']);
    expect(texts('reasons')).toEqual(['monthly; fibre', 'bill', null, null]);
    expect(texts('owner')).toEqual(['Li', 'Wu', null, 'Li']);
    expect(texts('strategyContacts')).toEqual(['no', 'yes', null, 'yes']);
    expect(texts('overruled')).toEqual(['yes', 'no', 'no', 'yes']);
    expect(texts('borderline')).toEqual(['yes', 'no', 'no', 'no']);
    expect(texts('horizon')).toEqual(['1 × year', '1 × year', '1 × year', '1 × year']);
    expect(texts('background')).toEqual([null, null, null, null]);
    expect(writeCsvText(warningTable(list)).split('\n')[1]).toMatch(/^a,0\.5,0\.4,0\.6,yes,1 × year,,200,100,/);
  });

  it('has the same columns whatever was asked for, and for an empty list', () => {
    const names = Object.keys(warningTable(list));
    expect(Object.keys(warningTable(warningList(columns, { top: 0 })))).toEqual(names);
    expect((toArrow(warningTable({ rows: [] })) as arrow.Table).numRows).toBe(0);
    const numbers = warningTable(warningList({ ids: [7, 3], probability: [0.5, 0.5] }));
    expect(numbers.id).toEqual(Float64Array.of(3, 7));
  });
});
