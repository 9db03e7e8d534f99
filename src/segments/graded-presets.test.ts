import { describe, expect, it } from 'vitest';
import { crossTable, groupSummary, netContribution } from '../economics/index.ts';
import type { CategoryColumn } from '../model/batch.ts';
import { engine } from '../scoring/engine.ts';
import { averageBalance } from './average-balance.ts';
import { bankLayers } from './bank-layers.ts';
import { customerGrades } from './customer-grades.ts';
import { eligibility } from './eligibility.ts';
import { gridKind } from './grid-kind.ts';
import { pyramid, spendTiers } from './pyramid.ts';
import { threeLevels } from './three-levels.ts';

const { compile, parseModel } = engine({ grid: gridKind });
const names = ({ codes, levels }: CategoryColumn): (string | null)[] => Array.from(codes, (c) => levels[c] ?? null);

describe('threeLevels (S34)', () => {
  const digits = [1, 2, 3].flatMap((v) => [1, 2, 3].flatMap((p) => [1, 2, 3].map((l) => [v, p, l] as const)));
  const everyone = {
    currentValue: digits.map(([v]) => v),
    potentialValue: digits.map(([, p]) => p),
    loyalty: digits.map(([, , l]) => l),
  };

  it('puts one customer of every combination into each of the 27 cells by terciles (S34, by hand: cuts 1⅔ and 2⅓)', () => {
    const model = threeLevels().fit(everyone);
    for (const { cuts } of model.axes) {
      expect(cuts[0]).toBeCloseTo(1 + 2 / 3, 12);
      expect(cuts[1]).toBeCloseTo(2 + 1 / 3, 12);
    }
    expect(model.fit.sizes).toEqual(new Array(27).fill(1));
    const grade = ['', 'low', 'middle', 'high'];
    expect(names(compile(model).score(everyone).columns.segment)).toEqual(
      digits.map((own) => own.map((digit) => grade[digit]).join('-')),
    );
    expect(model.segments[5]!.names).toEqual({
      en: 'Value low, potential middle, loyalty high',
      zh: '价值低、潜力中、忠诚度高',
    });
  });

  it('takes fixed limits per criterion, both sides of them, whichever side is closed (S34, by hand)', () => {
    const cut = { value: { fixed: [100, 500] }, potential: { fixed: [20, 80] }, loyalty: { fixed: [0.5, 0.8] } };
    const batch = {
      currentValue: [100, 101, 500, 501],
      potentialValue: [20, 21, 80, 81],
      loyalty: [0.5, 0.51, 0.8, 0.81],
    };
    const at = (closed: 'left' | 'right') =>
      names(compile(threeLevels({ cut, closed }).fit(batch)).score(batch).columns.segment);
    expect(at('right')).toEqual(['low-low-low', 'middle-middle-middle', 'middle-middle-middle', 'high-high-high']);
    expect(at('left')).toEqual(['middle-middle-middle', 'middle-middle-middle', 'high-high-high', 'high-high-high']);
  });

  it('takes named cells in place of the 27, and refuses a rule without two cuts (S34)', () => {
    const cells = [
      { key: 'core', when: ['high', '*', ['middle', 'high']] },
      { key: 'others', when: 'rest' },
    ] as const;
    const model = threeLevels({ cells, as: 'plan' }).fit(everyone);
    expect(model.fit.sizes).toEqual([6, 21]);
    expect(() => threeLevels({ cut: 'mean' })).toThrow(/3 levels for 1 cuts/);
  });
});

describe('customerGrades (S36)', () => {
  const batch = {
    orders: [0, 0, 1, 1, 3, 9, 1, null],
    total: [null, 9000, 999, 1000, 4999, 5000, null, 5000],
  };
  const model = customerGrades({ cut: { fixed: [1000, 5000] } }).fit(batch);

  it('is potential without a purchase whatever the score, else ordinary, important or VIP (S36, by hand)', () => {
    expect(names(compile(model).score(batch).columns.grade)).toEqual([
      'potential',
      'potential',
      'ordinary',
      'important',
      'important',
      'vip',
      null,
      null,
    ]);
    expect(model.outputs[0]!.levels).toEqual(['potential', 'ordinary', 'important', 'vip']);
    expect(model.segments.map((grade) => grade.names!.zh)).toEqual(['潜在客户', '普通客户', '重要客户', 'VIP客户']);
  });

  it('puts a score equal to a cut below it when closed on the right (S36, by hand)', () => {
    const right = customerGrades({ cut: { fixed: [1000, 5000] }, closed: 'right' }).fit(batch);
    expect(names(compile(right).score({ orders: [1, 1, 1], total: [1000, 5000, 5001] }).columns.grade)).toEqual([
      'ordinary',
      'important',
      'vip',
    ]);
  });

  it('needs a rule with two cuts (S36)', () => {
    expect(() => customerGrades({ cut: 'mean' })).toThrow(/3 levels for 1 cuts/);
    expect(() => customerGrades({} as never)).toThrow(/axis "total": cut/);
  });
});

