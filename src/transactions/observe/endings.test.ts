// Contractual labels against the definitions of S75, worked by hand and by brute force over days.
import { describe, expect, it } from 'vitest';
import { formatDay } from '../../columns/index.ts';
import { seededRandom } from '../../numerics/random.ts';
import { type LabelRule, observe, observeAccumulator, observeAccumulatorFromJSON } from './index.ts';
import { inAnyOrder } from './observe.test-support.ts';

type Row = readonly [id: string, day: number, what: string, product: string, reason?: string];
const batchOf = (rows: readonly Row[]) => ({
  id: rows.map(([id]) => id),
  day: rows.map(([, day]) => day),
  what: rows.map(([, , what]) => what),
  product: rows.map(([, , , product]) => product),
  reason: rows.map((row) => row[4] ?? null),
});
const label = {
  rule: 'ending',
  contract: {
    product: 'product',
    starts: { what: 'start' },
    ends: { what: 'end' },
    involuntary: { reason: ['fraud', 'arrears'] },
    voluntarySwitch: { reason: 'ported' },
    transferWithin: 5,
  },
} as const satisfies LabelRule;
/** As of day 100; gap 101 … 110, label 111 … 140, transfers known on 145. */
const options = {
  customer: 'id',
  date: 'day',
  asOf: formatDay(100),
  end: formatDay(400),
  window: 30,
  gap: 10,
  horizon: 30,
  label,
  features: [{ name: 'events', family: 'count' }],
} as const;

function outcome(rows: readonly Row[], over: object = {}) {
  const { columns, report } = observe(batchOf(rows), { ...options, ...over });
  const code = columns.churnType.codes[0];
  return [
    columns.churned[0],
    code === undefined ? undefined : (columns.churnType.levels[code] ?? null),
    report.dates[0]!,
  ] as const;
}

