import { fail } from '../errors.ts';
import { type Check, finite, listOf, modelHead, nullable, oneOf, record, text, whole } from '../model/checks.ts';
import { DAYS, type TimeUnit } from '../model/field.ts';
import { PurchaseLog, ROW_COUNTS, type RowCounts, usedRows } from './purchase-log.ts';
import { type SummaryRules, summaryRules } from './summary-rules.ts';
import {
  BITS,
  BLOCK,
  type Block,
  CELLS,
  calibrationDays,
  FIRST_AMOUNT,
  FIRST_DAY,
  HALVES,
  HOLDOUT_CELLS,
  has,
  holdoutOrders,
  LAST_DAY,
  NEVER,
  ORDERS,
  ones,
  TOTAL,
} from './tally.ts';

const numbers: Check<readonly number[]> = listOf(finite);
/** Far more than the years 0 to 9999; they are kept in 32 bits. */
const dayNumbers: Check<readonly number[]> = listOf(whole(1 - NEVER, NEVER - 1));
const counted: Check<readonly number[]> = listOf(whole());

/**
 * What an accumulator has gathered, as plain JSON: the options with dates as text, how many rows became what, and a list
 * per quantity, with one place per customer, ids ascending. Sums are exact: a rounded sum and the rest that it lacks. It
 * does not depend on the order of rows and merges.
 */
export interface SummaryState {
  readonly kind: 'summaryAccumulator';
  readonly version: number;
  readonly options: {
    readonly customer: string;
    readonly date: string;
    readonly amount: string;
    readonly unit: TimeUnit;
    readonly start: string | null;
    readonly end: string;
    readonly calibrationEnd: string | null;
    readonly sameDay: 'merge' | 'separate';
    readonly nonPositive: 'keep' | 'keep-zero' | 'drop' | 'refuse';
  };
  readonly counts: RowCounts;
  readonly customers: readonly string[];
  readonly early: readonly (0 | 1)[];
  readonly orders: readonly number[];
  readonly firstDay: readonly number[];
  readonly lastDay: readonly number[];
  readonly total: readonly number[];
  readonly totalRest: readonly number[];
  readonly firstAmount: readonly number[];
  readonly firstAmountRest: readonly number[];
  readonly holdoutOrders: readonly number[];
  readonly holdoutTotal: readonly number[];
  readonly holdoutTotalRest: readonly number[];
  readonly days: readonly { readonly page: number; readonly bits: readonly number[] }[];
}

const state: Check<SummaryState> = record({
  ...modelHead('summaryAccumulator', 1),
  options: record({
    customer: text,
    date: text,
    amount: text,
    unit: oneOf(...(Object.keys(DAYS) as (keyof typeof DAYS)[])),
    start: nullable(text),
    end: text,
    calibrationEnd: nullable(text),
    sameDay: oneOf('merge', 'separate'),
    nonPositive: oneOf('keep', 'keep-zero', 'drop', 'refuse'),
  }),
  counts: record(
    Object.fromEntries(ROW_COUNTS.map((name) => [name, whole()])) as { [K in keyof RowCounts]: Check<number> },
  ),
  customers: listOf(text),
  early: listOf(oneOf(0, 1)),
  orders: counted,
  firstDay: dayNumbers,
  lastDay: dayNumbers,
  total: numbers,
  totalRest: numbers,
  firstAmount: numbers,
  firstAmountRest: numbers,
  holdoutOrders: counted,
  holdoutTotal: numbers,
  holdoutTotalRest: numbers,
  days: listOf(record({ page: whole(), bits: listOf(whole(-(2 ** 31), 2 ** 31 - 1)) })),
});

