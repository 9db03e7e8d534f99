import { describe, expect, it } from 'vitest';
import { lifeCyclePatterns, lifeCyclePhases } from './life-cycle-pattern.ts';

const thresholds = { buildUp: 20, stability: 80 };

describe('lifeCyclePhases (S15)', () => {
  it('goes from exploration by build-up to stability and decline, by hand (S15)', () => {
    expect(lifeCyclePhases([5, 19, 20, 60, 80, 100, 49, 50], thresholds)).toEqual([
      'exploration',
      'exploration',
      'build-up',
      'build-up',
      'stability',
      'stability',
      'decline',
      'stability',
    ]);
  });

  it('declines below half of the best value, in build-up too, but never in exploration (S15)', () => {
    expect(lifeCyclePhases([19, 1, 40, 20, 19.9], thresholds)).toEqual([
      'exploration',
      'exploration',
      'build-up',
      'build-up',
      'decline',
    ]);
    expect(lifeCyclePhases([100, 10], { ...thresholds, decline: 0.1 })).toEqual(['stability', 'stability']);
    expect(lifeCyclePhases([100, 99], { ...thresholds, decline: 1 })).toEqual(['stability', 'decline']);
    expect(lifeCyclePhases([], thresholds)).toEqual([]);
  });

  it('refuses thresholds out of order and values that are not finite', () => {
    expect(() => lifeCyclePhases([], { buildUp: 80, stability: 80 })).toThrow('buildUp 80, stability 80');
    expect(() => lifeCyclePhases([], { buildUp: 0, stability: 80 })).toThrow('buildUp 0, stability 80');
    expect(() => lifeCyclePhases([], { ...thresholds, decline: 1.1 })).toThrow('invalid decline: 1.1');
    expect(() => lifeCyclePhases([1, Number.NaN], thresholds)).toThrow('period 2: NaN is not finite');
  });
});

describe('lifeCyclePatterns (S15)', () => {
  /** One row per customer: the series, whether active. */
  const customers: readonly (readonly [readonly (number | null)[], boolean | null])[] = [
    [[5, 10, 19, 4], false],
    [[5, 30, 60, 20], false],
    [[30, 80, 90, 10], false],
    [[30, 80, 90, 85], true],
    [[90, 90, 10, 10], true],
    [[5, 30, 60, 60], true],
    [[null, null, 90, 90], true],
    [[null, 90, 90, 90], true],
    [[90, 90, 90, null], false],
    [[90, null, 90, 90], false],
    [[90, 90, 90, 90], null],
    [[null, null, null, null], true],
  ];
  const periods = [0, 1, 2, 3].map((t) => customers.map(([series]) => series[t]!));
  const active = customers.map(([, flag]) => flag);
  const named = (options: Parameters<typeof lifeCyclePatterns>[2]) => {
    const { codes, levels } = lifeCyclePatterns(periods, active, options).patterns;
    return Array.from(codes, (code) => levels[code]);
  };

  it('classifies twelve hand-made relations by the phase they reached before their end (S15)', () => {
    expect(named(thresholds)).toEqual([
      'early-death', // never past exploration
      'mid-way-death', // broke off in build-up
      'early-exit', // left after stability
      'long-lasting', // active in stability
      'unclassified', // active in decline: open
      'unclassified', // active in build-up: open
      'unclassified', // two periods only
      'long-lasting', // began one period later
      'early-exit', // ended one period earlier
      'unclassified', // a gap
      'unclassified', // nobody knows whether it has ended
      'unclassified', // no period at all
    ]);
  });

  it('counts every pattern and tells why the unclassified are (S15, by hand)', () => {
    const { counts, unclassified } = lifeCyclePatterns(periods, active, thresholds);
    expect(counts).toEqual([
      { pattern: 'early-death', count: 1, share: 1 / 12 },
      { pattern: 'mid-way-death', count: 1, share: 1 / 12 },
      { pattern: 'early-exit', count: 2, share: 2 / 12 },
      { pattern: 'long-lasting', count: 2, share: 2 / 12 },
      { pattern: 'unclassified', count: 6, share: 6 / 12 },
    ]);
    expect(unclassified).toEqual({ short: 2, open: 2, unknown: 2 });
  });

  it('takes a series of just the minimum of periods, and none that is shorter (S15)', () => {
    expect(named({ ...thresholds, minimumPeriods: 2 })[6]).toBe('long-lasting');
    expect(named({ ...thresholds, minimumPeriods: 4 })[7]).toBe('unclassified');
    expect(named({ ...thresholds, minimumPeriods: 3 })[7]).toBe('long-lasting');
  });

  it('calls an ended relation long-lasting that was stable for long enough, when told to (S15)', () => {
    expect(named({ ...thresholds, longLasting: 3 })[8]).toBe('long-lasting');
    expect(named({ ...thresholds, longLasting: 4 })[8]).toBe('early-exit');
    expect(named({ ...thresholds, longLasting: 2 })[2]).toBe('long-lasting');
  });

  it('has null shares without customers, and refuses broken input', () => {
    expect(lifeCyclePatterns([[]], [], thresholds).counts[0]).toEqual({
      pattern: 'early-death',
      count: 0,
      share: null,
    });
    expect(() => lifeCyclePatterns([], [], thresholds)).toThrow('no period given');
    expect(() => lifeCyclePatterns([[1]], [2], thresholds)).toThrow('active, row 0: 2');
    expect(() => lifeCyclePatterns([[1], [1, 2]], [1], thresholds)).toThrow('has 2 rows');
    expect(() => lifeCyclePatterns([[1]], [1], { ...thresholds, minimumPeriods: 0 })).toThrow(
      'invalid minimumPeriods: 0',
    );
    expect(() => lifeCyclePatterns([[1]], [1], { ...thresholds, longLasting: 0.5 })).toThrow(
      'invalid longLasting: 0.5',
    );
  });
});
