import { describe, expect, it } from 'vitest';
import { formatDay } from '../../columns/index.ts';
import { churnRate } from '../../loyalty/index.ts';
import { seededRandom } from '../../numerics/random.ts';
import { type ChurnRatesOptions, churnRates, type WindowRates } from './index.ts';

type Row = readonly [id: string, day: number, what: string, product: string, paid: number | null, reason?: string];
const batchOf = (rows: readonly Row[]) => ({
  id: rows.map(([id]) => id),
  day: rows.map(([, day]) => day),
  what: rows.map(([, , what]) => what),
  product: rows.map((row) => row[3]),
  paid: rows.map((row) => row[4]),
  reason: rows.map((row) => row[5] ?? null),
});
const options = {
  customer: 'id',
  date: 'day',
  contract: {
    product: 'product',
    starts: { what: 'start' },
    ends: { what: 'end' },
    involuntary: { reason: 'arrears' },
    voluntarySwitch: { reason: 'ported' },
    transferWithin: 5,
  },
  revenue: 'paid',
  cuts: [formatDay(100), formatDay(130)],
  end: formatDay(200),
} as const satisfies ChurnRatesOptions;

describe('churnRates', () => {
  const rows: readonly Row[] = [
    ['stays', 1, 'start', 'tv', 10],
    ['moves', 1, 'start', 'tv', 20],
    ['moves', 110, 'end', 'tv', null],
    ['moves', 112, 'start', 'net', 15],
    ['switches', 1, 'start', 'tv', 30],
    ['switches', 130, 'end', 'tv', null, 'ported'],
    ['owes', 1, 'start', 'net', 40],
    ['owes', 101, 'end', 'net', null, 'arrears'],
    ['returns', 1, 'start', 'net', 50],
    ['returns', 105, 'end', 'net', null],
    ['returns', 120, 'start', 'net', 45],
    ['was', 1, 'start', 'tv', 60],
    ['was', 50, 'end', 'tv', null],
    ['was', 115, 'start', 'tv', 25],
    ['joins', 104, 'start', 'tv', 12],
    ['tries', 104, 'start', 'tv', 12],
    ['tries', 124, 'end', 'tv', null],
    ['gone', 1, 'start', 'tv', 99],
    ['gone', 100, 'end', 'tv', null],
  ];
  const [window] = churnRates(batchOf(rows), options).windows;

  it('counts customers of the firm (worked by hand)', () => {
    expect(window!.firm).toEqual({
      ...{ atStart: 5, atEnd: 5, lost: 3, wonBack: 2, joined: 2, joinedAndLeft: 1 },
      ...{ churnRate: 3 / 5, churnRateOfMean: 3 / 5, netChurnRate: 1 / 5, loyalty: 2 / 5 },
      types: {
        internalTransfer: { lost: 0, rate: 0, revenueRate: 0 },
        involuntary: { lost: 1, rate: 1 / 5, revenueRate: 40 / 150 },
        voluntaryExit: { lost: 1, rate: 1 / 5, revenueRate: 50 / 150 },
        voluntarySwitch: { lost: 1, rate: 1 / 5, revenueRate: 30 / 150 },
      },
      revenue: {
        ...{ atStart: 150, atEnd: 10 + 15 + 45 + 25 + 12, lost: 120, wonBack: 70 },
        ...{ churnRate: 120 / 150, netChurnRate: 50 / 150 },
        // The one who moved pays 5 less: churn of the firm does not show it.
        changeOfKept: -5,
      },
    });
  });

  it('counts products, where a transfer is lost (worked by hand)', () => {
    expect(window!.product).toMatchObject({ atStart: 5, atEnd: 5, lost: 4, wonBack: 2, joined: 3, joinedAndLeft: 1 });
    expect(window!.product.types.internalTransfer).toEqual({ lost: 1, rate: 1 / 5, revenueRate: 20 / 150 });
    expect(window!.products.map(({ product, rates }) => [product, rates.atStart, rates.lost])).toEqual([
      ['net', 2, 2],
      ['tv', 3, 2],
    ]);
  });

  it('gives the rates of churnRate for its counts', () => {
    for (const rates of [window!.firm, window!.product])
      expect(churnRate(rates)).toEqual({
        churnRate: rates.churnRateOfMean,
        netChurnRate: (rates.lost - rates.wonBack) / ((rates.atStart + rates.atEnd) / 2),
        loyalty: 1 - rates.churnRateOfMean!,
      });
    const { lost, atStart, wonBack } = window!.firm;
    expect(churnRate({ lost, atStart, wonBack })).toMatchObject({
      churnRate: window!.firm.churnRate,
      netChurnRate: window!.firm.netChurnRate,
    });
  });

  it('closes windows on the right: an ending on the first cut is before, one on the last is within', () => {
    const at = (day: number): number => {
      const rows: Row[] = [
        ['a', 1, 'start', 'tv', 1],
        ['a', day, 'end', 'tv', null],
      ];
      return churnRates(batchOf(rows), options).windows[0]!.firm.lost;
    };
    expect([100, 101, 130, 131].map(at)).toEqual([0, 1, 1, 0]);
  });

  it('gives what its documentation says', () => {
    const { windows } = churnRates(
      { id: ['a', 'b', 'c', 'b'], day: [0, 0, 0, 20], what: ['on', 'on', 'on', 'off'] },
      {
        ...{ customer: 'id', date: 'day', end: '1970-01-31', cuts: ['1970-01-01', '1970-01-31'] },
        contract: { starts: { what: 'on' }, ends: { what: 'off' } },
      },
    );
    expect(windows[0]!.firm.churnRate).toBe(1 / 3);
  });

  it('gives null rates over nobody, and no revenue without its column', () => {
    const { revenue, ...rest } = options;
    const { firm } = churnRates(batchOf([]), rest).windows[0]!;
    expect(firm).toMatchObject({ atStart: 0, churnRate: null, netChurnRate: null, loyalty: null, revenue: null });
    expect(churnRates(batchOf([]), { ...options, revenue }).windows[0]!.firm.revenue!.churnRate).toBeNull();
  });

  it('counts what it left out, and warns of transfers not known yet', () => {
    const result = churnRates(
      {
        ...batchOf([
          ['a', 1, 'start', 'tv', null],
          ['b', 300, 'start', 'tv', 1],
        ]),
      },
      { ...options, end: formatDay(134) },
    );
    expect(result).toMatchObject({ rows: 2, after: 1, missing: { customer: 0, date: 0, product: 0, revenue: 1 } });
    expect(result.warnings).toEqual([
      'transfers of the last window are known on 1970-05-16, after end 1970-05-15: some may count as lost',
    ]);
  });

  it.each<{ readonly over: object; readonly message: RegExp }>([
    { over: { cuts: ['1970-01-01'] }, message: /name at least two dates/ },
    { over: { cuts: ['1970-01-02', '1970-01-01'] }, message: /cuts: 1970-01-01 must lie after the one before/ },
    { over: { cuts: ['1970-01-02', '1980-01-01'] }, message: /cuts: 1980-01-01 lies after end/ },
    { over: { window: 3 }, message: /unknown option "window"/ },
    { over: { contract: { starts: { what: 'start' } } }, message: /invalid contract.ends/ },
  ])('refuses: $message', ({ over, message }) => {
    expect(() => churnRates(batchOf([]), { ...options, ...over } as ChurnRatesOptions)).toThrow(message);
  });
});

