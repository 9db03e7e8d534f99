import * as arrow from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { textBuffers } from './arrow.test-support.ts';
import { FIRST_DAY, isDay } from './days.ts';
import { formatDay, matches, parseDay, readDays } from './index.ts';

const table = (data: arrow.Data): arrow.Table => new arrow.Table({ x: new arrow.Vector([data]) });
const day = (text: string): number => Date.parse(`${text}T00:00:00Z`) / 86_400_000;

describe('parseDay and formatDay', () => {
  it('agree with Date.parse and toISOString on every day of 1896 to 2104, and at the ends of the calendar', () => {
    const ends = ['0000-01-01', '0000-02-29', '0000-03-01', '0001-01-01', '9999-12-31'];
    for (const text of ends) {
      expect(parseDay(text)).toBe(day(text));
      expect(formatDay(day(text))).toBe(text);
    }
    let wrong = 0;
    for (let d = day('1896-01-01'); d <= day('2104-12-31'); d++) {
      const text = new Date(d * 86_400_000).toISOString().slice(0, 10);
      if (parseDay(text) !== d || formatDay(d) !== text) wrong++;
    }
    expect(wrong).toBe(0);
  });

  it('lie between 0000-01-01 and 9999-12-31', () => {
    expect(FIRST_DAY).toBe(parseDay('0000-01-01'));
    for (const end of [FIRST_DAY, parseDay('9999-12-31')]) expect([end, end + 0.5].map(isDay)).toEqual([true, false]);
    for (const beyond of [FIRST_DAY - 1, parseDay('9999-12-31') + 1, Infinity, -Infinity, Number.NaN])
      expect(isDay(beyond)).toBe(false);
  });

  it('write years beyond four digits as toISOString does', () => {
    for (const d of [2_932_897, -719_529, -800_000, 5_000_000])
      expect(formatDay(d)).toBe(new Date(d * 86_400_000).toISOString().split('T')[0]);
  });

  it('take nothing but yyyy-mm-dd of a day that exists', () => {
    for (const text of [
      '',
      '2024-2-03',
      '2023-02-29',
      '1900-02-29',
      '2024-00-10',
      '2024-13-01',
      '2024-04-31',
      '2024-04-00',
      ' 2024-04-01',
      '2024-04-01T00:00',
      '+02024-04-01',
      '20240401',
      '01.04.2024',
    ])
      expect(parseDay(text)).toBeNaN();
    expect(parseDay('2000-02-29')).toBe(day('2000-02-29'));
  });
});

describe('readDays', () => {
  const dates = ['1969-12-31', '1970-01-01', '2024-02-29'];
  const days = Float64Array.of(-1, 0, day('2024-02-29'));

  it('gives the same days for text, categories, day numbers, Arrow dates, timestamps and dictionaries', () => {
    const { offsets, bytes } = textBuffers(dates);
    const texts = arrow.makeData({ type: new arrow.Utf8(), valueOffsets: offsets, data: bytes });
    const ms = BigInt64Array.from(days, (d) => BigInt(d) * 86_400_000n + 86_399_999n);
    const dictionary = new arrow.Vector([texts]);
    const type = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8(), 0);
    const same = [
      { x: dates },
      { x: { codes: Int32Array.of(1, 0, 2), levels: ['1970-01-01', '1969-12-31', '2024-02-29', 'never used'] } },
      { x: days },
      table(texts),
      table(arrow.makeData({ type, data: Int8Array.of(0, 1, 2), dictionary })),
      table(arrow.makeData({ type: new arrow.DateDay(), data: Int32Array.from(days) })),
      table(arrow.makeData({ type: new arrow.DateMillisecond(), data: ms })),
      table(arrow.makeData({ type: new arrow.TimestampMillisecond(), data: ms })),
      table(arrow.makeData({ type: new arrow.TimestampNanosecond(), data: ms.map((v) => v * 1_000_000n + 999_999n) })),
      table(arrow.makeData({ type: new arrow.Int32(), data: Int32Array.from(days) })),
    ];
    const read = same.map((batch) => readDays(batch, 'x'));
    expect(read[0]).toEqual(Float64Array.of(-1, 0, day('2024-02-29')));
    expect(read[1]).toEqual(Float64Array.of(-1, 0, day('2024-02-29')));
    for (const one of read) expect(one).toEqual(days);
  });

  it('gives NaN for null', () => {
    expect(readDays({ x: [null, '1970-01-02'] }, 'x')).toEqual(Float64Array.of(Number.NaN, 1));
    expect(readDays({ x: [null, 3] }, 'x')).toEqual(Float64Array.of(Number.NaN, 3));
    expect(readDays({ x: [null, null] }, 'x')).toEqual(Float64Array.of(Number.NaN, Number.NaN));
  });

  it('refuses other text, fractions, seconds, milliseconds, yyyymmdd and booleans', () => {
    expect(() => readDays({ x: ['1970-01-02', '2/1/1970'] }, 'x')).toThrow(
      'column "x", row 1: "2/1/1970" is not a date; write yyyy-mm-dd',
    );
    for (const odd of [1.5, 1_700_000_000, 1_700_000_000_000, 20_240_131])
      expect(() => readDays({ x: [0, odd] }, 'x')).toThrow(`column "x", row 1: ${odd} is not a day`);
    expect(() => readDays({ x: [true] }, 'x')).toThrow('column "x" holds booleans where days are needed');
  });
});

describe('conditions on dates', () => {
  it('compare as yyyy-mm-dd, as they do for plain text', () => {
    const data = arrow.makeData({ type: new arrow.DateDay(), data: Int32Array.of(0, 1) });
    expect(matches(table(data), { column: 'x', equals: '1970-01-02' })).toEqual(Uint8Array.of(0, 1));
    expect(matches(table(data), { column: 'x', not: 0 })).toEqual(Uint8Array.of(0, 1));
  });
});