describe('spendTiers', () => {
  it('puts a spend equal to a limit below it when closed on the right (S38, by hand)', () => {
    const model = spendTiers({ spend: 'spend', newBelow: { column: 'months', below: 3 }, closed: 'right' }).fit({
      spend: [1],
      months: [1],
    });
    const batch = { spend: [300, 301, 500, 1000, 1001], months: [3, 3, 3, 3, 3] };
    expect(names(compile(model).score(batch).columns.tier)).toEqual([
      'ordinary',
      'silver',
      'silver',
      'gold',
      'diamond',
    ]);
  });
});

describe('eligibility (S39)', () => {
  const benefits = [{ benefit: 'airport-lounge', uses: 1, per: 'year' }] as const;
  const log = {
    customer: ['a', 'b', 'c', 'a', 'c', 'd', 'e', 'e', null],
    day: [
      ...['2024-01-11', '2024-01-31', '2024-02-01', '2023-12-15', '2023-06-01', '2023-06-01', '2023-06-01'],
      ...['2024-01-05', '2024-01-01'],
    ],
    balance: [600_000, 1_000_000, 0, 400_000, 500_000, 499_999.99, 900_000, null, 5],
  };
  const january = { from: '2024-01-01', to: '2024-01-31' } as const;

  it('asks for 500,000 on a date, both sides of the limit and of its closedness (S39, by hand)', () => {
    const balance = [499_999.99, 500_000, 500_000.01, null];
    const at = (closed: 'left' | 'right') =>
      names(compile(eligibility({ limit: 500_000, closed }).fit({ balance })).score({ balance }).columns.eligibility);
    expect(at('left')).toEqual(['not-eligible', 'eligible', 'eligible', null]);
    expect(at('right')).toEqual(['not-eligible', 'not-eligible', 'eligible', null]);
  });

  it('averages balances over the days of a window: (10·400,000 + 21·600,000)/31 (S39, by hand)', () => {
    const averages = averageBalance(log, january);
    expect(names(averages.customer)).toEqual(['a', 'b', 'c', 'd', 'e']);
    const [a, b, c, d, e] = averages.averageBalance;
    expect(a).toBeCloseTo((10 * 400_000 + 21 * 600_000) / 31, 8);
    // b has no earlier row, e an unknown balance from 5 January on.
    expect([b, e]).toEqual([Number.NaN, Number.NaN]);
    expect([c, d]).toEqual([500_000, 499_999.99]);
    expect(averageBalance(log, { ...january, before: 'zero' }).averageBalance[1]).toBeCloseTo(1_000_000 / 31, 8);
    const model = eligibility({ balance: 'averageBalance', limit: 500_000 }).fit(averages);
    expect(names(compile(model).score(averages).columns.eligibility)).toEqual([
      'eligible',
      null,
      'eligible',
      'not-eligible',
      null,
    ]);
  });

  it('counts the first and the last day of the window, and no other (S39, by hand)', () => {
    const one = { customer: ['a', 'a', 'a'], day: ['2024-01-01', '2024-01-02', '2024-01-03'], balance: [1, 10, 100] };
    const over = (from: string, to: string) => averageBalance(one, { from, to }).averageBalance[0];
    expect([over('2024-01-02', '2024-01-02'), over('2024-01-01', '2024-01-02')]).toEqual([10, 5.5]);
    expect(over('2024-01-03', '2024-01-04')).toBe(100);
    expect(over('2023-12-31', '2024-01-01')).toBeNaN();
  });

  it('refuses windows and logs that cannot be (S39)', () => {
    const both = { customer: ['a', 'a'], day: ['2024-01-01', '2024-01-01'], balance: [1, 2] };
    expect(() => averageBalance(both, january)).toThrow('customer "a" has two balances on 2024-01-01');
    expect(() => averageBalance(log, { from: '2024-02-01', to: '2024-01-01' })).toThrow(/invalid to/);
    expect(() => averageBalance(log, { from: '1.1.2024', to: '2024-01-01' })).toThrow(/invalid from.*yyyy-mm-dd/);
    expect(() => averageBalance({ ...log, balance: [1] }, january)).toThrow(/balance has 1 rows, customer has 9/);
    expect(() => averageBalance({ customer: ['a'], day: [null], balance: [1] }, january)).toThrow(/day, row 0: null/);
  });

  it('keeps the quota of a benefit as data of the tier, through JSON too (S39)', () => {
    const model = eligibility({ limit: 500_000, benefits }).fit({ balance: [1] });
    expect(parseModel(JSON.parse(JSON.stringify(model)))).toEqual(model);
    expect(model.segments[1]!.benefits).toEqual(benefits);
    expect(() => eligibility({ limit: 1, benefits: [{ benefit: 'x', uses: -1, per: 'year' }] })).toThrow(
      /tiers\[1\]\.benefits\[0\]\.uses/,
    );
  });
});

