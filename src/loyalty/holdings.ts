import { matches } from '../columns/matches.ts';
import { fail } from '../errors.ts';
import { storedCondition } from '../kernels/condition.ts';
import type { Columns } from '../model/batch.ts';
import { checked } from '../model/checks.ts';
import { knownOptions, list, names, object } from '../model/options.ts';
import type { When } from '../model/when.ts';

/** A product or service that customers may hold. */
export interface Product {
  readonly name: string;
  /** Who has it. */
  readonly owned: When;
  /** Who can have it at all. Default: everyone. */
  readonly eligible?: When;
}

/** What is known of a customer and a product. */
export const WITHOUT = 0;
export const OWNS = 1;
export const CLOSED = 2;
export const UNKNOWN_HOLDING = 3;

/** The conditions of products. */
export function productConditions(products: readonly Product[]): readonly When[] {
  return products.flatMap(({ owned, eligible }) => (eligible ? [owned, eligible] : [owned]));
}

/** Stops unless there are at least two products, each with a name of its own. */
export function checkProducts(products: readonly Product[]): void {
  if (list(products, 'products').length < 2) fail('invalid-option', 'invalid products: name at least two');
  products.forEach((product, j) => {
    const { name, owned, eligible } = knownOptions(
      object(product, `products[${j}]`),
      `products[${j}]`,
      'name owned eligible',
    );
    names({ [`products[${j}].name`]: name });
    checked('invalid-option', storedCondition, owned, `products[${j}].owned`);
    if (eligible !== undefined) checked('invalid-option', storedCondition, eligible, `products[${j}].eligible`);
    if (products.findIndex((other) => other.name === name) !== j)
      fail('invalid-option', `invalid products: "${name}" is repeated`);
  });
}

/** The state of every customer, product by product. */
export function readHoldings(data: Columns, products: readonly Product[]): readonly Uint8Array[] {
  return products.map(({ owned, eligible }) => {
    const own = known(data, owned);
    const open = eligible ? known(data, eligible) : null;
    return own.map((state, row) => {
      if (open === null) return state;
      return open[row] === OWNS ? state : open[row] === WITHOUT ? CLOSED : UNKNOWN_HOLDING;
    });
  });
}

function known(data: Columns, when: When): Uint8Array {
  const { column } = when;
  const yes = matches(data, when);
  const no = matches(data, 'equals' in when ? { column, not: when.equals } : { column, equals: when.not });
  return yes.map((hit, row) => (hit === 1 ? OWNS : no[row] === 1 ? WITHOUT : UNKNOWN_HOLDING));
}

/** Counts over the customers of whom both products of a pair are known and open. */
export interface PairCounts {
  /** Customers with both known, `[i][j]`; on the diagonal those with the one known. */
  readonly known: readonly (readonly number[])[];
  /** Of them, holders of i. */
  readonly first: readonly (readonly number[])[];
  /** Of them, holders of both. */
  readonly both: readonly (readonly number[])[];
}

/** Counts pairs of products. */
export function countPairs(holdings: readonly Uint8Array[]): PairCounts {
  const table = (): number[][] => holdings.map(() => holdings.map(() => 0));
  const counts = { known: table(), first: table(), both: table() };
  holdings.forEach((a, i) => {
    holdings.forEach((b, j) => {
      let [known, first, both] = [0, 0, 0];
      for (let row = 0; row < a.length; row++) {
        if (a[row]! > OWNS || b[row]! > OWNS) continue;
        known++;
        first += a[row]!;
        both += a[row]! & b[row]!;
      }
      counts.known[i]![j] = known;
      counts.first[i]![j] = first;
      counts.both[i]![j] = both;
    });
  });
  return counts;
}
