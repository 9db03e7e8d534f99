import { describe, expect, it } from 'vitest';
import { campaignLedger, type LedgerOptions, newcombeInterval } from './index.ts';

describe('newcombeInterval', () => {
  it('is method 10 of Newcombe (1998), table II', () => {
    for (const [a, m, b, n, low, high] of [
      [56, 70, 48, 80, 0.0524, 0.3339],
      [9, 10, 3, 10, 0.1705, 0.809],
      [6, 7, 2, 7, 0.0582, 0.8062],
      [5, 56, 0, 29, -0.0381, 0.1926],
      [0, 10, 0, 20, -0.1611, 0.2775],
      [0, 10, 0, 10, -0.2775, 0.2775],
      [10, 10, 0, 20, 0.6791, 1],
      [10, 10, 0, 10, 0.6075, 1],
    ] as const) {
      const [lo, hi] = newcombeInterval(a, m, b, n)!;
      expect(Math.abs(lo - low)).toBeLessThan(5.1e-5);
      expect(Math.abs(hi - high)).toBeLessThan(5.1e-5);
    }
    expect(newcombeInterval(0, 0, 1, 2)).toBeNull();
  });
});

/** 10 treated (8 called, 4 took the offer, 8 stayed), 5 held out (3 stayed), 2 of neither; one more treated is pending. */
const row = (arm: string, called: string, taken: string, active: string | null, cost: number) => ({
  arm,
  called,
  taken,
  active,
  cost,
});
const list = [
  ...Array.from({ length: 4 }, () => row('campaign', 'yes', 'yes', 'yes', 12)),
  ...Array.from({ length: 3 }, () => row('campaign', 'yes', 'no', 'yes', 2)),
  row('campaign', 'yes', 'no', 'no', 2),
  row('campaign', 'no', 'no', 'yes', 0),
  row('campaign', 'no', 'no', 'no', 0),
  row('campaign', 'yes', 'no', null, 2),
  ...Array.from({ length: 3 }, () => row('control', 'no', 'no', 'yes', 0)),
  ...Array.from({ length: 2 }, () => row('control', 'no', 'no', 'no', 0)),
  row('none', 'no', 'no', 'yes', 0),
  row('none', 'no', 'no', 'no', 0),
];
const data = {
  arm: list.map((r) => r.arm),
  called: list.map((r) => r.called),
  taken: list.map((r) => r.taken),
  active: list.map((r) => r.active),
  cost: list.map((r) => r.cost),
  value: list.map(() => 100),
  wave: list.map((_, i) => (i % 2 ? 'june' : 'may')),
};
const options = {
  target: { column: 'arm', equals: ['campaign', 'control'] },
  holdOut: { column: 'arm', equals: 'control' },
  contacted: { column: 'called', equals: 'yes' },
  accepted: { column: 'taken', equals: 'yes' },
  kept: { column: 'active', equals: 'yes' },
  cost: 'cost',
  value: 100,
} as const satisfies LedgerOptions;

