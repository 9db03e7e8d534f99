// Kernels of ids and rows against the loops that stand in for them, and both against a Map and a sort of strings.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { seededRandom } from '../numerics/random.ts';
import { Customers } from './customers.ts';
import { idOrder } from './id-order.ts';
import { encode, IdTexts } from './id-texts.ts';
import { NumberTable } from './number-table.ts';
import { summaryRules } from './summary-rules.ts';
import { TallyMemory } from './tally-memory.ts';
import { TextTable } from './text-table.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});
const ways = [
  ['with WASM', <T>(run: () => T): T => run()],
  [
    'without it',
    <T>(run: () => T): T => {
      vi.stubGlobal('WebAssembly', undefined);
      return run();
    },
  ],
] as const;
const SIZES = [0, 1, 2, 255, 256, 257, 4095, 4096];

/** As the table does, so that numbers can be chosen that begin at one bucket. */
function hashOf(value: number): number {
  const [low, high] = new Uint32Array(Float64Array.of(value).buffer);
  const mixed = (Math.imul(low!, 0x9e3779b1) + high!) | 0;
  return Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) >>> 0;
}

const random = seededRandom(29);
const ODD = [
  ...[0, -0, 1, -1, 0.1, -2.5, 99_999_999, 100_000_000, 4_294_967_295, 4_294_967_296, 2 ** 53 - 1, 2 ** 53, 2 ** 64],
  ...[1e21, 1.7976931348623157e308, 5e-324, -5e-324, 2.2250738585072014e-308, 1e-7, 123_456_789_012_345],
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
];
const crowd: number[] = [];
for (let value = 0; crowd.length < 700; value++) if (hashOf(value) >>> 22 === 1023) crowd.push(value);
const NUMBERS: readonly (readonly [string, () => number])[] = [
  ['odd ones', () => ODD[random.below(ODD.length)]!],
  ['many whole ones', () => random.below(200_000)],
  ['sparse ones, some odd', () => (random.below(50) === 0 ? ODD[random.below(ODD.length)]! : random.below(2 ** 32))],
  ['such as begin at the last buckets', () => crowd[random.below(crowd.length)]!],
  ['of either sign, with fractions', () => (random.below(400_000) - 200_000) / 4],
];

describe.each(ways)('numbers %s', (_, way) => {
  it.each(NUMBERS)('have the places of a Map: %s', (_, draw) => {
    way(() => {
      const table = new NumberTable();
      const places = new Map<number, number>();
      const texts = new IdTexts();
      const wanted: string[] = [];
      for (let round = 0; round < 36; round++) {
        const values = Float64Array.from({ length: round < SIZES.length ? SIZES[round]! : 4096 }, draw);
        const given = values.slice();
        const into = new Int32Array(values.length).fill(77);
        const hold = round % 5 !== 4;
        const fresh: number[] = [];
        const expected = Array.from(values, (value) => {
          if (!Number.isFinite(value)) return -1;
          if (!places.has(value) && hold) {
            places.set(value, places.size);
            fresh.push(value);
          }
          return places.get(value) ?? -2;
        });
        const added = table.takeAll(values, into, hold);
        expect(Array.from(into)).toEqual(expected);
        expect(Array.from(table.added.subarray(0, added), String)).toEqual(fresh.map(String));
        expect(Buffer.from(values.buffer).equals(Buffer.from(given.buffer))).toBe(true);
        expect(table.size).toBe(places.size);
        for (let k = 0; k < added; k++) {
          k = table.pushAdded(texts, k, added);
          if (k === added) break;
          const bytes = new Uint8Array(90);
          texts.push(bytes, 0, encode(String(table.added[k]!), bytes, 0));
        }
        wanted.push(...fresh.map(String));
      }
      expect(texts.strings(Uint32Array.from(wanted, (_, place) => place))).toEqual(wanted);
      for (const value of [...ODD, ...crowd.slice(0, 9), 7.25])
        if (Number.isFinite(value)) expect(table.find(value)).toBe(places.get(value) ?? -2);
    });
  });
});

const letters = (count: number, from: string): string =>
  Array.from({ length: count }, () => from[random.below(from.length)]!).join('');
const TEXTS: readonly (readonly [string, () => string])[] = [
  ['of one length', () => `c${String(random.below(90_000)).padStart(10, '0')}`],
  ['of any length, also none', () => letters(random.below(7), 'ab')],
  ['around 16 and 32 bytes long', () => letters(14 + random.below(5), 'a') + letters(random.below(18), 'ab')],
  ['with a long beginning in common', () => 'x'.repeat(70) + letters(random.below(5), '01')],
  ['with zeros at their ends', () => letters(random.below(20), '\0a')],
  ['of any script', () => letters(random.below(6), 'aé€z')],
  ['alike but for their last bytes', () => `${'k'.repeat(15)}${random.below(70_000)}`],
];

