import { describe, expect, expectTypeOf, it } from 'vitest';
import type { InputsOf } from '../model/contract.ts';
import { engine } from '../scoring/engine.ts';
import { loyaltyLadder } from './ladder.ts';
import { stageConversion, stageCounts } from './ladder-counts.ts';
import { loyaltyLadderKind } from './ladder-kind.ts';
import { LADDER_STAGES, STAGES } from './ladder-stages.ts';
import { timeInStage } from './time-in-stage.ts';

const { compile, parseModel } = engine({ loyaltyLadder: loyaltyLadderKind });
const names = ({ codes, levels }: { codes: Int32Array; levels: readonly string[] }): (string | null)[] =>
  [...codes].map((code) => levels[code] ?? null);

const full = loyaltyLadder({
  qualified: [{ column: 'qualified', equals: 'yes' }],
  disqualified: [{ column: 'noNeed', equals: 1 }],
  client: [
    { column: 'categories', atLeast: 3 },
    { column: 'gapVariation', atMost: 0.5 },
  ],
  advocate: [{ column: 'referrals', atLeast: 1 }],
});
const data = {
  orders: [0, 0, 0, 0, 1, 2, 9, 9, 9, 9],
  qualified: ['no', 'yes', 'yes', 'no', 'no', 'no', 'no', 'no', 'no', 'no'],
  noNeed: [false, false, true, true, true, false, false, false, false, false],
  categories: [0, 0, 0, 0, 5, 1, 2, 3, 3, 3],
  gapVariation: [0, 0, 0, 0, 0, 0.1, 0.1, 0.5, 0.5000001, 0.5],
  referrals: [0, 0, 0, 0, 4, 4, 4, 0, 1, 1],
};