describe('the label of a contract ending (asOf 100, gap 10, horizon 30, transfers within 5 days)', () => {
  const a = (...rows: readonly (readonly [day: number, what: string, product: string, reason?: string])[]): Row[] =>
    rows.map(([day, what, product, reason]) =>
      reason === undefined ? ['a', day, what, product] : ['a', day, what, product, reason],
    );
  it.each<[what: string, rows: Row[], churned: number, type: string | null]>([
    ['keeps who never ends', a([1, 'start', 'tv']), 0, 'none'],
    ['loses who ends on the first day', a([1, 'start', 'tv'], [111, 'end', 'tv']), 1, 'voluntaryExit'],
    ['loses who ends on the last day', a([1, 'start', 'tv'], [140, 'end', 'tv']), 1, 'voluntaryExit'],
    ['keeps who ends the day after', a([1, 'start', 'tv'], [141, 'end', 'tv']), 0, 'none'],
    ['does not know who ends on the last day of the gap', a([1, 'start', 'tv'], [110, 'end', 'tv']), Number.NaN, null],
    ['does not know who ends on the first day of the gap', a([1, 'start', 'tv'], [101, 'end', 'tv']), Number.NaN, null],
    ['tells a switch', a([1, 'start', 'tv'], [120, 'end', 'tv', 'ported']), 1, 'voluntarySwitch'],
    ['tells arrears', a([1, 'start', 'tv'], [120, 'end', 'tv', 'arrears']), 1, 'involuntary'],
    ['tells a transfer', a([1, 'start', 'tv'], [120, 'end', 'tv'], [125, 'start', 'net']), 0, 'internalTransfer'],
    [
      'tells no transfer after six days',
      a([1, 'start', 'tv'], [120, 'end', 'tv'], [126, 'start', 'net']),
      1,
      'voluntaryExit',
    ],
    [
      'tells a transfer to what is held',
      a([1, 'start', 'tv'], [1, 'start', 'net'], [120, 'end', 'tv']),
      0,
      'internalTransfer',
    ],
    [
      'keeps who is cut off one of two products',
      a([1, 'start', 'tv'], [1, 'start', 'net'], [120, 'end', 'tv', 'arrears']),
      0,
      'none',
    ],
    [
      'takes the type of the last product',
      a([1, 'start', 'tv'], [1, 'start', 'net'], [112, 'end', 'tv', 'arrears'], [130, 'end', 'net', 'ported']),
      1,
      'voluntarySwitch',
    ],
    [
      'puts arrears first where two end together',
      a([1, 'start', 'tv'], [1, 'start', 'net'], [130, 'end', 'tv', 'arrears'], [130, 'end', 'net', 'ported']),
      1,
      'involuntary',
    ],
    [
      'takes an ending and a start of one day for a renewal',
      a([1, 'start', 'tv'], [120, 'end', 'tv'], [120, 'start', 'tv']),
      0,
      'none',
    ],
    [
      'keeps who comes back to the product in time',
      a([1, 'start', 'tv'], [120, 'end', 'tv'], [124, 'start', 'tv']),
      0,
      'none',
    ],
    ['passes an ending of nothing over', a([1, 'start', 'tv'], [120, 'end', 'net']), 0, 'none'],
  ])('%s', (_, rows, churned, type) => {
    expect(outcome(rows).slice(0, 2)).toEqual([churned, type]);
  });

  it('has no row for who is gone on the as-of date, and one for who goes the day after', () => {
    expect(outcome(a([1, 'start', 'tv'], [100, 'end', 'tv']))[2]).toMatchObject({ rows: 0, gone: 1, notYet: 0 });
    expect(outcome(a([1, 'start', 'tv'], [101, 'end', 'tv']))[2]).toMatchObject({ rows: 1, unlabelled: { gap: 1 } });
    expect(outcome(a([101, 'start', 'tv']))[2]).toMatchObject({ rows: 0, gone: 0, notYet: 1 });
    expect(outcome(a([100, 'start', 'tv']))[2]).toMatchObject({ rows: 1 });
    expect(outcome(a([100, 'start', 'tv'], [100, 'end', 'tv']))[2]).toMatchObject({ rows: 0, gone: 1 });
  });

  it('does not look ahead for a transfer when it says who is there', () => {
    expect(outcome(a([1, 'start', 'tv'], [99, 'end', 'tv'], [102, 'start', 'net']))[2]).toMatchObject({
      rows: 0,
      gone: 1,
    });
  });

  it('waits with labels until transfers are known', () => {
    const rows = a([1, 'start', 'tv']);
    expect(outcome(rows, { end: formatDay(145) })[0]).toBe(0);
    expect(outcome(rows, { end: formatDay(144) })[0]).toBeNaN();
  });

  it('counts as churned the types that are named; others are competing ends', () => {
    const only = { label: { ...label, churned: ['voluntarySwitch'] } };
    expect(outcome(a([1, 'start', 'tv'], [120, 'end', 'tv', 'ported']), only)[0]).toBe(1);
    expect(outcome(a([1, 'start', 'tv'], [120, 'end', 'tv', 'arrears']), only).slice(0, 2)).toEqual([0, 'involuntary']);
    const transfers = { label: { ...label, churned: ['internalTransfer'] } };
    expect(outcome(a([1, 'start', 'tv'], [120, 'end', 'tv'], [125, 'start', 'net']), transfers)[0]).toBe(1);
  });

  it('keeps fraud out of training', () => {
    const rows = a([1, 'start', 'tv'], [120, 'end', 'tv', 'fraud']);
    expect(outcome(rows).slice(0, 2)).toEqual([1, 'involuntary']);
    const [churned, type, date] = outcome(rows, { label: { ...label, fraud: { reason: 'fraud' } } });
    expect([churned, type, date.unlabelled.fraud]).toEqual([Number.NaN, null, 1]);
  });

  it('counts contracts without a product', () => {
    const rows = batchOf(a([1, 'start', 'tv'], [2, 'start', 'net']));
    const { report } = observe({ ...rows, product: ['tv', null] }, options);
    expect(report.missing.product).toBe(1);
  });
});

