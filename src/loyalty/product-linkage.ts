import type { Columns } from '../model/batch.ts';
import { knownOptions } from '../model/options.ts';
import { checkProducts, countPairs, OWNS, type Product, readHoldings, UNKNOWN_HOLDING } from './holdings.ts';

type Matrix = readonly (readonly (number | null)[])[];

/** One product in a customer base. */
export interface Penetration {
  readonly name: string;
  readonly owners: number;
  /** Customers who can have it and of whom it is known. */
  readonly eligible: number;
  /** owners ÷ eligible; null when nobody is eligible. */
  readonly penetration: number | null;
}

/** How products hang together. Matrices are `[i][j]` in the order of `products`. */
export interface ProductLinkage {
  readonly products: readonly Penetration[];
  /** Products held, per customer; NaN where one of them is unknown. */
  readonly productsHeld: Float64Array;
  /** Customers by the number of products held, 0 … all of them. */
  readonly distribution: readonly number[];
  /** Mean products held; null without customers. */
  readonly productsPerCustomer: number | null;
  /** Customers holding both; on the diagonal owners. */
  readonly both: readonly (readonly number[])[];
  /** P(j | i) = both ÷ holders of i; null when i has none. 1 on the diagonal. */
  readonly conditional: Matrix;
  /** P(i and j) ÷ (P(i)·P(j)), above 1 when they are held together more than by chance; null when one has no holder. */
  readonly lift: Matrix;
  /** Customers of whom some product is unknown. */
  readonly nulls: number;
}

/**
 * Product linkage (S69): products per customer, penetration, co-ownership and its lift. A pair is counted over the
 * customers who can have both and of whom both are known.
 *
 * @throws invalid-option for fewer than two products or a repeated name; unknown-column; wrong-type.
 * @example
 * productLinkage(
 *   { water: [1, 1, 0, 0], power: [1, 1, 1, 0] },
 *   { products: [{ name: 'water', owned: { column: 'water', equals: 1 } }, { name: 'power', owned: { column: 'power', equals: 1 } }] },
 * ).lift[0][1] // 1.3333333333333333 = (2/4) / ((2/4)·(3/4))
 */
export function productLinkage(data: Columns, options: { readonly products: readonly Product[] }): ProductLinkage {
  const { products } = knownOptions(options, 'productLinkage', 'products');
  checkProducts(products);
  const holdings = readHoldings(data, products);
  const { known, first, both } = countPairs(holdings);
  const rows = holdings[0]!.length;
  const productsHeld = new Float64Array(rows);
  const distribution = new Array<number>(products.length + 1).fill(0);
  let [nulls, held] = [0, 0];
  for (let row = 0; row < rows; row++) {
    let count = 0;
    for (const states of holdings) {
      if (states[row] === UNKNOWN_HOLDING) count = Number.NaN;
      else if (states[row] === OWNS) count++;
    }
    productsHeld[row] = count;
    if (count !== count) nulls++;
    else {
      distribution[count]!++;
      held += count;
    }
  }
  const each = (value: (i: number, j: number) => number | null): Matrix =>
    products.map((_, i) => products.map((_, j) => value(i, j)));
  return {
    products: products.map(({ name }, j) => ({
      name,
      owners: both[j]![j]!,
      eligible: known[j]![j]!,
      penetration: known[j]![j] === 0 ? null : both[j]![j]! / known[j]![j]!,
    })),
    productsHeld,
    distribution,
    productsPerCustomer: rows === nulls ? null : held / (rows - nulls),
    both,
    conditional: each((i, j) => (first[i]![j] === 0 ? null : both[i]![j]! / first[i]![j]!)),
    lift: each((i, j) => {
      const chance = first[i]![j]! * first[j]![i]!;
      return chance === 0 ? null : (both[i]![j]! * known[i]![j]!) / chance;
    }),
    nulls,
  };
}
