import { parseDay } from '../columns/index.ts';
import { fail } from '../errors.ts';
import { DAYS, type TimeUnit } from '../model/field.ts';
import { knownOptions } from '../model/options.ts';
import type { SummaryOptions } from './summary.ts';

/** The options of a summary, checked, dates as days since 1970-01-01 and defaults filled in. */
export interface SummaryRules {
  readonly customer: string;
  readonly date: string;
  readonly amount: string;
  readonly unit: TimeUnit;
  readonly start: number;
  readonly calibrationEnd: number;
  readonly end: number;
  readonly sameDay: 'merge' | 'separate';
  readonly nonPositive: 'keep' | 'keep-zero' | 'drop' | 'refuse';
}

/** Reads the options, or stops with `invalid-option`. */
export function summaryRules(options: SummaryOptions): SummaryRules {
  const {
    customer,
    date,
    amount,
    unit,
    sameDay = 'merge',
    nonPositive = 'keep',
  } = knownOptions(options, 'summarize', 'customer date amount unit start end calibrationEnd sameDay nonPositive');
  oneOf('unit', unit, Object.keys(DAYS));
  oneOf('sameDay', sameDay, ['merge', 'separate']);
  oneOf('nonPositive', nonPositive, ['keep', 'keep-zero', 'drop', 'refuse']);
  const start = options.start === undefined ? Number.NEGATIVE_INFINITY : day('start', options.start);
  const end = day('end', options.end);
  const calibrationEnd = options.calibrationEnd === undefined ? end : day('calibrationEnd', options.calibrationEnd);
  if (start > end) fail('invalid-option', `start ${options.start} lies after end ${options.end}: exchange them`);
  if (options.calibrationEnd !== undefined && !(calibrationEnd >= start && calibrationEnd < end))
    fail(
      'invalid-option',
      `calibrationEnd ${options.calibrationEnd} must lie before end ${options.end}` +
        (options.start === undefined ? '' : ` and not before start ${options.start}`),
    );
  return { customer, date, amount, unit, start, calibrationEnd, end, sameDay, nonPositive };
}

function day(option: string, text: string): number {
  const parsed = typeof text === 'string' ? parseDay(text) : Number.NaN;
  return parsed === parsed
    ? parsed
    : fail('invalid-option', `invalid ${option}: ${JSON.stringify(text)}; write a date as "yyyy-mm-dd"`);
}

function oneOf(option: string, word: string, allowed: readonly string[]): void {
  if (!allowed.includes(word))
    fail('invalid-option', `invalid ${option}: ${JSON.stringify(word)}; use one of ${allowed.join(', ')}`);
}