/** Texts one behind the other, as Arrow has them, behind some that are not asked for. */
function column(texts: readonly string[]): { readonly bytes: Uint8Array; readonly offsets: Int32Array } {
  const all = ['before', ...texts].map((text) => new TextEncoder().encode(text));
  const offsets = Int32Array.from({ length: all.length + 1 }, () => 0);
  all.forEach((text, i) => {
    offsets[i + 1] = offsets[i]! + text.length;
  });
  return { bytes: Buffer.concat(all), offsets };
}

describe.each(ways)('texts %s', (_, way) => {
  it.each(TEXTS)('have the places of a Map: %s', (_, draw) => {
    way(() => {
      const texts = new IdTexts();
      const bytes = new Uint8Array(400);
      for (let c = 0; c < 20_000; c++) texts.push(bytes, 0, encode(`other ${c}`, bytes, 0));
      const table = new TextTable(texts);
      const places = new Map(Array.from({ length: 20_000 }, (_, c) => [`other ${c}`, c]));
      for (let round = 0; round < 18; round++) {
        const rows = Array.from({ length: round < SIZES.length ? SIZES[round]! : 4096 }, draw);
        if (round % 3 === 1) rows.fill(`other ${round}`, 0, rows.length >> 3);
        const { bytes: own, offsets } = column(rows);
        const into = new Int32Array(rows.length).fill(77);
        const before = texts.count;
        table.findAll(own, offsets, 1, into);
        const expected = rows.map((text, i) => {
          const known = places.get(text);
          if (known !== undefined) return into[i] === -2 ? -2 : known;
          if (into[i] === -2) {
            table.hold(texts.push(own, offsets[i + 1]!, offsets[i + 2]!));
            places.set(text, texts.count - 1);
            return -2;
          }
          places.set(text, into[i]!);
          return Math.max(before, into[i]!);
        });
        expect(Array.from(into)).toEqual(expected);
        expect(texts.count).toBe(places.size);
      }
      const held = texts.strings(Uint32Array.from(places.values()));
      if (![...places.keys()].some((text) => /[^\0-\x7f]/.test(text))) expect(held).toEqual([...places.keys()]);
      for (const text of [...places.keys()].slice(-50)) {
        const { bytes: own, offsets } = column([text]);
        expect(table.find(own, offsets[1]!, offsets[2]!)).toBe(places.get(text));
      }
    });
  });

  it.each([
    ...TEXTS,
    ['of hexadecimal digits', () => letters(16, '0123456789abcdef')] as const,
    ['with nothing but zeros', () => '\0'.repeat(random.below(30))] as const,
    ['all the same', () => 'same'] as const,
  ])('stand in the order of strings: %s', (_, draw) => {
    way(() => {
      const texts = new IdTexts();
      const all = Array.from({ length: 24_000 }, draw);
      const bytes = new Uint8Array(400);
      for (const text of all) texts.push(bytes, 0, encode(text, bytes, 0));
      for (const places of [
        Uint32Array.from(all, (_, place) => place),
        Uint32Array.from(all, (_, place) => place).filter((place) => place > 100 && place % 7 < 6),
      ]) {
        const expected = Array.from(places).sort((a, b) => (all[a]! < all[b]! ? -1 : all[a]! > all[b]! ? 1 : a - b));
        const { order, repeats } = idOrder(texts, places);
        expect(Array.from(order)).toEqual(expected);
        expect(repeats).toBe(new Set(expected.map((place) => all[place]!)).size < expected.length);
      }
    });
  });
});

describe('rows of the usual kind', () => {
  it('are told alike with WASM and without, whatever stands in a row', () => {
    const rules = summaryRules({ customer: 'id', date: 'day', amount: 'paid', unit: 'day', end: '2024-05-31' });
    const memory = TallyMemory.of([], rules)!;
    const plain = new Customers(rules);
    const days = [
      rules.end,
      rules.end - 1,
      rules.end + 1,
      0,
      -0,
      -1,
      5,
      4.5,
      -(2 ** 33),
      2 ** 33,
      Number.NaN,
      -1 / 0,
      1 / 0,
    ];
    const amounts = [1, 0, -0, -1, 5e-324, 1.7976931348623157e308, 1 / 0, -1 / 0, Number.NaN];
    const customers = [0, 7, -1, -2, 2 ** 31 - 1];
    let usual = 0;
    for (const length of [0, 1, 2, 3, 4, 255, 4095, 4096])
      for (const start of [0, -5, -719_528])
        for (const day of days)
          for (const amount of amounts)
            for (const customer of customers) {
              const at = length > 0 ? random.below(length) : 0;
              const rows = [new Int32Array(length), new Float64Array(length), new Float64Array(length)] as const;
              rows[1].fill(3);
              rows[2].fill(1);
              if (length > 0) [rows[0][at], rows[1][at], rows[2][at]] = [customer, day, amount];
              const told = plain.take(...rows, start);
              expect(memory.takeRows(...rows, start)).toBe(told);
              usual += Number(told);
            }
    expect(usual).toBeGreaterThan(1000);
  });
});
