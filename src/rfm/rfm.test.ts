import { describe, expect, it } from 'vitest';
import { fixture, hasShared, sharedColumns } from '../../fixtures/load.ts';
import type { CategoryColumn } from '../model/batch.ts';
import { seededRandom } from '../numerics/random.ts';
import { engine } from '../scoring/engine.ts';
import { ntile } from './ntile.ts';
import { type RfmOptions, rfm } from './rfm.ts';
import { rfmKind } from './rfm-kind.ts';

const golden = fixture<{
  readonly rfm: {
    readonly customers: { recencyDays: number; frequency: number; monetary: number }[];
    readonly scoring: { readonly quantileRightClosed5: { readonly F: number[] } };
  };
}>('value-golden.json').rfm;
const { compile, parseModel } = engine({ rfm: rfmKind });
const customers = {
  days: golden.customers.map((c) => c.recencyDays),
  orders: golden.customers.map((c) => c.frequency),
  spend: golden.customers.map((c) => c.monetary),
};
const names = ({ codes, levels }: CategoryColumn): (string | null)[] => Array.from(codes, (c) => levels[c] ?? null);
const per = <T>(value: T) => ({ recency: value, frequency: value, monetary: value });
const fit = (options: Partial<RfmOptions<'days', 'orders', 'spend', Record<never, never>>> = {}) =>
  rfm({ recency: 'days', frequency: 'orders', monetary: 'spend', ...options }).fit(customers);

