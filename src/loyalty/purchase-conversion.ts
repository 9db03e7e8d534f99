import { readCategories, readDays } from '../columns/index.ts';
import { fail } from '../errors.ts';
import type { PlainColumn } from '../model/batch.ts';
import { knownOptions } from '../model/options.ts';
import { type Proportion, proportion } from './proportion.ts';
import { checkLevel } from './survey-scores.ts';

export interface PurchaseConversionOptions {
  /** The second purchase must come within so many days of the first: day first + within still counts. */
  readonly within: number;
  /** Last day of the log: ISO text or whole days since 1970-01-01. */
  readonly end: string | number;
  /** Customers whose first purchase lies before this day are left out: of an older log it may not be their first. */
  readonly start?: string | number;
  /** Two-sided coverage. Default .95. */
  readonly level?: number;
}

/** `n` customers were watched for the whole window, `successes` of them bought again within it. */
export interface PurchaseConversion extends Proportion {
  /** Customers whose window ends after `end`: left out, whether they have bought again or not. */
  readonly tooRecent: number;
  /** Customers left out for a first purchase before `start`. */
  readonly tooEarly: number;
  /** Rows with a null, and rows after `end`. */
  readonly nulls: number;
  readonly after: number;
}

/**
 * First-to-second purchase conversion (S72): of the customers watched for `within` days after their first purchase, the
 * share that bought again in that time, with Wilson's interval. A second purchase is one on a later day. Whoever came too
 * late to be watched for the whole window is left out even when he has bought again: counting only those would be biased.
 *
 * @param log purchases, one row each, in any order
 * @throws invalid-option; invalid-value for a cell that is not a day; wrong-length.
 * @example
 * firstToSecondPurchase({ customer: ['a', 'a', 'b'], day: [0, 20, 5] }, { within: 30, end: 60 }).rate // 0.5
 */
export function firstToSecondPurchase(
  log: { readonly customer: PlainColumn; readonly day: PlainColumn },
  options: PurchaseConversionOptions,
): PurchaseConversion {
  const { within, level = 0.95 } = knownOptions(options, 'firstToSecondPurchase', 'within end start level');
  const end = dayOption('end', options.end);
  const start = options.start === undefined ? Number.NEGATIVE_INFINITY : dayOption('start', options.start);
  if (!(Number.isSafeInteger(within) && within >= 1))
    fail('invalid-option', `invalid within: ${within}; use whole days from 1`);
  checkLevel(level);
  const { codes, levels } = readCategories({ customer: log.customer }, 'customer');
  const day = readDays({ day: log.day }, 'day');
  if (day.length !== codes.length)
    fail('wrong-length', `day has ${day.length} rows, customer has ${codes.length}: make them equal`);
  const first = new Float64Array(levels.length).fill(Number.POSITIVE_INFINITY);
  const second = new Float64Array(levels.length).fill(Number.POSITIVE_INFINITY);
  let [nulls, after] = [0, 0];
  codes.forEach((code, row) => {
    const at = day[row]!;
    if (code < 0 || at !== at) nulls++;
    else if (at > end) after++;
    else if (at < first[code]!) {
      second[code] = first[code]!;
      first[code] = at;
    } else if (at > first[code]! && at < second[code]!) second[code] = at;
  });
  let [watched, converted, tooRecent, tooEarly] = [0, 0, 0, 0];
  first.forEach((at, code) => {
    if (at === Number.POSITIVE_INFINITY) return;
    if (at < start) tooEarly++;
    else if (at + within > end) tooRecent++;
    else {
      watched++;
      if (second[code]! - at <= within) converted++;
    }
  });
  return { ...proportion(converted, watched, level), tooRecent, tooEarly, nulls, after };
}

function dayOption(name: string, value: string | number): number {
  const day = readDays({ [name]: typeof value === 'string' ? [value] : [value] }, name)[0]!;
  return day === day ? day : fail('invalid-option', `invalid ${name}: ${value}; use a day`);
}
