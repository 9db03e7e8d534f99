import { Dictionary, Int32, makeData, makeVector, Table, Utf8, type Vector, vectorFromArray } from 'apache-arrow';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Columns, PlainColumn } from '../model/batch.ts';
import { seededRandom } from '../numerics/random.ts';
import { CustomerIds } from './customer-ids.ts';
import { idOrder } from './id-order.ts';
import { summarize, summaryAccumulator, summaryAccumulatorFromJSON } from './index.ts';

const random = seededRandom(7);
const options = { customer: 'id', date: 'day', amount: 'paid', unit: 'day', end: '2024-12-31' } as const;
const DAY = 19723;

/** The ids as strings in order, by way of the bytes that are kept. */
function ordered(ids: readonly string[]): { readonly texts: string[]; readonly repeats: boolean } {
  const customers = new CustomerIds();
  customers.takeLevels(ids);
  const { order, repeats } = idOrder(
    customers.texts,
    Uint32Array.from(ids, (_, place) => place),
  );
  return { texts: customers.texts.strings(order), repeats };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('ids of so many customers that WASM looks them up', () => {
  const some = [
    (k: number) => `c${String(k).padStart(10, '0')}`,
    (k: number) => String(k),
    (k: number) => '-'.repeat(k % 90) + k,
    (k: number) => `é${k}`,
    (k: number) => `😀${k}`,
    (k: number) => `${k}\uD800`,
    (k: number) => 'x'.repeat(k % 1000 === 0 ? 140_000 : 0) + k,
    () => '',
  ];
  const idOf = (k: number): string => some[k % some.length]!(k);
  const order = Array.from({ length: 120_000 }, (_, row) => (row < 60_000 ? row : random.below(70_000)));
  const counted = (ids: readonly (string | number | null)[]): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const id of ids) if (id !== null) counts.set(String(id), (counts.get(String(id)) ?? 0) + 1);
    return counts;
  };
  const found = (id: PlainColumn): Map<string, number> => {
    const rows = (id as { length: number }).length;
    const [day, paid] = [new Float64Array(rows).fill(DAY), new Float64Array(rows).fill(1)];
    const { customers } = summarize({ id, day, paid } as Columns, { ...options, sameDay: 'separate' });
    return new Map(customers.customer.levels.map((level, k) => [level, customers.orders[k]!]));
  };
  const same = (ids: readonly (string | number | null)[], column: PlainColumn): void => {
    const counts = counted(ids);
    const expected = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
    expect([...found(column)]).toEqual(expected);
    vi.stubGlobal('WebAssembly', undefined);
    expect([...found(column)]).toEqual(expected);
    vi.unstubAllGlobals();
  };

  it('are those of a Map, as strings of every kind', () => {
    const ids = order.map((k) => (k % 97 === 0 ? null : idOf(k)));
    same(ids, ids);
  });

  it('are those of a Map, as UTF-8 with nulls', () => {
    const ids = order.map((k) => (k % 97 === 0 ? null : k % some.length === 5 ? `${k}` : idOf(k)));
    const column = vectorFromArray(ids, new Utf8());
    const days = vectorFromArray(ids.map(() => DAY));
    const table = new Table({ id: column, day: days, paid: days });
    const { customers } = summarize(table as unknown as Columns, { ...options, sameDay: 'separate' });
    expect(new Map(customers.customer.levels.map((level, k) => [level, customers.orders[k]!]))).toEqual(counted(ids));
  });

  it('are those of a Map, as numbers: whole, large, small, of either sign', () => {
    const numberOf = (k: number): number => [k, -k, 1e12 + k, k / 7, k * 2 ** 40, 2 ** -1000 * k, k << 12, -0][k % 8]!;
    const ids = order.map(numberOf);
    same(ids, Float64Array.from(ids));
  });

  it('are one customer, whether they came as number or as text', () => {
    const ids = order.map((k, row) => (row % 3 === 0 ? k : String(k)));
    same(ids, ids as unknown as PlainColumn);
    const numbers = Float64Array.from(order);
    const rows = { day: new Float64Array(order.length).fill(DAY), paid: new Float64Array(order.length).fill(1) };
    const log = [
      { id: numbers, ...rows },
      { id: order.map(String), ...rows },
      { id: numbers, ...rows },
    ];
    const { customers } = summarize(log, { ...options, sameDay: 'separate' });
    const counts = counted(order);
    expect(customers.customer.levels.length).toBe(counts.size);
    expect([...customers.orders]).toEqual(customers.customer.levels.map((level) => 3 * counts.get(level)!));
  });
});

