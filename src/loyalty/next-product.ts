import { fail } from '../errors.ts';
import { conditionFields } from '../kernels/condition-field.ts';
import type { Estimator } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import { knownOptions, names } from '../model/options.ts';
import {
  checkProducts,
  countPairs,
  type Product,
  productConditions,
  readHoldings,
  UNKNOWN_HOLDING,
} from './holdings.ts';
import { type NextProductModel, nextProductKind } from './next-product-kind.ts';

/** The columns that products need. */
export type ProductColumns<P> =
  | (P extends { readonly owned: { readonly column: infer C extends string } } ? C : never)
  | (P extends { readonly eligible: { readonly column: infer C extends string } } ? C : never);

export interface NextProductOptions<S extends readonly Product[], P extends string, N extends string> {
  readonly products: S;
  /**
   * How many customers of average ownership are added to the holders of each product: few holders then say little.
   * Default 0: plain conditional ownership.
   */
  readonly shrinkage?: number;
  /** Prefix of the probabilities. Default `p_`: the product `tv` gives `p_tv`. */
  readonly as?: P;
  /** Name of the column of the most probable product. Default: `nextProduct`. */
  readonly next?: N;
}

/**
 * Next-product probabilities by conditional ownership (S69), for `potentialValue`. Per product j the mean over the products
 * i that the customer holds of P(j | i) = (n_ij + k·P(j)) / (n_i + k), k the shrinkage; P(j) for customers who hold none
 * (item-based similarity by conditional probability: Deshpande & Karypis 2004, ACM TOIS 22, 143–177). The most probable
 * product is named beside them, of equal ones the first in the list.
 *
 * Who holds a product or cannot have it gets null for it (`not-eligible`); a customer of whom a holding is unknown gets null
 * for all. Owning is not adopting: without dates this is no probability within a time, so that its horizon is `null`.
 * Where other columns say more than the other products do, `ownershipPropensity` is the better model.
 *
 * @throws invalid-option for fewer than two products, a repeated name or a negative shrinkage; all-null when nobody can
 *   have a product; unknown-column; wrong-type.
 * @example
 * const flag = (name: string) => ({ name, owned: { column: name, equals: 1 } });
 * nextProduct({ products: [flag('water'), flag('power')] })
 *   .fit({ water: [1, 1, 1, 0], power: [1, 1, 0, 1] }); // scores the third customer as p_power = 2/3, nextProduct = power
 */
export function nextProduct<
  const S extends readonly Product[],
  const P extends string = 'p_',
  const N extends string = 'nextProduct',
>(
  options: NextProductOptions<S, P, N>,
): Estimator<
  NextProductModel<ProductColumns<S[number]>, Field<`${P}${S[number]['name']}`, 'number'> | Field<N, 'category'>>
> {
  type In = ProductColumns<S[number]>;
  const {
    shrinkage = 0,
    as = 'p_' as P,
    next = 'nextProduct' as N,
  } = knownOptions(options, 'nextProduct', 'products shrinkage as next');
  checkProducts(options.products);
  const products = options.products.map(
    ({ name, owned, eligible }: Product): Product => ({ name, owned, ...(eligible === undefined ? {} : { eligible }) }),
  );
  names({ next });
  if (typeof as !== 'string') fail('invalid-option', `invalid as: ${String(as)}; use a prefix`);
  if (!(shrinkage >= 0 && Number.isFinite(shrinkage)))
    fail('invalid-option', `invalid shrinkage: ${shrinkage}; use a finite number of at least 0`);
  if (products.some(({ name }) => `${as}${name}` === next))
    fail('invalid-option', `next: "${next}" is the name of a probability as well`);
  return {
    kind: nextProductKind,
    fit(data, upstream) {
      const holdings = readHoldings(data, products);
      const { known, first, both } = countPairs(holdings);
      const prevalence = products.map(({ name }, j) =>
        known[j]![j] === 0
          ? fail('all-null', `product "${name}": there is no customer who can have it and of whom it is known`)
          : both[j]![j]! / known[j]![j]!,
      );
      const conditional = products.map((_, i) =>
        prevalence.map((share, j) => {
          const base = first[i]![j]! + shrinkage;
          return base === 0 ? share : (both[i]![j]! + shrinkage * share) / base;
        }),
      );
      const rows = holdings[0]!.length;
      let nulls = 0;
      for (let row = 0; row < rows; row++) if (holdings.some((states) => states[row] === UNKNOWN_HOLDING)) nulls++;
      const unowned = products.filter((_, j) => prevalence[j] === 0);
      return {
        kind: 'nextProduct',
        version: 1,
        inputs: conditionFields(data, productConditions(products), upstream) as Field<In>[],
        outputs: [
          ...products.map(({ name }) => ({
            name: `${as}${name}` as `${P}${S[number]['name']}`,
            type: 'number' as const,
            horizon: null,
          })),
          { name: next, type: 'category' as const, levels: products.map(({ name }) => name) },
        ],
        products,
        prevalence,
        conditional,
        fit: {
          status: 'converged',
          rows,
          warnings: [
            ...(nulls > 0 ? [`a holding is unknown in ${nulls} of ${rows} rows: so is the result`] : []),
            ...unowned.map(({ name }) => `product "${name}": nobody has it, so that its probability is 0`),
          ],
        },
      };
    },
  };
}
