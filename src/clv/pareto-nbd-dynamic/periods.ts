import { formatDay, parseDay } from '../../columns/index.ts';
import { fail } from '../../errors.ts';
import { DAYS, type TimeUnit } from '../../model/field.ts';

const MONTHS: { readonly [U in TimeUnit]: number } = { day: 0, week: 0, month: 1, quarter: 3, year: 12 };

/**
 * The day on which the period after the one that starts on `day` starts: 1 or 7 days on, or the same day of the month 1,
 * 3 or 12 calendar months on.
 * @throws ClienteleError `invalid-value` for a month that starts after the 28th
 */
export function nextPeriod(day: number, period: TimeUnit): number {
  const months = MONTHS[period];
  if (months === 0) return day + DAYS[period];
  const text = formatDay(day);
  if (Number(text.slice(8)) > 28)
    fail('invalid-value', `a ${period} cannot start on ${text}: not every month has that day; start it by the 28th`);
  const month = 12 * Number(text.slice(0, 4)) + Number(text.slice(5, 7)) - 1 + months;
  const [year, inYear] = [Math.floor(month / 12), (month % 12) + 1];
  return parseDay(`${String(year).padStart(4, '0')}-${String(inYear).padStart(2, '0')}-${text.slice(8)}`);
}