describe('horizontal and vertical classification (S41)', () => {
  const location = ['east', 'west', 'east', 'north', 'west', null];
  const amount = [10, 95, 60, 40, 100, 70];
  const vertical = (column: string) =>
    pyramid({
      column,
      cut: { fixed: [50, 90] },
      tiers: [{ key: 'C' }, { key: 'B' }, { key: 'A' }],
      as: `${column}Grade`,
    });

  it('gives ordinal grades whose codes rise with amount, credit or position, beside nominal labels (S41, by hand)', () => {
    for (const column of ['amount', 'credit', 'position']) {
      const grade = compile(vertical(column).fit({ [column]: amount })).score({ [column]: amount }).columns[
        `${column}Grade`
      ] as CategoryColumn;
      expect(grade).toEqual({ codes: Int32Array.of(0, 2, 1, 0, 2, 1), levels: ['C', 'B', 'A'] });
    }
    const grade = compile(vertical('amount').fit({ amount })).score({ amount }).columns.amountGrade as CategoryColumn;
    const { counts, rowLevels, columnLevels, nulls } = crossTable(location, grade);
    expect([rowLevels, columnLevels, nulls]).toEqual([['east', 'west', 'north'], ['C', 'B', 'A'], 1]);
    expect(counts).toEqual([
      [1, 1, 0],
      [0, 0, 2],
      [1, 0, 0],
    ]);
  });
});

describe('segments by value contribution or cost (S42)', () => {
  const value = [1000, 900, 500, 100];
  const cost = [950, 100, 50, null];
  const cut = { shareOfCustomers: 0.25 } as const;
  const tiers = [{ key: 'others' }, { key: 'top' }];
  const top = (column: string, values: ArrayLike<number>) => {
    const model = pyramid({ column, cut, tiers }).fit({ [column]: values });
    return names(compile(model).score({ [column]: values }).columns.tier);
  };

  it('takes any column as the basis; net of the cost to serve another customer is the top one (S42, by hand)', () => {
    const net = netContribution(value, cost);
    expect([...net]).toEqual([50, 800, 450, Number.NaN]);
    expect(top('value', value)).toEqual(['top', 'others', 'others', 'others']);
    expect(top('cost', Float64Array.from([950, 100, 50, 0]))).toEqual(['top', 'others', 'others', 'others']);
    expect(top('net', net)).toEqual(['others', 'top', 'others', null]);
    expect(() => netContribution([1], [1, 2])).toThrow(/costToServe has 2 rows/);
  });
});

describe('bankLayers (S43)', () => {
  it('parts customers by assets into basic, middle and high, both sides of each limit (S43, by hand)', () => {
    const assets = [49_999, 50_000, 50_001, 500_000, 500_001];
    const at = (closed: 'left' | 'right') =>
      names(
        compile(bankLayers({ cut: { fixed: [50_000, 500_000] }, closed }).fit({ assets })).score({ assets }).columns
          .layer,
      );
    expect(at('right')).toEqual(['basic', 'basic', 'middle', 'middle', 'high']);
    expect(at('left')).toEqual(['basic', 'middle', 'middle', 'high', 'high']);
  });

  it('has a strategy for each of the three, changeable in parts, and the pyramid’s shares by default (S43)', () => {
    const contribution = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const model = bankLayers({ column: 'contribution', strategies: { high: { budget: 'high' } } }).fit({
      contribution,
    });
    expect(model.fit.sizes).toEqual([5, 3, 2]);
    expect(model.segments.map((layer) => layer.strategy!.actions)).toEqual([
      ['broaden', 'bundle-products'],
      ['points', 'offers'],
      ['personal-service'],
    ]);
    expect(model.segments[2]!.strategy).toMatchObject({ budget: 'high', priority: 1 });
    const layer = compile(model).score({ contribution }).columns.layer;
    expect(groupSummary(layer, { contribution }).map((row) => row.measures.contribution.total)).toEqual([15, 21, 19]);
  });
});