describe('loyaltyLadder (S61)', () => {
  it('gives the seven stages by the rules, both sides of each limit (S61, by hand)', () => {
    const model = full.fit(data);
    expect(names(compile(model).score(data).columns.ladderStage)).toEqual([
      'suspect',
      'prospect',
      'disqualified-prospect',
      'disqualified-prospect',
      'first-time-buyer',
      'repeat-buyer',
      'repeat-buyer',
      'long-term-client',
      'repeat-buyer',
      'advocate',
    ]);
    expectTypeOf<InputsOf<typeof model>>().toEqualTypeOf<
      'orders' | 'qualified' | 'noNeed' | 'categories' | 'gapVariation' | 'referrals'
    >();
    expect(model.inputs.map(({ name }) => name)).toEqual([
      'orders',
      'qualified',
      'noNeed',
      'categories',
      'gapVariation',
      'referrals',
    ]);
  });

  it('makes no one a client or advocate without their rules, and a second order a repeat buyer of whatever product (S61)', () => {
    const plain = { orders: [0, 1, 2, 500] };
    const { ladderStage } = compile(loyaltyLadder().fit(plain)).score(plain).columns;
    expect(names(ladderStage)).toEqual(['suspect', 'first-time-buyer', 'repeat-buyer', 'repeat-buyer']);
    expect(() => loyaltyLadder({ advocate: [{ column: 'referrals', atLeast: 1 }] })).toThrow('give the conditions of');
  });

  const holes = {
    orders: [null, 0, 0, 0, 1, 5, 5, 5, 5, -1, 1.5],
    qualified: ['yes', null, null, 'yes', null, 'no', 'no', 'no', 'no', 'no', 'no'],
    noNeed: [0, 0, 1, null, null, 0, 0, 0, 0, 0, 0],
    categories: [3, 0, 0, 0, null, null, null, 3, 2, 3, 3],
    gapVariation: [0, 0, 0, 0, null, 0.9, 0.1, 0.1, null, 0, 0],
    referrals: [1, 0, 0, 0, null, 1, 1, null, null, 1, 1],
  };

  it('is null only where a null leaves the stage open (S61)', () => {
    const plan = compile(full.fit(data));
    const { columns, report } = plan.score(holes);
    expect(names(columns.ladderStage)).toEqual([
      null, // orders unknown
      null, // neither disqualified nor known to be qualified
      'disqualified-prospect', // goes before qualified
      null, // may be disqualified
      'first-time-buyer', // no condition is looked at
      'repeat-buyer', // gaps vary too much, whatever the categories are
      null, // categories decide
      null, // client; referrals decide
      'repeat-buyer', // too few categories, whatever the gaps are
      null,
      null,
    ]);
    expect(report.nulls).toEqual({ ladderStage: { missing: 5, 'out-of-range': 2 } });
  });

  it('gives the same stages in many blocks as in one', () => {
    const plan = compile(full.fit(data));
    const many = Object.fromEntries(
      Object.entries(holes).map(([name, cells]) => [name, Array.from({ length: 500 }, () => cells).flat()]),
    ) as unknown as typeof holes;
    const once = [...plan.score(holes).columns.ladderStage.codes];
    expect([...plan.score(many).columns.ladderStage.codes]).toEqual(Array.from({ length: 500 }, () => once).flat());
  });

  it('counts unknown conditions as not met when told to (S61)', () => {
    const { qualified, disqualified, client, advocate } = {
      qualified: [{ column: 'qualified', equals: 'yes' }],
      disqualified: [{ column: 'noNeed', equals: 1 }],
      client: [{ column: 'categories', atLeast: 3 }],
      advocate: [{ column: 'referrals', atLeast: 1 }],
    } as const;
    const model = loyaltyLadder({ qualified, disqualified, client, advocate, unknown: 'no' }).fit(data);
    expect(names(compile(model).score(holes).columns.ladderStage)).toEqual([
      null,
      'suspect',
      'disqualified-prospect',
      'prospect',
      'first-time-buyer',
      'repeat-buyer',
      'repeat-buyer',
      'long-term-client',
      'repeat-buyer',
      null,
      null,
    ]);
  });

  it('lists the strategy of every stage, and lets it be changed (S71)', () => {
    const model = loyaltyLadder({
      strategies: { advocate: { budget: 'highest' } },
      names: { prospect: { en: 'Target', zh: '目标' } },
    }).fit({ orders: [7] });
    expect(model.stages.map(({ key }) => key)).toEqual([...STAGES]);
    expect(model.stages[6]!.strategy).toEqual({ ...LADDER_STAGES[6]!.strategy, budget: 'highest' });
    expect(model.stages[1]!.names.en).toBe('Target');
    const { codes } = compile(model).score({ orders: [7] }).columns.ladderStage;
    expect(model.stages[codes[0]!]!.strategy.actions).toEqual(['cross-sell', 'loyalty-programme']);
    expect(() => loyaltyLadder({ strategies: { fan: {} } as object })).toThrow('unknown stage "fan"');
  });

  it('returns from JSON, and is refused with a stage, a rule or an input amiss', () => {
    const model = full.fit(data);
    const file = JSON.parse(JSON.stringify(model));
    expect(parseModel(file)).toEqual(model);
    expect([...compile(parseModel(file) as typeof model).score(data).columns.ladderStage.codes]).toEqual([
      ...compile(model).score(data).columns.ladderStage.codes,
    ]);
    for (const broken of [
      { ...file, stages: file.stages.slice(1) },
      { ...file, stages: [file.stages[1], file.stages[0], ...file.stages.slice(2)] },
      { ...file, rules: { ...file.rules, client: [] } },
      { ...file, rules: { ...file.rules, client: [{ column: 'qualified', atLeast: 1 }] } },
      { ...file, inputs: file.inputs.slice(0, 3) },
      { ...file, outputs: [{ name: 'x', type: 'category', levels: ['a'] }] },
    ])
      expect(() => parseModel(broken)).toThrow(expect.objectContaining({ code: 'invalid-model' }));
  });

  it('refuses columns of the wrong type and limits that are no numbers', () => {
    const rule = loyaltyLadder({ client: [{ column: 'plan', atLeast: 2 }] });
    expect(() => rule.fit({ orders: [1], plan: ['a'] })).toThrow(expect.objectContaining({ code: 'wrong-type' }));
    expect(() => rule.fit({ orders: [1] })).toThrow('unknown column "plan"');
    expect(() => loyaltyLadder({ client: [{ column: 'x', atLeast: Number.NaN }] })).toThrow('client[0].atLeast');
  });
});

const [A, P, D, F, R, C, V] = STAGES;

