import { describe, expect, it } from 'vitest';
import {
  averagePrecision,
  calibrationTable,
  campaignProfit,
  coxRegression,
  evaluate,
  gainsTable,
  kaplanMeier,
  profitCurve,
  rocAuc,
  rocCurve,
} from '../churn/index.ts';
import { seededRandom } from '../numerics/random.ts';
import { faultsOf } from './chart.test-support.ts';
import {
  calibrationChart,
  gainChart,
  liftChart,
  precisionRecallChart,
  profitChart,
  rocChart,
  survivalChart,
} from './index.ts';

const actual = [0, 0, 1, 1];
const p = [0.1, 0.4, 0.35, 0.8];
const faultless = (spec: object): void => expect(faultsOf(spec)).toEqual([]);

describe('rocChart', () => {
  it('holds the points of the curve and tells its area, 0.75 as three of four pairs are ranked rightly', () => {
    const points = rocCurve(actual, p);
    const spec = rocChart(points);
    faultless(spec);
    expect(spec.data.values).toEqual(points.map(({ precision, ...point }) => ({ model: null, ...point })));
    expect(spec.title.subtitle).toEqual(['Area 0.750']);
  });

  it('tells models apart by colour, each with the area of rocAuc, ties and all', () => {
    const random = seededRandom(4);
    const y = Array.from({ length: 500 }, () => (random.uniform() < 0.3 ? 1 : 0));
    const coarse = y.map((event) => Math.round(6 * random.uniform() + 2 * event) / 8);
    const spec = rocChart({ a: rocCurve(actual, p), coarse: rocCurve(y, coarse) });
    faultless(spec);
    expect(spec.title.subtitle).toEqual(['a: area 0.750', `coarse: area ${rocAuc(y, coarse).toFixed(3)}`]);
    expect(new Set(spec.data.values.map(({ model }) => model))).toEqual(new Set(['a', 'coarse']));
    expect(spec.layer![1]!.encoding!.color).toMatchObject({ field: 'model', sort: ['a', 'coarse'] });
  });

  it('has no rows without points or models', () => {
    for (const nothing of [[], {}]) {
      faultless(rocChart(nothing));
      expect(rocChart(nothing).data.values).toEqual([]);
    }
  });
});

describe('precisionRecallChart', () => {
  it('holds precision at each recall, begun at the first one, with average precision and base rate', () => {
    const spec = precisionRecallChart(rocCurve(actual, p));
    faultless(spec);
    // By hand, from the highest score: an event, a non-event, an event, a non-event.
    expect(spec.data.values).toEqual([
      { model: null, cut: null, recall: 0, precision: 1 },
      { model: null, cut: 0.8, recall: 0.5, precision: 1 },
      { model: null, cut: 0.4, recall: 0.5, precision: 1 / 2 },
      { model: null, cut: 0.35, recall: 1, precision: 2 / 3 },
      { model: null, cut: 0.1, recall: 1, precision: 1 / 2 },
    ]);
    expect(spec.title.subtitle).toEqual([`Average precision ${averagePrecision(actual, p).toFixed(3)}`]);
    expect(spec.layer![0]!.encoding).toEqual({ y: { datum: 0.5 } });
    faultless(precisionRecallChart([]));
    faultless(precisionRecallChart({ a: rocCurve(actual, p), b: rocCurve(actual, [1, 2, 3, 4]) }));
  });
});

describe('liftChart and gainChart', () => {
  const table = gainsTable(actual, p, { groups: 2 });

  it('hold the gains table against the share contacted', () => {
    const spec = liftChart(table);
    faultless(spec);
    expect(spec.data.values).toEqual(
      table.map(({ group, lowestScore, events, lift, cumulativeLift, gain }, i) => ({
        ...{ model: null, group, contacted: [0.5, 1][i], lowestScore, events, lift, cumulativeLift, gain },
      })),
    );
    expect(spec.title.subtitle).toEqual(['Top 50 %: 1.00 times the base rate']);
    faultless(liftChart({ a: table, b: evaluate(actual, p).gains }, { view: 'group' }));
  });

  it('begin the gains at nobody', () => {
    const spec = gainChart(table);
    faultless(spec);
    expect(spec.data.values.map(({ contacted, gain }) => [contacted, gain])).toEqual([
      [0, 0],
      [0.5, 0.5],
      [1, 1],
    ]);
    faultless(gainChart({ a: table, b: table }));
  });

  it('are empty of nothing, and leave a gap for a group without rows', () => {
    faultless(liftChart([]));
    faultless(gainChart([]));
    const more = gainsTable(actual, p, { groups: 8 });
    expect(more.some(({ lift }) => lift === null)).toBe(true);
    faultless(liftChart(more, { view: 'group' }));
  });
});