describe('campaignLedger', () => {
  it('by hand: 8 of 10 against 3 of 5, the pending row left out, everyone treated counted whether reached or not', () => {
    const { entries } = campaignLedger(data, options);
    const [entry] = entries;
    expect(entries.length).toBe(1);
    expect(entry).toMatchObject({
      campaign: 'all',
      targets: 16,
      treated: {
        customers: 11,
        contacted: 9,
        accepted: 4,
        pending: 1,
        cost: 58,
        kept: { successes: 8, n: 10, rate: 0.8 },
      },
      holdOut: { customers: 5, contacted: 0, accepted: 0, pending: 0, cost: 0, kept: { successes: 3, n: 5 } },
    });
    expect(entry!.uplift!.estimate).toBeCloseTo(0.2, 14);
    expect(entry!.uplift!.interval).toEqual(newcombeInterval(8, 10, 3, 5));
    expect(entry!.incrementalKept!.estimate).toBeCloseTo(2, 13);
    expect(entry!.incrementalKept!.interval![0]).toBeCloseTo(10 * newcombeInterval(8, 10, 3, 5)![0], 12);
    // 800 kept value − 56 spent on the ten whose end is known, against 10 · 300/5.
    expect(entry!.incrementalProfit!.estimate).toBeCloseTo(800 - 56 - 600, 11);
    expect(entry!.costPerKept).toBeCloseTo(58 / 2, 12);
    expect(entry!.returnOnCost).toBeCloseTo(144 / 58, 12);
    expect(entry!.warnings).toEqual(['the end of 1 targets is not known yet: figures are of the others']);
  });

  it('gives the profit Welch’s interval: R t.test of the two arms’ kept·value − cost', () => {
    const a = [88, 88, 88, 88, 98, 98, 98, -2, 100, 0];
    const b = [100, 100, 100, 0, 0];
    const mean = (x: number[]): number => x.reduce((s, v) => s + v, 0) / x.length;
    const v = (x: number[]): number => x.reduce((s, c) => s + (c - mean(x)) ** 2, 0) / (x.length - 1) / x.length;
    const df = (v(a) + v(b)) ** 2 / (v(a) ** 2 / 9 + v(b) ** 2 / 4);
    const { estimate, interval } = campaignLedger(data, options).entries[0]!.incrementalProfit!;
    expect(estimate).toBeCloseTo(10 * (mean(a) - mean(b)), 10);
    const half = (interval![1] - interval![0]) / 20;
    const t = half / Math.sqrt(v(a) + v(b));
    // t distribution function by Simpson's rule over its density: .975 − .5 between 0 and t.
    const density = (x: number): number => (1 + (x * x) / df) ** (-(df + 1) / 2);
    const simpson = (to: number): number => {
      const n = 20_000;
      let s = density(0) + density(to);
      for (let i = 1; i < n; i++) s += (i % 2 ? 4 : 2) * density((to * i) / n);
      return (s * to) / n / 3;
    };
    expect(simpson(t) / simpson(2000)).toBeCloseTo(0.95, 4);
  });

  it('claims no uplift without a hold-out, and says why', () => {
    const { holdOut, ...alone } = options;
    const [entry] = campaignLedger(data, {
      ...alone,
      target: holdOut && { column: 'arm', equals: 'campaign' },
    }).entries;
    expect(entry).toMatchObject({ holdOut: null, uplift: null, incrementalKept: null, incrementalProfit: null });
    expect(entry!.treated.kept.rate).toBe(0.8);
    expect(entry!.nulls.uplift).toMatch(/no customer was held out \(no holdOut is stated\).*no uplift can be claimed/);
  });

  it('keeps an entry per campaign, in the order of their names, and each hold-out to its own', () => {
    const { entries } = campaignLedger(data, { ...options, campaign: 'wave' });
    expect(entries.map(({ campaign, targets }) => [campaign, targets])).toEqual([
      ['june', 8],
      ['may', 8],
    ]);
    expect(entries.reduce((n, { holdOut }) => n + holdOut!.customers, 0)).toBe(5);
  });

  it('takes one cost per contact and a value by customer, and warns of a contacted hold-out', () => {
    const called = data.called.map((c, i) => (i === 12 ? 'yes' : c));
    const [entry] = campaignLedger({ ...data, called }, { ...options, cost: 3, value: 'value' }).entries;
    expect(entry!.treated.cost).toBe(27);
    expect(entry!.warnings[0]).toMatch(/1 of 5 customers of the hold-out were contacted/);
  });

  it('stops at costs and values that are not known, and at no targets', () => {
    const cost = [...data.cost];
    cost[3] = Number.NaN;
    expect(() => campaignLedger({ ...data, cost }, options)).toThrow(/cost "cost", row 3: null; state an amount/);
    cost[3] = -1;
    expect(() => campaignLedger({ ...data, cost }, options)).toThrow(/cost "cost", row 3: -1/);
    expect(() => campaignLedger(data, { ...options, value: Number.NaN })).toThrow(/invalid value: NaN/);
    expect(() => campaignLedger(data, { ...options, target: { column: 'arm', equals: 'nobody' } })).toThrow(
      /no row is a target/,
    );
  });
});
