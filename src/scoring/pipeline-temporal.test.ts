import { describe, expect, it } from 'vitest';
import { logisticRegression, plattCalibration } from '../churn/index.ts';
import { seededRandom } from '../numerics/random.ts';
import { observe } from '../transactions/index.ts';
import { compile, pipeline } from './index.ts';
import { centred, levelMean } from './toy-kinds.test-support.ts';

const dates = ['2024-03-31', '2024-06-30', '2024-09-30', '2024-12-31'];
const asOf = Array.from({ length: 16 }, (_, row) => dates[row >> 2]!);
const group = asOf.map((_, row) => (row % 4 < 2 ? 'a' : 'b'));
const left = [1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0, 0, 1];
const data = { asOf, group, left };
const steps = [
  levelMean({ category: 'group', label: 'left' }),
  centred({ column: 'levelMean', as: 'margin' }),
] as const;
const folds = { rule: 'temporal', lookAhead: 90 } as const;

describe('a pipeline where rows are parted by time', () => {
  it('scores each date by the earlier ones, computed here by brute force, and the first one not at all', () => {
    const { model, heldOut } = pipeline(steps, { folds }).crossFit(data);
    const expected = asOf.map((date, row) => {
      const seen = left.filter((_, i) => asOf[i]! < date && group[i] === group[row]);
      return seen.length === 0 ? Number.NaN : seen.reduce((a, b) => a + b, 0) / seen.length;
    });
    expect([...heldOut.levelMean]).toEqual(expected);
    // The cut is learned from rows that have a held-out score.
    const known = expected.filter((p) => !Number.isNaN(p));
    expect(model.steps[1]).toMatchObject({ mean: known.reduce((a, b) => a + b, 0) / known.length });
    expect([...heldOut.margin].slice(0, 4)).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    expect(model.fit).toMatchObject({
      folds: 3,
      validation: { rule: 'temporal', splits: dates.slice(1).map((date) => `as of ${date}`) },
      heldOut: [{ output: 'levelMean', unjudged: 4, metrics: { rows: 12 } }],
    });
  });

  it('does so unasked where the data carry as-of dates, and not where one is all', () => {
    expect(pipeline(steps).fit(data).fit.validation!.rule).toBe('temporal');
    const { fit } = pipeline(steps).fit({ ...data, asOf: asOf.map(() => dates[0]!) });
    expect([fit.validation!.rule, fit.folds, fit.heldOut[0]!.unjudged]).toEqual(['stratified', 5, 0]);
  });

  it('learns a step behind from rows that have a score, and its own scores from earlier ones of them', () => {
    const random = seededRandom(1);
    const n = 1200;
    const x = Float64Array.from({ length: n }, () => random.uniform());
    const y = x.map((v) => (random.uniform() < 0.2 + 0.6 * v ? 1 : 0));
    const when = Array.from(x, (_, row) => dates[row % 4]!);
    const label = { column: 'y', churned: 1, horizon: { every: 3, unit: 'month' } } as const;
    const chain = pipeline([logisticRegression({ label, features: ['x'] }), plattCalibration({ label })]);
    const ticks: string[] = [];
    const { model, heldOut } = chain.crossFit(
      { x, y, asOf: when },
      { onProgress: (done, total, what) => ticks.push(`${done}/${total} ${what}`) },
    );
    const first = heldOut.churnProbability as Float64Array;
    const second = heldOut.calibratedProbability as Float64Array;
    const nullOf = (scores: Float64Array) => [...new Set(when.filter((_, row) => Number.isNaN(scores[row]!)))].sort();
    expect(nullOf(first)).toEqual([dates[0]]);
    expect(nullOf(second)).toEqual([dates[0], dates[1]]);
    const two = when.map((date) => (date < dates[2]! ? dates[0]! : dates[2]!));
    expect(() => chain.fit({ x, y, asOf: two })).toThrow(/plattCalibration .* add a date, or name folds: { count: 5 }/);
    expect(model.fit.heldOut.map(({ unjudged }) => unjudged)).toEqual([300, 600]);
    // Fitted by hand on the 900 rows with a score.
    const scored = first.map((_, row) => row).filter((row) => !Number.isNaN(first[row]!));
    const platt = plattCalibration({ label }).fit({
      churnProbability: Float64Array.from(scored, (row) => first[row]!),
      y: Float64Array.from(scored, (row) => y[row]!),
    });
    expect(model.steps[1]).toEqual(platt);
    expect(ticks.map((tick) => tick.split(' ')[0])).toEqual(ticks.map((_, i) => `${i}/${i < 5 ? 8 : 7}`));
  });

  it('takes a data set of observe as it is, with its look-ahead', () => {
    const random = seededRandom(3);
    const id: string[] = [];
    const day: number[] = [];
    for (let c = 0; c < 80; c++)
      for (let d = 19_723; d < 20_088; d += 10 + random.below(120)) {
        id.push(`c${c}`);
        day.push(d);
      }
    const panel = observe(
      { id, day },
      {
        customer: 'id',
        date: 'day',
        asOf: ['2024-03-31', '2024-05-31', '2024-07-31', '2024-09-30'],
        end: '2024-12-31',
        window: 90,
        gap: 20,
        horizon: 50,
        label: { rule: 'inactivity' },
        features: [{ name: 'orders', family: 'count' }],
      },
    );
    const chain = pipeline([
      logisticRegression({
        label: { column: 'churned', churned: 1, horizon: panel.horizon },
        features: panel.features,
      }),
    ]);
    // 20 + 50 days reach over the next date, two months later; the horizon of 50 days alone does not.
    expect(chain.fit(panel).fit.validation!.splits).toEqual(['as of 2024-07-31', 'as of 2024-09-30']);
    expect(chain.fit(panel.columns).fit.folds).toBe(3);
    expect(compile(chain.fit(panel)).score({ orders: [1] }).columns.churnProbability.length).toBe(1);
  });

  it('warns of dates among its inputs that run past the as-of date, and refuses cuts that no scored row is left for', () => {
    const seen = asOf.map((_, row) => (row === 5 ? '2024-07-01' : '2024-01-01'));
    const { fit } = pipeline([levelMean({ category: 'seen', label: 'left' })], { folds }).fit({ asOf, seen, left });
    expect(fit.warnings).toContain(
      '"seen" runs past the row\'s as-of date in 1 rows, as in row 5: 2024-07-01 after 2024-06-30; leave it out unless it was known then, such as the end of a contract',
    );
    expect(() => pipeline(steps, { folds, active: { column: 'asOf', equals: '2024-03-31' } }).fit(data)).toThrow(
      'no active row has a held-out score; let later as-of dates be active',
    );
  });

  it('names the fold whose training rows lack a class', () => {
    const label = { column: 'left', churned: 1, horizon: null } as const;
    const once = left.map((_, row) => (row === 5 ? 1 : 0));
    expect(() =>
      pipeline([logisticRegression({ label, features: ['group'] })], { folds: { count: 4 } }).fit({
        group,
        left: once,
      }),
    ).toThrow(/never 1.*\(in the fit that judges fold \d of 4: use fewer folds, or bring more data\)/);
  });
});
