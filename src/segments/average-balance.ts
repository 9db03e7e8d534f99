import { formatDay, parseDay, readCategories, readDays, readNumbers } from '../columns/index.ts';
import { fail } from '../errors.ts';
import type { CategoryColumn, PlainColumn } from '../model/batch.ts';
import { checked, oneOf } from '../model/checks.ts';
import { knownOptions, object } from '../model/options.ts';

/** A log of balances: a row is the customer's balance from that day on, until the customer's next row. */
export interface BalanceColumns {
  readonly customer: PlainColumn;
  /** Whole days since 1970-01-01, ISO text or Arrow dates. */
  readonly day: PlainColumn;
  readonly balance: PlainColumn;
}

export interface BalanceWindow {
  /** First day, `yyyy-mm-dd`; it belongs to the window. */
  readonly from: string;
  /** Last day; it belongs to the window. */
  readonly to: string;
  /** What holds before a customer's first row: nothing is known (`'null'`, default), or there was no account (`'zero'`). */
  readonly before?: 'null' | 'zero';
}

/** One row per customer of the log, in order of first appearance: a batch for `eligibility`. */
export interface AverageBalances {
  readonly [name: string]: CategoryColumn | Float64Array;
  readonly customer: CategoryColumn;
  /** Null where the balance of some day in the window is unknown. */
  readonly averageBalance: Float64Array;
}

/**
 * Daily average balance (日均余额) of each customer: Σ balance·days ÷ days of the window. Rows may come in any order;
 * rows without a customer or after the window are left out.
 * @throws ClienteleError `invalid-option` for a window that is none; `invalid-value` for two rows of a customer on one
 *   day or a row without a day; `wrong-length`.
 * @example
 * averageBalance(
 *   { customer: ['a', 'a'], day: ['2024-01-01', '2024-01-04'], balance: [100, 200] },
 *   { from: '2024-01-01', to: '2024-01-04' },
 * ).averageBalance // [125]
 */
export function averageBalance(columns: BalanceColumns, window: BalanceWindow): AverageBalances {
  const { from, to, before = 'null' } = knownOptions(object(window, 'window'), 'averageBalance', 'from to before');
  const [first, last] = [dayOf(from, 'from'), dayOf(to, 'to')];
  if (last < first) fail('invalid-option', `invalid to: ${to}; use a day that is not before ${from}`);
  checked('invalid-option', oneOf('null', 'zero'), before, 'before');
  const log = { customer: columns.customer, day: columns.day, balance: columns.balance };
  const ids = readCategories(log, 'customer');
  const days = readDays(log, 'day');
  const balances = readNumbers(log, 'balance');
  for (const [name, column] of Object.entries({ day: days, balance: balances }))
    if (column.length !== ids.codes.length)
      fail('wrong-length', `${name} has ${column.length} rows, customer has ${ids.codes.length}`);

  const codes: number[] = [];
  const own = new Map<number, number[]>();
  ids.codes.forEach((code, row) => {
    if (code < 0) return;
    if (Number.isNaN(days[row]!)) fail('invalid-value', `day, row ${row}: null; say from which day the balance holds`);
    if (!own.has(code)) {
      codes.push(code);
      own.set(code, []);
    }
    own.get(code)!.push(row);
  });
  const averages = codes.map((code) => {
    const rows = own.get(code)!.sort((a, b) => days[a]! - days[b]!);
    const twice = rows.find((row, i) => i > 0 && days[row] === days[rows[i - 1]!]);
    if (twice !== undefined)
      fail('invalid-value', `customer "${ids.levels[code]}" has two balances on ${formatDay(days[twice]!)}`);
    return averageOf(rows, days, balances, first, last, before === 'zero' ? 0 : Number.NaN);
  });
  return {
    customer: { codes: Int32Array.from(codes), levels: ids.levels },
    averageBalance: Float64Array.from(averages),
  };
}

/** Relative to the balance at the end, so that one balance throughout is its own average to the bit. */
function averageOf(
  rows: readonly number[],
  days: Float64Array,
  balances: Float64Array,
  first: number,
  last: number,
  opening: number,
): number {
  const spells = rows.map((row) => ({ day: days[row]!, balance: balances[row]! })).filter(({ day }) => day <= last);
  const all = [{ day: Number.NEGATIVE_INFINITY, balance: opening }, ...spells];
  const { balance: end } = all[all.length - 1]!;
  let moved = 0;
  all.forEach(({ day, balance }, i) => {
    const held = (all[i + 1]?.day ?? last + 1) - Math.max(day, first);
    if (held > 0) moved += (balance - end) * held;
  });
  return end + moved / (last + 1 - first);
}

function dayOf(text: string, option: string): number {
  const day = typeof text === 'string' ? parseDay(text) : Number.NaN;
  return Number.isNaN(day)
    ? fail('invalid-option', `invalid ${option}: ${JSON.stringify(text)}; write yyyy-mm-dd`)
    : day;
}
