import { Dictionary, Int32, makeVector, Table, Utf8, vectorFromArray } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { formatDay, parseDay } from '../../columns/index.ts';
import type { Columns } from '../../model/batch.ts';
import { type EventFeature, type ObserveOptions, observe } from './index.ts';

const day = parseDay;
/** Omits from each member of the union. */
type Unnamed = EventFeature extends infer F ? (F extends EventFeature ? Omit<F, 'name'> : never) : never;
const base = {
  customer: 'id',
  date: 'day',
  asOf: '2024-03-31',
  end: '2024-12-31',
  window: 30,
  gap: 5,
  horizon: 10,
  label: { rule: 'inactivity' },
  features: [{ name: 'orders', family: 'count' }],
} as const satisfies ObserveOptions;

/** Days of customer a; b has an event on the as-of date, so that there is always a row. */
function withDays(...days: readonly string[]): Columns {
  return { id: [...days.map(() => 'a'), 'b'], day: [...days, '2024-03-31'] };
}

describe('observe: which days count', () => {
  it.each([
    ['2024-03-02', true, 'the first day of the window of 30 days up to 03-31'],
    ['2024-03-01', false, 'the day before it'],
    ['2024-03-31', true, 'the as-of date'],
    ['2024-04-01', false, 'the day after it'],
  ])('%s is in the window: %s (%s)', (date, inside) => {
    const { columns, report } = observe(withDays(date), base);
    expect(columns.customer.levels.includes('a')).toBe(inside);
    expect(columns.orders[0]).toBe(1);
    expect(report.dates[0]).toMatchObject(
      inside ? { rows: 2, notYet: 0, gone: 0 } : { rows: 1, [date > base.asOf ? 'notYet' : 'gone']: 1 },
    );
  });

  it.each([
    ['2024-04-05', 1, 'the last day of the gap'],
    ['2024-04-06', 0, 'the first day of the label: asOf + gap + 1'],
    ['2024-04-15', 0, 'the last day of the label: asOf + gap + horizon'],
    ['2024-04-16', 1, 'the day after it'],
  ])('an event on %s makes churned %i (%s)', (date, churned) => {
    const { columns } = observe(withDays('2024-03-20', date), base);
    expect([...columns.churned]).toEqual([churned, 1]);
  });

  it('knows labels when their last day is the end of the log, and not a day before', () => {
    const at = (end: string) => observe(withDays('2024-03-20'), { ...base, end });
    expect([...at('2024-04-15').columns.churned]).toEqual([1, 1]);
    const { columns, report } = at('2024-04-14');
    expect([...columns.churned]).toEqual([Number.NaN, Number.NaN]);
    expect(report.dates[0]!.unlabelled).toEqual({ beyondEnd: 2, fraud: 0, gap: 0 });
    expect(report.warnings.at(-1)).toMatch(/no row has a label: it is known 15 days later, after end 2024-04-14/);
  });
});

