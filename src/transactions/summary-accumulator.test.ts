import { Dictionary, Int32, makeData, makeVector, Table, Utf8, vectorFromArray } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import type { Columns } from '../model/batch.ts';
import { seededRandom } from '../numerics/random.ts';
import { type SummaryAccumulator, summarize, summaryAccumulator, summaryAccumulatorFromJSON } from './index.ts';

const names = { customer: 'id', date: 'day', amount: 'paid' } as const;
const options = {
  ...names,
  unit: 'week',
  start: '2024-01-05',
  calibrationEnd: '2024-03-31',
  end: '2024-05-31',
} as const;
const FIRST = 19723;

interface Row {
  readonly id: string | null;
  readonly day: number;
  readonly paid: number;
}
const random = seededRandom(41);
/** Some rows lie before or after the window, some lack an id or an amount. */
const rows: readonly Row[] = Array.from({ length: 3000 }, () => ({
  id: random.uniform() < 0.02 ? null : `c${Math.floor(random.uniform() ** 2 * 400)}`,
  day: FIRST + random.below(170),
  paid: random.uniform() < 0.02 ? Number.NaN : (random.below(200_000) - 500) / 100,
}));
const batchOf = (part: readonly Row[]): Columns => ({
  id: part.map((row) => row.id),
  day: part.map((row) => row.day),
  paid: part.map((row) => row.paid),
});
function shuffled<T>(list: readonly T[]): T[] {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}
const throughText = (accumulator: SummaryAccumulator): SummaryAccumulator =>
  summaryAccumulatorFromJSON(JSON.parse(JSON.stringify(accumulator)));

/** A log in shards of any sizes, each gathered alone, stored, read and merged in any order. */
function inShards(count: number, how: typeof options & { readonly sameDay: 'merge' | 'separate' }): SummaryAccumulator {
  const shards = Array.from({ length: count }, () => [] as Row[]);
  for (const row of shuffled(rows)) shards[random.below(count)]!.push(row);
  const gathered = shards.map((shard) => {
    const accumulator = summaryAccumulator(how);
    accumulator.update(batchOf(shard));
    return throughText(accumulator);
  });
  const [first, ...others] = shuffled(gathered);
  for (const other of others) first!.merge(other);
  return first!;
}

describe('summaryAccumulator', () => {
  it.each([1, 2, 20])('gives the bits of the whole log from %i stored shards, merged in any order', (count) => {
    for (const sameDay of ['merge', 'separate'] as const) {
      const how = { ...options, sameDay };
      const whole = summaryAccumulator(how);
      whole.update(batchOf(rows));
      for (let trial = 0; trial < 3; trial++) {
        const merged = inShards(count, how);
        expect(merged.finish()).toEqual(summarize(batchOf(rows), how));
        expect(merged.toJSON()).toEqual(whole.toJSON());
      }
    }
  });

  it('goes on after it was stored as if it had not been', () => {
    const half = summaryAccumulator(options);
    half.update(batchOf(rows.slice(0, 1500)));
    const restored = throughText(half);
    restored.update(batchOf(rows.slice(1500)));
    expect(restored.finish()).toEqual(summarize(batchOf(rows), options));
  });

  it('stores a log of no rows', () => {
    const empty = throughText(summaryAccumulator({ ...names, unit: 'day', end: '2024-01-31' }));
    expect(empty.finish().report).toMatchObject({ rows: 0, customers: 0 });
  });

  it('stores the figures of a log worked out by hand', () => {
    const accumulator = summaryAccumulator({ ...names, unit: 'day', end: '1970-01-31', calibrationEnd: '1970-01-10' });
    accumulator.update({ id: ['b', 'a', 'a', 'a'], day: [20, 3, 1, 3], paid: [7, 0.5, 2, 4] });
    expect(accumulator.toJSON()).toEqual({
      kind: 'summaryAccumulator',
      version: 1,
      options: {
        ...{ ...names, unit: 'day', start: null, end: '1970-01-31', calibrationEnd: '1970-01-10' },
        ...{ sameDay: 'merge', nonPositive: 'keep' },
      },
      counts: {
        ...{ rows: 4, before: 0, after: 0, missingCustomer: 0, missingDate: 0, missingAmount: 0 },
        ...{ zero: 0, negative: 0, dropped: 0 },
      },
      customers: ['a', 'b'],
      early: [0, 0],
      orders: [2, 0],
      firstDay: [1, 0],
      lastDay: [3, 0],
      total: [6.5, 0],
      totalRest: [0, 0],
      firstAmount: [2, 0],
      firstAmountRest: [0, 0],
      holdoutOrders: [0, 1],
      holdoutTotal: [0, 7],
      holdoutTotalRest: [0, 0],
      days: [{ page: 0, bits: [0b1010, 2 ** 20] }],
    });
  });

  it.each([
    ['kind', (s) => Object.assign(s, { kind: 'bgNbd' }), 'summary.kind: expected one of "summaryAccumulator"'],
    ['version', (s) => Object.assign(s, { version: 2 }), 'version 2 cannot be read here'],
    ['an unknown key', (s) => Object.assign(s, { more: 1 }), 'unknown key "more"'],
    ['a missing key', (s) => delete (s as { days?: unknown }).days, 'missing key "days"'],
    ['a rule', (s) => Object.assign(s.options, { sameDay: 'x' }), 'summary.options.sameDay'],
    ['a date', (s) => Object.assign(s.options, { end: '2024-02-30' }), 'invalid end'],
    ['a count', (s) => Object.assign(s.counts, { rows: 2.5 }), 'summary.counts.rows'],
    ['too few rows', (s) => Object.assign(s.counts, { rows: 1 }), 'summary.counts: they do not fit'],
    ['a short list', (s) => s.total.pop(), 'summary.total: expected 2 numbers, got 1'],
    ['short days', (s) => s.days[0]!.bits.pop(), 'summary.days[0].bits: expected 2 numbers, got 1'],
    ['a number that is none', (s) => s.total.splice(0, 1, Number.NaN), 'summary.total[0]: expected a finite number'],
    ['ids out of order', (s) => s.customers.reverse(), 'summary.customers[1]: "a" must not stand after b'],
    ['an id twice', (s) => s.customers.splice(1, 1, 'a'), 'summary.customers[1]'],
    ['totals without a purchase', (s) => s.orders.splice(1, 1, 0), 'customer "b": totals without a purchase'],
    ['orders that are no days', (s) => s.orders.splice(0, 1, 3), 'customer "a": days and purchases differ in number'],
    ['a day after the end', (s) => s.lastDay.splice(0, 1, 99), 'customer "a": days outside the window'],
    ['a first day without purchase', (s) => s.firstDay.splice(0, 1, 2), 'customer "a": first or last day is none'],
    ['a page that no date has', (s) => Object.assign(s.days[0]!, { page: 1e6 }), 'summary.days[0].page'],
  ] as readonly [string, (state: Stored) => unknown, string][])(
    'refuses a stored state with a fault: %s',
    (_, break_, message) => {
      const accumulator = summaryAccumulator({ ...names, unit: 'day', end: '1970-01-31' });
      accumulator.update({ id: ['b', 'a', 'a'], day: [20, 3, 1], paid: [7, 0.5, 2] });
      const stored = JSON.parse(JSON.stringify(accumulator)) as Stored;
      break_(stored);
      expect(() => summaryAccumulatorFromJSON(stored)).toThrow(message);
    },
  );
});