describe('ids kept as bytes', () => {
  const letters = [
    'a',
    'b',
    '0',
    '9',
    '~',
    '\0',
    'é',
    '߿',
    'ࠀ',
    '日',
    '퟿',
    '\uD800',
    '\uDFFF',
    '😀',
    '\uE000',
    '\uFFFF',
  ];
  const word = (most: number): string =>
    Array.from({ length: random.below(most + 1) }, () => letters[random.below(letters.length)]!).join('');

  it.each([
    ['of any characters, lone surrogates too', () => word(6)],
    ['with a common beginning longer than a key', () => `${'x'.repeat(40)}${word(3)}`],
    ['that differ only far behind', () => `${word(1)}${'-'.repeat(90)}${random.below(1000)}`],
    ['of many characters each', () => word(200)],
    ['of digits', () => `c${String(random.below(10 ** 9)).padStart(10, '0')}`],
    ['all of one text', () => 'same'],
    ['all empty', () => ''],
  ])('come back in the order of sort(): ids %s', (_, make) => {
    for (const count of [1, 2, 17, 3000]) {
      const ids = Array.from({ length: count }, make);
      const { texts, repeats } = ordered(ids);
      expect(texts).toEqual([...ids].sort());
      expect(repeats).toBe(new Set(ids).size < count);
      expect(ordered([...new Set(ids)].sort())).toEqual({ texts: [...new Set(ids)].sort(), repeats: false });
    }
  });

  it('of numbers are what String makes of them', () => {
    const powers = Array.from({ length: 23 }, (_, k) => 10 ** k);
    const around = [...powers, 2 ** 31, 2 ** 32, 2 ** 53].flatMap((x) => [x - 1, x, x + 1, -x, x / 8]);
    const numbers = [...new Set([...around, 0, 1e-7, 1.5, Number.MAX_VALUE])];
    const ids = new CustomerIds();
    ids.ofNumbers(Float64Array.from(numbers), new Int32Array(numbers.length));
    const places = Uint32Array.from(numbers, (_, place) => place);
    expect(ids.texts.strings(places)).toEqual(numbers.map(String));
  });

  it('are told apart from bytes that are no UTF-8, whichever come first', () => {
    // The two surrogates of 😀 one by one, as no UTF-8 has them: TextDecoder makes six replacement characters of them.
    const bytes = Uint8Array.of(0xf0, 0x9f, 0x98, 0x80, 0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80);
    const column = (valueOffsets: number[], data: Uint8Array): Columns =>
      new Table({
        id: makeVector(makeData({ type: new Utf8(), valueOffsets: Int32Array.from(valueOffsets), data, length: 2 })),
        day: vectorFromArray([DAY, DAY], new Int32()),
        paid: vectorFromArray([1, 2], new Int32()),
      });
    const valid = column([0, 4, 10], bytes);
    const other = column([0, 6, 10], Uint8Array.of(...bytes.subarray(4), ...bytes.subarray(0, 4)));
    const of = (batch: Columns): unknown => summarize(batch, options).customers.customer.levels;
    expect(of(valid)).toEqual(['😀', '\uFFFD'.repeat(6)]);
    expect(of(other)).toEqual(['😀', '\uFFFD'.repeat(6)]);
  });
});