describe('observe: features (worked by hand)', () => {
  // As of day 100 with a window of 40 days: days 61 … 100.
  const events = {
    id: Array.from({ length: 9 }, () => 'a'),
    day: [30, 61, 70, 70, 85, 92, 95, 100, 101],
    type: ['on', 'call', 'call', 'order', 'call', 'off', 'complaint', 'call', 'call'],
    paid: [1, 2, 4, 8, 16, Number.NaN, 64, 128, 1000],
  };
  const value = (feature: Unnamed): number => {
    const features = [{ ...feature, name: 'x' } as EventFeature];
    const options = { customer: 'id', date: 'day', asOf: formatDay(100), end: formatDay(200), window: 40, features };
    return observe(events, options).columns.x![0]!;
  };

  it.each<[what: string, feature: Unnamed, wanted: number]>([
    ['counts the window', { family: 'count' }, 7],
    ['counts one type', { family: 'count', of: { type: 'call' } }, 4],
    ['counts several types', { family: 'count', of: { type: ['complaint', 'order'] } }, 2],
    ['counts the last 10 days, 91 … 100', { family: 'count', days: 10 }, 3],
    ['adds amounts up and passes a null over', { family: 'sum', column: 'paid' }, 222],
    ['gives 0 as the sum of nothing', { family: 'sum', column: 'paid', of: { type: 'none' } }, 0],
    ['gives the newest level', { family: 'level', column: 'paid', of: { type: 'order' } }, 8],
    ['takes the largest level of one day', { family: 'level', column: 'paid', of: { paid: [4, 8] } }, 8],
    ['finds a level before the window', { family: 'level', column: 'paid', of: { type: 'on' } }, 1],
    ['does not where days are named', { family: 'level', column: 'paid', of: { type: 'on' }, days: 40 }, Number.NaN],
    ['gives days since the last event', { family: 'daysSince', of: { type: 'complaint' } }, 5],
    ['gives null where there is none', { family: 'daysSince', of: { type: 'none' } }, Number.NaN],
    ['gives tenure', { family: 'tenure' }, 70],
    ['gives tenure since a first call', { family: 'tenure', of: { type: 'call' } }, 39],
    ['flags what was ever there', { family: 'flag', of: { type: 'on' } }, 1],
    ['flags what was there in 40 days', { family: 'flag', of: { type: 'on' }, days: 40 }, 0],
    ['ends a flag', { family: 'flag', of: { type: 'on' }, until: { type: 'off' } }, 0],
    ['does not end it by an earlier event', { family: 'flag', of: { type: 'call' }, until: { type: 'on' } }, 1],
    ['gives the change, 3 events after 4', { family: 'change', days: 20 }, (4 - 3) / 3],
    // Totals of periods of 10 days, newest first: days 91 … 100, 81 … 90, 71 … 80, 61 … 70.
    [
      'gives the slope of 192, 16, 0, 14',
      { family: 'slope', column: 'paid', every: 10 },
      (1.5 * 192 + 0.5 * 16 - 0.5 * 0 - 1.5 * 14) / 5,
    ],
    [
      'leaves a period without events out where empty is null',
      { family: 'slope', column: 'paid', every: 10, empty: 'null' },
      // times 0, −1, −3: mean −4/3; totals 192, 16, 14: mean 74
      ((4 / 3) * 118 + (1 / 3) * -58 + (-5 / 3) * -60) / (16 / 9 + 1 / 9 + 25 / 9),
    ],
    [
      'gives the variation of 192, 16, 0, 14',
      { family: 'variability', column: 'paid', every: 10 },
      Math.sqrt((136.5 ** 2 + 39.5 ** 2 + 55.5 ** 2 + 41.5 ** 2) / 3) / 55.5,
    ],
    ['gives the ratio to the own mean', { family: 'ratioToMean', column: 'paid', every: 10 }, 192 / 55.5],
  ])('%s', (_, feature, wanted) => {
    if (Number.isNaN(wanted)) expect(value(feature)).toBeNaN();
    else expect(value(feature)).toBeCloseTo(wanted, 12);
  });

  it('divides features, and gives null over 0', () => {
    const { columns, features } = observe(events, {
      ...{ customer: 'id', date: 'day', asOf: formatDay(100), end: formatDay(200), window: 40 },
      features: [
        { name: 'calls', family: 'count', of: { type: 'call' } },
        { name: 'all', family: 'count' },
        { name: 'none', family: 'count', of: { type: 'none' } },
        { name: 'share', family: 'ratio', feature: 'calls', over: 'all' },
        { name: 'odd', family: 'ratio', feature: 'calls', over: 'none' },
      ],
    });
    expect(columns.share[0]).toBe(4 / 7);
    expect(columns.odd[0]).toBeNaN();
    expect(features).toEqual(['calls', 'all', 'none', 'share', 'odd']);
  });

  it('leaves periods out that ended before the customer came, and needs two', () => {
    const at = (first: number): number => {
      const { columns } = observe(
        { id: ['a', 'a'], day: [first, 100] },
        {
          ...{ customer: 'id', date: 'day', asOf: formatDay(100), end: formatDay(100), window: 40 },
          features: [{ name: 'x', family: 'ratioToMean', every: 10 }],
        },
      );
      return columns.x[0]!;
    };
    expect(at(81)).toBe(1); // 1 and 1
    expect(at(80)).toBe(1.5); // 1, 0 and 1
    expect(at(91)).toBeNaN();
  });
});

