// The panel against a recomputation from scratch, customer by customer, over random events.
import { describe, expect, it } from 'vitest';
import { formatDay } from '../../columns/index.ts';
import { seededRandom } from '../../numerics/random.ts';
import { type ObserveOptions, observe, observeAccumulator, observeAccumulatorFromJSON } from './index.ts';
import { batchOf, type Event, FIRST, inAnyOrder, randomEvent, randomEvents } from './observe.test-support.ts';

const DATES = [FIRST + 100, FIRST + 130, FIRST + 190];
const options = {
  customer: 'id',
  date: 'day',
  asOf: DATES.map(formatDay),
  end: formatDay(FIRST + 225),
  window: 60,
  gap: 7,
  horizon: 30,
  times: ['recorded'],
  label: { rule: 'inactivity', of: { type: ['call', 'order'] }, fraud: { type: 'arrears', amount: [-12.34, 7.77] } },
  features: [
    { name: 'calls', family: 'count', of: { type: 'call' }, days: 20 },
    { name: 'spend', family: 'sum', column: 'amount' },
    { name: 'level', family: 'level', column: 'amount', of: { type: 'order' } },
    { name: 'since', family: 'daysSince', of: { type: 'complaint' } },
    { name: 'tenure', family: 'tenure' },
    { name: 'owing', family: 'flag', of: { type: 'arrears' }, until: { type: 'order' } },
    { name: 'change', family: 'change', column: 'amount', days: 30 },
    { name: 'slope', family: 'slope', every: 15 },
    { name: 'spread', family: 'variability', column: 'amount', every: 20, empty: 'null' },
    { name: 'toMean', family: 'ratioToMean', every: 10 },
    { name: 'share', family: 'ratio', feature: 'calls', over: 'spend' },
  ],
} as const satisfies ObserveOptions;
const NAMES = options.features.map(({ name }) => name);

type Row = { readonly [name: string]: number | string };

/** The rows of one date, from the definitions. */
function expected(events: readonly Event[], asOf: number): Row[] {
  const used = events.filter(({ id, day }) => id !== null && day <= FIRST + 225);
  return [...new Set(used.map(({ id }) => id!))].sort().flatMap((id) => {
    const own = used.filter((event) => event.id === id);
    const known = own.filter(({ day, recorded }) => day <= asOf && recorded <= asOf);
    const active = ({ type }: Event): boolean => type === 'call' || type === 'order';
    if (!known.some((e) => active(e) && e.day > asOf - 60)) return [];
    const within = (list: readonly Event[], from: number, to: number) =>
      list.filter((e) => e.day > from && e.day <= to);
    const total = (list: readonly Event[]): number => {
      const cents = list.filter(({ amount }) => amount === amount).map(({ amount }) => Math.round(amount * 100));
      return cents.reduce((a, b) => a + b, 0) / 100;
    };
    const of = (type: string) => known.filter((event) => event.type === type);
    const last = (list: readonly Event[]): number => Math.max(...list.map(({ day }) => day));
    const first = Math.min(...known.map(({ day }) => day));
    const priced = of('order').filter(({ amount }) => amount === amount);
    const newest = priced.filter(({ day }) => day === last(priced)).map(({ amount }) => amount);
    const periods = (
      every: number,
      measure: (list: readonly Event[]) => number,
      isEmpty: (list: readonly Event[]) => boolean,
    ) =>
      Array.from({ length: 60 / every }, (_, k) => ({ time: -k, to: asOf - k * every }))
        .filter(({ to }) => to >= first)
        .map(({ time, to }) => ({ time, list: within(known, to - every, to) }))
        .filter(({ list }) => !isEmpty(list))
        .map(({ time, list }) => ({ time, y: measure(list) }));
    const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;
    const counts = periods(
      15,
      (list) => list.length,
      () => false,
    );
    const [tBar, yBar] = [mean(counts.map(({ time }) => time)), mean(counts.map(({ y }) => y))];
    const slope =
      counts.reduce((a, { time, y }) => a + (time - tBar) * (y - yBar), 0) /
      counts.reduce((a, { time }) => a + (time - tBar) ** 2, 0);
    const sums = periods(20, total, (list) => list.every(({ amount }) => amount !== amount)).map(({ y }) => y);
    const deviation = Math.sqrt(sums.reduce((a, y) => a + (y - mean(sums)) ** 2, 0) / (sums.length - 1));
    const tens = periods(
      10,
      (list) => list.length,
      () => false,
    ).map(({ y }) => y);
    const before = total(within(known, asOf - 60, asOf - 30));
    const calls = within(of('call'), asOf - 20, asOf).length;
    const spend = total(within(known, asOf - 60, asOf));
    const to = asOf + 37;
    const fraud = own.some((e) => e.type === 'arrears' && (e.amount === -12.34 || e.amount === 7.77) && e.day <= to);
    const returned = within(own.filter(active), asOf + 7, to).length > 0;
    return [
      {
        customer: id,
        asOf,
        churned: to > FIRST + 225 || fraud ? Number.NaN : returned ? 0 : 1,
        calls,
        spend,
        level: newest.length === 0 ? Number.NaN : Math.max(...newest),
        since: of('complaint').length === 0 ? Number.NaN : asOf - last(of('complaint')),
        tenure: asOf - first,
        owing: of('arrears').length > 0 && !(last(of('order')) > last(of('arrears'))) ? 1 : 0,
        change: before === 0 ? Number.NaN : (total(within(known, asOf - 30, asOf)) - before) / before,
        slope: counts.length < 2 ? Number.NaN : slope,
        spread: sums.length < 2 || mean(sums) === 0 ? Number.NaN : deviation / Math.abs(mean(sums)),
        toMean: tens.length < 2 || mean(tens) === 0 ? Number.NaN : tens[0]! / mean(tens),
        share: spend === 0 ? Number.NaN : calls / spend,
      },
    ];
  });
}