describe('churnRates day by day', () => {
  it.each([1, 2, 4])('counts what a simulation of every day counts (random contracts %i)', (seed) => {
    const random = seededRandom(seed);
    const products = ['tv', 'net'];
    const rows = Array.from({ length: 400 }, (): Row => {
      const product = products[random.below(2)]!;
      const what = random.uniform() < 0.55 ? 'start' : 'end';
      return [`c${random.below(50)}`, random.below(190), what, product, what === 'start' ? random.below(50) : null];
    });
    const cuts = [60, 90, 120, 150];
    const { transferWithin, ...contract } = options.contract;
    const { windows } = churnRates(batchOf(rows), { ...options, contract, cuts: cuts.map(formatDay) });
    /** On which days each customer's product is held; −1 … of the whole firm by `null`. */
    const holds = (id: string, product: string): readonly boolean[] => {
      let on = false;
      return Array.from({ length: 200 }, (_, day) => {
        const says = rows.filter((row) => row[0] === id && row[3] === product && row[1] === day).map((row) => row[2]);
        if (says.includes('start') !== says.includes('end')) on = says.includes('start');
        return on;
      });
    };
    const ids = [...new Set(rows.map(([id]) => id))];
    const contracts = ids.flatMap((id) => products.map((product) => holds(id, product)));
    const firm = ids.map((id) => {
      const [tv, net] = products.map((product) => holds(id, product));
      return tv!.map((on, day) => on || net![day]!);
    });
    const counts = (units: readonly (readonly boolean[])[], from: number, to: number) => {
      let [atStart, atEnd, lost, wonBack, joined, joinedAndLeft] = [0, 0, 0, 0, 0, 0];
      for (const on of units) {
        const first = on.indexOf(true);
        const within = on.slice(from + 1, to + 1);
        if (on[from]) atStart++;
        if (on[to]) atEnd++;
        if (on[from] && within.includes(false)) lost++;
        if (first > from && first <= to) joined++;
        if (first > from && first <= to && !on[to]) joinedAndLeft++;
        if (first >= 0 && first <= from && on[to] && on.slice(from, to).includes(false)) wonBack++;
      }
      return { atStart, atEnd, lost, wonBack, joined, joinedAndLeft };
    };
    const balance = (r: WindowRates): number => r.atStart - r.lost + r.wonBack + r.joined - r.joinedAndLeft;
    expect(transferWithin).toBe(5);
    expect(windows.length).toBe(3);
    windows.forEach((window, i) => {
      expect(window.firm).toMatchObject(counts(firm, cuts[i]!, cuts[i + 1]!));
      expect(window.product).toMatchObject(counts(contracts, cuts[i]!, cuts[i + 1]!));
      for (const rates of [window.firm, window.product]) expect(balance(rates)).toBe(rates.atEnd);
    });
    expect(windows[0]!.firm.lost).toBeGreaterThan(0);
  });
});
