import { describe, expect, it } from 'vitest';
import { normalDraw } from '../../numerics/draw.ts';
import { seededRandom } from '../../numerics/random.ts';
import { customerTrend } from './customer-trend.ts';
import { smooth } from './smooth.ts';
import { type ForecastOptions, trendForecast } from './trend-forecast.ts';

/** Oil production of Saudi Arabia, million tonnes, 1996–2013 (Hyndman & Athanasopoulos 2018, §7.1). */
const oil = [
  ...[445.3641, 453.195, 454.4096, 422.3789, 456.0371, 440.3866, 425.1944, 486.2052, 500.4291],
  ...[521.2759, 508.9476, 488.8889, 509.8706, 456.7229, 473.8166, 525.9509, 549.8338, 542.3405],
];
const failure = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe('trendForecast', () => {
  it('smooths as R forecast::ses does on the oil data of fpp2 §7.1: forecast and limits printed there', () => {
    const ses = trendForecast(oil, { method: 'exponentialSmoothing', ahead: 5 });
    expect(ses.alpha).toBeCloseTo(0.8339, 3);
    expect(ses.initialLevel).toBeCloseTo(446.5868, 1);
    expect(ses.sigma! * Math.sqrt(16 / 18)).toBeCloseTo(28.12, 2);
    // R's search stops a little short of the minimum (see the next test).
    expect(Math.abs(ses.points[0]!.expected - 542.6806)).toBeLessThan(5e-4);
    expect(Math.abs(ses.points[0]!.low - 484.2183)).toBeLessThan(5e-4);
    expect(Math.abs(ses.points[0]!.high - 601.1429)).toBeLessThan(5e-4);
    expect(Math.abs(ses.points[4]!.low - 428.9945)).toBeLessThan(0.01);
    expect(Math.abs(ses.points[4]!.high - 656.3667)).toBeLessThan(0.01);
  });

  it('finds the α and the first level of least squared errors (brute force over both)', () => {
    const squares = (alpha: number, first: number): number => {
      let level = first;
      let total = 0;
      for (const y of oil) {
        total += (y - level) ** 2;
        level += alpha * (y - level);
      }
      return total;
    };
    const best = smooth(oil);
    expect(squares(best.alpha, best.initialLevel)).toBeCloseTo(best.squares, 7);
    // At the parameters that R prints the squares are larger, by little.
    expect(squares(0.8338901, 446.5867935)).toBeGreaterThan(best.squares);
    expect(squares(0.8338901, 446.5867935)).toBeLessThan(best.squares * (1 + 1e-6));
    for (let a = 0; a <= 100; a++)
      for (let first = 400; first <= 500; first += 2)
        expect(squares(a / 100, first)).toBeGreaterThanOrEqual(best.squares - 1e-7);
    for (const [da, d] of [
      [1e-4, 0],
      [-1e-4, 0],
      [0, 0.01],
      [0, -0.01],
    ] as const)
      expect(squares(best.alpha + da, best.initialLevel + d)).toBeGreaterThan(best.squares);
  });

  it('is the last value for a straight line (α = 1) and the mean where nothing persists (α = 0)', () => {
    const line = trendForecast([1, 2, 3, 4, 5, 6, 7, 8], { method: 'exponentialSmoothing' });
    expect(line.alpha).toBe(1);
    expect(line.points[0]!.expected).toBe(8);
    const zigzag = trendForecast([1, -1, 1, -1, 1, -1, 1, -1], { method: 'exponentialSmoothing' });
    expect([zigzag.alpha, zigzag.points[2]!.expected]).toEqual([0, 0]);
    // Of the mean of 8 values, σ² = Σ y²/6.
    expect(zigzag.sigma).toBeCloseTo(Math.sqrt(8 / 6), 14);
    const flat = trendForecast([5, 5, 5, 5, 5, 5], { method: 'exponentialSmoothing', ahead: 1 });
    expect(flat.points).toEqual([{ ahead: 1, expected: 5, low: 5, high: 5 }]);
  });

  it('drifts as worked by hand', () => {
    const { drift, sigma, points } = trendForecast([10, 12, 11, 14, 15, 16], { method: 'drift', ahead: 2 });
    // Changes 2, −1, 3, 1, 1: mean 1.2, squares about it 8.8, on 4 degrees of freedom; t₀.₉₇₅(4) = 2.776445105.
    expect(drift).toBeCloseTo(1.2, 15);
    expect(sigma).toBeCloseTo(Math.sqrt(2.2), 14);
    const half = (h: number) => 2.776445105 * Math.sqrt(2.2 * h * (1 + h / 5));
    for (const [k, expected] of [17.2, 18.4].entries()) {
      expect(points[k]!.expected).toBeCloseTo(expected, 13);
      expect(points[k]!.low).toBeCloseTo(expected - half(k + 1), 8);
      expect(points[k]!.high).toBeCloseTo(expected + half(k + 1), 8);
    }
  });

  it('covers the future of a random walk with drift at the stated level (simulation of 6000 short series)', () => {
    const random = seededRandom(21);
    let inside = 0;
    for (let turn = 0; turn < 6000; turn++) {
      const walk = [0];
      for (let t = 1; t < 9; t++) walk.push(walk[t - 1]! + 0.3 + normalDraw(random));
      const { low, high } = trendForecast(walk.slice(0, 6), { method: 'drift', level: 0.8 }).points[2]!;
      if (walk[8]! >= low && walk[8]! <= high) inside++;
    }
    // Four standard errors of a share of 0.8.
    expect(Math.abs(inside / 6000 - 0.8)).toBeLessThan(4 * Math.sqrt(0.16 / 6000));
  });

  it('gives none for a short series or one with nulls, and says why', () => {
    const drift: ForecastOptions = { method: 'drift' };
    const none = { points: [], drift: null, alpha: null, sigma: null };
    expect(trendForecast([1, 2, 3, 4, 5], drift)).toMatchObject({ ...none, missing: 'too-short', observations: 5 });
    expect(trendForecast([1, 2, null, 4, 5, 6], drift)).toMatchObject({ ...none, missing: 'nulls' });
    expect(trendForecast([1, 2, 3, 5], { ...drift, minimum: 4 }).points.length).toBe(3);
  });

  it('refuses odd options', () => {
    const run = (options: Partial<ForecastOptions>) => () => trendForecast(oil, { method: 'drift', ...options });
    expect(run({ method: 'holt' as 'drift' })).toThrow(failure('invalid-option', /method/));
    expect(run({ ahead: 0 })).toThrow(failure('invalid-option', /ahead/));
    expect(run({ level: 1 })).toThrow(failure('invalid-option', /level/));
    expect(run({ minimum: 3 })).toThrow(failure('invalid-option', /minimum/));
    expect(run({ lowest: Number.NaN })).toThrow(failure('invalid-option', /lowest/));
    expect(() => trendForecast(['a'], { method: 'drift' })).toThrow(failure('wrong-type', /values/));
  });
});

