import { describe, expect, it } from 'vitest';
import { hasShared, sharedColumns } from '../../../fixtures/load.ts';
import { binaryMetrics, logisticRegression, logLoss } from '../../churn/index.ts';
import { takeRows } from '../../columns/index.ts';
import { compile, pipeline } from '../../scoring/index.ts';
import { observe, rollingBacktest, temporalSplit } from './index.ts';

const events = { id: ['a', 'b', 'c'], day: ['2024-01-01', '2024-01-02', '2024-02-02'] };
const options = {
  customer: 'id',
  date: 'day',
  asOf: ['2024-01-31', '2024-02-29', '2024-03-10', '2024-03-31', '2024-04-30'],
  end: '2024-12-31',
  window: 365,
  gap: 1,
  horizon: 29,
  label: { rule: 'inactivity' },
  features: [{ name: 'orders', family: 'count' }],
} as const;
const panel = observe(events, options);
const dateOf = (row: number): number => panel.columns.asOf[row]!;

describe('temporalSplit', () => {
  it('tests on the last date and trains where labels were known by then: asOf + 30 days up to it', () => {
    const split = temporalSplit(panel);
    expect(split).toMatchObject({
      test: '2024-04-30',
      train: ['2024-01-31', '2024-02-29', '2024-03-10', '2024-03-31'],
      overlapping: [],
    });
    expect(split.testRows).toEqual(Int32Array.of(11, 12, 13));
    expect(split.trainRows.length).toBe(11);
  });

  it('leaves dates out whose label reaches beyond the test date by one day', () => {
    const split = temporalSplit(panel, { test: '2024-03-31' });
    // 02-29 + 30 days is 03-30; 03-10 + 30 days is 04-09.
    expect(split).toMatchObject({ train: ['2024-01-31', '2024-02-29'], overlapping: ['2024-03-10'] });
    expect(temporalSplit(observe(events, { ...options, gap: 2 }), { test: '2024-03-31' }).train.length).toBe(2);
    expect(temporalSplit(observe(events, { ...options, gap: 3 }), { test: '2024-03-31' }).train.length).toBe(1);
  });

  it('refuses a test with nothing to train on, an unknown date, and a panel without a label', () => {
    expect(() => temporalSplit(panel, { test: '2024-01-31' })).toThrow(
      'no as-of date to train on for a test as of 2024-01-31',
    );
    expect(() => temporalSplit(panel, { test: '2024-05-01' })).toThrow(
      'no as-of date 2024-05-01: the panel has 2024-01-31',
    );
    const { gap, horizon, label, ...rest } = options;
    expect(() => temporalSplit(observe(events, rest))).toThrow('the panel has no label');
    expect([gap, horizon, label.rule]).toEqual([1, 29, 'inactivity']);
  });
});

describe('rollingBacktest', () => {
  it('tests every date that has enough before it, and never trains on what was not known', () => {
    const splits = rollingBacktest(panel);
    expect(splits.map(({ test, train }) => [test, train.length])).toEqual([
      ['2024-03-10', 1],
      ['2024-03-31', 2],
      ['2024-04-30', 4],
    ]);
    for (const { trainRows, testRows } of splits)
      for (const row of trainRows) expect(dateOf(row) + panel.lookAhead).toBeLessThanOrEqual(dateOf(testRows[0]!));
  });

  it('slides a window of the newest dates, and waits for enough of them', () => {
    expect(rollingBacktest(panel, { atLeast: 2, atMost: 2 }).map(({ train }) => train)).toEqual([
      ['2024-01-31', '2024-02-29'],
      ['2024-03-10', '2024-03-31'],
    ]);
  });

  it('refuses what cannot be done', () => {
    expect(() => rollingBacktest(panel, { atLeast: 5 })).toThrow('has 5 to train on before it');
    expect(() => rollingBacktest(panel, { atLeast: 0 })).toThrow('invalid atLeast: 0');
    expect(() => rollingBacktest(panel, { atLeast: 3, atMost: 2 })).toThrow(
      'invalid atMost: 2; use a whole number not below atLeast, 3',
    );
  });
});

describe('a panel in an estimator', () => {
  it('may not give its label as a feature', () => {
    const fit = () =>
      pipeline([
        logisticRegression({
          label: { column: 'churned', churned: 1, horizon: panel.horizon },
          features: ['orders', 'churned'],
        }),
      ]).fit(panel.columns);
    expect(fit).toThrow(/label/);
  });
});

describe.skipIf(!hasShared('cdnow-sample.csv'))('temporal evaluation on the CDNOW log', () => {
  // All customers came within one quarter, so tenure would stand for the calendar: it is left out.
  it('predicts who will not buy in the next 90 days, on an as-of date the model has not seen', () => {
    const log = sharedColumns('cdnow-sample.csv', ['date']);
    const panel = observe(log, {
      customer: 'customer_id',
      date: 'date',
      asOf: ['1997-09-30', '1997-12-31', '1998-03-31'],
      end: '1998-06-30',
      window: 180,
      horizon: 90,
      label: { rule: 'inactivity' },
      features: [
        { name: 'orders', family: 'count' },
        { name: 'orders90', family: 'count', days: 90 },
        { name: 'spend', family: 'sum', column: 'value' },
        { name: 'sinceLast', family: 'daysSince' },
      ],
    });
    const { train, trainRows, testRows } = temporalSplit(panel);
    expect(train).toEqual(['1997-09-30', '1997-12-31']);
    const rows = (which: Int32Array) => takeRows(panel.columns, which, Object.keys(panel.columns));
    const model = logisticRegression({
      label: { column: 'churned', churned: 1, horizon: panel.horizon },
      features: panel.features,
    }).fit(rows(trainRows));
    expect(model.outputs[0]!.horizon).toEqual({ every: 90, unit: 'day' });
    const test = rows(testRows) as typeof panel.columns;
    const { columns } = compile(model).score(test);
    const metrics = binaryMetrics(test.churned, columns.churnProbability);

    // Counted in the file itself: who bought from 1997-10-03 to 1998-03-31, and who of them did not up to 06-29.
    const buyers = (from: string, to: string): Set<unknown> =>
      new Set([...log.customer_id!].filter((_, row) => log.date![row]! >= from && log.date![row]! <= to));
    const again = buyers('1998-04-01', '1998-06-29');
    const active = [...buyers('1997-10-03', '1998-03-31')];
    expect(metrics.rows).toBe(active.length);
    expect(metrics.events).toBe(active.filter((id) => !again.has(id)).length);

    expect(metrics.rocAuc).toBeGreaterThan(0.7);
    // The share of the lost rises from .600 to .649 between training and test: the level lags, the slope holds.
    expect(Math.abs(metrics.meanProbability - metrics.baseRate)).toBeLessThan(0.08);
    expect(Math.abs(metrics.calibrationSlope! - 1)).toBeLessThan(0.2);
    const constant = logLoss(
      test.churned,
      test.churned.map(() => metrics.baseRate),
    )!;
    expect(metrics.logLoss).toBeLessThan(constant - 0.05);
  });
});
