import { describe, expect, it } from 'vitest';
import { seededRandom, shuffled } from '../numerics/random.ts';
import { engine } from '../scoring/engine.ts';
import { type PointsEvents, type PointsLedgerOptions, pointsLedger } from './points-ledger.ts';
import { pointsRules } from './points-rules.ts';
import { pointsRulesKind } from './points-rules-kind.ts';

const { compile, parseModel } = engine({ pointsRules: pointsRulesKind });

describe('pointsRules (S67)', () => {
  const estimator = pointsRules({
    rules: [
      { name: 'balance', column: 'balance', points: 1, per: 100, cap: 500 },
      { name: 'agency', column: 'agency', points: 3, per: 0.3 },
      {
        name: 'tenure',
        column: 'years',
        steps: [
          { from: 1, points: 50 },
          { from: 5, points: 200 },
        ],
      },
    ],
  });
  const data = {
    balance: [99.99, 100, 1250, 49_999, 50_000, 99_999, -5, 0, null],
    agency: [0, 0.1, 0.3, 0, 0, 0.29, -1, 0, 1],
    years: [0.99, 1, 5, 4.99, 0, 0, 0, -1, 1],
  };

  it('adds linear, capped and stepped rules, both sides of every edge (S67, by hand)', () => {
    const plan = compile(estimator.fit(data));
    const { columns, report } = plan.score(data);
    // 0+0+0, 1+1+50, 12+3+200, 499+0+50, 500, 500+2, nothing below 0.
    expect([...columns.points]).toEqual([0, 52, 215, 549, 500, 502, 0, 0, Number.NaN]);
    expect(report.nulls).toEqual({ points: { missing: 1 } });
    const why = plan.explain(data, 'points');
    expect(why.contributions.map((own) => own[2])).toEqual([12, 3, 200]);
    expect(why.terms.map(({ name }) => name)).toEqual(['balance', 'agency', 'tenure']);
  });

  it('returns from JSON, and refuses rules that cannot be', () => {
    const model = estimator.fit(data);
    const file = JSON.parse(JSON.stringify(model));
    expect(parseModel(file)).toEqual(model);
    expect(() => parseModel({ ...file, inputs: [] })).toThrow('expected the numbers balance, agency, years');
    const rule = { name: 'a', column: 'x', points: 1, per: 1 };
    for (const rules of [
      [],
      [rule, rule],
      [{ ...rule, points: -1 }],
      [{ ...rule, per: 0 }],
      [{ ...rule, cap: 0.5 }],
      [{ name: 'a', column: 'x', steps: [] }],
      [
        {
          name: 'a',
          column: 'x',
          steps: [
            { from: 1, points: 1 },
            { from: 1, points: 2 },
          ],
        },
      ],
      [{ name: 'a', column: 'x', steps: [{ from: 1, points: -1 }] }],
    ])
      expect(() => pointsRules({ rules })).toThrow(expect.objectContaining({ code: 'invalid-option' }));
  });
});

type Event = readonly [customer: string, day: number, event: string, points: number, sequence?: number];
const columns = (rows: readonly Event[]): PointsEvents => ({
  customer: rows.map(([customer]) => customer),
  day: rows.map(([, day]) => day),
  event: rows.map(([, , event]) => event),
  points: rows.map(([, , , points]) => points),
  sequence: rows.map(([, , , , sequence]) => sequence ?? 0),
});
const ledger = (rows: readonly Event[], options: Partial<PointsLedgerOptions> = {}): ReturnType<typeof pointsLedger> =>
  pointsLedger(columns(rows), { asOf: 100, expiryDays: null, ...options });

