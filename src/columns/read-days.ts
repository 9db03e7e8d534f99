import { fail } from '../errors.ts';
import type { Columns } from '../model/batch.ts';
import { isDay, parseDay } from './days.ts';
import { columnKind, readCategories, readNumbers } from './whole.ts';

/**
 * A column of days as whole days since 1970-01-01 (UTC), NaN where null. Arrow dates and timestamps give their UTC day,
 * text and dictionaries of text must be ISO dates `yyyy-mm-dd`, numbers must be such day numbers already.
 * @throws ClienteleError `invalid-value` for text that is no such date, and for numbers that are not whole days of the
 * years 0 to 9999: they are seconds, milliseconds or yyyymmdd. `wrong-type` for booleans.
 * @example readDays({ bought: ['1997-09-30', null] }, 'bought') // Float64Array [10134, NaN]
 */
export function readDays(batch: Columns, name: string): Float64Array {
  const kind = columnKind(batch, name);
  if (kind === 'boolean') fail('wrong-type', `column "${name}" holds booleans where days are needed`);
  if (kind !== 'category') {
    const days = readNumbers(batch, name);
    for (let row = 0; row < days.length; row++) {
      const day = days[row]!;
      if (day === day && !isDay(day))
        fail('invalid-value', `column "${name}", row ${row}: ${day} is not a day; use whole days since 1970-01-01`);
    }
    return days;
  }
  const { codes, levels } = readCategories(batch, name);
  const parsed = levels.map(parseDay);
  const days = new Float64Array(codes.length).fill(Number.NaN);
  for (let row = 0; row < days.length; row++) {
    const code = codes[row]!;
    if (code < 0) continue;
    const day = parsed[code]!;
    if (day !== day)
      fail(
        'invalid-value',
        `column "${name}", row ${row}: ${JSON.stringify(levels[code])} is not a date; write yyyy-mm-dd`,
      );
    days[row] = day;
  }
  return days;
}