function rowsOf(events: readonly Event[]): Row[] {
  const { columns } = observe(batchOf(events), options);
  return Array.from(columns.asOf, (asOf, row) => ({
    customer: columns.customer.levels[columns.customer.codes[row]!]!,
    asOf,
    churned: columns.churned[row]!,
    ...Object.fromEntries(NAMES.map((name) => [name, columns[name][row]!])),
  }));
}

describe('observe against a recomputation per customer', () => {
  it.each([1, 2, 3, 4, 5, 6])('gives the rows of the definitions (random events %i)', (seed) => {
    const events = randomEvents(seed, 1500, 60, 240);
    const found = rowsOf(events);
    const wanted = DATES.flatMap((asOf) => expected(events, asOf));
    expect(found.length).toBe(wanted.length);
    expect(found.length).toBeGreaterThan(60);
    found.forEach((row, i) => {
      for (const [name, value] of Object.entries(wanted[i]!)) {
        const at = `${row.customer} as of ${row.asOf}: ${name}`;
        if (typeof value === 'string' || Number.isNaN(value)) expect(row[name], at).toBe(value);
        else
          expect(Math.abs((row[name] as number) - value), at).toBeLessThanOrEqual(1e-11 * Math.max(1, Math.abs(value)));
      }
    });
  });
});

describe('leakage', () => {
  const known = (rows: readonly Row[], asOf: number) =>
    rows.filter((row) => row.asOf === asOf).map(({ churned: _, ...features }) => features);

  it('alters no bit of a feature, and no row, when events after the as-of date are altered', () => {
    const random = seededRandom(77);
    for (let trial = 0; trial < 25; trial++) {
      const events = randomEvents(trial, 600, 40, 240);
      const asOf = DATES[trial % 3]!;
      // Events after the date are dropped, replaced and added to at will.
      const later = events
        .filter(({ day, recorded }) => (day > asOf || recorded > asOf) && random.uniform() < 0.5)
        .map(() => ({ ...randomEvent(random, 40, 40), day: asOf + 1 + random.below(60) }));
      const altered = [...events.filter(({ day, recorded }) => !(day > asOf || recorded > asOf)), ...later];
      expect(known(rowsOf(altered), asOf)).toEqual(known(rowsOf(events), asOf));
    }
  });

  it('alters no label when events outside its days are altered, of customers who stay rows', () => {
    const random = seededRandom(78);
    const label = (rows: readonly Row[], asOf: number) =>
      new Map(rows.filter((row) => row.asOf === asOf).map(({ customer, churned }) => [customer, churned]));
    let compared = 0;
    for (let trial = 0; trial < 25; trial++) {
      // Fraud is told by any day up to the label's last one: it is left aside here.
      const events = randomEvents(trial, 600, 40, 240).filter(({ type }) => type !== 'arrears');
      const asOf = DATES[trial % 2]!;
      const inLabel = ({ day }: Event): boolean => day > asOf + 7 && day <= asOf + 37;
      const altered = events.flatMap((event): Event[] => {
        if (inLabel(event)) return [event];
        const other = { ...randomEvent(random, 40, 240), type: 'call' };
        return random.uniform() < 0.3 ? [] : random.uniform() < 0.5 && !inLabel(other) ? [other] : [event];
      });
      const [before, after] = [label(rowsOf(events), asOf), label(rowsOf(altered), asOf)];
      for (const [customer, churned] of after)
        if (before.has(customer)) {
          expect(churned).toBe(before.get(customer));
          compared++;
        }
    }
    expect(compared).toBeGreaterThan(300);
  });
});