describe('stageCounts and stageConversion (S61)', () => {
  it('counts stages, shares and who reached them (S61, by hand)', () => {
    const { stages, customers, nulls } = stageCounts([A, A, P, D, F, F, R, V, null, A]);
    expect([customers, nulls]).toEqual([9, 1]);
    expect(stages.map((stage) => stage.customers)).toEqual([3, 1, 1, 2, 1, 0, 1]);
    // Without the one disqualified prospect: 8 in all, 5 beyond suspect, 4 buyers, 2 repeat buyers, 1 client or more.
    expect(stages.map((stage) => stage.reached)).toEqual([8, 5, null, 4, 2, 1, 1]);
    expect(stages[0]!.share).toBe(1 / 3);
    expect(stageCounts([]).stages[0]!.share).toBeNull();
  });

  it('tells how many climbed, stayed, fell and went beside the path between two dates (S61, by hand)', () => {
    const before = [A, A, P, P, P, D, D, F, F, R, C, V, null, A];
    const after = [A, P, P, D, F, D, F, R, F, C, R, V, A, null];
    const found = stageConversion(before, after);
    const { climbed, stayed, fell, disqualified, requalified, nulls } = found;
    // Up: A→P, P→F, F→R, R→C. Same: A, P, D, F, V. Down: C→R.
    expect({ climbed, stayed, fell, disqualified, requalified, nulls }).toEqual({
      climbed: 4,
      stayed: 5,
      fell: 1,
      disqualified: 1,
      requalified: 1,
      nulls: 2,
    });
    expect(found.counts[1]).toEqual([0, 1, 1, 1, 0, 0, 0]);
    expect(found.rates[1]).toEqual([0, 1 / 3, 1 / 3, 1 / 3, 0, 0, 0]);
    expect(found.climbRates).toEqual([1 / 2, 1 / 3, 1 / 2, 1 / 2, 1, 0, 0]);
    expect(stageConversion([V], [V]).rates[0]![0]).toBeNull();
  });

  it('refuses unknown stages and columns of different length', () => {
    expect(() => stageCounts(['suspect', 'fan'])).toThrow('row 1: unknown stage "fan"');
    expect(() => stageConversion([A], [A, A])).toThrow(expect.objectContaining({ code: 'wrong-length' }));
  });
});

describe('timeInStage (S61)', () => {
  const history = {
    customer: ['a', 'a', 'a', 'b', 'b', 'c', 'd', 'e', null],
    day: [0, 10, 16, 0, 20, 5, 0, 99, 0],
    stage: [P, F, R, P, F, P, P, P, P],
  };

  it('adds up stays and takes those that go on as censored (S61, by hand)', () => {
    const { stages, after, nulls } = timeInStage(history, { end: 30 });
    expect([after, nulls]).toEqual([1, 1]);
    // Prospects: a 10 and b 20 ended, c 25 and d 30 go on; 85 days, 2 ended.
    // Kaplan–Meier: day 10 leaves 3/4, day 20 (3 at risk) 3/4·2/3 = 1/2.
    expect(stages[1]).toEqual({
      stage: P,
      stays: 4,
      ended: 2,
      ongoing: 2,
      totalDays: 85,
      meanDays: 42.5,
      medianDays: 20,
    });
    // First-time buyers: a 6 ended, b 10 goes on: half have left by day 6.
    expect(stages[3]).toMatchObject({ stays: 2, ended: 1, ongoing: 1, totalDays: 16, meanDays: 16, medianDays: 6 });
    expect(stages[4]).toMatchObject({ stays: 1, ended: 0, totalDays: 14, meanDays: null, medianDays: null });
    expect(stages[0]).toMatchObject({ stays: 0, totalDays: 0, meanDays: null, medianDays: null });
  });

  it('does not depend on the order of the rows, and joins rows of one stage', () => {
    const turned = {
      customer: [...history.customer, 'd'].reverse(),
      day: [...history.day, 12].reverse(),
      stage: [...history.stage, P].reverse(),
    };
    expect(timeInStage(turned, { end: '1970-01-31' })).toEqual(timeInStage(history, { end: 30 }));
  });

  it('refuses two stages on one day, and unknown ones', () => {
    expect(() => timeInStage({ customer: ['a', 'a'], day: [1, 1], stage: [P, F] }, { end: 2 })).toThrow(
      'customer "a" has two stages on day 1',
    );
    expect(() => timeInStage({ customer: ['a'], day: [1], stage: ['fan'] }, { end: 2 })).toThrow('unknown stage "fan"');
  });
});