describe('observe: the panel', () => {
  const events = {
    id: ['b', 'a', 'b', 'c', 'a', 'a', 'x'],
    day: ['2024-01-10', '2024-01-20', '2024-02-20', '2024-02-25', '2024-02-27', '2024-03-05', '2025-02-01'],
  };
  const options = { ...base, asOf: ['2024-02-29', '2024-01-31'] } as const;

  it('stacks as-of dates, oldest first, and gives each customer one code for grouped folds', () => {
    const panel = observe(events, options);
    expect(panel.asOf).toEqual(['2024-01-31', '2024-02-29']);
    expect([...panel.columns.asOf].map(formatDay)).toEqual([
      '2024-01-31',
      '2024-01-31',
      '2024-02-29',
      '2024-02-29',
      '2024-02-29',
    ]);
    expect(panel.columns.customer.levels).toEqual(['a', 'b', 'c']);
    expect([...panel.columns.customer.codes]).toEqual([0, 1, 0, 1, 2]);
    expect([...panel.columns.churned]).toEqual([1, 1, 1, 1, 1]);
    expect(panel.labels).toEqual(['churned']);
    expect(panel.horizon).toEqual({ every: 10, unit: 'day' });
    expect(panel.lookAhead).toBe(15);
  });

  it('tells where every event and every customer went', () => {
    const { report } = observe(events, options);
    expect(report).toMatchObject({ rows: 7, used: 6, after: 1, missing: { customer: 0, date: 0 }, customers: 3 });
    expect(report.dates).toMatchObject([
      { asOf: '2024-01-31', rows: 2, notYet: 1, gone: 0, later: 4, late: 0, churned: 2, kept: 0 },
      { asOf: '2024-02-29', rows: 3, notYet: 0, gone: 0, later: 1, late: 0, churned: 3, kept: 0 },
    ]);
    expect(report.warnings).toEqual([
      'the window as of 2024-01-31 begins on 2024-01-02, before the first event of all on 2024-01-10',
    ]);
  });

  it('equals the panels of its dates alone', () => {
    const both = observe(events, options);
    const alone = options.asOf.toSorted().map((asOf) => observe(events, { ...options, asOf }));
    expect([...both.columns.orders]).toEqual(alone.flatMap(({ columns }) => [...columns.orders]));
    expect(both.report.dates).toEqual(alone.flatMap(({ report }) => report.dates));
  });

  it('has no label without a rule, for customers who are to be scored', () => {
    const { gap, horizon, label, ...rest } = base;
    const panel = observe(events, { ...rest, asOf: '2024-02-29', end: '2024-02-29' });
    expect(Object.keys(panel.columns)).toEqual(['customer', 'asOf', 'orders']);
    expect([panel.labels, panel.horizon, panel.report.dates[0]!.churned]).toEqual([[], null, 0]);
    expect([gap, horizon, label.rule]).toEqual([5, 10, 'inactivity']);
  });

  it('keeps customers with fraud by the last day of the label out of training', () => {
    const at = (date: string) =>
      observe(
        { id: ['a', 'a'], day: ['2024-03-20', date], type: ['order', 'fraud'] },
        { ...base, label: { rule: 'inactivity', of: { type: 'order' }, fraud: { type: 'fraud' } } },
      );
    expect(at('2024-04-15').columns.churned[0]).toBeNaN();
    expect(at('2024-04-15').report.dates[0]!.unlabelled.fraud).toBe(1);
    expect(at('2024-04-16').columns.churned[0]).toBe(1);
  });

  it('leaves events out of features whose other times lie after the as-of date, or refuses them', () => {
    const late = { id: ['a', 'a'], day: ['2024-03-20', '2024-03-30'], settled: ['2024-03-31', '2024-04-01'] };
    const options = { ...base, times: ['settled'] } as const;
    const { columns, report } = observe(late, options);
    expect(columns.orders[0]).toBe(1);
    expect(report.dates[0]).toMatchObject({ late: 1, later: 0 });
    expect(report.warnings).toContainEqual(
      expect.stringMatching(
        /^as of 2024-03-31 the features do not see 1 events up to it: "settled" runs past that date/,
      ),
    );
    expect(() => observe(late, { ...options, late: 'refuse' })).toThrow(
      'row 1: an event of 2024-03-30 has a time of 2024-04-01, after the as-of date 2024-03-31',
    );
  });

  it('reads Arrow tables of several chunks as plain columns, dictionaries with unused levels too', () => {
    const ids = vectorFromArray(['b', 'a', 'b'], new Dictionary(new Utf8(), new Int32()));
    const one = new Table({ id: ids, day: makeVector(Int32Array.from([19_800, 19_810, 19_812])) });
    const table = one.slice(1).concat(one.slice(0, 1));
    const options = { ...base, asOf: formatDay(19_811), window: 10 };
    const plain = observe({ id: ['b', 'a', 'b'], day: [19_800, 19_810, 19_812] }, options);
    expect(observe(table, options)).toEqual(plain);
    expect(plain.columns.customer.levels).toEqual(['a']);
  });

  it('copes with batches in which a column is null throughout', () => {
    const batches = [
      { id: ['a'], day: ['2024-03-20'], type: [null] },
      { id: ['a'], day: ['2024-03-21'], type: ['call'] },
    ];
    const { columns } = observe(batches, {
      ...base,
      features: [{ name: 'calls', family: 'count', of: { type: 'call' } }],
    });
    expect(columns.calls[0]).toBe(1);
  });

  it('gives what its documentation says', () => {
    const { columns } = observe(
      { id: ['a', 'b', 'a', 'b', 'a'], day: ['2024-01-05', '2024-01-20', '2024-01-30', '2024-01-31', '2024-02-10'] },
      {
        ...{ customer: 'id', date: 'day', asOf: '2024-01-31', window: 30, horizon: 28, end: '2024-02-28' },
        label: { rule: 'inactivity' },
        features: [
          { name: 'orders', family: 'count' },
          { name: 'quiet', family: 'daysSince' },
        ],
      },
    );
    expect([columns.orders, columns.quiet, columns.churned].map((column) => [...column])).toEqual([
      [2, 2],
      [1, 0],
      [0, 1],
    ]);
  });

  it('gives an empty panel for no events', () => {
    const { columns, report } = observe({ id: [], day: [] }, base);
    expect([columns.orders.length, columns.customer.levels, report.customers]).toEqual([0, [], 0]);
  });
});

