import { type Data, DateDay, Dictionary, Float64, Int32, makeData, Utf8, Vector } from 'apache-arrow';
import { parseDay } from '../columns/days.ts';
import { type FixedArray, grown, Strings, Validity } from './buffers.ts';
import { parseInteger, parseNumber } from './csv-number.ts';

/**
 * How a CSV column is read: `number` and `integer` (whole numbers only) → Float64, `category` → a dictionary of text,
 * `text` → Utf8, `date` (yyyy-mm-dd) → DateDay, days since 1970-01-01.
 */
export type CsvType = 'number' | 'integer' | 'category' | 'text' | 'date';

/** The Arrow type of each {@link CsvType}. */
export interface CsvArrowTypes {
  number: Float64;
  integer: Float64;
  category: Dictionary<Utf8, Int32>;
  text: Utf8;
  date: DateDay;
}

/** Collects the cells of one column. */
export interface ColumnBuilder {
  readonly type: CsvArrowTypes[CsvType];
  /** Takes a cell, or tells what is wrong with it. */
  append(cell: string): string | undefined;
  /** The cells since the last call. */
  finish(): Data;
}

export const BUILDERS: {
  readonly [T in CsvType]: (missing: ReadonlySet<string>, dictionaryId: number) => ColumnBuilder;
} = {
  number: (missing) => fixedBuilder(new Float64(), Float64Array, parseNumber, missing),
  integer: (missing) => fixedBuilder(new Float64(), Float64Array, parseInteger, missing),
  date: (missing) => fixedBuilder(new DateDay(), Int32Array, parseDate, missing),
  text: textBuilder,
  category: categoryBuilder,
};

function parseDate(text: string): number | string {
  const day = parseDay(text);
  return day === day
    ? day
    : "is not a date: write yyyy-mm-dd without a time, list it in `missing`, or declare the column as 'text'";
}

function fixedBuilder(
  type: Float64 | DateDay,
  Values: new (length: number) => FixedArray,
  parse: (text: string) => number | string,
  missing: ReadonlySet<string>,
): ColumnBuilder {
  const validity = new Validity();
  let values = new Values(1024);
  return {
    type,
    append(cell) {
      const text = cell.trim();
      const row = validity.rows;
      if (row === values.length) values = grown(values, Values);
      if (missing.has(text) || missing.has(cell)) validity.push(false);
      else {
        const value = parse(text);
        if (typeof value === 'string') return value;
        values[row] = value;
        validity.push(true);
      }
      return undefined;
    },
    finish() {
      const data = makeData({ type, data: values.slice(0, validity.rows), ...validity.take() } as never) as Data;
      values = new Values(1024);
      return data;
    },
  };
}

function textBuilder(missing: ReadonlySet<string>): ColumnBuilder {
  const type = new Utf8();
  const validity = new Validity();
  let strings = new Strings();
  return {
    type,
    append(cell) {
      const valid = !missing.has(cell);
      validity.push(valid);
      return strings.push(valid ? cell : '')
        ? undefined
        : 'does not fit: a batch holds at most 2 GiB of text, lower `batchRows`';
    },
    finish() {
      const data = makeData({ type, ...strings.buffers(), ...validity.take() });
      strings = new Strings();
      return data;
    },
  };
}

/** All batches share one type; the dictionary only grows, so that a code means the same level in every batch. */
function categoryBuilder(missing: ReadonlySet<string>, dictionaryId: number): ColumnBuilder {
  const type = new Dictionary(new Utf8(), new Int32(), dictionaryId);
  const validity = new Validity();
  const codes = new Map<string, number>();
  const levels = new Strings();
  let column = new Int32Array(1024);
  let dictionary = new Vector([makeData({ type: type.dictionary, ...levels.buffers(), length: 0, nullCount: 0 })]);
  return {
    type,
    append(cell) {
      const row = validity.rows;
      if (row === column.length) column = grown(column, Int32Array) as Int32Array<ArrayBuffer>;
      const valid = !missing.has(cell);
      validity.push(valid);
      if (!valid) return undefined;
      let code = codes.get(cell);
      if (code === undefined) {
        code = codes.size;
        codes.set(cell, code);
        if (!levels.push(cell)) return "does not fit: the levels exceed 2 GiB, declare the column as 'text'";
      }
      column[row] = code;
      return undefined;
    },
    finish() {
      if (dictionary.length !== codes.size)
        dictionary = new Vector([
          makeData({ type: type.dictionary, ...levels.buffers(), length: codes.size, nullCount: 0 }),
        ]);
      const data = makeData({ type, data: column.slice(0, validity.rows), ...validity.take(), dictionary });
      column = new Int32Array(1024);
      return data;
    },
  };
}