interface Stored {
  readonly options: object;
  readonly counts: object;
  readonly customers: string[];
  readonly orders: number[];
  readonly firstDay: number[];
  readonly lastDay: number[];
  readonly total: number[];
  readonly days: { readonly bits: number[] }[];
}

describe('ids', () => {
  // Of each row: the id as text, null for none. Brute force: orders by id.
  const texts = ['7', '-3', '12', 'é', '日本', '😀', '\uE000', '\uFEFFx', '', 'seven', '0', '1e21', '0.5'];
  const cells = Array.from({ length: 9000 }, () =>
    random.uniform() < 0.05 ? null : texts[random.below(texts.length)]!,
  );
  const paid = cells.map(() => 1 + random.below(9));
  const day = cells.map(() => FIRST + random.below(30));
  const end = '2024-03-31';
  const separate = { ...names, unit: 'day', end, sameDay: 'separate' } as const;

  function ordersOf(ids: readonly (string | null)[]): [string, number][] {
    const orders = new Map<string, number>();
    for (const id of ids) if (id !== null) orders.set(id, (orders.get(id) ?? 0) + 1);
    return [...orders].sort(([a], [b]) => (a < b ? -1 : 1));
  }
  function found(batches: readonly Columns[]): [string, number][] {
    const { customer, orders } = summarize(batches, separate).customers;
    return Array.from(customer.codes, (code, row) => [customer.levels[code]!, orders[row]!]);
  }
  const plain = (id: unknown): Columns => ({ id, day, paid }) as Columns;
  const arrow = (id: unknown): Columns => {
    const column = id as ReturnType<typeof vectorFromArray>;
    return new Table({ id: column, day: vectorFromArray(day, new Int32()), paid: vectorFromArray(paid, new Int32()) });
  };
  const coded = (ids: readonly (string | null)[], levels: readonly string[]) => ({
    codes: Int32Array.from(ids, (id) => (id === null ? -1 : levels.lastIndexOf(id))),
    levels,
  });
  const dictionary = (ids: readonly (string | null)[], levels: readonly (string | null)[]) => {
    const codes = Int32Array.from(ids, (id) => Math.max(0, levels.lastIndexOf(id)));
    const type = new Dictionary(new Utf8(), new Int32());
    const bits = new Uint8Array(Math.ceil(ids.length / 64) * 8);
    ids.forEach((id, i) => {
      if (id !== null) bits[i >> 3]! |= 1 << (i & 7);
    });
    const nullCount = ids.filter((id) => id === null).length;
    const entries = vectorFromArray(levels as string[], new Utf8());
    return makeVector(
      makeData({ type, data: codes, length: ids.length, nullBitmap: bits, nullCount, dictionary: entries }),
    );
  };
  const forms: { readonly [form: string]: (ids: readonly (string | null)[]) => Columns } = {
    'plain text': (ids) => plain(ids),
    'a plain dictionary': (ids) => plain(coded(ids, texts)),
    'a plain dictionary with a level twice, and one without rows': (ids) =>
      plain(coded(ids, ['nobody', '7', ...texts])),
    'Arrow text': (ids) => arrow(vectorFromArray(ids as string[], new Utf8())),
    'an Arrow dictionary': (ids) => arrow(dictionary(ids, texts)),
    'an Arrow dictionary with null and a text twice': (ids) =>
      arrow(dictionary(ids, ['日本', null, 'nobody', ...texts])),
    'an Arrow dictionary of ASCII': (ids) =>
      arrow(
        dictionary(
          ids.map((id) => (id !== null && /^[ -~]*$/.test(id) ? id : null)),
          texts.filter((id) => /^[ -~]*$/.test(id)),
        ),
      ),
  };
  const asciiOnly = (form: string, ids: readonly (string | null)[]): readonly (string | null)[] =>
    form.endsWith('ASCII') ? ids.map((id) => (id !== null && /^[ -~]*$/.test(id) ? id : null)) : ids;

  it.each(Object.keys(forms))('are read from %s as counting row by row finds them', (form) => {
    const batch = forms[form]!(cells);
    expect(found([batch])).toEqual(ordersOf(asciiOnly(form, cells)));
    expect(found([batch, batch])).toEqual(ordersOf(asciiOnly(form, [...cells, ...cells])));
  });

  it('are the same customers in whatever form batches bring them', () => {
    for (let trial = 0; trial < 20; trial++) {
      const order = shuffled(Object.keys(forms));
      const all = order.flatMap((form) => asciiOnly(form, cells));
      expect(found(order.map((form) => forms[form]!(cells)))).toEqual(ordersOf(all));
    }
  });

  it('are the texts of numbers, whatever holds these: 7, 7n and "7" are one customer', () => {
    const some = [7, -3, -0, 0.5, 1e21, 12, Number.NaN, Number.POSITIVE_INFINITY];
    const numbers = cells.map(() => some[random.below(some.length)]!);
    const asText = (x: number) => (Number.isFinite(x) ? String(x) : null);
    const whole = numbers.map((x) => (Number.isInteger(x) && Math.abs(x) < 100 ? x : 12));
    const batches = {
      plain: plain(numbers),
      typed: plain(Float64Array.from(numbers)),
      int: plain(Int32Array.from(whole)),
      bigint: plain(whole.map(BigInt)),
      arrow: arrow(vectorFromArray(Float64Array.from(numbers))),
      arrowInt: arrow(vectorFromArray(whole, new Int32())),
      arrowWide: arrow(vectorFromArray(BigInt64Array.from(whole.map(BigInt)))),
      text: plain(cells),
    };
    const brought: { readonly [form: string]: readonly (string | null)[] } = {
      ...{ plain: numbers.map(asText), typed: numbers.map(asText), arrow: numbers.map(asText), text: cells },
      ...{
        int: whole.map(asText),
        bigint: whole.map(asText),
        arrowInt: whole.map(asText),
        arrowWide: whole.map(asText),
      },
    };
    for (const [form, batch] of Object.entries(batches)) expect(found([batch])).toEqual(ordersOf(brought[form]!));
    for (let trial = 0; trial < 10; trial++) {
      const order = shuffled(Object.keys(batches) as (keyof typeof batches)[]);
      expect(found(order.map((form) => batches[form]))).toEqual(ordersOf(order.flatMap((form) => brought[form]!)));
    }
  });

  it('never write into the columns they are read from', () => {
    const id = Float64Array.of(-0, 3, -0);
    summarize({ id, day: [1, 2, 3], paid: [1, 1, 1] }, { ...names, unit: 'day', end });
    expect(Object.is(id[0], -0)).toBe(true);
  });

  it('stop at a code or index that its dictionary lacks', () => {
    const batch = { id: { codes: Int32Array.of(0, 2), levels: ['a', 'b'] }, day: [1, 2], paid: [1, 1] };
    expect(() => summarize(batch, { ...names, unit: 'day', end })).toThrow(
      'column "id", row 1: code 2 is beyond its 2 levels',
    );
    const data = makeData({
      type: new Dictionary(new Utf8(), new Int32()),
      data: Int32Array.of(0, -1),
      length: 2,
      nullCount: 0,
      dictionary: vectorFromArray(['a'], new Utf8()),
    });
    const table = new Table({ id: makeVector(data), day: vectorFromArray([1, 2]), paid: vectorFromArray([1, 1]) });
    expect(() => summarize(table, { ...names, unit: 'day', end })).toThrow('lies outside the dictionary of 1');
  });
});
