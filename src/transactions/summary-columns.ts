import { DAYS } from '../model/field.ts';
import { BITS, BLOCK } from './customer-block.ts';
import { Customers } from './customers.ts';
import { differenceOf, sumOf } from './exact-sum.ts';
import { idOrder } from './id-order.ts';
import type { RowCounts } from './purchase-log.ts';
import type { Summary, SummaryColumns } from './summary.ts';
import type { SummaryRules } from './summary-rules.ts';

/** One row per customer, ids ascending. */
export function summaryOf(all: Customers, counts: RowCounts, rules: SummaryRules): Summary {
  all.settle();
  const { blocks, ids } = all;
  const order = idOrder(ids);
  if (repeats(ids, order)) {
    const once = new Customers(rules);
    once.merge(all);
    return summaryOf(once, counts, rules);
  }
  const { calibrationEnd, end } = rules;
  const perUnit = DAYS[rules.unit];
  let purchases = 0;
  let holdoutOnly = 0;
  let truncated = 0;
  let count = 0;
  for (const { orders, holdoutOrders, early } of blocks)
    for (let k = 0; k < BLOCK; k++) {
      purchases += orders[k]! + holdoutOrders[k]!;
      if (orders[k]! > 0) {
        count++;
        truncated += early[k]!;
      } else if (holdoutOrders[k]! > 0) holdoutOnly++;
    }

  const column = (): Float64Array => new Float64Array(count);
  const frequency = column();
  const recency = column();
  const T = column();
  const monetaryValue = column();
  const orders = column();
  const total = column();
  const meanOrder = column();
  const daysSinceLast = column();
  const firstDate = column();
  const lastDate = column();
  const holdoutFrequency = column();
  const holdoutTotal = column();
  const levels = new Array<string>(count);
  const codes = new Int32Array(count);
  let row = 0;
  for (let i = 0; i < order.length; i++) {
    const block = blocks[order[i]! >>> BITS]!;
    const k = order[i]! & (BLOCK - 1);
    const bought = block.orders[k]!;
    if (bought === 0) continue;
    const first = block.first[k]!;
    const last = block.last[k]!;
    levels[row] = ids[order[i]!]!;
    codes[row] = row;
    frequency[row] = bought - 1;
    recency[row] = (last - first) / perUnit;
    T[row] = (calibrationEnd - first) / perUnit;
    monetaryValue[row] = bought > 1 ? differenceOf(block.total, block.firstAmount, k) / (bought - 1) : Number.NaN;
    orders[row] = bought;
    total[row] = sumOf(block.total, k);
    meanOrder[row] = total[row]! / bought;
    daysSinceLast[row] = calibrationEnd - last;
    firstDate[row] = first;
    lastDate[row] = last;
    holdoutFrequency[row] = block.holdoutOrders[k]!;
    holdoutTotal[row++] = sumOf(block.holdoutTotal, k);
  }

  const customers: SummaryColumns = {
    customer: { codes, levels },
    frequency,
    recency,
    T,
    monetaryValue,
    orders,
    total,
    meanOrder,
    daysSinceLast,
    firstDate,
    lastDate,
  };
  const holdoutPeriods = column().fill((end - calibrationEnd) / perUnit);
  const { rows, before, after, missingCustomer, missingDate, missingAmount, zero, negative, dropped } = counts;
  const used = rows - before - after - missingCustomer - missingDate - missingAmount - dropped;
  return {
    customers: calibrationEnd < end ? { ...customers, holdoutFrequency, holdoutTotal, holdoutPeriods } : customers,
    report: {
      rows,
      used,
      before,
      after,
      missing: { customer: missingCustomer, date: missingDate, amount: missingAmount },
      zero,
      negative,
      dropped,
      merged: used - purchases,
      customers: count,
      holdoutOnly,
      truncated,
    },
  };
}

function repeats(ids: readonly string[], order: Uint32Array): boolean {
  for (let i = 1; i < order.length; i++) if (ids[order[i]!] === ids[order[i - 1]!]) return true;
  return false;
}
