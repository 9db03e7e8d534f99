import { readCategories, readNumbers } from '../../columns/index.ts';
import type { Columns } from '../../model/batch.ts';
import { matchRows } from './event-match.ts';
import type { ContractRules } from './options.ts';

/** What a row says of a contract, as bits; an ending may be of several kinds. */
export const SAYS = { start: 1, end: 2, voluntarySwitch: 4, involuntary: 8 } as const;

export interface ContractEvent {
  readonly customer: number;
  /** Place of the product among `products`. */
  readonly product: number;
  readonly day: number;
  /** Bits of {@link SAYS}. */
  readonly says: number;
  /** What a start brings per period; 0 where it is not asked for. */
  readonly revenue: number;
}

/** The starts and endings of contracts, customer by customer. They are few, and held as they are. */
export class ContractLog {
  readonly products: string[] = [];
  readonly byCustomer: ContractEvent[][] = [];
  /** Rows left out for a null product. */
  missingProduct = 0;
  private readonly places = new Map<string, number>();

  place(product: string): number {
    const place = this.places.get(product) ?? this.products.push(product) - 1;
    this.places.set(product, place);
    return place;
  }

  add(event: ContractEvent): void {
    const own = this.byCustomer[event.customer];
    if (own === undefined) this.byCustomer[event.customer] = [event];
    else own.push(event);
  }

  /** A customer's events by product, day and kind, each once. */
  of(customer: number): readonly ContractEvent[] {
    const { products } = this;
    const order = (a: ContractEvent, b: ContractEvent): number =>
      (a.product === b.product ? 0 : products[a.product]! < products[b.product]! ? -1 : 1) ||
      a.day - b.day ||
      a.says - b.says ||
      a.revenue - b.revenue;
    return (this.byCustomer[customer] ?? [])
      .toSorted(order)
      .filter((e, i, all) => i === 0 || order(all[i - 1]!, e) !== 0);
  }
}

/** The rows of a batch that tell of contracts. */
export interface ContractRows {
  /** Bits of {@link SAYS} per row. */
  readonly says: Uint8Array;
  readonly codes: Int32Array;
  readonly products: readonly string[];
  readonly revenue: Float64Array;
}

/** Reads what a batch tells of contracts. */
export function readContracts(batch: Columns, rows: number, rules: ContractRules, revenue?: string): ContractRows {
  const says = new Uint8Array(rows);
  const mark = (match: ContractRules['starts'] | undefined, bit: number): void => {
    if (match === undefined) return;
    const hits = matchRows(batch, match);
    for (let row = 0; row < rows; row++) if (hits[row] === 1) says[row]! |= bit;
  };
  mark(rules.starts, SAYS.start);
  mark(rules.ends, SAYS.end);
  mark(rules.voluntarySwitch, SAYS.voluntarySwitch);
  mark(rules.involuntary, SAYS.involuntary);
  const { codes, levels } =
    rules.product === undefined ? { codes: new Int32Array(rows), levels: [''] } : readCategories(batch, rules.product);
  return {
    says,
    codes,
    products: levels,
    revenue: revenue === undefined ? new Float64Array(rows) : readNumbers(batch, revenue),
  };
}

/** Takes rows in; `customers` is −1 where a row does not count. */
export function addContracts(log: ContractLog, rows: ContractRows, customers: Int32Array, days: Float64Array): void {
  const places = rows.products.map(() => -1);
  for (let row = 0; row < customers.length; row++) {
    const customer = customers[row]!;
    const says = rows.says[row]!;
    if (customer < 0 || (says & (SAYS.start | SAYS.end)) === 0) continue;
    const code = rows.codes[row]!;
    if (code < 0) {
      log.missingProduct++;
      continue;
    }
    if (places[code]! < 0) places[code] = log.place(rows.products[code]!);
    // The kind of an ending says nothing on a start.
    const bits = (says & SAYS.end) !== 0 ? says : SAYS.start;
    const revenue = (says & SAYS.start) !== 0 ? rows.revenue[row]! : 0;
    log.add({
      customer,
      product: places[code]!,
      day: days[row]!,
      says: bits,
      revenue: revenue === revenue ? revenue + 0 : 0,
    });
  }
}