describe('observe refuses', () => {
  const feature = (over: object) => ({ features: [{ name: 'x', family: 'count', ...over }] });
  const ending = (over: object) => ({
    label: { rule: 'ending', contract: { starts: { type: 'on' }, ends: { type: 'off' }, ...over } },
  });
  it.each<{ readonly options: object; readonly message: RegExp }>([
    { options: { asOf: '31.3.2024' }, message: /invalid asOf: "31.3.2024"; write a date/ },
    { options: { asOf: [] }, message: /invalid asOf: name at least one date/ },
    { options: { asOf: ['2024-01-01', '2024-01-01'] }, message: /asOf 2024-01-01 is given twice/ },
    { options: { asOf: '2025-01-01' }, message: /asOf 2025-01-01 lies after end 2024-12-31/ },
    { options: { end: undefined }, message: /invalid end: undefined/ },
    { options: { window: 0 }, message: /invalid window: 0; use a whole number of days from 1 on/ },
    { options: { gap: -1 }, message: /invalid gap: -1/ },
    { options: { horizon: undefined }, message: /invalid horizon: undefined/ },
    { options: { label: undefined }, message: /horizon and gap belong to a label/ },
    {
      options: { label: { rule: 'silence' } },
      message: /invalid label.rule: "silence"; use one of inactivity, ending/,
    },
    { options: { label: { rule: 'inactivity', off: {} } }, message: /label: unknown option "off"/ },
    { options: { label: { rule: 'inactivity', of: {} } }, message: /invalid label.of: name a column/ },
    { options: { horizn: 3 }, message: /unknown option "horizn"; known are customer/ },
    { options: { features: [{ family: 'count' }] }, message: /invalid features: name/ },
    { options: feature({ family: 'median' }), message: /feature "x": family/ },
    { options: feature({ day: 3 }), message: /feature "x": unknown option "day"; known are name, family, of, days/ },
    { options: feature({ days: 31 }), message: /feature "x" looks 31 days back, the window has 30/ },
    { options: feature({ family: 'change', days: 16 }), message: /feature "x" looks 32 days back/ },
    { options: feature({ family: 'slope', every: 7 }), message: /30 days are not two or more periods of 7/ },
    { options: feature({ family: 'slope', every: 30 }), message: /30 days are not two or more periods of 30/ },
    {
      options: feature({ family: 'slope', every: 10, empty: 'skip' }),
      message: /empty: "skip"; use one of zero, null/,
    },
    { options: feature({ family: 'sum' }), message: /feature "x": column/ },
    { options: feature({ family: 'flag' }), message: /name its events in "of"/ },
    { options: feature({ family: 'ratio', feature: 'y', over: 'x' }), message: /no feature "y" stands before it/ },
    { options: feature({ of: { type: [] } }), message: /invalid feature "x": of.type/ },
    { options: feature({ name: 'churned' }), message: /feature "churned": the data set has a column of that name/ },
    {
      options: { features: [...feature({}).features, ...feature({}).features] },
      message: /feature "x" is given twice/,
    },
    { options: ending({ ends: undefined }), message: /invalid label.contract.ends/ },
    { options: ending({ transferWithin: 30 }), message: /name their column in product/ },
    { options: ending({ winback: 3 }), message: /label.contract: unknown option "winback"/ },
    { options: { late: 'drop' }, message: /invalid late: "drop"/ },
    {
      options: { asOf: Array.from({ length: 60_000 }, (_, i) => formatDay(i - 50_000)) },
      message: /cells to a customer/,
    },
  ])('$message', ({ options, message }) => {
    expect(() => observe(withDays(), { ...base, ...options } as unknown as ObserveOptions)).toThrow(message);
  });

  it('days as amounts', () => {
    const table = new Table({
      id: vectorFromArray(['a']),
      day: makeVector(Int32Array.from([day('2024-03-01')])),
      due: vectorFromArray([new Date('2024-05-01')]),
    });
    const features = [{ name: 'x', family: 'sum', column: 'due' }] as const;
    expect(() => observe(table, { ...base, features })).toThrow('column "due" holds days, no amounts');
  });

  it('columns that are not there, by name', () => {
    expect(() => observe({ id: ['a'], when: [1] }, base)).toThrow('unknown column "day"');
  });
});
