const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** Days from 0000-03-01 to 1970-01-01 in the Gregorian calendar extended backwards. */
const EPOCH = 719_468;
const ERA = 146_097;

/** The day 0000-01-01. */
export const FIRST_DAY = -719528;
/** 9999-12-31. */
const LAST_DAY = 2932896;

/** Whether a number is a whole day since 1970-01-01, of the years 0 to 9999. */
export function isDay(value: number): boolean {
  return Math.floor(value) === value && value >= FIRST_DAY && value <= LAST_DAY;
}

/**
 * Whole days since 1970-01-01 of an ISO date `yyyy-mm-dd`; NaN when the text is not exactly such a date. A time of day
 * is refused rather than cut off: which day it belongs to would depend on a time zone.
 * @example parseDay('1997-09-30') // 10134
 */
export function parseDay(text: string): number {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return Number.NaN;
  const year = Number(text.slice(0, 4));
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8));
  const leap = month === 2 && ((year % 4 === 0 && year % 100 !== 0) || year % 400 === 0) ? 1 : 0;
  const length = MONTH_LENGTHS[month - 1];
  if (length === undefined || day < 1 || day > length + leap) return Number.NaN;
  // Years run from March here, so that the leap day is the last day of its year.
  const y = month > 2 ? year : year - 1;
  const fromMarch = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + fromMarch - EPOCH;
}

/**
 * The ISO date of a whole day since 1970-01-01; the inverse of {@link parseDay} for the years 0 to 9999.
 * @example formatDay(10134) // '1997-09-30'
 */
export function formatDay(day: number): string {
  const since = day + EPOCH;
  const era = Math.floor(since / ERA);
  const inEra = since - era * ERA;
  const yearOfEra = Math.floor(
    (inEra - Math.floor(inEra / 1460) + Math.floor(inEra / 36_524) - Math.floor(inEra / 146_096)) / 365,
  );
  const inYear = inEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * inYear + 2) / 153);
  const date = inYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const digits = String(Math.abs(year)).padStart(year >= 0 && year <= 9999 ? 4 : 6, '0');
  const sign = year < 0 ? '-' : year > 9999 ? '+' : '';
  return `${sign}${digits}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
}
