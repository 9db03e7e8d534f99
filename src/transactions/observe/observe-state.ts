import { fail } from '../../errors.ts';
import { type Check, checked, finite, jsonValue, listOf, modelHead, record, text, whole } from '../../model/checks.ts';
import { SAYS } from './contract-log.ts';
import { EventLog } from './event-log.ts';
import { observeRules } from './observe-rules.ts';
import type { ObserveOptions } from './options.ts';
import { BEYOND, CELL, NEVER } from './slots.ts';

/**
 * What an accumulator has gathered, as plain JSON: its options, how many rows became what, and per customer – ids
 * ascending – the cells and the starts and endings of contracts. Sums are exact: a rounded sum and the rest that it
 * lacks. It does not depend on the order of rows and merges.
 */
export interface ObserveState {
  readonly kind: 'observeAccumulator';
  readonly version: number;
  readonly options: ObserveOptions;
  readonly counts: {
    readonly rows: number;
    readonly missingCustomer: number;
    readonly missingDate: number;
    readonly missingProduct: number;
    readonly after: number;
    readonly missingAmount: readonly number[];
    readonly later: readonly number[];
    readonly late: readonly number[];
  };
  readonly customers: readonly string[];
  readonly cells: readonly (readonly number[])[];
  readonly contracts: readonly (readonly { readonly product: string; readonly day: number; readonly says: number }[])[];
}

const counted = listOf(whole());
const state: Check<ObserveState> = record({
  ...modelHead('observeAccumulator', 1),
  options: jsonValue as Check<ObserveOptions>,
  counts: record({
    rows: whole(),
    missingCustomer: whole(),
    missingDate: whole(),
    missingProduct: whole(),
    after: whole(),
    missingAmount: counted,
    later: counted,
    late: counted,
  }),
  customers: listOf(text),
  cells: listOf(listOf(finite)),
  contracts: listOf(
    listOf(record({ product: text, day: whole(NEVER, BEYOND), says: whole(1, 2 * SAYS.involuntary - 1) })),
  ),
});

/** The JSON of everything a log has gathered. */
export function stateOf(log: EventLog): ObserveState {
  const { rules, texts, cells, contracts, counts } = log;
  const order = log.inOrder();
  return {
    kind: 'observeAccumulator',
    version: 1,
    options: rules.options,
    counts: {
      ...counts,
      missingProduct: contracts.missingProduct,
      missingAmount: counts.missingAmount.slice(),
      later: counts.later.slice(),
      late: counts.late.slice(),
    },
    customers: order.map((customer) => texts[customer]!),
    cells: order.map((customer) => cells.stored(customer)),
    contracts: order.map((customer) =>
      contracts.of(customer).map(({ product, day, says }) => ({ product: contracts.products[product]!, day, says })),
    ),
  };
}

/** Reads a stored state: the log that gathered it. */
export function readState(json: unknown): EventLog {
  const path = 'observe';
  const stored = state(json, path);
  const rules = observeRules(stored.options);
  const log = new EventLog(rules);
  const ids = stored.customers;
  const { missingProduct, ...counts } = stored.counts;
  for (const [key, list, wanted] of [
    ['cells', stored.cells, ids.length],
    ['contracts', stored.contracts, ids.length],
    ['counts.missingAmount', counts.missingAmount, rules.columns.length],
    ['counts.later', counts.later, rules.asOf.length],
    ['counts.late', counts.late, rules.asOf.length],
  ] as const)
    if (list.length !== wanted) fail('invalid-model', `${path}.${key}: expected a list of ${wanted}`);
  ids.forEach((id, i) => {
    if (i > 0 && !(id > ids[i - 1]!))
      fail('invalid-model', `${path}.customers[${i}]: ${JSON.stringify(id)} must not stand after ${ids[i - 1]}`);
    const own = stored.cells[i]!;
    const at = `${path}.cells[${i}]`;
    if (own.length !== rules.kinds.length) fail('invalid-model', `${at}: expected a list of ${rules.kinds.length}`);
    own.forEach((value, c) => {
      checkCell(value, rules.kinds[c]!, `${at}[${c}]`);
    });
    if (rules.contract === null && stored.contracts[i]!.length > 0)
      fail('invalid-model', `${path}.contracts[${i}]: contracts belong to the rule "ending"`);
    log.cells.makeRoom(i + 1);
    log.cells.merge(log.place(id), own);
    for (const { product, day, says } of stored.contracts[i]!)
      log.contracts.add({ customer: i, product: log.contracts.place(product), day, says, revenue: 0 });
  });
  log.contracts.missingProduct = missingProduct;
  Object.assign(log.counts, {
    ...counts,
    missingAmount: [...counts.missingAmount],
    later: [...counts.later],
    late: [...counts.late],
  });
  return log;
}

function checkCell(value: number, kind: number, path: string): void {
  if (kind === CELL.count) checked('invalid-model', whole(), value, path);
  else if (kind === CELL.first || kind === CELL.last || kind === CELL.day)
    checked('invalid-model', whole(NEVER, BEYOND), value, path);
}
