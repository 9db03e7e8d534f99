import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../numerics/random.ts';
import { drift, driftBaseline } from './drift.ts';

describe('drift', () => {
  it('is Σ (q − p)·ln(q/p), by hand, over the stored cuts of a number', () => {
    const baseline = driftBaseline({ x: [1, 2, 3, 4, 5, 6, 7, 8] }, ['x'], { cuts: { fixed: [2, 4] } });
    expect(baseline.columns[0]).toEqual({ column: 'x', type: 'number', cuts: [2, 4], counts: [2, 2, 4], nulls: 0 });
    const [found] = drift(baseline, { x: [0, 2, 2.5, 4, 4, 3, 9, 5] });
    // Shares .25 .25 .5 against .25 .5 .25: a value equal to a cut lies below it.
    expect(found!.psi).toBeCloseTo(0.25 * Math.log(2) + 0.25 * Math.log(2), 14);
    expect(found).toMatchObject({ verdict: 'drifted', adjusted: false, byChance: 2 * (1 / 8 + 1 / 8) });
    expect(found!.bins.map(({ bin, currentRows }) => [bin, currentRows])).toEqual([
      ['≤ 2', 2],
      ['(2, 4]', 4],
      ['> 4', 2],
    ]);
  });

  it('gives nulls and unseen levels bins of their own, an empty side counting as half a row', () => {
    const baseline = driftBaseline({ plan: ['a', 'a', 'b', null] }, ['plan']);
    const [found] = drift(baseline, { plan: ['b', 'c', 'c', 'b', 'a'] });
    const part = (p: number, q: number): number => (q - p) * Math.log(q / p);
    const wanted = [part(0.5, 0.2), part(0.25, 0.4), part(0.125, 0.4), part(0.25, 0.1)];
    expect(found!.adjusted).toBe(true);
    expect(found!.bins.map(({ bin }) => bin)).toEqual(['a', 'b', 'unseen level', 'null']);
    found!.bins.forEach(({ contribution }, i) => {
      expect(contribution).toBeCloseTo(wanted[i]!, 14);
    });
    expect(found!.psi).toBeCloseTo(
      wanted.reduce((a, b) => a + b, 0),
      14,
    );
  });

  it('is 0 for the baseline itself, and a level without rows on either side adds nothing', () => {
    const data = {
      x: [3, 1, 2, 2, 9, Number.NaN],
      plan: { codes: Int32Array.of(0, 0, 1, 1, 1, -1), levels: ['a', 'b', 'z'] },
    };
    const baseline = driftBaseline(data, ['x', 'plan']);
    for (const found of drift(JSON.parse(JSON.stringify(baseline)), data))
      expect(found).toMatchObject({ psi: 0, verdict: 'stable', adjusted: false });
  });

  it('cuts at deciles by default, merging equal ones, and is about (bins − 1)(1/n + 1/m) without drift', () => {
    const random = seededRandom(4);
    const draw = (n: number): number[] => Array.from({ length: n }, () => random.uniform() ** 2);
    const baseline = driftBaseline({ p: draw(4000) }, ['p']);
    const rounds = Array.from({ length: 60 }, () => drift(baseline, { p: draw(1000) })[0]!);
    expect(rounds[0]!.bins).toHaveLength(10);
    const mean = rounds.reduce((t, { psi }) => t + psi, 0) / rounds.length;
    expect(mean / rounds[0]!.byChance).toBeGreaterThan(0.7);
    expect(mean / rounds[0]!.byChance).toBeLessThan(1.3);
    expect(driftBaseline({ p: [1, 1, 1, 1] }, ['p']).columns[0]).toMatchObject({ cuts: [1], counts: [4, 0] });
  });

  it('says stable below .1, shifted below .25, else drifted', () => {
    const baseline = driftBaseline({ k: Array.from({ length: 200 }, (_, i) => (i < 100 ? 'a' : 'b')) }, ['k']);
    const verdict = (share: number): string =>
      drift(baseline, { k: Array.from({ length: 200 }, (_, i) => (i < 200 * share ? 'a' : 'b')) })[0]!.verdict;
    // (q − .5)·ln(q/(1 − q)): .0405 at .6, .1695 at .7, .2747 at .75
    expect([verdict(0.6), verdict(0.7), verdict(0.75)]).toEqual(['stable', 'shifted', 'drifted']);
  });

  it('refuses columns that are not there, changed their type, or are empty', () => {
    const code = (name: string): unknown => expect.objectContaining({ code: name });
    const baseline = driftBaseline({ x: [1, 2] }, ['x']);
    expect(() => drift(baseline, { y: [1] })).toThrow(code('unknown-column'));
    expect(() => drift(baseline, { x: ['a'] })).toThrow(code('wrong-type'));
    expect(() => drift(baseline, { x: [] })).toThrow(code('empty-input'));
    expect(() => driftBaseline({ x: [Number.NaN] }, ['x'])).toThrow(code('all-null'));
    expect(() => driftBaseline({ x: [1] }, [])).toThrow(code('empty-input'));
    expect(() => driftBaseline({ x: [1] }, ['x'], { cuts: { fixed: [2, 1] } })).toThrow(code('invalid-option'));
  });
});