describe('pointsLedger (S67)', () => {
  // Points are good for 10 days: those of day d are gone when day d + 10 begins.
  const story: readonly Event[] = [
    ['a', 0, 'earned', 100], // lots: 0:100
    ['a', 4, 'earned', 50], // 0:100 4:50
    ['a', 6, 'spent', 70], // 0:30 4:50, first in first out
    ['a', 9, 'reversed', 10], // 0:20 4:50
    ['a', 10, 'spent', 45], // day 10 begins: 20 expire; 4:5
    ['a', 12, 'earned', 40], // 4:5 12:40
    // as of day 14: 5 expire; 12:40, gone on day 22
    ['b', 3, 'earned', 30], // 3:30
    ['b', 12, 'spent', 30], // the last day on which they are good
    ['b', 14, 'earned', 8], // 14:8, gone on day 24
    ['b', 15, 'spent', 8], // after the as-of day
  ];
  const options = { asOf: 14, expiryDays: 10, liability: { unitCost: 0.02, expectedRedemption: 0.75 } };

  it('keeps the books of two customers, every figure derived above (S67, by hand)', () => {
    const found = ledger(story, options);
    expect(found.customers.customer.levels).toEqual(['a', 'b']);
    const rows = Object.entries(found.customers).slice(1) as [string, Float64Array][];
    expect(Object.fromEntries(rows.map(([name, values]) => [name, [...values]]))).toEqual({
      earned: [190, 38],
      spent: [115, 30],
      expired: [25, 0],
      reversed: [10, 0],
      balance: [40, 8],
      nextExpiry: [22, 24],
    });
    // 228 earned less 10 reversed = 218 = 145 spent + 25 expired + 48 outstanding.
    expect(found).toMatchObject({
      earned: 228,
      reversed: 10,
      spent: 145,
      expired: 25,
      outstanding: 48,
      owed: 0,
      after: 1,
    });
    expect(found.redemptionRate).toBe(145 / 218);
    expect(found.breakageRate).toBe(25 / 218);
    // 48 points · 0.02 · 0.75
    expect(found.liability).toBeCloseTo(0.72, 14);
  });

  it('does not depend on the order of its rows (S67)', () => {
    const found = ledger(story, options);
    for (const seed of [1, 2, 3]) {
      const mixed = [...shuffled(story.length, seededRandom(seed))].map((at) => story[at]!);
      expect(ledger(mixed, options)).toEqual(found);
    }
  });

  it('lets points go when their last day is over, not before (S67)', () => {
    const spend = (day: number): readonly Event[] => [
      ['a', 0, 'earned', 5],
      ['a', day, 'spent', 5],
    ];
    expect(ledger(spend(9), { expiryDays: 10 }).spent).toBe(5);
    expect(() => ledger(spend(10), { expiryDays: 10 })).toThrow(
      'customer "a", day 10: 5 points spent, but there are 0',
    );
    const kept = (asOf: number): number => ledger([['a', 0, 'earned', 5]], { expiryDays: 10, asOf }).outstanding;
    expect([kept(9), kept(10)]).toEqual([5, 0]);
    const never = ledger([['a', 0, 'earned', 5]], { asOf: '2999-01-01' });
    expect(never.outstanding).toBe(5);
    expect(never.customers.nextExpiry[0]).toBeNaN();
  });

  const returned: readonly Event[] = [
    ['a', 0, 'earned', 100],
    ['a', 1, 'spent', 80],
    ['a', 2, 'reversed', 50],
    ['a', 3, 'earned', 40],
  ];

  it('does not let a reversal push a balance below 0 unless allowed (S67, by hand)', () => {
    expect(() => ledger(returned)).toThrow('50 points reversed, but there are 20');
    // Clipped: 20 taken, 30 uncovered; then 40 earned.
    const clipped = ledger(returned, { belowZero: 'clip' });
    expect(clipped).toMatchObject({ reversed: 20, uncovered: 30, outstanding: 40, owed: 0 });
    // Allowed: a debt of 30, paid from the next 40.
    const allowed = ledger(returned, { belowZero: 'allow' });
    expect(allowed).toMatchObject({ reversed: 50, uncovered: 0, outstanding: 10, owed: 0 });
    const owing = ledger(returned.slice(0, 3), {
      belowZero: 'allow',
      liability: { unitCost: 1, expectedRedemption: 1 },
    });
    expect(owing).toMatchObject({ outstanding: 0, owed: 30, liability: 0 });
    expect(owing.customers.balance[0]).toBe(-30);
    // The edge: exactly what there is.
    expect(ledger([returned[0]!, ['a', 2, 'reversed', 100]]).outstanding).toBe(0);
  });

  it('goes by sequence within a day, else earned before spent before reversed (S67)', () => {
    const day: readonly Event[] = [
      ['a', 0, 'reversed', 10],
      ['a', 0, 'spent', 10],
      ['a', 0, 'earned', 20],
    ];
    expect(ledger(day)).toMatchObject({ outstanding: 0, spent: 10, reversed: 10 });
    const numbered = day.map(([id, at, event, points], i): Event => [id, at, event, points, i]);
    expect(() => ledger(numbered)).toThrow('10 points reversed, but there are 0');
  });

  it('takes expiry that the programme booked itself from the oldest points', () => {
    const found = ledger(
      [
        ['a', 0, 'earned', 20],
        ['a', 5, 'earned', 10],
        ['a', 6, 'expired', 25],
      ],
      { expiryDays: 30, asOf: 10 },
    );
    expect(found).toMatchObject({ expired: 25, outstanding: 5 });
    expect(found.customers.nextExpiry[0]).toBe(35);
  });

  it('has books that balance on a random history (S67)', () => {
    const random = seededRandom(11);
    const rows = Array.from({ length: 3000 }, (_, i): Event => {
      const event = random.uniform() < 0.7 ? 'earned' : 'reversed';
      return [`c${random.below(20)}`, random.below(400), event, random.below(50), i];
    });
    for (const belowZero of ['clip', 'allow'] as const) {
      const { earned, reversed, spent, expired, outstanding, owed } = ledger(rows, {
        asOf: 300,
        expiryDays: 45,
        belowZero,
      });
      expect(earned - reversed).toBe(spent + expired + outstanding - owed);
    }
  });

  it('refuses negative and broken points, unknown events, nulls and odd options', () => {
    for (const points of [-1, 0.5, Number.NaN])
      expect(() => ledger([['a', 0, 'earned', points]])).toThrow(/points, row 0: (-1|0.5|NaN); use whole points/);
    expect(() => ledger([['a', 0, 'won', 1]])).toThrow('unknown "won"');
    const event = { customer: ['a'], day: [null], event: ['earned'], points: [1] };
    expect(() => pointsLedger(event, { asOf: 1, expiryDays: null })).toThrow('row 0 of the events has a null');
    const odd: readonly Partial<PointsLedgerOptions>[] = [
      { expiryDays: 0 },
      { belowZero: 'maybe' as 'clip' },
      { liability: { unitCost: -1, expectedRedemption: 1 } },
      { liability: { unitCost: 1, expectedRedemption: 1.1 } },
    ];
    for (const option of odd)
      expect(() => ledger([], option)).toThrow(expect.objectContaining({ code: 'invalid-option' }));
    expect(ledger([])).toMatchObject({ outstanding: 0, redemptionRate: null, breakageRate: null, liability: null });
  });
});