const PRODUCTS = ['tv', 'net', 'phone'];
function randomRows(seed: number): readonly Row[] {
  const random = seededRandom(seed);
  return Array.from({ length: 500 }, (): Row => {
    const product = PRODUCTS[random.below(3)]!;
    const id = `c${random.below(60)}`;
    const day = random.below(250);
    if (random.uniform() < 0.55) return [id, day, 'start', product];
    return [id, day, 'end', product, ['arrears', 'ported', 'moved'][random.below(3)]!];
  });
}

/** Who holds what, day by day. */
function held(rows: readonly Row[], last: number): readonly ReadonlySet<string>[] {
  const now = new Set<string>();
  return Array.from({ length: last + 1 }, (_, day) => {
    for (const product of PRODUCTS) {
      const says = rows.filter((row) => row[1] === day && row[3] === product).map((row) => row[2]);
      if (says.includes('start') && !says.includes('end')) now.add(product);
      if (says.includes('end') && !says.includes('start')) now.delete(product);
    }
    return new Set(now);
  });
}

describe('the label of a contract ending, day by day', () => {
  it.each([1, 2, 3, 4])('is what a simulation of every day says (random contracts %i)', (seed) => {
    const rows = randomRows(seed);
    const { columns } = observe(batchOf(rows), options);
    const wanted = [...new Set(rows.map(([id]) => id))].sort().flatMap((id) => {
      const own = rows.filter((row) => row[0] === id);
      const days = held(own, 260);
      if (days[100]!.size === 0) return [];
      const empty = (day: number): boolean =>
        Array.from({ length: 6 }, (_, k) => days[day + k]!.size).every((n) => n === 0);
      const ended = (day: number): string[] => [...days[day - 1]!].filter((product) => !days[day]!.has(product));
      const reasons = (day: number): unknown[] =>
        own.filter((row) => row[1] === day && row[2] === 'end' && ended(day).includes(row[3])).map((row) => row[4]);
      const of = (reasons: readonly unknown[]): string =>
        reasons.includes('arrears') ? 'involuntary' : reasons.includes('ported') ? 'voluntarySwitch' : 'voluntaryExit';
      for (let day = 101; day <= 140; day++)
        if (days[day]!.size === 0 && empty(day)) return [{ id, type: day <= 110 ? null : of(reasons(day)) }];
      const inForceAt100 = (product: string, day: number): boolean =>
        days.slice(100, day).every((on) => on.has(product)) && !days[day]!.has(product);
      for (const product of PRODUCTS)
        for (let day = 111; day <= 140; day++) {
          if (!inForceAt100(product, day)) continue;
          const arrears = own.some((row) => row[1] === day && row[3] === product && row[4] === 'arrears');
          const other = days.slice(day, day + 6).some((on) => [...on].some((held) => held !== product));
          if (other && !arrears) return [{ id, type: 'internalTransfer' }];
        }
      return [{ id, type: 'none' }];
    });
    const found = Array.from(columns.customer.codes, (code, row) => ({
      id: columns.customer.levels[code]!,
      type: columns.churnType.levels[columns.churnType.codes[row]!] ?? null,
    }));
    expect(found).toEqual(wanted);
    expect(new Set(found.map(({ type }) => type)).size).toBeGreaterThanOrEqual(3);
  });

  it('gives the same bits from stored shards merged in any order', () => {
    const random = seededRandom(3);
    const rows = randomRows(8);
    const whole = observeAccumulator(options);
    whole.update(batchOf(rows));
    for (let trial = 0; trial < 5; trial++) {
      const shards = Array.from({ length: 4 }, () => [] as Row[]);
      for (const row of inAnyOrder(rows, random)) shards[random.below(4)]!.push(row);
      const [first, ...others] = shards.map((shard) => {
        const accumulator = observeAccumulator(options);
        accumulator.update(batchOf(shard));
        return observeAccumulatorFromJSON(JSON.parse(JSON.stringify(accumulator)));
      });
      for (const other of others) first!.merge(other);
      expect(first!.finish()).toEqual(whole.finish());
      expect(first!.toJSON()).toEqual(whole.toJSON());
    }
  });
});