describe('customerTrend', () => {
  const months = {
    period: ['2024-01', '2024-02', '2024-03', '2024-04'],
    active: [100, 110, 121, 0],
    new: [20, 25, null, 0],
    lost: [10, 15, 19, 121],
  };

  it('gives rates as worked by hand, null where a cell or the period before is missing', () => {
    const { periods, growthPerPeriod, active } = customerTrend(months);
    expect(periods.map(({ net, growthRate }) => [net, growthRate])).toEqual([
      [10, null],
      [10, 0.1],
      [null, 0.1],
      [-121, -1],
    ]);
    expect(periods[1]).toMatchObject({ period: '2024-02', churnRate: 0.15, acquisitionRate: 0.25, unexplained: 0 });
    expect(periods[2]).toMatchObject({ new: null, churnRate: 19 / 110, acquisitionRate: null, unexplained: null });
    expect(growthPerPeriod).toBe(-1);
    expect(active.missing).toBe('too-short');
    const first = { ...months, active: [100, 110, 121, 133.1] };
    expect(customerTrend(first).growthPerPeriod).toBeCloseTo(0.1, 14);
    // Two were won back: 100 + 25 − 15 is two short of 112.
    expect(customerTrend({ ...months, active: [100, 112, 121, 9] }).periods[1]!.unexplained).toBe(2);
    expect(customerTrend({ ...months, active: [0, 5, 5, 5] }).periods[1]!.churnRate).toBeNull();
  });

  it('forecasts each series by its method, never below 0', () => {
    const period = [1, 2, 3, 4, 5, 6];
    const shrinking = {
      period,
      active: [90, 75, 62, 44, 31, 14],
      new: [1, 0, 2, 1, 0, 1],
      lost: [20, 15, 15, 19, 13, 18],
    };
    const { active, new: gained, lost } = customerTrend(shrinking, { ahead: 2 });
    expect([active.method, gained.method, lost.method]).toEqual([
      'drift',
      'exponentialSmoothing',
      'exponentialSmoothing',
    ]);
    // 14 − 2·15.2 < 0.
    expect(active.drift).toBeCloseTo(-15.2, 14);
    expect([active.points[1]!.expected, active.points[1]!.low]).toEqual([0, 0]);
    expect(gained.points[0]!.low).toBe(0);
    expect(lost.points).toEqual(trendForecast(shrinking.lost, { method: 'exponentialSmoothing', ahead: 2 }).points);
    expect(customerTrend(shrinking, { methods: { lost: 'drift' } }).lost.method).toBe('drift');
  });

  it('refuses what is no table of periods', () => {
    expect(() => customerTrend({ ...months, lost: [1, 2, 3, -1] })).toThrow(failure('invalid-value', /lost, row 3/));
    expect(() => customerTrend({ ...months, lost: [1] })).toThrow(failure('wrong-length', /"lost"/));
    expect(() => customerTrend({ ...months, period: ['a', 'b', null, 'c'] })).toThrow(
      failure('invalid-value', /row 2/),
    );
    expect(() => customerTrend({ ...months, period: ['a', 'b', 'a', 'c'] })).toThrow(failure('invalid-value', /twice/));
    expect(() => customerTrend({ period: [], active: [], new: [], lost: [] })).toThrow(
      failure('empty-input', /periods/),
    );
    expect(() => customerTrend(months, { level: 2 })).toThrow(failure('invalid-option', /level/));
  });
});