describe('dictionaries from batch to batch', () => {
  const batch = (codes: readonly number[], dictionary: Vector<Utf8>): Columns => {
    const data = Int32Array.from(codes);
    const type = new Dictionary(new Utf8(), new Int32());
    return new Table({
      id: makeVector(makeData({ type, data, length: codes.length, nullCount: 0, dictionary })),
      day: vectorFromArray(
        codes.map((_, row) => DAY + row),
        new Int32(),
      ),
      paid: vectorFromArray(
        codes.map(() => 1),
        new Int32(),
      ),
    });
  };
  const entries = (texts: readonly (string | null)[]): Vector<Utf8> => vectorFromArray(texts as string[], new Utf8());
  const orders = (log: readonly Columns[]): unknown => {
    const { customer, orders } = summarize(log, { ...options, sameDay: 'separate' }).customers;
    return Object.fromEntries(Array.from(customer.codes, (code, row) => [customer.levels[code], orders[row]]));
  };

  it('may change: a code means what its own dictionary says', () => {
    const log = [batch([0, 1, 1], entries(['a', 'b'])), batch([0, 1, 2], entries(['b', 'c', 'a']))];
    expect(orders(log)).toEqual({ a: 2, b: 3, c: 1 });
  });

  it('may grow by deltas, as a stream of record batches has them', () => {
    const first = entries(['a', 'b']);
    const grown = first.concat(entries(['c', 'é']));
    expect(orders([batch([0, 1], first), batch([3, 2, 1], grown), batch([0], first)])).toEqual({
      a: 2,
      b: 2,
      c: 1,
      é: 1,
    });
  });

  it('may hold an entry twice, and null, and entries without rows', () => {
    const log = [batch([0, 2, 3], entries(['a', 'unused', 'a', 'b'])), batch([0, 1, 2], entries([null, 'a', 'b']))];
    expect(orders(log)).toEqual({ a: 3, b: 2 });
  });

  it('may start within the buffer of a longer one', () => {
    expect(orders([batch([0, 1, 1], entries(['x', 'y', 'a', 'b', 'z']).slice(2, 4))])).toEqual({ a: 1, b: 2 });
  });
});

describe('totals by customer', () => {
  /** Orders, first and last day, and a total in whole units, row by row. */
  function byHand(id: Int32Array, day: Float64Array, paid: Float64Array, merge: boolean): unknown[] {
    const rows = new Map<number, number[]>();
    id.forEach((customer, row) => {
      const own = rows.get(customer);
      if (own) own.push(row);
      else rows.set(customer, [row]);
    });
    return [...rows]
      .map(([customer, own]) => [String(customer), own] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([customer, own]) => {
        const days = own.map((row) => day[row]!);
        const total = own.reduce((sum, row) => sum + paid[row]!, 0);
        const least = days.reduce((a, b) => Math.min(a, b));
        const most = days.reduce((a, b) => Math.max(a, b));
        const amounts = own.filter((row) => day[row] === least).map((row) => paid[row]!);
        const first = merge ? amounts.reduce((a, b) => a + b) : amounts.reduce((a, b) => Math.min(a, b));
        const orders = merge ? new Set(days).size : own.length;
        return [customer, orders, least, most, total, orders > 1 ? (total - first) / (orders - 1) : Number.NaN];
      });
  }
  const columns = (log: Columns, sameDay: 'merge' | 'separate'): unknown[] => {
    const { customer, orders, firstDate, lastDate, total, monetaryValue } = summarize(log, {
      ...options,
      sameDay,
    }).customers;
    return Array.from(orders, (o, row) => [
      customer.levels[row],
      o,
      firstDate[row],
      lastDate[row],
      total[row],
      monetaryValue[row],
    ]);
  };

  it.each([
    ['one customer with more rows than wait at once', 1, 40_000, (): number => DAY - random.below(300)],
    ['all rows on one day', 3, 9000, (): number => DAY],
    [
      'customers of several blocks, days before and after 1970 in no order',
      9000,
      60_000,
      (): number => random.below(2000) - 1000,
    ],
  ] as const)('are what adding row by row gives: %s', (_, customers, count, dayOf) => {
    const id = Int32Array.from({ length: count }, () => random.below(customers));
    const day = Float64Array.from({ length: count }, dayOf);
    const paid = Float64Array.from({ length: count }, () => 1 + random.below(50));
    const levels = Array.from({ length: customers }, (_, c) => String(c));
    for (const sameDay of ['merge', 'separate'] as const) {
      const expected = byHand(id, day, paid, sameDay === 'merge');
      expect(columns({ id: { codes: id, levels }, day, paid }, sameDay)).toEqual(expected);
      expect(columns({ id: Float64Array.from(id), day, paid }, sameDay)).toEqual(expected);
    }
  });

  it('are not read from a stored day that 32 bits would turn into another one', () => {
    const log = summaryAccumulator(options);
    log.update({ id: ['a'], day: [DAY], paid: [1] });
    const stored = JSON.parse(JSON.stringify(log));
    stored.firstDay[0] += 2 ** 32;
    expect(() => summaryAccumulatorFromJSON(stored)).toThrow('firstDay');
  });
});