describe('observeAccumulator', () => {
  const events = randomEvents(9, 2000, 80, 240);
  const whole = observeAccumulator(options);
  whole.update(batchOf(events));
  const random = seededRandom(5);

  it.each([1, 2, 3, 12])('gives the bits of the whole log from %i stored shards, merged in any order', (count) => {
    for (let trial = 0; trial < 3; trial++) {
      const shards = Array.from({ length: count }, () => [] as Event[]);
      for (const event of inAnyOrder(events, random)) shards[random.below(count)]!.push(event);
      const [first, ...others] = inAnyOrder(shards, random).map((shard) => {
        const accumulator = observeAccumulator(options);
        accumulator.update(batchOf(shard));
        return observeAccumulatorFromJSON(JSON.parse(JSON.stringify(accumulator)));
      });
      for (const other of others) first!.merge(other);
      expect(first!.finish()).toEqual(whole.finish());
      expect(first!.toJSON()).toEqual(whole.toJSON());
    }
  });

  it('goes on after a merge, and does not change what it merged', () => {
    const [a, b] = [observeAccumulator(options), observeAccumulator(options)];
    a.update(batchOf(events.slice(0, 500)));
    b.update(batchOf(events.slice(500, 900)));
    const stored = JSON.stringify(b);
    a.merge(b);
    a.update(batchOf(events.slice(900)));
    expect(a.finish()).toEqual(whole.finish());
    expect(JSON.stringify(b)).toBe(stored);
  });

  it('leaves no trace of a batch it refused', () => {
    const a = observeAccumulator(options);
    expect(() => a.update({ ...batchOf(events.slice(0, 9)), day: events.slice(0, 9).map(() => 0.5) })).toThrow(
      'is not a day',
    );
    expect(a.toJSON()).toEqual(observeAccumulator(options).toJSON());
  });

  it('refuses to merge other options, and itself', () => {
    const a = observeAccumulator(options);
    expect(() => a.merge(observeAccumulator({ ...options, gap: 8 }))).toThrow('gap is 7 here and 8 there');
    expect(() => a.merge(a)).toThrow('both are the same one');
  });

  it.each<[string, (state: { [key: string]: unknown }) => unknown, RegExp]>([
    ['another kind', (s) => Object.assign(s, { kind: 'panel' }), /observe.kind: expected one of "observeAccumulator"/],
    ['a newer version', (s) => Object.assign(s, { version: 2 }), /version 2 cannot be read here/],
    ['bad options', (s) => Object.assign(s.options as object, { window: 0 }), /invalid window: 0/],
    ['ids out of order', (s) => (s.customers as string[]).reverse(), /must not stand after/],
    ['a missing customer', (s) => (s.customers as string[]).pop(), /observe.cells: expected a list of/],
    ['a half count', (s) => ((s.cells as number[][])[0]![2] = 0.5), /observe.cells\[0\]\[2\]: expected a whole number/],
    ['a missing cell', (s) => (s.cells as number[][])[0]!.pop(), /observe.cells\[0\]: expected a list of/],
    [
      'contracts of nobody',
      (s) => (s.contracts as object[][])[0]!.push({ product: '', day: 1, says: 1 }),
      /belong to the rule "ending"/,
    ],
  ])('refuses a state with %s', (_, damage, message) => {
    const state = JSON.parse(JSON.stringify(whole)) as { [key: string]: unknown };
    damage(state);
    expect(() => observeAccumulatorFromJSON(state)).toThrow(message);
  });
});