describe('rfm', () => {
  it('reports scores without customers (frequency breaks 1, 1, 2.4, 5.2 leave score 2 empty)', () => {
    const { fit: report } = fit({});
    expect(report.customers.frequency).toEqual(
      [1, 2, 3, 4, 5].map((s) => golden.scoring.quantileRightClosed5.F.filter((x) => x === s).length),
    );
    expect(report.customers.frequency[1]).toBe(0);
    expect(report.warnings).toEqual(['"orders": no customer has frequency score 2, as many values are equal']);
  });

  it('gives equal values equal scores under every rule, whatever the order of the rows', () => {
    const random = seededRandom(2);
    const draw = () => Array.from({ length: 300 }, () => Math.floor(6 * random.uniform()));
    const data = { days: draw(), orders: draw().map((x) => x + 1), spend: draw() };
    const turned = { days: data.days.toReversed(), orders: data.orders.toReversed(), spend: data.spend.toReversed() };
    for (const options of [
      { rule: 'quantile' },
      { rule: 'averageRank' },
      { rule: 'equalWidth' },
      { rule: 'mean' },
      { rule: 'median' },
      { rule: 'quantile', nested: true },
    ] as const) {
      const estimator = rfm({ recency: 'days', frequency: 'orders', monetary: 'spend', ...options });
      const model = estimator.fit(data);
      expect(estimator.fit(turned)).toEqual(model);
      const codes = names(compile(model).score(data).columns.rfmCode);
      const seen = new Map<string, string | null>();
      codes.forEach((code, i) => {
        const row = `${data.days[i]} ${data.orders[i]} ${data.spend[i]}`;
        expect(seen.get(row) ?? code).toBe(code);
        seen.set(row, code);
      });
    }
  });

  it('cuts frequency within each recency score and money within both when nested, as brute force does', () => {
    const random = seededRandom(9);
    const draw = () => Array.from({ length: 400 }, () => Math.floor(1000 * random.uniform()));
    const data = { days: draw(), orders: draw(), spend: draw() };
    const model = rfm({ recency: 'days', frequency: 'orders', monetary: 'spend', scores: 3, nested: true }).fit(data);
    expect(model.measures.map(({ cuts }) => cuts.length)).toEqual([1, 3, 9]);
    const { recencyScore, frequencyScore, monetaryScore } = compile(model).score(data).columns;
    const within = (values: readonly number[], same: (i: number, j: number) => boolean, row: number) => {
      const peers = values.filter((_, j) => same(row, j));
      const own = rfm({ recency: 'a', frequency: 'b', monetary: 'c', scores: 3 }).fit({ a: peers, b: peers, c: peers });
      return own.measures[1]!.cuts[0]!.filter((cut) => values[row]! > cut).length + 1;
    };
    for (let i = 0; i < 400; i += 7) {
      expect(frequencyScore[i]).toBe(within(data.orders, (a, b) => recencyScore[a] === recencyScore[b], i));
      const both = (a: number, b: number) =>
        recencyScore[a] === recencyScore[b] && frequencyScore[a] === frequencyScore[b];
      expect(monetaryScore[i]).toBe(within(data.spend, both, i));
    }
  });

  it('puts a value equal to a cut where `ties` says', () => {
    const rule = per({ fixed: 10 });
    const code = (ties: 'down' | 'up' | 'worse' | 'better') => {
      const model = rfm({ rule, ties }).fit({ daysSinceLast: [1], orders: [1], total: [1] });
      return names(compile(model).score({ daysSinceLast: [10], orders: [10], total: [10] }).columns.rfmCode)[0];
    };
    expect(['down', 'up', 'worse', 'better'].map((ties) => code(ties as 'down'))).toEqual(['211', '122', '111', '222']);
  });

  it('excludes customers without a purchase, or gives them the lowest scores, and keeps them out of the cuts', () => {
    const data = { daysSinceLast: [10, 20, null, null], orders: [3, 1, 0, 2], total: [30, 10, 0, 5] };
    const excluded = rfm({ scores: 2 }).fit(data);
    expect(excluded.measures[1]!.cuts).toEqual([[2]]);
    expect(excluded.fit.rows).toBe(2);
    expect(excluded.fit.warnings).toEqual([
      '1 of 4 rows have a null and took no part in the cuts',
      '1 of 4 rows have no purchase and took no part in the cuts',
    ]);
    const { columns, report } = compile(excluded).score(data);
    expect(names(columns.rfmCode)).toEqual(['222', '111', null, null]);
    expect([...columns.monetaryScore]).toEqual([2, 1, Number.NaN, 1]);
    expect(report.nulls.rfmScore).toEqual({ 'no-purchase': 1, missing: 1 });
    const lowest = compile(rfm({ scores: 2, noPurchase: 'lowest' }).fit(data)).score(data);
    expect(names(lowest.columns.rfmCode)).toEqual(['222', '111', '111', null]);
    expect([...lowest.columns.rfmScore]).toEqual([2, 1, 1, Number.NaN]);
    expect(lowest.report.nulls.recencyScore).toEqual({ missing: 1 });
  });

  it('explains the weighted score by its three parts, which add up to 1e-12', () => {
    const model = fit({ weights: { recency: 1, frequency: 2, monetary: 4 } });
    const { rfmScore } = compile(model).score(customers).columns;
    const { base, terms, contributions } = compile(model).explain(customers, 'rfmScore');
    expect(terms.map((term) => term.name)).toEqual(['days', 'orders', 'spend']);
    rfmScore.forEach((score, i) => {
      expect(Math.abs(contributions.reduce((t, c) => t + c[i]!, base) - score)).toBeLessThan(1e-12);
    });
  });

  it('renames outputs, and parts the code by dashes when a score can exceed 9', () => {
    const model = rfm({ scores: 10, as: { rfmCode: 'cell' } }).fit({
      daysSinceLast: [1, 9],
      orders: [5, 1],
      total: [7, 1],
    });
    expect(names(compile(model).score({ daysSinceLast: [1], orders: [5], total: [7] }).columns.cell)).toEqual([
      '10-10-10',
    ]);
  });

  it('scores the same after a round trip through JSON and in any batches', () => {
    for (const options of [{}, { nested: true }, { empty: 'merge' }, { noPurchase: 'lowest' }] as const) {
      const model = fit(options);
      const parsed = parseModel(JSON.parse(JSON.stringify(model))) as typeof model;
      expect(parsed).toEqual(model);
      const whole = compile(model).score(customers).columns;
      const one = customers.days.flatMap((_, i) => {
        const row = { days: [customers.days[i]!], orders: [customers.orders[i]!], spend: [customers.spend[i]!] };
        return names(compile(parsed).score(row).columns.rfmCode);
      });
      expect(one).toEqual(names(whole.rfmCode));
    }
  });

  it('refuses options and stored models that do not hold together', () => {
    for (const [options, message] of [
      [{ scores: 1 }, /scores/],
      [{ rule: 'ntile' }, /unknown rule "ntile"/],
      [{ rule: { recency: { fixed: [3, 2] } } }, /rule.recency.fixed/],
      [{ frequency: 'total' }, /three columns/],
      [{ as: { rfmCode: 'rfmScore' } }, /repeated/],
      [{ nested: true, empty: 'merge' }, /merge/],
      [{ weights: { recency: 0, frequency: 0, monetary: 0 } }, /weights/],
    ] as const)
      expect(() => rfm(options as never)).toThrow(message);
    expect(() => rfm().fit({ daysSinceLast: [null], orders: [1], total: [1] })).toThrow(/no row has/);
    const model = fit({});
    const broken = (change: object) => () => parseModel({ ...JSON.parse(JSON.stringify(model)), ...change });
    expect(broken({ measures: model.measures.slice(1) })).toThrow(/list of 3/);
    expect(broken({ measures: model.measures.map((m) => ({ ...m, weight: 0 })) })).toThrow(/weight/);
    expect(broken({ measures: model.measures.map((m) => ({ ...m, cuts: [[1], [2]] })) })).toThrow(/measures\[0\]/);
    expect(broken({ outputs: model.outputs.slice(1) })).toThrow(/three inputs and five outputs/);
  });
});