describe('calibrationChart', () => {
  it('holds the bins, empty ones without figures', () => {
    const table = calibrationTable(actual, p, { bins: 4 });
    const spec = calibrationChart(table);
    faultless(spec);
    expect(spec.data.values).toEqual(table.map((bin) => ({ model: null, ...bin })));
    expect(spec.data.values[2]).toMatchObject({ rows: 0, eventRate: null });
    faultless(calibrationChart({ raw: table, again: table }));
    faultless(calibrationChart([]));
  });
});

describe('profitChart', () => {
  const terms = { value: 200, offerCost: 10, acceptance: 0.3, contactCost: 1 };
  const curve = profitCurve(p, campaignProfit(actual, terms).profit);

  it('holds the curve and its best point, by hand 3 contacts: 56 + 56 − 11', () => {
    const spec = profitChart(curve, { unit: '¥' });
    faultless(spec);
    const points = spec.data.values.filter(({ at }) => at === 'curve');
    expect(points).toEqual(curve.points.map((point) => ({ model: null, at: 'curve', ...point })));
    expect(spec.data.values.at(-1)).toMatchObject({ at: 'best', contacted: 3, cut: 0.35, profit: 101 });
    expect(spec.title.subtitle).toEqual(['Best to contact 75 %, scores from 0.35: 101 ¥']);
  });

  it('compares rankings, and says where no contact pays', () => {
    const spec = profitChart({ points: curve, idle: profitCurve([0.5], [-1]) });
    faultless(spec);
    expect(spec.title.subtitle[1]).toBe('idle: no contact pays');
    faultless(profitChart({}));
  });
});

describe('survivalChart', () => {
  const event = { column: 'left', churned: 'y' } as const;
  const months = [6, 6, 6, 7, 10, 6, 9, 10, 11];
  const left = 'yyyyynnnn'.split('');

  it('holds the steps of the curve from 1 to the end of the watch, by hand 6/9, ·4/5 and ·2/3', () => {
    const result = kaplanMeier({ months, left }, { duration: 'months', event });
    const spec = survivalChart(result, { unit: 'months' });
    faultless(spec);
    const { values } = spec.data;
    const curve = result.curves[0]!;
    expect(values.map(({ time }) => time)).toEqual([0, 6, 7, 10, 11]);
    expect(values.map(({ survival }) => survival.toFixed(4))).toEqual([
      '1.0000',
      '0.6667',
      '0.5333',
      '0.3556',
      '0.3556',
    ]);
    expect(values.slice(1, 4).map(({ lower, upper }) => [lower, upper])).toEqual(
      curve.lower.map((lower, k) => [lower, curve.upper[k]]),
    );
    expect(spec.title.subtitle.slice(0, 2)).toEqual(['Median (months): 10', 'With intervals of 95 %']);
  });

  it('ends the interval upright where survival falls to 0, and tells groups and warnings', () => {
    const plan = ['a', 'a', 'a', 'a', 'a', 'b', 'b', 'b', 'b'];
    const result = kaplanMeier({ months, left, plan }, { duration: 'months', event, group: 'plan' });
    const spec = survivalChart(result);
    faultless(spec);
    const a = spec.data.values.filter(({ group }) => group === 'a');
    expect(a.map(({ time, survival }) => [time, Number(survival.toFixed(12))])).toEqual([
      [0, 1],
      [6, 0.4],
      [7, 0.2],
      [10, 0.2],
      [10, 0],
    ]);
    expect(a.map(({ lower }) => lower === null)).toEqual([false, false, false, false, true]);
    expect(spec.data.values.filter(({ group }) => group === 'b').map(({ survival }) => survival)).toEqual([1, 1]);
    expect(spec.title.subtitle).toEqual(['Median: a 6, b not reached', 'With intervals of 95 %', ...result.warnings]);
    expect(result.warnings.length).toBeGreaterThan(0);
  });

  it('shows the baseline of a Cox model, e to the minus cumulative hazard, without an interval', () => {
    const model = coxRegression({
      ...{ duration: 'months', event, features: ['x'], period: 'month' },
      outputs: [{ quantity: 'relativeRisk' }],
    }).fit({ months, left, x: [1, 0, 2, 1, 0, 1, 0, 0, 2] });
    const spec = survivalChart(model);
    faultless(spec);
    const { time, cumulativeHazard, until } = model.baseline[0]!;
    expect(spec.data.values.map((row) => row.time)).toEqual([0, ...time, ...(until > time.at(-1)! ? [until] : [])]);
    cumulativeHazard.forEach((hazard, k) => {
      expect(spec.data.values[k + 1]!.survival).toBeCloseTo(Math.exp(-hazard), 14);
    });
    expect(spec.data.values.every(({ lower }) => lower === null)).toBe(true);
    faultless(survivalChart({ baseline: [] }));
  });
});
