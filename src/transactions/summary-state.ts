import { formatDay } from '../columns/index.ts';
import { remainderOf, sumOf } from './exact-sum.ts';
import type { PurchaseLog } from './purchase-log.ts';
import type { SummaryState } from './read-summary-state.ts';
import {
  BITS,
  BLOCK,
  type Block,
  CELLS,
  FIRST_AMOUNT,
  FIRST_DAY,
  HALVES,
  HOLDOUT_CELLS,
  LAST_DAY,
  NEVER,
  ORDERS,
  TOTAL,
} from './tally.ts';

const dayOr0 = (day: number): number => (Math.abs(day) === NEVER ? 0 : day);

/** The JSON of everything a log has gathered. */
export function stateOf({ counts, customers: gathered, rules }: PurchaseLog): SummaryState {
  const { customers, order } = gathered.inOrder();
  const { blocks } = customers;
  const each = <T>(read: (block: Block, customer: number) => T): T[] =>
    Array.from(order, (c) => read(blocks[c >>> BITS]!, c & (BLOCK - 1)));
  const cell = (at: number): number[] => each(({ cells }, customer) => cells[CELLS * customer + at]!);
  const day = (at: number): number[] => each(({ halves }, customer) => dayOr0(halves[HALVES * customer + at]!));
  const sum = (at: number): number[] => each(({ cells }, customer) => sumOf(cells, CELLS * customer + at) + 0);
  const rest = (at: number): number[] => each(({ cells }, customer) => remainderOf(cells, CELLS * customer + at) + 0);
  const later = <T>(read: (holdout: Float64Array, at: number) => T): T[] =>
    rules.calibrationEnd < rules.end ? each(({ holdout }, customer) => read(holdout, HOLDOUT_CELLS * customer)) : [];
  const pages = blocks.reduce((most, { days }) => Math.max(most, days.length), 0);
  const { start, end, calibrationEnd, ...named } = rules;
  return {
    kind: 'summaryAccumulator',
    version: 1,
    options: {
      ...named,
      start: Number.isFinite(start) ? formatDay(start) : null,
      end: formatDay(end),
      calibrationEnd: calibrationEnd < end ? formatDay(calibrationEnd) : null,
    },
    counts: { ...counts },
    customers: customers.ids.texts.strings(order),
    early: each(({ early }, customer) => early[customer] as 0 | 1),
    orders: cell(ORDERS),
    firstDay: day(FIRST_DAY),
    lastDay: day(LAST_DAY),
    total: sum(TOTAL),
    totalRest: rest(TOTAL),
    firstAmount: sum(FIRST_AMOUNT),
    firstAmountRest: rest(FIRST_AMOUNT),
    holdoutOrders: later((holdout, at) => holdout[at]!),
    holdoutTotal: later((holdout, at) => sumOf(holdout, at + 1) + 0),
    holdoutTotalRest: later((holdout, at) => remainderOf(holdout, at + 1) + 0),
    days: Array.from({ length: pages }, (_, page) => page)
      .filter((page) => blocks.some(({ days }) => days[page] !== undefined))
      .map((page) => ({ page, bits: each(({ days }, customer) => days[page]?.[customer] ?? 0) }))
      .filter(({ bits }) => bits.some((b) => b !== 0)),
  };
}