describe('rfm on the CDNOW sample (portraits, section 5)', () => {
  it.skipIf(!hasShared('cdnow-sample.csv'))('gives mean holdout spend by score, frequency score 2 empty', () => {
    const log = sharedColumns('cdnow-sample.csv', ['customer_id', 'date']);
    const end = Date.UTC(1997, 8, 30);
    const table = new Map<string, { last: number; days: Set<number>; total: number; later: number }>();
    (log.date as string[]).forEach((date, i) => {
      const id = (log.customer_id as string[])[i]!;
      const day = Date.parse(date);
      const value = log.value![i] as number;
      const own = table.get(id) ?? { last: 0, days: new Set(), total: 0, later: 0 };
      table.set(id, own);
      if (day > end) own.later += value;
      else {
        own.last = Math.max(own.last, day);
        own.days.add(day);
        own.total += value;
      }
    });
    const list = [...table.values()];
    expect(list.length).toBe(2357);
    const data = {
      daysSinceLast: list.map((c) => (end - c.last) / 864e5),
      orders: list.map((c) => c.days.size),
      total: list.map((c) => c.total),
    };
    const model = rfm().fit(data);
    expect(model.fit.warnings).toEqual(['"orders": no customer has frequency score 2, as many values are equal']);
    expect(model.fit.customers.frequency[0]).toBe(1411);
    const { columns } = compile(model).score(data);
    const means = (scores: Float64Array) =>
      [1, 2, 3, 4, 5].map((score) => {
        const own = list.filter((_, i) => scores[i] === score);
        return own.length ? (own.reduce((t, c) => t + c.later, 0) / own.length).toFixed(1) : '–';
      });
    // The source prints 28.7 for score 4; counted again, apart from this library, it is 28.645.
    expect(means(columns.recencyScore)).toEqual(['7.6', '10.9', '10.9', '28.6', '93.5']);
    expect(means(columns.frequencyScore)).toEqual(['8.3', '–', '27.4', '51.9', '123.3']);
    expect(means(columns.monetaryScore)).toEqual(['5.2', '8.1', '13.3', '24.3', '99.6']);
    // ntile parts the 1,411 identical customers with one order; 2,357 = 5·471 + 2, so tiles 1 and 2 hold 472.
    const tiles = ntile(data.orders, { tiles: 5 });
    const single = tiles.filter((_, i) => data.orders[i] === 1);
    expect([1, 2, 3].map((t) => single.filter((x) => x === t).length)).toEqual([472, 472, 467]);
  });
});
