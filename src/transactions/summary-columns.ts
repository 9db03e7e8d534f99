import type { CategoryColumn } from '../model/batch.ts';
import { DAYS } from '../model/field.ts';
import type { Customers, Found } from './customers.ts';
import { differenceOf, sumOf } from './exact-sum.ts';
import { type RowCounts, usedRows } from './purchase-log.ts';
import type { Summary, SummaryReport } from './summary.ts';
import type { SummaryRules } from './summary-rules.ts';
import { BITS, BLOCK, type Block, CELLS, HOLDOUT_CELLS, ORDERS } from './tally.ts';

const COLUMNS = [
  'frequency',
  'recency',
  'T',
  'monetaryValue',
  'orders',
  'total',
  'meanOrder',
  'daysSinceLast',
  'firstDate',
  'lastDate',
] as const;
type Made = { readonly [name in (typeof COLUMNS)[number]]: Float64Array };

/** One row per customer, ids ascending. */
export function summaryOf(gathered: Customers, counts: RowCounts, rules: SummaryRules): Summary {
  const { customers: all, order, found } = gathered.inOrder();
  const { blocks } = all;
  const { calibrationEnd, end } = rules;
  const perUnit = DAYS[rules.unit];
  const count = found.buyers;
  // Not all do: others bought before the window or in the holdout alone.
  const buyers = count === order.length ? order : buyersIn(order, blocks, count);
  const columns = Object.fromEntries(COLUMNS.map((name) => [name, new Float64Array(count)])) as Made;
  if (!all.fill(buyers, Object.values(columns), perUnit))
    for (let from = 0; from < count; from += AT_ONCE)
      fill(from, buyers.subarray(from, from + AT_ONCE), blocks, columns, calibrationEnd, perUnit);
  const codes = upTo(count);
  const holdout = {
    holdoutFrequency: new Float64Array(calibrationEnd < end ? count : 0),
    holdoutTotal: new Float64Array(calibrationEnd < end ? count : 0),
  };
  if (calibrationEnd < end) fillHoldout(buyers, blocks, holdout.holdoutFrequency, holdout.holdoutTotal);
  const holdoutPeriods = (): Float64Array => new Float64Array(count).fill((end - calibrationEnd) / perUnit);
  const customers = { customer: withLevels(codes, all.ids.texts.later(buyers)), ...columns };
  return {
    customers: calibrationEnd < end ? { ...customers, ...holdout, holdoutPeriods: holdoutPeriods() } : customers,
    report: reportOf(counts, count, found),
  };
}

/** The strings are made when they are asked for: many a use of the summary needs none. */
function withLevels(codes: Int32Array, make: () => string[]): CategoryColumn {
  let levels: string[] | undefined;
  return {
    codes,
    get levels() {
      levels ??= make();
      return levels;
    },
  };
}

/** Customers whose cells are fetched at once. */
const AT_ONCE = 256;
const fetched = new Float64Array(8 * AT_ONCE);

function buyersIn(order: Uint32Array, blocks: readonly Block[], count: number): Uint32Array {
  const buyers = new Uint32Array(count);
  for (let i = 0, row = 0; row < count; i++) {
    const customer = order[i]!;
    buyers[row] = customer;
    row += Number(blocks[customer >>> BITS]!.cells[CELLS * (customer & (BLOCK - 1)) + ORDERS]! > 0);
  }
  return buyers;
}

/** Fills rows from `row` on. Their customers' cells are fetched first: then their fetches do not wait for each other. */
function fill(
  row: number,
  customers: Uint32Array,
  blocks: readonly Block[],
  columns: Made,
  calibrationEnd: number,
  perUnit: number,
): void {
  const { frequency, recency, T, monetaryValue, orders, total, meanOrder, daysSinceLast, firstDate, lastDate } =
    columns;
  fetch(customers, blocks, fetched);
  for (let i = 0; i < customers.length; i++) {
    const at = i << 3;
    const to = row + i;
    const bought = fetched[at]!;
    const first = fetched[at + 1]!;
    const last = fetched[at + 2]!;
    const spent = sumOf(fetched, at + 3);
    const repeats = bought > 1 ? differenceOf(fetched, at + 3, at + 5) : Number.NaN;
    frequency[to] = bought - 1;
    recency[to] = (last - first) / perUnit;
    T[to] = (calibrationEnd - first) / perUnit;
    monetaryValue[to] = repeats / (bought - 1);
    orders[to] = bought;
    total[to] = spent;
    meanOrder[to] = spent / bought;
    daysSinceLast[to] = calibrationEnd - last;
    firstDate[to] = first;
    lastDate[to] = last;
  }
}

function fetch(customers: Uint32Array, blocks: readonly Block[], to: Float64Array): void {
  const [bits, mask] = [BITS, BLOCK - 1];
  let touched = 0;
  for (let i = 0; i < customers.length; i++)
    touched += blocks[customers[i]! >>> bits]!.halves[(customers[i]! & mask) << 4]!;
  to[7] = touched;
  for (let i = 0; i < customers.length; i++) {
    const { cells, halves } = blocks[customers[i]! >>> bits]!;
    const from = (customers[i]! & mask) << 3;
    const at = i << 3;
    to[at] = cells[from]!;
    to[at + 1] = halves[2 * from + 2]!;
    to[at + 2] = halves[2 * from + 3]!;
    to[at + 3] = cells[from + 3]!;
    to[at + 4] = cells[from + 4]!;
    to[at + 5] = cells[from + 5]!;
    to[at + 6] = cells[from + 6]!;
  }
}

/** The same rows of the holdout. */
function fillHoldout(
  customers: Uint32Array,
  blocks: readonly Block[],
  holdoutFrequency: Float64Array,
  holdoutTotal: Float64Array,
): void {
  for (let row = 0; row < customers.length; row++) {
    const { holdout } = blocks[customers[row]! >>> BITS]!;
    const at = HOLDOUT_CELLS * (customers[row]! & (BLOCK - 1));
    holdoutFrequency[row] = holdout[at]!;
    holdoutTotal[row] = sumOf(holdout, at + 1);
  }
}

function upTo(count: number): Int32Array {
  const codes = new Int32Array(count);
  for (let row = 0; row < count; row++) codes[row] = row;
  return codes;
}

function reportOf(counts: RowCounts, customers: number, found: Found): SummaryReport {
  const { rows, before, after, missingCustomer, missingDate, missingAmount, zero, negative, dropped } = counts;
  const used = usedRows(counts);
  return {
    rows,
    used,
    before,
    after,
    missing: { customer: missingCustomer, date: missingDate, amount: missingAmount },
    zero,
    negative,
    dropped,
    merged: used - found.purchases,
    customers,
    holdoutOnly: found.holdoutOnly,
    truncated: found.truncated,
  };
}
