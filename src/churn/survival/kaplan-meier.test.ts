import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../numerics/normal.ts';
import { seededRandom } from '../../numerics/random.ts';
import { kaplanMeier } from './kaplan-meier.ts';
import { columns, simulated } from './survival.test-support.ts';

const event = { column: 'left', churned: 'yes' } as const;
const small = { months: [6, 6, 6, 7, 10, 6, 9, 10, 11], left: 'yyyyynnnn'.split('') };
const plain = { duration: 'months', event: { column: 'left', churned: 'y' } } as const;
const times = { duration: 'exit', event } as const;

describe('kaplanMeier', () => {
  it('is the product of 1 − d/n, with its Greenwood errors, by hand', () => {
    const { curves, interval, restrictedTo } = kaplanMeier(small, plain);
    const curve = curves[0]!;
    expect(interval).toBe('log-log');
    expect(curve.time).toEqual([6, 7, 10]);
    expect(curve.atRisk).toEqual([9, 5, 3]);
    expect(curve.eventsAt).toEqual([3, 1, 1]);
    expect(curve.censored).toEqual([1, 1, 2]);
    const S = [6 / 9, (6 / 9) * (4 / 5), (6 / 9) * (4 / 5) * (2 / 3)];
    const variance = [3 / 54, 3 / 54 + 1 / 20, 3 / 54 + 1 / 20 + 1 / 6];
    S.forEach((s, k) => {
      expect(curve.survival[k]).toBeCloseTo(s, 14);
      expect(curve.standardError[k]).toBeCloseTo(s * Math.sqrt(variance[k]!), 14);
      const half = (1.959963984540054 * Math.sqrt(variance[k]!)) / Math.abs(Math.log(s));
      expect(curve.lower[k]).toBeCloseTo(s ** Math.exp(half), 13);
      expect(curve.upper[k]).toBeCloseTo(s ** Math.exp(-half), 13);
    });
    // ∫₀¹¹ S = 6 + 1·S₁ + 3·S₂ + 1·S₃, its variance from the areas behind each event.
    expect(restrictedTo).toBe(11);
    expect(curve.restrictedMean!.mean).toBeCloseTo(6 + S[0]! + 3 * S[1]! + S[2]!, 13);
    const areas = [S[0]! + 3 * S[1]! + S[2]!, 3 * S[1]! + S[2]!, S[2]!];
    const wanted = areas[0]! ** 2 * (3 / 54) + areas[1]! ** 2 * (1 / 20) + areas[2]! ** 2 * (1 / 6);
    expect(curve.restrictedMean!.standardError).toBeCloseTo(Math.sqrt(wanted), 13);
  });

  it('has the quantiles where S first reaches them, and limits where those of S do (Brookmeyer–Crowley)', () => {
    const data = columns(simulated(200, 3));
    const { curves } = kaplanMeier(data, { ...times, interval: 'plain', quantiles: [0.5], level: 0.9 });
    const { time, survival, standardError, quantiles, until } = curves[0]!;
    const z = normalQuantile(0.95);
    // Those t at which a test of S(t) = ½ is not refused.
    const inside = time.filter((_, k) => Math.abs(survival[k]! - 0.5) < z * standardError[k]!);
    expect(quantiles[0]!.time).toBe(time.find((_, k) => survival[k]! <= 0.5));
    expect(quantiles[0]!.lower).toBe(inside[0]);
    expect(quantiles[0]!.upper).toBe(time.find((t) => t > inside.at(-1)!));
    expect(until).toBe(Math.max(...data.exit));
    expect(kaplanMeier(small, plain).curves[0]!.quantiles.map(({ time }) => time)).toEqual([6, 10, null]);
  });

  it('takes a product that is ½ but for rounding as the median', () => {
    const months = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const result = kaplanMeier({ months, left: months.map(() => 'y') }, plain);
    expect(result.curves[0]!.quantiles[1]!.time).toBe(5);
    expect(result.curves[0]!.survival.at(-1)).toBe(0);
    expect(result.curves[0]!.standardError.at(-1)).toBeNull();
    expect(result.curves[0]!.restrictedMean!.mean).toBeCloseTo(5.5, 13);
  });

  it('is the same when customers are split into pieces that enter late, and when weights stand for repeated rows', () => {
    const subjects = simulated(80, 9, { ties: true });
    const pieces = subjects.flatMap((s) =>
      s.exit > 4
        ? [
            { ...s, exit: 4, left: false },
            { ...s, entry: 4 },
          ]
        : [s],
    );
    const [whole, split] = [
      kaplanMeier(columns(subjects), times).curves[0]!,
      kaplanMeier(columns(pieces), { ...times, entry: 'entry' }).curves[0]!,
    ];
    expect(split.survival).toEqual(whole.survival);
    expect(split.standardError).toEqual(whole.standardError);
    const once = { months: [1, 2, 3], left: ['y', 'n', 'y'], w: [2, 1, 3] };
    const often = { months: [1, 1, 2, 3, 3, 3], left: ['y', 'y', 'n', 'y', 'y', 'y'] };
    expect(kaplanMeier(once, { ...plain, weight: 'w' }).curves).toEqual(kaplanMeier(often, plain).curves);
  });

  it('keeps the curves of groups apart, restricts their means to the time all were watched, and does not mind the order', () => {
    const data = columns(simulated(120, 12, { late: true }));
    const options = { ...times, entry: 'entry', group: 'stratum' } as const;
    const both = kaplanMeier(data, options);
    expect(both.curves.map(({ group }) => group)).toEqual(['north', 'south']);
    expect(both.restrictedTo).toBe(Math.min(...both.curves.map(({ until }) => until)));
    const backwards = Object.fromEntries(Object.entries(data).map(([name, column]) => [name, column.toReversed()]));
    expect(kaplanMeier(backwards, options)).toEqual(both);
    const north = columns(simulated(120, 12, { late: true }).filter(({ stratum }) => stratum === 'north'));
    expect(kaplanMeier(north, { ...options, restrictedTo: both.restrictedTo }).curves[0]).toEqual(both.curves[0]);
  });

  it('covers the true survival in small samples at the nominal rate: e^(−t/10) at t = 5, 600 draws', () => {
    const random = seededRandom(7);
    let hits = 0;
    for (let draw = 0; draw < 600; draw++) {
      const life = Array.from({ length: 50 }, () => -10 * Math.log(1 - random.uniform()));
      const end = life.map(() => 2 + 20 * random.uniform());
      const { curves } = kaplanMeier(
        { exit: life.map((t, i) => Math.min(t, end[i]!)), left: life.map((t, i) => (t <= end[i]! ? 'yes' : 'no')) },
        times,
      );
      const { time, lower, upper } = curves[0]!;
      const k = time.findLastIndex((t) => t <= 5);
      if (lower[k]! <= Math.exp(-0.5) && Math.exp(-0.5) <= upper[k]!) hits++;
    }
    // Four standard errors about 0.95.
    expect(Math.abs(hits / 600 - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / 600));
  });

  it('leaves out rows that cannot take part, counts them, and says what is odd', () => {
    const data = {
      months: [1, null, 0, 0, 3, 2],
      left: ['y', 'y', 'y', 'n', null, 'n'],
      plan: ['a', 'a', 'a', 'b', 'b', 'a'],
    };
    const { curves, warnings } = kaplanMeier(data, { ...plain, group: 'plan' });
    expect(curves).toHaveLength(1);
    expect(curves[0]!.rows).toBe(2);
    expect(warnings).toEqual([
      '2 rows with a null in duration, event, entry or group are left out',
      '2 rows were never at risk (duration ≤ 0) and are left out, 1 of them with the event: count the first period as 1, or add half a period',
      'group "b" has no row at risk: it has no curve',
    ]);
    const late = kaplanMeier({ from: [0, 2], months: [1, 3], left: ['y', 'n'] }, { ...plain, entry: 'from' });
    expect(late.warnings.join()).toMatch(/S falls to 0 at 1 while customers enter later/);
    const quiet = kaplanMeier({ months: [1, 3], left: ['n', 'n'] }, plain);
    expect(quiet.curves[0]!.restrictedMean).toEqual({ mean: 1 * 3, standardError: 0 });
    expect(quiet.warnings.join()).toMatch(/no event: S is 1 throughout/);
  });

  it.each([
    [{ months: [1, -1] }, {}, /row 1: -1; times are 0 or above/],
    [{}, { interval: 'wald' }, /invalid interval: wald/],
    [{}, { level: 1 }, /invalid level/],
    [{}, { duration: 'left' }, /need a column each/],
    [{}, { restrictedTo: 0 }, /invalid restrictedTo/],
    [{ months: [0, 0] }, {}, /no row is at risk/],
    [{}, { duration: 'weeks' }, /unknown column "weeks"/],
    [{ w: [1, -2] }, { weight: 'w' }, /weights are 0 or above/],
  ])('stops at unusable input: %o %o', (columns, options, message) => {
    const data = { months: [1, 2], left: ['y', 'n'], ...columns };
    expect(() => kaplanMeier(data, { ...plain, ...(options as object) })).toThrow(message);
  });
});