/** Reads a stored state: the log that gathered it. */
export function readState(json: unknown): PurchaseLog {
  const path = 'summary';
  const stored = state(json, path);
  const { options, counts, customers: ids, days } = stored;
  const { start, calibrationEnd, ...named } = options;
  const rules = summaryRules({
    ...named,
    ...(start === null ? {} : { start }),
    ...(calibrationEnd === null ? {} : { calibrationEnd }),
  });
  const lists = Object.entries(stored).filter(([key, list]) => Array.isArray(list) && key !== 'days');
  for (const [key, list] of [...lists, ...days.map((page, p) => [`days[${p}].bits`, page.bits] as const)]) {
    const wanted = key.startsWith('holdout') && calibrationEnd === null ? 0 : ids.length;
    const { length } = list as readonly unknown[];
    if (length !== wanted) fail('invalid-model', `${path}.${key}: expected ${wanted} numbers, got ${length}`);
  }
  ids.forEach((id, i) => {
    if (i > 0 && !(id > ids[i - 1]!))
      fail('invalid-model', `${path}.customers[${i}]: ${JSON.stringify(id)} must not stand after ${ids[i - 1]}`);
  });
  days.forEach(({ page }, p) => {
    if (page > LAST_PAGE || (p > 0 && page <= days[p - 1]!.page))
      fail('invalid-model', `${path}.days[${p}].page: expected a page after the one before, got ${page}`);
  });

  const log = new PurchaseLog(rules);
  Object.assign(log.counts, counts);
  log.customers.ids.takeLevels(ids);
  log.customers.makeRoom();
  let purchases = 0;
  let early = 0;
  ids.forEach((_, i) => {
    const block = log.customers.blocks[i >>> BITS]!;
    restore(block, i & (BLOCK - 1), stored, i);
    purchases += stored.orders[i]! + (stored.holdoutOrders[i] ?? 0);
    early += stored.early[i]!;
    const { firstAmount, firstAmountRest, firstDay, lastDay, total, totalRest } = stored;
    const idle = stored.orders[i] === 0;
    if (idle && [firstAmount, firstAmountRest, firstDay, lastDay, total, totalRest].some((list) => list[i] !== 0))
      fail('invalid-model', `${path}: customer ${JSON.stringify(ids[i])}: totals without a purchase`);
    const fault = faultOf(block, i & (BLOCK - 1), rules);
    if (fault !== null) fail('invalid-model', `${path}: customer ${JSON.stringify(ids[i])}: ${fault}`);
  });
  const merged = usedRows(counts) - purchases;
  if (!(merged >= 0) || (merged > 0 && rules.sameDay === 'separate') || early > counts.before)
    fail('invalid-model', `${path}.counts: they do not fit the ${purchases} purchases of the customers`);
  return log;
}

/** Pages of 32 days in the years 0 to 9999. */
const LAST_PAGE = 114_200;

function restore(
  { cells, days, early, halves, holdout }: Block,
  customer: number,
  stored: SummaryState,
  i: number,
): void {
  const at = CELLS * customer;
  early[customer] = stored.early[i]!;
  cells[at + ORDERS] = stored.orders[i]!;
  if (stored.orders[i]! > 0) {
    halves[HALVES * customer + FIRST_DAY] = stored.firstDay[i]!;
    halves[HALVES * customer + LAST_DAY] = stored.lastDay[i]!;
  }
  cells[at + TOTAL] = stored.total[i]!;
  cells[at + TOTAL + 1] = stored.totalRest[i]!;
  cells[at + FIRST_AMOUNT] = stored.firstAmount[i]!;
  cells[at + FIRST_AMOUNT + 1] = stored.firstAmountRest[i]!;
  if (holdout.length > 0) {
    holdout[HOLDOUT_CELLS * customer] = stored.holdoutOrders[i]!;
    holdout[HOLDOUT_CELLS * customer + 1] = stored.holdoutTotal[i]!;
    holdout[HOLDOUT_CELLS * customer + 2] = stored.holdoutTotalRest[i]!;
  }
  for (const { page, bits } of stored.days) {
    days[page] ??= new Int32Array(BLOCK);
    days[page][customer] = bits[i]!;
  }
}

/** What cannot be in the totals of a customer, or `null`. */
function faultOf(block: Block, customer: number, rules: SummaryRules): string | null {
  const { start, calibrationEnd, end, sameDay } = rules;
  const { cells, days, halves } = block;
  const at = HALVES * customer;
  const [orders, first, last] = [cells[CELLS * customer + ORDERS]!, halves[at + FIRST_DAY]!, halves[at + LAST_DAY]!];
  if (!has(block, customer)) return 'there is no row';
  if (orders > 0 && !(first >= start && first <= last && last <= calibrationEnd)) return 'days outside the window';
  if (sameDay === 'separate')
    return days.some((page) => page[customer] !== 0) ? 'days belong to sameDay "merge"' : null;
  let calibration = 0;
  let holdout = 0;
  let [least, most, latest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  days.forEach((page, p) => {
    const bits = page[customer]!;
    if (bits === 0) return;
    const from = 32 * ((end >> 5) - p);
    const counted = bits & calibrationDays(p, rules);
    calibration += ones(counted);
    holdout += ones(bits & ~counted);
    least = Math.min(least, from + 31 - Math.clz32(bits & -bits));
    most = Math.max(most, from + 31 - Math.clz32(bits));
    if (counted !== 0) latest = Math.max(latest, from + 31 - Math.clz32(counted));
  });
  if (calibration !== orders || holdout !== holdoutOrders(block, customer))
    return 'days and purchases differ in number';
  if (least < start || most > end) return 'days outside the window';
  return orders > 0 && (first !== least || last !== latest) ? 'first or last day is none of the days' : null;
}
